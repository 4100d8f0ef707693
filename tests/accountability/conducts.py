"""Conduct that finders look for, played in the invented district."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dengwen.cases.models import Case
from dengwen.petitions import ratings
from tests.accountability.test_finders import sign
from tests.world import World

SUGGESTION: dict[str, Any] = {"class": "suggestion"}


def days(first: str, count: int, every: int = 1) -> list[str]:
    """Return civil days from a first one on."""
    return [
        (date.fromisoformat(first) + timedelta(days=n * every)).isoformat() for n in range(count)
    ]


def official(world: World, username: str) -> int:
    """Return the row id of an official behind an account."""
    found = world.office.users[username].official_id
    assert found is not None
    return found


def solved(world: World, *, talked: bool, contacted: bool) -> str:
    """Bring a claim to a served opinion in its favour and rate it."""
    number = world.to_accepted("2025-03-03")
    if talked:
        world.act(
            "handler",
            "explain_talk",
            number,
            on="2025-03-10",
            texts={"with_whom": "信访人", "explained": "修缮"},
            way="phone",
        )
    sign(world, number, "2025-03-20")
    world.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
    rate(world, number, "basically", own_network=False, contacted=contacted)
    return number


def rate(world: World, number: str, level: str, **more: Any) -> None:
    """Let the petitioner rate a matter online."""
    row = ratings.open_for(Case.objects.get(number=number))
    assert row is not None
    world.act(
        "public", "give_code", row.case.number, on="2025-03-25", way="portal", code_digest="ab" * 32
    )
    both: dict[str, Any] = dict.fromkeys(("competent_level", "department_level"), level)
    world.act("public", "rate", row.case.number, on="2025-03-25", channel="portal", **both, **more)
