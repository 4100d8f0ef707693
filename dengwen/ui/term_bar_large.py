"""The large term bar: 1040 px wide for desks and paper, folded to 31 days a line for phones.

Both are in the page; ui.css shows the one that fits. The labels are placed so that no two meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Final

from dengwen.law.bilingual import Language
from dengwen.law.time.calendar import DAY
from dengwen.ui import svg
from dengwen.ui.dates import days, left, month_name, short, with_weekday
from dengwen.ui.term_bar import Band, Scale, cuts, rests, stretches, triangle
from dengwen.ui.term_days import (
    Span,
    TermBar,
    each_day,
    exclusions,
    last_day,
    make_up_days,
    original_end,
)
from dengwen.ui.term_words import day_words, describe, start_word

WIDE: Final = 1040.0
NARROW: Final = 328.0
_LINE = 31  # days a line when folded
_MOST_LINES = 12
_ROW = 22.0  # px between lines of text
_FIRST_ROW = 184.0
_MOST_ROWS = 10
_PATIENCE = 2000  # tries before labels that lie too close become a list
_KEY_LEFT = 18.0
_BAND = Band(top=44, bottom=150, y=92, thick=18)
_SHADE_UNTIL = 400  # days: beyond, a weekend is less than a pixel or two


@dataclass(frozen=True, slots=True)
class Label:
    """What is said about one place of the bar: the place, its lines with their classes, its
    mark."""

    x: float
    lines: tuple[tuple[str, str], ...]
    mark: str
    day: date

    def width(self) -> float:
        """The widest line, estimated."""
        return max(svg.text_width(text, 16 if "f16" in cls else 13) for text, cls in self.lines)


def labels(bar: TermBar, scale: Scale, language: Language) -> list[Label]:
    """Return what the bar says below its track, in order of place: start, plain end, excluded,
    raw, due."""
    zh = language == "zh"
    sep = "，" if zh else ", "
    first = (
        f"{start_word(bar, language)} {with_weekday(bar.start, language, year=not _one_year(bar))}"
    )
    found = [
        Label(
            scale.middle_of(bar.start),
            (
                (first, "tb"),
                (
                    "当日不计入，次日为第 1 日" if zh else "not counted; the next day is day 1",
                    "t2 ts",
                ),
            ),
            "start",
            bar.start,
        )
    ]
    before = original_end(bar)
    if bar.extended and before:
        more = days(bar.extended, language, bar.unit)
        head = _day(bar, before, language)
        said = f"原期限，延长 {more}" if zh else f"first term, extended by {more}"
        found.append(Label(scale.end_of(before), ((head, "tb"), (said, "t2 ts")), "tick", before))
    for span in exclusions(bar):
        said = (
            f"不计入 {days(span.length, 'zh')}" if zh else f"{days(span.length, 'en')} not counted"
        )
        found.append(Label(scale.middle_of(span.first), ((said, "t2"),), "thin", span.first))
    if bar.rolled and bar.raw:
        why = "休息日" if zh else "a rest day"
        said = f"{_day(bar, bar.raw, language)}{sep}{why}"
        found.append(Label(scale.end_of(bar.raw), ((said, "t2"),), "tick dotted", bar.raw))
    if bar.end:
        found.append(_due_label(bar, scale.end_of(bar.end), bar.end, language))
    else:
        said = (
            "放假安排尚未公布，到期日待定"
            if zh
            else "Calendar not published: due date not known yet"
        )
        found.append(Label(scale.end_of(last_day(bar)), ((said, "tb"),), "dash", last_day(bar)))
    return found


def _one_year(bar: TermBar) -> bool:
    return bar.start.year == last_day(bar).year


def _day(bar: TermBar, day: date, language: Language) -> str:
    """A counted day with its number where the term counts calendar days: 第 60 日 10-30 周五."""
    shown = with_weekday(day, language, year=False)
    if bar.unit != "calendar" or bar.excluded:
        return shown
    number = (day - bar.start).days
    return f"第 {number} 日 {shown}" if language == "zh" else f"Day {number}, {shown}"


def _due_label(bar: TermBar, x: float, end: date, language: Language) -> Label:
    zh = language == "zh"
    shown = with_weekday(end, language, year=not _one_year(bar))
    if bar.open_ended:
        said = (
            f"原算 {shown}，当日或稍后，暂定"
            if zh
            else f"Raw date {shown}; due on or just after, provisional"
        )
        return Label(x, ((said, "tb f16"),), "dash", end)
    roll = (
        (f"，顺延 {bar.rolled} 日" if zh else f", moved by {days(bar.rolled, 'en')}")
        if bar.rolled
        else ""
    )
    own = "" if bar.statutory else ("，非法定" if zh else ", not set by law")
    late = bar.overdue > 0 or end == bar.today
    said = f"到期 {shown}{roll}{own}" if zh else f"Due {shown}{roll}{own}"
    return Label(x, ((said, "tl f16" if late else "tb f16"),), "due late" if late else "due", end)


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its row and the edges of its text; `anchor` as SVG says it."""

    label: Label
    row: int
    at: float
    anchor: str

    def edges(self) -> tuple[float, float]:
        """Left and right edge of the text."""
        wide = self.label.width()
        left_edge = self.at - {"middle": wide / 2, "end": wide}.get(self.anchor, 0)
        return left_edge, left_edge + wide

    def _rows(self) -> set[int]:
        return set(range(self.row, self.row + len(self.label.lines)))

    def meets(self, other: Placed) -> bool:
        """Whether two labels share a place, or the line down to one crosses the text of the
        other."""
        (a, b), (c, d) = self.edges(), other.edges()
        texts = self._rows() & other._rows() and a < d + 12 and c < b + 12
        crosses = self.row > other.row and c - 4 < self.label.x < d + 4
        crossed = other.row > self.row and a - 4 < other.label.x < b + 4
        return bool(texts or crosses or crossed)


