"""A person leaves: everything open goes to somebody else in one step, and who answered when
stays readable."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Act, Duty
from dengwen.cases.write.check import Refused
from dengwen.cases.write.handover import hand_over_all
from dengwen.organs.models import Official
from tests.world import World, at


def official(code: str) -> Official:
    """Return an official of the district."""
    return Official.objects.get(code=code)


@pytest.fixture
def numbers(world: World) -> list[str]:
    """Three accepted claims in the hands of one handler."""
    made = [world.to_accepted("2025-03-03") for _ in range(3)]
    for number in made:
        world.act(
            "handler", "assign_handler", number, on="2025-03-04", official=official("YJ02-L").pk
        )
    return made


def test_all_open_duties_follow_at_once(world: World, numbers: list[str]) -> None:
    done = hand_over_all(
        official("YJ02-L"),
        official("YJ02-W"),
        world.organ("YJ02"),
        by=world.by("handler"),
        now=at("2025-03-20"),
        uid="leaving",
        note="调离",
    )
    assert list(done.cases) == numbers
    owners = set(
        Duty.objects.filter(case__number__in=numbers, state="open", rule="handle").values_list(
            "official", flat=True
        )
    )
    assert owners == {official("YJ02-W").pk}
    assert {world.case(n).handler_id for n in numbers} == {official("YJ02-W").pk}
    assert list(replay.check()) == []


def test_the_due_days_do_not_move(world: World, numbers: list[str]) -> None:
    before = [world.duty(n, "handle").due for n in numbers]
    hand_over_all(
        official("YJ02-L"),
        official("YJ02-W"),
        world.organ("YJ02"),
        by=world.by("handler"),
        now=at("2025-03-20"),
        uid="x",
    )
    assert [world.duty(n, "handle").due for n in numbers] == before == [date(2025, 5, 6)] * 3


def test_asked_twice_it_moves_once(world: World, numbers: list[str]) -> None:
    for _ in range(2):
        hand_over_all(
            official("YJ02-L"),
            official("YJ02-W"),
            world.organ("YJ02"),
            by=world.by("handler"),
            now=at("2025-03-20"),
            uid="x",
        )
    assert Act.objects.filter(act="hand_over").count() == len(numbers)


def test_somebody_of_another_organ_cannot(world: World, numbers: list[str]) -> None:
    with pytest.raises(Refused):
        hand_over_all(
            official("YJ02-L"),
            official("YJ02-W"),
            world.organ("YJ02"),
            by=world.by("clerk"),
            now=at("2025-03-20"),
            uid="x",
        )
    assert Act.objects.filter(act="hand_over").count() == 0
