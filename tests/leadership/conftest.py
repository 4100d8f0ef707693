"""An office for every test of cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world import World, prepare


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


@pytest.fixture
def durable_world(transactional_db: None, tmp_path: Path, settings: Any) -> World:  # the same
    """The district in a database whose commits are real, for races and guards."""
    prepare(tmp_path, settings)
    return World()
