"""The Django app `petitions`."""

from __future__ import annotations

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    """信访事项."""

    name = "dengwen.petitions"
    label = "petitions"
    verbose_name = "信访事项"
