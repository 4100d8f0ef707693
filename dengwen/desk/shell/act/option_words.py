"""The options of a field in words, one by one and all of them."""

from __future__ import annotations

from dengwen.law.bilingual import Language, words_in
from dengwen.law.packs.rules import FieldRule


def option_words(asked: FieldRule | None, value: object, language: Language) -> str:
    """Return an option of a field in words, "" where the field has no such option."""
    names = asked.option_names.get(str(value)) if asked is not None else None
    return words_in(names, language) if names is not None else ""


def option_pairs(asked: FieldRule | None, language: Language) -> list[tuple[str, str]]:
    """Return the options of a field with their words, in the order of its rule."""
    if asked is None:
        return []
    return [(option, option_words(asked, option, language)) for option in asked.options]
