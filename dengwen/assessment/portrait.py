"""What became of an organ's matters of a period, how old the open ones are, where they are from, who inspected it.

Counted from the frozen facts of the organ (so never from an accusation) and, for days and places, from the acts of the
very cases these name: the pictures agree with the figures beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dengwen.assessment.freezing import Frozen
from dengwen.assessment.manifest import period_of
from dengwen.assessment.naming import CASE, Naming
from dengwen.assessment.tables import FACTS, Fact, read
from dengwen.cases.models import Act, Case, Duty
from dengwen.organs.models import Division
from dengwen.oversight.inspections import KIND

STEPS = ("matters", "told", "concluded", "in_time", "settled")
"""The funnel: all matters of the period, those told of acceptance, concluded, in time, settled the first time."""
AGES = ((0, 30), (31, 60), (61, 90), (91, 180), (181, 0))
"""Days since an open matter came to be handled; 0 for no upper end."""
AT_ONCE = 400
DONE = frozenset({"in_time", "late"})
UNKNOWN = ""
YEARS = 5


@dataclass(frozen=True)
class Portrait:
    """The pictures of an organ as numbers: funnel by step, open matters by age, by place, inspections by year."""

    funnel: tuple[tuple[str, int], ...]
    ages: tuple[tuple[tuple[int, int], int], ...]
    places: tuple[tuple[str, int], ...]
    inspections: tuple[tuple[int, int], ...]
    sampled: int


def portrait(frozen: Frozen, organ: int, inspected: QuerySet[Case]) -> Portrait:
    """Return the portrait of an organ; `inspected` are the inspections the asker may see."""
    naming, period = Naming.of_manifest(frozen.manifest), period_of(frozen.manifest)
    facts = [f for f in (Fact(**row) for row in read(frozen.folder / FACTS, FACTS)) if f.organ == organ]
    matters = {f.case for f in facts if f.case and f.kind in ("registration", "notification", "conclusion")
               and f.sort not in ("review", "recheck")}  # fmt: skip
    cases = {name: naming.reveal(name, CASE) for name in matters | {f.case for f in facts if f.kind == "backlog"}}
    waiting = [cases[f.case] for f in facts if f.kind == "backlog"]
    return Portrait(
        tuple(_funnel(facts, matters).items()), _ages(waiting, organ, period.last),
        _places([cases[name] for name in sorted(matters)]), _inspected(organ, inspected, period.last.year),
        sum(f.kind == "reply_sample" for f in facts),
    )  # fmt: skip


def _funnel(facts: list[Fact], matters: set[int]) -> dict[str, int]:
    """Return how many matters reached each step; each step is counted among those of the one before."""

    def of(kind: str, outcomes: Collection[str]) -> set[int]:
        return {f.case for f in facts if f.kind == kind and f.outcome in outcomes and f.case in matters}

    concluded = of("conclusion", DONE)
    in_time = of("conclusion", ("in_time",))
    return {
        "matters": len(matters), "told": len(of("notification", DONE) | concluded), "concluded": len(concluded),
        "in_time": len(in_time), "settled": len(of("resolution", ("settled",)) & in_time),
    }  # fmt: skip


def _ages(cases: list[int], organ: int, last: date) -> tuple[tuple[tuple[int, int], int], ...]:
    """Return by age how many matters were open on the last day: days since their handling began."""
    begun: dict[int, date] = {}
    for start in range(0, len(cases), AT_ONCE):
        rows = Duty.objects.filter(case__in=cases[start : start + AT_ONCE], rule="handle", holder=organ)
        begun.update(rows.order_by("-opened_on").values_list("case_id", "opened_on"))
    days = [(last - opened).days for opened in begun.values()]
    return tuple(((low, high), sum(low <= d and (not high or d <= high) for d in days)) for low, high in AGES)


def _places(cases: list[int]) -> tuple[tuple[str, int], ...]:
    """Return how many matters are from each place (its name), most first; "" where none is on file."""
    found: Counter[str] = Counter()
    for start in range(0, len(cases), AT_ONCE):
        some = cases[start : start + AT_ONCE]
        rows = Act.objects.filter(case__in=some, act__in=("register", "take_up_anew")).order_by("pk")
        said = {case: str(data.get("place") or "") for case, data in rows.values_list("case_id", "data")}
        held = dict(Case.objects.filter(pk__in=some).values_list("pk", "place"))
        found.update(said.get(case) or held.get(case, "") for case in some)
    names = dict(Division.objects.filter(code__in=[c for c in found if c]).values_list("code", "name"))
    by_name: Counter[str] = Counter()
    for code, number in found.items():
        by_name[names.get(code, code)] += number
    return tuple(sorted(by_name.items(), key=lambda pair: (-pair[1], pair[0])))


def _inspected(organ: int, inspections: QuerySet[Case], year: int) -> tuple[tuple[int, int], ...]:
    """Return by year, oldest first, how many inspections of this organ were begun (S 9: at least one a year)."""
    rows = Act.objects.filter(case__in=inspections.values("pk"), case__kind=KIND, act="plan")
    years = Counter(day.year for day, data in rows.values_list("case__opened_on", "data") if data.get("to") == organ)
    return tuple((one, years[one]) for one in range(year - YEARS + 1, year + 1))
