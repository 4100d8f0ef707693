"""Reads a QR code from its drawing as a camera's program would (ISO/IEC 18004:2015, 7.2 to 7.9 read
backwards), with tables of its own: nothing here comes from what draws the codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

FORMAT_MASK = 0b101010000010010
GENERATOR = 0b10100110111
LEVEL_M = 0b00
TIMING = 6
BYTES, ALPHANUMERIC, NUMERIC = 0b0100, 0b0010, 0b0001
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

BLOCKS_M = {
    1: (10, (16,)),
    2: (16, (28,)),
    3: (26, (44,)),
    4: (18, (32, 32)),
    5: (24, (43, 43)),
    6: (16, (27, 27, 27, 27)),
    7: (18, (31, 31, 31, 31)),
    8: (22, (38, 38, 39, 39)),
    9: (22, (36, 36, 36, 37, 37)),
    10: (26, (43, 43, 43, 43, 44)),
    11: (30, (50, 51, 51, 51, 51)),
    12: (22, (36, 36, 36, 36, 36, 36, 37, 37)),
}
"""For each version, at level M: words of correction of a block, and words of data of each."""
ALIGNED = {
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
    10: (6, 28, 50),
    11: (6, 30, 54),
    12: (6, 32, 58),
}
"""Rows and columns of the small squares, for each version."""
MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, _x: y % 2,
    lambda _y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
"""What each pattern says of a module; nought is turned round."""

Modules = list[list[bool]]


def modules(svg: str, quiet: int) -> Modules:
    """Return the dark modules that the path of a drawing covers: strokes one module high, a row
    after the other from its left end."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \d+"', svg)[0]) - 2 * quiet
    (path,) = re.findall(r' d="([^"]+)"', svg)
    rows = re.findall(r"M(\d+) (\d+)\.5((?:m\d+ 0|h\d+)*)", path)
    assert "".join(f"M{x} {y}.5{steps}" for x, y, steps in rows) == path
    assert [(int(x), int(y)) for x, y, _ in rows] == [(quiet, quiet + row) for row in range(size)]
    dark = []
    for _x, _y, steps in rows:
        along = re.findall(r"([mh])(\d+)", steps)
        dark.append([step == "h" for step, width in along for _ in range(int(width))])
    assert all(len(row) == size for row in dark)
    return dark


def format_bits(dark: Modules) -> int:
    """Return the fifteen format bits beside the upper left corner, the highest first."""
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    return int("".join(str(int(dark[y][x])) for y, x in places), 2)


def level_and_mask(dark: Modules) -> tuple[int, int]:
    """Return the level and the pattern a code says it has; it must say so without a flaw."""
    said = rest = format_bits(dark) ^ FORMAT_MASK
    for place in range(14, 9, -1):  # the last ten bits are a remainder: nothing is left
        if rest >> place & 1:
            rest ^= GENERATOR << (place - 10)
    assert rest == 0, "the format is damaged"
    return said >> 13, said >> 10 & 0b111


def text_of(dark: Modules) -> str:
    """Return the text of a code of level M, up to version 12."""
    level, mask = level_and_mask(dark)
    assert level == LEVEL_M
    version = (len(dark) - 17) // 4
    bits = "".join(
        str(int(dark[y][x] != (MASKS[mask](y, x) == 0))) for y, x in _places(len(dark), version)
    )
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    return _read("".join(format(word, "08b") for word in _data(words, version)), version)


def _places(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Yield rows and columns of the bits of a text, in pairs of columns, up and down."""
    columns = [x for x in range(size - 1, -1, -1) if x != TIMING]
    for pair in range(0, len(columns), 2):
        rows = range(size - 1, -1, -1) if pair % 4 == 0 else range(size)
        for y in rows:
            for x in columns[pair : pair + 2]:
                if not _is_fixed(y, x, size, version):
                    yield y, x


def _is_fixed(y: int, x: int, size: int, version: int) -> bool:
    """Say whether a module belongs to corners, timing, format, version or a small square."""
    if TIMING in (y, x):
        return True
    if (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9):
        return True
    if version >= 7 and ((y < 6 and x >= size - 11) or (x < 6 and y >= size - 11)):
        return True
    lines = ALIGNED.get(version, ())
    corners = {(6, 6), (6, lines[-1]), (lines[-1], 6)} if lines else set()
    squares = [(row, column) for row in lines for column in lines if (row, column) not in corners]
    return any(abs(y - row) <= 2 and abs(x - column) <= 2 for row, column in squares)


def _data(words: list[int], version: int) -> list[int]:
    """Return the words of data in their own order: they are laid down block by block in turn."""
    _, lengths = BLOCKS_M[version]
    blocks: list[list[int]] = [[] for _ in lengths]
    laid = iter(words)
    for nth in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if nth < length:
                block.append(next(laid))
    return [word for block in blocks for word in block]


def _read(bits: str, version: int) -> str:
    """Return the text of a stream of bits: segments, each written byte by byte or more densely, up
    to the mode that ends them."""
    found = ""
    while int(bits[:4] or "0", 2):
        part, bits = _segment(bits, version)
        found += part
    return found


def _segment(bits: str, version: int) -> tuple[str, str]:
    """Return the text of the first segment of a stream, and the bits behind it."""
    mode, wide = int(bits[:4], 2), version >= 10
    width = {BYTES: 16 if wide else 8, ALPHANUMERIC: 11 if wide else 9, NUMERIC: 12 if wide else 10}
    begin = 4 + width[mode]
    count, rest = int(bits[4:begin], 2), bits[begin:]
    if mode == BYTES:
        return int(rest[: 8 * count], 2).to_bytes(count, "big").decode(), rest[8 * count :]
    base, step, sizes = (45, 2, {1: 6, 2: 11}) if mode == ALPHANUMERIC else (10, 3, NUMERIC_SIZES)
    found = ""
    while len(found) < count:
        many = min(step, count - len(found))
        found += _letters(int(rest[: sizes[many]], 2), base, many)
        rest = rest[sizes[many] :]
    return found, rest


NUMERIC_SIZES = {1: 4, 2: 7, 3: 10}
"""Bits of one, two and three figures."""


def _letters(value: int, base: int, many: int) -> str:
    """Return so many letters that a number stands for, the first weighing most."""
    return "".join(LETTERS[value // base ** (many - 1 - place) % base] for place in range(many))
