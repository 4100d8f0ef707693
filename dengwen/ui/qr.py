"""QR codes as SVG, made by segno: one path, coloured by ui.css, with the four modules of quiet
that scanners want."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from xml.sax.saxutils import escape

import segno

from dengwen.ui import svg

QUIET = 4
"""Modules of empty border (ISO/IEC 18004)."""
MASK = 4
"""The pattern laid over every code (rows in pairs, columns in threes). A reader takes any of the
eight from the code itself; to try all for the best looking one takes four times as long."""

CHUNK = 8
"""Modules of a row that are drawn at once; there are few patterns of so many."""


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
    code = segno.make_qr(text, error="m", boost_error=False, mask=MASK)
    size = len(code.matrix)
    path = []
    for y, row in enumerate(code.matrix, QUIET):
        path.append(f"M{QUIET} {y}.5")
        path += [_stroke(bytes(row[x : x + CHUNK])) for x in range(0, size, CHUNK)]
    return "".join(path), size + 2 * QUIET


@lru_cache(maxsize=1 << CHUNK + 1)
def _stroke(modules: bytes) -> str:
    """Return the part of a path that goes along some modules of a row and draws the dark ones."""
    along = {0: "m{} 0", 1: "h{}"}
    return "".join(along[dark].format(len(list(group))) for dark, group in groupby(modules))
