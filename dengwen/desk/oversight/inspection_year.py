"""The year of inspections: who was inspected, what is planned for which month, and filing the plan
of the year.

The plan of a year is one `plan` act for each organ with the month in which it is to begin, all in
one call (S 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.models import Duty
from dengwen.cases.read.case_view import duty_lines, listed, read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.oversight.inspections import GOVERNMENT, PAGE, may_begin, type_words
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write, zh
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.relations import supervised_by
from dengwen.oversight.inspections.inspection_year import months_of
from dengwen.oversight.inspections.queries import KIND, Inspection, read_inspection
from dengwen.ui.components import Choice, DutyLine, FormField, Link

MOST_AT_ONCE = 150
"""Organs one call plans: each is a case, and a call has at most two hundred steps
(`cases.perform`)."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One organ of the area and its inspections of a year; `due` while no special one is even
    planned."""

    organ: Organ
    name: str
    special: int
    prompt: int
    running: int
    planned: int
    due: bool
    links: tuple[Link, ...]

    @property
    def state(self) -> str:
        """`special`, `prompt`, `running`, `planned` or `none`: the best of the year."""
        return next(
            (n for n in ("special", "prompt", "running", "planned") if getattr(self, n)), "none"
        )


@require_safe
@at_desk
def inspections(seat: Seat) -> HttpResponse:
    """List the inspections of a year, and of the organs of the area who was inspected."""
    text = seat.request.GET.get("year", "")
    year = (
        int(text)
        if text.isdecimal() and len(text) == 4 and 1949 < int(text) <= seat.today.year
        else seat.today.year
    )
    every = (
        for_user(seat.viewer, seat.today)
        .filter(kind=KIND, opened_on__year=year)
        .order_by("-opened_at", "-pk")
    )
    read = [read_inspection(case) for case in every]
    covered = covered_organs(seat, read, date(year, 12, 31))
    return seat.page(
        "oversight/inspections.html",
        PAGE,
        year=year,
        before=year - 1,
        after=year + 1 if year < seat.today.year else 0,
        lines=[_line(seat, made) for made in read],
        may_plan=may_begin(seat, "plan"),
        covered=covered,
        done=sum(c.state == "special" for c in covered),
        squares=[(c, 24 * (n % 16), 24 * (n // 16)) for n, c in enumerate(covered)],
        height=24 * ((len(covered) + 15) // 16),
        government=_government(seat, year),
        months=_months(seat, read, year),
        may_plan_year=may_begin(seat, "plan") and year == seat.today.year,
        may_authorise=_is_government(seat) and may_begin(seat, "authorise", GOVERNMENT),
    )


def _is_government(seat: Seat) -> bool:
    return seat.organ is not None and seat.organ.kind == "government"


@dataclass(frozen=True, slots=True)
class Governmental:
    """One government inspection (政府督查): subject, state, and its running or lapsed periods as
    term bars."""

    link: Link
    number: str
    state: str
    duties: tuple[DutyLine, ...]


def _government(seat: Seat, year: int) -> list[Governmental]:
    """Return the government inspections of a year with the periods of objection, decision and
    rectification."""
    cases = list(
        for_user(seat.viewer, seat.today)
        .filter(kind=GOVERNMENT, opened_on__year=year)
        .order_by("-opened_at")
    )
    open_duties = Duty.objects.filter(
        case__in=[case.pk for case in cases], state="open"
    ).select_related("case")
    lines = duty_lines(
        listed(list(open_duties.order_by("pk"))), seat.actor, seat.now, seat.language, case_href
    )
    return [
        Governmental(
            Link(case.title or case.number, case_href(case.number)),
            case.number,
            state_words(read_file(case, seat.now), seat.language),
            tuple(line for line in lines if line.case_number == case.number),
        )
        for case in cases
    ]


def _line(seat: Seat, made: Inspection) -> dict[str, object]:
    named = Organ.objects.filter(pk__in=[made.to or 0, made.case.holder_id])
    organs, number = {o.pk: organ_name(o, seat.language) for o in named}, made.case.number
    return {
        "link": Link(
            organs.get(made.to or 0, "") or number, reverse("desk:inspection", args=[number])
        ),
        "number": number,
        "by": organs.get(made.case.holder_id or 0, ""),
        "state": state_words(read_file(made.case, seat.now), seat.language),
        "type": type_words(made),
        "open": sum(line.open for line in made.lines.values()),
    }


def covered_organs(seat: Seat, read: Sequence[Inspection], last: date) -> list[Covered]:
    """Return the organs this organ supervises with their inspections of the year, those without
    one first."""
    if seat.organ is None:
        return []
    day = min(seat.today, last)
    rows = []
    for organ in organs_on(day).filter(pk__in=supervised_by(seat.organ, day)).order_by("code"):
        own = [
            made for made in read if made.to == organ.pk and made.case.holder_id == seat.organ.pk
        ]
        ended = [made.type for made in own if made.concluded]
        begun = sum(made.begun is not None and made.concluded is None for made in own)
        links = tuple(
            Link(m.case.number, reverse("desk:inspection", args=[m.case.number])) for m in own
        )
        due = not any(made.type == "special" for made in own)
        rows.append(
            Covered(
                organ,
                organ_name(organ, seat.language),
                ended.count("special"),
                ended.count("prompt"),
                begun,
                len(own) - len(ended) - begun,
                due,
                links,
            )
        )
    order = ("none", "planned", "running", "prompt", "special")
    return sorted(rows, key=lambda c: (order.index(c.state), c.organ.code))


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the plan: the inspections planned for it, begun in it, concluded in it, each as a
    link with its organ.

    Beside a planned one stands whether it has not begun although its month is over.
    """

    number: int
    planned: tuple[tuple[Link, bool], ...]
    begun: tuple[Link, ...]
    concluded: tuple[Link, ...]


