"""Days and instants as scenario files write them: TOML dates, or the same as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from dengwen.law.duties.act_record import CHINA

DATED = frozenset(
    {
        "at",
        "entered",
        "raw",
        "due",
        "original",
        "closed",
        "opened",
        "breach",
        "today",
        "on",
        "from",
        "until",
    }
)
"""Keys of scenarios, counts and expectations that hold a day."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


def instant_of(value: date | datetime) -> datetime:
    """Return a day as noon in China, an instant as it is; one without a zone is China's."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    return datetime.combine(value, time(12), CHINA).astimezone(UTC)


def with_days(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry in which days written as text are days; ValueError where such a text is
    none."""
    return {key: _with_days(key, value) for key, value in entry.items()}


def _with_days(key: str, value: Any) -> Any:  # noqa: ANN401 — TOML
    if isinstance(value, dict):
        return with_days(value)
    if isinstance(value, list):
        return [_with_days(key, one) for one in value]
    if key in DATED and isinstance(value, str) and _DAY.match(value):
        return (
            datetime.fromisoformat(value)
            if _DAY.fullmatch(value) is None
            else date.fromisoformat(value)
        )
    return value
