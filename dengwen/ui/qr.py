"""QR codes as SVG, made by segno: one path, coloured by ui.css, with the four modules of quiet
that scanners want.

segno encodes and corrects each text. Where it then lays the bits, and what mask and
frame make of them, is the same in every code of a version; it is learned from segno once. To let it
go over each module of each code anew takes as long as all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain, groupby, zip_longest
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

from segno import consts, encoder

from dengwen.ui import svg

QUIET = 4
"""Modules of empty border (ISO/IEC 18004)."""
segno: Any = encoder
"""The steps by which segno makes a code; it has no types."""
LEVEL = consts.ERROR_LEVEL_M
"""About 15 % of a code may be stained or creased."""
MASK = 4
"""The pattern laid over every code (rows in pairs, columns in threes). A reader takes any of the
eight from the code itself; to try all for the best looking one takes four times as long."""

LEFT_OVER = bytes(8)
"""Modules that no word fills, seven at most, are light, and so are those that hold no bit."""
CHUNK = 8
"""Modules of a row that are drawn at once; there are few patterns of so many."""
OPEN = 3
"""Numbers from here on stand for no module that segno knows."""
Places = Callable[[Sequence[int]], tuple[int, ...]]


def qr_svg(text: str, name: str, uid: str, *, class_: str = "qr") -> str:
    """Return a QR code of `text`.

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
    modules, size = _modules(text)
    path = []
    for y in range(size):
        path.append(f"M{QUIET} {y + QUIET}.5")
        row = modules[y * size : (y + 1) * size]
        path += [_stroke(row[x : x + CHUNK]) for x in range(0, size, CHUNK)]
    return "".join(path), size + 2 * QUIET


def _modules(text: str) -> tuple[bytes, int]:
    """Return the modules of a code row by row, 1 for dark, and its width."""
    segments = segno.prepare_data(text, None, None)
    version = segno.find_version(segments, LEVEL, eci=False, micro=False)
    frame, places = _form(version)
    bits = bytes(places(_bits(segments, version) + LEFT_OVER))
    laid = int.from_bytes(frame, "big") ^ int.from_bytes(bits, "big")
    return laid.to_bytes(len(frame), "big"), segno.calc_matrix_size(version)


class _Words(segno.Buffer):  # type: ignore[misc]  # segno has no types
    """The words of a code, of which segno makes each bit by itself: here they come from a table."""

    __slots__ = ()

    def append_bits(self, val: int, length: int) -> None:
        self.extend(_spread(val, length))


@lru_cache(maxsize=1 << 10)
def _spread(number: int, length: int) -> bytes:
    """Return the lowest bits of a number, the highest of them first."""
    return bytes(number >> place & 1 for place in reversed(range(length)))


def _bits(segments: Any, version: int) -> bytes:  # noqa: ANN401  # those of segno, which has no types
    """Return the bits of a text with those that correct them, in the order in which they are
    laid: the first words of all blocks, then the second ones (ISO/IEC 18004, 7.6)."""
    words = _Words()
    for segment in segments:
        segno.write_segment(words, segment, None, segno.version_range(version))
    capacities: Any = consts.SYMBOL_CAPACITY
    most = capacities[version][LEVEL]
    segno.write_terminator(words, most, None, len(words))
    segno.write_padding_bits(words, version, len(words))
    segno.write_pad_codewords(words, version, most, len(words))
    blocks: Any = consts.ECC
    data, correction = segno.make_blocks(blocks[version][LEVEL], words)
    turns = chain(zip_longest(*data), zip_longest(*correction))
    return b"".join([_spread(word, 8) for turn in turns for word in turn if word is not None])


@cache
def _form(version: int) -> tuple[bytes, Places]:
    """Return what all codes of a version share: their modules as they are without any bit, and
    where the bits of a text are laid."""
    size = segno.calc_matrix_size(version)
    frame = segno.make_matrix(size, size)
    segno.add_finder_patterns(frame, size, size)
    segno.add_alignment_patterns(frame, size, size)
    places = _places(frame, version)
    segno.add_codewords(frame, bytes(_count(frame)), version)
    _mask, masked = segno.find_and_apply_best_mask(frame, size, size, MASK)
    segno.add_format_info(masked, version, LEVEL, MASK)
    segno.add_version_info(masked, version)
    return b"".join(bytes(row) for row in masked), places


def _places(frame: Sequence[bytearray], version: int) -> Places:
    """Return what puts the bits of a text, with `LEFT_OVER` behind them, in the places of the
    modules: segno lays their numbers."""
    numbered, count = [list(row) for row in frame], _count(frame)
    segno.add_codewords(numbered, range(OPEN, OPEN + count), version)
    none = count // 8 * 8
    order = [place - OPEN if place >= OPEN else none for row in numbered for place in row]
    return itemgetter(*order)


def _count(frame: Sequence[bytearray]) -> int:
    """Return how many modules of a frame are open for bits."""
    return sum(row.count(2) for row in frame)


@lru_cache(maxsize=1 << CHUNK + 1)
def _stroke(modules: bytes) -> str:
    """Return the part of a path that goes along some modules of a row and draws the dark ones."""
    along = {0: "m{} 0", 1: "h{}"}
    return "".join(along[dark].format(len(list(group))) for dark, group in groupby(modules))