def _months(seat: Seat, read: Sequence[Inspection], year: int) -> list[Month]:
    """Return the months of a year in which the own organ planned, began or concluded something."""
    own = [made for made in read if seat.organ is not None and made.case.holder_id == seat.organ.pk]
    names = {
        o.pk: organ_name(o, seat.language)
        for o in Organ.objects.filter(pk__in={made.to or 0 for made in own})
    }

    def link(made: Inspection) -> Link:
        return Link(
            names.get(made.to or 0, made.case.number),
            reverse("desk:inspection", args=[made.case.number]),
        )

    found = []
    for month in months_of(own, year):
        over = (year, month.number) < (seat.today.year, seat.today.month)
        planned = tuple(
            (link(m), over and m.begun is None and m.concluded is None) for m in month.planned
        )
        if planned or month.begun or month.concluded:
            begun, concluded = (
                tuple(link(made) for made in one) for one in (month.begun, month.concluded)
            )
            found.append(Month(month.number, planned, begun, concluded))
    return found


# --- the plan of the year -------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def year_plan(seat: Seat) -> HttpResponse:
    """Choose for each organ the month in which its special inspection begins, and plan them in
    one call."""
    if seat.organ is None or not may_begin(seat, "plan"):
        return redirect("desk:inspections")
    every = for_user(seat.viewer, seat.today).filter(kind=KIND, opened_on__year=seat.today.year)
    organs = covered_organs(seat, [read_inspection(case) for case in every], seat.today)
    if seat.request.method != "POST":
        return _year_page(seat, organs)
    post, steps = seat.request.POST, []
    subject = post.get("subject", "").strip()
    for one in organs:
        month = post.get(f"month-{one.organ.pk}", "")
        if month and month not in _open_months(seat):
            return _year_page(seat, organs, [_("只能选择本年余下的月份。")])
        if month and one.due:
            begins = max(date(seat.today.year, int(month), 1), seat.today)
            steps.append(
                Step(
                    act="plan",
                    kind=KIND,
                    open_as=f"o{one.organ.pk}",
                    texts={"subject": subject},
                    fields={"type": "special", "to": one.organ.pk, "begins": begins},
                )
            )
    if not steps or not subject or len(steps) > MOST_AT_ONCE:
        return _year_page(
            seat,
            organs,
            [
                _("请写明督查对象和内容，并为至少一个、最多 %(MOST_AT_ONCE)s 个单位选择月份。")
                % {"MOST_AT_ONCE": MOST_AT_ONCE}
            ],
        )
    return write(
        seat, steps, lambda why: _year_page(seat, organs, why), reverse("desk:inspections")
    )


def _open_months(seat: Seat) -> dict[str, str]:
    """Return the months of this year that are not over, with their names."""
    return {
        str(n): zh(seat, f"{n} 月", f"{date(2000, n, 1):%B}") for n in range(seat.today.month, 13)
    }


def _year_page(seat: Seat, organs: Sequence[Covered], why: Sequence[str] = ()) -> HttpResponse:
    post = seat.request.POST
    subject = FormField(
        "subject",
        "person",
        _("督查对象和内容"),
        required=True,
        value=post.get("subject", _("信访工作和责任落实情况")),
    )
    rows = [
        (
            one.name,
            name,
            tuple(Choice(n, words, n == post.get(name)) for n, words in _open_months(seat).items()),
        )
        for one in organs
        if one.due and (name := f"month-{one.organ.pk}")
    ]
    return seat.page(
        "oversight/inspection_year.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        why=why,
        uid=uid_of(seat),
        year=seat.today.year,
        subject=subject,
        rows=rows,
        known=[one for one in organs if not one.due],
    )
