"""The year strip 责任年历 as server-side SVG: months across, duties down, every mark a link to its row
in the table.

Circle = from a rule, square = local target. Solid = done, hollow = not due yet, vermilion with a
cross = not done, vermilion hollow with a bar = done late: each can be known without its colour.
Frequencies never roll over a rest day.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from dengwen.law.bilingual import Language, words_in
from dengwen.ui import svg
from dengwen.ui.components import YearMark, YearRow, YearStrip
from dengwen.ui.dates import month_name

MONTHS = 12
WORST_FIRST = ("missed", "slow", "open", "met")


@dataclass(frozen=True, slots=True)
class Grid:
    """Geometry of one drawing: columns from `left`, rows of `row` px below `head`; marks `deep`
    below a row's top."""

    width: float
    left: float
    head: float
    row: float
    deep: float
    hit: float
    hit_least: float = 26

    @property
    def column(self) -> float:
        """Width of a month."""
        return (self.width - self.left) / MONTHS

    def x(self, month: int) -> float:
        """Middle of a month."""
        return self.left + (month - 0.5) * self.column


WIDE = Grid(width=1040, left=250, head=34, row=52, deep=26, hit=36)
NARROW = Grid(width=328, left=0, head=24, row=68, deep=46, hit=26)


def strip_wide(strip: YearStrip, language: Language) -> str:
    """Return the strip for desks and paper: names of duties left of the months."""

    def name(row: YearRow, top: float) -> list[str]:
        return [svg.words(row.title, 0, top + 23, "tb"), svg.words(row.basis, 0, top + 41, "t2 ts")]

    return _strip(strip, WIDE, language, name, "strip-wide")


def strip_narrow(strip: YearStrip, language: Language) -> str:
    """Return the strip for phones: names above their marks."""

    def name(row: YearRow, top: float) -> list[str]:
        return [svg.words(row.title, 0, top + 20, "tb ts")]

    return _strip(strip, NARROW, language, name, "strip-narrow")


def _strip(
    strip: YearStrip,
    grid: Grid,
    language: Language,
    name: Callable[[YearRow, float], list[str]],
    class_: str,
) -> str:
    """Return a whole drawing: months, the rows of duties with their marks, and today."""
    height = grid.head + grid.row * len(strip.rows) + 8
    parts = _months(strip, grid, language)
    for number, row in enumerate(strip.rows):
        top = grid.head + number * grid.row
        parts.append(svg.stroke("hl", f"M0 {svg.rounded(top)}H{svg.rounded(grid.width)}"))
        parts += name(row, top)
        parts += _marks(row, grid, top)
    if strip.today.year == strip.year:
        parts += _today(strip, grid, height)
    return svg.element(
        "svg",
        *parts,
        class_=class_,
        viewBox=f"0 0 {svg.rounded(grid.width)} {svg.rounded(height)}",
        role="group",
        aria_label=_label(strip, language),
    )


def _label(strip: YearStrip, language: Language) -> str:
    pair = (
        f"{strip.year} 年责任年历，内容与后面的表格相同",
        f"Duties of {strip.year}, same content as the table",
    )
    return words_in(pair, language)


def _marks(row: YearRow, grid: Grid, top: float) -> list[str]:
    """The marks of a row, month by month."""
    by_month: dict[int, list[YearMark]] = {}
    for mark in row.marks:
        by_month.setdefault(mark.month, []).append(mark)
    parts: list[str] = []
    for month in sorted(by_month):
        parts += _month(row, by_month[month], grid, top)
    return parts


def _months(strip: YearStrip, grid: Grid, language: Language) -> list[str]:
    """The names of the months, the present one in bold."""
    parts = []
    for month in range(1, MONTHS + 1):
        now = strip.today.year == strip.year and strip.today.month == month
        text = month_name(month, language) if grid.left else str(month)
        y = grid.head - (14 if grid.left else 10)
        parts.append(svg.words(text, grid.x(month), y, "tb" if now else "t2", "middle"))
    return parts


def _today(strip: YearStrip, grid: Grid, height: float) -> list[str]:
    """The dashed line of today with its mark."""
    length = gregorian.monthrange(strip.year, strip.today.month)[1]
    x = grid.left + (strip.today.month - 1 + (strip.today.day - 0.5) / length) * grid.column
    n = svg.rounded
    return [
        svg.down("dash", x, grid.head - 6, height),
        svg.stroke("today", f"M{n(x - 6)} {n(grid.head - 10)}h12l-6 10z"),
    ]


def _month(row: YearRow, marks: list[YearMark], grid: Grid, top: float) -> list[str]:
    """The marks of one month side by side; where too close to touch, one with the worst state
    and a count."""
    x, y = grid.x(marks[0].month), top + grid.deep
    fit = max(1, int(grid.column // grid.hit_least))
    if len(marks) > fit:
        count = svg.words(f"×{len(marks)}", x + 9, y - 6, "ts")
        return [_mark(row, _merged(marks), grid, x, y, grid.hit), count]
    pitch = min(grid.hit, grid.column / len(marks))
    first = x - pitch * (len(marks) - 1) / 2
    return [_mark(row, mark, grid, first + n * pitch, y, pitch) for n, mark in enumerate(marks)]


def _merged(marks: list[YearMark]) -> YearMark:
    """Several marks as one: the worst state, and what each of them says."""
    worst = min(marks, key=lambda mark: WORST_FIRST.index(mark.state))
    said = "; ".join(mark.said for mark in marks)
    return YearMark(worst.month, worst.state, said, href=worst.href)


def _mark(row: YearRow, mark: YearMark, grid: Grid, x: float, y: float, hit: float) -> str:
    """One mark with its place to touch, a link to its row in the table."""
    class_ = mark.state
    if row.local:
        shape = svg.box(class_, x - 6.5, y - 6.5, 13, 13)
    else:
        shape = svg.element("circle", class_=class_, cx=x, cy=y, r=7)
    n = svg.rounded
    inner = {
        "missed": [svg.stroke("cross", f"M{n(x - 3)} {n(y - 3)}l6 6m0 -6l-6 6")],
        "slow": [svg.stroke("slow-bar", f"M{n(x - 3.5)} {n(y)}h7")],
    }.get(mark.state, [])
    return svg.element(
        "a",
        svg.element("title", escape(mark.said)),
        svg.box("hit", x - hit / 2, y - grid.hit / 2, hit, grid.hit),
        shape,
        *inner,
        href=mark.href or f"#{row.uid}",
        aria_label=mark.said,
    )
