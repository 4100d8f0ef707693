"""What an extract quotes of assessments: of the organ while he headed it, once circulated, with
the ledger's digest."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from dengwen.accountability.personnel.extracts import Scored, extract_of
from dengwen.assessment.frozen.manifest import NAME
from dengwen.cases.models import Act, Case
from dengwen.practice.year.registers_office import replace_leader
from tests.accountability.deciding import official
from tests.assessment import quarter
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, HEAD, in_force
from tests.kept import kept
from tests.world import World, at


@pytest.fixture
def frozen(world: World, day: Day, sit: Sit) -> str:
    """An assessment of the first half of 2025, frozen and not circulated yet."""
    scheme = in_force(world)
    quarter.sealed(world)
    number = kept(world, "an assessment frozen for its scores", lambda: _frozen(day, sit, scheme))
    day.set("2025-07-09")
    return number


def _frozen(day: Day, sit: Sit, scheme: str) -> str:
    day.set("2025-07-01")
    asked = {"scheme": scheme, "first": "2025-01-01", "last": "2025-06-30"}
    assert sit(CLERK).post("/desk/assessment/choose/", asked).status_code == 302
    case = Case.objects.get(kind="assessment")
    path = f"/desk/assessment/{case.number}/"
    assert sit(CLERK).post(path, {"what": "send", "object_by": "2025-07-08"}).status_code == 302
    day.set("2025-07-09")
    assert sit(HEAD).post(path, {"what": "freeze"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "frozen"
    return case.number


def circulate(world: World, number: str) -> None:
    """Circulate the result."""
    world.act(
        CLERK,
        "conclude",
        number,
        on="2025-07-10",
        first=quarter.FIRST,
        last=quarter.LAST,
        circular_scope="assessed",
        texts={"subject": "各单位", "result": "见清单"},
    )


def scores(code: str = "YJ02-Z", on: str = "2025-07-20") -> tuple[Scored, ...]:
    """Return what an extract of the first half of 2025 quotes."""
    return extract_of(
        official(code), date(2025, 1, 1), date(2025, 6, 30), date.fromisoformat(on)
    ).scores


def test_totals_of_the_organ_headed_are_quoted_once_circulated(world: World, frozen: str) -> None:
    assert scores() == ()
    circulate(world, frozen)
    assert scores(on="2025-07-09") == ()
    [found] = scores()
    said = json.loads(
        (Path(settings.DATA) / "assessments" / frozen / NAME).read_text(encoding="utf-8")
    )
    [total] = [t for t in said["scores"]["totals"] if t["organ"] == world.organ("YJ02")]
    assert (found.case, found.organ, found.sound) == (frozen, "云江区住房建设局", True)
    assert (found.total, found.low or None, found.high or None) == (
        total["total"] or "",
        total["low"],
        total["high"],
    )
    assert found.total
    assert found.manifest == Act.objects.get(case__number=frozen, act="freeze").data["manifest"]


def test_only_of_an_organ_headed_and_in_the_days_it_was(world: World, frozen: str) -> None:
    circulate(world, frozen)
    assert scores("YJ02-L") == ()  # who handles cases heads nothing
    organ = world.office.organs["YJ02"]
    replace_leader(organ, "YJ02-YJ02-Z", "YJ02-Z", "YJ02-9", at("2025-07-11"), date(2025, 7, 1))
    assert len(scores()) == 1
    assert scores("YJ02-9") == ()


def test_a_file_that_is_not_the_ledger_s_is_not_quoted(world: World, frozen: str) -> None:
    circulate(world, frozen)
    path = Path(settings.DATA) / "assessments" / frozen / NAME
    path.write_text(
        path.read_text(encoding="utf-8").replace("云江区住房建设局", "云江区住房建没局"),
        encoding="utf-8",
    )
    [found] = scores()
    assert (found.sound, found.total, found.low) == (False, "", "")
    path.unlink()
    assert [s.sound for s in scores()] == [False]
