"""A register of duties as a question: acts in, duties as counted out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dengwen.law.duties.act_record import DutyView
from dengwen.law.packs.library import Library
from dengwen.law.scenarios.played_case import PlayedCase, begin, finish, play_act
from dengwen.law.scenarios.written_days import with_days
from dengwen.law.time.terms import parse_day

KEYS = frozenset({"place", "kind", "acts", "elsewhere", "today", "given"})
"""What the facts of a register may say."""
REGISTER = "register"
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def register_answer(library: Library, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Answer which duties stand in a register (or another kind of case) after its acts, until
    `today`.

    ValueError for a word nobody knows, or where something is missing.
    """
    strange = sorted(set(raw) - KEYS)
    if strange or not isinstance(raw.get("acts"), list):
        what = strange[0] if strange else "acts"
        known = "、".join(sorted(KEYS))
        raise ValueError(f"缺少或者不认识“{what}”，可写：{known} / missing or unknown: {what}")
    try:
        entry = with_days({"kind": REGISTER, **raw})
        for key in ("acts", "elsewhere"):
            entry[key] = [_with_dates(act) for act in entry.get(key, ())]
        case = begin(library, entry)
        failures = [wrong for act in entry["acts"] if (wrong := play_act(case, act))]
        failures += finish(case, entry)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"写法不对：{error!r} / not written as a case is: {error!r}") from None
    duties = case.view().duties
    steps = [{"zh": wrong, "en": wrong} for wrong in failures]
    for duty in duties:
        steps += _steps(case, duty)
    return {
        "duties": [_duty(case, duty) for duty in duties],
        "failures": failures,
        "trace": steps,
    }


def _with_dates(act: Mapping[str, Any]) -> dict[str, Any]:
    """Return an act in which texts that are a day are days: JSON has none of its own."""
    return {name: _as_day(value) for name, value in act.items()}


def _as_day(value: object) -> object:
    if isinstance(value, str) and DAY.fullmatch(value):
        return parse_day(value)
    return value


def _duty(case: PlayedCase, duty: DutyView) -> dict[str, Any]:
    """Return one duty as plain data."""
    basis = duty.rule.basis
    return {
        "duty": duty.rule.id,
        "zh": duty.rule.zh,
        "en": duty.rule.en,
        "holder": case.cast.name(duty.holder),
        "official": case.cast.name(duty.official),
        "state": duty.state,
        "due": duty.due,
        "met": duty.timeliness,
        "law": basis.law,
        "article": basis.article,
        "verified": basis.verified,
    }


def _steps(case: PlayedCase, duty: DutyView) -> list[dict[str, Any]]:
    """Return how a duty was counted, with its rule."""
    rule = duty.rule
    instruments = next(reversed(case.books.values())).instruments
    who = case.cast.name(duty.official) or case.cast.name(duty.holder)
    head = {
        "zh": f"{who}：{rule.zh}，{duty.state}，到期 {duty.due or '—'}",
        "en": f"{who}: {rule.en}, {duty.state}, due {duty.due or '—'}",
        "cite_zh": rule.basis.cite(instruments),
        "cite_en": rule.basis.cite(instruments, "en"),
    }
    counted = duty.counted.trace if duty.counted else ()
    return [head, *({"zh": line.zh, "en": line.en} for line in counted)]
