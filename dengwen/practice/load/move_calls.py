"""The calls that the moves of a plan become: who does them, with which fields and texts."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.wall.visibility import AFTER_HAND_OVER
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import Call, Performed
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import HandedIn, handed_in, steps_of
from dengwen.petitions.intake.member_list import Person
from dengwen.petitions.intake.split import Part, split
from dengwen.petitions.models import Request
from dengwen.practice.district import matters
from dengwen.practice.district.staff import DISCIPLINE as DISCIPLINE_CODE
from dengwen.practice.district.staff import PETITION_OFFICE, Staff
from dengwen.practice.load.act_texts import texts_of
from dengwen.practice.load.roads import (
    DISCIPLINE,
    OFFICE,
    ORGAN,
    OTHER,
    PETITION,
    RECHECK,
    REVIEW,
    Move,
    Road,
)
from dengwen.practice.load.timetable_plan import CHANGE, Plan

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
RUNNING = "@running"
"""The word for the earlier matter that a letter repeats."""
NUMBERS = {"@number": PETITION, "@review": REVIEW}
"""Words that stand for the number of a case of the matter."""
CHANNELS = ("network", "letter", "phone", "visit", "fax")
CHANNEL_WEIGHTS = (52, 18, 14, 15, 1)


class Item(NamedTuple):
    """One thing to be done: when, the number of its plan or script, and the place in that."""

    instant: datetime
    number: int
    place: int


class Caller:
    """Makes the call of each move, with what is drawn for it and what earlier moves left behind."""

    def __init__(self, random: Random, staff: Staff, seed: int) -> None:
        self.random = random
        self.staff = staff
        self.seed = seed
        self.codes: dict[int, str] = {}
        """Query codes of matters just registered, by number of the plan."""
        self.running: list[str] = []
        """Numbers of the claims registered, the newest last."""
        self.people: dict[int, Person] = {}
        """Who wrote the matters just registered, by number of the plan."""
        self.askers: dict[str, Person] = {}
        """Who asks in each matter, by its number."""
        self.theirs: defaultdict[str, list[str]] = defaultdict(list)
        """Numbers of the claims by the name of who asks, the newest last."""

    def call(self, item: Item, plan: Plan, move: Move) -> Call:
        """Return the call of one move."""
        if move.special in ("register", "imported") and item.place == 0:
            return self._register(item, plan, move)
        step = self._step(item, plan, move)
        holder = self._place(plan, move)
        answers = _answers(step, item.instant)
        by = self.staff.by(holder, move.part)
        return Call((*answers, step), by, item.instant, self._uid(item))

    def split(self, item: Item, plan: Plan) -> Performed:
        """Split a mixed letter into a claim and an accusation, and return what was written."""
        claim = matters.worded(self.random.choice(matters.CLAIMS), self.random)
        accusation = matters.worded(self.random.choice(matters.ACCUSATIONS), self.random)
        number = plan.numbers[PETITION]
        asked = Request.objects.filter(case__number=number).order_by("number")
        parts = (
            Part(
                proposed_class="claim",
                path="31(6)",
                subject=claim[0],
                content=claim[1],
                requests=tuple(asked.values_list("number", flat=True)),
            ),
            Part(proposed_class="accusation", subject=accusation[0], content=accusation[1]),
        )
        clerk = self.staff.by(PETITION_OFFICE, "clerk")
        done = split(number, parts, by=clerk, now=item.instant, uid=self._uid(item))
        return done.performed

    def begun(self, number: str, plan: int, *, claim: bool) -> None:
        """Note a matter just registered: who asks in it, and whether others may repeat it."""
        self.askers[number] = self.people.pop(plan)
        if claim:
            self.running.append(number)
            self.theirs[self.askers[number].name].append(number)

    def repeated(self, plan: Plan, day: date) -> str:
        """Return the newest matter of the same petitioner that a bureau is handling, "" if there is
        none: what other people raise about the same matter repeats nothing."""
        number = plan.numbers[PETITION]
        return self._handled(self.theirs[self.askers[number].name], day)

    def _handled(self, numbers: Sequence[str], day: date) -> str:
        """Return the newest matter that a bureau is handling and the supervisor may know of, ""
        if there is none."""
        newest = numbers[-NEWEST:]
        classed = Exists(Act.objects.filter(case=OuterRef("pk"), act="classify"))
        known = Q(classed) | Q(opened_on__gt=day - AFTER_HAND_OVER)
        handled = Case.objects.filter(known, number__in=newest, state__in=HANDLED, protected=False)
        handled = handled.exclude(holder__code=PETITION_OFFICE)
        found = set(handled.values_list("number", flat=True))
        return next((number for number in reversed(newest) if number in found), "")

    def _uid(self, item: Item) -> str:
        return f"sim/{self.seed}/{item.number}/{item.place}"

    # --- who does it ------------------------------------------------------------------------------
    def _place(self, plan: Plan, move: Move) -> str:
        """Return the code of the organ in which a move is done."""
        if move.where:
            places = {
                OFFICE: PETITION_OFFICE,
                ORGAN: plan.organ,
                OTHER: plan.other,
                DISCIPLINE: DISCIPLINE_CODE,
            }
            return places[move.where]
        number = plan.numbers.get(move.on)
        if number is None:  # a request that comes too late goes straight to the organ above
            return HIGHER if move.on == REVIEW else "SZF"
        holders = Organ.objects.filter(held_cases__number=number)
        return holders.values_list("code", flat=True).first() or HIGHER

    # --- what it says -----------------------------------------------------------------------------
    def _step(self, item: Item, plan: Plan, move: Move) -> Step:
        """Return the step of a move by the rules in force on its day."""
        day = civil(item.instant)
        kind = move.on if move.on in (REVIEW, RECHECK) else PETITION
        rule = rulebooks.in_force(day, "", item.instant).book.kind(kind).acts[move.act]
        fields = self._fields(plan, move, day)
        if rule.approves:
            number = plan.numbers[move.on]
            fields[SHOWN] = newest_digest(number, move.act, item.instant, day, fields)
        texts = texts_of(rule, kind, _regulation(day))
        if move.act == "lodge":
            concerns = (("concerns", plan.numbers[PETITION]),)
            return Step(
                act=move.act,
                kind=kind,
                fields=fields,
                texts=texts,
                links=concerns,
                imported=move.special == "imported",
            )
        return Step(
            act=move.act,
            case=plan.numbers[move.on],
            fields=fields,
            texts=texts,
            imported=move.special == "imported",
        )

    def _fields(self, plan: Plan, move: Move, day: date) -> dict[str, FieldValue]:
        """Return the fields of a move, those of a classification from its road."""
        fields = {name: self._value(value, plan, day) for name, value in move.fields.items()}
        if move.special == "classify":
            fields |= _class_of(plan.road)
        return fields

    def _value(self, value: object, plan: Plan, day: date) -> FieldValue:
        """Return the value of a field; words with "@" stand for what only the run knows."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value  # type: ignore[return-value]  # a plain code, flag or number
        if value.startswith("@day"):
            return day + timedelta(days=int(value.removeprefix("@day") or 0))
        organs = _organs_of(plan)
        if value in organs:
            return self.staff.organs[organs[value]]
        if value in NUMBERS:
            return plan.numbers[NUMBERS[value]]
        return self._made(value, plan, day)

    def _made(self, word: str, plan: Plan, day: date) -> str:
        """Return what is drawn, digested or looked up for a word."""
        if word == "@outcome":
            return self._outcome(plan, day)
        if word == "@way":
            return self.random.choice(("direct", "post", "network"))
        if word == "@digest":
            return self._digest(plan, day)
        if word == RUNNING:
            return self.repeated(plan, day)
        raise LookupError(f"{word} stands for nothing")

    def _outcome(self, plan: Plan, day: date) -> str:
        """Draw the outcome of an opinion; a supported matter is always supported."""
        if plan.road.matter == "supported":
            return "support"
        # Since 2022 what is supported is promised and proved: those matters have roads of their
        # own.
        supported = 0 if day >= CHANGE else 5
        return self.random.choices(("support", "explain", "not_support"), (supported, 3, 2))[0]

    def _digest(self, plan: Plan, day: date) -> str:
        named = f"{self.seed}/{plan.numbers[PETITION]}/{day}"
        return hashlib.sha256(named.encode()).hexdigest()

    # --- registration -----------------------------------------------------------------------------
    def _register(self, item: Item, plan: Plan, move: Move) -> Call:
        """Return the call that registers the matter a road begins with."""
        office = Organ.objects.get(code=PETITION_OFFICE)
        intake = self._intake(item.number, plan.road, civil(item.instant))
        steps, code = steps_of(intake, office, item.instant)
        self.codes[item.number] = code
        if move.special == "imported":
            steps = tuple(_imported(step) for step in steps[:1])
        by = self.staff.by(PETITION_OFFICE, "clerk")
        return Call(steps, by, item.instant, self._uid(item))

    def _person(self, road: Road, day: date) -> Person:
        """Draw who writes: on a road that repeats something, whoever asked for that."""
        name, address, phone = matters.person(self.random)
        person = Person(name, phone, address)
        repeats = any(RUNNING in move.fields.values() for move in road.moves)
        earlier = self._handled(self.running, day) if repeats else ""
        return self.askers[earlier] if earlier else person

    def _intake(self, plan: int, road: Road, day: date) -> HandedIn:
        """Draw the letter or visit a road begins with."""
        random = self.random
        matter = _matter(road, random)
        subject, content, asks = matters.worded(matter, random)
        person = self.people[plan] = self._person(road, day)
        joint = road.channel == "joint"
        channel = self._channel(road)
        accusation = road.matter == "accusation"
        anonymous = accusation and random.random() < 0.4
        persons = random.randrange(6, 40) if joint else 1
        group = "group" if joint else "single"
        return handed_in(
            channel=channel,
            subject=subject,
            content=content,
            requests=asks,
            received_on=day,
            petitioner="" if anonymous else person.name,
            address="" if anonymous else person.address,
            phone="" if anonymous else person.phone,
            persons=persons,
            representatives=4 if joint else None,
            category=matter.category,
            proposed_class="accusation" if accusation else "",
            visit_kind=group if channel == "visit" else "",
        )

    def _channel(self, road: Road) -> str:
        """Return the channel of a road; drawn where it leaves it open."""
        if road.channel == "joint":
            return "visit"
        return road.channel or self.random.choices(CHANNELS, CHANNEL_WEIGHTS)[0]


