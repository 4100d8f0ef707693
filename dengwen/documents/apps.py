"""The Django app `documents`."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the tables, templates and the print stylesheet of `documents`."""

    name = "dengwen.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
