"""Warnings in an office: raised once, from open matters only, answered with right or not right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.cases.models import Case, Duty
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.prevention.models import Evidence, RaisedWarning
from dengwen.prevention.watch import records, thresholds, watch
from tests.world import World, at

ROOF = (
    "示例小区三号楼屋面渗水多年，请求尽快修复屋面",
    "我们示例小区三号楼的屋面渗水多年无人管，请修复屋面",
)
NAMES = "甲乙丙丁戊己庚辛"


def letters(
    world: World, count: int, begin: str = "2025-06-02", first: int = 0, **more: Any
) -> list[str]:
    """Register letters of different people about one roof, one a day."""
    found = []
    for n in range(count):
        day = date.fromisoformat(begin) + timedelta(days=n)
        name = f"示例{NAMES[(first + n) % 8]}"
        one = handed_in(
            channel="letter", content=ROOF[n % 2], subject="屋面渗水", petitioner=name, **more
        )
        found.append(register(one, by=world.by("clerk"), now=at(day), uid=f"w/{begin}/{n}").number)
    return found


@pytest.mark.sentence("S4.11")
def test_a_warning_is_a_duty_with_its_evidence(world: World) -> None:
    numbers = letters(world, 4)
    assert watch(at("2025-06-06")) == 1
    warning = RaisedWarning.objects.get()
    assert warning.case.holder is not None
    assert (warning.detector, warning.case.holder.code, warning.raised_on) == (
        "same_matter",
        "YJ01",
        date(2025, 6, 6),
    )
    assert sorted(Evidence.objects.values_list("case__number", flat=True)) == sorted(numbers)
    assert all(n not in str(a.data) for a in warning.case.acts.all() for n in numbers)
    assert set(
        Duty.objects.filter(case=warning.case, state="open").values_list("rule", flat=True)
    ) == {"acknowledge_warning", "answer_warning"}


def test_the_same_is_not_said_twice(world: World) -> None:
    letters(world, 4)
    assert [watch(at(f"2025-06-{d:02}")) for d in (6, 6, 7)] == [1, 0, 0]
    letters(world, 2, "2025-06-08")
    assert watch(at("2025-06-10")) == 0


def test_three_are_not_enough_and_a_setting_changes_it(world: World) -> None:
    letters(world, 3)
    assert watch(at("2025-06-06")) == 0
    given: dict[str, Any] = {"key": "warning.people", "value": "3", "from": date(2025, 6, 1)}
    world.act("admin", "set_local_target", kind="edition", on="2025-06-06", **given)
    assert thresholds(date(2025, 6, 6)).people == 3
    assert watch(at("2025-06-06")) == 1


def test_an_accusation_never_counts(world: World) -> None:
    letters(world, 3)
    letters(
        world, 2, "2025-06-05", proposed_class="accusation", accused_organs=(world.organ("YJ02"),)
    )
    assert watch(at("2025-06-08")) == 0
    letters(world, 1, "2025-06-08", first=2)  # somebody who wrote before
    assert watch(at("2025-06-08")) == 0
    number = letters(world, 1, "2025-06-09", first=7)[0]
    assert watch(at("2025-06-09")) == 1
    chosen: dict[str, Any] = {"class": "accusation"}
    world.act("clerk", "classify", number, on="2025-06-10", **chosen)
    shown = Evidence.objects.filter(case__protected=False)
    assert shown.count() == 4


def test_unanswered_names_the_organ(world: World) -> None:
    for n in range(6):
        day = (date(2025, 3, 3) + timedelta(days=n)).isoformat()
        number = world.register(day, office="organ", who="handler")
        if n == 0:
            chosen: dict[str, Any] = {"class": "claim", "path": "31(6)"}
            world.act("handler", "classify", number, on=day, **chosen)
            world.act(
                "handler",
                "accept",
                number,
                on=day,
                texts={"procedure": "信访程序", "contact": "李样本"},
            )
    assert watch(at("2025-04-10")) == 1
    warning = RaisedWarning.objects.get(detector="unanswered")
    act = warning.case.acts.get(act="raise")
    assert (act.data["organ"], act.data["threshold"]) == (world.organ("YJ02"), 50)
    assert Evidence.objects.filter(digest=warning.digest).count() == 5
    assert watch(at("2025-04-11")) == 0


def test_answers_say_how_often_it_was_right(world: World) -> None:
    letters(world, 4)
    watch(at("2025-06-06"))
    number = RaisedWarning.objects.get().case.number
    world.act("clerk", "acknowledge", number, on="2025-06-07")
    world.act(
        "clerk", "answer", number, on="2025-06-12", texts={"done": "约谈物业"}, verdict="right"
    )
    assert Case.objects.get(number=number).state == "answered"
    found = records()["same_matter"]
    assert (found.raised, found.answered, found.right, found.share) == (1, 1, 1, 100)
    assert records()["inflow"].share is None
