"""Extended, on leave, withdrawn afterwards: played as real acts through the door, each beside its
honest twin. None pays, whatever a scheme does with late entries; the claim names it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.manifest import scheme_body
from dengwen.assessment.interim_figures import excuses_of
from dengwen.cases.duties.sweep import sweep
from tests.accountability.test_finders import absent, seen
from tests.assessment import quarter
from tests.assessment.test_gaming import assessed, counted, facts
from tests.world import World, at

ROOT = Path(__file__).resolve().parents[2]
BEFORE, DUE, AFTER, DONE = "2025-05-02", date(2025, 5, 6), "2025-05-09", "2025-05-20"
LATE_ENTERED = ("unproved", "apart", "counted")
Trick = Callable[[World, str, str], None]


def scheme(late_entered: str) -> str:
    """Return the starting scheme with floors of one and a rule on late entries."""
    raw = tomllib.loads((ROOT / "packs" / "schemes" / "starting.toml").read_text(encoding="utf-8"))
    raw["scheme"]["late_entered"] = late_entered
    for indicator in raw["indicator"]:
        indicator["floor"] = 1
    return scheme_body(raw)


def resting(world: World, entered: str) -> dict[str, Any]:
    """Return what a late entry rests on."""
    if entered == BEFORE:
        return {}
    return {"late_reason": "停电", "paper": "ab" * 32, "second": world.official("YJ02-W")}


def extended(world: World, number: str, entered: str) -> None:
    """Extend on 2 May, and decide the matter on 20 May."""
    world.act(
        "head",
        "extend",
        number,
        on=BEFORE,
        entered=entered,
        texts={"reason": "需要检测"},
        step=resting(world, entered),
        days=30,
        told_petitioner=True,
    )
    quarter.decide(world, number, DONE)


def on_leave(world: World, _number: str, entered: str) -> None:
    """Enter a leave of the handler over the last day, and decide the matter on return."""
    absent(world, "YJ02-L", "YJ02-W", date(2025, 5, 5), date(2025, 5, 19), entered)
    quarter.decide(world, _number, DONE)


def withdrawn(world: World, number: str, entered: str) -> None:
    """Enter that the petitioner withdrew on 2 May."""
    world.act(
        "handler",
        "withdraw",
        number,
        on=BEFORE,
        entered=entered,
        texts={"reason": "已经自行解决"},
        step=resting(world, entered),
    )


def matter(world: World) -> str:
    """Bring a claim to acceptance and to a handler; its handling is due on 6 May."""
    number = world.to_accepted("2025-03-03")
    world.act(
        "handler",
        "assign_handler",
        number,
        on="2025-03-04",
        official=world.official("YJ02-L"),
    )
    assert world.duty(number, "handle").due == DUE
    return number


def concluded(frozen: Frozen, world: World) -> tuple[int, int]:
    """Return how many matters were concluded in time, of how many."""
    return counted(frozen, world, "concluded_in_time")


def named(frozen: Frozen) -> list[tuple[str, str]]:
    """Return what was entered afterwards, and how the conclusions stand."""
    said = [("excuse", fact.outcome) for fact in facts(frozen, "excuse")]
    return said + [("conclusion", fact.outcome) for fact in facts(frozen, "conclusion")]


TRICKS: dict[str, tuple[Trick, str, tuple[int, int], str]] = {
    "extension": (extended, "late", (1, 1), "in_time"),
    "leave": (on_leave, "late", (0, 1), "late"),
    "withdrawal": (withdrawn, "missed", (0, 0), ""),
}
"""By what is entered: the trick, how its conclusion stands, and what the honest twin counts."""


@pytest.mark.parametrize("late_entered", LATE_ENTERED)
@pytest.mark.parametrize("name", TRICKS)
def test_what_is_entered_after_the_day_pays_nothing_and_is_named(
    world: World, tmp_path: Path, name: str, late_entered: str
) -> None:
    trick, outcome, _, _ = TRICKS[name]
    number = matter(world)
    sweep(now=at("2025-05-08"))
    trick(world, number, AFTER)
    frozen = assessed(world, scheme(late_entered), tmp_path / name)
    assert concluded(frozen, world) == (0, 1)
    assert named(frozen) == [("excuse", name), ("conclusion", outcome)]
    claimed = excuses_of(frozen, world.organ("YJ02"))
    [said] = claimed[world.case(number).pk, DUE]
    assert (said.outcome, said.sort) == (name, AFTER)
    [found] = seen("not_handled", "2025-07-31")
    assert [one.en.split(":")[0] for one in found.claims] == [
        f"claimed, entered on {AFTER} for {DUE}"
    ]


@pytest.mark.parametrize("name", TRICKS)
def test_its_honest_twin_entered_by_the_day_is_neither_named_nor_found(
    world: World, tmp_path: Path, name: str
) -> None:
    trick, _, count, outcome = TRICKS[name]
    number = matter(world)
    trick(world, number, BEFORE)
    frozen = assessed(world, scheme("unproved"), tmp_path / name)
    assert concluded(frozen, world) == count
    assert named(frozen) == ([("conclusion", outcome)] if outcome else [])
    assert seen("not_handled", "2025-07-31") == []
