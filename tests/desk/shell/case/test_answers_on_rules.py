"""An answer on how to read a rule, entered in the office, stands with its question where the
rule is explained."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.world import World


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "云江区信访局 2025-03-01　问：收到日期指哪一天　答：指盖收文章的那一天"),
        ("en", "2025-03-01 · Question: 收到日期指哪一天 · Answer: 指盖收文章的那一天"),
    ],
)
def test_the_case_page_shows_question_and_answer(
    world: World, sit: Any, day: Any, language: str, said: str
) -> None:
    number = world.register("2025-03-03")
    before = sit("router", language).get(f"/desk/case/{number}/").content.decode()
    assert "指盖收文章的那一天" not in before
    texts = {"question": "收到日期指哪一天", "answer": "指盖收文章的那一天"}
    world.act(
        "admin",
        "add_interpretation",
        kind="edition",
        on="2025-03-03",
        day=date(2025, 3, 1),
        organ=world.organ("YJ01"),
        rules=("sort",),
        texts=texts,
    )
    assert said in sit("router", language).get(f"/desk/case/{number}/").content.decode()
