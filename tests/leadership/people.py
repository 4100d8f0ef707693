"""Leaders of the district doing things on days."""

from __future__ import annotations

from datetime import date
from typing import Any

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import Viewer, find, viewer_of
from dengwen.organs.models import Official
from tests.world import World

HEAD, DEPUTY, SECRETARY = "review-head2", "deputy", "secretary"
HOURS: dict[str, Any] = {"hours": "9:00–11:30", "room": "云江区信访接待中心"}


def official(code: str = "YJQ-P") -> int:
    """Return the row of an official by staff code: the head of the district unless said
    otherwise."""
    return Official.objects.get(code=code).pk


def viewer(world: World, username: str, on: str) -> Viewer:
    """Return somebody as the wall sees them on a day."""
    return viewer_of(world.office.users[username], date.fromisoformat(on))


def sees(world: World, username: str, number: str, on: str = "2025-03-20") -> bool:
    """Say whether somebody may see a case on a day."""
    return find(viewer(world, username, on), date.fromisoformat(on), number) is not None


def present(world: World, petition: str, on: str = "2025-03-04", who: str = "clerk") -> str:
    """Lay a letter before the head of the district."""
    fields: dict[str, Any] = {
        "leader": official(),
        "organ": world.organ("YJQ"),
        "petition": petition,
    }
    return world.act(who, "present", kind="instruction", on=on, **fields).case


def comment(
    world: World, number: str, on: str = "2025-03-05", who: str = HEAD, leader: str = "YJQ-P"
) -> None:
    """Comment on a letter: the housing bureau reports by the twentieth."""
    world.act(
        who,
        "comment",
        number,
        on=on,
        texts={"text": "请认真办理，依法答复。"},
        leader=official(leader),
        organ=world.organ("YJQ"),
        to=world.organ("YJ02"),
        due=date(2025, 3, 20),
    )


def schedule(world: World, day: str, on: str = "2025-01-06", leader: str = "YJQ-P") -> str:
    """Publish a day of reception."""
    fields: dict[str, Any] = {"leader": official(leader), "organ": world.organ("YJQ")}
    fields |= {"day": date.fromisoformat(day), **HOURS}
    return world.act("clerk", "schedule", kind="reception", on=on, **fields).case


def book(
    world: World,
    reception: str,
    petition: str,
    day: str,
    on: str = "2025-03-05",
    leader: str = "YJQ-P",
) -> str:
    """Book a talk about a matter on a day of reception."""
    fields: dict[str, Any] = {
        "leader": official(leader),
        "organ": world.organ("YJQ"),
        "day": date.fromisoformat(day),
    }
    more: dict[str, Any] = {"reception": reception, "petition": petition}
    return world.act("clerk", "book", kind="interview", on=on, **more, **fields).case


def state(number: str) -> str:
    """Return the state a case is in."""
    return Case.objects.get(number=number).state
