"""When the periods of a recurring duty begin: borders of spans, editions, settings and weeks of two
years."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.duties.periods import Span, periods
from dengwen.cases.duties.seat_history import Row, SeatHistory
from dengwen.organs.models import Organ

DAY = timedelta(days=1)
NEW_YEAR = date(2025, 1, 1)
EDITION = date(2025, 2, 10)
LONG_AGO = date(2020, 1, 1)


def day(words: str) -> date:
    return date.fromisoformat(words)


def opened(
    since: date = LONG_AGO,
    *,
    per: str = "month",
    last: date = date(2025, 3, 10),
    opened_to: date | None = None,
    law_from: date = LONG_AGO,
    law_until: date = LONG_AGO,
    begun: date = LONG_AGO,
    setting: tuple[str, date] | None = None,
    filled: date | None = None,
    already: tuple[tuple[date, date], ...] = (),
) -> list[tuple[date, date]]:
    """The periods of a duty of an organ that is there since a day, in a span of 2025; `filled` is
    the day on which it was entered who holds the seat."""
    rule: Any = SimpleNamespace(
        of="holder", applies={}, clock=SimpleNamespace(per=per), local="register.x"
    )
    organ = Organ(pk=1, code="YJ01", valid_from=since)
    history = SeatHistory((Row(7, since, entered=filled),)) if filled else None
    held = ((7 if filled else None, since),)
    bearer = Bearer(organ, "holder", "", since, None, held, history=history)
    span = Span(begun, NEW_YEAR, last, (LONG_AGO, NEW_YEAR, EDITION))

    def rules_on(on: date) -> Any:
        return {"x": rule} if on >= law_from or on < law_until else {}

    def setting_on(_name: str, _organ: int, on: date) -> Any:
        if setting is None or on < setting[1]:
            return None
        return SimpleNamespace(value=setting[0], valid_from=setting[1])

    def next_change(_name: str, _organ: int, after: date) -> date | None:
        return setting[1] if setting and setting[1] > after else None

    settings: Any = SimpleNamespace(on=setting_on, next_change=next_change)
    found = periods("x", bearer, span, rules_on, settings, opened_to, already)
    return [(one.first, one.last) for one in found]


JANUARY = (NEW_YEAR, day("2025-01-31"))
FEBRUARY = (day("2025-02-01"), day("2025-02-28"))
MARCH = (day("2025-03-01"), day("2025-03-31"))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("2025-01-31", [JANUARY]),
        ("2025-02-01", [JANUARY, FEBRUARY]),
        ("2025-02-28", [JANUARY, FEBRUARY]),
        ("2025-03-01", [JANUARY, FEBRUARY, MARCH]),
    ],
)
def test_a_period_opens_on_its_first_day(last: str, expected: list[tuple[date, date]]) -> None:
    assert opened(last=day(last)) == expected


def test_what_is_open_already_is_not_opened_again() -> None:
    assert opened(opened_to=JANUARY[1]) == [FEBRUARY, MARCH]
    assert opened(opened_to=MARCH[1]) == []


def test_an_organ_owes_from_its_first_day() -> None:
    assert opened(day("2025-01-15"))[0] == (day("2025-01-15"), JANUARY[1])


def test_a_duty_of_a_new_edition_is_owed_from_the_day_it_is_law() -> None:
    assert opened(law_from=EDITION) == [(EDITION, FEBRUARY[1]), MARCH]
    assert opened(law_from=EDITION + DAY) == []  # no edition of the span begins then
    assert opened(day("2025-02-20"), law_from=EDITION)[0] == (day("2025-02-20"), FEBRUARY[1])


def test_where_registers_are_kept_later_the_running_period_is_owed_from_the_day_of_the_law() -> (
    None
):
    assert opened(law_from=EDITION, begun=EDITION + 9 * DAY)[0] == (EDITION, FEBRUARY[1])
    assert opened(law_from=EDITION, begun=FEBRUARY[1] + DAY)[0] == MARCH


def test_a_duty_that_ceased_and_came_back_is_owed_from_its_return() -> None:
    found = opened(law_from=EDITION, law_until=NEW_YEAR)
    assert found == [(EDITION, FEBRUARY[1]), MARCH]


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        ("2025-01-31", [FEBRUARY, MARCH]),
        ("2025-02-01", [FEBRUARY, MARCH]),
        ("2025-02-02", [MARCH]),
        ("2025-03-02", []),
    ],
)
def test_a_local_interval_counts_from_the_period_after_it_was_set(
    begins: str, expected: list[tuple[date, date]]
) -> None:
    assert opened(per="", setting=("month", day(begins))) == expected


def test_without_law_or_setting_nothing_is_owed() -> None:
    assert opened(per="") == []
    assert opened(per="", setting=("sometimes", LONG_AGO)) == []


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2024-12-29", "2025-01-06"),  # the week of the new year is last year's
        ("2024-12-31", "2025-01-06"),
        ("2025-01-01", "2025-01-01"),
        ("2025-01-02", "2025-01-02"),
    ],
)
def test_a_week_that_began_last_year_is_last_years(since: str, first: str) -> None:
    found = opened(day(since), per="week", last=day("2025-01-10"))
    assert found[0][0] == day(first)
    assert found[-1] == (day("2025-01-06"), day("2025-01-12"))


@pytest.mark.parametrize(
    ("last", "already", "expected"),
    [
        (MARCH[1], (MARCH,), [JANUARY, FEBRUARY]),
        (MARCH[1], (FEBRUARY, MARCH), [JANUARY]),
        (MARCH[1], (JANUARY, MARCH), [FEBRUARY]),
        (MARCH[1], (JANUARY, FEBRUARY, MARCH), []),
        (MARCH[1], ((MARCH[1], MARCH[1]),), [JANUARY, FEBRUARY]),  # that one was opened already
        (FEBRUARY[0], (JANUARY, MARCH), [FEBRUARY]),  # on the last day that is asked for
        (FEBRUARY[0] - DAY, (JANUARY, MARCH), []),
        (FEBRUARY[0] - DAY, (MARCH,), [JANUARY]),
    ],
)
def test_what_fell_into_a_vacancy_that_was_filled_afterwards_opens(
    last: date, already: tuple[tuple[date, date], ...], expected: list[tuple[date, date]]
) -> None:
    found = opened(last=last, already=already, opened_to=max(already)[1], filled=day("2025-04-05"))
    assert found == expected
