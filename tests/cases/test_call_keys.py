"""A call of several cases writes each under a key of its own, and is still known when it is
repeated."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from dengwen.cases.models import Act, Case
from dengwen.cases.write import call_keys
from dengwen.cases.write.perform import Call, perform, perform_many
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from tests.world import World, at

pytestmark = pytest.mark.django_db
NOW = at("2025-03-04")
MANY = 20
"""More further cases than are looked for in one statement."""


def _registers(world: World) -> tuple[Step, ...]:
    step = Step(
        act="register",
        kind="petition",
        organ=world.organ("YJ01"),
        fields={"channel": "letter", "office": "petition_office", "received_on": civil(NOW)},
        texts={"subject": "示例", "content": "示例"},
    )
    return (step,) * MANY


def test_a_repeated_call_finds_all_its_cases(world: World) -> None:
    first = perform(*_registers(world), by=world.by("clerk"), now=NOW, uid="twenty")
    again = perform(*_registers(world), by=world.by("clerk"), now=at("2025-03-05"), uid="twenty")
    assert again.repeated
    assert [act.act_id for act in again.acts] == [act.act_id for act in first.acts]
    assert (
        Case.objects.filter(kind="petition").count()
        == MANY
        == len({act.case for act in first.acts})
    )
    calls = list(
        Act.objects.filter(act="register", case__kind="petition").values_list("call", flat=True)
    )
    assert len(set(calls)) == MANY
    assert calls.count("twenty") == 1


def test_a_repeated_call_of_a_batch_finds_all_its_cases(world: World) -> None:
    call = Call(_registers(world), world.by("clerk"), NOW, "batch/1")
    [first], [again] = perform_many([call]), perform_many([call])
    assert first.performed is not None
    assert again.performed is not None
    assert again.performed.repeated
    assert [act.act_id for act in again.performed.acts] == [
        act.act_id for act in first.performed.acts
    ]


@pytest.mark.parametrize(
    ("uid", "shape"),
    [
        ("desk/12/" + "ab" * 16, r"desk/12/[0-9a-f]{32}"),
        ("cli/act/" + "ab" * 8, r"cli/act/[0-9a-f]{16}"),
        ("split of the letter about the bureau", r"[0-9a-f]{32}"),
        ("cli/split/of-zheng", r"[0-9a-f]{32}"),
    ],
)
def test_a_further_key_looks_like_any_other_and_keeps_no_words(
    world: World, uid: str, shape: str
) -> None:
    keys = {call_keys.key_of(uid, place) for place in range(1, 10)}
    assert len(keys) == 9
    assert all(re.fullmatch(shape, key) for key in keys)
    assert uid not in keys


def test_instants_differ_within_the_second_and_never_leave_the_day(world: World) -> None:
    taken = {NOW}
    drawn = [call_keys.instant_of("x", place, NOW, taken) for place in range(1, 200)]
    assert len(set(drawn)) == len(drawn)
    assert all(NOW - timedelta(seconds=1) < one < NOW for one in drawn)
    midnight = datetime(2025, 3, 3, 16, 0, 0, 2000, tzinfo=UTC)  # in China
    night = [call_keys.instant_of("x", place, midnight, {midnight}) for place in range(1, 20)]
    assert {civil(one) for one in night} == {civil(midnight)}
