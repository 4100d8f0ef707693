"""First knowledge of an incident: what became known, when and by whom."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile, blank_file
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.leadership.incidents.instants import (
    KNOWN,
    moment_asked,
    moment_fields,
    read_instant,
)
from dengwen.desk.shell.act.act_page import Way, article_of, done, step_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.leadership.incidents import KIND, OPENING
from dengwen.ui.form_fields import AskedField

ONE_LINE = frozenset({"happened", "scene", "crowd", "receiver", "subject", "source"})
"""Texts for which one line is enough."""
ASKED_BY_PAGE = frozenset({"office"})


def may_open(seat: Seat) -> bool:
    """Say whether this seat could open an incident now."""
    if seat.organ is None:
        return False
    file = blank_file(KIND, seat.organ.division_code, seat.now)
    if KIND not in file.installed.book.kinds:
        return False
    rule = file.kind.acts[OPENING]
    return not refusals(file.kind, rule, file.view, seat.actor, seat.today)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Ask what became known when and by whom, and open the incident at that instant."""
    if seat.organ is None or not may_open(seat):
        return redirect("desk:incidents")
    file = blank_file(KIND, seat.organ.division_code, seat.now)
    rule = file.kind.acts[OPENING]
    form = _asked(seat, file, rule)
    if not form.is_bound or form.errors:
        return _page(seat, file, form)
    form.values["office"] = "petition_office" if seat.organ.is_petition_office else "organ"
    step = step_of("", rule, form, KIND)
    try:
        made = perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _page(seat, file, form, refused)
    return done(seat, Way(reverse("desk:incident", args=[made.case]), ""), rule, made)


def _asked(seat: Seat, file: CaseFile, rule: ActRule) -> RuledForm:
    """Return the form of first knowledge: as posted, with the instant it happened, or as it
    begins."""
    asked = moment_asked(seat, KNOWN, _("哪天获悉"), _("几点获悉"))
    given = {"known_by": str(seat.user.official_id or "")}
    form = act_form(seat, rule, file, given=given, more=asked)
    if form.is_bound:
        form.occurred = read_instant(form, KNOWN)
    return form


def _page(
    seat: Seat, file: CaseFile, form: RuledForm, refused: Refused | None = None
) -> HttpResponse:
    """Ask for first knowledge, with what was typed and refused."""
    rule = file.kind.acts[OPENING]
    whole = sort_reasons(seat, file, rule, form, refused.reasons) if refused else []
    fields = form.fields_of_act(ASKED_BY_PAGE)
    return seat.page(
        "leadership/incidents/new_incident.html",
        "incidents",
        UNPROCESSABLE if form.is_bound else 200,
        fields=[short(field) for field in fields],
        knowing=moment_fields(form, KNOWN),
        refused=whole,
        uid=uid_of(seat),
        article=article_of(seat, file, rule),
    )


def short(asked: AskedField) -> AskedField:
    """Return a field as the console asks it: one line for what fits on one, small areas for the
    rest."""
    if asked.name in ONE_LINE:
        return asked.but(type="person")
    return asked.but(rows=2)
