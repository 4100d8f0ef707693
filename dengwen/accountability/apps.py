"""The Django app `accountability`."""

from __future__ import annotations

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    """责任追究."""

    name = "dengwen.accountability"
    label = "accountability"
    verbose_name = "责任追究"
