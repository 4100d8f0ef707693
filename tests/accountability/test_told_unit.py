"""A unit a decision concerns: behind the wall until it is told, then its own file and nothing of
who accused it."""

from __future__ import annotations

from datetime import date
from typing import Any

from dengwen.access.models import User
from dengwen.cases.models import Case, Party
from dengwen.cases.wall.visibility import find, for_user, not_walled, viewer_of
from tests.accountability.measuring import (
    LIGHT,
    decide,
    opened_bare_on_organ,
    opened_on_organ,
    rectified,
    serve,
)
from tests.world import ACCUSATION, World

DAY = date(2025, 4, 10)
UNIT = ("head", "handler", "checker")


def accusation(world: World) -> str:
    """Register an accusation of the bureau and record whom it accuses."""
    number = world.register("2025-03-03")
    world.act(
        "clerk",
        "classify",
        number,
        on="2025-03-03",
        accused_organs=(world.organ("YJ02"),),
        **ACCUSATION,
    )
    return number


def seen(user: User, number: str) -> bool:
    """Say whether a user sees a case, asked for by its number and in the list of all."""
    viewer = viewer_of(user, DAY)
    by_number = find(viewer, DAY, number) is not None
    assert for_user(viewer, DAY).filter(number=number).exists() == by_number
    return by_number


def before_the_wall(user: User, number: str) -> bool:
    """Say whether the wall alone lets a user through to a case, whatever standing and
    compartments are held."""
    return Case.objects.filter(not_walled(viewer_of(user, DAY)), number=number).exists()


def test_the_unit_sees_nothing_until_it_is_told_and_then_its_own_file_alone(world: World) -> None:
    letter = accusation(world)
    own, others = opened_on_organ(world, "YJ02"), opened_bare_on_organ(world, "YJ03")
    said: dict[str, Any] = {"scope": "system", "circulated_to": ("YJ03",)}
    decide(world, own, "organ_circular", **LIGHT, **rectified(world), **said)
    people = {name: world.office.users[name] for name in (*UNIT, "committee")}
    assert Party.objects.filter(
        case__number=own, role="concerned_unit", until__isnull=True
    ).exists()
    assert {n: seen(u, own) for n, u in people.items()} == {
        **dict.fromkeys(UNIT, False),
        "committee": True,
    }
    assert [before_the_wall(people[name], own) for name in UNIT] == [False] * len(UNIT)
    serve(world, own)
    assert [before_the_wall(people[name], own) for name in UNIT] == [True] * len(UNIT)
    assert not any(before_the_wall(people[name], letter) for name in UNIT)
    assert {n: seen(u, own) for n, u in people.items()} == {
        **dict.fromkeys(UNIT, True),
        "committee": True,
    }
    waiting = Party.objects.filter(role="concerned_unit", until__isnull=True)
    files = waiting.filter(case__kind="accountability").values_list("case__number", flat=True)
    assert list(files) == [others]  # told of its own file alone
    inquiry = waiting.get(case__kind="inquiry").case.number
    for name in UNIT:
        asked = [letter, inquiry, own, others]
        assert [number for number in asked if seen(people[name], number)] == [own]
