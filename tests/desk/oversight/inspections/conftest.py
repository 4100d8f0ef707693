"""The day it is at the desk while an inspection goes on."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.desk.shell.frame import clock
from tests.desk.oversight.inspections.sample_inspection import START
from tests.world import at


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the desk's clock to a day."""

    def to(day: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(day))

    to(START)
    return to
