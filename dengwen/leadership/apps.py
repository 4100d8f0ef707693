"""The Django app `leadership`."""

from __future__ import annotations

from django.apps import AppConfig


class LeadershipConfig(AppConfig):
    """领导责任."""

    name = "dengwen.leadership"
    label = "leadership"
    verbose_name = "领导责任"
