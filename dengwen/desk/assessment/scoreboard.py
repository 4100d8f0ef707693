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
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def intervals(rows: Sequence[Line], said: tuple[str, str], uid: str, *, wide: bool) -> str:
    """Draw a line for each organ: the interval as a line with ends, the total as a square on it.

    Wide: names to the left, the figures to the right. Narrow: the name above its interval, the
    scale interrupted there.
    """
    width = WIDE if wide else NARROW
    left, right = (NAMES, width - FIGURES) if wide else (0, width)

    def x(points: Decimal) -> float:
        return left + EDGE + float(points) * (right - left - 2 * EDGE) / 100

    parts, top = [], 4.0
    for row in rows:
        names = folded(row.name, NAMES - 12 if wide else width)
        room = LEAD * len(names)
        parts += [words(text, 0, top + 14 + LEAD * n, "name") for n, text in enumerate(names)]
        bottom = top + (max(room, LEAD) + 16 if wide else room + 30)
        y = top + (LEAD * len(names) / 2 if wide else room + 14)
        span = (top, bottom) if wide else (y - 9, y + 9)
        parts += [down("dotted ext-ahead", x(Decimal(n)), *span) for n in SCALE]
        ends = "".join(f"M{x(end):.1f} {y - 5:.1f}v10" for end in (row.low, row.high))
        parts.append(stroke("tick", f"M{x(row.low):.1f} {y:.1f}H{x(row.high):.1f}{ends}"))
        parts.append(box("run", x(row.total) - 4, y - 4, 8, 8))
        if wide:
            parts.append(words(str(row.total), right + 56, y + 5, "tb", "end"))
            parts.append(words(f"{row.low}–{row.high}", width, y + 5, "t2", "end"))
        top = bottom
    parts += [words(str(n), x(Decimal(n)), top + 16, "ts", "middle") for n in SCALE]
    return picture(
        width,
        top + 22,
        f"chart drawn-{'wide' if wide else 'narrow'}",
        uid if wide else f"{uid}-n",
        said,
        *parts,
        natural=True,
    )


def every_month(months: Mapping[date, tuple[int, int]]) -> dict[date, tuple[int, int]]:
    """Return the months from the first to the last, those without a fact as none of none: no gap
    is drawn away."""
    found: dict[date, tuple[int, int]] = {}
    month = min(months, default=None)
    while month and month <= max(months):
        found[month] = months.get(month, (0, 0))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def trend(months: Mapping[date, tuple[int, int]], said: tuple[str, str], *, wide: bool) -> str:
    """Draw the share done in time by month, outline and filled part, with the numbers: upright,
    or a line a month."""
    if not wide:
        return _trend_lines(months, said)
    height, top, full = 150, 20, 106
    parts = []
    for number, (month, (good, every)) in enumerate(months.items()):
        x = 10 + number * SLOT
        if every:
            filled = full * good / every
            parts.append(box("track", x, top, 36, full))
            parts.append(box("run", x, top + full - filled, 36, filled))
        parts.append(
            words(_share(good, every), x + 18, top - 6 if every else top + full - 6, "ts", "middle")
        )
        parts.append(words(f"{month:%y-%m}", x + 18, height - 6, "ts", "middle"))
    width = max(240, 20 + SLOT * len(months))
    return picture(width, height, "chart drawn-wide", "trend", said, *parts, natural=True)


def _share(good: int, every: int) -> str:
    return f"{good}/{every}" if every else "—"


def _trend_lines(months: Mapping[date, tuple[int, int]], said: tuple[str, str]) -> str:
    line, left, right = 24, 52, 56
    full = NARROW - left - right
    parts = []
    for number, (month, (good, every)) in enumerate(months.items()):
        y = line * number + 4
        parts.append(words(f"{month:%y-%m}", 0, y + 12, "ts"))
        if every:
            parts.append(box("track", left, y, full, 14))
            parts.append(box("run", left, y, full * good / every, 14))
        parts.append(words(_share(good, every), NARROW, y + 12, "tb ts", "end"))
    return picture(
        NARROW, line * len(months) + 4, "chart drawn-narrow", "trend-n", said, *parts, natural=True
    )


def bars(uid: str, rows: Sequence[tuple[str, int]], said: tuple[str, str]) -> str:
    """Draw (label, number) a line each: the label above, an outlined track with the filled part,
    the number behind it.

    One narrow column, so that it can be read on a phone and on paper alike; ink on outline, no
    colour says anything.
    """
    width, line, most = NARROW, 40, max([number for _label, number in rows] or [1]) or 1
    parts = []
    for place, (label, number) in enumerate(rows):
        y = line * place + 8
        parts.append(words(label, 0, y + 14, "ts"))
        parts.append(box("track", 0.5, y + 19, width - 60, 12))
        parts.append(box("run", 0.5, y + 19, (width - 60) * number / most, 12))
        parts.append(words(str(number), width, y + 30, "tb ts", "end"))
    return picture(width, line * len(rows) + 8, "bars", uid, said, *parts, natural=True)
