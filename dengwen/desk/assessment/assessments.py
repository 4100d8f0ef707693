"""Assessments and schemes at the desk: the list of both, and drafting a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.assessment.frozen import manifest
from dengwen.assessment.inputs import (
    ASSESSMENT,
    SCHEME,
    Drafted,
    assessment_of,
    drafted,
    published,
)
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import ASSESSING, TAKING_IN, Seat, at_desk, case_href
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.pack import read_toml
from dengwen.organs.models import Organ
from dengwen.ui.cells import capital, day, linked, words
from dengwen.ui.form_fields import AskedForm, OneOf, Word
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

KINDS = {SCHEME: _lazy("方案"), ASSESSMENT: _lazy("考核")}
ASSESSMENTS = ListOf(
    caption=_lazy("考核和方案"),
    columns=(
        Column("name", _lazy("名称"), linked("title")),
        Column("kind", _lazy("类别"), words("kind"), sort=("kind", "opened_on")),
        Column("state", _lazy("状态"), capital("state")),
        Column("day", _lazy("日期"), day("day"), sort=("opened_on", "number")),
    ),
    nothing=_lazy("还没有考核。"),
    order=_lazy("新的在前"),
)


class Wanted(ListFilter):
    """The assessments, or the schemes."""

    kind = OneOf(label=_lazy("类别"), choices=list(KINDS.items()))


@dataclass(frozen=True, slots=True)
class Line:
    """A scheme or an assessment as the list shows it; `day` is when it was opened."""

    title: str
    href: str
    number: str
    day: date
    state: str
    kind: StrPromise


def assessing_organ(seat: Seat) -> Organ:
    """Return the organ of somebody who works with assessments there; 404 for everybody else."""
    if seat.organ is None or not seat.roles & ASSESSING:
        raise Http404
    return seat.organ


# --- the list -------------------------------------------------------------------------------------
@require_safe
@at_desk
def assessments(seat: Seat) -> HttpResponse:
    """List the assessments and schemes this organ makes or stands in, and what can be begun."""
    organ = assessing_organ(seat)
    book = rulebooks.in_force(seat.today, organ.division_code, seat.now).book
    begins = SCHEME in book.kinds and bool(seat.capacities & TAKING_IN)
    files = rulebooks.schemes().values() if begins else ()
    wanted = Wanted(seat.request.GET)
    table = ASSESSMENTS.shown(
        seat.request.GET,
        _newest_first(seat, organ, wanted.chosen.get("kind", "")),
        lambda cases: [_line(seat, book, case) for case in cases],
        wanted,
    )
    return seat.page(
        "assessment/assessments.html",
        "assessments",
        table.status,
        table=table,
        files=list(files),
        begins=begins,
    )


def _newest_first(seat: Seat, organ: Organ, kind: str) -> list[Case]:
    """Return the assessments and schemes the wall lets this seat see, and the schemes published
    to its organ; those of one kind where it is named."""
    visible = for_user(seat.viewer, seat.today)
    known = visible.filter(kind__in=(SCHEME, ASSESSMENT))
    public = published(organ).exclude(among(known, "pk"))
    cases = [case for case in (*known, *public) if kind in ("", case.kind)]
    cases.sort(key=lambda case: (case.opened_on, case.number), reverse=True)
    return cases


def _line(seat: Seat, book: Rulebook, case: Case) -> Line:
    """Return a scheme or an assessment as a line of the list."""
    title = named(seat, drafted(case)) if case.kind == SCHEME else seat.title(case)
    return Line(
        title=title or case.number,
        href=_href(case),
        number=case.number,
        day=case.opened_on,
        state=_state_words(seat, book, case),
        kind=KINDS[case.kind],
    )


def _state_words(seat: Seat, book: Rulebook, case: Case) -> str:
    """Return the state of a case in words; its code where the rules in force here do not know
    it."""
    kind = book.kinds.get(case.kind)
    state = kind.states.get(case.state) if kind else None
    return words_in(state, seat.language) if state else case.state


def _href(case: Case) -> str:
    """Return the address of a scheme or an assessment; one without indicators has only its case
    page."""
    if case.kind == SCHEME:
        return reverse("desk:scheme", args=[case.number])
    if _by_indicators(case):
        return reverse("desk:assessment", args=[case.number])
    return case_href(case.number)


def _by_indicators(case: Case) -> bool:
    """Say whether a case is an assessment that counts by the indicators of a scheme."""
    if case.kind != ASSESSMENT:
        return False
    try:
        assessment_of(case)
    except LookupError:
        return False
    return True


def named(seat: Seat, one: Drafted) -> str:
    """Return the name of a scheme with its edition, in the language of the page."""
    scheme = manifest.scheme_of(one.body)
    return f"{headline(scheme, seat.language)} {scheme.edition}"


# --- drafting a scheme ----------------------------------------------------------------------------
class DraftForm(AskedForm):
    """What a draft begins with: a scheme of the organ, or a file of the packs."""

    like = Word()
    scheme = Word()


@require_http_methods(["POST"])
@at_desk
def draft_scheme(seat: Seat) -> HttpResponse:
    """Draft a scheme from a scheme file of the installed packs, or like one of the organ that is
    drafted no more."""
    organ = assessing_organ(seat)
    if not seat.capacities & TAKING_IN:
        raise Http404
    form = DraftForm.of(seat.request)
    like = form.value("like")
    body = _body_like(seat, organ, like) if like else _body_of_file(form.value("scheme"))
    scheme = manifest.scheme_of(body)
    step = Step(
        act="draft",
        kind=SCHEME,
        fields={"scheme": scheme.id, "digest": scheme.digest},
        texts={"subject": scheme.zh, "body": body},
    )
    return do_step(seat, step, reverse("desk:assessments"))


def _body_like(seat: Seat, organ: Organ, number: str) -> str:
    """Return the text of a scheme of this organ, to begin a new draft with; 404 for any other
    case."""
    case = seat.case(number)
    if case.kind != SCHEME or case.holder_id != organ.pk:
        raise Http404
    return drafted(case).body


def _body_of_file(name: str) -> str:
    """Return the text of a scheme file of the installed packs; 404 where there is none of the
    name."""
    known = rulebooks.schemes().get(name)
    if known is None:
        raise Http404
    return manifest.scheme_body(read_toml(rulebooks.packs_folder() / known.file))


def do_step(seat: Seat, step: Step, back: str) -> HttpResponse:
    """Do a step and go on to its case; a refusal is said above the page it came from."""

    def again(why: Sequence[str]) -> HttpResponse:
        messages.error(seat.request, _("；").join(why))
        return redirect(back)

    def onward(number: str) -> str:
        if step.kind == SCHEME:
            return reverse("desk:scheme", args=[number])
        if step.kind == ASSESSMENT or step.act in ("send", "freeze"):
            return reverse("desk:assessment", args=[number])
        return case_href(number)

    return write(seat, [step], again, onward)
