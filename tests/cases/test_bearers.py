"""Who bears a recurring duty on a day: borders of seats, vacancies and the end of an organ."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.duties.bearers import Bearer, bearers, owes_elsewhere, supervisors
from dengwen.cases.duties.open_periods import lead_time
from dengwen.organs.models import Official, Organ, Portfolio
from tests.world import World

DAY = timedelta(days=1)
FIRST, LEFT, NEXT, ENDED = date(2025, 1, 1), date(2025, 3, 1), date(2025, 5, 1), date(2025, 9, 1)
WANG, LI = 11, 12
ORGAN = Organ(pk=1, code="YJ01", valid_from=FIRST, valid_to=ENDED)


def seat(
    *held: tuple[int | None, date], name: str = "post:1", until: date | None = ENDED
) -> Bearer:
    """A leading post and who held it from which day on."""
    return Bearer(ORGAN, "leader", name, held[0][1], until, held, "principal")


VACANT_FOR_A_WHILE = seat((WANG, FIRST), (None, LEFT), (LI, NEXT))


@pytest.mark.parametrize(
    ("day", "from_"),
    [
        (FIRST - DAY, FIRST),  # nobody yet: from the first who comes
        (FIRST, FIRST),
        (LEFT - DAY, LEFT - DAY),
        (LEFT, NEXT),  # vacant: the duty waits for the next one
        (NEXT - DAY, NEXT),
        (NEXT, NEXT),
        (ENDED - DAY, ENDED - DAY),
        (ENDED, None),  # the day an organ ends is the first without it
        (ENDED + DAY, None),
    ],
)
def test_a_seat_is_borne_while_somebody_sits_in_it(day: date, from_: date | None) -> None:
    assert VACANT_FOR_A_WHILE.taken(day) == from_


def test_a_seat_that_fell_vacant_for_good_is_borne_by_nobody() -> None:
    left = seat((WANG, FIRST), (None, LEFT), until=None)
    assert left.taken(LEFT - DAY) == LEFT - DAY
    assert left.taken(LEFT) is None
    assert seat((WANG, FIRST), until=None).taken(ENDED) == ENDED


def test_an_organ_itself_bears_from_its_first_day_to_its_last() -> None:
    organ = Bearer(ORGAN, "holder", "", FIRST, ENDED, ((None, FIRST),))
    assert [organ.taken(day) for day in (FIRST - DAY, FIRST, ENDED - DAY, ENDED)] == [
        FIRST,
        FIRST,
        ENDED - DAY,
        None,
    ]
    assert organ.occupied_since(ENDED - DAY) == FIRST


def test_a_seat_is_occupied_since_the_last_gap() -> None:
    without_gap = seat((WANG, FIRST), (LI, LEFT))
    assert without_gap.occupied_since(LEFT - DAY) == FIRST
    assert without_gap.occupied_since(LEFT) == FIRST
    assert VACANT_FOR_A_WHILE.occupied_since(NEXT) == NEXT
    assert VACANT_FOR_A_WHILE.occupied_since(NEXT + DAY) == NEXT
    assert VACANT_FOR_A_WHILE.occupied_since(LEFT) == LEFT
    assert VACANT_FOR_A_WHILE.occupied_since(NEXT - DAY) == NEXT - DAY


def test_a_chain_names_the_holder_of_the_first_day_and_every_change_to_the_last() -> None:
    chain = VACANT_FOR_A_WHILE.chain
    assert chain(FIRST, LEFT - DAY) == ((WANG, FIRST),)
    assert chain(FIRST, LEFT) == ((WANG, FIRST), (None, LEFT))
    assert chain(LEFT, NEXT) == ((None, LEFT), (LI, NEXT))
    assert chain(NEXT, ENDED) == ((LI, NEXT),)


def test_nobody_owes_twice_what_a_higher_post_owes() -> None:
    higher, lower = seat((WANG, FIRST), (LI, LEFT)), seat((WANG, FIRST), name="post:2")
    elsewhere = {2: [higher, lower]}
    seats = {1: [higher, lower]}
    assert owes_elsewhere(lower, WANG, FIRST, seats)
    assert owes_elsewhere(lower, WANG, LEFT - DAY, seats)
    assert not owes_elsewhere(lower, WANG, LEFT, seats)
    assert not owes_elsewhere(lower, LI, LEFT - DAY, seats)
    assert not owes_elsewhere(higher, WANG, FIRST, seats)
    assert not owes_elsewhere(lower, WANG, FIRST, elsewhere)


@pytest.mark.parametrize(
    ("days", "per"),
    [
        (6, "week"),
        (7, "month"),
        (30, "month"),
        (31, "quarter"),
        (91, "quarter"),
        (92, "half_year"),
        (183, "half_year"),
        (184, "year"),
        (365, "year"),
    ],
)
def test_a_period_is_warned_of_by_the_lead_time_of_its_length(days: int, per: str) -> None:
    asked: list[str] = []

    def on(name: str, organ: int, day: date) -> Any:
        asked.append(name)
        return SimpleNamespace(value="3")

    law = SimpleNamespace(clock=SimpleNamespace(per=""))
    one: Any = SimpleNamespace(law=law, due=FIRST + timedelta(days=days), start=FIRST, organ=1)
    settings: Any = SimpleNamespace(on=on)
    assert lead_time(one, settings, FIRST) == 3
    assert asked == [f"register.warning.{per}"]


def test_rows_that_never_applied_and_vacancies_filled_the_same_day_are_no_changes(
    world: World,
) -> None:
    organ = Organ.objects.get(pk=world.organ("YJ01"))
    one, other, third = Official.objects.order_by("pk")[:3]
    field: dict[str, Any] = {"organ": organ, "field": "示例领域", "act": 1}
    for official, begins, ends in (
        (one, FIRST, LEFT),
        (other, LEFT, LEFT),  # named and taken back before the day came
        (third, LEFT, NEXT),
        (one, NEXT, NEXT),  # the same in a vacancy
        (other, NEXT + DAY, None),
    ):
        Portfolio.objects.create(official=official, valid_from=begins, valid_to=ends, **field)
    [found] = [b for b in bearers(FIRST, ENDED) if b.field == "示例领域"]
    assert found.held == (
        (one.pk, FIRST),
        (third.pk, LEFT),
        (None, NEXT),
        (other.pk, NEXT + DAY),
    )
    assert (found.of, found.organ, found.since) == ("portfolio", organ, FIRST)


def test_the_nearest_petition_office_follows_up_what_an_organ_owes_and_never_its_own(
    world: World,
) -> None:
    office = Organ.objects.get(pk=world.organ("YJ01"))
    department = Organ.objects.get(pk=world.organ("YJ02"))
    assert office.is_petition_office
    assert not department.is_petition_office
    assert supervisors(department, FIRST)[0] == office.pk
    assert office.pk not in supervisors(office, FIRST)