def place(found: list[Label], width: float) -> list[Placed]:
    """Give each label a row so that no two meet and all stay inside, in as few rows as may be.

    Where days lie too close for that, the labels stand below each other as a list, each behind its
    mark.
    """
    for rows in range(2, _MOST_ROWS + 1):
        choices = [_options(label, width, rows) for label in found]
        if (done := _search(choices, [], [_PATIENCE])) is not None:
            return done
    starts = accumulate((len(label.lines) for label in found), initial=0)
    return [Placed(label, row, _KEY_LEFT, "key") for label, row in zip(found, starts, strict=False)]


def _options(label: Label, width: float, rows: int) -> list[Placed]:
    """Every way to place one label, best first, that stays inside the picture."""
    tops = range(rows - len(label.lines) + 1)
    ways = (Placed(label, row, x, anchor) for row in tops for x, anchor in _anchors(label, width))
    return [way for way in ways if way.edges()[0] >= 0 and way.edges()[1] <= width]


def _search(
    choices: list[list[Placed]], chosen: list[Placed], patience: list[int]
) -> list[Placed] | None:
    """Choose one way for each label so that none meet, trying the best first; None when tired or
    impossible."""
    if len(chosen) == len(choices):
        return chosen
    for way in choices[len(chosen)]:
        patience[0] -= 1
        if patience[0] < 0:
            return None
        if not any(way.meets(other) for other in chosen):
            done = _search(choices, [*chosen, way], patience)
            if done is not None:
                return done
    return None


def _anchors(label: Label, width: float) -> list[tuple[float, str]]:
    """The ways a label may stand to its place, best first: under it, else beside it."""
    under = (label.x, "middle")
    right, before = (label.x, "start"), (label.x - 8, "end")
    if label.x < width * 0.2:
        return [right, under, before]
    return [before, under, right] if label.x > width * 0.8 else [under, before, right]


@lru_cache(maxsize=512)
def wide(bar: TermBar, language: Language, uid: str) -> str:
    """Return the large term bar, 1040 px wide; `uid` is unique on the page."""
    window = Span(bar.start, last_day(bar))
    scale = Scale(bar.start, (WIDE - 22) / window.length)
    placed = place(labels(bar, scale, language), WIDE)
    rows = max((p.row + len(p.label.lines) for p in placed), default=1)
    height = _FIRST_ROW + rows * _ROW + (8 if rows else 0)
    shade = rests(bar, scale, _BAND, window) if window.length <= _SHADE_UNTIL else []
    parts = [
        *shade,
        *_ruler(scale, window, language),
        *stretches(bar, scale, _BAND, window),
        *cuts(bar, scale, _BAND, window),
        svg.element(
            "circle", class_="ring", cx=max(6, scale.middle_of(bar.start)), cy=_BAND.middle, r=5
        ),
        *_make_up(bar, scale, 48, 18),
        *(piece for p in placed for piece in _label(p)),
        *_end(bar, scale),
        *_today(bar, scale, language),
    ]
    return svg.picture(WIDE, height, "term-wide", uid, describe(bar, language), *parts)


