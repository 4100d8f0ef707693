"""An office for every test of prevention."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.practice.district.plan import DISTRICT_DIVISION
from tests.world import World, prepare

AREA = DISTRICT_DIVISION


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()
