"""How long the wall remembers: whoever left an accused unit stays behind it for five years (access
model 4.1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.access.models import User
from dengwen.accountability.inquiry.conflicts import conflicts_of
from dengwen.cases.wall.visibility import find, viewer_of, viewer_of_official
from dengwen.law.duties.step import Step
from tests.accountability.inquiries import UNIT, official, opened, registered
from tests.cases.test_wall import accuse
from tests.world import World

DAY = date(2025, 4, 10)
FIVE_YEARS = timedelta(days=5 * 365 + 1)
LEFT = pytest.mark.parametrize(
    ("left", "remembered"),
    [
        (None, True),
        (date(2024, 4, 11), True),
        (date(2024, 4, 9), True),  # a year and a day ago
        (date(2021, 4, 10), True),
        (DAY - FIVE_YEARS + timedelta(days=1), True),
        (DAY - FIVE_YEARS, False),
        (date(2019, 4, 10), False),
    ],
    ids=str,
)


def once_there(world: World, code: str, left: date | None) -> None:
    """Let somebody have held a post in the housing bureau from 2018 until a day."""
    first = date(2018, 2, 1)
    post: dict[str, Any] = {"organ": UNIT, "code": "YJ02-OLD", "leading": "staff", "from": first}
    held: dict[str, Any] = {"official": code, "post": "YJ02-OLD", "from": first}
    if left is not None:
        held["to"] = left
    registered(
        world,
        Step(act="found_post", fields=post, texts={"title_zh": "科员"}),
        Step(act="appoint", fields=held),
    )


@LEFT
def test_a_former_member_of_the_accused_unit_stays_behind_the_wall(
    world: World, left: date | None, remembered: bool
) -> None:
    once_there(world, "YJ01-J", left)
    number = accuse(world)
    cleared = User.objects.get(username="sealed")
    assert cleared.official_id == official("YJ01-J")
    viewer = viewer_of(cleared, DAY)
    assert (find(viewer, DAY, number) is None) == remembered
    walled = viewer_of_official(official("YJ01-J"), DAY).walled_organs
    assert (world.organ(UNIT) in walled) == remembered


@LEFT
def test_a_former_member_of_the_unit_does_not_investigate_it(
    world: World, left: date | None, remembered: bool
) -> None:
    once_there(world, "YJ01-S", left)
    said = [
        en for _, en in conflicts_of(official("YJ01-S"), opened(world, investigators=0).made, DAY)
    ]
    assert any("within five years" in words for words in said) == remembered
