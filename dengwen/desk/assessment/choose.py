"""Choosing a scheme and a period for an assessment, trying what they would give, and opening it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.inputs import ASSESSMENT, SCHEME, Drafted, drafted
from dengwen.assessment.interim_figures import trial
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.assessments import assessing_organ, do_step, named
from dengwen.desk.assessment.board import boards
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position
from dengwen.ui.form_fields import AskedForm, Word, read_day


@dataclass(frozen=True, slots=True)
class Named:
    """A scheme to choose from, under the name its newest draft bears."""

    drafted: Drafted
    name: str

    @property
    def case(self) -> Case:
        """The case of the scheme."""
        return self.drafted.case


class PeriodForm(AskedForm):
    """A scheme and a period."""

    scheme = Word()
    first = Word()
    last = Word()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def choose(seat: Seat) -> HttpResponse:
    """Choose a scheme and a period, see what it would give, and open the assessment."""
    organ = assessing_organ(seat)
    if not seat.capacities & TAKING_IN:
        raise Http404
    is_post = seat.request.method == "POST"
    said = _said(seat)
    schemes = own_schemes(seat, organ, without=("dropped", "ended"))
    one = scheme_numbered(schemes, said["scheme"])
    first, last = read_day(said["first"]), read_day(said["last"])
    shown: dict[str, Any] = {}
    if one is not None and first and last:
        if is_post:
            return _open(seat, one, first, last)
        if first <= last <= seat.today:
            shown = _tried(seat, one, first, last)
    return seat.page(
        "assessment/choose.html",
        "assessments",
        schemes=with_names(seat, schemes),
        chosen=one,
        uid=uid_of(seat),
        first=said["first"],
        last=said["last"],
        **shown,
    )


def _said(seat: Seat) -> dict[str, str]:
    """Return what was typed: the scheme, and from when to when."""
    request = seat.request
    form = PeriodForm(request.POST if request.method == "POST" else request.GET)
    return {name: form.typed(name) for name in form.fields}


def own_schemes(seat: Seat, organ: Organ, *, without: Collection[str]) -> list[Drafted]:
    """Return the schemes of an organ as last drafted, the newest first, save those in certain
    states."""
    visible = for_user(seat.viewer, seat.today)
    mine = visible.filter(kind=SCHEME, holder=organ)
    cases = mine.exclude(state__in=without)
    newest_first = cases.order_by("-opened_on", "number")
    return [drafted(case) for case in newest_first]


def scheme_numbered(schemes: Iterable[Drafted], number: str | None) -> Drafted | None:
    """Return the scheme whose case has a number, None where there is none."""
    for one in schemes:
        if one.case.number == number:
            return one
    return None


def with_names(seat: Seat, schemes: Iterable[Drafted]) -> list[Named]:
    """Return schemes under their names, to choose from."""
    return [Named(one, named(seat, one)) for one in schemes]


def _tried(seat: Seat, one: Drafted, first: date, last: date) -> dict[str, Any]:
    """Return what a scheme would give for a period, or what keeps it from being tried."""
    try:
        frozen = trial(Run(one.body, first, last, newest_position()))
    except AssessmentError as error:
        return {"trouble": words_in(error, seat.language)}
    scheme = manifest.scheme_of(one.body)
    approved_late = one.approved is not None and one.approved > first
    return {
        **boards(seat, frozen, scheme, hide=False),
        "tried": True,
        "ready": one.case.state == "in_force" and one.covers(first, last),
        "scheme": scheme,
        "afterwards": one.approved if approved_late else None,
    }


def _open(seat: Seat, one: Drafted, first: date, last: date) -> HttpResponse:
    """Open the assessment of a period under a scheme, of every organ the scheme finds to assess."""
    number = one.case.number
    frozen = trial(Run(one.body, first, last, newest_position()))
    assessed = [organ["organ"] for organ in frozen.manifest["population"]]
    fields: dict[str, FieldValue] = {
        "first": first,
        "last": last,
        "scheme": number,
        "digest": one.digest,
        "organs": tuple(assessed),
    }
    texts = {"subject": f"{first.isoformat()} 至 {last.isoformat()} 考核"}
    step = Step(act="open", kind=ASSESSMENT, fields=fields, texts=texts)
    query = urlencode({"scheme": number, "first": first, "last": last})
    back = f"{reverse('desk:assessment_choose')}?{query}"
    return do_step(seat, step, back)
