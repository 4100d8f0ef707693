"""The Django app `access`."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the tables of `access`."""

    name = "dengwen.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
