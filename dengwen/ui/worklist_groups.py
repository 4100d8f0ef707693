"""A work list in order: what is late, what ends today, what is near, what comes later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dengwen.ui.components import DutyLine
from dengwen.ui.dates import state

Group = Literal["late", "last", "soon", "later"]
UNFOLDED = 3
"""So many first lines show why they matter without a click; the rest unfold."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line with the group it belongs to and whether its reasons are open."""

    line: DutyLine
    unfolded: bool


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """Lines that stand alike."""

    group: Group
    lines: tuple[Listed, ...]


def group_of(line: DutyLine) -> Group:
    """Return the group of one duty. A provisional date is never late; past its raw day it counts
    as near."""
    bar = line.bar
    how = state(None if bar.open_ended else bar.due, bar.raw, bar.today)
    return "soon" if how == "lapsed_raw" else how


def _order(line: DutyLine) -> tuple[bool, date]:
    end = line.bar.end
    return end is None, end or line.bar.start


def grouped(
    lines: Sequence[DutyLine] | Iterable[DutyLine], unfolded: int = UNFOLDED
) -> tuple[DutyGroup, ...]:
    """Sort lines by their day (undated last) and group them; the first `unfolded` of all show
    their reasons."""
    ordered = sorted(lines, key=_order)
    opened = {line.uid for line in ordered[:unfolded]}
    groups: list[DutyGroup] = []
    names: tuple[Group, ...] = ("late", "last", "soon", "later")
    for name in names:
        members = tuple(
            Listed(line, line.uid in opened) for line in ordered if group_of(line) == name
        )
        if members:
            groups.append(DutyGroup(name, members))
    return tuple(groups)


def ungrouped(lines: Iterable[DutyLine]) -> tuple[Listed, ...]:
    """Return lines in the order in which they come, their reasons folded: an order of its own is
    not cut into groups by day."""
    return tuple(Listed(line, unfolded=False) for line in lines)
