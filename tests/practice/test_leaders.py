"""The leaders of the practice office have something on their pages, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Case
from dengwen.leadership.models import Slot
from dengwen.practice.district.leaders import show_leaders
from dengwen.practice.district.staff import NotPracticeError
from tests.world import World, at, prepare


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


def test_the_leaders_day_is_written_once(world: World) -> None:
    assert show_leaders(at("2025-03-12")) > 0
    assert show_leaders(at("2025-03-12")) == 0
    states = sorted(Case.objects.filter(kind="instruction").values_list("state", flat=True))
    assert states == ["assigned", "presented", "reported"]
    assert Case.objects.get(kind="case_charge").state == "taken"
    assert Case.objects.get(kind="interview").state == "booked"
    assert Slot.objects.count() > 2
    assert list(replay.check()) == []


def test_a_real_office_is_left_alone(world: World, settings: Any) -> None:
    settings.PRACTICE = False
    with pytest.raises(NotPracticeError):
        show_leaders(at("2025-03-12"))
    assert not Slot.objects.exists()
