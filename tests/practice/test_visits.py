"""The collective visit of the practice office and its incident: all through the door, nothing
refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Case, Document, Duty
from dengwen.practice.district.settings import set_targets
from dengwen.practice.district.staff import NotPracticeError
from dengwen.practice.load.visits import CAME, add_visit
from tests.world import FOUNDED, World, at, prepare


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district with its local targets."""
    prepare(tmp_path, settings)
    made = World()
    set_targets(FOUNDED)
    return made


def test_forty_came_and_the_clock_of_the_incident_runs(world: World) -> None:
    made = add_visit(at("2025-03-03", 15))
    case = Case.objects.get(number=made.petition)
    assert case.members.exclude(code_digest="").count() == CAME
    assert case.members.filter(representative=True).count() == 5
    duties = dict(Duty.objects.filter(case__number=made.incident).values_list("rule", "state"))
    waiting = {rule for rule, state in duties.items() if state == "open"}
    assert waiting == {"report_national", "leader_handles"}
    assert Document.objects.filter(case__number=made.incident).count() == 4
    assert (
        Case.objects.filter(kind="petition").count() == 2
    )  # the visit, and one member's own matter
    assert list(replay.check()) == []


def test_a_real_office_takes_no_invented_visit(world: World, settings: Any) -> None:
    settings.PRACTICE = False
    with pytest.raises(NotPracticeError):
        add_visit(at("2025-03-03", 15))
