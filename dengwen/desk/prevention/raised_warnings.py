"""Warnings as pages show them: what each is about, what it rests on, how often such ones were
right."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.prevention.kind_rules import option, rules_of
from dengwen.desk.shell.code_words import names_of
from dengwen.desk.shell.seat import Seat, organ_name
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
    named = Organ.objects.filter(pk=int(organ)).first() if organ.isdecimal() else None
    division = division_on(place, row.raised_on) if place else None
    parts = [
        division.name if division else place,
        names_of(seat, "category").get(category, category),
        organ_name(named, seat.language),
    ]
    return _("，").join(part for part in parts if part)


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
    rows = Evidence.objects.filter(among(visible), digest=warning.digest).select_related("case")
    return sorted((row.case for row in rows), key=lambda case: (case.opened_on, case.number))
