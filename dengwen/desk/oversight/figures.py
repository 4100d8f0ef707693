"""The monthly table and the annual report: every figure a link to the matters behind it, with the
ledger position.

An analyst (R13) reads sums only: no figure below ten, and no list behind any (access model N6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.act.code_words import names_of
from dengwen.desk.shell.frame.seat import FIGURES, TAKING_IN, Seat, at_desk, case_href
from dengwen.organs.models import Organ
from dengwen.oversight.annual_report import Annual, annual
from dengwen.oversight.statistics import (
    DIMENSIONS,
    NAMES,
    Figures,
    Table,
    add_up,
    behind,
    joint_least,
    matters,
    month_of,
    newest_position,
)

SMALLEST = 10
"""A figure below this is not shown to an analyst (k ≥ 10)."""
MOST_LISTED = 200
FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the table: its column, the number as shown, and the address of the matters
    behind it."""

    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    title: str
    cells: tuple[Cell, ...]


def columns() -> dict[str, str]:
    """Return the heads of the columns, with the unit offices count in."""
    return {
        "matters": _("件数"),
        "first": _("初件"),
        "repeat": _("重件"),
        "letters": _("来信（件）"),
        "joint_letters": _("联名信（件）"),
        "visits": _("来访（批）"),
        "visitors": _("来访（人次）"),
        "collective": _("集体访（批）"),
        "collective_visitors": _("集体访（人次）"),
        "imported": _("其中补录历史"),
    }


def _asked(seat: Seat) -> None:
    if seat.organ is None or not seat.roles & FIGURES:
        raise Http404


def _aggregated(seat: Seat) -> bool:
    return not seat.roles & (FIGURES - {"R13"})


def _month(seat: Seat) -> tuple[int, int]:
    """Return the month asked for, last month where none is."""
    year, _sep, month = seat.request.GET.get("month", "").partition("-")
    if (
        year.isdecimal()
        and month.isdecimal()
        and FIRST_YEAR <= int(year) <= seat.today.year
        and 1 <= int(month) <= 12
    ):
        return int(year), int(month)
    return (
        (seat.today.year, seat.today.month - 1)
        if seat.today.month > 1
        else (seat.today.year - 1, 12)
    )


def _position(seat: Seat) -> int:
    """Return the position asked for, never beyond the newest one: figures of an earlier day can
    be called up again."""
    said, newest = seat.request.GET.get("at", ""), newest_position()
    return min(int(said), newest) if said.isdecimal() and len(said) < 15 and int(said) else newest


@require_safe
@at_desk
def monthly(seat: Seat) -> HttpResponse:
    """Show the table of a month for the organ of this seat."""
    _asked(seat)
    year, month = _month(seat)
    first, last = month_of(year, month)
    taken = _table(seat, first, last)
    query = {"month": f"{year}-{month:02}", "at": str(taken.position)}
    rows = [(_words(name), _rows(seat, taken, name, query)) for name in DIMENSIONS]
    return seat.page(
        "oversight/figures.html",
        "figures",
        month=query["month"],
        first=first,
        last=last,
        columns=list(columns().values()),
        total=_row(seat, _("合计"), taken.total, {**query}),
        groups=rows,
        position=taken.position,
        digest=taken.digest(),
        least=taken.joint_least,
        aggregated=_aggregated(seat),
        analyse=_analysis(seat, taken),
    )


def _table(seat: Seat, first: date, last: date) -> Table:
    organ, at = seat.organ, _position(seat)
    if organ is None:
        raise Http404
    found = matters(organ.pk, seat.viewer, first, last, at)
    return add_up(organ.code, found, first, last, at, joint_least(organ.pk, last))


