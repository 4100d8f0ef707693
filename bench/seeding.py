"""A hundred thousand cases without a hundred thousand calls: registered matters, copied row by row.

Some matters are registered through the write door; their rows are then copied under numbers,
serials, acts and events
of their own. An event cannot be copied, for it commits to its number and is signed: each copy gets
a new one, with the
same fields, by the ledger's own `append_many`. What is not copied: texts and papers (sealed for the
act they belong
to) and the index of look-alikes. Replay and ledger check must pass afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TypeVar

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

from bench.office import World, at, intake
from dengwen.cases.case_numbers import RANDOM_DIGITS, make_number
from dengwen.cases.models import Act, Case, Duty, Party, Serial
from dengwen.ledger import event_log
from dengwen.ledger.models import Event
from dengwen.merkle.disclosure import JsonValue, open_event
from dengwen.notices.models import Outbox
from dengwen.petitions.intake.intake import register
from dengwen.petitions.models import Evaluation

TODAY = date(2025, 6, 30)
"""The day of the work list and the sweep."""
TEMPLATES = 200
ACCUSATIONS = 2
"""Of the templates: one in a hundred is an accusation against a unit that reads the list as
well."""
OVERDUE = 6
"""Of the templates: three in a hundred were registered so long ago that a duty is past its day."""
RATED = 2
"""Of the templates: one matter in a hundred was evaluated, which the page of ratings adds up by
quarters."""
RATED_ON = date(2024, 8, 1)
CHUNK = 1000
WHO = ("clerk", "clerk", "handler", "handler2", "handler3")


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class _Template:
    """A registered matter as its rows, and the fields its event discloses."""

    case: Case
    act: Act
    duties: tuple[Duty, ...]
    parties: tuple[Party, ...]
    fields: dict[str, JsonValue]
    office: str
    rated: date | None = None
    """The day on which copies were invited to be evaluated, where they were."""


class Seeding:
    """The office as it grows: the matters that are copied, and how many cases there are with
    their copies."""

    def __init__(self, world: World, most: int) -> None:
        """Register the matters to be copied; the office will hold at most `most` cases of this
        seeding."""
        self.templates = [_register(world, n) for n in range(TEMPLATES)]
        self.copies = _Copies(most - TEMPLATES)
        self.total = TEMPLATES

    def grow(self, total: int) -> int:
        """Bring the office to `total` cases of this seeding; returns how many there are."""
        self.copies.begin()
        chosen = (self.templates[n % TEMPLATES] for n in range(self.total, total))
        while some := list(islice(chosen, CHUNK)):
            self.copies.write(some)
            self.total += len(some)
        self.copies.finish()
        return self.total


def _register(world: World, number: int) -> _Template:
    """Register one of the matters to be copied, and return its rows."""
    accused = (world.organ("YJ02"),) if number < ACCUSATIONS else ()
    who = "clerk" if accused else WHO[number % len(WHO)]
    done = register(
        intake(number, accused=accused, requests=()),
        by=world.by(who),
        now=at(_registered_on(number)),
        uid=world.uid(),
    )
    case = Case.objects.get(number=done.number)
    act = Act.objects.filter(case=case).order_by("seq")[0]
    return _Template(
        case,
        act,
        tuple(Duty.objects.filter(case=case, opened_by=act)),
        tuple(Party.objects.filter(case=case, act=act)),
        _own_fields(act),
        case.office,
        RATED_ON if number >= TEMPLATES - RATED else None,
    )


def _registered_on(number: int) -> date:
    """Return the day on which one of the matters to be copied was registered."""
    overdue = ACCUSATIONS <= number < ACCUSATIONS + OVERDUE
    return TODAY - timedelta(days=40 + number if overdue else number % 10)


def _own_fields(act: Act) -> dict[str, JsonValue]:
    """Return the fields that the event of an act discloses, but for those of the system."""
    event = Event.objects.get(uid=act.uid)
    fields = open_event(bytes(event.manifest), event.disclosures.split("\n"))
    return {name: value for name, value in fields.items() if name not in event_log.SYSTEM_FIELDS}


@dataclass(frozen=True)
class _Copy:
    """One copy: its case and act, and the template its other rows are copied from."""

    template: _Template
    case: Case
    act: Act

    @property
    def is_told(self) -> bool:
        """Whether the office that holds the case has a notice of it."""
        return not self.case.protected

    def duties(self) -> Iterator[Duty]:
        """Yield the duties of the template, moved to this case."""
        for duty in self.template.duties:
            yield _moved(duty, case=self.case.pk, opened_by=self.act.pk)

    def parties(self) -> Iterator[Party]:
        """Yield the parties of the template, moved to this case."""
        for party in self.template.parties:
            yield _moved(party, case=self.case.pk, act=self.act.pk)


class _Copies:
    """Writes copies, with numbers and serials of their own."""

    def __init__(self, total: int) -> None:
        self.drawn = random.Random(7).sample(range(10**RANDOM_DIGITS), total + CHUNK)
        self.known: set[str] = set()
        self.case, self.act, self.serials = 0, 0, dict[tuple[str, int], int]()

    def begin(self) -> None:
        """Go on after the rows that others wrote since: the sweep writes acts of its own."""
        self.known = set(Case.objects.values_list("number", flat=True))
        self.case = 1 + (Case.objects.aggregate(last=Max("pk"))["last"] or 0)
        self.act = 1 + (Act.objects.aggregate(last=Max("pk"))["last"] or 0)
        self.serials = {(s.office, s.year): s.last for s in Serial.objects.all()}

    def write(self, templates: list[_Template]) -> None:
        """Write one chunk in one transaction."""
        made = [self._one(template) for template in templates]
        with transaction.atomic():
            events = event_log.append_many(
                self._draft(one.template, one.case, one.act) for one in made
            )
            for one, event in zip(made, events, strict=True):
                one.case.head = event.hash
            Case.objects.bulk_create([one.case for one in made])
            Act.objects.bulk_create([one.act for one in made])
            Duty.objects.bulk_create([duty for one in made for duty in one.duties()])
            Party.objects.bulk_create([party for one in made for party in one.parties()])
            Outbox.objects.bulk_create(
                [_told(one.case, one.act, one.template.office) for one in made if one.is_told]
            )
            Evaluation.objects.bulk_create(
                [_rated(one.case, one.template.rated) for one in made if one.template.rated]
            )

    def _one(self, template: _Template) -> _Copy:
        """Copy case and act of a template under ids, number and serial of their own."""
        case, act = copy(template.case), copy(template.act)
        office = (case.office, case.year)
        self.serials[office] += 1
        case.pk, case.serial, case.seq = self.case, self.serials[office], 1
        case.number = self._number(case)
        act.pk, act.case_id, act.call = self.act, case.pk, f"seed/{self.case}"
        act.uid = f"{act.call}/0"
        self.case, self.act = self.case + 1, self.act + 1
        return _Copy(template, case, act)

    def _number(self, case: Case) -> str:
        """Return a number nobody has: among so many, one in a billion is met now and then."""
        while True:
            number = make_number(case.office, case.year, f"{self.drawn.pop():0{RANDOM_DIGITS}}")
            if number not in self.known:
                return number

    def _draft(self, template: _Template, case: Case, act: Act) -> event_log.Draft:
        """Return the event of a copy, with the fields of its template and numbers of its own."""
        serial = f"{case.office}/{case.year}/{case.serial}"
        fields = {**template.fields, "call": act.call, "serial": serial}
        return event_log.Draft(
            act.uid, case.number, 1, event_log.NO_EVENT, act.recorded_at, None, fields
        )

    def finish(self) -> None:
        """Leave serials and sequences where the write door goes on."""
        for (office, year), last in self.serials.items():
            Serial.objects.filter(office=office, year=year).update(last=last)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Case, Act]):
                cursor.execute(statement)
            cursor.execute("ANALYZE")


def _told(case: Case, act: Act, office: str) -> Outbox:
    """Return a notice sent to the office that holds the case, as another office's act would have
    queued it."""
    return Outbox(
        uid=f"{case.number}/1/organ/{office}",
        case_number=case.number,
        channel="screen",
        recipient="organ",
        recipient_ref=office,
        body="",
        created_at=act.recorded_at,
        not_before=act.recorded_at,
        sent_at=act.recorded_at,
    )


def _rated(case: Case, day: date) -> Evaluation:
    """Return a rating given a fortnight after the invitation; a copy has no case of evaluation
    but its own."""
    level = ("satisfied", "basically", "dissatisfied")[case.pk % 3]
    return Evaluation(
        case_id=case.pk,
        petition_id=case.pk,
        competent_id=case.holder_id,
        opened_on=day,
        competent_level=level,
        channel="phone",
        rated_on=day + timedelta(days=14),
    )


def _moved(row: Row, **ids: int) -> Row:
    """Copy a row under a new id, with other rows to refer to."""
    fresh = copy(row)
    fresh.pk = None
    for name, value in ids.items():
        setattr(fresh, f"{name}_id", value)
    return fresh
