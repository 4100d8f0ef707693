"""A new inspection: what is missing, who may deposit, and what stayed open comes along."""

from __future__ import annotations

from datetime import date
from typing import Any

from dengwen.cases.models import Case
from tests.desk.oversight.inspections.sample_inspection import START, planned, sit, text
from tests.world import World


def test_an_organ_that_inspects_nobody_and_an_incomplete_plan(world: World, now: Any) -> None:
    assert sit("supervisor").post("/desk/oversight/inspections/new/", {}).status_code == 422
    own = {
        "to": world.organ("YJ02"),
        "depositor": world.organ("YJ01"),
        "type": "special",
        "subject": "信访工作",
        "until": "2025-07-01",
        "begins": START,
    }
    assert (
        sit("supervisor")
        .post("/desk/oversight/inspections/new/", {**own, "begins": ""})
        .status_code
        == 422
    )
    refused = sit("supervisor").post("/desk/oversight/inspections/new/", own)
    assert refused.status_code == 422
    assert "不能由督查机关自己交存" in refused.content.decode()
    assert not Case.objects.filter(kind="inspection").exists()


def test_what_stayed_open_comes_along_by_itself(world: World, now: Any) -> None:
    now("2025-06-04")
    number = planned(world)
    listed: dict[str, Any] = {"line": 1, "owner": world.organ("YJ02"), "until": date(2025, 7, 1)}
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "system",
        "texts": {"findings": "一项"},
    }
    world.act("supervisor", "conclude", number, on="2025-06-05", **end)
    world.act(
        "supervisor",
        "list_finding",
        number,
        on="2025-06-05",
        texts={"what": "没有告知书"},
        **listed,
    )
    now("2026-03-02")
    form = {
        "to": world.organ("YJ02"),
        "depositor": world.organ("YJ02"),
        "type": "special",
        "subject": "信访工作",
        "until": "2026-06-30",
        "begins": "2026-03-02",
    }
    assert sit("supervisor").post("/desk/oversight/inspections/new/", form).status_code == 302
    second = Case.objects.filter(kind="inspection").exclude(number=number).get()
    page = text(sit("handler"), f"/desk/oversight/inspections/{second.number}/")
    assert "没有告知书" in page
    assert "report_rectified" in page
