"""Excuses that were entered after the day for which they count: facts that are only watched.

The fact beside them stays as late or missed as it is (`duty_facts.judged`). They are shown to
whoever judges, and so many of them in one organ are a sign of a trick: extended afterwards, leave
entered afterwards, withdrawn afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from dengwen.assessment.facts.duty_facts import PORTION, Draw, DutyRow, duties, ended, judged, read
from dengwen.assessment.facts.entry_modes import LATE
from dengwen.assessment.frozen.frozen_tables import Fact, portions
from dengwen.cases.duties.leave_records import Absence, absences
from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.excuse import LONGER, known_in_time

EXCUSE = "excuse"
EXTENSION, WITHDRAWAL, LEAVE = "extension", "withdrawal", "leave"
SLOT = {EXTENSION: 28, WITHDRAWAL: 29, LEAVE: 30}
WORK = (
    ("handle", "petition"),
    ("execute", "petition"),
    ("review_decide", "review"),
    ("recheck_decide", "recheck"),
)
"""The duties looked at, each opened by an act of its own, with the kind of their case."""
FAILED = frozenset({"late", "missed"})


def excused_afterwards(asked: Draw) -> Iterator[Fact]:
    """Yield what was entered to excuse the late and missed work of the period, after its day;
    `sort` is the day of its entry."""
    later = ended(asked)
    away = absences(asked.sealed("uid"))
    for rule, kind in WORK:
        rows = duties(asked, rule, kind, "official_id", "case__handler_id").filter(
            due__gte=asked.first, due__lte=asked.last, imported=False
        )
        failed = (
            (duty, {one for one in bearers if one is not None})
            for duty, bearers in read(rows)
            if (verdict := judged(duty, later)) is not None and verdict[0] in FAILED
        )
        for some in portions(failed, PORTION):
            longer = _longer(asked, {duty.case for duty, _ in some})
            for duty, bearers in some:
                for what, recorded in _claimed(duty, bearers, longer, away):
                    entered = civil(recorded).isoformat()
                    yield duty.fact(SLOT[what], EXCUSE, duty.due, what, LATE, sort=entered)


def _claimed(
    duty: DutyRow,
    bearers: Iterable[int],
    longer: Mapping[int, list[datetime]],
    away: Mapping[int, list[Absence]],
) -> Iterator[tuple[str, datetime]]:
    """Yield what was entered for a duty after its day, and when first."""
    late = [one for one in longer.get(duty.case, ()) if not known_in_time(one, duty.due)]
    if late:
        yield EXTENSION, min(late)
    withdrawn = duty.ended_by == "withdraw" and duty.ended_too_late
    if withdrawn and duty.closed_recorded is not None:
        yield WITHDRAWAL, duty.closed_recorded
    there = [
        one.recorded
        for who in bearers
        for one in away.get(who, ())
        if one.holds_on(duty.due, duty.holder)
    ]
    if there and not known_in_time(min(there), duty.due):
        yield LEAVE, min(there)


def _longer(asked: Draw, cases: set[int]) -> dict[int, list[datetime]]:
    """Return by case when longer times were entered."""
    found: dict[int, list[datetime]] = defaultdict(list)
    acts = Act.objects.filter(
        asked.sealed("uid"), case__in=cases, act__in=tuple(LONGER), imported=False
    )
    for case, recorded in acts.values_list("case_id", "recorded_at"):
        found[case].append(recorded)
    return found
