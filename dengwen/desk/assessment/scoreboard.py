"""Pictures of an assessment: intervals of totals on one scale, and shares by month; each stands
beside its table.

A picture is drawn twice where a phone has no room for the wide one (`drawn-wide`, also for paper,
and `drawn-narrow`);
the style sheet shows one of them. Ink on paper, outline and filled part: no colour says anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dengwen.ui.svg import box, down, picture, stroke, text_width, words

SCALE = (0, 25, 50, 75, 100)
WIDE, NARROW = 1000, 320
"""Widths in pixels: what a desk and a sheet of A4 on its side have room for, and what a phone
has."""
NAMES, FIGURES = 300, 170
"""Widths in pixels of the columns left and right of a wide picture of intervals: no line of the
scale runs there."""
LETTER, LEAD, EDGE = 13, 18, 14
"""Height of a letter, from line to line, and room at both ends of a scale, in pixels."""
SLOT = 60
"""Width of a month in pixels."""
COLUMN_HEIGHT = 150
"""Height of the wide picture of months, in pixels."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn of one organ: its total and the ends of its interval, in points from 0 to
    100."""

    name: str
    low: Decimal
    total: Decimal
    high: Decimal


def confidence(z: Decimal) -> str:
    """Return the level of a two-sided normal interval of `z` standard deviations in percent,
    such as "95" for 1.96."""
    return f"{100 * math.erf(float(z) / math.sqrt(2)):.1f}".removesuffix(".0")


def folded(text: str, width: float, size: float = LETTER) -> list[str]:
    """Break a text into lines no wider than `width` pixels: between words, in Chinese between
    characters."""
    lines = [""]
    for piece in re.findall(r"[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff]\s*", text):
        longer = lines[-1] + piece
        if lines[-1] and text_width(longer.rstrip(), size) > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale of a picture of intervals: how wide the picture is, and between which pixels it
    runs."""

    wide: bool
    width: int
    left: int
    right: int

    def x(self, points: Decimal | int) -> float:
        """Return where points from 0 to 100 lie, in pixels from the left."""
        room = self.right - self.left - 2 * EDGE
        return self.left + EDGE + float(points) * room / 100


