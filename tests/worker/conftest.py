"""An office whose commits are real, as the worker finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world import World, prepare


@pytest.fixture
def durable_world(
    emptied_past_the_guards: None, transactional_db: None, tmp_path: Path, settings: Any
) -> World:
    """The district in a database whose commits are real."""
    prepare(tmp_path, settings)
    return World()
