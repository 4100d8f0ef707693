"""Is a correction possible? Its act, its field, its new value, and what it rests on."""

from __future__ import annotations

from datetime import timedelta

from dengwen.cases.write import correction, references
from dengwen.cases.write.late_check import Entry, window
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import (
    CORRECT,
    OCCURRED,
    ActRecord,
    DutyView,
    Refusal,
    civil,
)
from dengwen.law.duties.late_entry import SECOND_PERSON, Support
from dengwen.law.duties.proposal import PROPOSAL_ACTS
from dengwen.law.packs.rules import Basis, FieldRule
from dengwen.law.packs.vocabulary import NOT_CORRECTED

SECOND_TYPES = frozenset({"date", "organ", "organs"})
"""Types of fields whose correction always needs a second person."""
FOUND_ANEW = frozenset({"inquiry", "accountability", "accountability_appeal"})
"""Kinds in which people are found responsible: no field of an act is corrected there, it is
found or decided anew."""
STATED_OF_PEOPLE = frozenset({("open_own", "party_member"), ("open_handed", "party_member")})
"""What is stated there of somebody when a file is opened, and is no finding: two people put it
right, before anything is decided on it."""
ALWAYS_SECOND = frozenset({OCCURRED})
"""Fields whose correction always needs a second person: the claimed instant of an act."""


def correction_refusals(entry: Entry, support: Support) -> list[Refusal]:
    """Return what is wrong with a correction: its act, its field, its new value, and what it rests
    on; nothing for other acts."""
    if entry.step.act != CORRECT:
        return []
    kind, basis = entry.kind, entry.rule.basis
    target = _target(entry)
    if target is None or target.act in PROPOSAL_ACTS:
        return [_no_act(basis)]
    name, declared = _field(entry, target)
    stated = (target.act, name) in STATED_OF_PEOPLE
    if name != OCCURRED:
        if declared is None or declared.type in NOT_CORRECTED:
            return [_no_field(name, basis)]
        if kind.id in FOUND_ANEW and not stated:
            return [_found_anew(basis)]
    found = _of_value(entry, target, name, declared)
    late = [] if found else _moved_late(entry, target, declared)
    lacking = late_entry.refusals(entry.rule, late, entry.today, support)
    if lacking:
        return lacking
    if (stated or _needs_second(name, declared)) and not support.second:
        found.append(_no_second(basis))
    return found


def corrected_late(entry: Entry) -> list[DutyView]:
    """Return the duties for which a correction that is possible comes late, as they stand."""
    target = _target(entry)
    if target is None:
        return []
    _name, declared = _field(entry, target)
    return _moved_late(entry, target, declared)


def _target(entry: Entry) -> ActRecord | None:
    """Return the act that a correction corrects."""
    named = entry.step.fields.get("target")
    return next((record for record in entry.records if record.id == named), None)


def _field(entry: Entry, target: ActRecord) -> tuple[str, FieldRule | None]:
    """Return the name of the field that is corrected, and how the rule of its act declares it."""
    name = str(entry.step.fields.get("field", ""))
    rule = entry.kind.acts.get(target.act)
    return name, rule.field_rule(name) if rule else None


def _of_value(
    entry: Entry, target: ActRecord, name: str, declared: FieldRule | None
) -> list[Refusal]:
    """Return what is wrong with the new value, and with whom or what it names."""
    step = correction.as_kept_step(entry.step, declared)
    stood = correction.standing(target, entry.records)
    found = correction.refusals(step, entry.kind, entry.view, stood, entry.now)
    rule = entry.kind.acts.get(target.act)
    if rule is not None:
        found += references.corrected(step, rule, name, target.organ, entry.actor, entry.call)
    return found


def _needs_second(name: str, declared: FieldRule | None) -> bool:
    """Say whether a field is corrected by two people only."""
    if name in ALWAYS_SECOND or declared is None:
        return True
    return declared.second or declared.type in SECOND_TYPES


def _no_act(basis: Basis) -> Refusal:
    return Refusal(
        "no-act",
        "被更正的行为不在本件内",
        "the act to be corrected is not in this case",
        basis,
        field="target",
    )


def _no_field(name: str, basis: Basis) -> Refusal:
    return Refusal(
        "no-field",
        f"该行为没有可以更正的“{name}”这一项",
        f"that act has no field “{name}” that can be corrected",
        basis,
        field="field",
    )


def _no_second(basis: Basis) -> Refusal:
    return Refusal(
        SECOND_PERSON,
        "更正日期、类别、机关、人数、走访形式、是否匿名、姓名住址是否清楚，须第二人同意",
        "correcting a date, class, organ, number of persons, kind of visit, or whether name and "
        "address are known needs a second person",
        basis,
        "送第二人同意：由那个人用自己的账号按",
        "put it before the second person, who presses from the own account",
        late_entry.SECOND,
    )


def _found_anew(basis: Basis) -> Refusal:
    return Refusal(
        "found-anew",
        "对人、对单位的认定和决定不能用更正改动（问责条例第二十一条；政务处分法第四十三条）",
        "what was found or decided about somebody is not changed by a correction (AC19 21; PSL 43)",
        basis,
        "认定、告知有误的，重新认定、重新告知；决定有误的，用“纠正”或者申诉",
        "find or tell anew; a wrong decision is put right by the act for it, or on appeal",
        field="field",
    )


def _moved_late(entry: Entry, target: ActRecord, declared: FieldRule | None) -> list[DutyView]:
    """Return the duties whose day or verdict a correction moves that is entered later than what it
    corrects, or after their last day: those whose day has passed first."""
    step = correction.as_kept_step(entry.step, declared)
    moved = correction.moved(step, entry.view, entry.records, entry.now, entry.call.rules)
    if not moved:
        return []
    today = entry.today
    passed = [duty for duty in moved if duty.due is not None and duty.due < today]
    days = window(entry.actor.organ, today, entry.call)
    entered = civil(target.recorded) + timedelta(days=days)
    return passed or ([] if entered >= today else moved)
