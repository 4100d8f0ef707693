"""What a reader of a QR code looks at first: its corners, and the format bits that name level
and mask; then the text itself, read back from the drawing."""

from __future__ import annotations

import random
import re

import pytest
import segno

from dengwen.ui.qr import MASK, QUIET, qr_svg
from tests.ui.qr_reader import LEVEL_M, level_and_mask, modules, text_of

TEXT = (
    "xf1 practice.yunjiang.example/2025 YJ01-2026-483907215-0 "
    + "A" * 43
    + "= 2026-11-24T01:30:00.000Z "
    + "b" * 88
)
DESK_TEXT = "xf:YJ01-2026-317482965-8:QySOKDB6eS3y"


def drawn(text: str | tuple[str, ...]) -> list[list[bool]]:
    return modules(qr_svg(text, "code", "q"), QUIET)


def test_the_code_says_its_level_and_mask_and_both_are_intact() -> None:
    assert level_and_mask(drawn(TEXT)) == (LEVEL_M, MASK)


def test_the_three_corners_are_where_readers_look_for_them() -> None:
    dark = drawn(TEXT)
    size = len(dark)
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert "".join("#" if dark[top + 3][left + n] else "." for n in range(7)) == "#.###.#"
    assert not dark[0][7]
    assert not dark[7][0]


@pytest.mark.parametrize("text", [TEXT, DESK_TEXT, "12345", "YJ01-2026-483907215-0", "登闻"])
def test_what_is_shown_reads_as_the_text(text: str) -> None:
    assert text_of(drawn(text)) == text


@pytest.mark.parametrize(
    "parts",
    [("XFR2 YJ01 ", "0" * 241, " practice.example/2026"), ("1", "a", "A"), ("登闻", "7" * 99)],
)
def test_parts_read_as_one_text(parts: tuple[str, ...]) -> None:
    assert text_of(drawn(parts)) == "".join(parts)


def test_figures_in_a_part_of_their_own_make_a_smaller_code() -> None:
    parts = ("XFR2 YJ01-2026-483907215-0 ", "7" * 241, " practice.example/2026")
    assert len(drawn(parts)) < len(drawn("".join(parts)))


@pytest.mark.parametrize("length", [1, 13, 14, 40, 100, 166, 180, 181, 213, 240, 251, 252, 280])
def test_texts_of_every_length_read_as_they_were_written(length: int) -> None:
    chance = random.Random(length)
    for _ in range(2):
        text = "".join(chr(chance.randrange(32, 127)) for _ in range(length - 1)) + "a"
        assert text_of(drawn(text)) == text


@pytest.mark.parametrize("length", [1, 100, 330, 500, 900, 2000])
def test_every_module_of_segno_is_drawn_and_no_other(length: int) -> None:
    chance = random.Random(length)
    text = "".join(chr(chance.randrange(32, 127)) for _ in range(length - 1)) + "a"
    made = segno.make_qr(text, error="m", boost_error=False, mask=MASK)
    assert drawn(text) == [[bool(one) for one in row] for row in made.matrix]


def test_the_drawing_has_words_for_those_who_do_not_see_it_and_no_style() -> None:
    drawing = qr_svg(TEXT, 'check <this> "receipt"', "receipt-qr")
    assert '<title id="receipt-qr-t">check &lt;this&gt; "receipt"</title>' in drawing
    assert 'role="img"' in drawing
    assert 'aria-labelledby="receipt-qr-t"' in drawing
    assert not re.search(r"\b(style|stroke|fill|href|on\w+)=", drawing)
    assert TEXT not in drawing


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        qr_svg("a" * 3000, "code", "q")
