"""A group arrives: how many came and about what; the number is there before all other questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.placed_fields import asked_at
from dengwen.cases.read.case_view import CaseFile, blank_file
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.groups.group_page import GROUP, KIND, incident_of, refused_parts
from dengwen.desk.petitions.receipt import receipt_of
from dengwen.desk.petitions.register import GO
from dengwen.desk.petitions.register_form import CHANNEL, DOOR, RECEIVED_ON
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.code_words import place_asked
from dengwen.desk.shell.act.forms import RuledForm, ruled_form
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, uid_of
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.step import FieldValue
from dengwen.petitions.intake.intake import CONTENT, PAPERS, REGISTER, HandedIn, register
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import Asked, Number, pressed, read_number

LEAST_PERSONS, MOST_PERSONS = 2, 999_999
LONGEST_SUBJECT = 200
QUESTIONS = ("persons", "subject", "place")
"""What this page asks of every group."""
SETTLED = frozenset({*QUESTIONS, CHANNEL, RECEIVED_ON, "visit_kind", CONTENT})
"""What need not be asked: it is known, or asked in words of this page."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Register the visit: how many came and about what."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return redirect("desk:home")
    file = blank_file(KIND, seat.organ.division_code, seat.now)
    form = _asked(seat, file)
    if not form.is_bound:
        return _form(seat, file, form)
    if form.errors or pressed(seat.request, GO) != REGISTER:
        return _form(seat, file, form, unsent=not form.errors)
    return _register(seat, file, form, _visit(seat, form))


class Persons(Number):
    """How many came: a group is two or more."""

    def value_of(self, text: str) -> int:
        """Return how many."""
        number = read_number(text)
        if number is None or not LEAST_PERSONS <= number <= MOST_PERSONS:
            raise ValidationError(str(self.missing))
        return number


class Cause(Asked):
    """Why they came, in a sentence that says something."""

    def value_of(self, text: str) -> str:
        """Return the sentence."""
        if is_blank(text):
            raise ValidationError(str(self.missing))
        return text


def _asked(seat: Seat, file: CaseFile) -> RuledForm:
    """Return the three questions: how many, about what, where; and whatever else the pack requires
    of a registration at the desk."""
    asked: dict[str, Asked] = {
        "persons": Persons(_("来了多少人"), needed=True, missing=_("请填来了多少人，两人以上。")),
        "subject": Cause(_("为什么来（一句话）"), needed=True, missing=_("请写一句大家为什么来。")),
        "place": place_asked(seat, _("问题属地")),
    }
    required = [
        rule
        for rule in asked_at(DOOR, file.kind.acts[REGISTER])
        if rule.required and rule.name not in SETTLED
    ]
    return ruled_form(seat, required, file, more=asked)


def _visit(seat: Seat, form: RuledForm) -> HandedIn:
    """Return the visit as it is registered, from a form that was found right."""
    subject = form.value("subject")
    said: dict[str, FieldValue] = {
        **form.values,
        **form.texts,
        CHANNEL: "visit",
        "visit_kind": GROUP,
        "persons": form.cleaned_data["persons"],
        "subject": subject[:LONGEST_SUBJECT],
        CONTENT: subject,
        RECEIVED_ON: seat.today,
        "place": form.value("place"),
    }
    said.pop(PAPERS, None)
    return HandedIn(said, papers=form.found_in(PAPERS) if PAPERS in form.fields else ())


def _register(seat: Seat, file: CaseFile, form: RuledForm, intake: HandedIn) -> HttpResponse:
    """Register the visit and show its number and code once, or say why it was refused."""
    try:
        made = register(intake, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        rule = file.kind.acts[REGISTER]
        parts = sort_reasons(seat, file, rule, form, _asked_here(form, refused.reasons))
        return _form(seat, file, form, parts)
    except EFFECT_ERRORS as error:
        return _form(seat, file, form, refused_parts(seat, file, REGISTER, error))
    return seat.page(
        "petitions/groups/group_opened.html",
        "register",
        number=made.number,
        code=made.code,
        sheet=receipt_of(seat, intake, made),
        repeated=made.performed.repeated,
        incident=incident_of(seat, made.number),
    )


def _asked_here(form: RuledForm, reasons: Sequence[Reason]) -> list[Reason]:
    """Return reasons as this page can show them: one about a field it does not ask is about the
    whole."""
    return [
        reason if reason.field in form.fields else replace(reason, field="") for reason in reasons
    ]


def _form(
    seat: Seat,
    file: CaseFile,
    form: RuledForm,
    refused: list[Refusal] | None = None,
    *,
    unsent: bool = False,
) -> HttpResponse:
    """Show the form, with what was typed, what is wrong with it and what was refused."""
    status = UNPROCESSABLE if form.errors or refused else 200
    return seat.page(
        "petitions/groups/group_new.html",
        "register",
        status,
        fields=form.asked((*QUESTIONS, *form.ruled)),
        refused=refused or [],
        uid=uid_of(seat),
        article=article_of(seat, file, file.kind.acts[REGISTER]),
        unsent=unsent,
    )
