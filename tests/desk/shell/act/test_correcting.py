"""The page of a correction: what is typed is taken as people write it, and what is none is refused
at its field."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases.models import Act
from dengwen.organs.models import Official
from tests.desk.conftest import Day, Sit
from tests.world import World


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
