"""Is a step a late entry, and for which duties? Read from the case as it would stand after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dengwen.cases.models import Case
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.own_paper import DIGEST
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
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.fold import derive
from dengwen.law.duties.late_entry import Support
from dengwen.law.duties.step import Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, KindRule

WINDOW = "late_entry.days"
"""The local setting that says how many days after the claimed day an entry is no late one. Never
law."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A step about to be entered: in which case, as it stands under which rules, by whom and when,
    within which call."""

    step: Step
    case: Case
    view: CaseView
    records: Sequence[ActRecord]
    book: Rulebook
    actor: Actor
    now: datetime
    call: CallContext

    @property
    def kind(self) -> KindRule:
        """The procedure of the case."""
        return self.book.kind(self.case.kind)

    @property
    def rule(self) -> ActRule:
        """The rule of the step."""
        return self.kind.acts[self.step.act]

    @property
    def today(self) -> date:
        """The day of the entry."""
        return civil(self.now)

    @property
    def claimed(self) -> date:
        """The day on which the step is said to have been done."""
        return civil(self.step.occurred_at or self.now)


def late_duties(entry: Entry, *, foresee: bool = True) -> list[DutyView]:
    """Return the duties for which a step is a late entry: whatever it opens, moves, hands on, ends
    or voids, read from the case as it would stand after it (`foresee`: nothing else is wrong with
    it).

    The first act of a case is none: a registration never waits for anybody.
    """
    step, view, kind, rule = entry.step, entry.view, entry.kind, entry.rule
    if step.act == CORRECT or step.imported or not entry.records or rule.by == late_entry.SYSTEM:
        return []
    today, claimed = entry.today, entry.claimed
    days = window(entry.actor.organ, today, entry.call)
    found = late_entry.touched(kind, rule, view, step.fields, claimed, today, days)
    if found or not foresee:
        return found
    if claimed >= today and not _says_earlier(kind, rule, step, today):
        return []
    after = _as_it_would_stand(entry)
    touched = late_entry.changed(rule, view, after)
    if claimed < today and late_entry.is_late(touched, claimed, today, days):
        return touched
    return late_entry.dated_late(rule, step.fields, view, after, today, days)


def _as_it_would_stand(entry: Entry) -> CaseView:
    """Return the case with the step as its last act."""
    step, rules = entry.step, entry.call.rules
    asked = ActRecord(
        id=entry.records[-1].id + 1,
        act=step.act,
        occurred=step.occurred_at or entry.now,
        recorded=entry.now,
        organ=entry.actor.organ,
        actor=entry.actor.user,
        data=dict(step.fields),
    )
    return derive(
        entry.case.kind,
        [*entry.records, asked],
        lambda row: rules.by_row(row) if row else entry.book,
        rules.calendars(),
    )


def _says_earlier(kind: KindRule, rule: ActRule, step: Step, today: date) -> bool:
    """Say whether a step names an earlier day from which the time of a duty runs that it opens."""
    opened = (duty for duty in kind.duties.values() if rule.id in duty.opens)
    said = (late_entry.said_day(duty, step.fields) for duty in opened)
    return any(day is not None and day < today for day in said)


def late_effect(entry: Entry, support: Support) -> list[Refusal]:
    """What follows from an act that was asked for is a late entry where it moves or ends what
    somebody owes in another case."""
    step, rule, today = entry.step, entry.rule, entry.today
    if step.act == CORRECT or step.imported:
        return []
    days = window(entry.actor.organ, today, entry.call)
    late = late_entry.touched(entry.kind, rule, entry.view, step.fields, entry.claimed, today, days)
    return late_entry.refusals(rule, late, today, support)


def window(organ: int | None, day: date, call: CallContext) -> int:
    """Return the days after the claimed day within which an entry is no late one: a local
    setting, 0 without it."""
    row = call.rules.local_settings(WINDOW).on(WINDOW, organ, day)
    return int(row.value) if row is not None and row.value.isdigit() else 0


def support_of(step: Step, *, seconded: bool) -> Support:
    """Return what a step brings for a late entry; a correction states its reason and paper in
    fields of its own. A reason that shows nothing is none, and a paper is named by its digest."""
    reason, paper = step.late_reason, step.paper
    if step.act == CORRECT:
        reason = reason or step.texts.get("reason", "")
        paper = paper or str(step.fields.get("paper") or "")
    named = DIGEST.fullmatch(paper) is not None
    return Support(reason=not is_blank(reason), paper=named, second=seconded)
