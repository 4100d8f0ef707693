"""The day on which the tests happen: held for all of them, whatever day it is where they run.

Only the doors ask what time it is, each in a module of its own. `tests/conftest.py` sets the clocks
of all doors to
`DAY` for the whole run; they go on from there, so that what happens later is later. A test with a
day of its own sets
them anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from dengwen.cli.shell import clock as cli_clock
from dengwen.desk.shell.frame import clock as desk_clock
from dengwen.portal import clock as portal_clock

DAY = datetime(2026, 11, 25, 2, tzinfo=UTC)
"""A Wednesday, ten in the morning in China. The notice of its year is published, that of the
next year is not."""
DOORS: tuple[ModuleType, ...] = (cli_clock, desk_clock, portal_clock)
SENSITIVE = ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01", "2027-02-28", "2028-02-29")
"""Days at an edge: a month's end, the day from which the next notice is owed, the year's ends,
February's last days."""


def running_from(start: datetime) -> Callable[[], datetime]:
    """A clock that shows `start` now and goes on from there."""
    begun = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begun)


@contextmanager
def set_to(start: datetime) -> Iterator[Callable[[], datetime]]:
    """Set the clocks of all doors to an instant, from which they go on; the clock itself is
    handed out."""
    clock = running_from(start)
    with pytest.MonkeyPatch.context() as patch:
        for door in DOORS:
            patch.setattr(door, "now", clock)
        yield clock
