"""Borders of what the finders count: how close together, how late, how long away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.finders.bursts import lost_days
from dengwen.accountability.finders.material import DONE_AFTER_ABSENCE, Material
from dengwen.accountability.finders.runs import runs
from dengwen.cases.duties.leave_records import Absence
from dengwen.law.duties.act_record import CLOSED, LATE, OPEN
from dengwen.law.duties.excuse import claims

DAY = timedelta(days=1)
MONDAY = date(2025, 3, 3)
TODAY = date(2025, 6, 2)
WANG, LI = 11, 12


def days(*numbers: int) -> list[date]:
    return [MONDAY + n * DAY for n in numbers]


@pytest.mark.parametrize(
    ("found", "dense"),
    [
        ((), []),
        ((0, 5, 10), [(0, 5, 10)]),  # the last day within is still within
        ((0, 5, 11), []),
        ((0, 5), []),  # one too few
        ((0, 9, 11, 12, 13), [(9, 11, 12, 13)]),  # a scattered one belongs to none
        ((0, 1, 2, 3, 20, 21, 22), [(0, 1, 2, 3), (20, 21, 22)]),
        ((0, 1, 2, 11, 12, 13), [(0, 1, 2), (11, 12, 13)]),  # none belongs to two
        ((22, 0, 21, 1), []),
    ],
)
def test_dense_runs(found: tuple[int, ...], dense: list[tuple[int, ...]]) -> None:
    expected = [days(*run) for run in dense]
    assert runs(days(*found), 10 * DAY, lambda day: day, 3) == expected


def material(**more: Any) -> Any:
    """What a finder asks, with a calendar that knows of no rest day."""
    calendar = SimpleNamespace(is_working=lambda _day: None)
    given = {"today": TODAY, "calendar": calendar, "absences": {}, **more}
    found = SimpleNamespace(**given)
    for name in ("moved", "away", "absences_on", "absences_of"):
        setattr(found, name, getattr(Material, name).__get__(found))
    return found


def duty(**more: Any) -> Any:
    given = {
        "due": TODAY - 10 * DAY,
        "state": CLOSED,
        "timeliness": LATE,
        "closed_on": TODAY - 9 * DAY,
        "ended_on": TODAY - 9 * DAY,
        "breach": 7,
        "opened_by": 6,
        "holder": 3,
        "official": None,
        "case": 1,
    }
    return SimpleNamespace(**{**given, **more})


@pytest.mark.parametrize(
    ("more", "late"),
    [
        ({}, True),
        ({"due": None}, False),
        ({"due": TODAY, "closed_on": TODAY + DAY}, False),  # its last day is not over
        ({"due": TODAY - DAY, "closed_on": TODAY}, True),
        ({"closed_on": TODAY - 10 * DAY}, False),  # on its last day
        ({"closed_on": None}, True),
        ({"timeliness": "in_time"}, False),
        ({"timeliness": "by_claim", "closed_on": TODAY - 10 * DAY}, False),
        ({"timeliness": "by_claim"}, True),  # a longer time entered after the day is a claim
        ({"state": "void", "ended_on": TODAY - 10 * DAY}, False),
        ({"state": "void"}, True),  # withdrawn only after its day
        ({"state": "void", "ended_on": None}, False),
        ({"state": OPEN, "closed_on": None}, True),
        ({"state": OPEN, "closed_on": None, "breach": None}, False),
    ],
)
def test_late_is_after_the_last_day(more: dict[str, Any], late: bool) -> None:
    assert Material.is_late(material(), duty(**more)) is late


def test_a_last_day_that_became_a_rest_day_is_the_next_working_day() -> None:
    rest = {MONDAY, MONDAY + DAY}
    calendar = SimpleNamespace(is_working=lambda day: day not in rest)
    known = material(calendar=calendar)
    assert known.moved(MONDAY) == MONDAY + 2 * DAY
    assert known.moved(MONDAY + 2 * DAY) == MONDAY + 2 * DAY
    assert material().moved(MONDAY) == MONDAY  # no notice says anything
    assert not Material.is_late(known, duty(due=MONDAY, closed_on=MONDAY + 2 * DAY))
    assert Material.is_late(known, duty(due=MONDAY, closed_on=MONDAY + 3 * DAY))


BEFORE = datetime(2025, 2, 28, 4, tzinfo=UTC)
ABSENT = {
    WANG: [Absence(MONDAY, MONDAY + 5 * DAY, BEFORE)],
    LI: [Absence(MONDAY, None, BEFORE)],
}


@pytest.mark.parametrize(
    ("who", "day", "away"),
    [
        (WANG, MONDAY - DAY, False),
        (WANG, MONDAY, True),
        (WANG, MONDAY + 4 * DAY, True),
        (WANG, MONDAY + 5 * DAY, False),
        (LI, MONDAY + 500 * DAY, True),
        (13, MONDAY, False),
    ],
)
def test_away_from_the_first_day_to_the_last(who: int, day: date, away: bool) -> None:
    assert material(absences=ABSENT).away(who, day) is away


@pytest.mark.parametrize(("organ", "away"), [(3, True), (4, False), (None, False)])
def test_a_leave_from_one_organ_is_none_from_another(organ: int | None, away: bool) -> None:
    known = material(absences={WANG: [Absence(MONDAY, None, BEFORE, 3)]})
    assert known.away(WANG, MONDAY, organ) is away


@pytest.mark.parametrize(
    ("recorded", "away"),
    [
        (datetime(2025, 3, 5, 15, 59, tzinfo=UTC), True),  # the last minute of the day in China
        (datetime(2025, 3, 5, 16, 0, tzinfo=UTC), False),  # the first of the next one
    ],
)
def test_an_absence_is_known_until_its_day_is_over_in_china(recorded: datetime, away: bool) -> None:
    absences = {WANG: [Absence(MONDAY, None, recorded)]}
    known = material(absences=absences)
    assert known.away(WANG, MONDAY + 2 * DAY) is away
    [excuse] = known.absences_on(WANG, MONDAY + 2 * DAY)
    assert claims([excuse]) == (() if away else (excuse,))


@pytest.mark.parametrize(
    ("more", "explained"),
    [
        ({}, True),
        ({"closed_on": MONDAY + (DONE_AFTER_ABSENCE + 1) * DAY}, False),
        ({"closed_on": None}, False),
        ({"due": None}, False),
        ({"holder": None}, False),
        ({"official": 13}, False),
        ({"due": MONDAY + 5 * DAY}, False),
    ],
)
def test_an_absence_explains_what_was_done_soon_after(
    more: dict[str, Any], explained: bool
) -> None:
    known = material(
        absences=ABSENT, _doers={}, matters={1: SimpleNamespace(handler=None, holder=3)}
    )
    given = {"due": MONDAY, "closed_on": MONDAY + DONE_AFTER_ABSENCE * DAY, "official": WANG}
    assert Material.explained_by_absence(known, duty(**{**given, **more})) is explained


@pytest.mark.parametrize(
    ("official", "handler", "holder", "responsible"),
    [(WANG, LI, 3, WANG), (None, LI, 3, LI), (None, LI, 4, None), (None, None, 3, None)],
)
def test_the_handler_answers_for_duties_of_the_organ_that_has_the_case(
    official: int | None, handler: int | None, holder: int, responsible: int | None
) -> None:
    known = material(matters={1: SimpleNamespace(handler=handler, holder=holder)})
    assert Material.responsible(known, duty(official=official)) == responsible


def test_weekdays_of_rest_on_which_next_to_nothing_was_closed_are_lost() -> None:
    """Ten closings on an ordinary day; three days of rest on weekdays with 4, 5 and none."""
    rest = {MONDAY + n * DAY for n in (2, 3, 4, 5, 6)}  # Wednesday to Sunday

    def working(day: date) -> bool | None:
        return day not in rest

    closings: Any = {
        MONDAY: [0] * 10,
        MONDAY + DAY: [0] * 10,
        MONDAY + 2 * DAY: [0] * 4,
        MONDAY + 3 * DAY: [0] * 5,
        MONDAY + 7 * DAY: [0] * 10,
    }
    assert lost_days([closings], working) == {MONDAY + 2 * DAY, MONDAY + 4 * DAY}
    assert lost_days([closings], lambda _day: None) == frozenset()
    assert lost_days([], working) == frozenset()
