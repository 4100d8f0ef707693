"""Documents in a browser: nothing runs out of a narrow screen or off the paper, nothing is asked
of the outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from dengwen.documents.issuance import page as full_page
from tests.documents.samples import RULES, issued

CSS = Path(settings.ROOT) / "dengwen/documents/static/documents/print.css"


def test_stylesheet_asks_for_nothing():
    text = CSS.read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|http", text)
    assert "size: A4" in text
    assert "margin: 37mm 26mm 35mm 28mm" in text


@pytest.mark.django_db(transaction=True)
def test_no_document_runs_out_of_a_narrow_screen(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/print.css", lambda route: route.fulfill(path=CSS, content_type="text/css"))
    page.set_viewport_size({"width": 360, "height": 800})
    bodies = {}
    with transaction.atomic():
        for key, rule in RULES.items():
            bodies[key] = issued(rule, practice=True)
    current: dict[str, str] = {}
    html = "text/html; charset=utf-8"
    page.route(
        "http://localhost/paper",
        lambda route: route.fulfill(body=current["html"], content_type=html),
    )
    for key, made in bodies.items():
        current["html"] = full_page(made.html, made.title, "zh")
        page.goto("http://localhost/paper")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, key
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.paper')).fontSize") != "16px"
        ), "no style"
    own = {"/paper", "/static/documents/print.css", "/static/documents/paper.svg"}
    assert {url.partition("localhost")[2] for url in asked} <= own
