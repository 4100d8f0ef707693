"""The Django app `desk`."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """办理台."""

    name = "dengwen.desk"
    label = "desk"
    verbose_name = "办理台"
