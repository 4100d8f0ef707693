"""A breach stays and points to the correction that touches it: on the case page and in the
breach list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act
from dengwen.organs.models import Official
from tests.desk.conftest import Day, Sit
from tests.world import PAPER, World, at


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


@pytest.mark.parametrize(
    ("language", "head", "day_word"),
    [
        ("zh-hans", "补录的，仅凭事后主张", "原末日"),
        ("en", "Entered late, by claim only", "original last day"),
    ],
)
@pytest.mark.parametrize("late", [True, False])
def test_what_was_lengthened_afterwards_is_listed_with_its_original_day(
    world: World, day: Day, sit: Sit, language: str, head: str, day_word: str, late: bool
) -> None:
    number = world.to_accepted("2025-03-03")
    step = {"late_reason": "停电（示例）", "paper": PAPER, "second": world.official("YJ02-W")}
    more: dict[str, Any] = {"entered": "2025-04-30", "step": step} if late else {}
    texts = {"reason": "需委托检测（示例）"}
    told: dict[str, Any] = {"days": 30, "told_petitioner": True}
    world.act("head", "extend", number, on="2025-04-20", texts=texts, **told, **more)
    day.set("2025-05-02")
    page = sit("supervisor", language).get("/desk/oversight/breaches/").content.decode()
    assert (head in page) is late
    assert (day_word in page) is late
    assert ("2025-05-06" in page) is late
