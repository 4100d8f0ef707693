"""The large term bar: 1040 px wide for desks and paper, folded to 31 days a line for phones.

Both are in the page; ui.css shows the one that fits. The labels are placed so that no two meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final

from dengwen.law.bilingual import Language, words_in
from dengwen.law.time.calendar import DAY
from dengwen.ui import svg
from dengwen.ui.dates import days, left, month_name, short, with_weekday
from dengwen.ui.term_bar import (
    Band,
    Scale,
    cuts,
    dashed,
    rests,
    ring,
    stretches,
    today_class,
    triangle,
)
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
_MONTH_ROOM = 44.0  # px a name of a month takes
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
    found = [_start_label(bar, scale, language)]
    before = original_end(bar)
    if bar.extended and before:
        found.append(_first_term_label(bar, scale, before, language))
    found += [_excluded_label(span, scale, language) for span in exclusions(bar)]
    if bar.rolled and bar.raw:
        found.append(_rolled_label(bar, scale, bar.raw, language))
    if bar.end:
        found.append(_due_label(bar, scale.end_of(bar.end), bar.end, language))
    else:
        found.append(_unknown_label(bar, scale, language))
    return found


def _start_label(bar: TermBar, scale: Scale, language: Language) -> Label:
    """The day of the event, which is not counted."""
    day = with_weekday(bar.start, language, year=not _one_year(bar))
    head = f"{start_word(bar, language)} {day}"
    said = words_in(("当日不计入，次日为第 1 日", "not counted; the next day is day 1"), language)
    return Label(scale.middle_of(bar.start), ((head, "tb"), (said, "t2 ts")), "start", bar.start)


def _first_term_label(bar: TermBar, scale: Scale, end: date, language: Language) -> Label:
    """The end of the term before it was extended."""
    more = days(bar.extended, language, bar.unit)
    said = words_in((f"原期限，延长 {more}", f"first term, extended by {more}"), language)
    head = _day(bar, end, language)
    return Label(scale.end_of(end), ((head, "tb"), (said, "t2 ts")), "tick", end)


def _excluded_label(span: Span, scale: Scale, language: Language) -> Label:
    """Days that do not count."""
    pair = (f"不计入 {days(span.length, 'zh')}", f"{days(span.length, 'en')} not counted")
    said = words_in(pair, language)
    return Label(scale.middle_of(span.first), ((said, "t2"),), "thin", span.first)


def _rolled_label(bar: TermBar, scale: Scale, raw: date, language: Language) -> Label:
    """The last day as counted, a rest day, after which the due date lies."""
    shown = _day(bar, raw, language)
    said = words_in((f"{shown}，休息日", f"{shown}, a rest day"), language)
    return Label(scale.end_of(raw), ((said, "t2"),), "tick dotted", raw)


def _unknown_label(bar: TermBar, scale: Scale, language: Language) -> Label:
    """The end of a picture whose due date nobody knows yet."""
    pair = ("放假安排尚未公布，到期日待定", "Calendar not published: due date not known yet")
    last = last_day(bar)
    return Label(scale.end_of(last), ((words_in(pair, language), "tb"),), "dash", last)


def _one_year(bar: TermBar) -> bool:
    return bar.start.year == last_day(bar).year


def _day(bar: TermBar, day: date, language: Language) -> str:
    """A counted day with its number where the term counts calendar days: 第 60 日 10-30 周五."""
    shown = with_weekday(day, language, year=False)
    if bar.unit != "calendar" or bar.excluded:
        return shown
    number = (day - bar.start).days
    return words_in((f"第 {number} 日 {shown}", f"Day {number}, {shown}"), language)


def _due_label(bar: TermBar, x: float, end: date, language: Language) -> Label:
    """The due date with its roll, or the raw date while the due date is provisional."""
    shown = with_weekday(end, language, year=not _one_year(bar))
    if bar.open_ended:
        pair = (
            f"原算 {shown}，当日或稍后，暂定",
            f"Raw date {shown}; due on or just after, provisional",
        )
        return Label(x, ((words_in(pair, language), "tb f16"),), "dash", end)
    chinese, english = f"到期 {shown}", f"Due {shown}"
    if bar.rolled:
        chinese += f"，顺延 {bar.rolled} 日"
        english += f", moved by {days(bar.rolled, 'en')}"
    if not bar.statutory:
        chinese += "，非法定"
        english += ", not set by law"
    said = words_in((chinese, english), language)
    if bar.pressing:
        return Label(x, ((said, "tl f16"),), "due late", end)
    return Label(x, ((said, "tb f16"),), "due", end)


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
    parts = [
        *(rests(bar, scale, _BAND, window) if window.length <= _SHADE_UNTIL else ()),
        *_ruler(scale, window, language),
        *stretches(bar, scale, _BAND, window),
        *cuts(bar, scale, _BAND, window),
        ring(max(6, scale.middle_of(bar.start)), _BAND.middle, 5),
        *_make_up(bar, scale, 48, 18),
        *chain.from_iterable(_label(one) for one in placed),
        *_end(bar, scale),
        *_today(bar, scale, language),
    ]
    name = describe(bar, language)
    return svg.picture(WIDE, _height(placed), "term-wide", uid, name, *parts)


def _height(placed: list[Placed]) -> float:
    """How high a picture must be for its labels."""
    rows = max((one.row + len(one.label.lines) for one in placed), default=1)
    return _FIRST_ROW + rows * _ROW + 8


def _ruler(scale: Scale, window: Span, language: Language) -> list[str]:
    """Names of months and days of Mondays above the shade, as many as there is room for."""
    first = short(window.first, language)
    parts = [svg.words(first, max(0, scale.start_of(window.first)), 36, "t2 ts")]
    first_ends = svg.text_width(first, 12) + 8
    last_month = -100.0
    for day in each_day(window.first + DAY, window.last):
        x = scale.start_of(day)
        if day.day == 1:
            if x - last_month >= _MONTH_ROOM:
                parts.append(svg.words(_month_words(day, language), x, 14, "tb"))
                last_month = x + (40 if day.month == 1 else 0)
            parts.append(svg.down("thin", x, _BAND.top, _BAND.bottom))
        middle = scale.middle_of(day)
        if _is_named(day, scale) and middle - 10 > first_ends:
            parts.append(svg.words(str(day.day), middle, 36, "t2 ts", "middle"))
    return parts


def _month_words(day: date, language: Language) -> str:
    """The name of a month, with the year where one begins."""
    name = month_name(day.month, language)
    return f"{name} {day.year}" if day.month == 1 else name


def _is_named(day: date, scale: Scale) -> bool:
    """Whether a day has its number above it: Mondays, or each day of a short term."""
    return scale.cell >= 24 or (day.weekday() == 0 and scale.cell * 7 >= 24)


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
        parts.append(dashed(x, _BAND.middle, max(16.0, WIDE - x)))
    if not bar.statutory and bar.end:
        parts.append(svg.box("ring", max(0, x - 7), _BAND.middle - 7, 14, 14))
    return parts


def today_words(bar: TermBar, language: Language) -> str:
    """Return what is said at the mark of today: date, day of the term, lateness."""
    today = short(bar.today, language)
    parts = [words_in((f"今天 {today}", f"Today {today}"), language), day_words(bar, language)]
    if bar.overdue or bar.due == bar.today:
        parts.append(left(bar.due, bar.raw, bar.today, language))
    return words_in(("，", ", "), language).join(part for part in parts if part)


def _today(bar: TermBar, scale: Scale, language: Language) -> list[str]:
    """The mark of today with its words, beside it where there is room."""
    if not bar.start <= bar.today <= last_day(bar):
        return []
    x = scale.middle_of(bar.today)
    text, class_ = today_words(bar, language), today_text_class(bar)
    if x > svg.text_width(text, 13) + 12:
        beside = svg.words(text, x - 11, 85, class_, "end")
    else:
        beside = svg.words(text, x + 11, 85, class_)
    return [triangle(today_class(bar), x, 76, 7, 11), beside]


def today_text_class(bar: TermBar) -> str:
    """The class of the words of today, red where it presses."""
    return "tl" if bar.pressing else "tb"


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


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """One line of the folded bar: its days, and where they stand."""

    bar: TermBar
    window: Span
    scale: Scale
    band: Band

    def holds(self, day: date) -> bool:
        """Whether a day falls into this line."""
        return self.window.first <= day <= self.window.last


def _folded_line(
    bar: TermBar, window: Span, cell: float, top: float, language: Language
) -> tuple[list[str], float]:
    """Draw one line of the folded bar and what falls into it; return the parts and where the
    next line begins."""
    scale = Scale(window.first, cell)
    band = Band(top=top + 22, bottom=top + 64, y=top + 36, thick=14)
    line = FoldedLine(bar, window, scale, band)
    texts, below = _folded_labels(line, language)
    parts = [
        svg.words(_since(window.first, language), 0, top + 14, "tb"),
        *rests(bar, scale, band, window),
        *stretches(bar, scale, band, window),
        *cuts(bar, scale, band, window),
        *_folded_make_up(line, top),
        *_folded_start(line),
        *texts,
        *_folded_end(line),
    ]
    if bar.start <= bar.today and line.holds(bar.today):
        parts += _folded_today(line, below, language)
        below += 20
    return parts, below + 8


def _since(day: date, language: Language) -> str:
    """The first day of a line: 11-02 起, from 2 Nov."""
    shown = short(day, language)
    return words_in((f"{shown} 起", f"from {shown}"), language)


def _folded_make_up(line: FoldedLine, top: float) -> list[str]:
    """Squares with 班 on weekend days on which people work."""
    parts = []
    for day in make_up_days(line.bar):
        if line.holds(day):
            x = min(max(line.scale.middle_of(day), 7), NARROW - 7)
            parts.append(svg.box("makeup", x - 7, top + 19, 14, 14))
            parts.append(svg.words("班", x, top + 30, "f10", "middle"))
    return parts


def _folded_start(line: FoldedLine) -> list[str]:
    """The mark of the beginning, in the line that holds it."""
    if line.window.first != line.bar.start:
        return []
    return [ring(max(5, line.scale.middle_of(line.bar.start)), line.band.middle, 5)]


def _folded_labels(line: FoldedLine, language: Language) -> tuple[list[str], float]:
    """The labels of a line below each other, each behind its mark; and where they end."""
    parts = []
    y = line.band.bottom + 18
    for label in labels(line.bar, line.scale, language):
        if not line.holds(label.day):
            continue
        if label.mark != "start":
            x = min(label.x, NARROW - 1)
            parts.append(svg.down(label.mark, x, line.band.top, line.band.bottom + 4))
        parts.append(_symbol(label, y))
        for number, (text, class_) in enumerate(label.lines):
            parts.append(svg.words(text, 18, y + number * 18, class_))
        y += 18.0 * len(label.lines) + 2
    return parts, y


def _folded_today(line: FoldedLine, y: float, language: Language) -> list[str]:
    """The mark of today on the track, and once more before its words."""
    bar, class_ = line.bar, today_class(line.bar)
    return [
        triangle(class_, line.scale.middle_of(bar.today), line.band.top, 6, 10),
        triangle(class_, 6, y - 9, 5, 8),
        svg.words(today_words(bar, language), 18, y, today_text_class(bar)),
    ]


def _symbol(label: Label, y: float) -> str:
    """The mark of a label once more before its text, as a key of its own."""
    if label.mark == "start":
        return ring(6, y - 5, 5)
    return svg.down(label.mark, 6, y - 13, y + 2)


def _folded_end(line: FoldedLine) -> list[str]:
    """Dashed run of an open end, hollow square of a date no law sets."""
    bar, middle = line.bar, line.band.middle
    if bar.end is None or not line.holds(bar.end):
        return []
    x = line.scale.end_of(bar.end)
    parts = []
    if bar.open_ended:
        parts.append(dashed(x, middle, max(6.0, NARROW - x)))
    if not bar.statutory:
        parts.append(svg.box("ring", max(0, min(x, NARROW - 6) - 6), middle - 6, 12, 12))
    return parts
