"""The options of a field in words, and as choices of a form."""

from __future__ import annotations

from dengwen.law.bilingual import Language, words_in
from dengwen.law.packs.rules import FieldRule
from dengwen.ui.components import Choice


def option_words(asked: FieldRule | None, value: object, language: Language) -> str:
    """Return an option of a field in words, "" where the field has no such option."""
    names = asked.option_names.get(str(value)) if asked is not None else None
    return words_in(names, language) if names is not None else ""


def option_choices(asked: FieldRule | None, chosen: str, language: Language) -> tuple[Choice, ...]:
    """Return the options of a field to choose from, in the order of its rule."""
    if asked is None:
        return ()
    return tuple(
        Choice(option, option_words(asked, option, language), option == chosen)
        for option in asked.options
    )
