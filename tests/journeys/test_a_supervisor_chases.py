"""Journey 7 through a real browser: the breach list, an order, the reply, the next rung, a
suggestion, a batch.

Every pointer and key activation between two marked pages is counted by the browser itself; the
counts are printed and
must not be above those of the journey. Typing is not counted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case, Duty
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from tests.journeys.people import SCREEN, Clicks, Watch, fits, person, sit
from tests.world import World

ALLOWED = {
    "1 breach list": 1,
    "2 open one": 1,
    "3 order": 2,
    "4 reply accepted": 1,
    "5 next rung": 2,
    "6 suggestion": 2,
    "a batch of reminders": 5,
}
"""Clicks of journey 7, step by step."""


def answer(world: World, number: str, stand: str, words: str) -> None:
    """Let the supervised organ reply now."""
    step = Step(act="reply", case=number, fields={"stand": stand}, texts={"report": words})
    perform(step, by=world.by("handler"), now=clock.now(), uid=f"reply/{number}")


@pytest.mark.usefixtures("targets")
@pytest.mark.sentence("S6.1", "S6.3")
def test_a_supervisor_chases_what_is_overdue(
    world: World, door: str, browser: Browser, browser_context_args: Any
) -> None:
    base, watch = door, Watch()
    today = civil(clock.now())
    late = [
        world.to_accepted((today - timedelta(days=days)).isoformat()) for days in (90, 88, 86, 84)
    ]
    sweep(now=clock.now())
    clicks = sit(
        person(browser, browser_context_args, watch, "supervisor", viewport=SCREEN),
        base,
        "supervisor",
    )
    page = clicks.page
    with clicks.step("1 breach list"):
        page.get_by_role("link", name="逾期", exact=True).click()
        expect(page.locator("li.duty")).to_have_count(4)
    assert fits(page)
    with clicks.step("2 open one"):
        line(page, late[0]).get_by_role("heading").get_by_role("link").click()
        expect(page.locator(".kicker")).to_contain_text(late[0])
    first, second = (
        order(clicks, base, late[0], "3 order"),
        order(clicks, base, late[1], "the second order"),
    )
    accept(world, clicks, base, first)
    go_on(world, clicks, base, second)
    remind(clicks, base, late[2:])
    print(
        "\nclicks of journey 7: "
        + ", ".join(f"{name}: {count}" for name, count in clicks.found.items())
    )
    assert {
        name: clicks.found[name] for name in ALLOWED if clicks.found.get(name, 99) > ALLOWED[name]
    } == {}
    states = sorted(Case.objects.filter(kind="supervision").values_list("state", flat=True))
    assert states == ["referred", "reminded", "reminded", "verified"]
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}


def line(page: Page, number: str) -> Any:
    """Return the line of a matter on the breach list."""
    return page.locator("li.duty").filter(has_text=number)


def order(clicks: Clicks, base: str, number: str, name: str) -> str:
    """Send an order from a line: one click opens the letter with its facts, the next sends it."""
    page = clicks.page
    page.goto(f"{base}/desk/oversight/breaches/")
    with clicks.step(name):
        line(page, number).locator(".pair a.main").click()
        expect(page.locator("#f-defect")).to_contain_text(number)
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    return Case.objects.get(kind="supervision", links__other__number=number).number


def accept(world: World, clicks: Clicks, base: str, number: str) -> None:
    """The reply stands beside the evidence; one click accepts it."""
    page = clicks.page
    answer(world, number, "done", "已经出具处理意见书。")
    page.goto(f"{base}/desk/case/{number}/")
    expect(page.locator("#supervised")).to_contain_text("已经出具处理意见书")
    expect(page.locator("#supervised")).to_contain_text("至今未完成")
    with clicks.step("4 reply accepted"):
        page.get_by_role("button", name="核实认可", exact=True).click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def go_on(world: World, clicks: Clicks, base: str, number: str) -> None:
    """The reply is not accepted; improvement is suggested, and the joint conference asked for
    its measures."""
    page = clicks.page
    answer(world, number, "doing", "正在办理。")
    page.goto(f"{base}/desk/case/{number}/")
    page.get_by_label("不认可的理由").fill("没有说明何时办结。")
    with clicks.step("reply not accepted"):
        page.get_by_role("button", name="核实不认可").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    with clicks.step("6 suggestion"):
        page.locator("#supervised").get_by_role("link", name="提出改进工作的建议").click()
        page.locator("#f-problem").fill("受理之后无人盯办。")
        page.locator("#f-proposal").fill("到期前十日自查。")
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert Duty.objects.get(case__number=number, rule="suggest_improvement").state == "closed"
    page.goto(f"{base}/desk/case/{number}/")
    with clicks.step("5 next rung"):
        page.locator("#steps").get_by_role("link", name="提请联席会议采取督办措施").click()
        page.locator("#f-conference").select_option(str(world.organ("YJL")))
        page.locator("#f-reasons").fill("督办之后仍未办结。")
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def remind(clicks: Clicks, base: str, numbers: list[str]) -> None:
    """A batch: choose, look at every letter, send."""
    page = clicks.page
    page.goto(f"{base}/desk/")
    with clicks.step("a batch of reminders"):
        page.get_by_role("link", name="逾期", exact=True).click()
        for number in numbers:
            line(page, number).get_by_role("checkbox").check()
        page.get_by_role("button", name="催办所选").click()
        expect(page.locator(".letter")).to_have_count(len(numbers))
        page.get_by_role("button", name="发出").click()
        expect(page.locator(".messages")).to_contain_text("催办函")
