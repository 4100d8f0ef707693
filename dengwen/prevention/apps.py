"""The Django app `prevention`."""

from __future__ import annotations

from django.apps import AppConfig


class PreventionConfig(AppConfig):
    """源头预防."""

    name = "dengwen.prevention"
    label = "prevention"
    verbose_name = "源头预防"
