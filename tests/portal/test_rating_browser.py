"""The evaluation in a real browser without scripts, on a phone and on a desk, Chinese and
English."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dengwen.petitions import ratings
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.portal import clock
from tests.petitions.test_ratings import served
from tests.world import World, at, prepare

SHOTS = os.environ.get("DENGWEN_SHOTS", "")


def test_sheet_questions_and_thanks_fit_a_phone_and_a_desk_without_scripts(
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    live_server: Any,
) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    prepare(tmp_path, settings)
    world = World()
    monkeypatch.setattr(clock, "now", lambda: at("2025-03-14"))
    for width, locale, sat in ((360, "zh-CN", "满意"), (1280, "en", "Satisfied")):
        row = ratings.open_for(world.case(served(world)))
        assert row is not None
        code = ratings.give_code(
            row, way="portal", by=by_petitioner(), now=at("2025-03-14"), uid=f"c{width}"
        )
        size = {"width": width, "height": 800}
        context = browser.new_context(viewport=size, locale=locale, java_script_enabled=False)  # type: ignore[arg-type]
        page = context.new_page()

        def shot(name: str, page: Any = page, width: int = width) -> None:
            box = page.locator("main").bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)

        page.goto(f"{live_server.url}/rate/")
        shot("rate")
        page.fill("#f-evaluation-code", code)
        with page.expect_navigation():
            page.locator("button.main").click()
        page.get_by_label(sat, exact=True).first.check()
        shot("form")
        page.get_by_label(sat, exact=True).nth(1).check()
        with page.expect_navigation():
            page.locator("button.main").click()
        shot("rated")
        row.refresh_from_db()
        assert (row.competent_level, row.department_level) == ("satisfied", "satisfied")
        context.close()
