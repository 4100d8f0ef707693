"""Corrections: a further act that names the earlier one; nothing is overwritten, breaches stay."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.checking import Refused
from dengwen.cases.models import Act
from dengwen.cases.sweep import sweep
from dengwen.organs.models import Official
from tests.world import World, at


def correct(
    world: World, number: str, target: Act, field: str, new: str, *, on: str, second: str = ""
) -> None:
    """Let the clerk correct a field of an act, with or without a second signer."""
    fields: dict[str, Any] = {"target": target.pk, "field": field, "new": new}
    if second:
        fields["second"] = Official.objects.get(code=second).pk
    world.act("clerk", "correct", number, on=on, texts={"reason": "登记时抄错"}, **fields)


def act(number: str, name: str) -> Act:
    """Return the first act of that id in a case."""
    return Act.objects.filter(case__number=number, act=name).order_by("seq")[0]


def test_a_date_needs_a_second_person(world: World) -> None:
    number = world.register("2025-03-03")
    with pytest.raises(Refused) as refused:
        correct(world, number, act(number, "register"), "occurred_at", "2025-03-01", on="2025-03-04")
    assert [r.code for r in refused.value.reasons] == ["second-person"]


def test_nobody_is_his_own_second_person(world: World) -> None:
    number = world.register("2025-03-03")
    with pytest.raises(Refused):
        correct(world, number, act(number, "register"), "persons", "26", on="2025-03-04", second="YJ01-Q")


def test_a_corrected_number_of_persons_is_a_fact_and_the_old_act_stands(world: World) -> None:
    number = world.register("2025-03-03", persons=1)
    register = act(number, "register")
    correct(world, number, register, "persons", "26", on="2025-03-04", second="YJ01-S")
    assert Act.objects.get(pk=register.pk).data["persons"] == 1
    assert list(replay.check()) == []


def test_a_corrected_day_moves_the_open_duty(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    assert world.duty(number, "handle").raw == date(2025, 5, 2)
    accepted = act(number, "accept")
    fields: dict[str, Any] = {
        "target": accepted.pk,
        "field": "occurred_at",
        "new": "2025-03-10",
        "second": Official.objects.get(code="YJ02-W").pk,
    }
    world.act("handler", "correct", number, on="2025-03-12", texts={"reason": "受理日误记"}, **fields)
    assert world.duty(number, "handle").raw == date(2025, 5, 9)
    assert list(replay.check()) == []


def test_a_breach_stays_after_the_day_was_corrected(world: World) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    sweep(now=at("2025-03-19"))
    correct(
        world, number, act(number, "register"), "received_on", "2025-03-10", on="2025-03-20", second="YJ01-S"
    )
    duty = world.duty(number, "sort")
    assert duty.breach_id is not None
    assert duty.due == date(2025, 3, 25)
    assert Act.objects.filter(case__number=number, act="breach").count() == 1
    assert list(replay.check()) == []
