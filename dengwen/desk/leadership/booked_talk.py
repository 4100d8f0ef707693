"""Booking a talk about a matter on one of the published days of reception (journey 6, step 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.perform import Performed
from dengwen.desk.leadership.roster import MOST, blank_for_clerk
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.attempt import attempt
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import numbers_of, published
from dengwen.ui.form_fields import AskedForm, OneOf, form_of

TALK, BOOK = "interview", "book"


@dataclass(frozen=True, slots=True)
class Offer:
    """The matter a talk is about, the rules of a talk, and the days that can be booked, each with
    the number of its case."""

    matter: Case
    blank: CaseFile
    slots: Sequence[Slot]
    numbers: Mapping[int, str]

    def slot(self, reception: str) -> Slot | None:
        """Return the day whose case has this number, None where none is offered."""
        return next((one for one in self.slots if self.number(one) == reception), None)

    def number(self, slot: Slot) -> str:
        """Return the number of the case of a day."""
        return self.numbers[slot.case]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def book(seat: Seat, number: str) -> HttpResponse:
    """Book a talk about a matter on one of the published days."""
    offer = _offer(seat, number)
    form = _form(seat, offer)
    slot = offer.slot(form.value("reception"))
    if slot is None:
        return _page(seat, offer, form)
    fields = booking_fields(slot, offer.number(slot), number)
    step = Step(act=BOOK, kind=TALK, fields=fields)
    made = attempt(seat, [step], offer.blank.kind.acts[BOOK])
    if not isinstance(made, Performed):
        return _page(seat, offer, form, made)
    words = _("已预约 {day} 的接访，{number}。").format(day=slot.day, number=made.case)
    messages.success(seat.request, words)
    return redirect(case_href(offer.matter.number))


def _offer(seat: Seat, number: str) -> Offer:
    """Return what can be booked for a petition; 404 for cases of other kinds and who books none."""
    matter = seat.case(number)
    blank = blank_for_clerk(seat, TALK)
    if matter.kind != "petition" or blank is None:
        raise Http404
    slots = list(published(seat.today).filter(state=SCHEDULED)[:MOST])
    return Offer(matter, blank, slots, numbers_of(slots))


def booking_fields(slot: Slot, reception: str, petition: str) -> dict[str, FieldValue]:
    """Return the fields of a booking: day, leader and organ as published."""
    return {
        "reception": reception,
        "petition": petition,
        "leader": slot.leader_id,
        "organ": slot.organ_id,
        "day": slot.day,
    }


def _page(
    seat: Seat, offer: Offer, form: AskedForm, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    """Show the days that can be booked, with what was typed and refused."""
    rule = offer.blank.kind.acts[BOOK]
    refused = sort_reasons(seat, offer.blank, rule, form, reasons)
    return seat.page(
        "leadership/present.html",
        "",
        UNPROCESSABLE if reasons or form.errors else 200,
        matter=offer.matter,
        back=case_href(offer.matter.number),
        fields=form.asked() if offer.slots else (),
        refused=refused,
        uid=uid_of(seat),
        article=article_of(seat, offer.blank, rule),
        title=headline(rule, seat.language),
        empty="" if offer.slots else _("现在没有公布的接访日。"),
    )


def _form(seat: Seat, offer: Offer) -> AskedForm:
    """Return the form that asks for one of the published days."""
    offered = [
        (offer.number(slot), f"{slot.day} {slot.hours}　{slot.leader.name}　{slot.room}")
        for slot in offer.slots
    ]
    reception = OneOf(
        pgettext("roster", "接访日"),
        type="case",
        needed=True,
        missing=_("请选择一个接访日。"),
        choices=offered,
    )
    return form_of(seat.request, {"reception": reception})
