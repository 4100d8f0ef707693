"""What is opened for a leader, and what can be begun for one from the page of a case."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, blank_file
from dengwen.desk.leadership.leader_cases import may_lead
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.frame.seat import Seat, at_desk
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.ui.components import Link

OPENED_HERE = {
    "case_charge": "take",
    "coordination": "convene",
    "visit_down": "record",
    "task_check": "record",
}
"""What is opened from a leader's page, and by which act; a secretary drafts a visit down instead
of recording it."""
DRAFTED = {"visit_down": "draft"}
ON_ONE_PAGE = ("interview", "coordination", "visit_down", "task_check")
"""Cases that a leader writes down whole on one page."""


# --- the page that opens --------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def leader_new(seat: Seat, kind: str) -> HttpResponse:
    """Open a case in charge, a coordination, a visit down or a check, with the leader and the
    matter filled in."""
    blank = openable(seat, kind) if kind in OPENED_HERE else None
    if blank is None:
        raise Http404
    back = "desk:leader" if may_lead(seat) else "desk:home"
    way = Way(reverse(back), headline(blank.kind, seat.language), kind=kind)
    given = {"organ": str(seat.organ.pk) if seat.organ else "", "day": seat.today.isoformat()}
    if may_lead(seat):
        given["leader"] = str(seat.user.official_id)
    return answer(seat, blank, opening_rule(seat, blank), way, given)


def new_links(seat: Seat) -> list[tuple[str, str]]:
    """Return what this seat may open now: the words of the button, and its address."""
    links = []
    for kind in OPENED_HERE:
        blank = openable(seat, kind)
        if blank is not None:
            links.append((_begin_words(kind), reverse("desk:leader_new", args=[kind])))
    return links


def _begin_words(kind: str) -> str:
    """Return what the button says that opens a case of a kind: the verb, not the name of the file
    it makes."""
    words = {
        "case_charge": _("包一件案"),
        "coordination": _("召集协调会"),
        "visit_down": _("记录一次下访"),
        "task_check": _("督促检查信访任务"),
    }
    return words[kind]


def openable(seat: Seat, kind: str) -> CaseFile | None:
    """Return a case of a kind before its first act, None where this seat cannot open one now."""
    if kind not in _kinds(seat):
        return None
    blank = blank_file(kind, _place(seat), seat.now)
    act = opening_rule(seat, blank)
    refused = refusals(blank.kind, act, blank.view, seat.actor, seat.today)
    return None if refused else blank


def opening_rule(seat: Seat, blank: CaseFile) -> ActRule:
    """Return the act by which this seat opens a case of a kind: a leader records, a secretary
    drafts."""
    kind = blank.kind.id
    recorded = OPENED_HERE[kind]
    act = recorded if "head" in seat.capacities else DRAFTED.get(kind, recorded)
    return blank.kind.acts[act]


def _place(seat: Seat) -> str:
    """Return the code of the place whose rules are in force here."""
    return seat.organ.division_code if seat.organ else ""


def _kinds(seat: Seat) -> frozenset[str]:
    """Return the kinds of cases that the rules in force here know."""
    return frozenset(rulebooks.in_force(seat.today, _place(seat), seat.now).book.kinds)


# --- from the page of a case ----------------------------------------------------------------------
def leading_links_of(seat: Seat, file: CaseFile) -> dict[str, list[Link]]:
    """Return what can be begun for a leader, as a part of the case page."""
    return {"leading": leading_links(seat, file.case)}


def leading_links(seat: Seat, case: Case) -> list[Link]:
    """Return what can be begun for a leader from the page of a case: lay it before one, book a
    talk, take charge."""
    number = case.number
    if case.kind in ON_ONE_PAGE and may_lead(seat):
        return [Link(_("在一页上写完"), reverse("desk:lines", args=[number]))]
    if case.kind == "instruction" and may_lead(seat):
        return [Link(_("打开原件和批示页"), reverse("desk:letter", args=[number]))]
    if case.kind == "reception":
        return [Link(pgettext("overview", "接访简报"), reverse("desk:brief", args=[number]))]
    if case.kind != "petition" or case.protected or "case_charge" not in _kinds(seat):
        return []
    return _petition_links(seat, number)


def _petition_links(seat: Seat, number: str) -> list[Link]:
    """Return what can be begun from a petition: by a clerk, and by a leader."""
    links = []
    if "clerk" in seat.capacities:
        links.append(Link(_("呈领导阅批"), reverse("desk:present", args=[number])))
        links.append(Link(_("预约领导接访"), reverse("desk:book", args=[number])))
    for kind, capacity in (("case_charge", "head"), ("coordination", "clerk")):
        blank = openable(seat, kind) if capacity in seat.capacities else None
        if blank is not None:
            words = headline(opening_rule(seat, blank), seat.language)
            links.append(Link(words, petition_href(kind, number)))
    return links


def petition_href(kind: str, number: str) -> str:
    """Return where a case of a kind about a petition is opened."""
    return f"{reverse('desk:leader_new', args=[kind])}?petition={number}"
