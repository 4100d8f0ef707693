"""The browser of the tests: Chinese, in Beijing, on this machine only."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page


def test_it_reads_chinese_in_beijing_time(page: Page):
    page.set_content("<h1 lang='zh'>登闻</h1>")
    assert page.inner_text("h1") == "登闻"
    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"


def test_a_chinese_font_draws_each_character_differently(page: Page):
    """Without a Chinese font every character is the same empty box, and screenshots prove
    nothing."""
    drawn = page.evaluate(
        """() => ['登', '闻', '鼓'].map(character => {
            const canvas = document.createElement('canvas')
            const pen = canvas.getContext('2d')
            pen.font = '40px sans-serif'
            pen.fillText(character, 10, 50)
            return canvas.toDataURL()
        })"""
    )
    assert len(set(drawn)) == 3


@pytest.mark.parametrize("address", ["http://192.0.2.1/", "http://petition.example/"])
def test_it_reaches_this_machine_only(page: Page, address: str):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(address, timeout=5000)
