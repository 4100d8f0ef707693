"""Excuses in random orders, before and after the day for which they count, beside an independent
reckoning in ten lines: what comes after the day changes no finding and no figure, whatever else was
done and whenever a worker ran.

The seeds are fixed; a failure names its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from dengwen.accountability.finders import find
from dengwen.assessment.facts.facts import Draw, draw
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.write.check import Refused
from dengwen.law.errors import StatedError
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.accountability.test_finders import absent
from tests.assessment import quarter
from tests.world import World, at

DUE, LONGER, END = date(2025, 5, 6), date(2025, 6, 3), date(2025, 7, 31)
"""The last day of handling, and with thirty days more: 1 June falls into a holiday."""
DAY = timedelta(days=1)
BACK = DUE + 20 * DAY
"""The day on which who was on leave is back."""
SOON = 30
SEEDS = range(10)


@dataclass(frozen=True)
class Move:
    """What is entered on a day: an excuse by name, the decision, or a run of the worker."""

    day: date
    order: int
    name: str


def extend(world: World, number: str, entered: date) -> None:
    claimed = min(entered, DUE - 3 * DAY)
    world.act(
        "head",
        "extend",
        number,
        on=claimed.isoformat(),
        entered=entered.isoformat(),
        texts={"reason": "需要检测"},
        step=rests(world, entered, claimed),
        days=30,
        told_petitioner=True,
    )


def leave(world: World, _number: str, entered: date) -> None:
    absent(world, "YJ02-L", "YJ02-W", DUE - DAY, BACK, entered.isoformat())


def withdraw(world: World, number: str, entered: date) -> None:
    claimed = min(entered, DUE - 2 * DAY)
    world.act(
        "handler",
        "withdraw",
        number,
        on=claimed.isoformat(),
        entered=entered.isoformat(),
        texts={"reason": "已经自行解决"},
        step=rests(world, entered, claimed),
    )


def rests(world: World, entered: date, claimed: date) -> dict[str, Any]:
    """Return what an act rests on that is entered later than it claims."""
    if entered == claimed:
        return {}
    return {"late_reason": "停电", "paper": "ab" * 32, "second": world.official("YJ02-W")}


def decide(world: World, number: str, entered: date) -> None:
    quarter.decide(world, number, entered.isoformat())


def work(_world: World, _number: str, entered: date) -> None:
    sweep(now=at(entered))


MOVES: dict[str, Callable[[World, str, date], None]] = {
    "extend": extend,
    "leave": leave,
    "withdraw": withdraw,
    "decide": decide,
    "work": work,
}


def drawn(seed: int) -> list[Move]:
    """Draw excuses before and after the day, when the matter is decided, and when a worker runs."""
    random = Random(seed)
    moves = [
        Move(DUE + random.choice((-1, 1)) * random.randint(0, 9) * DAY, 1, name)
        for name in random.sample(("extend", "leave", "withdraw"), random.randint(1, 3))
    ]
    moves.append(Move(DUE + random.randint(-10, 35) * DAY, 2, "decide"))
    for _ in range(random.randint(0, 3)):
        moves.append(Move(DUE + random.randint(-5, 40) * DAY, 0, "work"))
    return sorted(moves, key=lambda move: (move.day, move.order, move.name))


def reckoned(moves: list[Move]) -> tuple[str, bool]:
    """Return how the handling stands, and whether it is found late: by what was known in time."""
    due, leave_entered = DUE, date.max
    for move in moves:
        if move.name == "extend" and move.day <= due:
            due = LONGER
        elif move.name == "leave":
            leave_entered = move.day
        elif move.name == "withdraw":
            return ("", False) if move.day <= due else ("missed", True)
        elif move.name == "decide":
            on_leave = leave_entered <= due < BACK and (move.day - due).days <= SOON
            return ("in_time", False) if move.day <= due else ("late", not on_leave)
    return "missed", True


def played(world: World, moves: list[Move]) -> None:
    """Enter what was drawn, as far as it can be entered."""
    number = world.to_accepted("2025-03-03")
    handler = world.official("YJ02-L")
    world.act("handler", "assign_handler", number, on="2025-03-04", official=handler)
    assert world.duty(number, "handle").due == DUE
    for move in moves:
        try:
            MOVES[move.name](world, number, move.day)
        except (Refused, StatedError):
            # nothing is extended or withdrawn once the matter is decided, and the other way round
            assert move.name in ("extend", "withdraw", "decide")
    sweep(now=at(END))
    sequencer.tick(now=at(END))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_comes_after_the_day_changes_no_finding_and_no_figure(world: World, seed: int) -> None:
    moves = drawn(seed)
    played(world, moves)
    outcome, late = reckoned(moves)
    asked = Draw(quarter.FIRST, quarter.LAST, newest_position())
    figures = [fact.outcome for fact in draw(asked) if fact.kind == "conclusion"]
    assert figures == ([outcome] if outcome else []), (seed, moves)
    found = find(now=at(END), only=["not_handled"])
    assert len(found) == late, (seed, moves)
