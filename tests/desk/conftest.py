"""People of the invented district at the desk, on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dengwen.desk.shell.frame import clock
from tests.world import World, at, prepare

BACKEND = "dengwen.access.login.sign_in.PasswordBackend"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


class Day:
    """The day it is at the desk; a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2025, 3, 3, 2, tzinfo=UTC)

    def set(self, day: str, hour: int = 10) -> None:
        """Make it a day and hour in China."""
        self.now = at(day, hour)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """The clock of the door, held still."""
    held = Day()
    monkeypatch.setattr(clock, "now", lambda: held.now)
    return held


Sit = Callable[..., Client]


@pytest.fixture
def sit(world: World, day: Day) -> Sit:
    """Sit somebody of the district down at the desk."""

    def down(username: str, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(world.office.users[username], backend=BACKEND)
        return client

    return down
