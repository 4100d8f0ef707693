"""Excuses that were entered after the day for which they count: facts that are only watched.

The fact beside them stays as late or missed as it is (`duty_facts.judged`). They are shown to
whoever judges, and so many of them in one organ are a sign of a trick: extended afterwards, leave
entered afterwards, withdrawn afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dengwen.assessment.facts.duty_facts import PORTION, Draw, DutyRow, duties, ended, judged, read
from dengwen.assessment.facts.entry_modes import LATE
from dengwen.assessment.frozen.frozen_tables import Fact, portions
from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.excuse import LONGER, known_in_time
from dengwen.organs.models import Substitute

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
    absences = _absences(asked)
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
                for what, recorded in _claimed(duty, bearers, longer, absences):
                    entered = civil(recorded).isoformat()
                    yield duty.fact(SLOT[what], EXCUSE, duty.due, what, LATE, sort=entered)


def _claimed(
    duty: DutyRow,
    bearers: Iterable[int],
    longer: Mapping[int, list[datetime]],
    absences: Mapping[int, list[_Absence]],
) -> Iterator[tuple[str, datetime]]:
    """Yield what was entered for a duty after its day, and when first."""
    late = [one for one in longer.get(duty.case, ()) if not known_in_time(one, duty.due)]
    if late:
        yield EXTENSION, min(late)
    withdrawn = duty.ended_by == "withdraw" and duty.ended_too_late
    if withdrawn and duty.closed_recorded is not None:
        yield WITHDRAWAL, duty.closed_recorded
    there = [
        one.recorded for who in bearers for one in absences.get(who, ()) if one.covers(duty.due)
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


@dataclass(frozen=True, slots=True)
class _Absence:
    """The days on which somebody stands in for an official, and when that was entered."""

    first: date
    end: date | None
    recorded: datetime

    def covers(self, day: date) -> bool:
        """Say whether somebody stands in on a day."""
        return self.first <= day and (self.end is None or day < self.end)


def _absences(asked: Draw) -> dict[int, list[_Absence]]:
    """Return by official the days on which somebody stands in, as the log had it at the
    position."""
    rows = list(
        Substitute.objects.filter(valid_from__lte=asked.last).values_list(
            "official_id", "valid_from", "valid_to", "act"
        )
    )
    entered = Act.objects.filter(asked.sealed("uid"), pk__in={row[3] for row in rows})
    recorded = dict(entered.values_list("pk", "recorded_at"))
    found: dict[int, list[_Absence]] = defaultdict(list)
    for official, first, end, act in rows:
        if act in recorded:
            found[official].append(_Absence(first, end, recorded[act]))
    return found
