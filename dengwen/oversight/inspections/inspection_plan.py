"""Planning an inspection: which cases of an organ may be drawn, how many of each stratum, and the
steps that file it.

The population is what the inspecting official may see of the organ's classed matters, never an
accusation: so neither
the list nor the sample tells anybody of one (R22 30(3)). Its strata are matters that are finished
and running ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from dengwen.cases.models import Act
from dengwen.cases.wall.visibility import Viewer, for_user
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import KindRule
from dengwen.oversight.inspections.published_plan import codes_of, plan_bytes
from dengwen.oversight.inspections.queries import (
    KIND,
    Inspection,
    Line,
    Stratum,
    population_parts,
    read_inspection,
)

FINISHED, RUNNING = "已办结", "在办"
"""Names of the strata as the plan and the script print them."""


def strata_of(
    viewer: Viewer, day: date, organ: int, petition: KindRule, first: date, last: date
) -> dict[str, list[str]]:
    """Return the numbers of the classed matters an organ holds that were opened from `first` to
    `last`, by stratum."""
    classed = Act.objects.filter(act="classify").values("case_id")
    found = for_user(viewer, day).filter(
        kind="petition",
        protected=False,
        holder_id=organ,
        opened_on__range=(first, last),
        pk__in=classed,
    )
    strata: dict[str, list[str]] = {}
    for number, state in found.order_by("number").values_list("number", "state"):
        final = state in petition.states and petition.states[state].final
        strata.setdefault(FINISHED if final else RUNNING, []).append(number)
    return strata


def shares(strata: Mapping[str, Sequence[str]], size: int) -> list[Stratum]:
    """Divide a sample over the strata by their size, at least one each, by largest remainder
    (ties by name)."""
    total = sum(len(units) for units in strata.values())
    size = min(max(size, len(strata)), total)
    given = _by_largest_remainder(strata, size, total)
    for name in sorted(given):
        if not given[name]:
            largest = max(given, key=lambda other: given[other])
            given[largest] -= 1
            given[name] = 1
    return [Stratum(name, given[name], list(units)) for name, units in sorted(strata.items())]


def _by_largest_remainder(
    strata: Mapping[str, Sequence[str]], size: int, total: int
) -> dict[str, int]:
    """Return how many of a sample fall to each stratum, some perhaps to none."""
    given: dict[str, int] = {}
    remainders: dict[str, int] = {}
    for name, units in strata.items():
        given[name], remainders[name] = divmod(size * len(units), total)
    left = size - sum(given.values())
    by_remainder = sorted(given, key=lambda name: (-remainders[name], name))
    for name in by_remainder[:left]:
        given[name] += 1
    return given


def filing_steps(
    made: Inspection,
    strata: Sequence[Stratum],
    *,
    inspecting: int,
    scope: str,
    checklist: str,
    open_by: date,
    salt: str,
) -> list[Step]:
    """Return the steps that list the population and file the plan, with the digest of the plan they
    describe.

    `salt` is 32 fresh random bytes in hexadecimal: it hides the numbers in what is published.
    """
    steps = [
        Step(
            act="list_population",
            case=made.case.number,
            texts={"numbers": text},
            fields={"stratum": s.name, "part": place, "take": s.size},
        )
        for s in strata
        for place, text in enumerate(population_parts(s.population), 1)
    ]
    plan = plan_bytes(
        made.case.number,
        codes_of(inspecting, made.to, made.depositor),
        strata,
        secret_digest=made.deposit,
        open_by=open_by,
        scope=scope,
        checklist=checklist,
        salt=salt,
    )
    return [
        *steps,
        Step(
            act="file_plan",
            case=made.case.number,
            texts={"scope": scope, "checklist": checklist, "salt": salt},
            fields={
                "plan": sha256(plan).hexdigest(),
                "depositor": made.depositor or 0,
                "open_by": open_by,
                "population": sum(len(s.population) for s in strata),
                "sample": sum(s.size for s in strata),
            },
        ),
    ]


def open_lines(
    viewer: Viewer, day: date, inspecting: int, organ: int
) -> list[tuple[Inspection, Line]]:
    """Return the findings against an organ that earlier inspections of the same inspecting organ
    left open."""
    found = (
        for_user(viewer, day).filter(kind=KIND, holder_id=inspecting).order_by("opened_at", "pk")
    )
    every = [read_inspection(case) for case in found]
    return [
        (made, line)
        for made in every
        for line in made.lines.values()
        if line.open and organ in (made.to, line.owner)
    ]


def last_checklist(viewer: Viewer, day: date, inspecting: int) -> str:
    """Return the checklist last used by an inspecting organ, "" where there is none."""
    for case in (
        for_user(viewer, day).filter(kind=KIND, holder_id=inspecting).order_by("-opened_at", "-pk")
    ):
        plan = read_inspection(case).plan
        if plan is not None:
            return plan.texts.get("checklist", "")
    return ""
