"""The term bar 期限条 as server-side SVG: small for lists, wide for the case page, folded for phones.

One day is one cell. Everything is geometry in attributes and classes of ui.css; the two hatches are
defined once in the base page. Pure functions of a `TermBar`: the same bar gives the same bytes, so
drawings are kept for the next page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dengwen.law.bilingual import Language
from dengwen.law.time.calendar import DAY
from dengwen.ui import svg
from dengwen.ui.term_days import (
    Span,
    TermBar,
    counted_days,
    each_day,
    exclusions,
    extension,
    last_day,
    make_up_days,
    original_end,
    rest_spans,
)
from dengwen.ui.term_words import describe

SMALL_WIDTH, SMALL_HEIGHT = 232.0, 34.0
_ROOM = 10.0  # right of the last cell: triangle, square and dashed end need it
_DENSE = 4.0  # px: narrower cells make weekends a grey fog, so only longer rests are shaded
_HOLIDAY = 3  # adjoining rest days from which a rest is shown even when dense


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a day stands: cells from `first`, `cell` px each, beginning at `left`."""

    first: date
    cell: float
    left: float = 0.0

    def start_of(self, day: date) -> float:
        """Left edge of the day's cell."""
        return self.left + (day - self.first).days * self.cell

    def end_of(self, day: date) -> float:
        """Right edge of the day's cell."""
        return self.start_of(day) + self.cell

    def middle_of(self, day: date) -> float:
        """Middle of the day's cell."""
        return self.start_of(day) + self.cell / 2

    def across(self, span: Span) -> tuple[float, float]:
        """Left edge and width of some adjoining days."""
        return self.start_of(span.first), span.length * self.cell


@dataclass(frozen=True, slots=True)
class Band:
    """Heights of one drawing: rest shade from `top` to `bottom`, track at `y`, `thick` high."""

    top: float
    bottom: float
    y: float
    thick: float

    @property
    def middle(self) -> float:
        """Height of the middle of the track."""
        return self.y + self.thick / 2


def clipped(span: Span | None, window: Span) -> Span | None:
    """Return the part of a span inside a window, None where they do not meet."""
    if span is None or span.last < window.first or span.first > window.last:
        return None
    return Span(max(span.first, window.first), min(span.last, window.last))


def hatched(kind: str, left: float, width: float, band: Band) -> str:
    """A hatched stretch: `past` dark or `ahead` light. The hatches stand in the base page."""
    fill = "url(#face-hatch)" if kind == "past" else "url(#face-hatch-ahead)"
    return svg.box(f"ext-{kind}", left, band.y, width, band.thick, fill=fill)


def stretches(bar: TermBar, scale: Scale, band: Band, window: Span) -> list[str]:
    """Draw track, elapsed part, extension, excluded days and lateness inside a window of days."""
    flat = [("track", _track(bar, window)), ("run", _elapsed(bar, window))]
    parts = [svg.box(class_, *_flat(scale, span, band)) for class_, span in flat if span]
    for kind, span in _extended(bar, window):
        parts.append(hatched(kind, *scale.across(span), band))
    for span in exclusions(bar):
        if part := clipped(span, window):
            parts.append(svg.box("excluded", *_flat(scale, part, band)))
    if late := _late(bar, window):
        parts.append(svg.box("over", *_flat(scale, late, band)))
    return parts


def _from_to(first: date, last: date) -> Span | None:
    """The days from first to last, None where there is none."""
    return Span(first, last) if last >= first else None


def _track(bar: TermBar, window: Span) -> Span | None:
    """The days of the term; up to the edge where nothing but the beginning is known."""
    end = window.last if bar.end is None else bar.end
    return clipped(_from_to(bar.start + DAY, end), window)


def _elapsed(bar: TermBar, window: Span) -> Span | None:
    """The days of the term that are over, without those of an extension."""
    ends = [bar.end, original_end(bar) if bar.extended else None, bar.today - DAY]
    last = min(end for end in ends if end is not None)
    return clipped(_from_to(bar.start + DAY, last), window)


def _extended(bar: TermBar, window: Span) -> Iterator[tuple[str, Span]]:
    """The days an extension added: those over (`past`) and those to come (`ahead`)."""
    added = extension(bar)
    if added is None:
        return
    past = _from_to(added.first, min(added.last, bar.today - DAY))
    ahead = _from_to(max(added.first, bar.today), added.last)
    for kind, span in (("past", clipped(past, window)), ("ahead", clipped(ahead, window))):
        if span:
            yield kind, span


def _late(bar: TermBar, window: Span) -> Span | None:
    """The days after the due date up to today."""
    if not bar.overdue or bar.end is None:
        return None
    return clipped(Span(bar.end + DAY, bar.today), window)


def _flat(scale: Scale, span: Span, band: Band) -> tuple[float, float, float, float]:
    """Left edge, top, width and height of some days on the track."""
    left, width = scale.across(span)
    return left, band.y, width, band.thick


