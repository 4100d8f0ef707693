"""The monthly table and the annual report: every figure links to the matters behind it.

Figures are as of a position of the ledger. An analyst (R13) reads sums only: no figure below ten,
and no list behind any (access model N6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.act.code_words import names_of
from dengwen.desk.shell.frame.seat import FIGURES, TAKING_IN, Seat, at_desk, case_href, organ_name
from dengwen.organs.models import Organ
from dengwen.oversight.annual_report import Annual, annual
from dengwen.oversight.statistics import (
    DIMENSIONS,
    NAMES,
    Figures,
    Matter,
    Table,
    add_up,
    behind,
    joint_least,
    matters,
    month_of,
    newest_position,
)
from dengwen.ui.cells import day, linked, number, words
from dengwen.ui.form_fields import OneOf
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf

SMALLEST = 10
"""A figure below this is not shown to an analyst (k ≥ 10)."""
MOST_LISTED = 2000
"""Matters behind one figure that are looked up at most."""
FIRST_YEAR = 2000
CASES = ListOf(
    caption=_lazy("办理件"),
    columns=(
        Column("case", _lazy("办理件"), linked("title")),
        Column("day", _lazy("登记"), day("matter.day"), sort=("day", "number")),
        Column("persons", _lazy("人数"), number("matter.persons"), sort=("persons", "number")),
        Column("repeat", _lazy("初件、重件"), words("repeat"), sort=("repeat", "number")),
    ),
    nothing=_lazy("没有您可以看到的件。"),
)


class Wanted(ListFilter):
    """The matters behind a figure that came first, or those that came again."""

    repeat = OneOf(
        label=_lazy("初件、重件"), choices=[("no", _lazy("初件")), ("yes", _lazy("重件"))]
    )


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A matter behind a figure as the list shows it."""

    title: str
    href: str
    number: str
    matter: Matter
    repeat: str


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
    """Raise a 404 for who reads no figures here."""
    if seat.organ is None or not seat.roles & FIGURES:
        raise Http404


def _aggregated(seat: Seat) -> bool:
    """Say whether this seat reads sums only."""
    return not seat.roles & (FIGURES - {"R13"})


def _month(seat: Seat) -> tuple[int, int]:
    """Return the month asked for, last month where none is."""
    year, _sep, month = seat.request.GET.get("month", "").partition("-")
    if _is_year(seat, year) and month.isdecimal() and 1 <= int(month) <= 12:
        return int(year), int(month)
    if seat.today.month > 1:
        return seat.today.year, seat.today.month - 1
    return seat.today.year - 1, 12


def _is_year(seat: Seat, text: str) -> bool:
    """Say whether a text is a year from the first one kept to this one."""
    return text.isdecimal() and FIRST_YEAR <= int(text) <= seat.today.year


def _position(seat: Seat) -> int:
    """Return the position asked for, never beyond the newest one: figures of an earlier day can
    be called up again."""
    typed = seat.request.GET.get("at", "")
    newest = newest_position()
    if not typed.isdecimal() or len(typed) > 14 or int(typed) == 0:
        return newest
    return min(int(typed), newest)


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
    """Return the table of a span of days, for the organ of this seat."""
    organ = seat.organ
    at = _position(seat)
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
    """Return the name of a dimension of the table."""
    words = {
        "channel": _("按提出形式"),
        "category": _("按内容分类"),
        "place": _("按问题属地"),
    }
    return words[dimension]


def _rows(seat: Seat, taken: Table, dimension: str, query: dict[str, str]) -> list[Row]:
    """Return the rows of a dimension."""
    names = names_of(seat, dimension)
    unset = pgettext("figures", "没有登记")
    rows = []
    for key, figures in sorted(taken.rows[dimension].items()):
        title = names.get(key, key) or unset
        rows.append(_row(seat, title, figures, {**query, "by": dimension, "row": key}))
    return rows


