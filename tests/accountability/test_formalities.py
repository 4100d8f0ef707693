"""Formalities after a measure: each recorded and lengthened for itself, and only while open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Duty
from dengwen.cases.write.check import Refused
from tests.accountability.measuring import LIGHT, decide, found_here, official, opened_bare, refused
from tests.world import World


def two_sanctions(world: World) -> str:
    """Let the commission give a sanction of the Party and one of the state, each with
    formalities."""
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, number)
    given: dict[str, Any] = {"who": "sanction-head", "by": "YJ09-Q", **LIGHT}
    decide(world, number, "gov_removal", "party_removal", **given)
    return number


def record(world: World, number: str, measure: str, on: str = "2025-04-02") -> None:
    """Record that the formalities of a measure are done."""
    given: dict[str, Any] = {
        "measure": measure,
        "department": world.organ("YJW"),
        "done_on": date.fromisoformat(on),
    }
    world.act(
        "sanction-officer", "record_formalities", number, on=on, texts={"what": "已存档"}, **given
    )


def lengthen(world: World, number: str, measure: str) -> None:
    """Let the head approve two months more for the formalities of a measure."""
    given: dict[str, Any] = {"measure": measure, "months": 2, "decider": official("YJ09-Q")}
    texts = {"reasons": "编制待核"}
    world.act("sanction-head", "extend_formalities", number, on="2025-04-02", texts=texts, **given)


def open_ones(number: str) -> dict[str, str]:
    """Return the open duties of formalities of a file, each with its last day."""
    rows = Duty.objects.filter(case__number=number, rule__startswith="formalities_", state="open")
    return {row.rule: f"{row.due:%m-%d}" for row in rows}


def test_formalities_are_recorded_and_lengthened_measure_by_measure(world: World) -> None:
    number = two_sanctions(world)
    before = open_ones(number)
    assert set(before) == {"formalities_sanction", "formalities_party"}
    lengthen(world, number, "gov_removal")
    after = open_ones(number)
    assert after["formalities_party"] == before["formalities_party"]
    assert after["formalities_sanction"] != before["formalities_sanction"]
    record(world, number, "party_removal")
    assert set(open_ones(number)) == {"formalities_sanction"}


def test_what_is_not_open_is_neither_recorded_nor_lengthened(world: World) -> None:
    number = two_sanctions(world)
    with refused("no-formalities"):
        record(world, number, "gov_dismissal")
    with refused("no-formalities"):
        lengthen(world, number, "party_expulsion")
    with pytest.raises(Refused):  # the text lengthens no formalities of a treatment
        lengthen(world, number, "removal")
    record(world, number, "gov_removal")
    with refused("no-formalities"):  # twice
        record(world, number, "gov_removal", on="2025-04-03")
    assert set(open_ones(number)) == {"formalities_party"}
