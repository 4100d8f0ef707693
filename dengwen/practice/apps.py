"""The Django app `practice`."""

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """演练."""

    name = "dengwen.practice"
    label = "practice"
    verbose_name = "演练"
