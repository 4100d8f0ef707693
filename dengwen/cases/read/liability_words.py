"""Measures and circumstances of accountability, which acts keep as ids, in words people read.

The words are those in force on the day of the act, at the place of its case (`law.liability`).
"""

from __future__ import annotations

from datetime import date

from dengwen.cases import rulebooks
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.step import FieldValue
from dengwen.law.liability import conduct_words
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.law.packs.rules import FieldRule, KindRule

MEASURES = frozenset({"measure", "measures", "instead"})
SITUATIONS = frozenset({"situations", "trigger"})
ELEMENT = "element"
NAMED_ELEMENTS = conduct_words.CONDUCTS | conduct_words.ELEMENTS
BETWEEN_WORDS = ("、", ", ")
"""What stands between the words of a list, in Chinese and in English."""
KINDS = frozenset(
    {"lead", "inquiry", "accountability", "accountability_appeal", "personnel_notice"}
)


def liability_words(
    kind: KindRule, field: FieldRule, value: FieldValue, day: date, place: str, language: Language
) -> str:
    """Return the words for ids in a field of accountability, or "" for every other field.

    A code that another act of the kind names with its options (where it was chosen) is said as
    there. Papers ask in their own language, so `language` may differ from that of the page.
    """
    if kind.id not in KINDS or field.type not in ("word", "words") or field.option_names:
        return ""
    rules = in_force(rulebooks.library(), day, place)
    chosen = value if isinstance(value, tuple) else (value,)
    found = [_one(kind, field, str(one), rules, language) for one in chosen]
    return words_in(BETWEEN_WORDS, language).join(found) if all(found) else ""


def _one(kind: KindRule, field: FieldRule, text: str, rules: Liability, language: Language) -> str:
    """Return the words for one id, "" where nothing names it."""
    measure = rules.measure(text) if field.name in MEASURES else None
    if measure is not None:
        return words_in(measure, language)
    if field.name == ELEMENT and text in NAMED_ELEMENTS:
        return words_in(NAMED_ELEMENTS[text], language)
    if field.name in SITUATIONS and text in rules.triggers:
        return rules.triggers[text].basis.cite(rules.instruments, language)
    for act in kind.acts.values():
        for other in act.fields:
            if other.name == field.name and text in other.option_names:
                return words_in(other.option_names[text], language)
    return ""
