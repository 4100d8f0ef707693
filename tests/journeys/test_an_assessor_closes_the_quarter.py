"""Journey 9 through a real browser: choose, try, exclude by two persons, send, object, rule,
freeze, circulate.

Clicks are counted by the browser itself and must not be above those of the journey; typing and
choosing from a list
are not counted. Neither the ruling nor the scope of the circular is chosen beforehand: each is a
button of its own.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dengwen.assessment.inputs import assessment_of
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.ledger import sequencer
from tests.assessment import quarter
from tests.desk import schemes
from tests.journeys.people import SCREEN, Clicks, Watch, fits, person, sit
from tests.world import World

ALLOWED = {
    "1 choose and 2 try": 3,
    "open": 1,
    "3 exclude": 2,
    "3 confirm": 2,
    "4 send": 1,
    "5 rule": 2,
    "6 freeze": 2,
    "7 circulate": 1,
}
"""Clicks of journey 9; choosing and trying are one page with one button, opening the assessment
is one more."""


@pytest.fixture
def quarter_played(world: World) -> World:
    """The district with matters of a quarter, its due dates swept."""
    quarter.play(world)
    sweep(now=clock.now())
    return world


@pytest.mark.long
def test_an_assessor_closes_the_quarter(
    quarter_played: World, door: str, browser: Browser, browser_context_args: Any, tmp_path: Path
) -> None:
    world, base, watch = quarter_played, door, Watch()
    schemes.in_force(world)
    sequencer.tick(now=clock.now())
    clicks = sit(
        person(browser, browser_context_args, watch, "clerk", viewport=SCREEN), base, schemes.CLERK
    )
    choose(clicks)
    number = Case.objects.get(kind="assessment").number
    address = f"{base}/desk/assessment/{number}/"
    exclude(clicks, address)
    second = sit(
        person(browser, browser_context_args, watch, "second", viewport=SCREEN),
        base,
        schemes.SECOND,
    )
    confirm(second, address)
    send(clicks, address)
    organ = sit(
        person(browser, browser_context_args, watch, "organ", viewport=SCREEN), base, "handler"
    )
    object_to(organ, address)
    rule(second, address)
    answer(world, organ, number, address)
    head = sit(
        person(browser, browser_context_args, watch, "head", viewport=SCREEN), base, schemes.HEAD
    )
    head.page.goto(address)
    with head.step("6 freeze"):
        head.page.get_by_role("button", name="冻结").click()
        expect(head.page.locator(".messages")).to_contain_text("已写入存证")
    circulate(world, clicks, address)
    assert Case.objects.get(number=number).state == "concluded"
    found = clicks.found | second.found | head.found
    print(
        "\nclicks of journey 9: " + ", ".join(f"{name}: {count}" for name, count in found.items())
    )
    look(clicks, address, tmp_path)
    assert {n: found[n] for n in ALLOWED if found.get(n, 99) > ALLOWED[n]} == {}
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}


def choose(clicks: Clicks) -> None:
    """Choose scheme and period, try them, open the assessment."""
    page = clicks.page
    with clicks.step("1 choose and 2 try"):
        page.get_by_role("link", name="考核", exact=True).click()
        page.get_by_role("link", name="选方案和期间").click()
        page.locator("#first").fill("2025-01-01")
        page.locator("#last").fill("2025-06-30")
        page.get_by_role("button", name="试算").click()
        expect(page.locator("svg#none, svg.chart").first).to_be_visible()
    assert fits(page)
    with clicks.step("open"):
        page.get_by_role("button", name="开始考核").click()
        expect(page.locator("h1")).to_contain_text("2025")


def exclude(clicks: Clicks, address: str) -> None:
    """Propose to leave the missed conclusion of an organ out."""
    page = clicks.page
    page.goto(f"{address}YJ02/")
    with clicks.step("3 exclude"):
        missed = page.locator("#concluded_in_time tr", has_text="逾期未完成")
        missed.locator("a[href*='indicator=concluded_in_time']").first.click()
        page.locator("#f-clause").fill("S 10")
        page.locator("#f-reason").fill("系统停机")
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def confirm(second: Clicks, address: str) -> None:
    """Another person confirms it."""
    second.page.goto(address)
    with second.step("3 confirm"):
        second.page.get_by_role("link", name="第二人确认排除").click()
        second.page.locator("#act-form button.main").click()
        expect(second.page.locator(".messages")).to_contain_text("已写入存证")


def send(clicks: Clicks, address: str) -> None:
    """Send the figures to the organs."""
    page = clicks.page
    page.goto(address)
    with clicks.step("4 send"):
        page.locator("#object_by").fill((civil(clock.now()) + timedelta(days=7)).isoformat())
        page.get_by_role("button", name="发给被考核单位核对").click()
        expect(page.locator("main")).to_contain_text("由负责人冻结")


def object_to(organ: Clicks, address: str) -> None:
    """An organ objects to the fact that it concluded late."""
    organ.page.goto(f"{address}YJ02/")
    late = organ.page.locator("#concluded_in_time tr", has_text="逾期完成")
    late.locator("a[href*='indicator=concluded_in_time']").first.click()
    organ.page.locator("#f-reasons").fill("当日已经出具")
    organ.page.locator("#act-form button.main").click()
    expect(organ.page.locator(".messages")).to_contain_text("已写入存证")


def rule(second: Clicks, address: str) -> None:
    """The objection is upheld: the fact is corrected."""
    second.page.goto(address)
    with second.step("5 rule"):
        second.page.get_by_role("link", name="裁定这项异议").click()
        expect(second.page.locator("main")).to_contain_text("当日已经出具")
        second.page.get_by_label("双方的说法和裁定理由").fill("签发记录在")
        second.page.get_by_role("button", name="异议成立，事实改为“按期”").click()
        expect(second.page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(second.page)


def answer(world: World, organ: Clicks, number: str, address: str) -> None:
    """Every organ assessed answers that it objects to nothing more: the window need not run out."""
    organ.page.goto(address)
    organ.page.get_by_role("link", name="答复没有异议").click()
    organ.page.locator("#act-form button.main").click()
    expect(organ.page.locator(".messages")).to_contain_text("已写入存证")
    one = assessment_of(Case.objects.get(number=number))
    for waiting in set(one.organs) - one.satisfied:
        by = next(
            b
            for b in map(world.by, world.office.people)
            if b.organ == waiting and b.capacities & {"handler", "clerk"}
        )
        perform(
            Step(act="no_objection", case=number), by=by, now=clock.now(), uid=f"answer/{waiting}"
        )
    assert assessment_of(Case.objects.get(number=number)).all_answered


def circulate(world: World, clicks: Clicks, address: str) -> None:
    """Circulate the result within a scope, and hand it to personnel."""
    page = clicks.page
    page.goto(address)
    with clicks.step("7 circulate"):
        page.locator("#f-to").select_option(str(world.organ("YJW")))
        page.locator("#f-use").select_option("bodies,cadres")
        page.get_by_role("button", name="被考核的机关、单位").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)


def look(clicks: Clicks, address: str, folder: Path) -> None:
    """Both pages fit a screen and a phone."""
    page = clicks.page
    for width in (1280, 360):
        for name, where in (("board", address), ("organ", f"{address}YJ02/")):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(where)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            assert fits(page), (name, width)
