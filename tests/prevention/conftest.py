"""An office under a place where the responsibility rules hold, with a Party committee and a government of the area."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.organs.models import Division, Organ, Seat
from tests.world import World, prepare

AREA = "500199"
SINCE = date(2018, 1, 2)


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02; every organ of it sits in a division under 50."""
    prepare(tmp_path, settings)
    world = World()
    if not Division.objects.filter(code=AREA).exists():
        Division.objects.create(code=AREA, name="云江区（虚构）", level="county", valid_from=SINCE, act=1)
    known = set(Seat.objects.values_list("organ_id", flat=True))
    for organ in Organ.objects.all():
        if organ.pk not in known:
            Seat.objects.create(organ=organ, division_code=AREA, valid_from=SINCE, act=1)
    Organ.objects.filter(division_code="").update(division_code=AREA)
    return world
