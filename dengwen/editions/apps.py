"""The Django app `editions`."""

from __future__ import annotations

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    """Registers the tables of `editions`."""

    name = "dengwen.editions"
    label = "editions"
    default_auto_field = "django.db.models.BigAutoField"
