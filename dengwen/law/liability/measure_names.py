"""What measures are called: whether a name is that of a measure some rule knows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from dengwen.law.liability.stated_rules import Liability, MeasureRule

LEAST = 2
"""Characters of a name that can be part of the name of a measure; one alone says nothing."""
BRACKETS = ("（", " (")
"""What begins the part of a name that says by whom."""
HONOURS = ("综合性荣誉", "荣誉称号", "comprehensivehono")
"""How the honours that a rung cancels are called, bare."""


def bare_name(name: str) -> str:
    """Return a name without marks, blanks and forms of writing, for comparing."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in plain if character.isalnum())


def listed_as(rules: Liability, name: str) -> MeasureRule | None:
    """Return the measure that a name is, in longer or shorter words; None where it is none."""
    said = bare_name(name)
    for rule in rules.measures.values():
        if any(known in said or (len(said) >= LEAST and said in known) for known in _names(rule)):
            return rule
    return None


def names_honours(rules: Liability, name: str) -> bool:
    """Say whether a name is about the honours that a rung of this place cancels."""
    said = bare_name(name)
    return bool(rules.honours) and any(known in said for known in HONOURS)


def _names(rule: MeasureRule) -> Iterator[str]:
    """Yield the names of a measure, bare: whole, and without who gives it."""
    for name, bracket in zip((rule.zh, rule.en), BRACKETS, strict=True):
        yield bare_name(name)
        yield bare_name(name.split(bracket)[0])
