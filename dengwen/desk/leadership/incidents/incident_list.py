"""The list of incidents, those still being handled first, each with its longest wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import read_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.leadership.incidents.incident_page import type_words
from dengwen.desk.leadership.incidents.instants import when
from dengwen.desk.leadership.incidents.new_incident import may_open
from dengwen.desk.shell.frame.seat import Seat, at_desk
from dengwen.leadership.incidents import KIND, chain_of, in_words
from dengwen.ui.cells import linked, number, words
from dengwen.ui.list_table import Column, ListOf

INCIDENT = Column("incident", _lazy("情况"), linked("title", small="small"))
KNOWN = Column("known", _lazy("获悉"), number("known"), sort=("opened_at",))
RUNNING = ListOf(
    caption=_lazy("处置中"),
    columns=(
        INCIDENT,
        KNOWN,
        Column("open", _lazy("还没有做的"), words("open")),
        Column("wait", _lazy("等了多久"), number("wait")),
    ),
    nothing=_lazy("没有处置中的突发情况。"),
    order=_lazy("新的在前"),
    name="running",
)
CLOSED = ListOf(
    caption=_lazy("处置结束"),
    columns=(INCIDENT, KNOWN),
    nothing=_lazy("没有处置结束的突发情况。"),
    order=_lazy("新的在前"),
    name="closed",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: an incident, what is open in it, and the longest wait."""

    title: str
    href: str
    small: str
    known: str
    open: str
    wait: str


@require_safe
@at_desk
def incidents(seat: Seat) -> HttpResponse:
    """List the incidents this seat may see, those still being handled first, the newest first."""
    visible = for_user(seat.viewer, seat.today).filter(kind=KIND)
    newest = visible.order_by("-opened_at", "-pk")
    query = seat.request.GET
    lines = partial(_lines, seat)
    running = RUNNING.shown(query, newest.exclude(state="closed"), lines)
    closed = CLOSED.shown(query, newest.filter(state="closed"), lines)
    return seat.page(
        "leadership/incidents/incident_list.html",
        "incidents",
        max(running.status, closed.status),
        running=running,
        closed=closed,
        may_open=may_open(seat),
    )


def _lines(seat: Seat, cases: Iterable[Case]) -> list[Line]:
    """Return incidents as the list shows them."""
    return [_line(seat, case) for case in cases]


def _line(seat: Seat, case: Case) -> Line:
    """Return an incident as the list shows it."""
    file = read_file(case, seat.now)
    chain = chain_of(file, seat.now)
    waits = chain.longest_open
    return Line(
        title=seat.title(case) or case.number,
        href=reverse("desk:incident", args=[case.number]),
        small=f"{type_words(seat, file)}　{case.number}",
        known=when(chain.known_at, seat),
        open=_open_words(len(chain.open_links)),
        wait="" if waits is None else in_words(waits, seat.language),
    )


def _open_words(number: int) -> str:
    """Say how many things are still to be done."""
    if not number:
        return _("没有")
    return ngettext("%(number)s 项", "%(number)s 项", number) % {"number": number}
