"""Random histories at the door: verdict and breach never part, and nothing depends on when the
worker ran."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Duty
from dengwen.cases.write.check import Refused
from dengwen.law.errors import StatedError
from tests.world import PAPER, World, at

ACCEPTED = date(2025, 3, 3)
OPINION = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")
DAY = timedelta(days=1)
MANY = int(os.environ.get("DENGWEN_HISTORIES") or 50)
"""Histories of the long run; `make histories` plays ten thousand in each database."""
AT_ONCE = 25
STEPS = 9


@dataclass(frozen=True)
class Move:
    """One act of a history: what, claimed when, entered when, and with what chance of a worker
    before it."""

    act: str
    claimed: date
    entered: date
    pick: float
    days: int


def drawn(seed: int) -> list[Move]:
    """Draw a history from a seed."""
    draw, today, moves = random.Random(seed), ACCEPTED, []
    for _ in range(STEPS):
        today += timedelta(days=draw.randrange(20))
        back = draw.choice((0, 0, 0, 2, 6, 20, 40))
        act = draw.choice(list(ACTS))
        claimed = max(ACCEPTED, today - back * DAY)
        moves.append(Move(act, claimed, today, draw.random(), draw.randrange(1, 31)))
    return moves


def extend(world: World, number: str, move: Move) -> None:
    texts, told = {"reason": "需委托检测（示例）"}, {"told_petitioner": True, "days": move.days}
    enter(world, "head", "extend", number, move, texts=texts, **told)


def correct(world: World, number: str, move: Move) -> None:
    names = ("accept", "extend", "settle", "sign", "serve")
    acts = list(Act.objects.filter(case__number=number, act__in=names).order_by("seq"))
    target = acts[int(move.pick * len(acts))]
    second = {"second": world.official("YJ02-Z")}
    world.act(
        "handler",
        "correct",
        number,
        on=move.entered.isoformat(),
        step={"paper": PAPER, **second},
        target=target.pk,
        field="occurred_at",
        new=move.claimed.isoformat(),
        texts={"reason": "抄错"},
    )


def settle(world: World, number: str, move: Move) -> None:
    flags = {"both_parties_agree": True, "lawful_terms": True, "paper_kind": "settlement"}
    texts = {"parties_text": "示例", "terms": "示例"}
    enter(world, "handler", "settle", number, move, texts=texts, **flags)


def decide(world: World, number: str, move: Move) -> None:
    outcome = "support" if move.pick < 0.5 else "explain"
    enter(world, "handler", "draft", number, move, texts=OPINION, outcome=outcome)
    enter(world, "checker", "check", number, move)
    enter(world, "head", "sign", number, move)


def serve(world: World, number: str, move: Move) -> None:
    enter(world, "handler", "serve", number, move, way="direct", proof=PAPER)


def withdraw(world: World, number: str, move: Move) -> None:
    enter(world, "handler", "withdraw", number, move)


def request_review(world: World, number: str, move: Move) -> None:
    texts = {"request": "示例", "reasons": "示例"}
    enter(world, "clerk", "request_review", number, move, texts=texts)


def assist(world: World, number: str, move: Move) -> None:
    """Ask another organ for help by a day counted from the claimed one."""
    by = move.claimed + move.days * DAY
    texts = {"what": "示例"}
    organ = world.organ("YJ04")
    enter(world, "handler", "assist", number, move, texts=texts, organ=organ, report_by=by)


def promise(world: World, number: str, move: Move) -> None:
    """Promise to carry an opinion out by a day counted from the claimed one."""
    by = move.claimed + move.days * DAY
    more: dict[str, Any] = {"execute_by": by, "unit": world.organ("YJ02")}
    enter(world, "handler", "promise", number, move, texts={"what": "示例"}, **more)


ACTS: dict[str, Callable[[World, str, Move], None]] = {
    "extend": extend,
    "correct": correct,
    "settle": settle,
    "decide": decide,
    "serve": serve,
    "withdraw": withdraw,
    "request_review": request_review,
    "assist": assist,
    "promise": promise,
}


def enter(world: World, who: str, act: str, number: str, move: Move, **more: Any) -> None:
    """Enter an act with all that a late entry rests on."""
    other = {"head": "YJ02-W", "checker": "YJ02-Z", "handler": "YJ02-Z", "clerk": "YJ01-S"}[who]
    rests = {"late_reason": "停电", "paper": PAPER, "second": world.official(other)}
    on, entered = move.claimed.isoformat(), move.entered.isoformat()
    world.act(who, act, number, on=on, entered=entered, step=rests, **more)


def played(world: World, moves: list[Move], worker: Callable[[int], bool]) -> list[Any]:
    """Play a history, the worker running before the acts it is asked for and at the end; return
    what its case owes, and which acts were refused."""
    number, refused = world.to_accepted(ACCEPTED.isoformat()), []
    for place, move in enumerate(moves):
        if worker(place):
            sweep(now=at(move.entered, 1))
        try:
            ACTS[move.act](world, number, move)
        except (Refused, StatedError) as error:
            codes = {one.code for one in error.reasons} if isinstance(error, Refused) else set()
            refused.append((place, move.act, sorted(codes)))
        _agree(number)
    sweep(now=at(moves[-1].entered + DAY, 1))
    _agree(number, swept=True)
    rows = Duty.objects.filter(case__number=number).order_by("opened_by__seq", "rule")
    owed = [
        (
            d.rule,
            str(d.due),
            str(d.original_due),
            d.state,
            str(d.closed_on),
            d.timeliness,
            d.breach_id is not None,
            d.by_claim,
        )
        for d in rows
    ]
    return [sorted(owed), refused]


def _agree(number: str, *, swept: bool = False) -> None:
    """Verdict and breach say the same; once all was swept, in both directions."""
    for row in Duty.objects.filter(case__number=number, statutory=True, right=False):
        late = row.timeliness in ("late", "by_claim")
        if row.state == "closed" and (swept or row.breach_id is not None):
            assert late == (row.breach_id is not None), (number, row.rule, row.timeliness)
    claims = Act.objects.filter(case__number=number, data__late_entry=True)
    marked = Duty.objects.filter(case__number=number, by_claim=True)
    assert claims.exists() or not marked.exists(), number


def history(world: World, seed: int) -> None:
    """Play one history three times: swept every day, on random days, and at the end alone."""
    moves, draw = drawn(seed), random.Random(seed + 1)
    chosen = [draw.random() < 0.5 for _ in moves]
    often = played(world, moves, lambda _place: True)
    never = played(world, moves, lambda _place: False)
    some = played(world, moves, lambda place: chosen[place])
    assert often == never == some, f"seed {seed}"


@pytest.mark.parametrize("seed", [*range(4), 1193])
def test_the_answer_never_depends_on_when_the_worker_ran(world: World, seed: int) -> None:
    history(world, seed)
    assert list(replay.check()) == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 1000 + MANY, AT_ONCE))
def test_many_histories(world: World, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        print("seed", seed)
        history(world, seed)
    assert list(replay.check()) == []
