"""Counting of periods against arithmetic of our own and lists of working days that others made."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.law.packs.pack import load_calendar
from dengwen.law.time.calendar import Calendar, CalendarHistory, YearTable, expand
from dengwen.law.time.terms import Term, add_months, count, count_period, parse_day, period_of

PACKS = Path(__file__).resolve().parents[2] / "packs"
CALENDAR = load_calendar(PACKS)
DAY = timedelta(days=1)
DAYS = st.dates(date(2015, 1, 1), date(2026, 6, 30))


@pytest.fixture(scope="module")
def working() -> dict[date, bool]:
    """Every day of twelve years as a package lists it that knows nothing of our packs."""
    first, last = date(2015, 1, 1), date(2026, 12, 31)
    every = [first + DAY * n for n in range((last - first).days + 1)]
    return {day: chinese_calendar.is_workday(day) for day in every}


@pytest.mark.case("F08", "F09")
def test_every_day_of_twelve_years_is_as_others_list_it(working: dict[date, bool]) -> None:
    assert len(working) == 4383
    assert {d: CALENDAR.is_working(d) for d in working} == working


@pytest.mark.case("F08", "F09")
def test_every_day_of_twelve_years_is_as_in_the_shared_list(
    shared: Path, working: dict[date, bool]
) -> None:
    with (shared / "data" / "holidays" / "workdays_2015_2026.csv").open(encoding="utf-8") as file:
        listed = {
            date.fromisoformat(r["date"]): r["workday_holiday_cn"] == "1"
            for r in csv.DictReader(file)
        }
    assert listed == working


@given(start=DAYS, amount=st.integers(1, 120))
def test_plain_days_end_raw_and_roll_to_the_next_working_day(
    working: dict[date, bool], start: date, amount: int
) -> None:
    counted = count(Term(amount, "calendar"), start, CALENDAR)
    raw = start + DAY * amount
    assert counted.raw == raw
    due = raw
    while due in working and not working[due]:
        due += DAY
    assert counted.due == (due if due in working else None)


@given(start=DAYS, amount=st.integers(1, 15))
def test_working_days_are_counted_one_by_one(
    working: dict[date, bool], start: date, amount: int
) -> None:
    counted = count(Term(amount, "working"), start, CALENDAR)
    passed = [d for n in range(1, 80) if working.get(d := start + DAY * n)]
    assert (counted.raw, counted.due) == (passed[amount - 1], passed[amount - 1])


@given(start=DAYS, months=st.integers(1, 24))
def test_a_month_ends_on_its_corresponding_day_or_its_last(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + DAY).month != end.month
    assert end.day <= start.day


def test_the_last_day_of_january_has_no_corresponding_day_in_february() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 1, 31), 1) == date(2023, 2, 28)


@given(start=DAYS, days=st.integers(1, 60), more=st.integers(1, 30))
def test_an_extension_counts_from_the_raw_date(start: date, days: int, more: int) -> None:
    extended = count(Term(days, "calendar"), start, CALENDAR, extend=more)
    assert extended.raw == start + DAY * (days + more)


@given(day=DAYS, per=st.sampled_from(["week", "month", "quarter", "half_year", "year"]))
def test_periods_tile_the_calendar_and_never_roll(day: date, per: str) -> None:
    first, last = period_of(per, day)
    assert first <= day <= last
    assert period_of(per, first) == period_of(per, last) == (first, last)
    assert period_of(per, last + DAY)[0] == last + DAY
    assert count_period(per, day, CALENDAR).due == last


def test_a_year_without_a_notice_is_unknown() -> None:
    assert CALENDAR.is_working(date(2027, 1, 4)) is None
    counted = count(Term(15, "calendar"), date(2026, 12, 25), CALENDAR)
    assert (counted.raw, counted.due, counted.provisional) == (date(2027, 1, 9), None, True)


def test_a_notice_entered_later_makes_it_known() -> None:
    table = YearTable(2027, frozenset({date(2027, 1, 1)}), frozenset(), "示例通知")
    later = CALENDAR.with_year(table)
    assert count(Term(15, "calendar"), date(2026, 12, 25), later).due == date(2027, 1, 11)
    assert later.version != CALENDAR.version


def test_a_history_answers_with_the_calendar_of_the_instant() -> None:
    instant = datetime.fromisoformat("2026-11-05T08:00:00+08:00")
    history = CalendarHistory.of(
        Calendar({}), [(instant, YearTable(2027, frozenset(), frozenset(), "示例通知"))]
    )
    assert history.at(instant - DAY).years == {}
    assert 2027 in history.at(instant).years
    assert history.newest is history.at(instant + DAY)


def test_spans_are_inclusive_and_ordered() -> None:
    assert len(expand(["2025-10-01/2025-10-08", date(2025, 1, 1)])) == 9
    with pytest.raises(ValueError, match="ends before"):
        expand(["2025-10-08/2025-10-01"])


@pytest.mark.parametrize(
    "text", ["2025-02-30", "昨天", "", "1949-09-30", "2200-01-01", "20250101x"]
)
def test_a_bad_day_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(ValueError, match=" / "):
        parse_day(text)


def test_every_line_of_the_trace_speaks_both_languages() -> None:
    for term in (Term(15, "calendar"), Term(5, "working"), Term(2, "month"), Term(1, "year")):
        counted = count(term, date(2025, 1, 20), CALENDAR)
        assert [t.step for t in counted.trace][:2] == ["start", "term"]
        assert all(t.zh and t.en for t in counted.trace)
