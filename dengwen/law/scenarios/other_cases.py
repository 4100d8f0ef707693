"""Acts in other cases as a scenario of a register writes them: `elsewhere = [{kind = …, at = …,
act = …, by = …}]`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from dengwen.law.duties.act_record import civil
from dengwen.law.duties.recurrence import LEADER, Deed
from dengwen.law.packs.library import Rulebook

ELSEWHERE_KEYS = {"kind", "at", "act", "by", "entered"}
"""What every act elsewhere says; all other keys are fields of the act."""


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
        day = civil(instant(raw["at"]))
        entered = civil(instant(raw.get("entered", raw["at"])))
        given = {k: v for k, v in raw.items() if k not in ELSEWHERE_KEYS}
        rules = book(day).kinds.get(raw["kind"])
        act = rules.acts.get(raw["act"]) if rules else None
        if rules is not None and (act is None or {*given} - {f.name for f in act.fields}):
            wrong.append(
                f"{raw['kind']}.{raw['act']}: 没有这样的行为或者项 / no such act or field: {sorted(given)}"
            )
        data = {k: id_of(v) if k == LEADER else v for k, v in given.items()}
        deeds.append(Deed(number, raw["kind"], raw["act"], day, entered, id_of(raw["by"]), data))
    return deeds, wrong
