"""Who held a seat on which day, as the registry says it today and as it said it on an earlier day.

A seat is a post or a field of work. Its rows are appointments or portfolios, and the substitutes of
whoever held it. Every row and every end of a row was entered on a day: what was entered after the
day it takes effect is known from its entry on, and moves nothing silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.law.duties.recurrence import holder_on

ALWAYS = date.min
"""The day of entry of what was entered before the days that are asked about."""
Timeline = tuple[tuple[int | None, date], ...]
"""Who held a seat from which day on, with its vacancies."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the registry: who held the seat from which day to which (exclusive), and when both
    were entered."""

    official: int
    since: date
    until: date | None = None
    entered: date = ALWAYS
    ended: date = ALWAYS

    def end_known(self, as_of: date) -> date | None:
        """Return the day it ends by what was entered up to a day."""
        return self.until if self.ended <= as_of else None


@dataclass(frozen=True, slots=True)
class StandIn(Row):
    """A row of the registry: who stood in for an official (`official`), in this organ or
    everywhere."""

    substitute: int = 0
    is_here: bool = False


@dataclass(frozen=True)
class SeatHistory:
    """The rows of one seat, and of everybody who stood in for its holders."""

    rows: tuple[Row, ...]
    stand_ins: tuple[StandIn, ...] = ()

    def posted(self, as_of: date = date.max) -> Timeline:
        """Return who was appointed from which day on; rows that never applied are left out."""
        held: list[tuple[int | None, date]] = []
        for row in self.rows:
            until = row.end_known(as_of)
            if row.entered > as_of or until == row.since:
                continue
            held = [pair for pair in held if pair[1] < row.since]
            held.append((row.official, row.since))
            if until is not None:
                held.append((None, until))
        return tuple(held)

    def held(self, as_of: date = date.max) -> Timeline:
        """Return who held the seat from which day on: whoever stood in held it for that time."""
        posted = self.posted(as_of)
        if not posted or not self.stand_ins:
            return posted
        first = posted[0][1]
        changes = {since for _, since in posted}
        turns = {day for row in self.stand_ins for day in (row.since, row.until) if day}
        held: list[tuple[int | None, date]] = []
        for day in sorted(changes | {turn for turn in turns if turn > first}):
            who = self._acting(holder_on(posted, day), day, as_of)
            if day in changes or not held or held[-1][0] != who:
                held.append((who, day))
        return tuple(held)

    def _acting(self, official: int | None, day: date, as_of: date) -> int | None:
        """Return who stood in for an official on a day, to the end of the chain; a substitute for
        this organ before one for all posts."""
        seen: set[int | None] = {official}
        while official is not None:
            rows = [row for row in self.stand_ins if _applies(row, official, day, as_of)]
            rows.sort(key=lambda row: not row.is_here)
            if not rows or rows[0].substitute in seen:
                return official
            official = rows[0].substitute
            seen.add(official)
        return official

    def known_since(self, day: date, official: int | None) -> date:
        """Return since when the registry says without a break that somebody held the seat on
        `day`."""
        since = date.max
        for entered in reversed(self._entries()):
            if self.known(day, entered) != official:
                break
            since = entered
        return since

    def known(self, day: date, as_of: date) -> int | None:
        """Return who held the seat on `day` by what the registry said on another day."""
        return holder_on(self.held(as_of), day)

    def filled_late(self) -> bool:
        """Say whether somebody was appointed from a day that had passed when it was entered."""
        return any(row.since < row.entered for row in self.rows)

    def borne_from(self, first: date, last: date) -> date | None:
        """Return the first day of a period on which somebody held the seat, as the registry had it
        when it first said that anybody did in that period; None where it says so of nobody.

        So a period begins on the same day whether it is asked for on that day or much later.
        """
        turns = {first, *(row.since for row in self.rows), *self._entries()}
        for as_of in sorted(day for day in turns if first <= day):
            held = self.held(as_of)
            until = min(last, as_of)
            days = {first, *(since for _, since in held if first < since <= until)}
            borne = [day for day in days if holder_on(held, day) is not None]
            if borne:
                return min(borne)
        return None

    def people(self) -> set[int]:
        """Return everybody who held the seat or stood in for who held it."""
        named = {row.official for row in self.rows}
        return named | {row.substitute for row in self.stand_ins}

    def _entries(self) -> Sequence[date]:
        rows = [*self.rows, *self.stand_ins]
        return sorted({ALWAYS, *(day for row in rows for day in (row.entered, row.ended))})


def _applies(row: StandIn, official: int, day: date, as_of: date) -> bool:
    """Say whether somebody stood in for an official on a day, by what was entered up to another."""
    until = row.end_known(as_of)
    if row.official != official or row.entered > as_of:
        return False
    return row.since <= day and (until is None or day < until)


def late_since(history: SeatHistory, day: date, official: int | None, window: int) -> date | None:
    """Return the day on which the registry learnt that somebody held the seat on `day`, None where
    it knew within the local window of days after it."""
    entered = history.known_since(day, official)
    return None if entered <= day + timedelta(days=window) else entered