def _regulation(day: date) -> str:
    """Return the short name of the regulation in force on a day."""
    return "R22" if day >= CHANGE else "R05"


def _answers(step: Step, moment: datetime) -> tuple[Step, ...]:
    """Return an answer to each request of the matter before its opinion is drafted, as the
    opinion goes."""
    if step.act != "draft":
        return ()
    day = civil(moment)
    acts = rulebooks.in_force(day, "", moment).book.kind(PETITION).acts
    asked = Request.objects.filter(case__number=step.case).order_by("number")
    return tuple(
        Step(
            act="decide_request",
            case=step.case,
            fields={"request": number, "request_outcome": step.fields["outcome"]},
            texts=texts_of(acts["decide_request"], PETITION, _regulation(day)),
        )
        for number in asked.values_list("number", flat=True)
    )


def _organs_of(plan: Plan) -> Mapping[str, str]:
    """Return the codes of the organs that words with "@" stand for."""
    return {
        "@organ": plan.organ,
        "@other": plan.other,
        "@higher": HIGHER,
        "@court": COURT,
        "@discipline": DISCIPLINE_CODE,
    }


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
    """Return the class of a matter, and the path it takes."""
    if road.matter == "suggestion":
        return {"class": "suggestion"}
    return {"class": "claim", "path": road.path or "31(6)"}


def _matter(road: Road, random: Random) -> matters.Matter:
    """Draw what a matter is about."""
    if road.matter == "suggestion":
        return random.choice(matters.SUGGESTIONS)
    if road.matter == "accusation":
        return random.choice(matters.ACCUSATIONS)
    if road.matter == "other":
        return matters.OTHER_PATHS[road.path]
    return random.choice(matters.CLAIMS)
