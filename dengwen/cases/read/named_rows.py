"""Organs and people as a correction names them: by code or by name where somebody types, by name
where somebody reads. What is kept is the row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from dengwen.law.bilingual import Language, words_in
from dengwen.law.packs.rules import FieldRule
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on

OF_ORGANS = frozenset({"organ", "organs"})
OF_ROWS = OF_ORGANS | {"official"}
"""Types of fields whose values are rows of the registry."""
_BETWEEN = re.compile(r"[、，,；;]")
"""What stands between several names."""


class NobodyCalledError(ValueError):
    """Nobody in the registry is called so, or several are; `word` is what was typed."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def rows_named(declared: FieldRule, text: str, day: date) -> str:
    """Return a typed value as it is kept: the rows of the organs or the person that are meant.

    Raises `NobodyCalledError` for a word that names none of them, or not one alone. Any other field
    is returned as it was typed.
    """
    if declared.type not in OF_ROWS or not text.strip():
        return text
    several = declared.type == "organs"
    words = _BETWEEN.split(text) if several else [text]
    named = [word.strip() for word in words if word.strip()]
    return ",".join(str(_row(declared.type, word, day)) for word in named)


def _row(of: str, word: str, day: date) -> int:
    """Return the row a word names: who bears it as a code, else the one who bears it as a name."""
    found = _organs_called(word, day) if of in OF_ORGANS else _people_called(word)
    if len(found) != 1:
        raise NobodyCalledError(word)
    return found[0]


def _organs_called(word: str, day: date) -> Sequence[int]:
    """Return the organs of a day with this code, else up to two of this name."""
    rows = organs_on(day).values_list("pk", flat=True)
    named = rows.filter(Q(name_zh=word) | Q(name_en__iexact=word))
    return list(rows.filter(code=word)[:2]) or list(named[:2])


def _people_called(word: str) -> Sequence[int]:
    """Return the official with this code, else up to two of this name."""
    rows = Official.objects.values_list("pk", flat=True)
    return list(rows.filter(code=word)) or list(rows.filter(name=word)[:2])


def names_of_rows(declared: FieldRule, text: str, language: Language) -> str:
    """Return the names of the rows that a value of a correction keeps; anything else as it is."""
    ids = [int(part) for part in text.split(",") if part.strip().isdecimal()]
    if declared.type not in OF_ROWS or not ids:
        return text
    names = _organs(ids, language) if declared.type in OF_ORGANS else _people(ids)
    return words_in(("、", ", "), language).join(names.get(pk, str(pk)) for pk in ids)


def _organs(ids: Iterable[int], language: Language) -> Mapping[int, str]:
    """Return organs by row, each with its name in the language of the page."""
    rows = Organ.objects.filter(pk__in=ids).values_list("pk", "name_zh", "name_en")
    return {pk: words_in((zh, en or zh), language) for pk, zh, en in rows}


def _people(ids: Iterable[int]) -> Mapping[int, str]:
    """Return people by row, each with the name."""
    return dict(Official.objects.filter(pk__in=ids).values_list("pk", "name"))
