"""QR codes as SVG, made by segno: one path, coloured by ui.css, with the four modules of quiet
that scanners want."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.sax.saxutils import escape

import segno

from dengwen.ui import svg

QUIET = 4
"""Modules of empty border (ISO/IEC 18004)."""
MASK = 4
"""The pattern laid over every code (rows in pairs, columns in threes). A reader takes any of the
eight from the code itself; to try all for the best looking one takes four times as long."""

_DARK = re.compile(rb"\x01+")
"""Dark modules side by side in a row of segno's."""


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
    strokes = []
    for y, row in enumerate(code.matrix, QUIET):
        for dark in _DARK.finditer(row):
            begin, end = dark.span()
            strokes.append(f"M{QUIET + begin} {y}.5h{end - begin}")
    return "".join(strokes), len(code.matrix) + 2 * QUIET
