"""The breach list of the supervisor (journey 7): breached duties of visible cases by days late, no organ totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dengwen.cases import rulebooks
from dengwen.cases.models import Duty
from dengwen.cases.reading import duty_bar, listed, place_of, said
from dengwen.cases.wall import for_user
from dengwen.desk.home import lowered, page_of
from dengwen.desk.seat import SUPERVISORS, Seat, at_desk, case_href, organ_name
from dengwen.face.shapes import DateRail, TermBar
from dengwen.law.calendar import Calendar
from dengwen.law.record import BY_CLAIM, DutyView
from dengwen.organs.models import Official, Organ

CLAIMS_SHOWN = timedelta(days=90)
MOST_CLAIMS = 50
AGAIN = frozenset({"object", "refer_dispute"})
"""Acts that send a matter back and forth between organs."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One breached duty as the supervisor sees it."""

    uid: str
    late: int
    title: str
    href: str
    case_title: str
    case_number: str
    basis: str
    due: date | None
    who: str
    again: int
    bar: TermBar
    statutory: bool


@require_safe
@at_desk
def breaches(seat: Seat) -> HttpResponse:
    """List what is late and still not done, then what was entered late and rests on a claim."""
    if not seat.roles & SUPERVISORS:
        raise Http404
    visible = for_user(seat.viewer, seat.today)
    late = Duty.objects.filter(breach__isnull=False, right=False, case__in=visible).select_related("case")
    page = page_of(late.filter(state="open"), seat.request.GET.get("after", ""))
    since = seat.today - CLAIMS_SHOWN
    claims = late.filter(timeliness=BY_CLAIM, closed_on__gte=since).order_by("-closed_on", "-pk")[:MOST_CLAIMS]
    lines = _lines(seat, page.duties)
    more = f"{reverse('desk:breaches')}?{urlencode({'after': page.after})}" if page.after else ""
    return seat.page(
        "breaches.html", "breaches", lines=lines, claimed=_lines(seat, list(claims)), more=more, rail=_rail(seat, lines)
    )


def _lines(seat: Seat, duties: list[Duty]) -> list[Breach]:
    page = listed(duties)
    organs = {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in={d.holder_id for d in duties})}
    people = dict(Official.objects.filter(pk__in={d.official_id for d in duties}).values_list("pk", "name"))
    lines = []
    for row in duties:
        view = page.views[row.case_id]
        duty = next((d for d in view.duties if d.rule.id == row.rule and d.opened_by == row.opened_by_id), None)
        if duty is None:
            continue
        who = organs.get(row.holder_id or 0, "")
        person = people.get(row.official_id or 0, "")
        again = sum(view.done.get(a) is not None for a in AGAIN)
        name = f"{who}，{person}" if person else who
        lines.append(_line(seat, row, duty, place_of(duty, view), page.calendar, name, again))
    return lines


def _line(
    seat: Seat, row: Duty, duty: DutyView, place: int, calendar: Calendar, who: str, again: int
) -> Breach:
    end = row.closed_on or seat.today
    return Breach(
        uid=f"b-{row.case.number}-{place}",
        late=max(0, (end - row.due).days) if row.due else 0,
        title=said(duty.rule, seat.language),
        href=case_href(row.case.number),
        case_title=row.case.title,
        case_number=row.case.number,
        basis=duty.rule.basis.cite(rulebooks.by_row(duty.rules).instruments, seat.language),
        due=row.due,
        who=who,
        again=again,
        bar=duty_bar(duty, seat.today, calendar),
        statutory=row.statutory,
    )


def _rail(seat: Seat, lines: list[Breach]) -> DateRail:
    zh = seat.language == "zh"
    label = "最早的一个末日" if zh else "Earliest last day"
    if not lines:
        return DateRail(label, seat.today, none_why="没有逾期" if zh else "nothing is late")
    first = lines[0]
    return DateRail(label, seat.today, first.due, first.due, lowered(first.title), first.href)
