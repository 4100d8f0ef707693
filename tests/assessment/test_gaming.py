"""Tricks played as real acts, through the door everybody writes by: the facts they leave, and
the flags they raise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.assessment.frozen.frozen_tables import FACTS, Fact, read
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.oversight.inspecting import YES, concluded, examined, planned
from tests.world import CLAIM, World, at

MATTERS = 24
REPORT: dict[str, Any] = {"line": 1, "proof": ("ab" * 32,), "texts": {"done": "已经补做"}}
ELSEWHERE: dict[str, Any] = {"class": "claim", "path": "31(4)"}


def assessed(
    world: World, body: str, folder: Path, last: date = quarter.LAST, on: str = "2025-07-31"
) -> Frozen:
    """Seal everything and freeze from the first day of the half-year on."""
    sequencer.tick(now=at(on))
    return freeze(Run(body, quarter.FIRST, last, newest_position()), folder)


def counted(frozen: Frozen, world: World, indicator: str, organ: str = "YJ02") -> tuple[int, int]:
    """Return numerator and denominator of an indicator of an organ."""
    counts = {(row[0], row[1]): (row[2], row[3]) for row in frozen.manifest["counts"]}
    return counts.get((world.organ(organ), indicator), (0, 0))


def facts(frozen: Frozen, kind: str) -> list[Fact]:
    return [
        fact
        for fact in (Fact(**row) for row in read(frozen.folder / FACTS, FACTS))
        if fact.kind == kind
    ]


# --- putting right that nobody saw ----------------------------------------------------------------
def test_a_false_report_that_all_was_put_right_earns_nothing(
    world: World, body: str, tmp_path: Path
) -> None:
    number, last = concluded(world), date(2025, 7, 31)
    world.act("handler", "report_rectified", number, on="2025-06-30", **REPORT)
    reported = assessed(world, body, tmp_path / "reported", last, "2025-07-01")
    assert [fact.outcome for fact in facts(reported, "finding")] == ["open"]
    assert counted(reported, world, "findings_rectified") == (0, 0)
    world.act(
        "supervisor",
        "return_rectified",
        number,
        on="2025-07-02",
        line=1,
        owner=world.organ("YJ02"),
        until=date(2025, 7, 20),
        texts={"why": "没有做"},
    )
    world.act("handler", "report_rectified", number, on="2025-07-25", **REPORT)
    returned = assessed(world, body, tmp_path / "returned", last)
    assert [fact.outcome for fact in facts(returned, "finding")] == ["overdue"]
    assert counted(returned, world, "findings_rectified") == (0, 1)


def test_a_finding_carried_on_is_not_put_right_by_that(
    world: World, body: str, tmp_path: Path
) -> None:
    number = concluded(world)
    world.act("handler", "report_rectified", number, on="2025-06-25", **REPORT)
    second = planned(world, "2025-06-26")
    carry: dict[str, Any] = {
        "from": number,
        "from_line": 1,
        "line": 1,
        "owner": world.organ("YJ02"),
        "until": date(2025, 7, 10),
        "texts": {"what": "没有说明解释"},
    }
    world.act("supervisor", "carry_over", second, on="2025-06-26", **carry)
    frozen = assessed(world, body, tmp_path / "carried", date(2025, 7, 31), "2025-06-30")
    assert [(fact.outcome, fact.day) for fact in facts(frozen, "finding")] == [
        ("open", date(2025, 7, 10))
    ]


def test_what_was_put_right_and_seen_is_counted(world: World, body: str, tmp_path: Path) -> None:
    number = concluded(world)
    world.act("handler", "report_rectified", number, on="2025-06-30", **REPORT)
    world.act(
        "supervisor",
        "accept_rectified",
        number,
        on="2025-07-02",
        line=1,
        texts={"seen": "看到签名的记录"},
    )
    frozen = assessed(world, body, tmp_path / "seen", date(2025, 7, 31))
    assert counted(frozen, world, "findings_rectified") == (1, 1)


# --- examining until the sample looks well --------------------------------------------------------
def test_examining_the_same_reply_again_and_again_adds_nothing(
    world: World, body: str, tmp_path: Path
) -> None:
    number, drawn = examined(world)
    before = assessed(world, body, tmp_path / "before", on="2025-06-11")
    assert counted(before, world, "reply_quality") == (1, 2)
    for _ in range(8):
        world.act(
            "supervisor",
            "check_case",
            number,
            on="2025-06-12",
            subject=drawn[1],
            answers=YES,
            reply="good",
        )
    after = assessed(world, body, tmp_path / "after", on="2025-06-12")
    assert counted(after, world, "reply_quality") == (1, 2)


# --- sorting once more ----------------------------------------------------------------------------
def year(world: World, of: int, sort: str, number: int) -> None:
    """Register matters in March of a year and sort so many of them once more: `again`, or when
    they came back."""
    for place in range(MATTERS):
        days = [f"{of}-03-{place % 9 + 3 + later:02d}" for later in range(4)]
        case = world.register(days[0])
        world.act("clerk", "classify", case, on=days[0], **CLAIM)
        if place >= number:
            continue
        if sort == "returned":
            world.act("router", "forward", case, on=days[1], to=world.organ("YJ02"))
            world.act("handler", "receive", case, on=days[1])
            world.act("handler", "object", case, on=days[2], texts={"reasons": "应当申请行政复议"})
            world.act("router", "agree_return", case, on=days[3], texts={"verified": "属实"})
        world.act("clerk", "classify", case, on=days[3], **ELSEWHERE)


@pytest.mark.parametrize(
    ("sort", "outcome", "flagged"), [("again", "path", 1), ("returned", "returned", 0)]
)
def test_sorting_once_more_to_be_rid_of_the_term_is_flagged_and_sorting_what_came_back_is_not(
    world: World, body: str, tmp_path: Path, sort: str, outcome: str, flagged: int
) -> None:
    year(world, 2024, sort, 1)
    year(world, 2025, sort, 20)
    frozen = assessed(world, body, tmp_path / sort)
    found = facts(frozen, "recoding")
    assert [fact.outcome for fact in found] == [outcome] * 20
    assert {fact.organ for fact in found} == {world.organ("YJ01")}
    raised = [flag for flag in frozen.manifest["flags"] if flag["watch"] == "recoded_share"]
    assert [flag["numerator"] for flag in raised] == [20] * flagged
    if (
        sort == "returned"
    ):  # it is paid for where it belongs: the forwarding was objected to with success
        assert counted(frozen, world, "forwarding_objected", "YJ01") == (20, 20)
