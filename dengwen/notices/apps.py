"""The Django app `notices`."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the outbox."""

    name = "dengwen.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
