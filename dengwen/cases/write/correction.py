"""Corrections: the new value is checked like any other, the old one stated, and the breaches
they touch named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dengwen.cases.act_records import view_of
from dengwen.cases.rulebooks import Rules
from dengwen.law.duties.act_record import (
    CORRECT,
    OCCURRED,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    civil,
    fact_text,
)
from dengwen.law.duties.corrected_acts import corrected, instant_of
from dengwen.law.duties.corrected_value import as_kept
from dengwen.law.duties.field_values import MAX_WORD, value_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.duties.step_fields import value_refusals
from dengwen.law.packs.rules import FieldRule, KindRule
from dengwen.law.time.terms import EARLIEST

NEW, OLD, BREACHES = "new", "old", "breaches"
"""The value as it is to be, the one that stood, and the places in the case of the breaches a
correction touches: the last two are stated by the door."""
KEPT = frozenset({"D2", "D4", "D7"})
"""Classes whose value is not written down a second time."""


def standing(target: ActRecord, records: Sequence[ActRecord]) -> ActRecord:
    """Return an act with the corrections it has had so far."""
    return next(act for act in corrected(records) if act.id == target.id)


def as_kept_step(step: Step, declared: FieldRule | None) -> Step:
    """Return a correction with its new value as it is kept: codes for words, days in ISO form."""
    new = step.fields.get(NEW)
    if not isinstance(new, str):
        return step
    of = None if step.fields.get("field") == OCCURRED else declared
    return replace(step, fields={**step.fields, NEW: as_kept(of, new)})


def refusals(
    step: Step, kind: KindRule, view: CaseView, target: ActRecord, now: datetime
) -> list[Refusal]:
    """Return what is wrong with the new and the old value of a correction of `target` as it
    stands."""
    name, basis = str(step.fields.get("field", "")), kind.acts[CORRECT].basis
    found = (
        _moved(step, kind, now) if name == OCCURRED else _given(step, kind, view, target, name, now)
    )
    said, stands = step.fields.get(OLD), _text(target, name)
    declared = kind.acts[target.act].field_rule(name) if target.act in kind.acts else None
    as_said = as_kept(None if name == OCCURRED else declared, str(said or ""))
    if as_said and as_said.casefold() != stands.casefold():
        zh, en = f"原值不是“{said}”", f"the old value is not “{said}”"
        mend = "填写现在的值，或者留空", "state what stands now, or leave it empty"
        found.append(Refusal("old-value", zh, en, basis, *mend, OLD))
    return found


def _text(target: ActRecord, name: str) -> str:
    value = target.day if name == OCCURRED else target.data.get(name)
    return "" if value is None else fact_text(value)


def _moved(step: Step, kind: KindRule, now: datetime) -> list[Refusal]:
    text, basis = str(step.fields.get("new", "")), kind.acts[CORRECT].basis
    try:
        instant = instant_of(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        return [_not_a(text, "日期", "a date", kind)]
    if not EARLIEST <= civil(instant) <= civil(now):
        zh, en = (
            f"发生时间{civil(instant)}不在{EARLIEST}至今天之间",
            f"{civil(instant)} is not between {EARLIEST} and today",
        )
        return [Refusal("future", zh, en, basis, field="new")]
    return []


def _given(
    step: Step, kind: KindRule, view: CaseView, target: ActRecord, name: str, now: datetime
) -> list[Refusal]:
    rule = kind.acts[target.act]
    declared, text = rule.field_rule(name), str(step.fields.get("new", ""))
    if declared is None:
        return []
    try:
        value = value_of(declared, text)
    except ValueError:
        return [_not_a(text, declared.zh, f"a value of “{declared.en}”", kind)]
    if isinstance(value, date) and value < EARLIEST:
        zh, en = (
            f"“{declared.zh}”不得早于{EARLIEST}",
            f"“{declared.en}” must not be before {EARLIEST}",
        )
        return [Refusal("too-early", zh, en, rule.basis, field="new")]
    day = target.day if declared.from_today else civil(now)
    data: Mapping[str, FieldValue] = {**target.data, name: value}
    return [_at_new(why) for why in value_refusals(rule, view, data, name, day)]


def _at_new(why: Refusal) -> Refusal:
    """Return a refusal as it stands at the new value; the mend of the act corrected goes with a
    cap only, of which it speaks."""
    mend = (why.remedy_zh, why.remedy_en) if why.code == "cap" else ("", "")
    return replace(why, field=NEW, remedy_zh=mend[0], remedy_en=mend[1])


def _not_a(text: str, zh: str, en: str, kind: KindRule) -> Refusal:
    return Refusal(
        "field-type",
        f"“{text}”不是{zh}",
        f"“{text}” is not {en}",
        kind.acts[CORRECT].basis,
        field="new",
    )


def stated(
    step: Step,
    kind: KindRule,
    records: Sequence[ActRecord],
    view: CaseView,
    now: datetime,
    rules: Rules,
) -> Step:
    """Return a correction with the value as it stood and the breaches it touches, where its rule
    has room for them."""
    rule = kind.acts[CORRECT]
    target = next((act for act in corrected(records) if act.id == step.fields.get("target")), None)
    if target is None:
        return step
    name = str(step.fields.get("field", ""))
    of = kind.acts.get(target.act)
    declared = of.field_rule(name) if of else None
    step = as_kept_step(step, declared)
    fields = dict(step.fields)
    if (
        rule.field_rule(OLD)
        and not fields.get(OLD)
        and not (declared and declared.data_class in KEPT)
    ):
        fields[OLD] = _text(target, name)[:MAX_WORD]
    if rule.field_rule(BREACHES):
        fields.pop(BREACHES, None)
        if touched := _touched(step, records, view, now, rules):
            fields[BREACHES] = tuple(map(str, touched))
    return replace(step, fields=fields)


def _touched(
    step: Step, records: Sequence[ActRecord], view: CaseView, now: datetime, rules: Rules
) -> list[int]:
    """Return the places in the case of breaches whose duty counts otherwise, or is gone, once
    the correction stands."""
    if all(duty.breach is None for duty in view.duties):
        return []
    places = {act.id: place for place, act in enumerate(records, 1)}
    found = moved(step, view, records, now, rules)
    return sorted(places[duty.breach] for duty in found if duty.breach in places)


def moved(
    step: Step, view: CaseView, records: Sequence[ActRecord], now: datetime, rules: Rules
) -> list[DutyView]:
    """Return the duties, as they stand, whose day or verdict is another once a correction entered
    `now` stands.

    Those it makes vanish are among them, and those it makes appear.
    """
    last = records[-1]
    mended = replace(
        last,
        id=last.id + 1,
        act=CORRECT,
        occurred=now,
        recorded=now,
        data=dict(step.fields),
        duty="",
        opened_by=None,
    )
    before = {(d.rule.id, d.opened_by): d for d in view.duties}
    as_mended = view_of(view.kind, [*records, mended], rules=rules)
    after = {(d.rule.id, d.opened_by): d for d in as_mended.duties}
    found = [
        duty
        for key, duty in before.items()
        if key not in after or _counts(duty) != _counts(after[key])
    ]
    return found + [duty for key, duty in after.items() if key not in before]


def _counts(duty: DutyView) -> tuple[object, ...]:
    return duty.start, duty.due, duty.claimed_due, duty.state, duty.closed_on, duty.timeliness


def of_breaches(records: Sequence[ActRecord]) -> dict[int, list[ActRecord]]:
    """Return by the id of each breach the corrections that name it, in the order they were
    recorded."""
    found: dict[int, list[ActRecord]] = {}
    for act in records:
        named = act.data.get(BREACHES) if act.act == CORRECT else None
        for place in named if isinstance(named, tuple) else ():
            found.setdefault(records[int(place) - 1].id, []).append(act)
    return found
