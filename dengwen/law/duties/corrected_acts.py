"""Corrections applied: each act as the corrections that name it say it was.

Nothing is overwritten: the act and its correction both stay on record, and this is how they are
read together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from dengwen.law.duties.act_record import CHINA, CORRECT, OCCURRED, ActRecord
from dengwen.law.duties.step import FieldValue


def corrected(acts: Sequence[ActRecord]) -> list[ActRecord]:
    """Return the acts with every recorded correction applied to the act it names; the
    corrections stay in the list."""
    by_id = {act.id: act for act in acts}
    for act in acts:
        if act.act != CORRECT:
            continue
        target, new = act.data.get("target"), act.data.get("new")
        if isinstance(target, int) and target in by_id and new is not None:
            by_id[target] = _with(by_id[target], str(act.data.get("field", "")), new)
    return [by_id[act.id] for act in acts]


def _with(act: ActRecord, name: str, new: FieldValue) -> ActRecord:
    """Return an act with one field, or its instant, put right."""
    if name == OCCURRED:
        return replace(act, occurred=instant_of(new))
    return replace(act, data={**act.data, name: _like(act.data.get(name), new)})


def instant_of(value: FieldValue) -> datetime:
    """Return the instant a corrected day stands for: noon in China of that civil date, or the
    instant itself."""
    if isinstance(value, datetime):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    if len(text) > len("2025-01-31"):
        return datetime.fromisoformat(text)
    return datetime.combine(date.fromisoformat(text), time(12), CHINA)


def _like(old: FieldValue | None, new: FieldValue) -> FieldValue:
    """Give a corrected value, which is stored as text, the type of the value it replaces."""
    text = str(new)
    if isinstance(old, bool):
        return text == "true"
    if isinstance(old, int):
        return int(text)
    if isinstance(old, date) and not isinstance(old, datetime):
        return date.fromisoformat(text)
    if isinstance(old, tuple):
        items = [item for item in text.split(",") if item]
        numbers = all(isinstance(item, int) for item in old)
        return tuple(map(int, items)) if numbers else tuple(items)
    if old is None and _DAY.fullmatch(text):  # a day that was left out before
        return date.fromisoformat(text)
    return new


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
