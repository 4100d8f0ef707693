"""An urgent report about an incident: typed once, given to every addressee chosen.

Each is an act with its own paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile, rail, read_file
from dengwen.cases.write.check import Refused
from dengwen.desk.leadership.incidents.incident_page import incident_case, possible_reports
from dengwen.desk.leadership.incidents.instants import (
    REPORTED,
    moment_asked,
    moment_fields,
    read_instant,
)
from dengwen.desk.leadership.incidents.new_incident import short
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.act.put_before import do_or_put_before, put_before, say_waits
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.ui.form_fields import Asked, SomeOf

CONTENTS = ("happened", "scene", "crowd", "cause", "measures", "trend", "request")
"""What an urgent report says (list of documents, D26)."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def report(seat: Seat, number: str) -> HttpResponse:
    """Ask for an urgent report once and give it to everybody chosen, in one call of the write
    door."""
    file = read_file(incident_case(seat, number), seat.now)
    possible = possible_reports(seat, file)
    if not possible:
        return redirect("desk:incident", number)
    form = act_form(seat, _first(possible), file, more=_asked(seat, file, possible))
    if not form.is_bound:
        return _page(seat, file, possible, form)
    form.occurred = read_instant(form, REPORTED)
    if form.errors:
        return _page(seat, file, possible, form)
    chosen = [possible[name] for name in form.cleaned_data["to"]]
    steps = [_step(number, rule, form) for rule in chosen]
    try:
        answered = do_or_put_before(seat, steps)
    except Refused as refused:
        return put_before(seat, refused) or _page(seat, file, possible, form, refused)
    if answered.waits:
        say_waits(seat, answered)
    else:
        _confirm(seat, chosen, number)
    return redirect("desk:incident", number)


def _asked(seat: Seat, file: CaseFile, possible: Mapping[str, ActRule]) -> dict[str, Asked]:
    """Return what the page asks beside the report: to whom, and when it was given."""
    asked = moment_asked(seat, REPORTED, _("哪天报告"), _("几点报告"))
    return {**asked, "to": _addressees(seat, file, possible)}


def _step(number: str, rule: ActRule, form: RuledForm) -> Step:
    """Return the act that gives the report to one addressee."""
    return Step(
        act=rule.id,
        case=number,
        fields=form.values,
        texts=form.texts,
        occurred_at=form.occurred,
    )


def _first(possible: Mapping[str, ActRule]) -> ActRule:
    """Return the act whose fields stand for all reports: they ask for the same."""
    return next(iter(possible.values()))


def _confirm(seat: Seat, chosen: Sequence[ActRule], number: str) -> None:
    """Say on the next page what was written."""
    acts = _("、").join(words_in(rule, seat.language) for rule in chosen)
    words = {"act": acts, "number": number}
    messages.success(seat.request, _("已写入存证：%(act)s，%(number)s。") % words)


def _page(
    seat: Seat,
    file: CaseFile,
    possible: Mapping[str, ActRule],
    form: RuledForm,
    refused: Refused | None = None,
) -> HttpResponse:
    """Ask for the report, with what was typed and refused."""
    first = _first(possible)
    whole = sort_reasons(seat, file, first, form, refused.reasons) if refused else []
    fields = [short(field) for field in form.fields_of_act()]
    return seat.page(
        "leadership/incidents/incident_report.html",
        "incidents",
        UNPROCESSABLE if form.is_bound else 200,
        case=file.case,
        to=form.at("to"),
        told=moment_fields(form, REPORTED),
        ways=[field for field in fields if field.name not in CONTENTS],
        contents=[field for field in fields if field.name in CONTENTS],
        refused=whole,
        uid=uid_of(seat),
        back=reverse("desk:incident", args=[file.case.number]),
        article=article_of(seat, file, first),
        rail=rail(file, seat.today, seat.language),
    )


def _addressees(seat: Seat, file: CaseFile, possible: Mapping[str, ActRule]) -> SomeOf:
    """Return the field that asks to whom: those still owed a report are proposed."""
    owed = _owed(file)
    offered = []
    for name, rule in possible.items():
        words = headline(rule, seat.language)
        if name not in owed:
            words += _("（续报）")
        offered.append((name, words))
    return SomeOf(
        _("向谁"),
        needed=True,
        missing=_("请选择向谁报告、通报。"),
        choices=offered,
        initial=[*owed],
    )


def _owed(file: CaseFile) -> set[str]:
    """Return the acts that would meet a duty that is open."""
    owed: set[str] = set()
    for duty in file.view.open_duties():
        owed.update(duty.rule.closes)
    return owed
