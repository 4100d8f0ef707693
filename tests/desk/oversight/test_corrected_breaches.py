"""A breach stays and points to the correction that touches it: on the case page and in the
breach list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act
from dengwen.organs.models import Official
from tests.world import World, at


@pytest.mark.parametrize(
    ("language", "on_case", "in_list"),
    [
        ("zh", "已由2025-03-20的更正（第5个行为）说明，记录保留", "更正，涉及这条逾期记录"),
        (
            "en",
            "touched by the correction of 2025-03-20 (act 5)",
            "correction that touches this breach",
        ),
    ],
)
def test_a_breach_points_to_its_correction(
    world: World, sit: Any, day: Any, language: str, on_case: str, in_list: str
) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    sweep(now=at("2025-03-19"))
    target = Act.objects.get(case__number=number, act="register").pk
    world.act(
        "clerk",
        "correct",
        number,
        on="2025-03-20",
        texts={"reason": "抄错"},
        target=target,
        field="received_on",
        new="2025-03-04",
        second=Official.objects.get(code="YJ01-S").pk,
        step={"paper": "ab" * 32},
    )
    page = sit("supervisor", language)
    assert on_case in page.get(f"/desk/case/{number}/").content.decode()
    assert in_list in page.get("/desk/oversight/breaches/").content.decode()
