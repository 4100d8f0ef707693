"""What inspections give the assessment: findings (rectified, overdue, open) and replies rated by sample.

One reading function each. A finding counts for the organ that has to put it right, in the period of its day; a reply
for the organ inspected, in the period in which the case was examined. Inspections only: never a protected case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dengwen.cases.models import Act, Case
from dengwen.oversight.inspections import KIND, Inspection, read_inspection

_LISTING = ("list_finding", "carry_over", "return_rectified")


@dataclass(frozen=True, slots=True)
class InspectionFact:
    """One fact: kind, organ and case by row id, the day that puts it into a period, outcome, sort, how it was entered.

    `sort` is the kind of inspection (`special` or `prompt`); `entered` is timely, late or imported.
    """

    kind: str
    organ: int
    case: int
    day: date
    outcome: str
    sort: str
    entered: str


def finding_facts(first: date, last: date, today: date) -> Iterator[InspectionFact]:
    """Yield a fact `finding` for every line whose day for putting right lies from `first` to `last`, as of `today`.

    Rows: acts `list_finding` and `carry_over` make a line, `return_rectified` moves its day; only `accept_rectified`
    (the re-check) makes it rectified. A line carried to a later inspection counts there and not here.
    """
    for made in _inspections(_LISTING):
        for line in made.lines.values():
            if first <= line.until <= last and not line.carried:
                yield InspectionFact(
                    "finding", line.owner, made.case.pk, line.until, line.outcome(today), made.type, line.listed.entered
                )


def reply_samples(first: date, last: date) -> Iterator[InspectionFact]:
    """Yield a fact `reply_sample` for every drawn case whose reply an inspector rated from `first` to `last`.

    Row: the last act `check_case` about the case with its field `reply` (good, fair, poor).
    """
    for made in _inspections(("check_case",)):
        for told in made.checks.values():
            if made.to is not None and told.data.get("reply") and first <= told.day <= last:
                yield InspectionFact(
                    "reply_sample", made.to, made.case.pk, told.day, told.data["reply"], made.type, told.entered
                )


def _inspections(acts: tuple[str, ...]) -> Iterator[Inspection]:
    """Yield every inspection in which one of these acts was done, in the order of their cases."""
    having = Act.objects.filter(act__in=acts, case__kind=KIND).values("case_id")
    for case in Case.objects.filter(pk__in=having, protected=False).order_by("pk"):
        yield read_inspection(case)
