"""Opening a case of a procedure that begins at the desk itself: supervision, suggestions,
conference, reports.

One page for all of them, generated from the pack like the page of any act; a closed list of
procedures, because what
petitioners bring has its own registration.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import ACCOUNT, ACCOUNT_KINDS
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk
from dengwen.law.bilingual import headline
from dengwen.law.errors import PackError

LEADING = frozenset({"head"})
BEGUN_HERE = {
    "supervision": "breaches",
    "suggestion": "suggestions",
    "conference": "suggestions",
    "analysis": "figures",
    "annual_report": "annual_report",
    "assessment": "assessments",
    "government_inspection": "inspections",
    "inquiry": "inquiries",
    "accountability": "measures",
}
"""Procedures begun at this page, and the page each leads back to."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def open_case(seat: Seat, kind: str, act: str) -> HttpResponse:
    """Ask for the first act of a procedure, or do it."""
    if kind not in BEGUN_HERE or seat.organ is None or not seat.capacities & (TAKING_IN | LEADING):
        raise Http404
    if kind in ACCOUNT_KINDS and ACCOUNT not in seat.viewer.compartments:
        raise Http404  # who could not read the file does not open it
    try:
        file = blank_file(kind, seat.organ.division_code, seat.now)
        rule = file.kind.acts.get(act)
    except (PackError, KeyError):
        raise Http404 from None  # no such procedure at this place today
    if rule is None or rule.by == "system" or "new" not in rule.after:
        raise Http404
    if not seat.capacities & (LEADING if rule.by == "leader" else TAKING_IN):
        raise Http404  # what a leader decides is begun by a leader
    back = reverse(f"desk:{BEGUN_HERE[kind]}")
    return answer(seat, file, rule, Way(back, headline(file.kind, seat.language), kind=kind))
