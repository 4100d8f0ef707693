"""Calendars of years for which no notice is held, from a kept library, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version

import chinese_calendar

from dengwen.law.time.calendar import SATURDAY, YearTable

FIRST, LAST = 2004, 2014
"""The years taken from the library; from 2015 on the notices themselves are held in
packs/calendar."""


def kept_years() -> dict[int, YearTable]:
    """Return the tables of 2004–2014 as `chinesecalendar` has them (`kept`, not verified against
    the notices)."""
    source = f"chinesecalendar {version('chinesecalendar')}"
    return {year: _table(year, source) for year in range(FIRST, LAST + 1)}


def _table(year: int, source: str) -> YearTable:
    off: set[date] = set()
    work: set[date] = set()
    for day in _days(year):
        working = chinese_calendar.is_workday(day)
        if working != (day.weekday() < SATURDAY):
            (work if working else off).add(day)
    return YearTable(year, frozenset(off), frozenset(work), source, verified=False, kept=True)


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