def _analysis(seat: Seat, taken: Table) -> str:
    """Return the address where the situation is analysed with these figures (S 6), "" where no
    rule knows it."""
    organ = seat.organ
    if organ is None or not organ.is_petition_office or not seat.capacities & TAKING_IN:
        return ""
    if "analysis" not in blank_file("petition", organ.division_code, seat.now).installed.book.kinds:
        return ""
    given = {
        "first": taken.first.isoformat(),
        "last": min(taken.last, seat.today).isoformat(),
        "position": str(taken.position),
        "figures": taken.digest(),
        "subject": f"{taken.first:%Y-%m}信访形势分析",
    }
    return f"{reverse('desk:open', args=['analysis', 'analyse'])}?{urlencode(given)}"


def _words(dimension: str) -> str:
    return {"channel": _("按提出形式"), "category": _("按内容分类"), "place": _("按问题属地")}[
        dimension
    ]


def _rows(seat: Seat, taken: Table, dimension: str, query: dict[str, str]) -> list[Row]:
    names = names_of(seat, dimension)
    found, unset = taken.rows[dimension], pgettext("figures", "没有登记")
    return [
        _row(seat, names.get(key, key) or unset, found[key], {**query, "by": dimension, "row": key})
        for key in sorted(found)
    ]


def _row(seat: Seat, title: str, figures: Figures, query: dict[str, str]) -> Row:
    heads, few = columns(), _aggregated(seat)
    cells = []
    for name in NAMES:
        number = getattr(figures, name)
        hidden = few and 0 < number < SMALLEST
        address = (
            ""
            if few or not number
            else f"{reverse('desk:figure_cases')}?{urlencode({**query, 'figure': name})}"
        )
        cells.append(Cell(heads[name], _("少于 10") if hidden else str(number), address))
    return Row(title, tuple(cells))


@require_safe
@at_desk
def cases(seat: Seat) -> HttpResponse:
    """List the matters behind one figure, as far as the wall lets this seat see them."""
    _asked(seat)
    asked = seat.request.GET
    figure, dimension = asked.get("figure", ""), asked.get("by", "")
    if (
        _aggregated(seat)
        or seat.organ is None
        or figure not in NAMES
        or dimension not in ("", *DIMENSIONS)
    ):
        raise Http404
    year, month = _month(seat)
    first, last = month_of(year, month)
    at = _position(seat)
    found = behind(
        matters(seat.organ.pk, seat.viewer, first, last, at),
        figure,
        joint_least(seat.organ.pk, last),
        dimension,
        asked.get("row", ""),
    )
    visible = for_user(seat.viewer, seat.today).filter(
        number__in=[m.number for m in found[:MOST_LISTED]]
    )
    titles = dict(visible.values_list("number", "title"))
    lines = [
        (titles.get(m.number) or m.number, m.number, case_href(m.number), m)
        for m in found
        if m.number in titles
    ]
    back = f"{reverse('desk:figures')}?{urlencode({'month': f'{year}-{month:02}', 'at': str(at)})}"
    return seat.page(
        "oversight/figure_cases.html",
        "figures",
        lines=lines,
        count=len(found),
        listed=len(lines),
        back=back,
        title=columns()[figure],
        month=f"{year}-{month:02}",
        position=at,
    )


# --- the year -------------------------------------------------------------------------------------
@require_safe
@at_desk
def annual_page(seat: Seat) -> HttpResponse:
    """Show the figures of the annual report, and begin it with them filled in."""
    _asked(seat)
    if seat.organ is None:
        raise Http404
    said = seat.request.GET.get("year", "")
    good = said.isdecimal() and len(said) == 4 and FIRST_YEAR <= int(said) <= seat.today.year
    year = int(said) if good else seat.today.year - 1
    figures = annual(seat.organ, seat.viewer, year, _position(seat))
    few = _aggregated(seat)
    return seat.page(
        "oversight/annual_report.html",
        "figures",
        year=year,
        figures=figures,
        position=figures.position,
        digest=figures.digest(),
        total=_row(seat, _("合计"), figures.data.total, {}),
        columns=list(columns().values()),
        aggregated=few,
        fields=[] if few else _rows_of_year(seat, figures),
        handling=[] if few else handling_words(figures),
        suggestions=[] if few else suggestion_words(figures),
        organs=[] if few else organ_words(seat, figures),
        begin=_beginning(seat, figures),
    )


