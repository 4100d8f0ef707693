"""The practice office has an example of everything in prevention, written through the door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.cases.models import Case, Duty
from dengwen.organs.models import HandlingList
from dengwen.practice.load.prevention_load import load_prevention
from dengwen.prevention.models import Dispute, Position, RaisedWarning
from tests.world import World, at, prepare


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


def test_the_example_is_written_once(world: World) -> None:
    assert load_prevention(at("2025-06-30")) > 0
    states = dict(Case.objects.filter(kind="decision").values_list("title", "state"))
    assert states == {"示例中转站选址": "decided", "示例停车收费调整": "decided"}
    assert Duty.objects.filter(rule="assess_risk", state="open").count() == 1
    assert Position.objects.filter(stand="objection").count() == 1
    assert sorted(Dispute.objects.values_list("number", "result")) == [(1, "defused"), (2, "")]
    assert [w.detector for w in RaisedWarning.objects.all()] == ["same_matter"]
    assert HandlingList.objects.count() == 2
    assert Duty.objects.filter(case__kind="responsibility_record", state="open").exists()
    assert load_prevention(at("2025-06-30")) == 0
