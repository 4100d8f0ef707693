"""The page of a correction: what is typed is taken as people write it, and what is none is refused
at its field."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases.models import Act
from dengwen.cases.write.proposed_step import read_proposal
from dengwen.law.duties.proposal import PROPOSE
from dengwen.organs.models import Official, Organ
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World


def typed(number: str, field: str, new: str) -> dict[str, str]:
    """Return a correction of the registration as its page sends it."""
    place = Act.objects.get(case__number=number, act="register").seq
    return {"target": str(place), "field": field, "new": new, "reason": "抄错", "uid": "c-1"}


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("received_on", "2025-02-30"),
        ("received_on", "昨天"),
        ("occurred_at", "昨天"),
        ("occurred_at", "2025-3-1T25:00:00"),
        ("persons", "三"),
        ("channel", "口信"),
    ],
)
def test_a_value_that_is_none_is_refused_at_its_field(
    world: World, day: Day, sit: Sit, field: str, new: str
) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3), persons=1)
    day.set("2025-03-04")
    page = sit("clerk").post(f"/desk/case/{number}/correct/", typed(number, field, new))
    assert page.status_code == 422
    assert 'href="#f-new"' in page.content.decode()
    assert "多人走访推选" not in page.content.decode()
    assert not Act.objects.filter(case__number=number, act="correct").exists()


@pytest.mark.parametrize("new", ["2025-3-1", "2025年3月1日"])
def test_a_day_is_taken_as_people_write_it(world: World, day: Day, sit: Sit, new: str) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    day.set("2025-03-04")
    page = sit("clerk").post(f"/desk/case/{number}/correct/", typed(number, "received_on", new))
    assert page.status_code in (302, 422)  # 422: it still lacks its paper, never an accident
    assert "不是" not in page.content.decode()


def test_a_coded_field_is_corrected_in_words(world: World, day: Day, sit: Sit) -> None:
    number = world.register("2025-03-03", channel="phone")
    day.set("2025-03-04")
    page = sit("clerk").post(f"/desk/case/{number}/correct/", typed(number, "channel", "书信"))
    assert page.status_code == 302
    assert Act.objects.get(case__number=number, act="correct").data["new"] == "letter"


@pytest.mark.parametrize("meant", ["YJ03", "name", "name in spaces"])
def test_an_organ_is_corrected_by_its_code_or_name(
    world: World, day: Day, sit: Sit, meant: str
) -> None:
    number = forwarded(world)
    right = Organ.objects.get(code="YJ03")
    words = {"YJ03": "YJ03", "name": right.name_zh, "name in spaces": f" {right.name_zh} "}
    page = sit("router").post(
        f"/desk/case/{number}/correct/", forward_corrected(number, words[meant])
    )
    assert page.status_code == 302, page.content.decode()
    proposed = Act.objects.get(case__number=number, act=PROPOSE)  # it moves a day: two people
    assert read_proposal(proposed).said.step_said["fields"]["new"] == str(right.pk)
    assert right.name_zh in sit("router").get("/desk/approvals/").content.decode()


def test_whom_nobody_is_called_is_refused_and_a_row_is_no_name(
    world: World, day: Day, sit: Sit
) -> None:
    number = forwarded(world)
    twice = Organ.objects.get(code="YJ04")
    Organ.objects.filter(code="YJ09").update(name_zh=twice.name_zh)
    for typed_in in (str(world.organ("YJ03")), "没有这个局", twice.name_zh, "YJ03、YJ04"):
        page = sit("router").post(
            f"/desk/case/{number}/correct/", forward_corrected(number, typed_in)
        )
        assert page.status_code == 422, typed_in
        assert 'href="#f-new"' in page.content.decode()
    assert not Act.objects.filter(case__number=number, act__in=("correct", PROPOSE)).exists()


def forwarded(world: World) -> str:
    """Return the number of a matter that was sent to the wrong bureau."""
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    return number


def forward_corrected(number: str, new: str) -> dict[str, str]:
    """Return a correction of whom the matter was sent to, as its page sends it."""
    place = Act.objects.get(case__number=number, act="forward").seq
    return {"target": str(place), "field": "to", "new": new, "reason": "抄错", "uid": "c-1"}


def test_what_the_system_fills_in_is_not_asked(world: World, day: Day, sit: Sit) -> None:
    number = world.register("2025-03-03")
    page = sit("clerk").get(f"/desk/case/{number}/correct/").content.decode()
    assert 'name="new"' in page
    assert 'name="breaches"' not in page


def test_anybody_in_office_can_be_named_as_accused(world: World, day: Day, sit: Sit) -> None:
    number = world.register("2025-03-03")
    page = sit("clerk").get(f"/desk/case/{number}/name_accused/")
    field = next(one for one in page.context["fields"] if one.name == "accused_official")
    offered = {choice.value for choice in field.choices}
    assert str(Official.objects.get(code="YJ02-Z").pk) in offered
