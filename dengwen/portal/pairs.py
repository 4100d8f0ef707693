"""Words of the portal in pairs: Chinese first, English beside it, so that neither can be
forgotten."""

from __future__ import annotations

from django.utils.translation import get_language

from dengwen.law.bilingual import Language
from dengwen.ui.dates import language_of


def language() -> Language:
    """Return the language of the page being answered."""
    return language_of(get_language())


def said(zh: str, en: str) -> str:
    """Return the text in the language of the page."""
    return zh if language() == "zh" else en
