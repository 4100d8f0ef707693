"""Facts that rest on duties: in time or not, suggestions answered, objections, what still waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dengwen.assessment.facts.duty_facts import (
    COLUMNS,
    Draw,
    DutyRow,
    duties,
    ended,
    judged,
    read,
)
from dengwen.assessment.facts.entry_modes import entry_mode
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.cases.models import Duty
from dengwen.law.duties.act_record import OPEN, VOID
from dengwen.law.duties.excuse import known_in_time


@dataclass(frozen=True, slots=True)
class TimedRule:
    """A duty with a day: which kind of fact it makes, in which slot, and the sort it bears."""

    rule: str
    kind: str
    slot: int
    case: str = "petition"
    sort: str = ""


TIMED = (
    TimedRule("sort", "registration", 1),
    TimedRule("sort_again", "registration", 2, sort="again"),
    TimedRule("direct_notice", "notification", 3),
    TimedRule("notify_transferred", "notification", 4),
    TimedRule("direct_again", "notification", 5, sort="again"),
    TimedRule("handle", "conclusion", 6),
    TimedRule("review_decide", "conclusion", 7, "review", "review"),
    TimedRule("recheck_decide", "conclusion", 8, "recheck", "recheck"),
    TimedRule("perform_or_answer", "conclusion", 9, sort="31(5)"),
)
"""Duties that are in time, late, missed or open, by the day on which they fall due."""
EXECUTE, FEEDBACK, OBJECT, BACKLOG, LEADER = (20, 21, 22, 24, 25)
"""Slots of the other facts that rest on a duty."""
DONE = {"in_time": "done"}
SUGGESTED = {"adopted": "adopted", "partly": "partly", "not": "refused"}


def timed(asked: Draw, rule: TimedRule) -> Iterator[Fact]:
    """Yield the duties of a rule that fell due in the period."""
    later = ended(asked)
    rows = duties(asked, rule.rule, rule.case, "opened_by__data").filter(
        due__gte=asked.first, due__lte=asked.last
    )
    for duty, (opening,) in read(rows):
        verdict = judged(duty, later)
        if verdict is None:
            continue
        outcome, entered = verdict
        channel = str(opening.get("channel", "")) if rule.kind == "registration" else ""
        yield duty.fact(
            rule.slot, rule.kind, duty.due, outcome, entered, sort=rule.sort, channel=channel
        )


def of_leaders(asked: Draw) -> Iterator[Fact]:
    """Yield the duties of officials in person that fell due in the period; `sort` is the rule."""
    later = ended(asked)
    rows = (
        Duty.objects.filter(
            asked.sealed("opened_by__uid"),
            asked.whose("holder"),
            asked.resting("opened_by"),
            case__kind="register",
            official__isnull=False,
            due__gte=asked.first,
            due__lte=asked.last,
        )
        .order_by("opened_by_id")
        .values_list(*COLUMNS, "rule")
    )
    for duty, (rule,) in read(rows):
        if duty.state == VOID:  # the seat or the register ended: nobody owed the period any longer
            continue
        verdict = judged(duty, later)
        if verdict is not None:
            outcome, entered = verdict
            yield duty.fact(LEADER, "leader_duty", duty.due, outcome, entered, sort=rule)


def executed(asked: Draw) -> Iterator[Fact]:
    """Yield the opinions that were to be carried out in the period."""
    later = ended(asked)
    rows = duties(asked, "execute", "petition").filter(due__gte=asked.first, due__lte=asked.last)
    for duty, _more in read(rows):
        verdict = judged(duty, later)
        if verdict is not None:
            outcome, entered = verdict
            yield duty.fact(EXECUTE, "execution", duty.due, DONE.get(outcome, outcome), entered)


def suggested(asked: Draw) -> Iterator[Fact]:
    """Yield suggestions by the day they were made; R22 40(4) gives no days, so one without an
    answer is open."""
    later = ended(asked)
    rows = duties(asked, "feedback", "suggestion", "closed_by__data", "opened_by__act").filter(
        opened_on__gte=asked.first,
        opened_on__lte=asked.last,
        opened_by__act__in=("make", "make_policy"),
    )
    for duty, (closing, made_by) in read(rows):
        answered = duty.answered(later)
        if answered:
            adopted = str((closing or {}).get("adopted", ""))
            outcome = SUGGESTED.get(adopted, "refused")
        else:
            outcome = "unanswered" if duty.missed(later) else "open"
        late = answered and duty.claimed
        entered = entry_mode(imported=duty.imported, late=late)
        yield duty.fact(FEEDBACK, "suggestion", duty.opened_on, outcome, entered, sort=made_by)


def objected(asked: Draw) -> Iterator[Fact]:
    """Yield objections to a forwarding, in the figure of the sender who has to answer (R22
    23(3))."""
    later = ended(asked)
    rows = duties(asked, "answer_objection", "petition", "closed_by__act").filter(
        opened_on__gte=asked.first, opened_on__lte=asked.last
    )
    for duty, (answer,) in read(rows):
        outcome = "open"
        if duty.answered(later):
            outcome = "refused" if answer == "refuse_return" else "upheld"
        late = outcome == "refused" and duty.by_claim
        entered = entry_mode(imported=duty.imported, late=late)
        yield duty.fact(OBJECT, "objection", duty.opened_on, outcome, entered)


def backlog(asked: Draw) -> Iterator[Fact]:
    """Yield the matters whose handling was not finished on the last day of the period: only
    watched."""
    later = ended(asked)
    rows = duties(asked, "handle", "petition", "opened_by__paper").filter(opened_on__lte=asked.last)
    for duty, (paper,) in read(rows):
        if not _finished(duty, asked, later):
            entered = entry_mode(imported=duty.imported, late=bool(paper))
            yield duty.fact(BACKLOG, "backlog", asked.last, "open", entered)


def _finished(duty: DutyRow, asked: Draw, later: set[int]) -> bool:
    """Say whether a duty was closed by the position, and on a day of the period or before; what
    ended it without its being done, by its entry."""
    if duty.state == OPEN or duty.closed_by in later:
        return False
    if duty.state == VOID and not duty.imported and duty.closed_recorded is not None:
        return known_in_time(duty.closed_recorded, asked.last)
    return duty.closed_on is None or duty.closed_on <= asked.last
