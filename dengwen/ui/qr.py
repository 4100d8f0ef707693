"""QR codes as SVG: one path, coloured by ui.css, with the four modules of quiet that scanners want.

segno makes any code, bit by bit. A receipt's text always has the same length, so what is the same
in all codes of one
length (corners, timing, mask, format) is taken from segno once, and only the words of a text are
laid into it here
(ISO/IEC 18004:2015, 7.4 to 7.7). The code is the one segno makes, module by module.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
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
eight from the code
itself; to try all for the best looking one costs more than the whole page the code stands on."""
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
    rows, strokes = _rows(text), _strokes()
    size = len(rows)
    parts = [
        f"M{QUIET} {y}" + "".join([strokes[row[x : x + CHUNK]] for x in range(0, size, CHUNK)])
        for y, row in enumerate(rows, QUIET)
    ]
    return "".join(parts), size + 2 * QUIET


@cache
def _strokes() -> dict[str, str]:
    """Return the part of a path that fills the dark ones of a few modules and ends behind the last,
    for every pattern:
    to look for the dark ones anew in each row of each code took longer than all the rest of a code.
    """
    every = (format(n, f"0{width}b") for width in range(1, CHUNK + 1) for n in range(1 << width))
    return {pattern: _stroke(pattern) for pattern in every}


def _stroke(pattern: str) -> str:
    at, parts = 0, []
    for dark in _DARK.finditer(pattern):
        width = dark.end() - dark.start()
        parts.append(
            (f"m{dark.start() - at} 0" if dark.start() > at else "") + f"h{width}v1h-{width}z"
        )
        at = dark.start()
    return "".join(parts) + (f"m{len(pattern) - at} 0" if at < len(pattern) else "")


def _rows(text: str) -> list[str]:
    """Return the modules of a code, 1 for dark, a text a row."""
    if not text.isascii() or _OTHER_MODES.fullmatch(text):
        return _written(segno.make_qr(text, error="m", mask=MASK).matrix)
    form = _form(len(text))
    whole = format(form.frame ^ form.laid(text.encode()), f"0{form.size * form.size}b")
    return [whole[start : start + form.size] for start in range(0, len(whole), form.size)]


def _written(matrix: Any) -> list[str]:  # noqa: ANN401  # rows of bytes, as segno keeps them
    return ["".join("1" if dark else "0" for dark in row) for row in matrix]


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
        count = 8 if self.size <= _SIZE_9 else 16
        head = (
            (BYTES << count | len(text)) << 8 * len(text) | int.from_bytes(text, "big")
        ) << 4  # and the end mark
        whole = head.to_bytes((4 + count + 8 * len(text) + 4) // 8, "big")
        most = sum(data for data, _ in self.blocks)
        words = bytes(islice(chain(whole, cycle(PAD)), most))
        data: list[bytes] = []
        correction: list[bytes] = []
        for length, extra in self.blocks:
            data.append(words[:length])
            words = words[length:]
            correction.append(_remainder(data[-1], extra))
        laid = chain(chain(*zip_longest(*data)), chain(*zip_longest(*correction)))
        return [word for word in laid if word is not None]


_SIZE_9 = 53
"""Width of version 9, the last that counts its text in one byte."""


@lru_cache(maxsize=32)
def _form(length: int) -> _Form:
    """Take from segno what all codes share whose text has this many bytes."""
    sample = "a" * length
    code = segno.make_qr(sample, error="m", mask=MASK)
    kinds = [list(row) for row in code.matrix_iter(border=0, verbose=True)]
    size, order = len(kinds), _order(kinds)
    levels: Any = consts.ECC[code.version]
    kept = levels[consts.ERROR_MAPPING[code.error]]
    blocks = tuple(
        (one.num_data, one.num_total - one.num_data) for one in kept for _ in range(one.num_blocks)
    )
    bits = len(order)
    nth = {place: n for n, place in enumerate(order)}
    places = itemgetter(*(nth.get((y, x), bits) for y in range(size) for x in range(size)))
    empty = _Form(size, 0, blocks, places, bits)
    return _Form(
        size,
        int("".join(_written(code.matrix)), 2) ^ empty.laid(sample.encode()),
        blocks,
        places,
        bits,
    )


def _order(kinds: list[list[int]]) -> list[tuple[int, int]]:
    """Return the places of the bits of a text, row and column, in their order: in pairs of
    columns, up and down."""
    size = len(kinds)
    found: list[tuple[int, int]] = []
    mislabelled = (
        8,
        size - 9,
    )  # segno calls it part of the format, which ends one module further right
    columns = [
        right if right > 6 else right - 1 for right in range(size - 1, 0, -2)
    ]  # the sixth is for timing
    for pair, right in enumerate(columns):
        rows = range(size - 1, -1, -1) if pair % 2 == 0 else range(size)
        pairs = [(y, x) for y in rows for x in (right, right - 1)]
        found += [(y, x) for y, x in pairs if kinds[y][x] in _OF_TEXT or (y, x) == mislabelled]
    return found


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
    return tuple(
        int.from_bytes(bytes(_times(factor, one) for factor in generator[1:]), "big")
        for one in range(256)
    )


def _remainder(data: bytes, count: int) -> bytes:
    """Return the words that correct a block."""
    multiples, top, most = _multiples(count), 8 * (count - 1), (1 << 8 * count) - 1
    rest = 0
    for word in data:
        rest = (rest << 8 & most) ^ multiples[word ^ rest >> top]
    return rest.to_bytes(count, "big")
