"""Acts in other cases as a scenario of a register writes them: `elsewhere = [{kind = …, at = …,
act = …, by = …}]`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dengwen.law.duties.act_record import civil
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.recurrence import LEADER, Deed
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.vocabulary import TEXT_TYPES

ELSEWHERE_KEYS = {"kind", "at", "act", "by", "entered", "case", "opening"}
"""What every act elsewhere says, with the number of its case and the fields of the act that opened
it, where that matters; all other keys are fields of the act."""


def deeds_of(
    raws: Iterable[Mapping[str, Any]],
    book: Callable[[date], Rulebook],
    id_of: Callable[[str], int],
    instant: Callable[[Any], datetime],
) -> tuple[list[Deed], list[str]]:
    """Return the deeds, and what is wrong with them: acts and fields that the rules of their day
    do not know."""
    deeds, wrong = [], []
    for number, raw in enumerate(raws, 1):
        given = _given(raw)
        kind, act, day = raw["kind"], raw["act"], civil(instant(raw["at"]))
        if not _is_known(book(day), kind, act, given):
            wrong.append(
                f"{kind}.{act}: 没有这样的行为或者项 / no such act or field: {sorted(given)}"
            )
        entered = civil(instant(raw.get("entered", raw["at"])))
        data = _data_of(given, id_of)
        worded = _is_worded(book(day), kind, act, given)
        deed = Deed(number, kind, act, day, entered, id_of(raw["by"]), data, worded)
        deeds.append(replace(deed, case=raw.get("case", 0), opening=raw.get("opening", {})))
    return deeds, wrong


def _given(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an act as a scenario writes them."""
    return {name: value for name, value in raw.items() if name not in ELSEWHERE_KEYS}


def _data_of(given: Mapping[str, Any], id_of: Callable[[str], int]) -> dict[str, Any]:
    """Return the fields of an act elsewhere; the leader it names becomes a number."""
    return {name: id_of(value) if name == LEADER else value for name, value in given.items()}


def _is_known(book: Rulebook, kind: str, act: str, fields: Iterable[str]) -> bool:
    """Say whether the rules know an act with these fields; a kind they do not know may be any."""
    rules = book.kinds.get(kind)
    if rules is None:
        return True
    rule = rules.acts.get(act)
    return rule is not None and {*fields} <= {field.name for field in rule.fields}


def _is_worded(book: Rulebook, kind: str, act: str, given: Mapping[str, Any]) -> bool:
    """Say whether anything was written with an act: a text that is not blank."""
    rules = book.kinds.get(kind)
    rule = rules.acts.get(act) if rules else None
    texts = {one.name for one in rule.fields if one.type in TEXT_TYPES} if rule else set()
    return any(not is_blank(str(value)) for name, value in given.items() if name in texts)
