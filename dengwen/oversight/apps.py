"""The Django app `oversight`."""

from __future__ import annotations

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """督查督办."""

    name = "dengwen.oversight"
    label = "oversight"
    verbose_name = "督查督办"
