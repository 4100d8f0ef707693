"""Journey 8 through real browsers: plan, draw, pack, one click an item, call, the organ's answer,
report, re-check.

Every pointer and key activation is counted by the browser itself; the counts are printed and must
not be above those of
the journey. Typing and choosing from a list are not counted; one click writes the items of a case.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dengwen.assessment.facts.facts import Draw
from dengwen.assessment.facts.facts import draw as draw_facts
from dengwen.cases.models import Case
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.ledger.sequencer import tick
from dengwen.oversight.inspections.queries import read_inspection
from dengwen.oversight.statistics import newest_position
from tests.journeys.people import PDF, PHONE, SCREEN, Clicks, Watch, fits, person, sit
from tests.world import World

SECRET = bytes(range(32))
ITEMS = 3
ALLOWED = {
    "1 plan": 2,
    "1 plan filed": 2,
    "2 draw": 1,
    "3 pack": 1,
    "4 items of a case": ITEMS + 1,
    "5 call": 2,
    "6 answer": 1,
    "7 report": 2,
    "8 re-check": 2,
}
"""Clicks of journey 8, step by step; step 1 has four, in two parts around the deposit of the
secret."""


def written(page: Page) -> None:
    """Read that it was written, on a page no wider than the screen."""
    expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)


def act(
    world: World,
    who: str,
    name: str,
    number: str,
    texts: dict[str, str] | None = None,
    **fields: Any,
) -> None:
    """Let somebody do an act now."""
    step = Step(act=name, case=number, fields=fields, texts=texts or {})
    perform(
        step, by=world.by(who), now=clock.now(), uid=f"{name}/{number}/{fields.get('line', '')}"
    )


@pytest.mark.usefixtures("targets")
@pytest.mark.sentence("S9.1", "S9.4", "S9.5")
def test_an_inspector_on_the_annual_inspection(
    world: World, door: str, browser: Browser, browser_context_args: Any
) -> None:
    base, watch = door, Watch()
    today = civil(clock.now())
    for days in (
        160,
        80,
        15,
    ):  # old ones, too: a second inspector sees them, a clerk would for thirty days
        world.to_accepted((today - timedelta(days=days)).isoformat())

    def seat(who: str) -> Clicks:
        return sit(person(browser, browser_context_args, watch, who, viewport=SCREEN), base, who)

    inspector, caller, bureau = seat("supervisor"), seat("inspector"), seat("handler")
    number = plan(world, inspector, base)
    path = f"{base}/desk/oversight/inspections/{number}/"
    drawn = draw(world, inspector, path)
    examine(inspector, path)
    page = caller.page
    page.goto(path)
    with caller.step("5 call"):
        page.get_by_role("link", name="记录回访").first.click()
        page.get_by_label("信访人的话").fill("收到了，还没有修。")
        page.get_by_role("button", name="不满意", exact=True).click()
        written(page)
    act(world, "supervisor", "send_findings", number, {"summary": "一项不符"})
    report(inspector, bureau, path)
    recheck(world, inspector, path, number)
    found = inspector.found | caller.found | bureau.found
    print(
        "\nclicks of journey 8: " + ", ".join(f"{name}: {count}" for name, count in found.items())
    )
    assert {
        name: found.get(name, 99) for name in ALLOWED if found.get(name, 99) > ALLOWED[name]
    } == {}
    tick(now=clock.now())
    asked = Draw(today, today + timedelta(days=60), newest_position())
    [fact] = (
        fact for fact in draw_facts(asked) if fact.kind == "finding"
    )  # what an assessment counts
    assert (fact.outcome, fact.organ) == ("rectified", world.organ("YJ02"))
    assert len(drawn) == 2
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}


def plan(world: World, clicks: Clicks, base: str) -> str:
    """Plan an inspection; another organ deposits the digest of its secret; file the plan."""
    page = clicks.page
    page.goto(f"{base}/desk/oversight/inspections/")
    with clicks.step("1 plan"):
        page.get_by_role("link", name="列入督查计划").click()
        page.locator("#f-to").select_option(str(world.organ("YJ02")))
        page.locator("#f-depositor").select_option(str(world.organ("YJ04")))
        page.locator("#act-form button.main").click()
        written(page)
    number = Case.objects.get(kind="inspection").number
    act(world, "handler3", "deposit", number, secret_digest=sha256(SECRET).hexdigest())
    page.goto(f"{base}/desk/oversight/inspections/{number}/")
    with clicks.step("1 plan filed"):
        page.get_by_role("link", name="制定方案").click()
        page.get_by_label("抽取件数").fill("2")
        page.get_by_label("检查清单").fill(
            "第二十三条｜是否告知\n第三十四条｜是否按期\n第三十二条｜是否写明依据"
        )
        page.locator("#act-form button.main").click()
        written(page)
    return number


def draw(world: World, clicks: Clicks, path: str) -> tuple[str, ...]:
    """After the next checkpoint the secret is opened; one click draws, one prints the pack."""
    page, number = clicks.page, path.rstrip("/").rsplit("/", 1)[-1]
    tick(now=clock.now())
    act(world, "handler3", "open_secret", number, secret=SECRET.hex())
    page.goto(path)
    with clicks.step("2 draw"):
        page.get_by_role("button", name="抽取样本").click()
        written(page)
    drawn = read_inspection(Case.objects.get(number=number)).drawn
    for one in drawn:
        expect(page.locator("main")).to_contain_text(one)
    with clicks.step("3 pack"):
        page.get_by_role("button", name="签领并打印材料包").click()
        expect(page.locator("h1", has_text="督查材料包")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("王示例")
    return drawn


def examine(clicks: Clicks, path: str) -> None:
    """One click an item, the clause beside it; a “no” with what was seen; one click writes and
    opens the next case."""
    page = clicks.page
    page.goto(path)
    page.get_by_role("link", name="检查", exact=True).first.click()
    with clicks.step("4 items of a case"):
        for item, answer in ((1, "no"), (2, "yes"), (3, "na")):
            page.locator(f"input[name=item-{item}][value={answer}]").check()
        page.get_by_label("事实和出处").fill("卷内没有告知书")
        page.locator("#act-form button.main").click()
        written(page)
    for item in range(1, ITEMS + 1):
        page.locator(f"input[name=item-{item}][value=yes]").check()
    with page.expect_navigation():  # the page before says “written” as well, of the first case
        page.locator("#act-form button.main").click()
    written(page)


def report(inspector: Clicks, bureau: Clicks, path: str) -> None:
    """The organ answers beside the finding; the inspector concludes within a stated scope."""
    page = bureau.page
    page.goto(f"{path}answers/")
    expect(page.locator("main")).to_contain_text("卷内没有告知书")
    with bureau.step("6 answer"):
        page.locator("[name=answer-all], [name^=answer-]").first.fill("当面告知过，没有留存")
        page.locator("#act-form button.main").click()
        written(page)
    page = inspector.page
    page.goto(path)
    with inspector.step("7 report"):
        page.get_by_role("link", name="报告和整改清单").click()
        expect(page.locator("main")).to_contain_text("当面告知过")
        page.get_by_role("button", name="本地区、本部门、本系统").click()
        written(page)
    expect(page.locator("main")).to_contain_text("整改中")


def recheck(world: World, clicks: Clicks, path: str, number: str) -> None:
    """Put right is only what was re-checked with its proof."""
    page = clicks.page
    act(
        world,
        "handler",
        "report_rectified",
        number,
        {"done": "已经补送告知书"},
        line=1,
        proof=(sha256(PDF).hexdigest(),),
    )
    page.goto(path)
    expect(page.locator("main")).to_contain_text("待复查")
    with clicks.step("8 re-check"):
        page.get_by_role("link", name="复查认可整改").click()
        page.get_by_label("复查看到的证据").fill("看到送达回证")
        page.locator("#act-form button.main").click()
        written(page)
    page.goto(path)
    expect(page.locator("main")).to_contain_text("整改到位")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    for address in (path, path.removesuffix(f"{number}/"), f"{path}pack/1/"):
        page.goto(address)
        assert fits(page), address
