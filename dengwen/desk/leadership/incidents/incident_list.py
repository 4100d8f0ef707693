"""The list of incidents, those still being handled first, each with its longest wait."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.leadership.incidents.incident_page import type_words
from dengwen.desk.leadership.incidents.instants import when
from dengwen.desk.leadership.incidents.new_incident import may_open
from dengwen.desk.shell.frame.seat import Seat, at_desk
from dengwen.leadership.incidents import KIND, chain_of, in_words
from dengwen.ui.components import Link

MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: an incident, what is open in it, and the longest wait."""

    link: Link
    number: str
    kind: str
    known: str
    open: int
    wait: str
    state: str


@require_safe
@at_desk
def incidents(seat: Seat) -> HttpResponse:
    """List the incidents this seat may see, those still being handled first, the newest first."""
    visible = for_user(seat.viewer, seat.today).filter(kind=KIND)
    newest = visible.order_by("-opened_at", "-pk")
    running = newest.exclude(state="closed")[:MOST]
    closed = newest.filter(state="closed")[:MOST]
    return seat.page(
        "leadership/incidents/incident_list.html",
        "incidents",
        running=[_line(seat, case) for case in running],
        closed=[_line(seat, case) for case in closed],
        may_open=may_open(seat),
        most=MOST,
    )


def _line(seat: Seat, case: Case) -> Line:
    """Return an incident as the list shows it."""
    file = read_file(case, seat.now)
    chain = chain_of(file, seat.now)
    waits = chain.longest_open
    return Line(
        link=Link(seat.title(case) or case.number, reverse("desk:incident", args=[case.number])),
        number=case.number,
        kind=type_words(seat, file),
        known=when(chain.known_at, seat),
        open=len(chain.open_links),
        wait="" if waits is None else in_words(waits, seat.language),
        state=state_words(file, seat.language),
    )
