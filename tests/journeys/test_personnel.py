"""Journey 11 through real browsers: a notice is signed and used, an opinion asked and given, an
award body asks.

Every pointer and key activation is counted by the browser itself; the counts are printed and must
not be above those of
the journey. Typing and choosing from a list are not counted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dengwen.cases.models import Act, Case
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from tests.accountability.deciding import FACTS, decided, notified, official
from tests.journeys.people import PHONE, SCREEN, Clicks, Watch, fits, person, sit
from tests.world import World

ALLOWED = {
    "1 notice": 1,
    "2 ask": 2,
    "2 answer": 1,
    "3 use": 1,
    "3 use of the opinion": 1,
    "4 award body": 1,
}
"""Clicks of journey 11, step by step. The petition department's signature is no step of the
department that asks."""


def written(page: Page) -> None:
    """Read that it was written, on a page no wider than the screen."""
    expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)


@pytest.mark.usefixtures("targets")
@pytest.mark.case("D08")
@pytest.mark.sentence("S10.7", "S14.3", "S18.1", "S18.2")
def test_a_personnel_department_is_told_asks_and_uses(
    world: World, door: str, browser: Browser, browser_context_args: Any
) -> None:
    base, watch = door, Watch()
    today = civil(clock.now())
    until = (today + timedelta(days=60)).isoformat()
    decision = decided(world, (today - timedelta(days=20)).isoformat(), deadline=until)
    notice = notified(world, decision, (today - timedelta(days=10)).isoformat())

    def seat(who: str, viewport: Any = SCREEN) -> Clicks:
        return sit(person(browser, browser_context_args, watch, who, viewport=viewport), base, who)

    organiser, office, sender = seat("organiser"), seat("supervisor"), seat("committee")
    award = seat("personnel", PHONE)
    signed_and_used(organiser, base, notice)
    number = asked(organiser, base)
    answered(office, base, number)
    used(organiser, base, number)
    award_body(award, base, decision, today.year)
    sender.page.goto(f"{base}/desk/personnel/notice/{notice}/")
    for said in ("暂不列为考察对象", "选拔任用", "谁查阅过", "中共云江区委组织部", "云江区信访局"):
        expect(sender.page.locator("main")).to_contain_text(said)
    found = organiser.found | office.found | award.found
    print(
        "\nclicks of journey 11: " + ", ".join(f"{name}: {count}" for name, count in found.items())
    )
    assert {
        name: found.get(name, 99) for name in ALLOWED if found.get(name, 99) > ALLOWED[name]
    } == {}
    assert Act.objects.get(case__number=number, act="answer").organ_id == world.organ("YJ01")
    assert Case.objects.get(number=number).state == "used"
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}


def signed_and_used(clicks: Clicks, base: str, notice: str) -> None:
    """One click signs for the notice and shows it; one records how it was used."""
    page = clicks.page
    page.goto(f"{base}/desk/personnel/")
    with clicks.step("1 notice"):
        page.get_by_role("button", name="签收并打开").click()
        written(page)
    main = page.locator("main")
    for said in ("郑样例", "诫勉", "影响期至", FACTS):
        expect(main).to_contain_text(said)
    expect(main).not_to_contain_text("王示例")
    page.get_by_label("在哪件事上、怎样考虑").fill("暂不列为考察对象")
    with clicks.step("3 use"):
        page.get_by_role("button", name="记录使用情况").click()
        written(page)
    assert page.url.endswith(f"/desk/personnel/notice/{notice}/")


def asked(clicks: Clicks, base: str) -> str:
    """Two clicks ask the petition department."""
    page = clicks.page
    page.goto(f"{base}/desk/personnel/")
    with clicks.step("2 ask"):
        page.get_by_role("link", name="征求意见", exact=True).click()
        page.get_by_label("考察对象").fill(official().code)
        page.locator("#act-form button.main").click()
        written(page)
    return Case.objects.get(kind="personnel_opinion").number


def answered(clicks: Clicks, base: str, number: str) -> None:
    """The petition department finds the draft, changes a word and signs."""
    page = clicks.page
    page.goto(f"{base}/desk/")
    line = page.locator("li.duty").filter(has_text=number)
    line.get_by_role("heading").get_by_role("link").click()
    draft = page.locator("#f-performance")
    expect(draft).to_be_visible()
    text = draft.input_value()
    assert "局长" in text
    assert "诫勉" in page.locator("#f-in-force").input_value()
    draft.fill(f"{text}\n以上情况属实。")
    assert fits(page)
    with clicks.step("2 answer"):
        page.get_by_role("button", name="签署并出具意见").click()
        written(page)
    expect(page.locator("main")).to_contain_text("以上情况属实")


def used(clicks: Clicks, base: str, number: str) -> None:
    """The department that asked reads the opinion and records how it was weighed."""
    page = clicks.page
    page.goto(f"{base}/desk/personnel/opinion/{number}/")
    expect(page.locator("main")).to_contain_text("以上情况属实")
    page.get_by_label("在考察材料中怎样反映、怎样考虑").fill("已列入考察材料并作重要依据")
    with clicks.step("3 use of the opinion"):
        page.get_by_role("button", name="记录使用情况").click()
        written(page)


def award_body(clicks: Clicks, base: str, decision: str, year: int) -> None:
    """One click asks the register from a telephone; the answer is dated and names the decision."""
    page = clicks.page
    page.goto(f"{base}/desk/personnel/")
    assert fits(page)
    page.get_by_label("地区、部门、单位").select_option(label="云江区住房建设局")
    page.get_by_label("拟评选的综合性荣誉称号").fill("示例文明单位")
    with clicks.step("4 award body"):
        page.get_by_role("button", name="查询资格").click()
        written(page)
    for said in ("本年度资格已取消", decision, str(year), "示例文明单位"):
        expect(page.locator("body")).to_contain_text(said)
