"""The lines of the whole registry read in one question, for those who walk them up and down more
than once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from dengwen.organs.kinds import AXES

_LINES = """
SELECT organ_id, parent_id, axis, valid_from, valid_to FROM organs_line
WHERE valid_to IS NULL OR valid_to > %s ORDER BY organ_id, axis
"""


@dataclass(frozen=True, slots=True)
class Strand:
    """One line: which organ hangs on which, on which axis, and on the days [start, end)."""

    organ: int
    parent: int
    axis: str
    start: date
    end: date | None

    def holds_on(self, day: date) -> bool:
        """Say whether the line is valid on `day`."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class LineBook:
    """Every line that was valid on some day after `since`, by the organ below and by the organ
    above."""

    since: date
    up: dict[int, list[Strand]] = field(default_factory=dict)
    down: dict[int, list[Strand]] = field(default_factory=dict)

    @classmethod
    def read(cls, since: date) -> LineBook:
        """Read the lines valid after `since`, those to come included; one query."""
        book = cls(since)
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [connection.ops.adapt_datefield_value(since)])
            rows = cursor.fetchall()
        for row in rows:
            strand = Strand(*row)
            book.up.setdefault(strand.organ, []).append(strand)
            book.down.setdefault(strand.parent, []).append(strand)
        return book

    def ever_above(self, organs: Iterable[int]) -> frozenset[int]:
        """Return `organs` and everything that stood above them on either axis on some day after
        `since`."""
        found, waiting = set(organs), list(organs)
        while waiting:
            for strand in self.up.get(waiting.pop(), ()):
                if strand.parent not in found:
                    found.add(strand.parent)
                    waiting.append(strand.parent)
        return frozenset(found)

    def chain(self, organ: int, day: date, axis: str) -> tuple[int, ...]:
        """Return the organs above `organ` on one axis on `day`, nearest first."""
        found: list[int] = []
        here: int | None = organ
        while here is not None:
            here = next(
                (s.parent for s in self.up.get(here, ()) if s.axis == axis and s.holds_on(day)),
                None,
            )
            if (
                here is None or here == organ or here in found
            ):  # no circle can be entered; reading ends all the same
                break
            found.append(here)
        return tuple(found)

    def subtree(self, organ: int, day: date, axes: Iterable[str] = AXES) -> frozenset[int]:
        """Return `organ` and every organ below it on `day`, on any of `axes`."""
        wanted, found, waiting = frozenset(axes), {organ}, [organ]
        while waiting:
            for strand in self.down.get(waiting.pop(), ()):
                if strand.organ not in found and strand.axis in wanted and strand.holds_on(day):
                    found.add(strand.organ)
                    waiting.append(strand.organ)
        return frozenset(found)
