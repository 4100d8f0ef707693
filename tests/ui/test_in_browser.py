"""The gallery in a real browser, under the policy of the pages: nothing refused, too wide or too
small."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from csp.utils import build_policy
from django.conf import settings
from playwright.sync_api import Page, Route

from dengwen.ui import components
from tests.ui import gallery, samples, sheets
from tests.ui.test_pages import CSS

ADDRESS = "http://127.0.0.1/"
WIDTHS = {"desk": 1280, "zoomed to 200 %": 640, "phone": 360}


@pytest.fixture
def open_page(page: Page) -> Any:
    """Open a page of the gallery as the server would send it, without a server; collect what the
    browser refuses."""
    refused: list[str] = []
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: refused.append(str(error)))
    texts: dict[str, str] = {}

    def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", maxsplit=1)[-1]
        if name == "ui.css":
            route.fulfill(body=CSS.read_text(encoding="utf-8"), content_type="text/css")
        elif name.endswith(".js"):
            route.fulfill(body="", content_type="text/javascript")
        else:
            policy = {
                "Content-Security-Policy": build_policy(
                    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
                )
            }
            route.fulfill(
                body=texts.get(name, ""), content_type="text/html; charset=utf-8", headers=policy
            )

    page.route("**/*", answer)

    def go(name: str, language: str, width: int = 1280, *, practice: bool = False) -> list[str]:
        texts["page"] = gallery.render(name, "en" if language == "en" else "zh", practice=practice)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{ADDRESS}page")
        return refused

    return go


@pytest.mark.parametrize("language", gallery.LANGUAGES)
@pytest.mark.parametrize("name", gallery.PAGES)
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_is_refused_and_nothing_is_too_wide(page: Page, open_page, name, language, width):
    refused = open_page(name, language, width)
    assert refused == []
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px", (
        "the style sheet did not come"
    )
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length
            && !e.closest('svg') && !e.closest('.vh')
            && e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", gallery.PAGES)
@pytest.mark.parametrize("width", [1280, 360])
def test_what_can_be_touched_is_large_enough(page: Page, open_page, name, width):
    """Buttons and fields 44 px; every other target 24 px, links in a sentence excepted (WCAG 2.2,
    2.5.8)."""
    open_page(name, "zh", width)
    small = page.evaluate(
        """() => {
            const shown = e => e.getClientRects().length && !e.closest('.skip')
            const high = e => e.getBoundingClientRect().height
            const large = [...document.querySelectorAll('.btn, button, select, textarea, '
                + 'input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
            const ticks = [...document.querySelectorAll('.choice label, .tick-label')]
            const links = [...document.querySelectorAll('a, summary')]
                .filter(e => !e.closest('p, td, th, .small'))
            return [...[...large, ...ticks].filter(e => shown(e) && high(e) < 43.9),
                    ...links.filter(e => shown(e) && high(e) < 23.9)]
                .map(e => e.outerHTML.slice(0, 120))
        }"""
    )
    assert small == []


def test_the_whole_page_can_be_walked_by_keyboard_and_focus_is_seen(page: Page, open_page):
    open_page("desk", "zh")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("getComputedStyle(document.activeElement).outlineWidth"))
    assert set(seen) == {"3px"}


def test_a_phone_gets_the_folded_bar_and_paper_the_wide_one(page: Page, open_page):
    shown = "s => [...document.querySelectorAll(s)].filter(e => e.getClientRects().length).length"
    open_page("desk", "zh", 360)
    assert page.evaluate(shown, ".term-wide") == 0
    assert page.evaluate(shown, ".term-folded") == 9
    page.emulate_media(media="print")
    assert page.evaluate(shown, ".term-wide") == 9
    assert page.evaluate(shown, ".term-folded") == 0
    assert page.evaluate(shown, ".btn") == 0


@pytest.mark.parametrize("language", gallery.LANGUAGES)
@pytest.mark.parametrize("practice", [False, True])
def test_a_receipt_prints_on_one_sheet(page: Page, open_page, language, practice):
    open_page("receipt", language, practice=practice)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12]", printed), "not A4"


def test_a_long_receipt_still_prints_on_one_sheet(page: Page, open_page, monkeypatch):
    """A long name of the office, a third promise ahead and a longer list of papers."""
    sheet = sheets.sheet(zh=False)
    long = replace(
        sheet,
        organ="云江区人民政府群众来访联合接待中心信访办公室",
        received=(
            *sheet.received,
            components.Fact("Second digest", sheet.received[-1].text, mono=True),
        ),
        ahead=(*sheet.ahead, components.Fact("Thu 4 Feb 2027", sheet.ahead[-1].text)),
    )
    monkeypatch.setattr(samples, "sheet", lambda _zh: long)
    open_page("receipt", "en", practice=True)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_practice_stands_on_every_printed_sheet(page: Page, open_page):
    """A table header that must not break is repeated on each sheet, and takes its room there."""
    open_page("desk", "zh", practice=True)
    page.emulate_media(media="print")
    style = "name => getComputedStyle(document.querySelector('.practice'))[name]"
    assert [page.evaluate(style, name) for name in ("display", "breakInside")] == [
        "table-header-group",
        "avoid",
    ]


def test_the_qr_code_is_drawn_with_its_quiet_zone(page: Page, open_page):
    open_page("receipt", "zh")
    side = page.evaluate("document.querySelector('svg.qr').getBoundingClientRect().width")
    modules = page.evaluate("document.querySelector('svg.qr').viewBox.baseVal.width")
    assert side / modules >= 2.5, "modules under 2.5 px: cameras fail on them"
