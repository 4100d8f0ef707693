"""The list of inquiries (核查): those this seat may see, the open ones first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Q, QuerySet, When
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from dengwen.accountability.inquiry.queries import KIND, read_inquiry
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.inquiries.inquiry_page import PAGE, unit_name
from dengwen.desk.shell.frame.seat import Seat, at_desk
from dengwen.ui.cells import day, linked, number, words
from dengwen.ui.form_fields import OneOf
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf

CONCLUDED = "concluded"
"""The state into which the conclusion brings an inquiry, and nothing brings it out of."""
INQUIRIES = ListOf(
    caption=_lazy("核查件"),
    columns=(
        Column("unit", _lazy("被核查单位"), linked("unit")),
        Column("opened", _lazy("启动"), day("opened"), sort=("opened_on",)),
        Column("people", pgettext_lazy("inquiries", "人员"), number("people")),
        Column("points", _lazy("待答复的申辩"), number("open")),
        Column("state", _lazy("状态"), words("state")),
    ),
    nothing=_lazy("没有可以看到的核查。"),
    order=_lazy("没有办结的在前，新的在前"),
)


class Wanted(ListFilter):
    """The inquiries that run, or those that are concluded."""

    done = OneOf(
        label=_lazy("是否办结"),
        choices=[("no", _lazy("没有办结")), ("yes", _lazy("已经办结"))],
    )


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


@require_safe
@at_desk
def inquiries(seat: Seat) -> HttpResponse:
    """List the inquiries this seat may see, those still open first."""
    wanted = Wanted(seat.request.GET)
    table = INQUIRIES.shown(
        seat.request.GET,
        _open_first(seat, wanted),
        lambda cases: [_line(seat, case) for case in cases],
        wanted,
    )
    return seat.page(
        "accountability/inquiries/inquiry_list.html",
        PAGE,
        table.status,
        table=table,
        begin=_begin_href(seat),
    )


def _open_first(seat: Seat, wanted: Wanted) -> QuerySet[Case]:
    """Return the inquiries this seat may see and asks for."""
    visible = for_user(seat.viewer, seat.today).filter(kind=KIND)
    concluded = Q(state=CONCLUDED)
    if "done" in wanted.chosen:
        visible = visible.filter(concluded if wanted.chosen["done"] == "yes" else ~concluded)
    return visible.order_by(Choose(When(concluded, then=1), default=0), "-opened_on", "-pk")


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
    )


def _begin_href(seat: Seat) -> str:
    """Return where an inquiry is opened by hand, "" for a seat that opens none."""
    if "router" not in seat.capacities:
        return ""
    return reverse("desk:open", args=["inquiry", "open_inquiry"])
