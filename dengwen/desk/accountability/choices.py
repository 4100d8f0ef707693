"""What the generic page of an act offers to choose in a file of accountability, so that nobody
types ids or codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dengwen.accountability.inquiry.posts_on_day import people_of
from dengwen.accountability.measures.appeal_effects import lighter
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import APPEAL, KIND, measures_in, read_file
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.accountability.offers import Offered, as_choices
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import words_in
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Appointment, Management, Official, Organ
from dengwen.ui.components import FieldType
from dengwen.ui.form_fields import AskedField, Word, form_of, read_day, read_number

OF_THE_UNIT = frozenset({"open_inquiry", "raise_lead"})
"""Acts of other kinds that name an official beside a unit and a day: the door takes only people
of it (S 7)."""
MOST_PEOPLE = 400
"""So many people under management are offered; more than a page can list are found by the
inquiry that proposes."""
SEVERAL = frozenset({"situations", "measures", "told"})
"""Fields in which several values can be ticked."""


def choices_in(
    seat: Seat, file: CaseFile, rule: ActRule, fields: Sequence[AskedField], fresh: bool
) -> tuple[AskedField, ...]:
    """Put what there is to choose into the fields of an act of accountability; other kinds stay as
    they are.

    On a `fresh` form what can only be one thing is chosen already: who decides with the own
    sign-in.
    """
    unit = _chosen_unit(seat) if rule.id in OF_THE_UNIT else None
    if unit is not None:
        return _with_people_of(unit, fields)
    if file.kind.id not in (KIND, APPEAL):
        return tuple(fields)
    return tuple(_with_choices(seat, file, rule, field, fresh=fresh) for field in fields)


def _with_people_of(unit: UnitOnDay, fields: Sequence[AskedField]) -> tuple[AskedField, ...]:
    """Offer the people of a unit on the day of the conduct where a field asks for an official."""
    people = people_of(unit.organ, unit.day)
    if not people:
        return tuple(fields)
    return tuple(
        _chosen(field, people, fresh=False) if field.name == "official" else field
        for field in fields
    )


def _with_choices(
    seat: Seat, file: CaseFile, rule: ActRule, field: AskedField, *, fresh: bool
) -> AskedField:
    """Put what there is to choose into one field, with a hint where no lighter measure is left."""
    offered = _offered(seat, file, rule, field.name)
    if offered:
        return _chosen(field, offered, fresh=fresh)
    if rule.id == "lighten" and field.name == "instead":
        return field.but(hint=_("没有较轻的措施：维持，或者撤销"))
    return field


def _chosen(field: AskedField, offered: Offered, *, fresh: bool) -> AskedField:
    """Return a field with its choices; a fresh form ticks the only one, and all who were told."""
    typed: list[str] = []
    for text in field.typed if field.form.is_bound else ():
        typed += text.split()
    ticks_all = fresh and (len(offered) == 1 or field.name == "told")
    every = [value for value, _words in offered]
    choices = as_choices(offered, every if ticks_all else typed)
    kind: FieldType = "words" if field.name in SEVERAL else "official"
    return field.but(type=kind, choices=choices, hint="")


def _offered(seat: Seat, file: CaseFile, rule: ActRule, name: str) -> Offered:
    """Return the values of one field with their words, nothing where the generic form asks as
    well."""
    if name == rule.own_hand:
        own = Official.objects.filter(pk=seat.user.official_id or 0)
        return [(str(one.pk), one.name) for one in own]
    offer = OFFERS.get((rule.id, name))
    return offer(seat, file) if offer else ()


# --- people ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit and the day of the conduct: only its people of that day answer (S 7)."""

    organ: Organ
    day: date


def _chosen_unit(seat: Seat) -> UnitOnDay | None:
    """Return the unit and the day of the conduct as chosen, None before both are."""
    begun = {name: seat.request.GET.get(name, "") for name in ("unit", "day_of_conduct")}
    form = form_of(seat.request, {name: Word() for name in begun}, initial=begun)
    organ = _organ_with_id(form.typed("unit"))
    day = read_day(form.typed("day_of_conduct"))
    return None if organ is None or day is None else UnitOnDay(organ, day)


def _organ_with_id(text: str) -> Organ | None:
    """Return the organ with an id as typed, None for what is no id."""
    pk = read_number(text)
    return None if pk is None else Organ.objects.filter(pk=pk).first()


def _managed(seat: Seat, _file: CaseFile) -> Offered:
    """Return whom this organ may open a file about: whom it manages; a supervisory organ, anybody
    (S 16, 17).

    Once unit and day of the conduct are chosen: who held a post there on that day (S 7).
    """
    unit = _chosen_unit(seat)
    if unit is not None:
        return people_of(unit.organ, unit.day)
    managed = Management.objects.on(seat.today).filter(post__isnull=False)
    if seat.organ is None or seat.organ.kind not in SUPERVISORY:
        managed = managed.filter(manager=seat.organ)
    return _holders(managed, seat.today)


def _holders(managed: QuerySet[Management], today: date) -> Offered:
    """Return who holds one of the posts managed, each with organ and post."""
    held = Appointment.objects.on(today).filter(post__in=managed.values("post"))
    rows = held.select_related("official", "post", "post__organ")
    offered = []
    for row in rows.order_by("post__organ__code", "official__code")[:MOST_PEOPLE]:
        post = f"{row.post.organ.name_zh}{row.post.title_zh}"
        offered.append((str(row.official_id), f"{row.official.name}，{post}"))
    return offered


# --- circumstances and measures -------------------------------------------------------------------
def _situations(seat: Seat, file: CaseFile) -> Offered:
    """Return every circumstance of the rules with its article."""
    rules = rules_for(seat.today, file.case.place)
    offered = []
    for trigger, rule in rules.triggers.items():
        cite = rule.basis.cite(rules.instruments, seat.language)
        offered.append((trigger, f"{cite}　{words_in(rule, seat.language)}"))
    return offered


def _lighter(seat: Seat, file: CaseFile) -> Offered:
    """Return the measures that are lighter than the one appealed against (PSL 56(2), CSL 96(3))."""
    facts = file.view.facts
    against = str(facts.get("measure", ""))
    decided = Case.objects.filter(number=str(facts.get("decision", "")))
    place = decided.values_list("place", flat=True).first() or file.case.place
    rules = rules_for(seat.today, place)
    return [
        (measure, words_in(rule, seat.language))
        for measure, rule in rules.measures.items()
        if lighter(rules, measure, against, seat.today)
    ]


def _standing(seat: Seat, file: CaseFile) -> Offered:
    """Return the measures of the file, each once."""
    rules = rules_for(seat.today, file.case.place)
    decided = {one.measure: one.rule(rules) for one in measures_in(read_file(file.case))}
    return [
        (measure, words_in(rule, seat.language))
        for measure, rule in decided.items()
        if rule is not None
    ]


def _told(seat: Seat, file: CaseFile) -> Offered:
    """Return the organs that were told before: a correction goes to every one of them."""
    codes = read_file(file.case).circulated
    organs = Organ.objects.filter(code__in=codes).order_by("code")
    return [(organ.code, organ_name(organ, seat.language)) for organ in organs]


OFFERS: dict[tuple[str, str], Callable[[Seat, CaseFile], Offered]] = {
    ("open_own", "subject_official"): _managed,
    ("open_own", "situations"): _situations,
    ("lighten", "instead"): _lighter,
    ("correct_wrongful", "measures"): _standing,
    ("correct_wrongful", "told"): _told,
}
"""What is offered for the fields of an act, by act and field."""
