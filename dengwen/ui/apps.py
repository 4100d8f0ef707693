"""The Django app `face`: templates, style and translations, no tables."""

from __future__ import annotations

from django.apps import AppConfig


class FaceConfig(AppConfig):
    """Lets Django find the templates, the static files and the English texts of the shared face."""

    name = "dengwen.ui"
    label = "face"
