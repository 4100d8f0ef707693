"""What the wall knows of a user: each role counts in its own organ, and only roles of the work
count at all."""

from __future__ import annotations

from datetime import date

from dengwen.access.models import RoleGrant, User
from dengwen.cases.wall.visibility import PERSONNEL_ROLE, WORKING_ROLES, Viewer, viewer_of
from tests.world import World

DAY = date(2025, 3, 10)


def seen_as(world: World, *grants: tuple[str, str | None]) -> Viewer:
    """A user of the district who holds these roles in these organs, and no others."""
    user = User.objects.get(username="clerk")
    rows = tuple(
        RoleGrant(
            user=user,
            role=role,
            organ=world.office.organs[organ] if organ else None,
            valid_from=DAY,
            act=1,
        )
        for role, organ in grants
    )
    return viewer_of(user, DAY, rows)


def test_what_somebody_can_be_stands_apart_by_organ(world: World) -> None:
    one, other = world.organ("YJ01"), world.organ("YJ02")
    found = seen_as(world, ("R3", "YJ01"), ("R7", "YJ02"))
    assert found.organs == {one, other}
    assert found.capacities == {one: {"clerk"}, other: {"head"}}


def test_roles_outside_the_work_open_no_organ(world: World) -> None:
    assert {"R1", "R2", "R12", "R13", "R14", "R15", "R16"}.isdisjoint(WORKING_ROLES)
    assert {"R3", "R6", "R7", "R9", "R11"} <= WORKING_ROLES
    for role in ("R13", "R14", "R15", "R16"):
        found = seen_as(world, (role, "YJ02"))
        assert (found.organs, found.capacities, found.personnel) == (frozenset(), {}, frozenset())


def test_a_personnel_officer_is_one_for_the_own_organ_and_does_no_other_work_there(
    world: World,
) -> None:
    found = seen_as(world, (PERSONNEL_ROLE, "YJ02"), ("R3", "YJ01"))
    assert found.personnel == {world.organ("YJ02")}
    assert found.organs == {world.organ("YJ01")}
    assert seen_as(world, (PERSONNEL_ROLE, None)).personnel == frozenset()
