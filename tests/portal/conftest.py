"""An office, a clock and a petitioner's browser for the tests of the portal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dengwen.portal import clock
from tests.portal.petitioner import Petitioner
from tests.world import World, at, prepare

TODAY = "2025-03-03"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the portal: `today("2025-03-10")`."""
    held = {"now": at(TODAY)}
    monkeypatch.setattr(clock, "now", lambda: held["now"])

    def move(day: str, hour: int = 10) -> datetime:
        held["now"] = at(day, hour)
        return held["now"]

    return move


@pytest.fixture
def petitioner(world: World, today: Any) -> Petitioner:
    """Somebody at a browser, on 2025-03-03."""
    return Petitioner(Client(headers={"accept-language": "zh-hans"}))
