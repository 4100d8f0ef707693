"""Journey 7 step 7 and journey 10 steps 1 and 2 through a real browser: a lead from a late line,
the inbox, taking it.

Every pointer and key activation is counted by the browser itself and must not be above that of the
journeys.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from tests.journeys.people import PHONE, SCREEN, Watch, fits, person, sit
from tests.world import World

ALLOWED = {"raise a lead": 2, "lead inbox": 1, "decline one": 1, "take one": 1}
"""Clicks of journey 7 step 7 and of journey 10 steps 1 and 2; a lead is opened from the inbox by
one more."""


@pytest.mark.sentence("S17.2")
def test_a_supervisor_raises_leads_takes_one_and_declines_one(
    world: World, door: str, browser: Browser, browser_context_args: Any
) -> None:
    watch = Watch()
    today = civil(clock.now())
    late = [world.to_accepted((today - timedelta(days=days)).isoformat()) for days in (90, 88)]
    sweep(now=clock.now())
    clicks = sit(
        person(browser, browser_context_args, watch, "supervisor", viewport=SCREEN),
        door,
        "supervisor",
    )
    page = clicks.page
    leads = []
    for number in late:
        page.goto(f"{door}/desk/oversight/breaches/")
        with clicks.step("raise a lead"):
            page.locator("li.duty").filter(has_text=number).get_by_role(
                "link", name="提出线索"
            ).click()
            expect(page.locator("#f-facts")).to_contain_text(number)
            page.locator("#act-form button.main").click()
            expect(page.locator(".messages")).to_contain_text("已写入存证")
        leads.append(Case.objects.filter(kind="lead").latest("pk").number)
    with clicks.step("lead inbox"):
        page.get_by_role("link", name="线索", exact=True).click()
        expect(page.locator("main")).to_contain_text(leads[0])
    assert fits(page)
    page.goto(f"{door}/desk/accountability/leads/{leads[0]}/")
    assert fits(page)
    page.locator("#f-reason").fill("登记有替班，七日内已经办结")
    with clicks.step("decline one"):
        page.get_by_role("button", name="不予接手").click()
        expect(page.locator("main")).to_contain_text("登记有替班")
    page.goto(f"{door}/desk/accountability/leads/{leads[1]}/")
    with clicks.step("take one"):
        page.get_by_role("button", name="接手核查").click()
        expect(page.locator(".messages")).to_contain_text("已写入存证")
    print("\nclicks: " + ", ".join(f"{name}: {count}" for name, count in clicks.found.items()))
    assert {
        name: clicks.found[name] for name in ALLOWED if clicks.found.get(name, 99) > ALLOWED[name]
    } == {}
    assert sorted(Case.objects.filter(kind="lead").values_list("state", flat=True)) == [
        "declined",
        "taken",
    ]
    assert Case.objects.filter(kind="inquiry").count() == 1

    small = person(browser, browser_context_args, watch, "supervisor on a phone", viewport=PHONE)
    phone = sit(small, door, "supervisor")
    for path in ("", f"{leads[1]}/"):
        phone.page.goto(f"{door}/desk/accountability/leads/{path}")
        assert fits(phone.page)
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}
