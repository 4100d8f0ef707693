"""Queries about comprehensive honours: asking, and the dated answer of the register (S 14)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dengwen.accountability.measures.queries import HonourBan, honour_bans
from dengwen.accountability.personnel.honours import FIRST_YEAR, WHOSE
from dengwen.accountability.personnel.notification import QUERY
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import cited
from dengwen.desk.personnel.overview import eligible_words, overview, query_form
from dengwen.desk.personnel.personnel_page import (
    PAGE,
    asked_by,
    asks,
    case_of,
    first_done,
    write,
)
from dengwen.desk.shell.act.field_search import found_part, is_search
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ

FOUR_DIGITS = range(1000, 10_000)


@require_POST
@at_desk
def ask_honours(seat: Seat) -> HttpResponse:
    """Ask whether an organ may receive comprehensive honours of a year; the register answers at
    once (S 14)."""
    organ = asked_by(seat)
    if not asks(seat):
        raise Http404
    form = query_form(seat)
    if is_search(seat):
        return found_part(seat, form.asked()) or overview(seat, organ, [], form)
    typed = form.cleaned_data if form.is_valid() else {}
    year = typed.get("year") or 0
    if typed.get("unit") is None or year not in FOUR_DIGITS or not typed["award"]:
        missing = _("机关、年度（%(FIRST_YEAR)s 年起）、称号都要填写。") % {
            "FIRST_YEAR": FIRST_YEAR
        }
        return overview(seat, organ, [missing], form)
    fields: dict[str, FieldValue] = {"unit": typed["unit"], "year": year}
    step = Step(act="ask", kind=QUERY, fields=fields, texts={"award": typed["award"]})
    return write(seat, step, lambda why: overview(seat, organ, why, form), "honours")


@require_safe
@at_desk
def honours(seat: Seat, number: str) -> HttpResponse:
    """Show the dated answer of the register of cancelled honours, to be printed."""
    file = case_of(seat, number, QUERY)
    asked, answer = file.rows[0], first_done(file, "answer")
    if answer is None:
        raise Http404
    unit = Organ.objects.get(pk=asked.data["unit"])
    is_eligible = bool(answer.data["eligible"])
    return seat.page(
        "personnel/honours.html",
        PAGE,
        case=file.case,
        unit=organ_name(unit, seat.language),
        year=asked.data["year"],
        eligible=is_eligible,
        said=eligible_words(eligible=is_eligible),
        on=civil(answer.occurred_at),
        by=organ_name(file.case.holder, seat.language),
        lines=_bans_named(seat, asked, answer),
        award=texts_of(seat, file.case).of(asked.pk, "award"),
        whole=case_href(number),
        basis=cited(file.kind.acts["answer"].basis, file.installed, seat.language),
    )


def _bans_named(seat: Seat, asked: Act, answer: Act) -> list[tuple[HonourBan, str]]:
    """Return the bans the answer rests on, each with as what the organ lost its honours."""
    named = answer.data.get("decisions", ())
    found = []
    for ban in honour_bans(asked.data["unit"], asked.data["year"]):
        if ban.case in named:
            found.append((ban, words_in(WHOSE[ban.as_], seat.language)))
    return found