def _row(seat: Seat, title: str, figures: Figures, query: dict[str, str]) -> Row:
    """Return a row; an analyst sees no small figure and no address."""
    heads = columns()
    aggregated = _aggregated(seat)
    cells = []
    for name in NAMES:
        number = getattr(figures, name)
        hidden = aggregated and 0 < number < SMALLEST
        address = ""
        if number and not aggregated:
            address = f"{reverse('desk:figure_cases')}?{urlencode({**query, 'figure': name})}"
        cells.append(Cell(heads[name], _("少于 10") if hidden else str(number), address))
    return Row(title, tuple(cells))


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure that was clicked: its name, its month, the dimension and row of the table, the
    position of the ledger."""

    figure: str
    month: tuple[int, int]
    dimension: str
    row: str
    position: int

    @property
    def month_text(self) -> str:
        """The month as addresses write it: 2025-03."""
        year, month = self.month
        return f"{year}-{month:02}"


@require_safe
@at_desk
def cases(seat: Seat) -> HttpResponse:
    """List the matters behind one figure, as far as the wall lets this seat see them."""
    _asked(seat)
    asked = _figure_asked(seat)
    found = _behind(seat, asked)
    titles = _titles(seat, found)
    wanted = Wanted(seat.request.GET)
    seen = [one for one in found if one.number in titles and _is_wanted(one, wanted)]
    table = CASES.shown(
        seat.request.GET,
        seen,
        lambda shown: [_case_line(matter, titles[matter.number]) for matter in shown],
        wanted,
    )
    query = urlencode({"month": asked.month_text, "at": str(asked.position)})
    return seat.page(
        "oversight/figure_cases.html",
        "figures",
        table.status,
        table=table,
        count=len(found),
        listed=len(titles),
        back=f"{reverse('desk:figures')}?{query}",
        title=columns()[asked.figure],
        month=asked.month_text,
        position=asked.position,
    )


def _figure_asked(seat: Seat) -> Asked:
    """Return which figure was clicked; 404 for one that does not exist, and for who reads sums
    only."""
    query = seat.request.GET
    figure = query.get("figure", "")
    dimension = query.get("by", "")
    if _aggregated(seat) or figure not in NAMES or dimension not in ("", *DIMENSIONS):
        raise Http404
    return Asked(figure, _month(seat), dimension, query.get("row", ""), _position(seat))


def _behind(seat: Seat, asked: Asked) -> list[Matter]:
    """Return the matters that one figure counts."""
    if seat.organ is None:
        raise Http404
    first, last = month_of(*asked.month)
    counted = matters(seat.organ.pk, seat.viewer, first, last, asked.position)
    least = joint_least(seat.organ.pk, last)
    return behind(counted, asked.figure, least, asked.dimension, asked.row)


def _titles(seat: Seat, found: Sequence[Matter]) -> dict[str, str]:
    """Return the titles of those matters behind a figure that this seat may see, by number."""
    numbers = [matter.number for matter in found[:MOST_LISTED]]
    visible = for_user(seat.viewer, seat.today).filter(number__in=numbers)
    return dict(visible.values_list("number", "title"))


def _is_wanted(matter: Matter, wanted: Wanted) -> bool:
    """Say whether a matter is among those asked for."""
    repeat: str = wanted.chosen.get("repeat", "")
    return repeat in ("", "yes" if matter.repeat else "no")


def _case_line(matter: Matter, title: str) -> CaseLine:
    """Return a matter behind a figure as the list shows it."""
    return CaseLine(
        title=title or matter.number,
        href=case_href(matter.number),
        number=matter.number,
        matter=matter,
        repeat=_("重件") if matter.repeat else _("初件"),
    )


# --- the year -------------------------------------------------------------------------------------
@require_safe
@at_desk
def annual_page(seat: Seat) -> HttpResponse:
    """Show the figures of the annual report, and begin it with them filled in."""
    _asked(seat)
    if seat.organ is None:
        raise Http404
    typed = seat.request.GET.get("year", "")
    good = len(typed) == 4 and _is_year(seat, typed)
    year = int(typed) if good else seat.today.year - 1
    figures = annual(seat.organ, seat.viewer, year, _position(seat))
    sums_only = _aggregated(seat)
    return seat.page(
        "oversight/annual_report.html",
        "figures",
        year=year,
        figures=figures,
        position=figures.position,
        digest=figures.digest(),
        total=_row(seat, _("合计"), figures.data.total, {}),
        columns=list(columns().values()),
        aggregated=sums_only,
        fields=[] if sums_only else _rows_of_year(seat, figures),
        handling=[] if sums_only else handling_words(figures),
        suggestions=[] if sums_only else suggestion_words(figures),
        organs=[] if sums_only else organ_words(seat, figures),
        begin=_beginning(seat, figures),
    )


def _rows_of_year(seat: Seat, figures: Annual) -> list[tuple[str, int]]:
    """Return how many matters each category of the year has."""
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
    """Return the names of the organs that were sent matters, by code."""
    organs = Organ.objects.filter(code__in=figures.organs)
    return {organ.code: organ_name(organ, seat.language) for organ in organs}


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
    return {
        "part_data": _data_text(figures),
        "part_handling": _handling_text(figures),
        "part_suggestions": _suggestions_text(figures),
    }


def _data_text(figures: Annual) -> str:
    """Return the first part: what was registered, and to whom it went."""
    total = figures.data.total
    organs = dict(Organ.objects.filter(code__in=figures.organs).values_list("code", "name_zh"))
    sent = "；".join(
        f"{organs.get(code, code)}{number}件" for code, number in sorted(figures.organs.items())
    )
    return (
        f"登记信访事项{total.matters}件，其中初件{total.first}件、重件{total.repeat}件；"
        f"来信{total.letters}件（联名信{total.joint_letters}件），"
        f"来访{total.visits}批{total.visitors}人次"
        f"（集体访{total.collective}批{total.collective_visitors}人次）。"
        f"转送、交办十件以上的机关、单位：{sent or '没有'}。"
    )


def _handling_text(figures: Annual) -> str:
    """Return the second part: what was forwarded, urged and verified."""
    done = figures.handling
    return (
        f"转送{done['forward']}件，交办{done['assign']}件；"
        f"催办{done['remind']}件，督办{done['order']}件，"
        f"核实认可{done['verify']}件、不认可{done['reject_reply']}件，"
        f"逾期未回复{done['replies_late']}件。"
    )


def _suggestions_text(figures: Annual) -> str:
    """Return the third part: what was suggested, and what was adopted."""
    kinds = ("改进工作的建议", "完善政策的建议")
    counted = "；".join(
        f"{kind}{row['made']}件，采纳{row['adopted']}件，部分采纳{row['partly']}件，"
        f"不采纳{row['not']}件，未反馈{row['unanswered']}件"
        for kind, row in zip(kinds, figures.suggestions.values(), strict=True)
    )
    return f"{counted}。追究责任的建议整件封存，不在此计数。"
