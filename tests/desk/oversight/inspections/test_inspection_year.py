"""The year of inspections: the plan by month, government inspections and who begins them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Act, Case
from tests.desk.conftest import Day, Sit
from tests.desk.oversight.inspections.sample_inspection import START, sit, text
from tests.world import World

YEAR = "/desk/oversight/inspections/year/"
SUBJECT = {"subject": "信访工作"}


@pytest.mark.case("G12")
def test_the_plan_of_the_year_is_filed_at_once_and_followed_by_month(
    world: World, now: Any
) -> None:
    inspector = sit("supervisor")
    first, second, third = (world.organ(code) for code in ("YJ02", "YJ03", "YJ04"))
    assert f'name="month-{first}"' in text(inspector, YEAR)
    months_gone_or_unknown_are_refused(first)
    the_plan_is_filed_at_once(first, second, third)
    one, two = planned_for(first), planned_for(second)
    now("2025-07-02")
    world.act("supervisor", "ask_deposit", one, on="2025-07-02", depositor=third)
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "inspected",
        "texts": {"findings": "无"},
    }
    world.act("supervisor", "conclude", one, on="2025-07-02", **end)
    page = text(inspector, "/desk/oversight/inspections/")
    rows = rows_by_month(page)
    assert sorted(rows) == ["06", "07", "09"]
    assert columns_with(one, rows["06"]) == [True, False, False]
    assert columns_with(one, rows["07"]) == [False, True, True]
    assert rows["06"].count("还没有开始") == 1
    assert two in rows["06"].split("还没有开始")[0].rsplit("href=", 1)[1]
    assert "0 / " in page  # a prompt inspection is none of the year's special ones
    asked = text(inspector, YEAR)
    assert (f'name="month-{first}"' in asked, f'name="month-{second}"' in asked) == (True, False)
    assert sit("head").get(YEAR).status_code == 302  # who decides files no plan


def months_gone_or_unknown_are_refused(organ: int) -> None:
    for wrong in ({}, {f"month-{organ}": "5"}, {f"month-{organ}": "13"}):
        assert sit("supervisor").post(YEAR, {**SUBJECT, **wrong}).status_code == 422
    gone = sit("supervisor").post(YEAR, {**SUBJECT, f"month-{organ}": "5"}).content.decode()
    assert "云江区住房建设局：只能选择本年余下的月份" in gone
    assert f'href="#f-month-{organ}"' in gone
    nothing = sit("supervisor").post(YEAR, SUBJECT).content.decode()
    assert 'href="#f-month-' in nothing
    unsaid = sit("supervisor").post(YEAR, {"subject": "", f"month-{organ}": "6"}).content.decode()
    assert 'href="#f-subject"' in unsaid
    assert not Case.objects.filter(kind="inspection").exists()


def the_plan_is_filed_at_once(first: int, second: int, third: int) -> None:
    form = {**SUBJECT, f"month-{first}": "6", f"month-{second}": "6", f"month-{third}": "9"}
    assert sit("supervisor").post(YEAR, form).status_code == 302
    planned_already = {**SUBJECT, f"month-{first}": "8"}
    assert sit("supervisor").post(YEAR, planned_already).status_code == 422
    acts = Act.objects.filter(act="plan", case__kind="inspection")
    begins = sorted((act.data["to"], act.data["begins"]) for act in acts)
    assert begins == [(first, START), (second, START), (third, "2025-09-01")]


def planned_for(organ: int) -> str:
    """The number of the inspection planned for an organ."""
    return Act.objects.get(act="plan", data__to=organ).case.number


def rows_by_month(page: str) -> dict[str, str]:
    """The rows of the table of the months of 2025."""
    row = r'<th scope="row" class="num">2025-(\d\d)</th>(.*?)</tr>'
    return dict(re.findall(row, page, re.DOTALL))


def columns_with(number: str, row: str) -> list[bool]:
    """Whether an inspection stands in each column of a row: planned, begun, concluded."""
    return [number in cell for cell in row.split("<td")[1:]]


def test_government_inspections_stand_on_the_page_with_their_periods(
    world: World, day: Day, sit: Sit
) -> None:
    number = world.act(
        "review-head2",
        "authorise",
        kind="government_inspection",
        on="2025-06-03",
        how="approval",
        body=world.organ("YJ01"),
        texts={"subject": "信访积案", "scope": "全区"},
    ).case
    world.act("supervisor", "start", number, on="2025-06-04")
    world.act(
        "supervisor",
        "conclude",
        number,
        on="2025-06-20",
        to=world.organ("YJ02"),
        received_on=date(2025, 6, 20),
        texts={"findings": "三件积案"},
    )
    day.set("2025-06-23")
    page = (
        sit("handler").get("/desk/oversight/inspections/").content.decode()
    )  # of the organ inspected
    assert "督查对象对督查结论申请复核" in page
    assert "2025-07-21" in page
    world.act(
        "handler", "apply_reconsideration", number, on="2025-06-23", texts={"reasons": "不是积案"}
    )
    page = sit("supervisor").get("/desk/oversight/inspections/").content.decode()
    assert "作出督查结论的复核决定" in page
    assert page.count("term-small") >= 1 or page.count("<svg") >= 1
    english = sit("supervisor", "en").get("/desk/oversight/inspections/").content.decode()
    assert "reconsideration decision on the inspection conclusion" in english.lower()


def test_only_the_head_of_a_government_begins_a_government_inspection(
    world: World, day: Day, sit: Sit
) -> None:
    day.set("2025-06-03")
    path = "/desk/open/government_inspection/authorise/"
    assert path in sit("review-head2").get("/desk/oversight/inspections/").content.decode()
    assert path not in sit("head").get("/desk/oversight/inspections/").content.decode()
    assert sit("review-head2").get(path).status_code == 200
    assert sit("supervisor").get(path).status_code == 404
    form = {
        "how": "decision",
        "body": str(world.organ("YJ01")),
        "subject": "信访积案",
        "scope": "全区",
    }
    assert sit("review-head2").post(path, form).status_code == 302
    assert Case.objects.get(kind="government_inspection").state == "authorised"
