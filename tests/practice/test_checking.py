"""A newcomer to the practice office finds an assessment that can be computed again, and an
inspection of today."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.frozen.freeze import home
from dengwen.assessment.frozen.manifest import NAME
from dengwen.assessment.frozen.recomputation import verify
from dengwen.cases.models import Act, Case
from dengwen.ledger.models import Checkpoint
from dengwen.oversight.inspections.published_plan import draw_now
from dengwen.oversight.inspections.queries import read_inspection
from dengwen.practice.load.inspection_load import assessed_period, show_assessment, show_inspection
from tests.assessment import quarter
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
    times = list(
        Act.objects.filter(case=made.case).order_by("seq").values_list("occurred_at", flat=True)
    )
    assert times == sorted(times)
    assert times[-1] <= now
    assert show_inspection(now) == ""  # once


def test_an_organ_of_one_matter_is_not_inspected(world: World) -> None:
    world.to_accepted("2025-03-03")
    assert show_inspection(at("2025-06-30")) == ""
    assert not Case.objects.filter(kind="inspection").exists()


@pytest.mark.parametrize(
    ("today", "period"),
    [
        ("2026-11-28", ("2026-01-01", "2026-09-30")),
        ("2026-07-30", ("2026-01-01", "2026-06-30")),
        ("2026-07-20", ("2026-01-01", "2026-03-31")),
        ("2027-02-10", ("2026-01-01", "2026-12-31")),
    ],
)
def test_what_is_assessed_was_over_when_the_assessment_began(
    today: str, period: tuple[str, str]
) -> None:
    assert assessed_period(date.fromisoformat(today)) == tuple(map(date.fromisoformat, period))


def test_an_assessment_is_frozen_and_can_be_computed_again(world: World) -> None:
    numbers = [world.to_accepted(f"2026-03-0{day}") for day in (3, 4, 5)]
    quarter.decide(world, numbers[0], "2026-04-10")
    quarter.decide(world, numbers[1], "2026-05-20")
    now = at("2026-07-30")
    number = show_assessment(now)
    assert Case.objects.get(number=number).state == "frozen"
    assert verify(home(number) / NAME).sound
    acts = Act.objects.filter(case__number=number)
    assert {"open", "exclude", "confirm_exclusion", "send", "object", "rule", "freeze"} <= set(
        acts.values_list("act", flat=True)
    )
    times = list(acts.order_by("seq").values_list("occurred_at", flat=True))
    assert times == sorted(times)
    assert at("2026-07-01") < times[0]
    assert times[-1] <= now
    assert {checkpoint.signed_at.date() for checkpoint in Checkpoint.objects.all()} == {
        now.date()
    }  # sealed as written
    assert show_assessment(now) == ""  # once


def test_without_a_fact_there_is_no_assessment(world: World) -> None:
    assert show_assessment(at("2026-07-30")) == ""
    assert not Case.objects.filter(kind="assessment").exists()
