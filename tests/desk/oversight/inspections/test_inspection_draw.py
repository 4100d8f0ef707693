"""The plan and the draw: what was typed stays, what a redraw needs is handed out, a plan lapses."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from dengwen.cases.models import Act, Case
from dengwen.oversight.inspections.queries import read_inspection
from tests.desk.oversight.inspections.sample_inspection import (
    PLAN,
    SECRET,
    drawn,
    planned,
    sit,
    text,
)
from tests.world import World


def test_a_plan_with_nothing_to_draw_or_a_missing_day_keeps_what_was_typed(
    world: World, now: Any
) -> None:
    number = planned(world, cases=1)
    path = f"/desk/oversight/inspections/{number}/plan/"
    for wrong in (
        {"first": "2024-01-01", "last": "2024-02-01"},
        {"open_by": ""},
        {"size": "x"},
        {"checklist": "｜"},
    ):
        answer = sit("supervisor").post(path, {**PLAN, **wrong})
        assert answer.status_code == 422
        assert "上半年" in answer.content.decode()
    assert not Act.objects.filter(act="file_plan").exists()


def test_the_page_says_who_could_steer_and_hands_out_what_a_redraw_needs(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    page = text(sit("handler"), f"/desk/oversight/inspections/{number}/")
    assert "运维方和交存单位串通" in page
    assert SECRET.hex() in page
    plan = sit("handler").get(f"/desk/oversight/inspections/{number}/published/1/plan.json/")
    made = read_inspection(Case.objects.get(number=number))
    assert made.plan is not None
    assert sha256(plan.content).hexdigest() == made.plan.data["plan"]
    note = (
        sit("handler")
        .get(f"/desk/oversight/inspections/{number}/published/1/checkpoint.txt/")
        .content.decode()
    )
    assert note.splitlines()[1] == str(made.drawing.data["checkpoint"] if made.drawing else 0)
    assert (
        sit("handler").get(f"/desk/oversight/inspections/{number}/published/1/x/").status_code
        == 404
    )
    assert (
        sit("handler")
        .get(f"/desk/oversight/inspections/{number}/published/2/plan.json/")
        .status_code
        == 404
    )
    assert sit("handler2").get(f"/desk/oversight/inspections/{number}/").status_code == 404


def test_after_a_lapse_the_page_asks_for_another_deposit_and_keeps_the_old_plan(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = planned(world)
    assert (
        sit("supervisor").post(f"/desk/oversight/inspections/{number}/plan/", PLAN).status_code
        == 302
    )
    now("2025-06-11")
    world.act("supervisor", "lapse_plan", number, on="2025-06-11")
    path = f"/desk/oversight/inspections/{number}/"
    page = text(sit("supervisor"), path)
    assert f"/desk/case/{number}/ask_deposit/" in page
    assert "方案已失效，没有抽取" in page
    plan = sit("supervisor").get(f"{path}published/1/plan.json/")
    assert f'href="{path}published/1/plan.json/"' in page
    [lapsed] = read_inspection(Case.objects.get(number=number)).filings
    assert sha256(plan.content).hexdigest() == lapsed.plan.data["plan"]
