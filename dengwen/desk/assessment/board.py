"""The scoreboard of an assessment as a page shows it: by group a picture and its table, then
indicator by indicator.

Indicators are the rows, in the order of the scheme, and organs the columns, never more than fit a
screen and a sheet of A4: a larger group is shown in parts. Whatever is written beside an interval
is the very share it is the interval of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.assessment.facts.organ_groups import group_pair
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.desk.assessment.scoreboard import Line, confidence, intervals
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import words_in
from dengwen.law.indicators.indicator import APART, LOWER, UNPROVED, Indicator, Scheme
from dengwen.organs.models import Organ

SMALLEST = 10
"""A figure of others below this is not shown, nor a rating of anybody (access model N6)."""
RATED = frozenset({"rating", "invitation"})
ACROSS = 5
"""Organs side by side: so many columns can be read at 1024 px and on A4 without one being cut."""
Scored = Mapping[str, Any]
"""A figure or a total as the manifest has it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: whose, the points, the share with its interval, and what is to be said of it."""

    organ: str
    text: str
    share: str = ""
    interval: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One organ in the table of totals."""

    name: str
    href: str
    total: str
    interval: str
    rank: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator, by its name and what it weighs, with the figures of the organs of a part."""

    title: str
    weight: str
    fewer: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some organs of a group, side by side, at most ACROSS of them."""

    organs: tuple[str, ...]
    lines: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """One group of comparable organs: totals, their picture (wide and narrow), figures, and what
    had no fact."""

    id: str
    title: str
    rows: tuple[Row, ...]
    drawn: tuple[SafeString, ...]
    parts: tuple[Part, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The figures of an assessment as one seat reads them, by organ and indicator.

    `hide` keeps small figures of other organs back; `number` is the assessment the organs' own
    pages belong to, "" where it is only tried.
    """

    seat: Seat
    scheme: Scheme
    organs: Mapping[int, Organ]
    figures: Mapping[tuple[int, str], Scored]
    hide: bool
    number: str

    def has_facts(self, indicator: str, organs: Iterable[Organ]) -> bool:
        """Say whether any of the organs had a fact that an indicator counts."""
        for organ in organs:
            row = self.figures.get((organ.pk, indicator))
            if row is not None and row["denominator"]:
                return True
        return False

    def hides(self, organ: Organ, indicator: Indicator) -> bool:
        """Say whether a small figure stays unseen: of another organ, or of ratings."""
        of_others = self.hide and not is_mine(self.seat, organ.pk)
        return of_others or indicator.denominator.kind in RATED


def boards(
    seat: Seat, frozen: Frozen, scheme: Scheme, *, hide: bool, number: str = ""
) -> dict[str, Any]:
    """Return what the page needs: the boards of the groups, and the level of the intervals in
    percent.

    `hide` keeps small figures of other organs back; `number` is the assessment the organs' own
    pages belong to.
    """
    said = frozen.manifest
    assessed = [one["organ"] for one in said["population"]]
    organs = {organ.pk: organ for organ in Organ.objects.filter(pk__in=assessed)}
    figures = {(row["organ"], row["indicator"]): row for row in said["scores"]["figures"]}
    read = _Read(seat, scheme, organs, figures, hide, number)
    groups = totals_by_group(said)
    made = [
        _board(read, place, group, totals) for place, (group, totals) in enumerate(groups.items())
    ]
    return {"boards": made, "level": confidence(scheme.rounding.z)}


def totals_by_group(said: Mapping[str, Any]) -> dict[str, list[Scored]]:
    """Return the totals of each group in the order of their places; those without a place come
    last."""
    placed: list[Scored] = []
    unplaced: list[Scored] = []
    for total in said["scores"]["totals"]:
        if total["rank"] is None:
            unplaced.append(total)
        else:
            placed.append(total)
    placed.sort(key=lambda total: (total["rank"], total["organ"]))
    unplaced.sort(key=lambda total: total["organ"])
    groups: dict[str, list[Scored]] = {}
    for total in (*placed, *unplaced):
        groups.setdefault(total["group"], []).append(total)
    return groups


def _board(read: _Read, place: int, group: str, totals: Sequence[Scored]) -> Board:
    """Return the board of one group; indicators without a fact in it are only named."""
    organs = [read.organs[total["organ"]] for total in totals]
    shown: list[Indicator] = []
    without: list[str] = []
    for indicator in read.scheme.indicators:
        if read.has_facts(indicator.id, organs):
            shown.append(indicator)
        else:
            without.append(words_in(indicator, read.seat.language))
    return Board(
        id=f"group-{place}",
        title=group_said(read.seat, read.scheme, group),
        rows=tuple(_row(read, total) for total in totals),
        drawn=_drawn(read, totals, f"scores-{place}"),
        parts=_parts(read, shown, organs) if shown else (),
        without=tuple(without),
    )


def _row(read: _Read, total: Scored) -> Row:
    """Return the total of an organ with its interval and place, and where its own page is."""
    organ = read.organs[total["organ"]]
    href = ""
    if read.number:
        href = reverse("desk:assessment_organ", args=[read.number, organ.code])
    interval = "—"
    if total["low"]:
        interval = f"{total['low']}–{total['high']}"
    return Row(
        name=organ_name(organ, read.seat.language),
        href=href,
        total=total["total"] or "—",
        interval=interval,
        rank=str(total["rank"]) if total["rank"] else _("不排名"),
    )


def _drawn(read: _Read, totals: Iterable[Scored], uid: str) -> tuple[SafeString, ...]:
    """Return the picture of the totals of a group, for wide pages and paper and for phones; none
    without totals."""
    lines = [_drawn_line(read, total) for total in totals if total["total"]]
    if not lines:
        return ()
    described = _("；").join(_line_words(line) for line in lines)
    said = (_("总分和区间"), described)
    wide = intervals(lines, said, uid, wide=True)
    narrow = intervals(lines, said, uid, wide=False)
    return (mark_safe(wide), mark_safe(narrow))  # noqa: S308  # our own SVG


def _line_words(line: Line) -> str:
    """Return a total as the description of the picture says it."""
    return f"{line.name} {line.total} [{line.low}–{line.high}]"


def _drawn_line(read: _Read, total: Scored) -> Line:
    """Return the total of an organ as it is drawn."""
    organ = read.organs[total["organ"]]
    return Line(
        name=organ_name(organ, read.seat.language),
        low=Decimal(total["low"]),
        total=Decimal(total["total"]),
        high=Decimal(total["high"]),
    )


# --- indicator by indicator -----------------------------------------------------------------------
def _parts(
    read: _Read, indicators: Sequence[Indicator], organs: Sequence[Organ]
) -> tuple[Part, ...]:
    """Return the figures of a group, at most ACROSS organs side by side."""
    parts = []
    for first in range(0, len(organs), ACROSS):
        side_by_side = organs[first : first + ACROSS]
        parts.append(_part(read, indicators, side_by_side))
    return tuple(parts)


def _part(read: _Read, indicators: Iterable[Indicator], organs: Sequence[Organ]) -> Part:
    """Return the figures of a few organs, indicator by indicator."""
    names = [organ_name(organ, read.seat.language) for organ in organs]
    lines = [_measured(read, indicator, organs) for indicator in indicators]
    return Part(tuple(names), tuple(lines))


def _measured(read: _Read, indicator: Indicator, organs: Iterable[Organ]) -> Measured:
    """Return one indicator with the figures of a few organs."""
    return Measured(
        title=words_in(indicator, read.seat.language),
        weight=str(indicator.weight),
        fewer=indicator.direction == LOWER,
        cells=tuple(_cell(read, indicator, organ) for organ in organs),
    )


def _cell(read: _Read, indicator: Indicator, organ: Organ) -> Cell:
    """Return one figure: a dash where nothing was counted, no number where it would be too
    small."""
    name = organ_name(organ, read.seat.language)
    row = read.figures.get((organ.pk, indicator.id))
    if row is None or not row["denominator"]:
        return Cell(name, "—")
    if row["denominator"] < SMALLEST and read.hides(organ, indicator):
        return Cell(name, pgettext("board", "少于 10"))
    entered = _entry_notes(read.scheme, row)
    if not row["counted"]:
        return Cell(name, "—", notes=tuple(entered))
    return Cell(
        organ=name,
        text=str(row["points"]),
        share=_share_words(indicator, row),
        interval=f"[{_percent(row['low'])}–{_percent(row['high'])} %]",
        notes=(*entered, *_standing_notes(row)),
    )


def _share_words(indicator: Indicator, row: Scored) -> str:
    """Return how many went well of how many; where fewer is better, how many did not happen."""
    share = f"{row['good']}/{row['counted']}"
    if indicator.direction == LOWER:
        return _("未发生 %(part)s") % {"part": share}
    return share


def _percent(share: str) -> str:
    """Return a share of one as per cent with one place."""
    return f"{100 * Decimal(share):.1f}"


def _entry_notes(scheme: Scheme, row: Scored) -> list[str]:
    """Say how many of a figure were entered late or imported, and what the scheme makes of it."""
    notes = []
    late, imported = row["late_denominator"], row["imported_denominator"]
    if late:
        rest = _late_rule(scheme)
        notes.append(_("补录 %(value)s%(rest)s") % {"value": late, "rest": rest})
    if imported:
        rest = _("，不计入") if scheme.imported == APART else ""
        notes.append(_("历史导入 %(brought)s%(rest)s") % {"brought": imported, "rest": rest})
    return notes


def _late_rule(scheme: Scheme) -> str:
    """Say what the scheme makes of late entries, as the end of a note; "" where nothing."""
    if scheme.late_entered == UNPROVED:
        return _("，不得分")
    if scheme.late_entered == APART:
        return _("，不计入")
    return ""


def _standing_notes(row: Scored) -> list[str]:
    """Say why a figure tells organs apart no longer, or not yet."""
    notes = []
    if row["saturated"]:
        notes.append(_("已无区分"))
    if row["standing"] == "small":
        notes.append(_("数量少，不排名"))
    return notes


# --- words ----------------------------------------------------------------------------------------
def said_indicator(seat: Seat, scheme: Scheme, indicator: str) -> str:
    """Return an indicator in words; all of them where none is named."""
    if not indicator:
        return _("全部指标")
    for one in scheme.indicators:
        if one.id == indicator:
            return words_in(one, seat.language)
    return indicator


def group_said(seat: Seat, scheme: Scheme, group: str) -> str:
    """Return a group of comparable organs in words."""
    for one in scheme.groups:
        if one.id == group:
            return words_in(one, seat.language)
    return words_in(group_pair(group), seat.language)


def organ_names(seat: Seat, ids: Collection[int]) -> dict[int, str]:
    """Return the names of organs in the language of the page, by id."""
    names = {}
    for organ in Organ.objects.filter(pk__in=ids):
        names[organ.pk] = organ_name(organ, seat.language)
    return names


def is_mine(seat: Seat, organ: int) -> bool:
    """Say whether this is the organ of the seat."""
    return seat.organ is not None and seat.organ.pk == organ
