"""A newcomer to the practice office finds an inspection of today, drawn by plan, checkpoint and secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.cases.models import Act, Case
from dengwen.oversight.inspections import read_inspection
from dengwen.oversight.published_plan import draw_now
from dengwen.practice.checking import show_inspection
from tests.world import World, at, prepare


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


def test_an_inspection_waits_for_its_last_case(world: World) -> None:
    held = {world.to_accepted(f"2025-03-0{day}") for day in (3, 4, 5, 6, 7)}
    now = at("2025-06-30")
    number = show_inspection(now)
    made = read_inspection(Case.objects.get(number=number))
    assert made.case.state == "drawn"
    assert made.to == world.organ("YJ02")  # the organ with most matters
    assert made.depositor not in (made.to, world.organ("YJ01"))
    assert set(made.drawn) <= held
    assert len(made.drawn) == 4
    again = draw_now(made)
    assert again is not None
    assert again.numbers == made.drawn
    checked = Act.objects.filter(case=made.case, act="check_case")
    assert checked.count() == len(made.drawn) - 1
    times = list(Act.objects.filter(case=made.case).order_by("seq").values_list("occurred_at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= now
    assert show_inspection(now) == ""  # once


def test_an_organ_of_one_matter_is_not_inspected(world: World) -> None:
    world.to_accepted("2025-03-03")
    assert show_inspection(at("2025-06-30")) == ""
    assert not Case.objects.filter(kind="inspection").exists()
