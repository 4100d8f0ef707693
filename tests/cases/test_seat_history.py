"""Who held a seat on which day, by what the registry said on which other: the borders of each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dengwen.cases.duties.seat_history import ALWAYS, Row, SeatHistory, StandIn, late_since

DAY = timedelta(days=1)
FIRST, LEFT = date(2025, 1, 1), date(2025, 6, 1)
AWAY, BACK = date(2025, 3, 1), date(2025, 3, 11)
ENTERED = date(2025, 7, 1)
WANG, LI, ZHAO, QIAN = 11, 12, 13, 14


def stand_in(
    who: int,
    for_: int = WANG,
    since: date = AWAY,
    until: date | None = BACK,
    *,
    entered: date = ALWAYS,
    ended: date = ALWAYS,
    is_here: bool = False,
) -> StandIn:
    return StandIn(for_, since, until, entered, ended, who, is_here)


def seat(*rows: Row, absent: tuple[StandIn, ...] = ()) -> SeatHistory:
    return SeatHistory(rows, absent)


WANG_STAYS = Row(WANG, FIRST)
WANG_LEAVES = Row(WANG, FIRST, LEFT)


def test_an_end_leaves_the_seat_vacant_until_somebody_follows() -> None:
    assert seat(WANG_LEAVES).posted() == ((WANG, FIRST), (None, LEFT))
    assert seat(WANG_LEAVES, Row(LI, LEFT)).posted() == ((WANG, FIRST), (LI, LEFT))
    later = LEFT + DAY
    assert seat(WANG_LEAVES, Row(LI, later)).posted() == (
        (WANG, FIRST),
        (None, LEFT),
        (LI, later),
    )


def test_a_row_that_ends_on_the_day_it_begins_never_applied() -> None:
    assert seat(Row(LI, FIRST, FIRST), WANG_STAYS).posted() == ((WANG, FIRST),)
    one_day = seat(Row(LI, FIRST, FIRST + DAY))
    assert one_day.posted() == ((LI, FIRST), (None, FIRST + DAY))


def test_of_two_rows_that_begin_on_one_day_the_later_one_counts() -> None:
    assert seat(WANG_STAYS, Row(LI, FIRST)).posted() == ((LI, FIRST),)


def test_a_row_is_known_from_the_day_of_its_entry_on() -> None:
    entered_late = seat(Row(WANG, FIRST, entered=ENTERED))
    assert entered_late.posted(ENTERED - DAY) == ()
    assert entered_late.posted(ENTERED) == ((WANG, FIRST),)
    assert entered_late.posted() == ((WANG, FIRST),)


def test_an_end_is_known_from_the_day_of_its_entry_on() -> None:
    ended_late = Row(WANG, FIRST, LEFT, ended=ENTERED)
    assert ended_late.end_known(ENTERED - DAY) is None
    assert ended_late.end_known(ENTERED) == LEFT
    assert seat(ended_late).posted(ENTERED - DAY) == ((WANG, FIRST),)
    assert seat(ended_late).posted(ENTERED) == ((WANG, FIRST), (None, LEFT))


def test_whoever_stands_in_holds_the_seat_for_that_time_alone() -> None:
    away = seat(WANG_STAYS, absent=(stand_in(LI),))
    assert away.held() == ((WANG, FIRST), (LI, AWAY), (WANG, BACK))
    assert away.posted() == ((WANG, FIRST),)
    for_good = seat(WANG_STAYS, absent=(stand_in(LI, until=None),))
    assert for_good.held() == ((WANG, FIRST), (LI, AWAY))


@pytest.mark.parametrize(
    ("day", "holder"),
    [(AWAY - DAY, WANG), (AWAY, LI), (BACK - DAY, LI), (BACK, WANG)],
)
def test_the_first_day_of_a_leave_is_in_and_the_day_it_ends_is_not(day: date, holder: int) -> None:
    assert seat(WANG_STAYS, absent=(stand_in(LI),)).known(day, date.max) == holder


def test_who_stands_in_for_somebody_else_holds_nothing_here() -> None:
    assert seat(WANG_STAYS, absent=(stand_in(LI, for_=QIAN),)).held() == ((WANG, FIRST),)


def test_two_leaves_one_after_the_other_with_one_substitute_are_one_time() -> None:
    again = stand_in(LI, since=BACK, until=LEFT)
    held = seat(WANG_STAYS, absent=(stand_in(LI), again)).held()
    assert held == ((WANG, FIRST), (LI, AWAY), (WANG, LEFT))


def test_a_second_appointment_of_the_same_official_is_told_with_its_own_day() -> None:
    anew = seat(WANG_LEAVES, Row(WANG, LEFT), absent=(stand_in(LI),))
    assert anew.held() == ((WANG, FIRST), (LI, AWAY), (WANG, BACK), (WANG, LEFT))


def test_a_leave_before_the_first_holder_gives_the_seat_to_nobody() -> None:
    early = stand_in(LI, since=FIRST - 9 * DAY, until=BACK)
    assert seat(WANG_STAYS, absent=(early,)).held() == ((LI, FIRST), (WANG, BACK))


def test_the_substitute_of_a_substitute_holds_the_seat_and_a_ring_ends() -> None:
    chain = (stand_in(LI), stand_in(ZHAO, for_=LI))
    assert seat(WANG_STAYS, absent=chain).known(AWAY, date.max) == ZHAO
    ring = (stand_in(LI), stand_in(WANG, for_=LI))
    assert seat(WANG_STAYS, absent=ring).known(AWAY, date.max) == LI


def test_a_substitute_for_this_organ_goes_before_one_for_all_posts() -> None:
    both = (stand_in(ZHAO), stand_in(LI, is_here=True))
    assert seat(WANG_STAYS, absent=both).known(AWAY, date.max) == LI
    assert seat(WANG_STAYS, absent=both[::-1]).known(AWAY, date.max) == LI


def test_a_leave_entered_afterwards_is_known_from_its_entry_on() -> None:
    late = seat(WANG_STAYS, absent=(stand_in(LI, entered=ENTERED),))
    assert late.known(AWAY, ENTERED - DAY) == WANG
    assert late.known(AWAY, ENTERED) == LI
    assert late.held(ENTERED - DAY) == ((WANG, FIRST),)


def test_the_end_of_a_leave_entered_afterwards_is_known_from_its_entry_on() -> None:
    late = seat(WANG_STAYS, absent=(stand_in(LI, ended=ENTERED),))
    assert late.known(BACK, ENTERED - DAY) == LI
    assert late.known(BACK, ENTERED) == WANG


def test_since_when_the_registry_says_without_a_break_who_held_it() -> None:
    corrected = seat(WANG_STAYS, Row(LI, AWAY, entered=ENTERED))
    assert corrected.known_since(AWAY - DAY, WANG) == ALWAYS
    assert corrected.known_since(AWAY, LI) == ENTERED
    assert corrected.known_since(AWAY, WANG) == date.max  # the registry says so no more
    there_and_back = seat(
        WANG_STAYS,
        absent=(stand_in(LI, entered=LEFT, until=LEFT + DAY, ended=ENTERED),),
    )
    assert there_and_back.known_since(LEFT + DAY, WANG) == ENTERED


@pytest.mark.parametrize(
    ("after", "window", "learnt"),
    [(0, 0, False), (1, 0, True), (10, 10, False), (11, 10, True)],
)
def test_an_entry_is_late_from_the_day_after_the_window_on(
    after: int, window: int, *, learnt: bool
) -> None:
    entered = AWAY + after * DAY
    history = seat(WANG_STAYS, Row(LI, AWAY, entered=entered))
    assert late_since(history, AWAY, LI, window) == (entered if learnt else None)


def test_everybody_who_held_it_or_stood_in_is_named() -> None:
    assert seat(WANG_LEAVES, Row(LI, LEFT), absent=(stand_in(ZHAO),)).people() == {WANG, LI, ZHAO}


@pytest.mark.parametrize(
    ("entered", "late"),
    [(FIRST - DAY, False), (FIRST, False), (FIRST + DAY, True), (ALWAYS, False)],
)
def test_a_seat_is_filled_late_where_the_entry_follows_the_first_day(
    entered: date, *, late: bool
) -> None:
    assert seat(Row(WANG, FIRST, entered=entered)).filled_late() is late


def test_a_period_is_borne_from_its_first_day_by_what_was_known_on_it() -> None:
    assert seat(WANG_STAYS).borne_from(AWAY, BACK) == AWAY
    follows = Row(LI, AWAY + DAY, entered=AWAY + DAY)
    assert seat(Row(WANG, FIRST, AWAY), follows).borne_from(AWAY, BACK) == AWAY + DAY
    assert seat(WANG_LEAVES).borne_from(LEFT, ENTERED) is None
