"""Is a correction possible? Its act, its field, its new value, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dengwen.cases.write import correction, references
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.late_check import window
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import (
    CORRECT,
    OCCURRED,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    civil,
)
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.late_entry import SECOND_PERSON, Support
from dengwen.law.duties.proposal import PROPOSAL_ACTS
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import Basis, FieldRule, KindRule
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


def correction_refusals(
    step: Step,
    kind: KindRule,
    records: Sequence[ActRecord],
    actor: Actor,
    view: CaseView,
    now: datetime,
    call: CallContext,
    support: Support,
) -> list[Refusal]:
    """Return what is wrong with a correction: its act, its field, its new value, and what it rests
    on; nothing for other acts."""
    if step.act != CORRECT:
        return []
    target = next((r for r in records if r.id == step.fields.get("target")), None)
    name = str(step.fields.get("field", ""))
    basis = kind.acts[CORRECT].basis
    if target is None or target.act in PROPOSAL_ACTS:
        return [_no_act(basis)]
    rule = kind.acts.get(target.act)
    declared = rule.field_rule(name) if rule else None
    if name != OCCURRED:
        if declared is None or declared.type in NOT_CORRECTED:
            return [_no_field(name, basis)]
        if kind.id in FOUND_ANEW and (target.act, name) not in STATED_OF_PEOPLE:
            return [_found_anew(basis)]
    step = correction.as_kept_step(step, declared)
    found = correction.refusals(step, kind, view, correction.standing(target, records), now)
    if rule is not None:
        found += references.corrected(step, rule, name, target.organ, actor, call)
    late = (
        []
        if found
        else _corrected_late(step, kind, records, target, actor, view, now, call, support)
    )
    if late:
        return late
    stated = (target.act, name) in STATED_OF_PEOPLE
    if (stated or _needs_second(name, declared)) and not support.second:
        found.append(_no_second(basis))
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


def _corrected_late(
    step: Step,
    kind: KindRule,
    records: Sequence[ActRecord],
    target: ActRecord,
    actor: Actor,
    view: CaseView,
    now: datetime,
    call: CallContext,
    support: Support,
) -> list[Refusal]:
    """A correction entered later that moves a day, a verdict or a duty rests on its paper and a
    second person."""
    late = _moved_late(step, records, target, actor, view, now, call)
    return late_entry.refusals(kind.acts[CORRECT], late, civil(now), support)


def corrected_late(
    step: Step,
    kind: KindRule,
    records: Sequence[ActRecord],
    actor: Actor,
    view: CaseView,
    now: datetime,
    call: CallContext,
) -> list[DutyView]:
    """Return the duties for which a correction that is possible comes late, as they stand."""
    target = next((r for r in records if r.id == step.fields.get("target")), None)
    if target is None:
        return []
    rule = kind.acts.get(target.act)
    declared = rule.field_rule(str(step.fields.get("field", ""))) if rule else None
    step = correction.as_kept_step(step, declared)
    return _moved_late(step, records, target, actor, view, now, call)


def _moved_late(
    step: Step,
    records: Sequence[ActRecord],
    target: ActRecord,
    actor: Actor,
    view: CaseView,
    now: datetime,
    call: CallContext,
) -> list[DutyView]:
    """Return the duties whose day or verdict a correction moves that is entered later than what it
    corrects, or after their last day: those whose day has passed first."""
    today = civil(now)
    moved = correction.moved(step, view, records, now, call.rules)
    if not moved:
        return []
    passed = [duty for duty in moved if duty.due is not None and duty.due < today]
    entered = civil(target.recorded) + timedelta(days=window(actor.organ, today, call))
    return passed or ([] if entered >= today else moved)
