"""The list of inquiries (核查): those this seat may see, the open ones first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dengwen.accountability.inquiry.queries import KIND, read_inquiry
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.inquiries.inquiry_page import PAGE, unit_name
from dengwen.desk.shell.frame.seat import Seat, at_desk

MOST = 100
"""Inquiries listed: the newest; older ones are found by their number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One inquiry of the list; `open` counts the points of a defence that wait for an answer."""

    href: str
    number: str
    opened: date
    unit: str
    state: str
    people: int
    open: int
    done: bool


@require_safe
@at_desk
def inquiries(seat: Seat) -> HttpResponse:
    """List the inquiries this seat may see, those still open first."""
    visible = for_user(seat.viewer, seat.today).filter(kind=KIND)
    newest = visible.order_by("-opened_on", "-pk")[:MOST]
    lines = [_line(seat, case) for case in newest]
    lines.sort(key=lambda line: line.done)
    return seat.page(
        "accountability/inquiries/inquiry_list.html",
        PAGE,
        lines=lines,
        begin=_begin_href(seat),
    )


def _line(seat: Seat, case: Case) -> Line:
    """Return the line of one inquiry."""
    made = read_inquiry(case)
    file = read_file(case, seat.now)
    return Line(
        href=reverse("desk:inquiry", args=[case.number]),
        number=case.number,
        opened=case.opened_on,
        unit=unit_name(seat, made),
        state=state_words(file, seat.language),
        people=len(made.officials),
        open=len(made.unanswered()),
        done=made.concluded is not None,
    )


def _begin_href(seat: Seat) -> str:
    """Return where an inquiry is opened by hand, "" for a seat that opens none."""
    if "router" not in seat.capacities:
        return ""
    return reverse("desk:open", args=["inquiry", "open_inquiry"])
