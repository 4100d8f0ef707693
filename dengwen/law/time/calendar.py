"""Working days in China: the yearly notice with its make-up working days (调休), and what is not
known.

The rest days of a year stand in a notice of the State Council General Office; they cannot be
computed
(law/cases: F08). A year without a notice is *unknown*, never guessed. Every calendar has a version,
so that a
computed date can say by which table it was computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearTable:
    """The notice of one year: days off and make-up working days, with its source.

    `kept` marks a year taken from a kept library instead of a notice somebody read; `verified` that
    the
    notice, or several independent copies that agree, were compared. `version` counts amendments.
    """

    year: int
    off: frozenset[date]
    work: frozenset[date]
    source: str
    verified: bool = True
    kept: bool = False
    version: int = 1

    def is_working(self, day: date) -> bool:
        """Say whether `day` of this year is a working day: the notice first, else Monday to
        Friday."""
        if day in self.off:
            return False
        return day in self.work or day.weekday() < SATURDAY

    def text(self) -> str:
        """Return the table as one canonical line, the thing its version digest covers."""
        off = ",".join(d.isoformat() for d in sorted(self.off))
        work = ",".join(d.isoformat() for d in sorted(self.work))
        return f"{self.year}|{off}|{work}|{self.version}"


@dataclass(frozen=True)
class Calendar:
    """Working days of the years somebody published, and `None` for all others."""

    years: Mapping[int, YearTable] = field(default_factory=dict)

    def is_working(self, day: date) -> bool | None:
        """Return whether `day` is a working day, or None where its year has no published table."""
        table = self.years.get(day.year)
        return None if table is None else table.is_working(day)

    def roll(self, day: date) -> date | None:
        """Return `day`, or the first working day after it; None where an unpublished year decides.

        Civil Code art. 203 (by analogy; R22 and R05 are silent): a period whose last day is a
        statutory rest
        day ends on the first day after it.
        """
        while True:
            working = self.is_working(day)
            if working is None:
                return None
            if working:
                return day
            day += DAY

    def add_working_days(self, start: date, amount: int) -> date | None:
        """Return the `amount`-th working day after `start` (start is day 0), or None across an
        unpublished year."""
        day = start
        while amount > 0:
            day += DAY
            working = self.is_working(day)
            if working is None:
                return None
            amount -= working
        return day

    def rest_days(self, start: date, end: date) -> tuple[date, ...]:
        """Return the known rest days after `start` up to and including `end`."""
        days = ((start + DAY * n) for n in range(1, (end - start).days + 1))
        return tuple(d for d in days if self.is_working(d) is False)

    def with_year(self, table: YearTable) -> Calendar:
        """Return this calendar with one year published or amended."""
        return Calendar({**self.years, table.year: table})

    @cached_property
    def version(self) -> str:
        """A short digest of all tables: the same version means the same days."""
        text = "\n".join(self.years[y].text() for y in sorted(self.years))
        return "cal-" + hashlib.sha256(text.encode()).hexdigest()[:12]

    def source(self, year: int) -> str:
        """Return where the table of `year` comes from, or "" where there is none."""
        table = self.years.get(year)
        return "" if table is None else table.source


@dataclass(frozen=True)
class CalendarHistory:
    """All calendars an office ever used, each with the instant from which it counted.

    A closed or breached duty keeps the calendar of its verdict; an open one follows the newest:
    entering or
    amending a notice moves open duties and never rewrites a past verdict.
    """

    entries: tuple[tuple[datetime | None, Calendar], ...]

    @staticmethod
    def of(calendar: Calendar, later: Iterable[tuple[datetime, YearTable]] = ()) -> CalendarHistory:
        """Build the history: the calendar delivered with the packs, then each notice in order of
        entry."""
        entries: list[tuple[datetime | None, Calendar]] = [(None, calendar)]
        for entered_at, table in later:
            entries.append((entered_at, entries[-1][1].with_year(table)))
        return CalendarHistory(tuple(entries))

    @property
    def newest(self) -> Calendar:
        """The calendar in use now."""
        return self.entries[-1][1]

    def at(self, instant: datetime) -> Calendar:
        """Return the calendar that was in use at `instant`."""
        found = self.entries[0][1]
        for since, calendar in self.entries:
            if since is None or since <= instant:
                found = calendar
        return found


def expand(spans: Iterable[str | date]) -> frozenset[date]:
    """Turn days and spans such as "2025-10-01/2025-10-08" into a set of days; ValueError for
    anything else."""
    days: set[date] = set()
    for span in spans:
        first, _, last = str(span).partition("/")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        if end < start:
            raise ValueError(f"span {span} ends before it begins")
        days.update(start + DAY * n for n in range((end - start).days + 1))
    return frozenset(days)
