"""Everything one person has open goes to somebody else in one step: leave, another post,
farewell (R22 28(1))."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.check import Refused
from dengwen.cases.write.handover import can_be_handed_over, hand_over_all, open_cases
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.packs.vocabulary import BY
from dengwen.organs.models import Official
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Area, Asked, AskedForm, OneOf, PageForm, posted

MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Handing:
    """What would move: a matter, and whether its procedure lets it move with the others."""

    case: Link
    moves: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says: the people of this organ by code, whose matters go to whom, and the
    note."""

    people: dict[str, Official]
    official: Official | None
    to: Official | None
    note: str
    form: AskedForm


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def hand_over(seat: Seat) -> HttpResponse:
    """Show what a colleague has open here, and hand all of it over; only what this person may
    see is shown or moved."""
    if seat.organ is None or not seat.capacities & BY["clerk_of_holder"][0]:
        raise Http404
    typed = _read(seat)
    wrong = ""
    if seat.request.method == "POST" and typed.official is not None:
        wrong = _move(seat, typed.official, typed.to, typed.note)
        if not wrong:
            return redirect(f"{reverse('desk:hand_over')}?from={typed.official.code}")
    return _page(seat, typed, wrong)


def _read(seat: Seat) -> Typed:
    """Read whose matters go to whom; nobody who does not work in this organ is taken."""
    people = _people(seat)
    offered = [(code, one.name) for code, one in people.items()]
    asked: dict[str, Asked] = {
        "from": OneOf(_("谁的"), type="official", needed=True, choices=offered),
        "to": OneOf(_("交给谁"), type="official", needed=True, choices=offered),
        "note": Area(_("交接说明"), rows=2),
    }
    form = PageForm(asked, **(posted(seat.request) or {"data": seat.request.GET}))
    official, to = people.get(form.value("from")), people.get(form.value("to"))
    return Typed(people, official, to, form.value("note")[:MOST_NOTE], form)


def _page(seat: Seat, typed: Typed, wrong: str) -> HttpResponse:
    """Show who hands over to whom, and what would move."""
    official, to = typed.official, typed.form.at("to")
    leaver = official.code if official else ""
    others = tuple(choice for choice in to.choices if choice.value != leaver)
    return seat.page(
        "petitions/hand_over.html",
        "hand_over",
        UNPROCESSABLE if wrong else 200,
        wrong=wrong,
        uid=uid_of(seat),
        official=official,
        whose=typed.form.at("from"),
        to=to.but(choices=others),
        note=typed.form.at("note"),
        handed=_handed(seat, official),
    )


def _people(seat: Seat) -> dict[str, Official]:
    """Return who works in this organ today, by code."""
    if seat.organ is None:
        return {}
    rows = (
        appointments_on(seat.organ, seat.today)
        .select_related("official")
        .order_by("official__code")
    )
    return {row.official.code: row.official for row in rows}


def _handed(seat: Seat, official: Official | None) -> list[Handing]:
    """Return what would move, those that may not at the end."""
    if official is None or seat.organ is None:
        return []
    found = open_cases(official, seat.organ.pk, for_user(seat.viewer, seat.today))
    lines = [
        Handing(Link(case.number, case_href(case.number)), can_be_handed_over(case, seat.now))
        for case in found
    ]
    return sorted(lines, key=lambda line: not line.moves)


def _move(seat: Seat, official: Official, to: Official | None, note: str) -> str:
    """Hand everything over; returns what is wrong, "" where it was written."""
    if to is None or to == official or seat.organ is None:
        return _("请选择另一个人接手。")
    try:
        done = hand_over_all(
            official,
            to,
            seat.organ.pk,
            by=seat.by,
            now=seat.now,
            uid=uid_of(seat),
            note=note,
            among=for_user(seat.viewer, seat.today),
        )
    except Refused as error:
        reasons = [words_in(r, seat.language) for r in error.reasons]
        return (_("；")).join(reasons)
    if not done.cases:
        return _("没有可以一并移交的事项。")
    words = ngettext(
        "%(count)s 件已移交给%(to)s，写入存证。",
        "%(count)s 件已移交给%(to)s，写入存证。",
        len(done.cases),
    )
    messages.success(seat.request, words % {"count": len(done.cases), "to": to.name})
    return ""
