"""What the generic page of an act offers to choose in a file of accountability, so that nobody
types ids or codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dengwen.accountability.inquiry.posts_on_day import people_of
from dengwen.accountability.measures.appeal_effects import lighter
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import APPEAL, KIND, measures_in, read_file
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Appointment, Management, Official, Organ
from dengwen.ui.components import Choice, FormField

MOST_DIGITS = 12
OF_THE_UNIT = frozenset({"open_inquiry", "raise_lead"})
"""Acts of other kinds that name an official beside a unit and a day: the door takes only people
of it (S 7)."""
MOST_PEOPLE = 400
"""So many people under management are offered; more than a page can list are found by the
inquiry that proposes."""
NOTHING_LIGHTER = ("没有较轻的措施：维持，或者撤销", "nothing is lighter: uphold or revoke")
Offered = Sequence[tuple[str, str]]


def choices_in(
    seat: Seat, file: CaseFile, rule: ActRule, fields: Sequence[FormField], fresh: bool
) -> tuple[FormField, ...]:
    """Put what there is to choose into the fields of an act of accountability; other kinds stay as
    they are.

    On a `fresh` form what can only be one thing is chosen already: who decides with the own
    sign-in.
    """
    if rule.id in OF_THE_UNIT and (chosen := _chosen_unit(seat)) is not None:
        people = people_of(*chosen)
        return tuple(
            _chosen(seat, f, people, fresh=False) if f.name == "official" and people else f
            for f in fields
        )
    if file.kind.id not in (KIND, APPEAL):
        return tuple(fields)
    found: list[FormField] = []
    for field in fields:
        offered = _offered(seat, file, rule, field.name)
        if rule.id == "lighten" and field.name == "instead" and not offered:
            found.append(replace(field, hint=NOTHING_LIGHTER[seat.language != "zh"]))
        else:
            found.append(field if not offered else _chosen(seat, field, offered, fresh=fresh))
    return tuple(found)


def _chosen(seat: Seat, field: FormField, offered: Offered, *, fresh: bool) -> FormField:
    typed = [w for text in seat.request.POST.getlist(field.name) for w in text.split()]
    only = fresh and len(offered) == 1
    told = fresh and field.name == "told"
    choices = tuple(Choice(value, text, value in typed or only or told) for value, text in offered)
    several = field.name in ("situations", "measures", "told")
    return replace(field, type="words" if several else "official", choices=choices, hint="")


def _offered(seat: Seat, file: CaseFile, rule: ActRule, name: str) -> Offered:
    """Return the values of one field with their words, nothing where the generic form asks as
    well."""
    if name == rule.own_hand:
        return [
            (str(one.pk), one.name)
            for one in Official.objects.filter(pk=seat.user.official_id or 0)
        ]
    if rule.id == "open_own":
        return {"subject_official": _managed, "situations": _situations}.get(name, _nothing)(
            seat, file
        )
    if rule.id == "lighten" and name == "instead":
        return _lighter(seat, file)
    if rule.id == "correct_wrongful":
        return {"measures": _standing, "told": _told}.get(name, _nothing)(seat, file)
    return ()


def _nothing(_seat: Seat, _file: CaseFile) -> Offered:
    return ()


def _chosen_unit(seat: Seat) -> tuple[Organ, date] | None:
    """Return the unit and the day of the conduct as chosen, once both are: only its people of
    that day are offered."""
    given = {**seat.request.GET.dict(), **seat.request.POST.dict()}
    unit = str(given.get("unit", ""))
    day = read_day(str(given.get("day_of_conduct", "")))
    organ = (
        Organ.objects.filter(pk=int(unit)).first()
        if unit.isdecimal() and len(unit) < MOST_DIGITS
        else None
    )
    return None if organ is None or day is None else (organ, day)


def _managed(seat: Seat, _file: CaseFile) -> Offered:
    """Return whom this organ may open a file about: whom it manages; a supervisory organ, anybody
    (S 16, 17).

    Once unit and day of the conduct are chosen: who held a post there on that day (S 7).
    """
    chosen = _chosen_unit(seat)
    if chosen is not None:
        return people_of(*chosen)
    rows = Management.objects.on(seat.today).filter(post__isnull=False)
    if seat.organ is None or seat.organ.kind not in SUPERVISORY:
        rows = rows.filter(manager=seat.organ)
    held = (
        Appointment.objects.on(seat.today)
        .filter(post__in=rows.values("post"))
        .select_related("official", "post", "post__organ")
    )
    return [
        (str(a.official_id), f"{a.official.name}，{a.post.organ.name_zh}{a.post.title_zh}")
        for a in held.order_by("post__organ__code", "official__code")[:MOST_PEOPLE]
    ]


def _situations(seat: Seat, file: CaseFile) -> Offered:
    rules, index = rules_for(seat.today, file.case.place), int(seat.language != "zh")
    return [
        (id_, f"{rule.basis.cite(rules.instruments, seat.language)}　{(rule.zh, rule.en)[index]}")
        for id_, rule in rules.triggers.items()
    ]


def _lighter(seat: Seat, file: CaseFile) -> Offered:
    """Return the measures that are lighter than the one appealed against (PSL 56(2), CSL 96(3))."""
    place = (
        Case.objects.values_list("place", flat=True)
        .filter(number=str(file.view.facts.get("decision", "")))
        .first()
    )
    rules, index = rules_for(seat.today, place or file.case.place), int(seat.language != "zh")
    against = str(file.view.facts.get("measure", ""))
    return [
        (id_, (r.zh, r.en)[index])
        for id_, r in rules.measures.items()
        if lighter(rules, id_, against, seat.today)
    ]


def _standing(seat: Seat, file: CaseFile) -> Offered:
    rules, index = rules_for(seat.today, file.case.place), int(seat.language != "zh")
    ids = dict.fromkeys(m.measure for m in measures_in(read_file(file.case)))
    return [
        (id_, (rules.measures[id_].zh, rules.measures[id_].en)[index])
        for id_ in ids
        if id_ in rules.measures
    ]


def _told(seat: Seat, file: CaseFile) -> Offered:
    """Return the organs that were told before: a correction goes to every one of them."""
    codes = read_file(file.case).circulated
    return [
        (o.code, organ_name(o, seat.language))
        for o in Organ.objects.filter(code__in=codes).order_by("code")
    ]
