"""The Django app `organs`."""

from __future__ import annotations

from django.apps import AppConfig


class OrgansConfig(AppConfig):
    """Registers the tables of `organs`."""

    name = "dengwen.organs"
    label = "organs"
    default_auto_field = "django.db.models.BigAutoField"
