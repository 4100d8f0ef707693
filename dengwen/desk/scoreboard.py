"""Pictures of an assessment: intervals of totals on one scale, and shares by month; each stands beside its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from dengwen.face.svg import box, down, picture, stroke, words

WIDTH, LINE, EDGE = 320, 44, 14
"""Width, height of a line and room at both ends, in pixels: the name stands above its interval, so it fits a phone."""
SCALE = (0, 25, 50, 75, 100)


def _x(points: Decimal) -> float:
    return EDGE + float(points) * (WIDTH - 2 * EDGE) / 100


def intervals(rows: Sequence[tuple[str, Decimal, Decimal, Decimal]], said: tuple[str, str], uid: str) -> str:
    """Draw (name, low, total, high) a line each: the interval as a line with ends, the figure as a square on it."""
    height = LINE * len(rows) + 26
    parts = [down("dotted ext-ahead", _x(Decimal(n)), 4, height - 22) for n in SCALE]
    parts += [words(str(n), _x(Decimal(n)), height - 6, "ts", "middle") for n in SCALE]
    for number, (name, low, total, high) in enumerate(rows):
        y = LINE * number + 30
        parts.append(words(name, 0, y - 12, "ts"))
        ends = "".join(f"M{_x(end):.1f} {y - 5}v10" for end in (low, high))
        parts.append(stroke("tick", f"M{_x(low):.1f} {y}H{_x(high):.1f}{ends}"))
        parts.append(box("run", _x(total) - 4, y - 4, 8, 8))
    return picture(WIDTH, height, "chart narrow", uid, said, *parts, natural=True)


def trend(months: Mapping[date, tuple[int, int]], said: tuple[str, str]) -> str:
    """Draw the share done in time by month as bars of outline and filled part, with the numbers above."""
    width, height, top = 60, 130, 20
    parts = []
    for number, (month, (good, every)) in enumerate(months.items()):
        x, full = 10 + number * width, height - top - 24
        filled = full * good / every if every else 0
        parts.append(box("track", x, top, 36, full))
        parts.append(box("run", x, top + full - filled, 36, filled))
        parts.append(words(f"{good}/{every}", x + 18, top - 6, "ts", "middle"))
        parts.append(words(f"{month:%y-%m}", x + 18, height - 6, "ts", "middle"))
    return picture(max(240, 20 + width * len(months)), height, "chart", "trend", said, *parts, natural=True)


def bars(uid: str, rows: Sequence[tuple[str, int]], said: tuple[str, str]) -> str:
    """Draw (label, number) a line each: the label above, an outlined track with the filled part, the number behind it.

    One narrow column, so that it can be read on a phone and on paper alike; ink on outline, no colour says anything.
    """
    width, line, most = 320, 40, max([number for _label, number in rows] or [1]) or 1
    parts = []
    for place, (label, number) in enumerate(rows):
        y = line * place + 8
        parts.append(words(label, 0, y + 14, "ts"))
        parts.append(box("track", 0.5, y + 19, width - 60, 12))
        parts.append(box("run", 0.5, y + 19, (width - 60) * number / most, 12))
        parts.append(words(str(number), width, y + 30, "tb ts", "end"))
    return picture(width, line * len(rows) + 8, "bars", uid, said, *parts, natural=True)