def _rows_of_year(seat: Seat, figures: Annual) -> list[tuple[str, int]]:
    names = names_of(seat, "category")
    rows = figures.data.rows["category"]
    return [
        (names.get(key, key) or pgettext("figures", "没有登记"), rows[key].matters)
        for key in sorted(rows)
    ]


def organ_words(seat: Seat, figures: Annual) -> list[tuple[str, int]]:
    """Return the organs to which ten or more matters went, by code and not by number."""
    from_code = _organ_names(seat, figures)
    return [(from_code.get(code, code), number) for code, number in sorted(figures.organs.items())]


def _organ_names(seat: Seat, figures: Annual) -> dict[str, str]:
    rows = Organ.objects.filter(code__in=figures.organs)
    return {o.code: o.name_en if seat.language == "en" and o.name_en else o.name_zh for o in rows}


def handling_words(figures: Annual) -> list[tuple[str, int]]:
    """Return the counts of the second part with their words."""
    words = {
        "forward": _("转送"),
        "assign": _("交办"),
        "remind": _("催办"),
        "order": _("督办"),
        "urge": _("督促本系统下级"),
        "verify": _("回复核实认可"),
        "reject_reply": _("回复核实不认可"),
        "refer": _("提请联席会议"),
        "replies_late": _("逾期回复或者没有回复"),
    }
    return [(words[name], number) for name, number in figures.handling.items()]


def suggestion_words(figures: Annual) -> list[tuple[str, dict[str, int]]]:
    """Return the counts of the third part with their words."""
    words = {"improve_work": _("改进工作"), "complete_policy": _("完善政策")}
    return [(words[name], dict(row)) for name, row in figures.suggestions.items()]


def _beginning(seat: Seat, figures: Annual) -> str:
    """Return the address of the report's first act with year, position, digest and the counted
    parts filled in."""
    organ = seat.organ
    if organ is None or not organ.is_petition_office or not seat.capacities & TAKING_IN:
        return ""
    given = {
        "year": str(figures.year),
        "position": str(figures.position),
        "figures": figures.digest(),
        "subject": f"{figures.year}年信访情况年度报告",
        **parts_text(figures),
    }
    return f"{reverse('desk:open', args=['annual_report', 'prepare'])}?{urlencode(given)}"


def parts_text(figures: Annual) -> dict[str, str]:
    """Return model texts of the first three parts (Chinese: the report is)."""
    total, done, made = figures.data.total, figures.handling, figures.suggestions
    organs = dict(Organ.objects.filter(code__in=figures.organs).values_list("code", "name_zh"))
    named = "；".join(
        f"{organs.get(code, code)}{number}件" for code, number in sorted(figures.organs.items())
    )
    told = {
        name: (
            f"{zh}{row['made']}件，采纳{row['adopted']}件，部分采纳{row['partly']}件，不采纳{row['not']}件，"
            f"未反馈{row['unanswered']}件"
        )
        for (name, row), zh in zip(made.items(), ("改进工作的建议", "完善政策的建议"), strict=True)
    }
    return {
        "part_data": (
            f"登记信访事项{total.matters}件，其中初件{total.first}件、重件{total.repeat}件；来信{total.letters}件（联名信"
            f"{total.joint_letters}件），来访{total.visits}批{total.visitors}人次（集体访{total.collective}批"
            f"{total.collective_visitors}人次）。转送、交办十件以上的机关、单位：{named or '没有'}。"
        ),
        "part_handling": (
            f"转送{done['forward']}件，交办{done['assign']}件；催办{done['remind']}件，督办{done['order']}件，"
            f"核实认可{done['verify']}件、不认可{done['reject_reply']}件，逾期未回复{done['replies_late']}件。"
        ),
        "part_suggestions": "；".join(told.values()) + "。追究责任的建议整件封存，不在此计数。",
    }
