"""Matters of a quarter that differ in how they went, and what was left out of them."""

from __future__ import annotations

from datetime import date

from dengwen.assessment.facts.facts import SLOTS
from dengwen.assessment.frozen.freeze import Run, naming_of
from dengwen.assessment.frozen.frozen_tables import Exclusion
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Duty
from dengwen.ledger import sequencer
from tests.kept import once
from tests.world import ACCUSATION, World, at

FIRST, LAST = date(2025, 1, 1), date(2025, 6, 30)


@once
def play(world: World) -> list[str]:
    """Decide one matter in time and one late, extend one, leave one open, refuse one, register
    one late."""
    numbers = [world.to_accepted(f"2025-03-0{day}") for day in (3, 4, 5, 6)]
    decide(world, numbers[0], "2025-04-10")
    decide(world, numbers[1], "2025-05-20")
    world.act(
        "head",
        "extend",
        numbers[2],
        on="2025-04-20",
        days=20,
        told_petitioner=True,
        texts={"reason": "检测"},
    )
    decide(world, numbers[2], "2025-05-15")
    sweep(now=at("2025-06-30"))
    hidden = world.register("2025-03-10")
    world.act("clerk", "classify", hidden, on="2025-03-10", **ACCUSATION)
    sweep(now=at("2025-06-30"))
    return numbers


@once
def sealed(world: World) -> None:
    """Play a quarter and seal it."""
    play(world)
    sequencer.tick(now=at("2025-07-01"))


def decide(world: World, number: str, on: str) -> None:
    """Let the housing bureau issue its opinion on a day."""
    texts = {
        "claim": "修复",
        "facts_reasons": "已查明",
        "opinion": "予以支持",
        "legal_basis": "条例",
    }
    world.act("handler", "draft", number, on=on, texts=texts, outcome="support")
    world.act("checker", "check", number, on=on)
    world.act("head", "sign", number, on=on)


def exclusions(body: str) -> list[Exclusion]:
    """Leave one conclusion out of one indicator, and one fact out of all, under their names in a
    trial of a scheme."""
    naming = naming_of(Run(body, FIRST, LAST, 0))
    duties = list(
        Duty.objects.filter(rule="handle", case__kind="petition").order_by("opened_by_id")
    )
    conclusions = [naming.hide(d.opened_by_id * SLOTS + 6) for d in duties]
    return [
        Exclusion(conclusions[3], "concluded_in_time", "S 10", "系统停机", "李样本", "王示例", 1),
        Exclusion(conclusions[2], "", "S 10", "重复", "李样本", "王示例", 2),
    ]
