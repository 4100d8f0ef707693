"""A real browser without scripts on a narrow phone: from the first page to the followed matter,
in both languages."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dengwen.portal import clock
from tests.world import World, at, prepare


@pytest.fixture
def phone(
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
) -> Iterator[Page]:
    """A phone of 360 px whose browser runs no scripts, on 2025-03-03."""
    # The browser's driver runs a loop in this thread, which Django takes for asynchronous code.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    prepare(tmp_path, settings)
    World()
    monkeypatch.setattr(clock, "now", lambda: at("2025-03-03"))
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + (1).to_bytes(4, "big") * 2
    + b"\x08\x02\x00\x00\x00\x00\x00\x00\x00"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def a_file(name: str, body: bytes) -> Any:
    """Return a file as somebody chooses it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": body}


def press(page: Page, button: str) -> None:
    """Press a button or follow a link that leads to another page, and wait for it: a form with
    files takes its time."""
    with page.expect_navigation():
        page.click(button)


def enter(page: Page, field: str) -> None:
    """Press Enter in a field, and wait for the page it leads to."""
    with page.expect_navigation():
        page.press(field, "Enter")


def narrow(page: Page) -> None:
    """Nothing may be wider than the phone."""
    box = page.locator("body").bounding_box()
    assert box is not None
    widest = page.locator("main").bounding_box()
    assert widest is not None
    assert widest["x"] + widest["width"] <= 360


def sheets(page: Page) -> int:
    """Return on how many sheets of A4 a page prints."""
    printed = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12]", printed), "not A4"
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def test_submit_keep_and_follow_without_script(phone: Page, live_server: Any) -> None:
    complaints: list[str] = []
    phone.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    phone.goto(live_server.url)
    narrow(phone)
    press(phone, "button[value=claim]")
    phone.fill("#f-story", "示例小区屋面渗水")
    enter(phone, "#f-place")  # Enter goes on; it changes no language and removes nothing
    assert phone.locator("#f-request-1").is_visible()
    phone.fill("#f-request-1", "修复屋面")
    press(phone, "button[name=language]")
    assert phone.locator("html").get_attribute("lang") == "en"
    assert phone.locator("#f-request-1").input_value() == "修复屋面"
    press(phone, "main button[value=next]")
    phone.check("input[value=open]")
    phone.fill("#f-name", "王示例")
    press(phone, "main button[value=next]")
    phone.set_input_files("#f-papers", [a_file("雨水.png", PNG), a_file("收据.pdf", PDF)])
    press(phone, "main button[value=more]")
    assert phone.locator(".kept li").count() == 2, phone.locator("main").inner_text()
    narrow(phone)
    phone.check(".kept li:first-child input[type=checkbox]")
    phone.set_input_files("#f-papers", a_file("坏.pdf", b"MZ"))
    press(phone, "main button[value=next]")
    assert "坏.pdf" in phone.locator(".errors").inner_text()
    assert phone.locator(".kept li").all_inner_texts()[0].startswith("收据.pdf")
    press(phone, "main button[value=next]")
    assert "收据.pdf" in phone.locator("main").inner_text()
    press(phone, "main button[value=send]")
    narrow(phone)
    assert hashlib.sha256(PDF).hexdigest()[:16].upper() in phone.locator(".sheet").inner_text()
    assert sheets(phone) == 1
    number, code = (phone.locator(".sheet .big").nth(n).inner_text() for n in (0, 1))
    with phone.expect_download() as saved:
        phone.click("button[value=save]")
    assert saved.value.suggested_filename == f"{number}.xf-receipt"
    press(phone, "button[value=kept]")
    press(phone, "a[href='/follow/'].main")
    phone.fill("#f-number", number)
    phone.fill("#f-code", code)
    enter(phone, "#f-code")
    assert phone.locator("h1").inner_text() == "Registered"
    assert phone.url.endswith("/follow/")
    narrow(phone)
    told = [
        text for text in complaints if "favicon" not in text and "422" not in text
    ]  # one file was refused
    assert told == []
