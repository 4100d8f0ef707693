"""Measures in force that have no day on which they end: they stand in an opinion from the day of
the decision, and are gone from the day on which they are undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dengwen.accountability.measures.queries import Measure
from dengwen.accountability.personnel import extracts
from dengwen.accountability.personnel.cadre_opinion import _measure
from dengwen.accountability.personnel.extracts import measures_in_force
from tests.accountability.measuring import decide, found_here, official
from tests.accountability.measuring import opened_bare as bare
from tests.world import World

DAY = date(2025, 4, 1)
LATER = date(2045, 4, 1)


def test_a_dismissal_is_in_force_from_its_day_and_never_runs_out(world: World) -> None:
    number = bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, number)
    decide(world, number, "gov_dismissal", who="sanction-head", by="YJ09-Q", light=True)
    who = official("YJ02-Z")
    assert measures_in_force(who, date(2025, 3, 31)) == ()
    for day in (DAY, LATER):
        [one] = measures_in_force(who, day)
        assert (one.measure, one.last, one.article) == ("gov_dismissal", None, "7")
    said = _measure(one, "day_before")
    assert "条文没有写期限" in said
    assert "末日" not in said


MEASURE = Measure(
    case="F1",
    place="500199",
    official=1,
    organ=None,
    measure="circular",
    decided=DAY,
    decided_by=None,
    decision=1,
    deadline=date(2025, 6, 30),
)


@pytest.mark.parametrize(
    ("changed", "held"),
    [
        ({}, 0),  # a circular: no number was found, and nothing bars anybody
        ({"measure": "unit_dismissal"}, 1),
        ({"measure": "other_treatment", "said": "停止分管工作"}, 0),  # CADRE 24(6) has no such bar
        ({"measure": "unit_dismissal", "corrected": date(2025, 5, 1)}, 0),
        ({"measure": "admonition", "met": False}, 0),  # its six months are over
    ],
)
def test_only_a_dismissal_that_stands_is_held_without_end(
    db: None, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], held: int
) -> None:
    monkeypatch.setattr(extracts, "measures_of", lambda _official: [replace(MEASURE, **changed)])
    assert len(measures_in_force(1, LATER)) == held
