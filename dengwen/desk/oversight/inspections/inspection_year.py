"""The year of inspections: who was inspected, and what is planned for which month.

The plan of a year is one `plan` act for each organ with the month in which it is to begin, all in
one call (S 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.models import Duty
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.read.duty_lines import duty_lines, listed
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.oversight.inspections.new_inspection import may_begin
from dengwen.desk.oversight.inspections.opened_inspection import (
    PAGE,
    inspection_href,
    type_words,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.organ_names import organ_names
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.relations import supervised_by
from dengwen.oversight.inspections.inspection_year import months_of
from dengwen.oversight.inspections.queries import KIND, Inspection, read_inspection
from dengwen.ui.cells import Part, capital, name_of, number, text
from dengwen.ui.components import DutyLine, Link
from dengwen.ui.form_fields import Asked, AskedForm, OneOf, form_of
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf

INSPECTIONS = ListOf(
    caption=_lazy("本年督查"),
    columns=(
        Column(
            "unit",
            _lazy("被督查单位"),
            Part("desk/oversight/inspections/_inspected.html"),
            sort=("unit", "number"),
        ),
        Column("by", pgettext_lazy("inspections", "督查机关"), text("by"), sort=("by", "number")),
        Column("state", _lazy("状态"), capital("state"), sort=("state", "number")),
        Column("open", _lazy("未整改"), number("open"), sort=("open", "number")),
    ),
    nothing=_lazy("这一年没有督查。"),
    order=_lazy("新的在前"),
)
COVERED = ListOf(
    caption=_lazy("督查覆盖"),
    columns=(
        Column("name", _lazy("机关、单位"), name_of("name"), sort=("name",)),
        Column("special", _lazy("专项"), number("special"), sort=("special", "name")),
        Column("prompt", _lazy("及时"), number("prompt"), sort=("prompt", "name")),
        Column("running", _lazy("进行中"), number("running"), sort=("running", "name")),
        Column("planned", _lazy("未开始"), number("planned"), sort=("planned", "name")),
        Column(
            "cases",
            pgettext_lazy("inspections", "办理件"),
            Part("desk/oversight/inspections/_covered_cases.html"),
        ),
    ),
    order=_lazy("没有督查过的在前"),
    size=200,
    name="covered",
)


class Wanted(ListFilter):
    """The inspections of one type."""

    type = OneOf(
        label=_lazy("类型"), choices=[("special", _lazy("专项督查")), ("prompt", _lazy("及时督查"))]
    )


GOVERNMENT = "government_inspection"
FIRST_YEAR = 1950
MOST_AT_ONCE = 150
"""Organs one call plans: each is a case, and a call has at most two hundred steps
(`cases.perform`)."""
SQUARE, IN_A_ROW = 24, 16
"""The picture of the area: the side of the square of an organ, and how many stand in a row."""
STATES = ("special", "prompt", "running", "planned")
"""What an organ can have had in a year, the best first."""
LEAST_FIRST = ("none", "planned", "running", "prompt", "special")


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """One inspection of the list: who is inspected by whom, its state, what is open."""

    unit: str
    href: str
    number: str
    by: str
    state: str
    type: str
    open: int


# --- the list -------------------------------------------------------------------------------------
@require_safe
@at_desk
def inspections(seat: Seat) -> HttpResponse:
    """List the inspections of a year, and of the organs of the area who was inspected."""
    year = _year(seat)
    read = _read(seat, year)
    covered = covered_organs(seat, read, date(year, 12, 31))
    wanted = Wanted(seat.request.GET)
    kind = wanted.chosen.get("type", "")
    lines = [_line(seat, made) for made in read if kind in ("", made.type)]
    table = INSPECTIONS.shown(seat.request.GET, lines, wanted=wanted)
    areas = COVERED.shown(seat.request.GET, covered)
    return seat.page(
        "oversight/inspections/inspections.html",
        PAGE,
        max(table.status, areas.status),
        year=year,
        before=year - 1,
        after=year + 1 if year < seat.today.year else 0,
        table=table,
        covered=areas if covered else None,
        government=_government(seat, year),
        months=_months(seat, read, year),
        **_picture(covered),
        **_may_begin(seat, year),
    )


def _picture(covered: Sequence[Covered]) -> dict[str, Any]:
    """Return the picture of the area: a square for each organ, and how many are done."""
    return {
        "area": len(covered),
        "done": [one.state for one in covered].count("special"),
        "squares": _squares(covered),
        "height": SQUARE * ((len(covered) + IN_A_ROW - 1) // IN_A_ROW),
    }


def _may_begin(seat: Seat, year: int) -> dict[str, bool]:
    """Return what this seat can begin from the page."""
    plans = may_begin(seat, "plan")
    return {
        "may_plan": plans,
        "may_plan_year": plans and year == seat.today.year,
        "may_authorise": _is_government(seat) and may_begin(seat, "authorise", GOVERNMENT),
    }


def _year(seat: Seat) -> int:
    """Return the year asked for, this year where none is."""
    text = seat.request.GET.get("year", "")
    if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= seat.today.year:
        return int(text)
    return seat.today.year


def _read(seat: Seat, year: int) -> list[Inspection]:
    """Read the inspections of a year that this seat may see, the newest first."""
    cases = for_user(seat.viewer, seat.today).filter(kind=KIND, opened_on__year=year)
    return [read_inspection(case) for case in cases.order_by("-opened_at", "-pk")]


def _is_government(seat: Seat) -> bool:
    """Say whether the organ of this seat is a government."""
    return seat.organ is not None and seat.organ.kind == "government"


def _line(seat: Seat, made: Inspection) -> InspectionLine:
    """Return one inspection as the list shows it."""
    number = made.case.number
    names = organ_names(seat, [made.to, made.case.holder_id])
    return InspectionLine(
        unit=names.get(made.to or 0) or number,
        href=inspection_href(number),
        number=number,
        by=names.get(made.case.holder_id or 0, ""),
        state=state_words(read_file(made.case, seat.now), seat.language),
        type=type_words(made),
        open=sum(line.open for line in made.lines.values()),
    )


# --- government inspections -----------------------------------------------------------------------
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
    visible = for_user(seat.viewer, seat.today)
    cases = list(visible.filter(kind=GOVERNMENT, opened_on__year=year).order_by("-opened_at"))
    running = Duty.objects.filter(case__in=[case.pk for case in cases], state="open")
    duties = listed(list(running.select_related("case").order_by("pk")))
    lines = duty_lines(duties, seat.actor, seat.now, seat.language, case_href)
    found = []
    for case in cases:
        number = case.number
        found.append(
            Governmental(
                link=Link(case.title or number, case_href(number)),
                number=number,
                state=state_words(read_file(case, seat.now), seat.language),
                duties=tuple(line for line in lines if line.case_number == number),
            )
        )
    return found


# --- who was inspected ----------------------------------------------------------------------------
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
        return next((state for state in STATES if getattr(self, state)), "none")


def covered_organs(seat: Seat, read: Sequence[Inspection], last: date) -> list[Covered]:
    """Return the organs this organ supervises with their inspections of the year, those without
    one first."""
    if seat.organ is None:
        return []
    day = min(seat.today, last)
    organs = organs_on(day).filter(pk__in=supervised_by(seat.organ, day))
    rows = [_covered(seat, organ, _own(seat, read)) for organ in organs.order_by("code")]
    return sorted(rows, key=_least_inspected)


def _own(seat: Seat, read: Sequence[Inspection]) -> list[Inspection]:
    """Return the inspections that the organ of this seat holds."""
    organ = seat.organ
    return [made for made in read if organ is not None and made.case.holder_id == organ.pk]


def _covered(seat: Seat, organ: Organ, own: Sequence[Inspection]) -> Covered:
    """Return an organ with what was inspected there."""
    here = [made for made in own if made.to == organ.pk]
    concluded = [made.type for made in here if made.concluded]
    running = [made for made in here if made.begun is not None and made.concluded is None]
    return Covered(
        organ=organ,
        name=organ_name(organ, seat.language),
        special=concluded.count("special"),
        prompt=concluded.count("prompt"),
        running=len(running),
        planned=len(here) - len(concluded) - len(running),
        due="special" not in [made.type for made in here],
        links=tuple(_numbered_link(made) for made in here),
    )


def _numbered_link(made: Inspection) -> Link:
    """Return a link that says the number of an inspection."""
    return Link(made.case.number, inspection_href(made.case.number))


def _least_inspected(one: Covered) -> tuple[int, str]:
    """Return the key that puts organs without an inspection first."""
    return LEAST_FIRST.index(one.state), one.organ.code


def _squares(covered: Sequence[Covered]) -> list[tuple[Covered, int, int]]:
    """Return the squares of the picture of the area: an organ with its place in units of it."""
    squares = []
    for place, one in enumerate(covered):
        row, column = divmod(place, IN_A_ROW)
        squares.append((one, SQUARE * column, SQUARE * row))
    return squares


# --- the months -----------------------------------------------------------------------------------
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
    own = _own(seat, read)
    links = _organ_links(seat, own)
    found = []
    for month in months_of(own, year):
        if not (month.planned or month.begun or month.concluded):
            continue
        over = (year, month.number) < (seat.today.year, seat.today.month)
        found.append(
            Month(
                number=month.number,
                planned=tuple(
                    (links[made.case.pk], over and _waits(made)) for made in month.planned
                ),
                begun=tuple(links[made.case.pk] for made in month.begun),
                concluded=tuple(links[made.case.pk] for made in month.concluded),
            )
        )
    return found


def _organ_links(seat: Seat, own: Sequence[Inspection]) -> dict[int, Link]:
    """Return a link to each inspection with the name of its organ, by the id of the case."""
    names = organ_names(seat, [made.to for made in own])
    links = {}
    for made in own:
        number = made.case.number
        links[made.case.pk] = Link(names.get(made.to or 0, number), inspection_href(number))
    return links


def _waits(made: Inspection) -> bool:
    """Say whether nothing followed the plan of an inspection yet."""
    return made.begun is None and made.concluded is None


class MonthAsked(OneOf):
    """The month in which an organ is to be inspected, among those of the year that are not over."""

    def value_of(self, text: str) -> str:
        """Return a month that is offered."""
        try:
            return super().value_of(text)
        except ValidationError:
            raise ValidationError(_("只能选择本年余下的月份。")) from None


# --- the plan of the year -------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def year_plan(seat: Seat) -> HttpResponse:
    """Choose for each organ the month in which its special inspection begins, and plan them in
    one call."""
    if seat.organ is None or not may_begin(seat, "plan"):
        return redirect("desk:inspections")
    organs = covered_organs(seat, _read(seat, seat.today.year), seat.today)
    form = _year_form(seat, organs)
    if not form.is_bound:
        return _year_page(seat, organs, form)
    planned = [one for one in organs if one.due and form.value(_month_field(one))]
    if not form.errors:
        _check(form, planned)
    if form.errors:
        return _year_page(seat, organs, form)
    subject = form.value("subject")
    chosen = {one.organ.pk: form.value(_month_field(one)) for one in planned}
    steps = [_plan_step(seat, one, int(chosen[one.organ.pk]), subject) for one in planned]
    back = reverse("desk:inspections")
    return write(seat, steps, lambda why: _year_page(seat, organs, form, why), back)


def _check(form: AskedForm, planned: Sequence[Covered]) -> None:
    """Note what is wrong with the plan as a whole, at the field that asks for what lacks."""
    if planned and form.value("subject") and len(planned) <= MOST_AT_ONCE:
        return
    months = [name for name in form.fields if name != "subject"]
    at_subject = not form.value("subject") or not months
    words = _("请写明督查对象和内容，并为至少一个、最多 %(MOST_AT_ONCE)s 个单位选择月份。")
    form.wrong("subject" if at_subject else months[0], words % {"MOST_AT_ONCE": MOST_AT_ONCE})


def _month_field(one: Covered) -> str:
    """Return the name of the field of an organ."""
    return f"month-{one.organ.pk}"


def _year_form(seat: Seat, organs: Sequence[Covered]) -> AskedForm:
    """Return the form of the year: what the inspections are about, and a month for each organ."""
    months = _open_months(seat).items()
    asked: dict[str, Asked] = {
        _month_field(one): MonthAsked(one.name, choices=months, opens=True) for one in organs
    }
    asked["subject"] = Asked(_("督查对象和内容"), needed=True, initial=_("信访工作和责任落实情况"))
    return form_of(seat.request, asked)


def _plan_step(seat: Seat, one: Covered, month: int, subject: str) -> Step:
    """Return the act that plans a special inspection for a month, from today in this one."""
    begins = max(date(seat.today.year, month, 1), seat.today)
    return Step(
        act="plan",
        kind=KIND,
        open_as=f"o{one.organ.pk}",
        texts={"subject": subject},
        fields={"type": "special", "to": one.organ.pk, "begins": begins},
    )


def _open_months(seat: Seat) -> dict[str, str]:
    """Return the months of this year that are not over, with their names."""
    months = range(seat.today.month, 13)
    return {
        str(month): words_in((f"{month} 月", f"{date(2000, month, 1):%B}"), seat.language)
        for month in months
    }


def _year_page(
    seat: Seat, organs: Sequence[Covered], form: AskedForm, why: Sequence[str] = ()
) -> HttpResponse:
    """Ask for the months, with what was typed and what is wrong."""
    subject = form.at("subject")
    rows = [form.at(_month_field(one)) for one in organs if one.due]
    drawn = [subject, *rows]
    return seat.page(
        "oversight/inspections/inspection_year.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        why=[*form.complaints_elsewhere(drawn), *why],
        uid=uid_of(seat),
        year=seat.today.year,
        subject=subject,
        drawn=drawn,
        rows=rows,
        known=[one for one in organs if not one.due],
    )
