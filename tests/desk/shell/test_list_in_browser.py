"""Lists in a real browser: htmx fetches the list alone, nothing of it stays there, and without any
script the same links and forms do the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from dengwen.desk.shell.frame import clock
from tests.desk.conftest import BACKEND
from tests.world import World, at, prepare

Opened = Callable[..., Page]
LIST = "/desk/registry/"


@pytest.fixture
def opened(
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    live_server: Any,
) -> Iterator[Opened]:
    """Open the register of organs as a clerk, at some width, with scripts or without."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver's loop
    prepare(tmp_path, settings)
    world = World()
    monkeypatch.setattr(clock, "now", lambda: at("2025-03-03"))
    contexts = []

    def go(*, width: int = 1280, scripts: bool = True) -> Page:
        client = Client()
        client.force_login(world.office.users["clerk"], backend=BACKEND)
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            base_url=live_server.url,
            java_script_enabled=scripts,
        )
        name = configured.SESSION_COOKIE_NAME
        cookie = client.cookies[name].value
        context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.goto(LIST)
        return page

    yield go
    for context in contexts:
        context.close()


def codes(page: Page) -> list[str]:
    """Return the codes shown."""
    return page.locator("tbody td[data-label=代码]").all_inner_texts()


def test_a_list_is_sorted_and_narrowed_without_a_new_page_and_nothing_stays_in_the_browser(
    opened: Opened,
) -> None:
    page = opened()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.evaluate("window.same = true")
    before = codes(page)
    page.click("#list-by-code")
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    assert page.url.endswith("?sort=code")
    expect(page.locator("#list-by-code")).to_be_focused()
    page.click("#list-by-code")
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    assert codes(page) == sorted(before, reverse=True)
    expect(page.get_by_role("status").last).to_contain_text("按“代码”降序排列")
    page.select_option("#filter-kind", "government")
    page.click("#list-narrow")
    expect(page.get_by_role("status").last).to_contain_text("只列：类别 人民政府")
    assert "sort=-code" in page.url
    assert "kind=government" in page.url
    assert len(codes(page)) < len(before)
    assert page.evaluate("window.same") is True, "the page itself was not loaded again"
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "YJ01" not in kept
    assert "htmx-history-cache" not in kept
    page.go_back()
    page.wait_for_function("window.same === undefined")  # going back asks the server again
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    assert complaints == []


def test_what_is_typed_wrong_is_said_in_the_list(opened: Opened) -> None:
    page = opened()
    page.evaluate("document.querySelector('#filter-q').maxLength = 200")
    page.fill("#filter-q", "长" * 61)
    page.click("#list-narrow")
    expect(page.locator(".filters .error")).to_have_count(1)


def test_somebody_whose_session_ended_comes_to_sign_in_and_not_into_the_list(
    opened: Opened,
) -> None:
    page = opened()
    Session.objects.all().delete()
    page.click("#list-by-code")
    page.wait_for_url("**/desk/sign-in/?next=*")
    assert page.locator("input[name=password]").is_visible()
    assert "sort%3Dcode" in page.url, "and back to what was asked for"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_same_without_any_script(opened: Opened, width: int) -> None:
    page = opened(width=width, scripts=False)
    page.click("#list-by-code")
    page.click("#list-by-code")
    assert codes(page) == sorted(codes(page), reverse=True)
    page.select_option("#filter-kind", "government")
    page.click("#list-narrow")
    assert "sort=-code" in page.url
    assert "kind=government" in page.url
    page.click("text=全部列出")
    assert page.url.endswith("?sort=-code")


def test_on_a_phone_each_cell_has_its_name_and_the_heads_that_sort_stay(opened: Opened) -> None:
    page = opened(width=360)
    assert page.locator("thead .sorts a").first.is_visible()
    box = page.locator("thead .sorts a").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    cell = page.locator("tbody td").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"代码"'
    assert page.evaluate("document.documentElement.scrollWidth") == 360
