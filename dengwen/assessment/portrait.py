"""What became of an organ's matters of a period, how old the open ones are, where they are from,
who inspected it.

Counted from the frozen facts of the organ (so never from an accusation) and, for days and places,
from the acts of the very cases these name: the pictures agree with the figures beside them. What
was entered late or imported is counted apart in each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dengwen.assessment.facts.entry_modes import Tally, soonest, tally
from dengwen.assessment.facts.fact_names import CASE, Naming
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.frozen_tables import FACTS, Fact, portions, read
from dengwen.assessment.frozen.manifest import period_of
from dengwen.cases.models import Act, Case, Duty
from dengwen.organs.models import Division
from dengwen.oversight.inspections.inspection_facts import PROMPT, SPECIAL, coverage

STEPS = ("matters", "told", "concluded", "in_time", "settled")
"""The funnel: all matters of the period, those told of acceptance, concluded, in time, settled
the first time."""
AGES = ((0, 30), (31, 60), (61, 90), (91, 180), (181, 0))
"""Days since an open matter came to be handled; 0 for no upper end."""
AT_ONCE = 400
DONE = frozenset({"in_time", "late"})
YEARS = 5


Entered = Mapping[int, str]
"""By matter how what is told of it came in."""


@dataclass(frozen=True)
class Portrait:
    """The pictures of an organ as numbers: funnel by step, open matters by age, by place,
    inspections by year.

    Of inspections only special ones that were concluded count (S 9); `prompt` holds the prompt ones
    beside them.
    """

    funnel: tuple[tuple[str, Tally], ...]
    ages: tuple[tuple[tuple[int, int], Tally], ...]
    places: tuple[tuple[str, Tally], ...]
    inspections: tuple[tuple[int, Tally], ...]
    prompt: Mapping[int, Tally]
    sampled: Tally


def portrait(frozen: Frozen, organ: int, inspected: QuerySet[Case]) -> Portrait:
    """Return the portrait of an organ; `inspected` are the inspections the asker may see."""
    naming, period = Naming.of_manifest(frozen.manifest), period_of(frozen.manifest)
    facts = _facts_of(frozen, organ)
    matters = _soonest(filter(_is_matter, facts))
    waiting = _soonest(f for f in facts if f.kind == "backlog")
    cases = {name: naming.reveal(name, CASE) for name in {*matters, *waiting}}
    waiting_cases = {cases[name]: entered for name, entered in waiting.items()}
    matter_cases = {cases[name]: matters[name] for name in sorted(matters)}
    special, prompt = _inspected(organ, inspected, period.last.year)
    return Portrait(
        funnel=tuple(_funnel(facts, matters).items()),
        ages=_ages(waiting_cases, organ, period.last),
        places=_places(matter_cases),
        inspections=special,
        prompt=prompt,
        sampled=tally(f.entered for f in facts if f.kind == "reply_sample"),
    )


def _facts_of(frozen: Frozen, organ: int) -> list[Fact]:
    """Return the frozen facts of an organ."""
    rows = read(frozen.folder / FACTS, FACTS)
    return [Fact(**row) for row in rows if row["organ"] == organ]


def _is_matter(fact: Fact) -> bool:
    """Say whether a fact names a matter of the period itself, not its review."""
    return (
        bool(fact.case)
        and fact.kind in ("registration", "notification", "conclusion")
        and fact.sort not in ("review", "recheck")
    )


def _soonest(facts: Iterable[Fact]) -> dict[int, str]:
    """Return by matter how these facts came in: at the time where one of them did."""
    found: dict[int, list[str]] = defaultdict(list)
    for fact in facts:
        found[fact.case].append(fact.entered)
    return {case: soonest(entered) for case, entered in found.items()}


def _funnel(facts: list[Fact], matters: Entered) -> dict[str, Tally]:
    """Return how many matters reached each step; each step is counted among those of the one
    before."""

    def of(kind: str, outcomes: Collection[str], among: Collection[int]) -> dict[int, str]:
        """Return how matters among others came in that have a fact of this kind and outcome."""
        of_kind = (f for f in facts if f.kind == kind and f.outcome in outcomes)
        return _soonest(f for f in of_kind if f.case in among)

    concluded = of("conclusion", DONE, matters)
    in_time = of("conclusion", ("in_time",), matters)
    steps = {
        "matters": matters,
        "told": concluded | of("notification", DONE, matters),
        "concluded": concluded,
        "in_time": in_time,
        "settled": of("resolution", ("settled",), in_time),
    }
    return {name: tally(reached.values()) for name, reached in steps.items()}


def _ages(waiting: Entered, organ: int, last: date) -> tuple[tuple[tuple[int, int], Tally], ...]:
    """Return by age how many matters were open on the last day: days since their handling began."""
    begun: dict[int, date] = {}
    for some in portions(waiting, AT_ONCE):
        rows = Duty.objects.filter(case__in=some, rule="handle", holder=organ)
        begun.update(rows.order_by("-opened_on").values_list("case_id", "opened_on"))
    days = [((last - opened).days, waiting[case]) for case, opened in begun.items()]
    found = []
    for low, high in AGES:
        within = [entered for age, entered in days if _lies_within(age, low, high)]
        found.append(((low, high), tally(within)))
    return tuple(found)


def _lies_within(age: int, low: int, high: int) -> bool:
    """Say whether an age lies between two, both included; 0 is no upper end."""
    return low <= age and (not high or age <= high)


def _places(matters: Entered) -> tuple[tuple[str, Tally], ...]:
    """Return how many matters are from each place (its name), most first; "" where none is on
    file."""
    place_of = _place_codes(list(matters))
    names = _place_names(place_of.values())
    by_name: dict[str, list[str]] = defaultdict(list)
    for case, code in place_of.items():
        by_name[names.get(code, code)].append(matters[case])
    counted = {name: tally(entered) for name, entered in by_name.items()}
    return tuple(sorted(counted.items(), key=_most_first))


def _most_first(place: tuple[str, Tally]) -> tuple[int, str]:
    """Return where a place stands among others: by number, the largest first, then by name."""
    name, found = place
    return -found.number, name


def _place_codes(cases: Sequence[int]) -> dict[int, str]:
    """Return by case the code of the place its petitioner named, else of the place it is kept
    under; "" for none."""
    found: dict[int, str] = {}
    for some in portions(cases, AT_ONCE):
        acts = Act.objects.filter(case__in=some, act__in=("register", "take_up_anew"))
        data_of = dict(acts.order_by("pk").values_list("case_id", "data"))
        kept = dict(Case.objects.filter(pk__in=some).values_list("pk", "place"))
        for case in some:
            named = str(data_of.get(case, {}).get("place") or "")
            found[case] = named or kept.get(case, "")
    return found


def _place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of divisions by code."""
    wanted = {code for code in codes if code}
    return dict(Division.objects.filter(code__in=wanted).values_list("code", "name"))


def _inspected(
    organ: int, inspections: QuerySet[Case], year: int
) -> tuple[tuple[tuple[int, Tally], ...], Mapping[int, Tally]]:
    """Return by year, oldest first, the special inspections of this organ that were concluded,
    and the prompt ones."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for of_year, kind, entered in coverage(inspections, organ):
        found[of_year, kind].append(entered)
    special: list[tuple[int, Tally]] = []
    prompt: dict[int, Tally] = {}
    for one in range(year - YEARS + 1, year + 1):
        special.append((one, tally(found[one, SPECIAL])))
        prompt[one] = tally(found[one, PROMPT])
    return tuple(special), prompt
