"""Line breaks of a template are not part of its page; spaces that are written are."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template import Context, Engine, Origin, engines

from dengwen.ui.page_layout import Loader, without_layout

SHOWN = {
    "breaks between Chinese words leave no gap": (
        "<p>\n  {% if a %}\n    第\n    {{ n }}\n    件\n  {% endif %}\n</p>\n",
        "<p>第7件</p>",
    ),
    "a space within a line stays": ("<b>a</b> <i>b</i>\n", "<b>a</b> <i>b</i>"),
    "a space before a break is written": ("<b>a</b>&#32;\n  <i>b</i>\n", "<b>a</b> <i>b</i>"),
    "a break between attributes is a space": (
        '<a\n    href="/"\n    class="x">y</a>',
        '<a href="/" class="x">y</a>',
    ),
    "a tag of Django may have lines": ('{% firstof\n    n\n    "x" %}', "7"),
    "Latin words of a string go on after a space": ('{% firstof "one\n    two" %}', "one two"),
    "Chinese words of a string go on at once": ('{% firstof "一，\n    二" %}', "一，二"),
    "the wide space of Chinese is a character": ("<b>甲</b>\n\u3000乙", "<b>甲</b>\u3000乙"),
    "a tag within an attribute": (
        '<p\n  {% if a %}\n  class="{% if n %}n{% endif %}"\n  {% endif %}>z</p>',
        '<p class="n">z</p>',
    ),
}


@pytest.mark.parametrize("told", SHOWN)
def test_what_a_page_shows_of_a_source(told: str):
    source, page = SHOWN[told]
    template = engines["django"].from_string(without_layout(source))
    assert template.render({"a": True, "n": 7}) == page


def test_pages_of_the_house_are_read_so():
    template = Engine.get_default().get_template("403.html")
    assert template.source.count("\n") == 0


def test_templates_of_other_packages_stay_as_they_are(tmp_path: Path):
    file = tmp_path / "other.html"
    file.write_text("<b>a</b>\n<i>b</i>\n", encoding="utf-8")
    loader = Loader(Engine.get_default())
    assert loader.get_contents(Origin(str(file), "other.html", loader)) == file.read_text("utf-8")


def test_the_title_of_a_page_stands_apart_from_the_name_of_the_office():
    page = Engine.get_default().from_string(
        '{% extends "ui/_frame.html" %}{% block title %}甲{% endblock %}'
    )
    shown = page.render(Context({"request": HttpRequest()}))
    assert "<title>甲 — 登闻</title>" in shown
