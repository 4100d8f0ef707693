"""The Django app `cases`."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """办理."""

    name = "dengwen.cases"
    label = "cases"
    verbose_name = "办理"
