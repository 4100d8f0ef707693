"""The colours of ui.css can be told apart: WCAG 2.2 AA, computed from the tokens themselves."""

from __future__ import annotations

import re

import pytest

from tests.ui.test_pages import CSS

SHEET = CSS.read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", SHEET))
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *(
        (text, ground, TEXT)
        for text in ("ink", "ink-2", "act", "act-deep", "late")
        for ground in ("paper", "sheet", "rest")
    ),
    *(("sheet", ground, TEXT) for ground in ("act", "act-deep", "ink")),
    *(("edge", ground, SHAPE) for ground in ("paper", "sheet")),
    *((mark, "rest", SHAPE) for mark in ("ink", "late")),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(front, ground, least):
    assert contrast(TOKENS[front], TOKENS[ground]) >= least


def test_colours_stand_in_the_tokens_only():
    """A colour elsewhere would escape the computation above; paper white and print black are
    what they are."""
    rest = SHEET.split("}", maxsplit=1)[1]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rest)) <= {"#fff", "#000"}


def test_vermilion_is_for_what_is_late_only():
    """Each rule that uses it belongs to lateness."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", SHEET):
        if "var(--late)" in body and ":root" not in selector:
            assert re.search(r"late|breach|over|missed|slow|\.tl\b", selector), selector


def test_the_style_sheet_fetches_nothing():
    assert not re.search(r"url\(|@import|@font-face|https?:", SHEET)