_WIDE_SCALE = _Scale(wide=True, width=WIDE, left=NAMES, right=WIDE - FIGURES)
_NARROW_SCALE = _Scale(wide=False, width=NARROW, left=0, right=NARROW)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where one organ stands in a picture: its name in lines, both edges, and the height its
    interval is drawn at."""

    names: list[str]
    top: float
    bottom: float
    y: float


def intervals(rows: Sequence[Line], said: tuple[str, str], uid: str, *, wide: bool) -> str:
    """Draw a line for each organ: the interval as a line with ends, the total as a square on it.

    Wide: names to the left, the figures to the right. Narrow: the name above its interval, the
    scale interrupted there.
    """
    scale = _WIDE_SCALE if wide else _NARROW_SCALE
    parts: list[str] = []
    top = 4.0
    for row in rows:
        slot = _slot_of(scale, row.name, top)
        parts += _name_and_scale(scale, slot)
        parts += _interval(scale, slot, row)
        if wide:
            parts += _figures(scale, slot, row)
        top = slot.bottom
    parts += [words(str(n), scale.x(n), top + 16, "ts", "middle") for n in SCALE]
    size = "wide" if wide else "narrow"
    own_uid = uid if wide else f"{uid}-n"
    return picture(
        scale.width, top + 22, f"chart drawn-{size}", own_uid, said, *parts, natural=True
    )


def _slot_of(scale: _Scale, name: str, top: float) -> _Slot:
    """Return where an organ stands that begins at `top`, by the lines its name needs."""
    names = folded(name, NAMES - 12 if scale.wide else scale.width)
    room = LEAD * len(names)
    if scale.wide:
        bottom = top + max(room, LEAD) + 16
        return _Slot(names, top, bottom, y=top + room / 2)
    bottom = top + room + 30
    return _Slot(names, top, bottom, y=top + room + 14)


def _name_and_scale(scale: _Scale, slot: _Slot) -> list[str]:
    """Draw the name of an organ and the dotted lines of the scale beside or below it."""
    parts = []
    baseline = slot.top + 14
    for text in slot.names:
        parts.append(words(text, 0, baseline, "name"))
        baseline += LEAD
    upper, lower = slot.y - 9, slot.y + 9
    if scale.wide:
        upper, lower = slot.top, slot.bottom
    for points in SCALE:
        parts.append(down("dotted ext-ahead", scale.x(points), upper, lower))
    return parts


def _interval(scale: _Scale, slot: _Slot, row: Line) -> list[str]:
    """Draw an interval as a line with an upright stroke at each end, and the total on it."""
    y = slot.y
    low = scale.x(row.low)
    high = scale.x(row.high)
    line = f"M{low:.1f} {y:.1f}H{high:.1f}"
    for end in (low, high):
        line += f"M{end:.1f} {y - 5:.1f}v10"
    return [
        stroke("tick", line),
        box("run", scale.x(row.total) - 4, y - 4, 8, 8),
    ]


def _figures(scale: _Scale, slot: _Slot, row: Line) -> list[str]:
    """Write the total and the ends of its interval to the right of the scale."""
    baseline = slot.y + 5
    return [
        words(str(row.total), scale.right + 56, baseline, "tb", "end"),
        words(f"{row.low}–{row.high}", scale.width, baseline, "t2", "end"),
    ]


def every_month(months: Mapping[date, tuple[int, int]]) -> dict[date, tuple[int, int]]:
    """Return the months from the first to the last, those without a fact as none of none: no gap
    is drawn away."""
    found: dict[date, tuple[int, int]] = {}
    if not months:
        return found
    month, last = min(months), max(months)
    while month <= last:
        found[month] = months.get(month, (0, 0))
        month = _month_after(month)
    return found


def _month_after(month: date) -> date:
    """Return the first day of the next month."""
    if month.month == 12:
        return date(month.year + 1, 1, 1)
    return date(month.year, month.month + 1, 1)


def trend(months: Mapping[date, tuple[int, int]], said: tuple[str, str], *, wide: bool) -> str:
    """Draw the share done in time by month, outline and filled part, with the numbers: upright,
    or a line a month."""
    if not wide:
        return _trend_lines(months, said)
    parts: list[str] = []
    x = 10
    for month, (good, every) in months.items():
        parts += _column(x, month, good, every)
        x += SLOT
    width = max(240, x + 10)
    return picture(width, COLUMN_HEIGHT, "chart drawn-wide", "trend", said, *parts, natural=True)


def _column(x: int, month: date, good: int, every: int) -> list[str]:
    """Draw one month as an upright column, its share above and the month below; no column
    without a fact."""
    top, full, middle = 20, 106, x + 18
    bottom = top + full
    name = words(f"{month:%y-%m}", middle, COLUMN_HEIGHT - 6, "ts", "middle")
    if not every:
        return [words(_share(good, every), middle, bottom - 6, "ts", "middle"), name]
    filled = full * good / every
    return [
        box("track", x, top, 36, full),
        box("run", x, bottom - filled, 36, filled),
        words(_share(good, every), middle, top - 6, "ts", "middle"),
        name,
    ]


def _share(good: int, every: int) -> str:
    """Return how many of how many, a dash where there are none."""
    return f"{good}/{every}" if every else "—"


def _trend_lines(months: Mapping[date, tuple[int, int]], said: tuple[str, str]) -> str:
    """Draw the months one below the other, for a phone."""
    line, left, right = 24, 52, 56
    full = NARROW - left - right
    parts = []
    y = 4
    for month, (good, every) in months.items():
        parts.append(words(f"{month:%y-%m}", 0, y + 12, "ts"))
        if every:
            filled = full * good / every
            parts.append(box("track", left, y, full, 14))
            parts.append(box("run", left, y, filled, 14))
        parts.append(words(_share(good, every), NARROW, y + 12, "tb ts", "end"))
        y += line
    return picture(NARROW, y, "chart drawn-narrow", "trend-n", said, *parts, natural=True)


def bars(uid: str, rows: Sequence[tuple[str, int]], said: tuple[str, str]) -> str:
    """Draw (label, number) a line each: the label above, an outlined track with the filled part,
    the number behind it.

    One narrow column, so that it can be read on a phone and on paper alike; ink on outline, no
    colour says anything.
    """
    line, full = 40, NARROW - 60
    numbers = [number for _label, number in rows]
    most = max(numbers, default=0) or 1
    parts = []
    y = 8
    for label, number in rows:
        filled = full * number / most
        parts.append(words(label, 0, y + 14, "ts"))
        parts.append(box("track", 0.5, y + 19, full, 12))
        parts.append(box("run", 0.5, y + 19, filled, 12))
        parts.append(words(str(number), NARROW, y + 30, "tb ts", "end"))
        y += line
    return picture(NARROW, y, "bars", uid, said, *parts, natural=True)
