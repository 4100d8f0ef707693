"""The receipt as the desk hands it out, look-alikes beside it and all, prints on one sheet of
A4."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Browser, Page

from dengwen.desk.shell.frame import clock
from tests.desk.conftest import BACKEND
from tests.world import World, at, prepare

STORY = "示例小区三号楼屋面渗水多年，物业一直推诿，请求尽快修复屋面并赔偿装修损失。"


@pytest.fixture
def counter(
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    live_server: Any,
) -> Iterator[Page]:
    """A browser at the window, signed in as the router, who reads look-alikes, on 2025-03-03."""
    monkeypatch.setitem(
        os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # the driver's loop runs in this thread
    prepare(tmp_path, settings)
    world = World()
    world.register("2025-03-03")
    monkeypatch.setattr(clock, "now", lambda: at("2025-03-03"))
    client = Client()
    client.force_login(world.office.users["router"], backend=BACKEND)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": configured.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/petitions/register/")
    yield page
    context.close()


def test_it_prints_on_one_sheet(counter: Page) -> None:
    counter.fill("[name=petitioner]", "王示例")
    counter.fill("[name=phone]", "13800000000")
    counter.fill("[name=address]", "示例路1号")
    counter.fill("[name=content]", STORY)
    counter.fill("[name=requests]", "修复屋面\n赔偿装修损失\n公布维修资金")
    with counter.expect_navigation():
        counter.get_by_role("button", name="登记并打印回执").click()
    assert counter.locator(".sheet .big").count() == 2
    printed = counter.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12]", printed), "not A4"
