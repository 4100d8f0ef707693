"""While somebody types in a real browser: look-alikes and organs are found beside the form, by
keyboard alone, and whatever goes wrong leaves what was typed."""

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

from dengwen.desk.shell.act import field_choices
from dengwen.desk.shell.frame import clock
from dengwen.organs.models import Organ
from tests.desk.conftest import BACKEND
from tests.desk.petitions.test_register import LETTER
from tests.world import World, at, prepare

Opened = Callable[..., Page]
REGISTER = "/desk/petitions/register/"


@pytest.fixture
def opened(
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    live_server: Any,
) -> Iterator[Opened]:
    """Open the registration form as a clerk of an office with many organs."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver's loop
    prepare(tmp_path, settings)
    world = World()
    monkeypatch.setattr(clock, "now", lambda: at("2025-03-03"))
    monkeypatch.setattr(field_choices, "FEW_ORGANS", 1)
    client = Client()
    client.force_login(world.office.users["clerk"], backend=BACKEND)
    assert client.post(REGISTER, LETTER).status_code == 200
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", base_url=live_server.url
    )
    name = configured.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )

    def go() -> Page:
        page = context.new_page()
        page.goto(REGISTER)
        return page

    yield go
    context.close()


def test_typing_finds_look_alikes_and_an_organ_by_keyboard_alone(opened: Opened) -> None:
    page = opened()
    page.locator("#f-content").focus()
    page.keyboard.insert_text(LETTER["content"])
    expect(page.locator("#alike-found table")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "f-content"  # the cursor stays
    organ = Organ.objects.get(code="YJ03")
    page.locator("#q-f-on-to").focus()
    page.keyboard.insert_text(organ.name_zh)
    expect(page.locator("#q-f-on-to-said")).to_contain_text("个可选")
    assert page.evaluate("document.activeElement.id") == "q-f-on-to"
    choice = page.locator(f'#f-on-to-found [value="{organ.pk}"]')
    expect(choice).to_be_attached()
    assert page.locator("#f-content").input_value() == LETTER["content"]


@pytest.mark.parametrize("away", ["session", "server"])
def test_whatever_goes_wrong_leaves_what_was_typed(opened: Opened, away: str) -> None:
    page = opened()
    if away == "session":
        Session.objects.all().delete()
    else:
        page.route("**/register/alike/", lambda route: route.fulfill(status=502, body="<p>502</p>"))
    page.locator("#f-content").focus()
    with page.expect_response("**/register/alike/") as answered:
        page.keyboard.insert_text(LETTER["content"])
    assert answered.value.status == (204 if away == "session" else 502)
    assert page.locator("#f-content").input_value() == LETTER["content"]
    assert page.url.endswith(REGISTER)
    expect(page.locator("main h1")).to_have_text("登记信访事项")