def _ruler(scale: Scale, window: Span, language: Language) -> list[str]:
    """Names of months and days of Mondays above the shade, as many as there is room for."""
    parts = [
        svg.words(short(window.first, language), max(0, scale.start_of(window.first)), 36, "t2 ts")
    ]
    room_month, last_month, last_day_x = (
        44.0,
        -100.0,
        svg.text_width(short(window.first, language), 12) + 8,
    )
    for day in each_day(window.first + DAY, window.last):
        x = scale.start_of(day)
        if day.day == 1:
            if x - last_month >= room_month:
                name = month_name(day.month, language)
                parts.append(
                    svg.words(f"{name} {day.year}" if day.month == 1 else name, x, 14, "tb")
                )
                last_month = x + (40 if day.month == 1 else 0)
            parts.append(svg.down("thin", x, _BAND.top, _BAND.bottom))
        # Mondays, or each day of a short term
        named = (day.weekday() == 0 and scale.cell * 7 >= 24) or scale.cell >= 24
        if named and scale.middle_of(day) - 10 > last_day_x:
            parts.append(svg.words(str(day.day), scale.middle_of(day), 36, "t2 ts", "middle"))
    return parts


def _make_up(bar: TermBar, scale: Scale, top: float, size: float) -> list[str]:
    """Squares with 班 on weekend days on which people work."""
    parts = []
    for day in make_up_days(bar):
        x = scale.middle_of(day)
        parts.append(svg.box("makeup", max(0, x - size / 2), top, size, size))
        parts.append(svg.words("班", x, top + size * 0.76, "ts" if size > 15 else "f10", "middle"))
    return parts


def _label(placed: Placed) -> list[str]:
    """The mark down from the track and the lines of text."""
    label, anchor = placed.label, placed.anchor
    top = _FIRST_ROW + placed.row * _ROW
    first = label.mark == "start"
    begin = _BAND.middle + 5 if first else _BAND.y - 6
    foot = {"end": top + 4, "key": _BAND.bottom + 6}.get(anchor, top - 16)
    parts = [svg.down("tick" if first else label.mark, label.x, begin, foot)]
    if anchor == "key":
        parts.append(_symbol(label, top))
    for number, (text, cls) in enumerate(label.lines):
        line = top + number * _ROW
        parts.append(svg.words(text, placed.at, line, cls, "start" if anchor == "key" else anchor))
    return parts


def _end(bar: TermBar, scale: Scale) -> list[str]:
    """Dashed run of an open end, hollow square of a date no law sets."""
    parts = []
    x = scale.end_of(bar.end or last_day(bar))
    if bar.open_ended:
        run = svg.rounded(max(16.0, WIDE - x))
        parts.append(svg.stroke("dash", f"M{svg.rounded(x)} {svg.rounded(_BAND.middle)}h{run}"))
    if not bar.statutory and bar.end:
        parts.append(svg.box("ring", max(0, x - 7), _BAND.middle - 7, 14, 14))
    return parts


def today_words(bar: TermBar, language: Language) -> str:
    """Return what is said at the mark of today: date, day of the term, lateness."""
    zh = language == "zh"
    parts = [f"{'今天' if zh else 'Today'} {short(bar.today, language)}", day_words(bar, language)]
    if bar.overdue or bar.due == bar.today:
        parts.append(left(bar.due, bar.raw, bar.today, language))
    return ("，" if zh else ", ").join(part for part in parts if part)


