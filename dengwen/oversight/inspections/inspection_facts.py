"""What inspections give the assessment: findings (rectified, overdue, open) and replies rated by
sample.

Read from the acts that a ledger position holds, through the same reading as the pages of an
inspection, so that both
say the same. Put right is only what was re-checked and accepted; the organ's own report is none. A
line is one fact,
whatever was reported, returned and reported again; one carried over counts in the later inspection
alone. A case
examined several times has the reply rated last. Nothing is told of a protected inspection, nor of a
drawn case that
proved to be an accusation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from django.db.models import Q, QuerySet

from dengwen.cases.models import Act, Case, Duty
from dengwen.oversight.inspections.queries import KIND, Inspection, Line, Told, folded

Sealed = Callable[[str], Q]
"""Given the path of an act's uid: the condition that the log held that act at the position
asked."""
LISTING = ("list_finding", "carry_over")
LINES = (*LISTING, "report_rectified", "accept_rectified", "return_rectified", "carried_on")
KINDS = ("plan", "conclude")
"""The acts that say which organ is inspected and of which kind the inspection is."""
RULE = "rectify"
SPECIAL, PROMPT = "special", "prompt"
"""Kinds of inspection: only a special one meets the yearly minimum (S 9)."""
PORTION = 200
"""Inspections read at once."""


@dataclass(frozen=True, slots=True)
class InspectionFact:
    """One fact: the act it is known by, organ and case by row id, the day that puts it into a
    period, outcome, sort.

    `sort` is the kind of inspection (`special` or `prompt`); `entered` is timely, late or imported.
    """

    act: int
    organ: int
    case: int
    day: date
    outcome: str
    sort: str
    entered: str


def finding_facts(first: date, last: date, sealed: Sealed) -> Iterator[InspectionFact]:
    """Yield each line of a rectification list whose day lies from `first` to `last`, or that came
    along from before.

    What fell due before `first` comes along unless it was accepted before. A line counts for
    whoever has to put it
    right now; it is overdue once the ledger holds that its day went by, or where it was reported
    late.
    """
    having = Act.objects.filter(
        sealed("uid"), act__in=LISTING, case__kind=KIND, case__protected=False
    )
    for some in _inspections(
        having.order_by("case_id").values_list("case_id", flat=True).distinct(), LINES, sealed
    ):
        over = _overdue(some, sealed)
        for made in some:
            for line in made.lines.values():
                came_along = line.accepted is None or line.accepted >= first
                if line.carried or line.until > last or not (line.until >= first or came_along):
                    continue
                outcome = line.standing(over=_opened(line) in over)
                entered = (line.reported or line.listed).entered
                yield InspectionFact(
                    line.listed.pk,
                    line.owner,
                    made.case.pk,
                    line.until,
                    outcome,
                    made.type,
                    entered,
                )


def reply_samples(first: date, last: date, sealed: Sealed) -> Iterator[InspectionFact]:
    """Yield for every drawn case the rating of its reply, of the organ inspected, if it was last
    given in the period.

    An examination that says nothing of the reply takes back what an earlier one said.
    """
    having = Act.objects.filter(
        sealed("uid"), act="check_case", case__kind=KIND, case__protected=False
    )
    cases = having.order_by("case_id").values_list("case_id", flat=True).distinct()
    for some in _inspections(cases, ("check_case",), sealed):
        numbers = [number for made in some for number in made.checks]
        hidden = set(
            Case.objects.filter(number__in=numbers, protected=True).values_list("number", flat=True)
        )
        for made in some:
            for number, told in made.checks.items():
                if (
                    made.to is None
                    or number in hidden
                    or not told.data.get("reply")
                    or not first <= told.day <= last
                ):
                    continue
                reply = str(told.data["reply"])
                yield InspectionFact(
                    told.pk, made.to, made.case.pk, told.day, reply, made.type, told.entered
                )


def coverage(inspections: QuerySet[Case], organ: int) -> Iterator[tuple[int, str, str]]:
    """Yield (year, kind, how entered) of every inspection of an organ, among those given, that was
    concluded.

    One that was planned or is running covers nothing yet; its year is that in which it was opened,
    as on the page of
    inspections.
    """
    cases = inspections.filter(kind=KIND).order_by("pk").values_list("pk", flat=True)
    for some in _inspections(cases, (), lambda _uid: Q()):
        for made in some:
            if made.to == organ and made.concluded is not None:
                yield made.case.opened_on.year, made.type, made.concluded.entered


def _inspections(
    cases: Iterable[int], acts: tuple[str, ...], sealed: Sealed
) -> Iterator[list[Inspection]]:
    """Yield inspections in portions, in the order of their cases, read from these acts and from
    who is inspected."""
    waiting = iter(cases)
    while portion := list(islice(waiting, PORTION)):
        known = Case.objects.in_bulk(portion)
        rows = Act.objects.filter(
            sealed("uid"), case__in=portion, act__in=(*KINDS, *acts)
        ).order_by("case_id", "seq")
        yield [
            folded(known[case], list(map(_told, own)))
            for case, own in groupby(rows, lambda row: row.case_id)
        ]


def _told(row: Act) -> Told:
    return Told(
        row.pk,
        row.uid,
        row.seq,
        row.act,
        row.data,
        {},
        row.organ_id,
        row.actor,
        row.occurred_at,
        row.recorded_at,
        row.imported,
    )


def _overdue(some: list[Inspection], sealed: Sealed) -> set[int]:
    """Return the acts that gave a line its present day, where the ledger holds that the day went
    by unused."""
    opened = [_opened(line) for made in some for line in made.lines.values()]
    rows = Duty.objects.filter(
        sealed("breach__uid"), rule=RULE, opened_by__in=opened, breach__isnull=False
    )
    return set(rows.values_list("opened_by_id", flat=True))


def _opened(line: Line) -> int:
    return (line.opened or line.listed).pk
