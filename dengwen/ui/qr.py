"""QR codes as SVG: one path, coloured by ui.css, with the four modules of quiet that scanners want.

segno makes any code, bit by bit. A receipt's text always has the same length, so what is the same
in all codes of one length (corners, timing, mask, format) is taken from segno once, and only the
words of a text are laid into it here (ISO/IEC 18004:2015, 7.4 to 7.7). The code is the one segno
makes, module by module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, cycle, islice, zip_longest
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

import segno
from segno import consts

from dengwen.ui import svg

QUIET = 4
"""Modules of empty border (ISO/IEC 18004)."""
MASK = 4
"""The pattern laid over every code (rows in pairs, columns in threes). A reader takes any of the
eight from the code itself; to try all for the best looking one costs more than the whole page the
code stands on."""
BYTES = 0b0100
"""The mode in which a text is written byte by byte."""
PAD = (0xEC, 0x11)
"""Words that fill a code up."""
CHUNK = 8
"""Modules that are drawn at once."""
_DARK = re.compile("1+")
_OTHER_MODES = re.compile(r"[0-9A-Z $%*+\-./:]*")
"""Texts that segno writes more densely than byte by byte."""


def qr_svg(text: str, name: str, uid: str, *, class_: str = "qr") -> str:
    """Return a QR code of `text`, error correction M (about 15 % may be stained or creased).

    `name` is read to those who do not see it. Raises ValueError for a text that is too long.
    """
    path, size = _drawn(text)
    return svg.element(
        "svg",
        svg.element("title", escape(name), id=f"{uid}-t"),
        svg.element("path", d=path),
        class_=class_,
        viewBox=f"0 0 {size} {size}",
        role="img",
        shape_rendering="crispEdges",
        aria_labelledby=f"{uid}-t",
    )


@lru_cache(maxsize=8)
def _drawn(text: str) -> tuple[str, int]:
    """Return path and width of a code; a receipt prints the same one twice."""
    rows = _rows(text)
    parts = []
    for y, row in enumerate(rows, QUIET):
        parts.append(f"M{QUIET} {y}")
        parts += _row_strokes(row)
    return "".join(parts), len(rows) + 2 * QUIET


def _row_strokes(row: str) -> list[str]:
    """Return the parts of a path that draw one row."""
    strokes = _strokes()
    return [strokes[row[x : x + CHUNK]] for x in range(0, len(row), CHUNK)]


@cache
def _strokes() -> dict[str, str]:
    """Return the part of a path that fills the dark ones of a few modules and ends behind the last,
    for every pattern.

    To look for the dark ones anew in each row of each code took longer than all the rest of a code.
    """
    every = (format(n, f"0{width}b") for width in range(1, CHUNK + 1) for n in range(1 << width))
    return {pattern: _stroke(pattern) for pattern in every}


def _stroke(pattern: str) -> str:
    """Return the part of a path for one pattern of modules."""
    at, parts = 0, []
    for dark in _DARK.finditer(pattern):
        begin, width = dark.start(), dark.end() - dark.start()
        if begin > at:
            parts.append(f"m{begin - at} 0")
        parts.append(f"h{width}v1h-{width}z")
        at = begin
    if at < len(pattern):
        parts.append(f"m{len(pattern) - at} 0")
    return "".join(parts)


def _rows(text: str) -> list[str]:
    """Return the modules of a code, 1 for dark, a text a row."""
    if not text.isascii() or _OTHER_MODES.fullmatch(text):
        return _written(segno.make_qr(text, error="m", mask=MASK).matrix)
    form = _form(len(text))
    whole = format(form.frame ^ form.laid(text.encode()), f"0{form.size * form.size}b")
    return [whole[start : start + form.size] for start in range(0, len(whole), form.size)]


def _written(matrix: Any) -> list[str]:  # noqa: ANN401  # rows of bytes, as segno keeps them
    return [_bits(row) for row in matrix]


def _bits(row: Iterable[int]) -> str:
    return "".join("1" if dark else "0" for dark in row)


@dataclass(frozen=True, slots=True)
class _Form:
    """What all codes of one length of text share: their width, all modules but those of the
    text, and how these lie."""

    size: int
    frame: int
    blocks: tuple[tuple[int, int], ...]
    """Words of data and of correction of each block."""
    places: Callable[[str], tuple[str, ...]]
    bits: int

    def laid(self, text: bytes) -> int:
        """Return the modules of a text, without mask and frame: one bit each, row by row."""
        stream = "".join([format(word, "08b") for word in self._words(text)]).ljust(self.bits, "0")
        return int("".join(self.places(stream + "0")), 2)

    def _words(self, text: bytes) -> list[int]:
        """Return the words of a text with those that correct them, in the order in which they
        are laid down."""
        most = sum(data for data, _ in self.blocks)
        words = bytes(islice(chain(self._head(text), cycle(PAD)), most))
        data: list[bytes] = []
        correction: list[bytes] = []
        for length, extra in self.blocks:
            data.append(words[:length])
            words = words[length:]
            correction.append(_remainder(data[-1], extra))
        laid = chain(chain(*zip_longest(*data)), chain(*zip_longest(*correction)))
        return [word for word in laid if word is not None]

    def _head(self, text: bytes) -> bytes:
        """Return mode, length, text and end mark as words."""
        count = 8 if self.size <= _SIZE_9 else 16
        bits = 8 * len(text)
        length = BYTES << count | len(text)
        written = length << bits | int.from_bytes(text, "big")
        return (written << 4).to_bytes((4 + count + bits + 4) // 8, "big")


_SIZE_9 = 53
"""Width of version 9, the last that counts its text in one byte."""


@lru_cache(maxsize=32)
def _form(length: int) -> _Form:
    """Take from segno what all codes share whose text has this many bytes."""
    sample = "a" * length
    code = segno.make_qr(sample, error="m", mask=MASK)
    kinds = [list(row) for row in code.matrix_iter(border=0, verbose=True)]
    size, order = len(kinds), _order(kinds)
    bits = len(order)
    nth = {place: n for n, place in enumerate(order)}
    places = itemgetter(*(nth.get((y, x), bits) for y in range(size) for x in range(size)))
    empty = _Form(size, 0, _blocks(code), places, bits)
    frame = int("".join(_written(code.matrix)), 2) ^ empty.laid(sample.encode())
    return replace(empty, frame=frame)


def _blocks(code: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401  # a code as segno keeps it
    """Return the words of data and of correction of each block."""
    levels: Any = consts.ECC[code.version]
    kept = levels[consts.ERROR_MAPPING[code.error]]
    return tuple(
        (one.num_data, one.num_total - one.num_data) for one in kept for _ in range(one.num_blocks)
    )


def _order(kinds: list[list[int]]) -> list[tuple[int, int]]:
    """Return the places of the bits of a text, row and column, in their order: in pairs of
    columns, up and down."""
    size = len(kinds)
    found: list[tuple[int, int]] = []
    # segno calls it part of the format, which ends one module further right
    mislabelled = (8, size - 9)
    for pair, right in enumerate(range(size - 1, 0, -2)):
        column = right if right > _TIMING else right - 1
        rows = range(size - 1, -1, -1) if pair % 2 == 0 else range(size)
        pairs = [(y, x) for y in rows for x in (column, column - 1)]
        found += [(y, x) for y, x in pairs if kinds[y][x] in _OF_TEXT or (y, x) == mislabelled]
    return found


_TIMING = 6
"""The column that is for timing alone."""
_OF_TEXT = frozenset({consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT})


# --- correction: remainders of polynomials over the field of 256 elements (7.5) -------------------
def _times(a: int, b: int) -> int:
    """Multiply in the field of x^8 + x^4 + x^3 + x^2 + 1."""
    found = 0
    while b:
        if b & 1:
            found ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return found


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """Return the generator for so many words of correction, without its first, times each
    element, as whole numbers."""
    generator, root = [1], 1
    for _ in range(count):
        shifted = [*generator, 0]
        for place, factor in enumerate(generator, 1):
            shifted[place] ^= _times(factor, root)
        generator, root = shifted, _times(root, 2)
    return tuple(_multiple(generator[1:], one) for one in range(256))


def _multiple(factors: Iterable[int], one: int) -> int:
    """Return factors times one element, as a whole number."""
    return int.from_bytes(bytes(_times(factor, one) for factor in factors), "big")


def _remainder(data: bytes, count: int) -> bytes:
    """Return the words that correct a block."""
    multiples, top, most = _multiples(count), 8 * (count - 1), (1 << 8 * count) - 1
    rest = 0
    for word in data:
        rest = (rest << 8 & most) ^ multiples[word ^ rest >> top]
    return rest.to_bytes(count, "big")