def _today(bar: TermBar, scale: Scale, language: Language) -> list[str]:
    if not bar.start <= bar.today <= last_day(bar):
        return []
    late = bar.overdue > 0 or (bar.due == bar.today and not bar.open_ended)
    x = scale.middle_of(bar.today)
    text, cls = today_words(bar, language), "tl" if late else "tb"
    room = x > svg.text_width(text, 13) + 12
    beside = svg.words(text, x - 11, 85, cls, "end") if room else svg.words(text, x + 11, 85, cls)
    return [triangle("today late" if late else "today", x, 76, 7, 11), beside]


@lru_cache(maxsize=512)
def folded(bar: TermBar, language: Language, uid: str) -> str:
    """Return the large term bar folded for phones: 31 days a line (more where it would take over
    twelve lines)."""
    total = Span(bar.start, last_day(bar))
    per_line = max(_LINE, -(-total.length // _MOST_LINES))
    cell = (NARROW - 8) / min(per_line, total.length)
    parts: list[str] = []
    top = 0.0
    day = total.first
    while day <= total.last:
        window = Span(day, min(total.last, day + DAY * (per_line - 1)))
        line, top = _folded_line(bar, window, cell, top, language)
        parts.extend(line)
        day = window.last + DAY
    return svg.picture(NARROW, top, "term-folded", uid, describe(bar, language), *parts)


def _folded_line(
    bar: TermBar, window: Span, cell: float, top: float, language: Language
) -> tuple[list[str], float]:
    """Draw one line of the folded bar and what falls into it; return the parts and where the
    next line begins."""
    scale = Scale(window.first, cell)
    band = Band(top=top + 22, bottom=top + 64, y=top + 36, thick=14)
    since = (
        f"{short(window.first, language)} 起"
        if language == "zh"
        else f"from {short(window.first, language)}"
    )
    parts = [svg.words(since, 0, top + 14, "tb"), *rests(bar, scale, band, window)]
    parts += [*stretches(bar, scale, band, window), *cuts(bar, scale, band, window)]
    for day in make_up_days(bar):
        if window.first <= day <= window.last:
            x = min(max(scale.middle_of(day), 7), NARROW - 7)
            parts += [
                svg.box("makeup", x - 7, top + 19, 14, 14),
                svg.words("班", x, top + 30, "f10", "middle"),
            ]
    if window.first == bar.start:
        parts.append(
            svg.element(
                "circle", class_="ring", cx=max(5, scale.middle_of(bar.start)), cy=band.middle, r=5
            )
        )
    y = band.bottom + 18
    for label in labels(bar, scale, language):
        if window.first <= label.day <= window.last:
            if label.mark != "start":
                parts.append(
                    svg.down(label.mark, min(label.x, NARROW - 1), band.top, band.bottom + 4)
                )
            parts += [
                _symbol(label, y),
                *(svg.words(t, 18, y + n * 18, c) for n, (t, c) in enumerate(label.lines)),
            ]
            y += 18.0 * len(label.lines) + 2
    if bar.end and window.first <= bar.end <= window.last:
        parts += _folded_end(bar, scale, band)
    if bar.start <= bar.today and window.first <= bar.today <= window.last:
        late = bar.overdue > 0 or (bar.due == bar.today and not bar.open_ended)
        parts += [
            triangle(
                "today late" if late else "today", scale.middle_of(bar.today), band.top, 6, 10
            ),
            triangle("today late" if late else "today", 6, y - 9, 5, 8),
            svg.words(today_words(bar, language), 18, y, "tl" if late else "tb"),
        ]
        y += 20
    return parts, y + 8


def _symbol(label: Label, y: float) -> str:
    """The mark of a label once more before its text, as a key of its own."""
    if label.mark == "start":
        return svg.element("circle", class_="ring", cx=6, cy=y - 5, r=5)
    return svg.down(label.mark, 6, y - 13, y + 2)


def _folded_end(bar: TermBar, scale: Scale, band: Band) -> list[str]:
    x = scale.end_of(bar.end) if bar.end else 0.0
    parts = []
    if bar.open_ended:
        run = svg.rounded(max(6.0, NARROW - x))
        parts.append(svg.stroke("dash", f"M{svg.rounded(x)} {svg.rounded(band.middle)}h{run}"))
    if not bar.statutory:
        parts.append(svg.box("ring", max(0, min(x, NARROW - 6) - 6), band.middle - 6, 12, 12))
    return parts
