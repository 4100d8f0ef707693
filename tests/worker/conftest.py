"""An office whose commits are real, as the worker finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dengwen.ledger import durability
from tests.world import World, prepare


@pytest.fixture
def durable_world(
    emptied_past_the_guards: None,
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """The district in a database whose commits are real.

    The throw-away PostgreSQL does not wait for the disk, which the worker rightly refuses;
    tests/ledger tries that.
    """
    if connection.vendor == "postgresql":
        monkeypatch.setattr(durability, "check", lambda _connection: None)
    prepare(tmp_path, settings)
    return World()
