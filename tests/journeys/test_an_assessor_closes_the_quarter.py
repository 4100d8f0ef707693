"""Journey 9 through a real browser: choose, try, exclude by two persons, send, object, rule, freeze, circulate.

Clicks are counted by the browser itself and must not be above those of the journey, save where its note says why.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dengwen.cases.models import Case
from dengwen.cases.sweep import sweep
from dengwen.law.record import civil
from dengwen.ledger import sequencer
from dengwen.practice.district import PASSWORD
from dengwen.practice.office import open_office
from tests.assessment import quarter
from tests.desk import schemes
from tests.journeys.people import SCREEN, Clicks, Watch, fits, person, sit
from tests.world import FOUNDED, World, prepare

ALLOWED = {
    "1 choose and 2 try": 3, "open": 1, "3 exclude": 2, "3 confirm": 2, "4 send": 1, "5 rule": 3, "6 freeze": 2,
    "7 circulate": 3,
}  # fmt: skip
"""Clicks of journey 9; choosing and trying are one page with one button, opening the assessment is one more.

A ruling is one more than the journey has (the answer is picked, never filled in beforehand), circulating two more."""


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district with the passwords of its practice accounts, matters of a quarter and a scheme in force."""
    prepare(tmp_path / "office", settings)
    world = World(open_office(FOUNDED, PASSWORD))
    quarter.play(world)
    sweep(now=datetime.now(UTC))
    return world


def test_an_assessor_closes_the_quarter(
    world: World, live_server: Any, browser: Browser, browser_context_args: Any, tmp_path: Path
) -> None:
    base, watch = str(live_server.url).replace("//localhost:", "//127.0.0.1:"), Watch()
    schemes.in_force(world)
    sequencer.tick(now=datetime.now(UTC))
    clicks = sit(person(browser, browser_context_args, watch, "clerk", viewport=SCREEN), base, schemes.CLERK)
    choose(clicks)
    number = Case.objects.get(kind="assessment").number
    address = f"{base}/desk/assessments/{number}/"
    exclude(clicks, address)
    second = sit(person(browser, browser_context_args, watch, "second", viewport=SCREEN), base, schemes.SECOND)
    confirm(second, address)
    send(clicks, address)
    object_to(sit(person(browser, browser_context_args, watch, "organ", viewport=SCREEN), base, "handler"), address)
    rule(second, address)
    head = sit(person(browser, browser_context_args, watch, "head", viewport=SCREEN), base, schemes.HEAD)
    head.page.goto(address)
    with head.step("6 freeze"):
        head.page.get_by_role("button", name="冻结").click()
        expect(head.page.get_by_role("link", name="完成考核并通报")).to_be_visible()
    circulate(clicks, address)
    assert Case.objects.get(number=number).state == "concluded"
    found = clicks.found | second.found | head.found
    print("\nclicks of journey 9: " + ", ".join(f"{name}: {count}" for name, count in found.items()))
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
    """Propose to leave the last conclusion of an organ out."""
    page = clicks.page
    page.goto(f"{address}YJ02/")
    with clicks.step("3 exclude"):
        page.locator("a[href*='indicator=concluded_in_time']").last.click()
        page.locator("#f-clause").fill("S 10")
        page.locator("#f-reason").fill("系统停机")
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def confirm(second: Clicks, address: str) -> None:
    """Another person confirms it."""
    second.page.goto(address)
    with second.step("3 confirm"):
        second.page.get_by_role("link", name="第二人确认排除").click()
        second.page.locator("#f-number").fill("1")
        second.page.locator("#act-form button.main").click()
        expect(second.page.locator(".messages")).to_contain_text("已写入存证")


def send(clicks: Clicks, address: str) -> None:
    """Send the figures to the organs."""
    page = clicks.page
    page.goto(address)
    with clicks.step("4 send"):
        page.locator("#object_by").fill((civil(datetime.now(UTC)) + timedelta(days=7)).isoformat())
        page.get_by_role("button", name="发给被考核单位核对").click()
        expect(page.get_by_role("button", name="冻结")).to_be_visible()


def object_to(organ: Clicks, address: str) -> None:
    """An organ objects to one of its facts."""
    organ.page.goto(f"{address}YJ02/")
    organ.page.locator("a[href*='indicator=concluded_in_time']").nth(1).click()
    organ.page.locator("#f-reasons").fill("当日已经出具")
    organ.page.locator("#act-form button.main").click()
    expect(organ.page.locator(".messages")).to_contain_text("已写入存证")


def rule(second: Clicks, address: str) -> None:
    """The objection is upheld: the fact is corrected."""
    second.page.goto(address)
    with second.step("5 rule"):
        second.page.get_by_role("link", name="裁定异议").click()
        second.page.locator("#f-objection").fill("1")
        second.page.get_by_label("异议成立，改事实").check(force=True) if second.page.get_by_label(
            "异议成立，改事实"
        ).count() else second.page.locator("#f-ruling").select_option("upheld")
        second.page.locator("#f-outcome").fill("in_time")
        second.page.locator("#f-reasons").fill("签发记录在")
        second.page.locator("#act-form button.main").click()
        expect(second.page.locator(".messages")).to_contain_text("已写入存证")


def circulate(clicks: Clicks, address: str) -> None:
    """Circulate the result within a scope."""
    page = clicks.page
    page.goto(address)
    with clicks.step("7 circulate"):
        page.get_by_role("link", name="完成考核并通报").click()
        page.locator("#f-circular_scope").select_option("assessed") if page.locator(
            "select#f-circular_scope"
        ).count() else page.get_by_label("被考核的机关、单位", exact=True).check()
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def look(clicks: Clicks, address: str, folder: Path) -> None:
    """Both pages fit a screen and a phone."""
    page = clicks.page
    for width in (1280, 360):
        for name, where in (("board", address), ("organ", f"{address}YJ02/")):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(where)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            assert fits(page), (name, width)
