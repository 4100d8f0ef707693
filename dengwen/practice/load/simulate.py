"""A lifelike load for the practice office, written through the door like everything else.

The same seed gives the same people, matters, days and acts (numbers and keys are random by nature).
Time is an
argument: everything happened before `until`. A real office refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings

from dengwen.cases import rulebooks
from dengwen.law.duties.act_record import civil
from dengwen.law.time.calendar import Calendar
from dengwen.practice.district.staff import NotPracticeError, Staff
from dengwen.practice.load import timetable_plan
from dengwen.practice.load.load_run import Run, Scripted, Simulated
from dengwen.practice.load.roads import Road
from dengwen.practice.load.roads_2005 import ROADS as ROADS_2005
from dengwen.practice.load.roads_2022 import ROADS as ROADS_2022
from dengwen.practice.load.timetable_plan import CHANGE, Plan, Planner

Between = Callable[[Staff, Calendar, Sequence[str], date, date, int], Iterable[Scripted]]
"""Plans what is written among the load: for staff, calendar, handling organs, first and last
day, petitions in all."""
OLD_SHARE = 0.25
"""How many of the further matters fall under the edition of 2005, where the load reaches back."""


@dataclass(frozen=True)
class _Chosen:
    """A road to be planned: of which edition, and whether for the first time."""

    road: Road
    is_old: bool
    first: bool


def deck() -> tuple[list[Road], list[Road]]:
    """Return the roads of the edition of 2022 and of 2005; one matter of each reaches every
    state there is."""
    return list(ROADS_2022), list(ROADS_2005)


def simulate(
    *,
    petitions: int,
    months: int,
    seed: int,
    until: datetime,
    organs: int | None = None,
    staff: Staff | None = None,
    between: Between | None = None,
) -> Simulated:
    """Write `petitions` invented matters of the `months` before `until`, handled by `organs` organs
    (all by default).

    With `between`, what it plans is written among them, counts towards `petitions`, and all the
    rest is on time.
    Raises NotPracticeError in a real office, ValueError for counts below one.
    """
    _check(petitions, months, organs)
    today = civil(until)
    staff = staff or Staff.load(today)
    handling = list(staff.handling())[: organs or None]
    random = Random(seed)
    first = timetable_plan.months_before(today, months)
    last = today - timedelta(days=1)
    calendar = rulebooks.calendars().newest
    scripts: list[Scripted] = []
    if between is not None:
        scripts = list(between(staff, calendar, handling, first, last, petitions))
    petitions -= sum(script.matters for script in scripts)
    planner = Planner(random, calendar, handling, first, last, calm=between is not None)
    plans = _plans(planner, random, petitions) if petitions > 0 else []
    return Run(random, staff, plans, until, seed, scripts).walk()


def _check(petitions: int, months: int, organs: int | None) -> None:
    """Refuse a real office (NotPracticeError) and counts that are too small (ValueError)."""
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    if petitions < 1 or months < 1 or (organs is not None and organs < 2):
        raise ValueError("petitions and months are at least 1, organs at least 2")


def _plans(planner: Planner, random: Random, petitions: int) -> list[Plan]:
    """Plan every road once, as far as the number allows, then further ones by weight."""
    new, old = deck()
    if planner.calm:
        # Nobody sends the parts of a mixed letter on in this load, and they would come late.
        new = [road for road in new if road.ends != "split"]
    spans = {
        True: (planner.first, min(planner.last, CHANGE - timedelta(days=1))),
        False: (max(planner.first, CHANGE), planner.last),
    }
    both = planner.first < CHANGE - timedelta(days=240)
    every = [_Chosen(road, is_old=False, first=True) for road in new]
    if both:
        every += [_Chosen(road, is_old=True, first=True) for road in old]
    chosen = every[:petitions]
    for _ in range(petitions - len(chosen)):
        is_old = both and random.random() < OLD_SHARE
        road = _drawn(random, old if is_old else new)
        chosen.append(_Chosen(road, is_old, first=False))
    return [_one(planner, one, spans[one.is_old]) for one in chosen]


def _drawn(random: Random, roads: Sequence[Road]) -> Road:
    """Draw one of the roads by weight."""
    pool = [road for road in roads if road.weight]
    return random.choices(pool, weights=[road.weight for road in pool])[0]


def _one(planner: Planner, chosen: _Chosen, span: tuple[date, date]) -> Plan:
    """Plan one road; an old one so that it is at its tail before the edition changes."""
    road = chosen.road
    if not chosen.is_old:
        return planner.plan(road, span, whole=chosen.first, halt=road.weight == 0)
    if chosen.first:  # walked to its end under its own edition
        return planner.plan(road, span, whole=True)
    while True:
        plan = planner.plan(road, (span[0], span[1] - timedelta(days=60)))
        core = plan.instants[planner.core_ends(road) - 1]
        if civil(core) < CHANGE:
            return plan
