"""Warnings as pages show them: what each is about, what it rests on, how often such ones were
right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.prevention.kind_rules import option, rules_of
from dengwen.desk.shell.act.code_words import names_of
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.packs.rules import KindRule
from dengwen.organs.models import Organ
from dengwen.organs.structure.lines import division_on
from dengwen.prevention.models import Evidence, RaisedWarning
from dengwen.prevention.watch import Record, records


@dataclass(frozen=True, slots=True)
class Turned:
    """How the warnings of one detector turned out, in words."""

    name: str
    record: Record


def warning_title(seat: Seat, case: Case, rule: KindRule) -> str:
    """Return what a warning is about in words: how it was found, the place and category, or the
    organ."""
    row = RaisedWarning.objects.filter(case=case).first()
    if row is None:
        return case.number
    what = option(rule, "raise", "detector", row.detector, seat)
    about = _subject_words(seat, row)
    if not about:
        return what
    return _("%(what)s（%(about)s）") % {"what": capfirst(what), "about": about}


def _subject_words(seat: Seat, row: RaisedWarning) -> str:
    """Return the place, category and organ a warning names, "" where it names none of them."""
    place, category, organ = [*row.subject.split("|"), "", ""][:3]
    parts = [
        _place_words(place, row.raised_on),
        names_of(seat, "category").get(category, category),
        _organ_words(seat, organ),
    ]
    return _("，").join(part for part in parts if part)


def _place_words(place: str, day: date) -> str:
    """Return the name of a place on a day; its code where the registry does not know it."""
    division = division_on(place, day) if place else None
    return division.name if division else place


def _organ_words(seat: Seat, organ: str) -> str:
    """Return the name of an organ by its id, "" where none is named."""
    if not organ.isdecimal():
        return ""
    named = Organ.objects.filter(pk=int(organ)).first()
    return organ_name(named, seat.language)


def turned_out(seat: Seat) -> list[Turned]:
    """Return how often the warnings of each detector were right."""
    rule = rules_of(seat, "warning")
    if rule is None:
        return []
    return [
        Turned(option(rule, "raise", "detector", name, seat), record)
        for name, record in records().items()
    ]


def evidence_of(seat: Seat, warning: RaisedWarning) -> list[Case]:
    """Return the matters a warning rests on that this seat may see; protected ones are never
    among them."""
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    evidence = Evidence.objects.filter(among(visible), digest=warning.digest)
    cases = [row.case for row in evidence.select_related("case")]
    return sorted(cases, key=lambda case: (case.opened_on, case.number))
