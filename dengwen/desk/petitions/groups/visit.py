"""A group arrives: how many came and about what; the number is there before all other questions."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile, blank_file
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.groups.group_page import GROUP, KIND, incident_of, refused_parts
from dengwen.desk.petitions.receipt import receipt_of
from dengwen.desk.petitions.register import GO, REGISTER
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, UNPROCESSABLE
from dengwen.desk.shell.act.code_words import place_choices, place_hint
from dengwen.desk.shell.act.filled import Filled, place_typed
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, uid_of
from dengwen.law.duties.blank_text import is_blank
from dengwen.petitions.intake.intake import HandedIn, handed_in, register
from dengwen.ui.components import FormField, Refusal

LEAST_PERSONS, MOST_PERSONS = 2, 999_999
MOST_DIGITS = 7
LONGEST_SUBJECT = 200


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Register the visit: how many came and about what."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return redirect("desk:home")
    file = blank_file(KIND, seat.organ.division_code, seat.now)
    filled = Filled()
    if seat.request.method != "POST":
        return _form(seat, file, filled)
    place = _check_visit(seat, filled)
    if filled.errors or seat.request.POST.get(GO) != REGISTER:
        return _form(seat, file, filled, unsent=not filled.errors)
    return _register(seat, file, filled, _visit(seat, place))


def _check_visit(seat: Seat, filled: Filled) -> str:
    """Return the place as a code; what is wrong with number, subject or place is noted at its
    field."""
    post = seat.request.POST
    number = post.get("persons", "").strip()
    if not number.isdecimal() or not LEAST_PERSONS <= int(number[:MOST_DIGITS]) <= MOST_PERSONS:
        filled.wrong("persons", _("请填来了多少人，两人以上。"))
    if is_blank(post.get("subject", "")):
        filled.wrong("subject", _("请写一句大家为什么来。"))
    return place_typed(seat, post.get("place", "").strip(), filled, "place")


def _visit(seat: Seat, place: str) -> HandedIn:
    """Return the visit as it is registered, from a form that was found right."""
    post = seat.request.POST
    subject = post["subject"].replace("\x00", "").strip()
    return handed_in(
        channel="visit",
        visit_kind=GROUP,
        persons=int(post["persons"].strip()),
        subject=subject[:LONGEST_SUBJECT],
        content=subject,
        received_on=seat.today,
        place=place,
    )


def _register(seat: Seat, file: CaseFile, filled: Filled, intake: HandedIn) -> HttpResponse:
    """Register the visit and show its number and code once, or say why it was refused."""
    try:
        made = register(intake, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _form(seat, file, filled, refused_parts(seat, file, "register", error))
    return seat.page(
        "petitions/groups/group_opened.html",
        "register",
        number=made.number,
        code=made.code,
        sheet=receipt_of(seat, intake, made),
        repeated=made.performed.repeated,
        incident=incident_of(seat, made.number),
    )


def _form(
    seat: Seat,
    file: CaseFile,
    filled: Filled,
    refused: list[Refusal] | None = None,
    *,
    unsent: bool = False,
) -> HttpResponse:
    """Show the form, with what was typed, what is wrong with it and what was refused."""
    status = UNPROCESSABLE if filled.errors or refused else 200
    return seat.page(
        "petitions/groups/group_new.html",
        "register",
        status,
        fields=_fields(seat, filled),
        refused=refused or [],
        uid=uid_of(seat),
        article=article_of(seat, file, file.kind.acts["register"]),
        unsent=unsent,
    )


def _fields(seat: Seat, filled: Filled) -> tuple[FormField, ...]:
    """Return the three questions: how many, about what, where."""
    post, errors = seat.request.POST, filled.errors
    persons = FormField(
        "persons",
        "number",
        _("来了多少人"),
        required=True,
        value=post.get("persons", ""),
        errors=tuple(errors.get("persons", ())),
    )
    subject = FormField(
        "subject",
        "person",
        _("为什么来（一句话）"),
        required=True,
        value=post.get("subject", ""),
        errors=tuple(errors.get("subject", ())),
    )
    place = FormField(
        "place",
        "division",
        _("问题属地"),
        value=post.get("place", ""),
        hint=place_hint(seat),
        choices=place_choices(seat, post.get("place", "")),
        errors=tuple(errors.get("place", ())),
    )
    return persons, subject, place
