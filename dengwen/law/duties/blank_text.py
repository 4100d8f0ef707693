"""Texts that say nothing: spaces of every kind and signs that no eye sees.

A pasted text may hold nothing but a joiner, a byte order mark or a filler of some script; it is as
empty as no text.
Signs of private use and those this Python does not know yet are words: rare names are written with
them.
"""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"})
"""Categories of signs that are not seen by themselves: controls, formats, halves, spaces, marks
on a letter."""
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols, by their category, that leave nothing but a gap."""


def is_blank(text: str) -> bool:
    """Say whether a text holds no sign that can be seen."""
    return all(sign in FILLERS or unicodedata.category(sign) in UNSEEN for sign in text)
