"""Is a step a late entry, and for which duties? Read from the case as it would stand after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dengwen.cases.models import Case
from dengwen.cases.write.call_context import CallContext
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import (
    CORRECT,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    civil,
)
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.fold import derive
from dengwen.law.duties.late_entry import Support
from dengwen.law.duties.step import Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, KindRule

WINDOW = "late_entry.days"
"""The local setting that says how many days after the claimed day an entry is no late one. Never
law."""


def late_duties(
    step: Step,
    rule: ActRule,
    case: Case,
    view: CaseView,
    records: Sequence[ActRecord],
    book: Rulebook,
    actor: Actor,
    now: datetime,
    call: CallContext,
    *,
    foresee: bool = True,
) -> list[DutyView]:
    """Return the duties for which a step is a late entry: whatever it opens, moves, hands on, ends
    or voids, read from the case as it would stand after it (`foresee`: nothing else is wrong with
    it).

    The first act of a case is none: a registration never waits for anybody.
    """
    if step.act == CORRECT or step.imported or not records or rule.by == late_entry.SYSTEM:
        return []
    today, kind = civil(now), book.kind(case.kind)
    claimed = civil(step.occurred_at or now)
    days = window(actor.organ, today, call)
    found = late_entry.touched(kind, rule, view, step.fields, claimed, today, days)
    if found or not foresee:
        return found
    if claimed >= today and not _says_earlier(kind, rule, step, today):
        return []
    asked = ActRecord(
        id=records[-1].id + 1,
        act=step.act,
        occurred=step.occurred_at or now,
        recorded=now,
        organ=actor.organ,
        actor=actor.user,
        data=dict(step.fields),
    )
    after = derive(
        case.kind,
        [*records, asked],
        lambda row: call.rules.by_row(row) if row else book,
        call.rules.calendars(),
    )
    touched = late_entry.changed(rule, view, after)
    if claimed < today and late_entry.is_late(touched, claimed, today, days):
        return touched
    return late_entry.dated_late(rule, step.fields, view, after, today, days)


def _says_earlier(kind: KindRule, rule: ActRule, step: Step, today: date) -> bool:
    """Say whether a step names an earlier day from which the time of a duty runs that it opens."""
    opened = (duty for duty in kind.duties.values() if rule.id in duty.opens)
    said = (late_entry.said_day(duty, step.fields) for duty in opened)
    return any(day is not None and day < today for day in said)


def late_effect(
    step: Step,
    rule: ActRule,
    kind: KindRule,
    view: CaseView,
    actor: Actor,
    now: datetime,
    call: CallContext,
    support: Support,
) -> list[Refusal]:
    """What follows from an act that was asked for is a late entry where it moves or ends what
    somebody owes in another case."""
    if step.act == CORRECT or step.imported:
        return []
    today = civil(now)
    claimed = civil(step.occurred_at or now)
    days = window(actor.organ, today, call)
    late = late_entry.touched(kind, rule, view, step.fields, claimed, today, days)
    return late_entry.refusals(rule, late, today, support)


def window(organ: int | None, day: date, call: CallContext) -> int:
    """Return the days after the claimed day within which an entry is no late one: a local
    setting, 0 without it."""
    row = call.rules.local_settings(WINDOW).on(WINDOW, organ, day)
    return int(row.value) if row is not None and row.value.isdigit() else 0


def support_of(step: Step, *, seconded: bool) -> Support:
    """Return what a step brings for a late entry; a correction states its reason and paper in
    fields of its own."""
    reason = step.late_reason or (step.act == CORRECT and step.texts.get("reason", ""))
    paper = step.paper or (step.act == CORRECT and step.fields.get("paper"))
    return Support(reason=bool(reason), paper=bool(paper), second=seconded)
