"""What a reader of a QR code looks at first: its corners, and the format bits that name level
and mask."""

from __future__ import annotations

import random
import re

import pytest
import segno

from dengwen.ui.qr import MASK, QUIET, qr_svg

TEXT = (
    "xf1 practice.yunjiang.example/2025 YJ01-2026-483907215-0 "
    + "A" * 43
    + "= 2026-11-24T01:30:00.000Z "
    + "b" * 88
)
LEVEL_M = 0b00
FORMAT_MASK = 0b101010000010010
GENERATOR = 0b10100110111


def modules(svg: str) -> list[list[bool]]:
    """Return the dark modules that the path of a drawing fills: boxes one module high, placed by
    moves."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \d+"', svg)[0]) - 2 * QUIET
    dark = [[False] * size for _ in range(size)]
    (path,) = re.findall(r' d="([^"]+)"', svg)
    part = re.compile(r"M(\d+) (\d+)|m(\d+) 0|h(\d+)v1h-(\d+)z")
    x = y = at = 0
    while at < len(path):
        found = part.match(path, at)
        assert found is not None, path[at : at + 20]
        at = found.end()
        left, top, on, width, back = (int(one) if one else None for one in found.groups())
        if left is not None and top is not None:
            x, y = left, top
        elif on is not None:
            x += on
        else:
            assert width is not None
            assert width == back
            for column in range(x, x + width):
                dark[y - QUIET][column - QUIET] = True
    return dark


def format_bits(dark: list[list[bool]]) -> int:
    """Return the fifteen format bits beside the upper left corner, the highest first."""
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    return int("".join(str(int(dark[y][x])) for y, x in places), 2)


def test_the_code_says_its_level_and_mask_and_both_are_intact() -> None:
    dark = modules(qr_svg(TEXT, "code", "q"))
    said = format_bits(dark) ^ FORMAT_MASK
    assert (said >> 13, said >> 10 & 0b111) == (LEVEL_M, MASK)
    rest = said
    for place in range(
        14, 9, -1
    ):  # the last ten bits are a remainder: nothing is left when it divides
        if rest >> place & 1:
            rest ^= GENERATOR << (place - 10)
    assert rest == 0


def test_the_three_corners_are_where_readers_look_for_them() -> None:
    dark = modules(qr_svg(TEXT, "code", "q"))
    size = len(dark)
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert "".join("#" if dark[top + 3][left + n] else "." for n in range(7)) == "#.###.#"
    assert not dark[0][7]
    assert not dark[7][0]


@pytest.mark.parametrize(
    "length", [1, 13, 14, 40, 100, 166, 180, 181, 213, 240, 251, 252, 330, 500, 900, 2000]
)
def test_a_code_laid_here_is_the_one_segno_makes(length: int) -> None:
    drawn = random.Random(length)
    for _ in range(2):
        text = "".join(chr(drawn.randrange(32, 127)) for _ in range(length - 1)) + "a"
        made = segno.make_qr(text, error="m", mask=MASK)
        assert modules(qr_svg(text, "code", "q")) == [
            [bool(one) for one in row] for row in made.matrix
        ]


@pytest.mark.parametrize("text", ["12345", "YJ01-2026-483907215-0", "登闻", "é"])
def test_texts_of_other_modes_are_left_to_segno(text: str) -> None:
    made = segno.make_qr(text, error="m", mask=MASK)
    assert modules(qr_svg(text, "code", "q")) == [[bool(one) for one in row] for row in made.matrix]


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        qr_svg("a" * 3000, "code", "q")
