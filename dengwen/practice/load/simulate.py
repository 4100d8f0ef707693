"""A lifelike load for the practice office, written through the door like everything else.

The same seed gives the same people, matters, days and acts (numbers and keys are random by nature).
Time is an
argument: everything happened before `until`. A real office refuses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Protocol

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from dengwen.cases import rulebooks
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.wall.system import due_before
from dengwen.cases.wall.visibility import AFTER_HAND_OVER
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import Call, Outcome, Performed, perform_many
from dengwen.law.duties.act_record import CHINA, civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.law.time.calendar import Calendar
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import Intake, steps_of
from dengwen.petitions.intake.split import Part, split
from dengwen.petitions.models import Request
from dengwen.practice.district import matters
from dengwen.practice.district.staff import DISCIPLINE as DISCIPLINE_CODE
from dengwen.practice.district.staff import PETITION_OFFICE, NotPracticeError, Staff
from dengwen.practice.load import timetable_plan
from dengwen.practice.load.act_texts import texts_of
from dengwen.practice.load.roads import (
    ANEW_CASE,
    DISCIPLINE,
    LAPSED,
    NEW_CASE,
    OFFICE,
    ORGAN,
    OTHER,
    PETITION,
    RECHECK,
    REVIEW,
    Move,
    Road,
)
from dengwen.practice.load.roads_2005 import ROADS as ROADS_2005
from dengwen.practice.load.roads_2022 import ROADS as ROADS_2022
from dengwen.practice.load.timetable_plan import CHANGE, Plan, Planner


class Scripted(Protocol):
    """Something planned deed by deed that is written among the load, each deed one call on its
    instant."""

    uid: str
    done: int
    broken: str

    @property
    def instants(self) -> Sequence[datetime]:
        """When each deed is done, in order."""

    @property
    def matters(self) -> int:
        """How many petitions it registers."""

    def call(self, place: int) -> Call | None:
        """Return the call of a deed; None where it was done aside."""

    def after(self, place: int, performed: Performed) -> None:
        """Note what the door wrote."""


Between = Callable[[Staff, Calendar, Sequence[str], date, date, int], Iterable[Scripted]]
"""Plans what is written among the load: for staff, calendar, handling organs, first and last
day, petitions in all."""
HIGHER = "YJQ"
COURT = "YJF"
HANDLED = (
    "forwarded",
    "received",
    "accepted",
    "simple",
    "drafted",
    "checked",
    "decided",
    "served",
    "reviewing",
)
"""States in which another organ is handling a matter, so that a second letter about it is a
repeat."""
NEWEST = 40
"""Of how many of the newest matters a letter may be a repeat."""
OPENED_BY = {"lodge": "", "take_up_anew": ANEW_CASE, "register": NEW_CASE}
CHANNELS = ("network", "letter", "phone", "visit", "fax")
CHANNEL_WEIGHTS = (52, 18, 14, 15, 1)
Item = tuple[datetime, int, int]


@dataclass
class Simulated:
    """What was written: petitions begun, acts, breaches and lapses, what was refused (expected
    to be empty)."""

    petitions: int = 0
    acts: int = 0
    breaches: int = 0
    lapses: int = 0
    refused: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)


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
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    if petitions < 1 or months < 1 or (organs is not None and organs < 2):
        raise ValueError("petitions and months are at least 1, organs at least 2")
    staff = staff or Staff.load(civil(until))
    handling = list(staff.handling())[: organs or None]
    random = Random(seed)
    last = civil(until) - timedelta(days=1)
    first = timetable_plan.months_before(civil(until), months)
    calendar = rulebooks.calendars().newest
    scripts = list(between(staff, calendar, handling, first, last, petitions)) if between else []
    petitions -= sum(script.matters for script in scripts)
    planner = Planner(random, calendar, handling, first, last, calm=between is not None)
    plans = _plans(planner, random, petitions) if petitions > 0 else []
    return _Run(random, staff, plans, until, seed, scripts).walk()


def _plans(planner: Planner, random: Random, petitions: int) -> list[Plan]:
    """Plan every road once, as far as the number allows, then further ones by weight."""
    new, old = deck()
    if (
        planner.calm
    ):  # nobody sends the parts of a mixed letter on in this load, and they would come late
        new = [road for road in new if road.ends != "split"]
    spans = {
        True: (planner.first, min(planner.last, CHANGE - timedelta(days=1))),
        False: (max(planner.first, CHANGE), planner.last),
    }
    both = planner.first < CHANGE - timedelta(days=240)
    roads: list[tuple[Road, bool]] = [(r, False) for r in new] + (
        [(r, True) for r in old] if both else []
    )
    chosen = [(road, is_old, True) for road, is_old in roads[:petitions]]
    for _ in range(petitions - len(chosen)):
        is_old = both and random.random() < 0.25
        pool = [road for road in (old if is_old else new) if road.weight]
        chosen.append(
            (random.choices(pool, weights=[road.weight for road in pool])[0], is_old, False)
        )
    return [_one(planner, road, spans[is_old], is_old, first) for road, is_old, first in chosen]


def _one(planner: Planner, road: Road, span: tuple[date, date], is_old: bool, first: bool) -> Plan:
    halt = road.weight == 0 and not is_old
    if not is_old:
        return planner.plan(road, span, whole=first, halt=halt)
    if first:  # walked to its end under its own edition
        return planner.plan(road, span, whole=True)
    while True:
        plan = planner.plan(road, (span[0], span[1] - timedelta(days=60)))
        core = plan.instants[planner.core_ends(road) - 1]
        if civil(core) < CHANGE:
            return plan


class _Run:
    """One run: plans walked day by day, the sweep first, as the worker of an office would have
    done it."""

    def __init__(
        self,
        random: Random,
        staff: Staff,
        plans: Sequence[Plan],
        until: datetime,
        seed: int,
        scripts: Sequence[Scripted] = (),
    ) -> None:
        self.random, self.staff, self.plans, self.until, self.seed = (
            random,
            staff,
            plans,
            until,
            seed,
        )
        self.scripts = scripts
        self.result = Simulated()
        self.codes: dict[int, str] = {}
        self.running: list[str] = []

    def walk(self) -> Simulated:
        items = sorted(
            (instant, number, place)
            for number, plan in enumerate(self.plans)
            for place, instant in enumerate(plan.instants)
            if instant < self.until
        )
        items += [
            (instant, len(self.plans) + number, place)
            for number, script in enumerate(self.scripts)
            for place, instant in enumerate(script.instants)
            if instant < self.until
        ]
        items.sort()
        day = civil(items[0][0]) if items else civil(self.until)
        for today, group in groupby(items, key=lambda item: civil(item[0])):
            while day < today:
                day += timedelta(days=1)
                self._sweep(day)
            for batch in _rounds(list(group)):
                self._batch(batch)
        while day < civil(self.until):
            day += timedelta(days=1)
            self._sweep(day)
        return self.result

    def _sweep(self, day: date) -> None:
        if due_before(day).exists():
            swept = sweep(now=datetime.combine(day, time(0, 10), CHINA))
            self.result.breaches += swept.breaches
            self.result.lapses += swept.lapses

    def _batch(self, batch: Sequence[Item]) -> None:
        calls: list[tuple[Item, Call]] = []
        for item in batch:
            if item[1] >= len(self.plans):
                calls += [(item, call) for call in self._scripted(item)]
                continue
            plan = self.plans[item[1]]
            if plan.broken or item[2] != plan.done:
                continue
            move = plan.road.moves[item[2]]
            if "@running" in move.fields.values() and not self._running(plan, civil(item[0])):
                plan.broken = (
                    True  # nobody is handling anything yet, so this letter repeats nothing
                )
            elif move.act == LAPSED.act and _cannot_lapse(plan.numbers[move.on]):
                plan.broken = True  # the matter waits for the notice of the year
            elif move.special == "split":
                self._split(item, plan)
            else:
                calls.append((item, self._call(item, plan, move)))
        outcomes = perform_many([call for _, call in calls]) if calls else []
        for (item, _), outcome in zip(calls, outcomes, strict=True):
            self._after(item, outcome)

    def _scripted(self, item: Item) -> Iterator[Call]:
        """Yield the call of a scripted deed, nothing where an earlier one was refused or it was
        done aside."""
        script = self.scripts[item[1] - len(self.plans)]
        if not script.broken and script.done == item[2]:
            call = script.call(item[2])
            if call is not None:
                yield call

    def _after_scripted(self, item: Item, outcome: Outcome) -> None:
        script = self.scripts[item[1] - len(self.plans)]
        if outcome.performed is None:
            script.broken = f"{script.uid}/{item[2]} · {civil(item[0])}: {outcome.error}"
            self.result.refused.append(script.broken)
            return
        script.after(item[2], outcome.performed)
        self.result.acts += len(outcome.performed.acts)
        self.result.petitions += sum(w.act == "register" for w in outcome.performed.acts)

    def _after(self, item: Item, outcome: Outcome) -> None:
        if item[1] >= len(self.plans):
            self._after_scripted(item, outcome)
            return
        plan, move = self.plans[item[1]], self.plans[item[1]].road.moves[item[2]]
        if outcome.performed is None:
            plan.broken = True
            self.result.refused.append(
                f"{plan.road.name} · {move.act} · {civil(item[0])}: {outcome.error}"
            )
            return
        plan.done += 1
        self.result.acts += len(outcome.performed.acts)
        if item[2] == 0:
            plan.numbers[PETITION] = outcome.performed.case
            self.result.petitions += 1
            if plan.road.matter in ("claim", "supported"):
                self.running.append(outcome.performed.case)
            self.result.codes.append((outcome.performed.case, self.codes.pop(item[1], "")))
        else:
            _opened(plan, move, outcome.performed)

    # --- one call ---------------------------------------------------------------------------------
    def _call(self, item: Item, plan: Plan, move: Move) -> Call:
        uid = f"sim/{self.seed}/{item[1]}/{item[2]}"
        if move.special in ("register", "imported") and item[2] == 0:
            return self._register(item, plan, move, uid)
        step = self._step(item, plan, move)
        holder = self._place(plan, move)
        return Call(
            (*self._answers(step, item[0]), step), self.staff.by(holder, move.part), item[0], uid
        )

    def _answers(self, step: Step, moment: datetime) -> tuple[Step, ...]:
        """Return an answer to each request of the matter before its opinion is drafted, as the
        opinion goes."""
        asked = (
            Request.objects.filter(case__number=step.case)
            if step.act == "draft"
            else Request.objects.none()
        )
        law = "R22" if civil(moment) >= CHANGE else "R05"
        book = rulebooks.in_force(civil(moment), "", moment).book
        return tuple(
            Step(
                act="decide_request",
                case=step.case,
                fields={"request": number, "request_outcome": step.fields["outcome"]},
                texts=texts_of(book.kind(PETITION).acts["decide_request"], PETITION, law),
            )
            for number in asked.order_by("number").values_list("number", flat=True)
        )

    def _place(self, plan: Plan, move: Move) -> str:
        if move.where:
            return {
                OFFICE: PETITION_OFFICE,
                ORGAN: plan.organ,
                OTHER: plan.other,
                DISCIPLINE: DISCIPLINE_CODE,
            }[move.where]
        number = plan.numbers.get(move.on)
        if number is None:  # a request that comes too late goes straight to the organ above
            return HIGHER if move.on == REVIEW else "SZF"
        organ = (
            Organ.objects.filter(held_cases__number=number).values_list("code", flat=True).first()
        )
        return organ or HIGHER

    def _step(self, item: Item, plan: Plan, move: Move) -> Step:
        day = civil(item[0])
        opens = move.act == "lodge"
        kind = move.on if move.on in (REVIEW, RECHECK) else PETITION
        book = rulebooks.in_force(day, "", item[0]).book
        rule = book.kind(kind).acts[move.act]
        law = "R22" if day >= CHANGE else "R05"
        fields = {name: self._value(value, plan, day) for name, value in move.fields.items()}
        if move.special == "classify":
            fields |= _class_of(plan.road)
        if rule.approves:
            fields[SHOWN] = newest_digest(plan.numbers[move.on], move.act, item[0], day, fields)
        return Step(
            act=move.act,
            case="" if opens else plan.numbers[move.on],
            kind=kind if opens else "",
            fields=fields,
            texts=texts_of(rule, kind, law),
            links=(("concerns", plan.numbers[PETITION]),) if opens else (),
            imported=move.special == "imported",
        )

    def _value(self, value: object, plan: Plan, day: date) -> FieldValue:
        if not isinstance(value, str) or not value.startswith("@"):
            return value  # type: ignore[return-value]  # a plain code, flag or number
        if value.startswith("@day"):
            return day + timedelta(days=int(value.removeprefix("@day") or 0))
        organs = {
            "@organ": plan.organ,
            "@other": plan.other,
            "@higher": HIGHER,
            "@court": COURT,
            "@discipline": DISCIPLINE_CODE,
        }
        if value in organs:
            return self.staff.organs[organs[value]]
        drawn = {
            "@outcome": self._outcome,
            "@way": self._way,
            "@digest": self._digest,
            "@running": self._running,
        }
        if value in drawn:
            return drawn[value](plan, day)
        return plan.numbers[{"@number": PETITION, "@review": REVIEW}[value]]

    def _outcome(self, plan: Plan, day: date) -> str:
        if plan.road.matter == "supported":
            return "support"
        # Since 2022 what is supported is promised and proved: those matters have roads of their
        # own.
        supported = 0 if day >= CHANGE else 5
        return self.random.choices(("support", "explain", "not_support"), (supported, 3, 2))[0]

    def _way(self, _plan: Plan, _day: date) -> str:
        return self.random.choice(("direct", "post", "network"))

    def _digest(self, plan: Plan, day: date) -> str:
        return hashlib.sha256(f"{self.seed}/{plan.numbers[PETITION]}/{day}".encode()).hexdigest()

    def _running(self, _plan: Plan, day: date) -> str:
        """Return the newest matter that a bureau is handling and the supervisor may know of, ""
        if there is none."""
        newest = self.running[-NEWEST:]
        classed = Exists(Act.objects.filter(case=OuterRef("pk"), act="classify"))
        known = Q(classed) | Q(opened_on__gt=day - AFTER_HAND_OVER)
        handled = Case.objects.filter(known, number__in=newest, state__in=HANDLED, protected=False)
        handled = handled.exclude(holder__code=PETITION_OFFICE)
        found = set(handled.values_list("number", flat=True))
        return next((number for number in reversed(newest) if number in found), "")

    # --- registration and splitting ---------------------------------------------------------------
    def _register(self, item: Item, plan: Plan, move: Move, uid: str) -> Call:
        office = Organ.objects.get(code=PETITION_OFFICE)
        steps, self.codes[item[1]] = steps_of(self._intake(plan, civil(item[0])), office, item[0])
        if move.special == "imported":
            steps = tuple(_imported(step) for step in steps[:1])
        return Call(steps, self.staff.by(PETITION_OFFICE, "clerk"), item[0], uid)

    def _intake(self, plan: Plan, day: date) -> Intake:
        random, road = self.random, plan.road
        matter = _matter(road, random)
        subject, content, asks = matters.worded(matter, random)
        name, address, phone = matters.person(random)
        joint = road.channel == "joint"
        channel = "visit" if joint else road.channel or random.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        anonymous = road.matter == "accusation" and random.random() < 0.4
        persons = random.randrange(6, 40) if joint else 1
        visit = ("group" if joint else "single") if channel == "visit" else ""
        return Intake(
            channel=channel,
            subject=subject,
            content=content,
            requests=asks,
            received_on=day,
            petitioner="" if anonymous else name,
            address="" if anonymous else address,
            phone="" if anonymous else phone,
            persons=persons,
            representatives=4 if joint else None,
            category=matter.category,
            proposed_class="accusation" if road.matter == "accusation" else "",
            visit_kind=visit,
        )

    def _split(self, item: Item, plan: Plan) -> None:
        day, random = item[0], self.random
        claim = matters.worded(random.choice(matters.CLAIMS), random)
        accusation = matters.worded(random.choice(matters.ACCUSATIONS), random)
        asked = Request.objects.filter(case__number=plan.numbers[PETITION]).order_by("number")
        asks = tuple(asked.values_list("number", flat=True))
        parts = (
            Part(
                proposed_class="claim",
                path="31(6)",
                subject=claim[0],
                content=claim[1],
                requests=asks,
            ),
            Part(proposed_class="accusation", subject=accusation[0], content=accusation[1]),
        )
        by = self.staff.by(PETITION_OFFICE, "clerk")
        done = split(
            plan.numbers[PETITION],
            parts,
            by=by,
            now=day,
            uid=f"sim/{self.seed}/{item[1]}/{item[2]}",
        )
        self._after(item, Outcome(done.performed))


def _rounds(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Group the moves of a day so that each matter appears once in a batch, in its own order."""
    waiting = list(items)
    while waiting:
        seen: set[int] = set()
        batch: list[Item] = []
        rest: list[Item] = []
        for item in waiting:
            (rest if item[1] in seen else batch).append(item)
            seen.add(item[1])
        yield batch
        waiting = rest


