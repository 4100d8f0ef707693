"""The scoreboard of an assessment as a page shows it: by group a picture and its table, then
indicator by indicator.

Indicators are the rows, in the order of the scheme, and organs the columns, never more than fit a
screen and a sheet of
A4: a larger group is shown in parts. Whatever is written beside an interval is the very share it is
the interval of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.assessment.facts.organ_groups import group_words
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.desk.assessment.scoreboard import Line, confidence, intervals
from dengwen.desk.shell.seat import Seat, organ_name
from dengwen.desk.shell.submit import zh
from dengwen.law.bilingual import words_in
from dengwen.law.indicators.indicator import APART, LOWER, UNPROVED, Indicator, Scheme
from dengwen.organs.models import Organ

SMALLEST = 10
"""A figure of others below this is not shown, nor a rating of anybody (access model N6)."""
RATED = frozenset({"rating", "invitation"})
ACROSS = 5
"""Organs side by side: so many columns can be read at 1024 px and on A4 without one being cut."""


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


def boards(
    seat: Seat, frozen: Frozen, scheme: Scheme, *, hide: bool, number: str = ""
) -> dict[str, Any]:
    """Return what the page needs: the boards of the groups, and the level of the intervals in
    percent.

    `hide` keeps small figures of other organs back; `number` is the assessment the organs' own
    pages belong to.
    """
    said = frozen.manifest
    organs = {
        o.pk: o for o in Organ.objects.filter(pk__in=[o["organ"] for o in said["population"]])
    }
    figures = {(row["organ"], row["indicator"]): row for row in said["scores"]["figures"]}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for total in sorted(
        said["scores"]["totals"], key=lambda t: (t["rank"] is None, t["rank"] or 0, t["organ"])
    ):
        groups.setdefault(total["group"], []).append(total)
    made = []
    for place, (group, totals) in enumerate(groups.items()):
        listed = [organs[total["organ"]] for total in totals]
        facts = {
            i.id: any(_has(figures.get((o.pk, i.id))) for o in listed) for i in scheme.indicators
        }
        shown = [i for i in scheme.indicators if facts[i.id]]
        parts = tuple(
            _part(seat, scheme, shown, listed[at : at + ACROSS], figures, hide=hide)
            for at in range(0, len(listed), ACROSS)
        )
        rows = tuple(_row(seat, total, organs[total["organ"]], number) for total in totals)
        without = tuple(
            said_indicator(seat, scheme, i.id) for i in scheme.indicators if not facts[i.id]
        )
        drawn = _drawn(seat, totals, organs, f"scores-{place}")
        title, kept = group_said(seat, scheme, group), parts if shown else ()
        made.append(Board(f"group-{place}", title, rows, drawn, kept, without))
    return {"boards": made, "level": confidence(scheme.rounding.z)}


def _has(row: Mapping[str, Any] | None) -> bool:
    return row is not None and bool(row["denominator"])


def _row(seat: Seat, total: Mapping[str, Any], organ: Organ, number: str) -> Row:
    href = reverse("desk:assessment_organ", args=[number, organ.code]) if number else ""
    rank = str(total["rank"]) if total["rank"] else _("不排名")
    interval = f"{total['low']}–{total['high']}" if total["low"] else "—"
    return Row(organ_name(organ, seat.language), href, total["total"] or "—", interval, rank)


def _drawn(
    seat: Seat, totals: Iterable[Mapping[str, Any]], organs: Mapping[int, Organ], uid: str
) -> tuple[SafeString, ...]:
    """Return the picture of the totals of a group, for wide pages and paper and for phones; none
    without totals."""
    lines = [
        Line(
            organ_name(organs[t["organ"]], seat.language),
            *(Decimal(t[k]) for k in ("low", "total", "high")),
        )
        for t in totals
        if t["total"]
    ]
    if not lines:
        return ()
    told = _("；").join(f"{x.name} {x.total} [{x.low}–{x.high}]" for x in lines)
    said = (_("总分和区间"), told)
    drawings = (intervals(lines, said, uid, wide=wide) for wide in (True, False))
    return tuple(mark_safe(drawing) for drawing in drawings)  # noqa: S308  # our own SVG


def _part(
    seat: Seat,
    scheme: Scheme,
    indicators: Sequence[Indicator],
    organs: Sequence[Organ],
    figures: Mapping[tuple[int, str], Mapping[str, Any]],
    *,
    hide: bool,
) -> Part:
    names = tuple(organ_name(organ, seat.language) for organ in organs)
    few = [hide and not is_mine(seat, organ.pk) for organ in organs]
    lines = tuple(
        Measured(
            said_indicator(seat, scheme, one.id),
            str(one.weight),
            one.direction == LOWER,
            tuple(
                _cell(seat, scheme, one, name, figures.get((organ.pk, one.id)), hide=kept)
                for organ, name, kept in zip(organs, names, few, strict=True)
            ),
        )
        for one in indicators
    )
    return Part(names, lines)


def _cell(
    seat: Seat,
    scheme: Scheme,
    one: Indicator,
    name: str,
    row: Mapping[str, Any] | None,
    *,
    hide: bool,
) -> Cell:
    if row is None or not row["denominator"]:
        return Cell(name, "—")
    if (hide or one.denominator.kind in RATED) and row["denominator"] < SMALLEST:
        return Cell(name, pgettext("board", "少于 10"))
    notes = []
    if row["late_denominator"]:
        how = {UNPROVED: ("，不得分", ", earn nothing"), APART: ("，不计入", ", not counted in")}
        rest = zh(seat, *how.get(scheme.late_entered, ("", "")))
        notes.append(_("补录 %(value)s%(rest)s") % {"value": row["late_denominator"], "rest": rest})
    if row["imported_denominator"]:
        brought, rest = row["imported_denominator"], _("，不计入")
        rest = rest if scheme.imported == APART else ""
        notes.append(_("历史导入 %(brought)s%(rest)s") % {"brought": brought, "rest": rest})
    if not row["counted"]:
        return Cell(name, "—", notes=tuple(notes))
    if row["saturated"]:
        notes.append(_("已无区分"))
    if row["standing"] == "small":
        notes.append(_("数量少，不排名"))
    part = f"{row['good']}/{row['counted']}"
    if one.direction == LOWER:
        part = _("未发生 %(part)s") % {"part": part}
    low, high = (f"{100 * Decimal(row[end]):.1f}" for end in ("low", "high"))
    return Cell(name, str(row["points"]), part, f"[{low}–{high} %]", tuple(notes))


def said_indicator(seat: Seat, scheme: Scheme, indicator: str) -> str:
    """Return an indicator in words; all of them where none is named."""
    if not indicator:
        return _("全部指标")
    one = next((i for i in scheme.indicators if i.id == indicator), None)
    return words_in(one, seat.language) if one else indicator


def group_said(seat: Seat, scheme: Scheme, group: str) -> str:
    """Return a group of comparable organs in words."""
    for one in scheme.groups:
        if one.id == group:
            return words_in(one, seat.language)
    return group_words(group, zh=seat.language == "zh")


def is_mine(seat: Seat, organ: int) -> bool:
    """Say whether this is the organ of the seat."""
    return seat.organ is not None and seat.organ.pk == organ
