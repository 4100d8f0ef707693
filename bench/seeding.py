"""A hundred thousand cases without a hundred thousand calls: registered matters, copied row by row.

Some matters are registered through the write door; their rows are then copied under numbers, serials, acts and events
of their own. An event cannot be copied, for it commits to its number and is signed: each copy gets a new one, with the
same fields, by the ledger's own `append_many`. What is not copied: texts and papers (sealed for the act they belong
to) and the index of look-alikes. Replay and ledger check must pass afterwards.
"""

from __future__ import annotations

import random
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TypeVar

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

from bench.office import World, at, intake
from dengwen.cases.models import Act, Case, Duty, Party, Serial
from dengwen.cases.numbers import RANDOM_DIGITS, make_number
from dengwen.ledger import log
from dengwen.ledger.models import Event
from dengwen.merkle.disclosure import JsonValue, open_event
from dengwen.petitions.intake import register

TODAY = date(2025, 6, 30)
"""The day of the work list and the sweep."""
TEMPLATES = 200
ACCUSATIONS = 2
"""Of the templates: one in a hundred is an accusation against a unit that reads the list as well."""
OVERDUE = 6
"""Of the templates: three in a hundred were registered so long ago that a duty is past its day."""
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


def seed(world: World, total: int) -> int:
    """Bring the office to `total` more cases; returns how many."""
    templates = [_register(world, n) for n in range(TEMPLATES)]
    copies = _Copies(total - TEMPLATES)
    chosen = (templates[n % TEMPLATES] for n in range(total - TEMPLATES))
    while some := list(islice(chosen, CHUNK)):
        copies.write(some)
    copies.finish()
    return total


def _register(world: World, number: int) -> _Template:
    accused = (world.organ("YJ02"),) if number < ACCUSATIONS else ()
    overdue = ACCUSATIONS <= number < ACCUSATIONS + OVERDUE
    day = TODAY - timedelta(days=40 + number if overdue else number % 10)
    who = "clerk" if accused else WHO[number % len(WHO)]
    done = register(intake(number, accused=accused, requests=()), by=world.by(who), now=at(day), uid=world.uid())
    case = Case.objects.get(number=done.number)
    act = Act.objects.filter(case=case).order_by("seq")[0]
    event = Event.objects.get(uid=act.uid)
    fields = open_event(bytes(event.manifest), event.disclosures.split("\n"))
    own = {name: value for name, value in fields.items() if name not in log.SYSTEM_FIELDS}
    duties = tuple(Duty.objects.filter(case=case, opened_by=act))
    return _Template(case, act, duties, tuple(Party.objects.filter(case=case, act=act)), own)


class _Copies:
    """Writes copies, with numbers and serials of their own."""

    def __init__(self, total: int) -> None:
        self.drawn = random.Random(7).sample(range(10**RANDOM_DIGITS), total + CHUNK)
        self.known = set(Case.objects.values_list("number", flat=True))
        self.case = 1 + (Case.objects.aggregate(last=Max("pk"))["last"] or 0)
        self.act = 1 + (Act.objects.aggregate(last=Max("pk"))["last"] or 0)
        self.serials = {(s.office, s.year): s.last for s in Serial.objects.all()}

    def write(self, templates: list[_Template]) -> None:
        """Write one chunk in one transaction."""
        made = [self._one(t) for t in templates]
        with transaction.atomic():
            events = log.append_many(self._draft(t, case, act) for t, (case, act) in zip(templates, made, strict=True))
            for (case, _), event in zip(made, events, strict=True):
                case.head = event.hash
            Case.objects.bulk_create([case for case, _ in made])
            Act.objects.bulk_create([act for _, act in made])
            Duty.objects.bulk_create(
                _moved(duty, case=case.pk, opened_by=act.pk)
                for t, (case, act) in zip(templates, made, strict=True) for duty in t.duties
            )
            Party.objects.bulk_create(
                _moved(party, case=case.pk, act=act.pk)
                for t, (case, act) in zip(templates, made, strict=True) for party in t.parties
            )

    def _one(self, template: _Template) -> tuple[Case, Act]:
        case, act = copy(template.case), copy(template.act)
        office = (case.office, case.year)
        self.serials[office] += 1
        case.pk, case.serial, case.seq = self.case, self.serials[office], 1
        case.number = self._number(case)
        act.pk, act.case_id, act.call = self.act, case.pk, f"seed/{self.case}"
        act.uid = f"{act.call}/0"
        self.case, self.act = self.case + 1, self.act + 1
        return case, act

    def _number(self, case: Case) -> str:
        """Return a number nobody has: among so many, one in a billion is met now and then."""
        while True:
            number = make_number(case.office, case.year, f"{self.drawn.pop():0{RANDOM_DIGITS}}")
            if number not in self.known:
                return number

    def _draft(self, template: _Template, case: Case, act: Act) -> log.Draft:
        serial = f"{case.office}/{case.year}/{case.serial}"
        fields = {**template.fields, "call": act.call, "serial": serial}
        return log.Draft(act.uid, case.number, 1, log.NO_EVENT, act.recorded_at, None, fields)

    def finish(self) -> None:
        """Leave serials and sequences where the write door goes on."""
        for (office, year), last in self.serials.items():
            Serial.objects.filter(office=office, year=year).update(last=last)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Case, Act]):
                cursor.execute(statement)
            cursor.execute("ANALYZE")


def _moved(row: Row, **ids: int) -> Row:
    fresh = copy(row)
    fresh.pk = None
    for name, value in ids.items():
        setattr(fresh, f"{name}_id", value)
    return fresh

