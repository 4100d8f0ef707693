"""Whether an act of an incident was entered on another day than it claims: by the day in China."""

from __future__ import annotations

import inspect
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.leadership import incidents
from tests.world import at


@pytest.mark.parametrize(
    ("done", "entered", "later"),
    [
        (at("2025-03-17", 20), at("2025-03-18", 0), True),  # one day in UTC
        (at("2025-03-18", 7), at("2025-03-18", 9), False),  # two days in UTC
        (at("2025-03-18", 0), at("2025-03-18", 23), False),
        (None, at("2025-03-18", 0), False),
    ],
)
def test_back_dating_is_told_by_the_day_in_china(
    done: datetime | None, entered: datetime, *, later: bool
) -> None:
    [owner] = [
        kind
        for _name, kind in inspect.getmembers(incidents, inspect.isclass)
        if "claimed_later" in vars(kind)
    ]
    row: Any = SimpleNamespace(done_at=done, entered_at=entered)
    assert vars(owner)["claimed_later"].fget(row) is later
