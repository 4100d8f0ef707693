"""Scenarios as a lawyer jots them down: what decides nothing may be left out, what is wrong is
said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from dengwen.law.scenarios import scenario
from dengwen.law.scenarios.written_days import instant_of, with_days
from tests.law.test_packs import LIBRARY

RECEIVED = {"at": date(2025, 1, 24), "act": "receive", "by": "县住建局"}
ACCEPTED = {"at": date(2023, 10, 1), "act": "accept", "by": "县住建局"}


def play(acts: list[dict[str, Any]], expect: list[dict[str, Any]], **more: Any) -> tuple[str, ...]:
    entry = {"section": "scenario", "zh": "示例", "acts": acts, "expect": expect, **more}
    return scenario.run(LIBRARY, "示例.toml", entry).failures


@pytest.mark.case("A04")
def test_a_scenario_may_begin_in_the_middle_without_saying_how_it_came_there() -> None:
    assert play([RECEIVED], [{"duty": "object", "due": date(2025, 2, 7)}]) == ()
    assert play([RECEIVED], [{"duty": "object", "due": date(2025, 2, 8)}]) != ()


def test_particulars_that_decide_nothing_may_be_left_out() -> None:
    assert play([ACCEPTED], [{"duty": "handle", "due": date(2023, 11, 30)}]) == ()


def test_days_may_be_written_as_text() -> None:
    assert play([{**RECEIVED, "at": "2025-01-24"}], [{"duty": "object", "due": "2025-02-07"}]) == ()
    assert with_days({"at": "2025-01-24T09:30", "acts": [{"opened": "000-2025-000000000-0"}]}) == {
        "at": datetime(2025, 1, 24, 9, 30),  # noqa: DTZ001 — China's, as the next line says
        "acts": [{"opened": "000-2025-000000000-0"}],
    }
    assert instant_of(datetime(2025, 1, 24, 9, 30)).utcoffset() is not None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([{**ACCEPTED, "act": "acceptt"}], "acceptt"),
        ([{"act": "accept"}], "'at'"),
        ([{**ACCEPTED, "at": "2023-13-01"}], "写法不对"),
        ([{**ACCEPTED, "at": 20231001}], "写法不对"),
        (["受理"], "写法不对"),
        ([{"at": date(2025, 3, 3), "act": "register", "by": "县信访局"}], "提出形式"),
    ],
)
def test_what_cannot_be_read_is_said_and_does_not_end_the_run(acts: list[Any], said: str) -> None:
    [failure] = play(acts, [])
    assert said in failure


def test_a_refusal_is_tried_without_anything_implied() -> None:
    refused = {**ACCEPTED, "refused": "state"}
    assert play([refused], []) == ()
