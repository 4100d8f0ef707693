"""An office for every test of accountability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.petitions.intake.online_submission import by_petitioner
from tests.world import World, prepare


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


@pytest.fixture
def rated(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which a petitioner acts through the portal."""
    plain = World.by
    monkeypatch.setattr(
        World, "by", lambda self, who: by_petitioner() if who == "public" else plain(self, who)
    )
    return world
