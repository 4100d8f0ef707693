"""A day as people type it."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{4})(?:[-/.]|\s*年\s*)(\d{1,2})(?:[-/.]|\s*月\s*)(\d{1,2})\s*[日号]?")
"""Year, month and day with what may stand between them: 2026-11-24, 2026/11/24, 2026.11.24,
2026年11月24日."""


def day_typed(text: str) -> date | None:
    """Return the day that a text says, or None where it says none."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text.strip())
    except ValueError:
        return None