def _opened(plan: Plan, move: Move, performed: Performed) -> None:
    """Remember the number of a case that this move opened beside the one it was done in."""
    for written in performed.acts:
        if written.act not in OPENED_BY or (move.act == written.act != "lodge"):
            continue
        if written.act == "lodge":
            recheck = move.act == "request_recheck" or move.on == RECHECK
            plan.numbers[RECHECK if recheck else REVIEW] = written.case
        else:
            plan.numbers[OPENED_BY[written.act]] = written.case


def _imported(step: Step) -> Step:
    return Step(
        act=step.act,
        kind=step.kind,
        open_as=step.open_as,
        organ=step.organ,
        fields=step.fields,
        texts=step.texts,
        imported=True,
    )


def _class_of(road: Road) -> dict[str, FieldValue]:
    if road.matter == "suggestion":
        return {"class": "suggestion"}
    return {"class": "claim", "path": road.path or "31(6)"}


def _matter(road: Road, random: Random) -> matters.Matter:
    if road.matter == "suggestion":
        return random.choice(matters.SUGGESTIONS)
    if road.matter == "accusation":
        return random.choice(matters.ACCUSATIONS)
    if road.matter == "other":
        return matters.OTHER_PATHS[road.path]
    return random.choice(matters.CLAIMS)


def _cannot_lapse(number: str) -> bool:
    """Whether a right in a case has no last day, since the notice of its year is not published
    (design 1.6)."""
    return Duty.objects.filter(
        case__number=number, right=True, state="open", provisional=True
    ).exists()
