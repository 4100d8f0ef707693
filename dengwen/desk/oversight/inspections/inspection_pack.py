"""The printed pack for a visit: signed for by number, with the checklist of every drawn case."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dengwen.cases.models import Case
from dengwen.desk.oversight.inspections.inspection_page import show
from dengwen.desk.oversight.inspections.opened_inspection import (
    PAGE,
    Page,
    can,
    inspection_href,
    page_of,
    visible_cases,
)
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Official
from dengwen.oversight.inspections.published_plan import labels_of
from dengwen.ui.form_fields import AskedForm, Day


class TakeForm(AskedForm):
    """By when a pack is brought back."""

    return_by = Day()


@require_POST
@at_desk
def take(seat: Seat, number: str) -> HttpResponse:
    """Sign for a numbered pack that is to be returned by a day, then print it."""
    page = page_of(seat, number)
    form = TakeForm.of(seat.request)
    return_by = form.cleaned_data.get("return_by") if form.is_valid() else None
    taker = seat.user.official_id
    if return_by is None or taker is None or not can(seat, page, "take_pack"):
        return redirect("desk:inspection", number)
    copy = max(page.made.packs, default=0) + 1
    fields: dict[str, FieldValue] = {"copy": copy, "taker": taker, "return_by": return_by}
    step = Step(act="take_pack", case=number, fields=fields)
    printed = reverse("desk:inspection_pack", args=[number, copy])
    return write(seat, [step], lambda why: show(seat, page, why), printed)


@require_safe
@at_desk
def pack(seat: Seat, number: str, copy: int) -> HttpResponse:
    """Print a pack: numbers, days and the checklist of each drawn case, and nobody's name but
    the taker's."""
    page = page_of(seat, number)
    taken = page.made.packs.get(copy)
    inspecting = seat.organ.pk if seat.organ else 0
    if taken is None or page.file.case.holder_id != inspecting:
        raise Http404
    takers = Official.objects.filter(pk=taken.data["taker"]).values_list("name", flat=True)
    return seat.page(
        "oversight/inspections/inspection_pack.html",
        PAGE,
        case=page.file.case,
        copy=copy,
        taken=taken.day,
        taker=takers.first() or "",
        return_by=date.fromisoformat(taken.data["return_by"]),
        to=page.name(page.made.to),
        items=page.made.items,
        by=organ_name(seat.organ, seat.language),
        back=inspection_href(number),
        cases=_printed_cases(seat, page),
    )


def _printed_cases(seat: Seat, page: Page) -> list[tuple[int, Case, str]]:
    """Return the drawn cases that can be seen: place in the draw, case, label."""
    seen = visible_cases(seat, page)
    labels = labels_of(page.made)
    return [
        (place, seen[number], labels[number])
        for place, number in enumerate(page.made.drawn, 1)
        if number in seen
    ]
