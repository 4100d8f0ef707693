"""The Django app `assessment`."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """考核."""

    name = "dengwen.assessment"
    label = "assessment"
    verbose_name = "考核"