def cuts(bar: TermBar, scale: Scale, band: Band, window: Span) -> list[str]:
    """Cut marks between the counted days of a working-day term."""
    counted = [d for d in counted_days(bar) if window.first <= d <= window.last]
    return [svg.down("cut", scale.start_of(d), band.y, band.y + band.thick) for d in counted]


def rests(bar: TermBar, scale: Scale, band: Band, window: Span) -> list[str]:
    """Shade the rest days: adjoining days are one rectangle; where cells are narrow, only what
    matters.

    What matters: rests of three days and more, and the one that makes the last day roll.
    """
    parts = []
    for span in rest_spans(bar):
        rolls = bar.raw is not None and span.first <= bar.raw <= span.last
        matters = rolls or span.length >= _HOLIDAY
        part = clipped(span, window)
        if part and (scale.cell >= _DENSE or matters):
            left, width = scale.across(part)
            parts.append(svg.box("rest", left, band.top, width, band.bottom - band.top))
    return parts


def triangle(class_: str, x: float, top: float, half: float, high: float) -> str:
    """The mark of today: a triangle on its tip."""
    n = svg.rounded
    return svg.stroke(class_, f"M{n(x - half)} {n(top)}h{n(2 * half)}l{n(-half)} {n(high)}z")


def today_class(bar: TermBar) -> str:
    """The class of the mark of today, red where it presses."""
    return "today late" if bar.pressing else "today"


def ring(x: float, y: float, radius: float) -> str:
    """The mark of the day on which a term begins."""
    return svg.element("circle", class_="ring", cx=x, cy=y, r=radius)


def dashed(x: float, y: float, run: float) -> str:
    """A dashed line to the right: an end that is not settled."""
    return svg.stroke("dash", f"M{svg.rounded(x)} {svg.rounded(y)}h{svg.rounded(run)}")


@lru_cache(maxsize=4096)
def small(bar: TermBar, language: Language, uid: str) -> str:
    """Return the small term bar for lists, 232 × 34; `uid` is unique on the page."""
    window = Span(bar.start, last_day(bar))
    scale = Scale(bar.start, (SMALL_WIDTH - _ROOM) / window.length)
    band = Band(top=4, bottom=30, y=14, thick=6)
    parts = [
        *rests(bar, scale, band, window),
        *_months(scale, window),
        *stretches(bar, scale, band, window),
        *cuts(bar, scale, band, window),
        ring(max(4, scale.middle_of(bar.start)), band.middle, 3.5),
        *_small_marks(bar, scale, band),
    ]
    if bar.start <= bar.today <= window.last:
        parts.append(triangle(today_class(bar), scale.middle_of(bar.today), 0, 5, 8))
    return svg.picture(SMALL_WIDTH, SMALL_HEIGHT, "term-bar", uid, describe(bar, language), *parts)


def _months(scale: Scale, window: Span) -> list[str]:
    """Short strokes under the track where a month begins, in dense bars, in place of the
    weekends."""
    if scale.cell >= _DENSE:
        return []
    months = max(1, window.length / 30)
    yearly = window.length * scale.cell / months < 6  # months closer than 6 px
    parts = []
    for day in each_day(window.first + DAY, window.last):
        if day.day == 1 and (not yearly or day.month == 1):
            parts.append(svg.down("thin", scale.start_of(day), 24, 30))
    return parts


def _small_marks(bar: TermBar, scale: Scale, band: Band) -> list[str]:
    """Make-up days, end of the plain term, raw and due date, and the sign of a date no law sets."""
    parts = _small_make_up(bar, scale)
    before = original_end(bar)
    if bar.extended and before:
        parts.append(svg.down("tick", scale.end_of(before), 8, 26))
    if bar.end is None:
        return [*parts, dashed(scale.end_of(last_day(bar)), band.middle, _ROOM)]
    return [*parts, *_small_end(bar, scale.end_of(bar.end), scale, band)]


def _small_end(bar: TermBar, x: float, scale: Scale, band: Band) -> list[str]:
    """Raw and due date, or the dashed run of an open end; the sign of a date no law sets."""
    parts = []
    if bar.open_ended:
        parts.append(dashed(x, band.middle, max(_ROOM, SMALL_WIDTH - x - 2)))
        parts.append(svg.down("dash", x, 4, 30))
    else:
        if bar.rolled and bar.raw:
            parts.append(svg.down("tick dotted", scale.end_of(bar.raw), 5, 29))
        parts.append(svg.down("due late" if bar.pressing else "due", x, 4, 30))
    if not bar.statutory:
        parts.append(svg.box("ring", max(0, x - 4), band.middle - 4, 8, 8))
    return parts


def _small_make_up(bar: TermBar, scale: Scale) -> list[str]:
    """Squares under weekend days on which people work; none where a day is less than a pixel."""
    if scale.cell < 1:
        return []
    size = 5.0
    middles = [scale.middle_of(day) for day in make_up_days(bar)]
    return [svg.box("makeup", max(0, x - size / 2), 25, size, size) for x in middles]
