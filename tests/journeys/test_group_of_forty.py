"""Journey 3: forty people at the window, one clerk, a real browser. Clicks are counted by the
browser, not by us."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dengwen.cases.models import Case, CaseLink
from tests.journeys.people import PHONE, SCREEN, Official, Watch, fits, give_password, person
from tests.world import World

MOST_CLICKS = 14
"""Of journey 3: about ten to fourteen besides the entry of members."""
FORTY = "\n".join(f"示例{n:02d},1380000{n:04d},示例路{n}号" for n in range(1, 41))
COUNT = (
    "sessionStorage.clicks = sessionStorage.clicks || 0; "
    "addEventListener('click', e => { if (e.isTrusted) "
)
COUNT += "sessionStorage.clicks = Number(sessionStorage.clicks) + 1 }, true)"


def clicks(page: Page) -> int:
    """Return how often something was clicked or pressed since the count began."""
    return int(page.evaluate("Number(sessionStorage.clicks || 0)"))


def look(page: Page, name: str) -> None:
    """Keep a picture of the page, wide and narrow, where a folder for it is named."""
    assert fits(page), name
    folder = os.environ.get("DENGWEN_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the plain dict of the other journeys
        assert fits(page), name
        page.screenshot(path=f"{folder}/{name}-360.png", full_page=True)
        page.set_viewport_size(SCREEN)  # type: ignore[arg-type]


def test_forty_people_get_a_number_representatives_and_forty_slips(
    silent_world: World,
    door: str,
    browser: Browser,
    browser_context_args: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    watch = Watch()
    page = person(browser, browser_context_args, watch, "clerk", viewport=SCREEN)
    page.context.add_init_script(COUNT)
    give_password("clerk")
    Official(page, door, "clerk").sign_in()
    before = clicks(page)
    main = page.locator("main")

    page.get_by_role("link", name="登记", exact=True).click()
    page.get_by_role("link", name="多人走访").click()
    page.get_by_label("来了多少人").fill("40")
    page.get_by_label("为什么来（一句话）").fill("三号楼屋面渗水多年，请求修复")
    look(page, "group-new")
    with page.expect_navigation():
        page.get_by_role("button", name="登记，取编号").click()
    number = Case.objects.get(kind="petition").number
    expect(main).to_contain_text(number)
    look(page, "group-opened")

    page.get_by_role("link", name="记名单").click()
    page.get_by_label("成员名单").fill(FORTY)
    look(page, "group-members")
    page.get_by_role("button", name="记下名单").click()
    for place in (1, 8, 15, 22, 40):
        page.get_by_label(f"第 {place} 位").check()
    look(page, "group-representatives")
    page.get_by_role("button", name="记下代表").click()
    page.get_by_label("共同的请求，一行一项").fill("修复屋面\n公布维修资金用途")
    page.get_by_label("谁还有别的请求").fill("7 退还押金")
    look(page, "group-requests")
    page.get_by_role("button", name="记下请求").click()
    look(page, "group-own")
    page.get_by_role("link", name="接着出回执").click()
    page.get_by_role("button", name="发码并打印回执").click()
    expect(page.locator("ul.slips > li")).to_have_count(40)
    made = clicks(page) - before
    look(page, "group-slips")

    with capsys.disabled():
        print(f"\njourney 3: {made} clicks beside typing the list (at most {MOST_CLICKS})")
    assert made <= MOST_CLICKS
    assert len(set(page.locator("ul.slips .code").all_inner_texts())) == 40
    assert (
        CaseLink.objects.filter(other__number=number, kind="about", case__kind="petition").count()
        == 1
    )
    assert "示例07" not in main.inner_text()
    page.goto(f"{door}/desk/petitions/groups/{number}/")
    look(page, "group")
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}
