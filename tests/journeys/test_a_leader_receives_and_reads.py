"""Journey 6 through real browsers: roster, brief, talk, promise, instruction, case in charge, the
weekly look, letters.

Every pointer and key activation between two marked pages is counted by the browser itself; the
counts are printed and
must not be above those of the journey. Typing is not counted.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dengwen.cases import replay
from dengwen.cases.models import Case, Duty
from dengwen.cases.projections import projections
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from dengwen.leadership.models import Slot
from dengwen.ledger.tamper_check import check
from tests.journeys.people import SCREEN, Clicks, Watch, fits, give_password, person, sit
from tests.leadership.people import HEAD, book, official, present
from tests.world import World

ALLOWED = {
    "1 roster for the half-year, published": 2,
    "2 morning brief": 1,
    "3 promise lines": 2,
    "4 instruction": 2,
    "5 case in charge": 2,
    "6 weekly": 1,
    "7 a letter": 3,
    "a visit": 5,
}
"""Clicks of journey 6, step by step; a visit is brief, talk and promise together."""


@pytest.fixture
def today() -> str:
    """The day the browsers see: pages ask the clock, so everything happens on the day the test
    runs."""
    return civil(clock.now()).isoformat()


@pytest.mark.sentence("S7.3", "S7.4", "S7.6", "S7.8")
def test_a_leader_receives_and_reads(
    silent_world: World, today: str, door: str, browser: Browser, browser_context_args: Any
) -> None:
    world, base, watch = silent_world, door, Watch()
    give_password("clerk", HEAD)

    def down(username: str) -> Clicks:
        return sit(
            person(browser, browser_context_args, watch, username, viewport=SCREEN), base, username
        )

    clerk = down("clerk")
    publish(clerk, base, today)
    matters = [world.to_accepted(today) for _ in range(2)]
    slot = Slot.objects.earliest("day")  # today, or the first working day of the roster after it
    book(world, Case.objects.get(pk=slot.case).number, matters[0], slot.day.isoformat(), on=today)
    letters = [present(world, number, on=today) for number in matters]
    leader = down(HEAD)
    receive(leader, base)
    comment(leader, base, letters[0])
    read(leader, base, letters[1])
    take_charge(leader, base, matters[1])
    look_back(leader, base)
    found = {**clerk.found, **leader.found}
    found["a visit"] = sum(
        found[part] for part in ("2 morning brief", "the talk", "3 promise lines")
    )
    print(
        "\nclicks of journey 6: " + ", ".join(f"{name}: {count}" for name, count in found.items())
    )
    assert {name: found[name] for name in ALLOWED if found.get(name, 99) > ALLOWED[name]} == {}
    assert [Case.objects.get(number=n).state for n in letters] == ["assigned", "read"]
    assert Duty.objects.filter(rule="keep_promise").get().holder_id == world.organ("YJ02")
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}
    assert list(replay.check()) == []
    assert list(check(projections())) == []


def publish(clerk: Clicks, base: str, today: str) -> None:
    """The office lays out a half-year, looks at it and publishes it; the public reads it without
    signing in."""
    page = clerk.page
    page.goto(f"{base}/desk/leadership/roster/")
    form = page.locator("#act-form")
    form.locator(
        f"input[value^='{official()}-']"
    ).check()  # chosen once for the office, before the count
    day = datetime.fromisoformat(today)
    form.get_by_label("从").fill(today)
    form.get_by_label("到（半年）").fill((day + timedelta(days=180)).date().isoformat())
    form.locator(f"input[name=weekday][value='{min(day.weekday(), 4)}']").check()
    form.get_by_label("地点").fill("云江区信访接待中心")
    assert fits(page)
    with clerk.step("1 roster for the half-year, published"):
        form.get_by_role("button", name="先看一看").click()
        page.get_by_role("button", name="公布", exact=True).click()
        expect(page.locator(".messages")).to_contain_text("已公布")
    page.goto(f"{base}/reception/")
    expect(page.locator("main")).to_contain_text("潘假名")
    expect(page.locator("main")).to_contain_text(Slot.objects.earliest("day").day.isoformat())


def receive(leader: Clicks, base: str) -> None:
    """The brief of the day, the talk, and a promise that becomes a duty."""
    page = leader.page
    page.goto(f"{base}/desk/leadership/")
    with leader.step("2 morning brief"):
        page.locator("#days a").first.click()
        expect(page.locator("h1")).to_have_text("接访简报")
    assert fits(page)
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, "the brief is one A4 sheet"
    with leader.step("the talk"):
        page.locator(".brief-talk a").first.click()
        expect(page.locator("#act-form")).to_be_visible()
    form = page.locator("#act-form")
    form.get_by_label("接谈情况").fill("反映屋面渗水多年。")
    with leader.step("3 promise lines"):
        form.get_by_label("1　办什么").fill("修复三号楼屋面")
        form.get_by_label("哪天以前").first.fill(
            (clock.now() + timedelta(days=30)).date().isoformat()
        )
        form.get_by_role("button", name="签署").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)
    expect(page.locator("#said")).to_contain_text("修复三号楼屋面")


def comment(leader: Clicks, base: str, letter: str) -> None:
    """A letter: open it, read the original first, comment with addressee and day, sign."""
    page = leader.page
    page.goto(f"{base}/desk/leadership/")
    with leader.step("4 instruction"):
        page.locator("#letters li", has_text=letter).get_by_role("link").click()
        expect(page.locator("#original")).to_contain_text("三号楼屋面渗水多年")
        page.get_by_label("批示").fill("请依法办理，按期报告。")
        page.get_by_label("报告日期").fill((clock.now() + timedelta(days=15)).date().isoformat())
        page.get_by_role("button", name="签署批示").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)


def read(leader: Clicks, base: str, letter: str) -> None:
    """A letter read through to its file and signed as read."""
    page = leader.page
    page.goto(f"{base}/desk/leadership/")
    with leader.step("7 a letter"):
        page.locator("#letters li", has_text=letter).get_by_role("link").click()
        page.get_by_role("button", name="只签已阅").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def take_charge(leader: Clicks, base: str, matter: str) -> None:
    """A hard case: goal and date, signed by the leader."""
    page = leader.page
    page.goto(f"{base}/desk/case/{matter}/")
    with leader.step("5 case in charge"):
        page.locator("#leading").get_by_role("link", name="包案").click()
        page.get_by_label("要达到的目标").fill("屋面全部修复，来信人认可。")
        page.get_by_label("目标日期").fill((clock.now() + timedelta(days=120)).date().isoformat())
        page.locator("#act-form button.main").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")


def look_back(leader: Clicks, base: str) -> None:
    """The weekly look: my instructions, done, late, answered how."""
    page = leader.page
    page.goto(f"{base}/desk/")
    with leader.step("6 weekly"):
        page.get_by_role("link", name="领导", exact=True).click()
        expect(page.locator("#instructions")).to_contain_text(
            "共 1 件：已报告 0，未报告 1，其中逾期 0"
        )
    assert fits(page)
