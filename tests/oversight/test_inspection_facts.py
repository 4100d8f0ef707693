"""What an assessment counts of inspections: what was re-checked, the last rating of a reply,
what nobody registered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.assessment.facts.facts import Draw, draw
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import viewer_of
from dengwen.ledger.sequencer import tick
from dengwen.oversight.inspections.inspection_plan import open_lines
from dengwen.oversight.statistics import newest_position
from tests.oversight.inspecting import YES, concluded, examined, planned, refused
from tests.world import World, at

PROOF: dict[str, Any] = {"line": 1, "proof": ("ab" * 32,), "texts": {"done": "已经补做"}}
JULY = ("2025-07-01", "2025-07-31")


def facts(kind: str, first: str, last: str, now: str = "") -> list[Fact]:
    """Return the facts of a kind that an assessment of these days draws, at the newest position."""
    tick(now=at(now or last))
    asked = Draw(date.fromisoformat(first), date.fromisoformat(last), newest_position())
    return [fact for fact in draw(asked) if fact.kind == kind]


def test_put_right_is_what_was_rechecked_and_the_facts_say_so(world: World) -> None:
    number = concluded(world)
    bureau = world.organ("YJ02")

    def found(now: str) -> list[tuple[str, str]]:
        return [(f.outcome, f.day.isoformat()) for f in facts("finding", *JULY, now)]

    assert found("2025-06-18") == [("open", "2025-07-01")]
    with refused("no-such-line"):
        world.act("handler", "report_rectified", number, on="2025-06-30", **{**PROOF, "line": 2})
    with refused("not-the-owner"):
        world.act("handler3", "report_rectified", number, on="2025-06-30", **PROOF)
    world.act("handler", "report_rectified", number, on="2025-06-30", **PROOF)
    with refused("no-such-line"):
        world.act("handler", "report_rectified", number, on="2025-06-30", **PROOF)
    assert found("2025-07-01") == [("open", "2025-07-01")]  # the organ's own report is no proof
    again: dict[str, Any] = {
        "line": 1,
        "owner": bureau,
        "until": date(2025, 7, 20),
        "texts": {"why": "没有签名"},
    }
    world.act("supervisor", "return_rectified", number, on="2025-07-02", **again)
    assert found("2025-07-02") == [
        ("open", "2025-07-20")
    ]  # the line, not what was reported and what was returned
    world.act("handler", "report_rectified", number, on="2025-07-18", **PROOF)
    assert found("2025-07-18") == [("open", "2025-07-20")]
    then = newest_position()
    world.act(
        "supervisor",
        "accept_rectified",
        number,
        on="2025-07-25",
        line=1,
        texts={"seen": "看到签名的记录"},
    )
    [fact] = facts("finding", *JULY)
    assert (fact.organ, fact.outcome, fact.entered) == (bureau, "rectified", "timely")
    before = Draw(date(2025, 7, 1), date(2025, 7, 31), then)
    assert [f.outcome for f in draw(before) if f.kind == "finding"] == [
        "open"
    ]  # as the ledger stood before
    assert facts("finding", "2025-08-01", "2025-08-31") == []
    with refused("no-such-line"):
        world.act(
            "supervisor",
            "accept_rectified",
            number,
            on="2025-07-26",
            line=1,
            texts={"seen": "再看一次"},
        )


def test_a_day_that_went_by_and_a_late_report_are_overdue_and_come_along(world: World) -> None:
    number = concluded(world)
    sweep(now=at("2025-07-05"))
    assert [f.outcome for f in facts("finding", *JULY)] == ["overdue"]
    assert [f.outcome for f in facts("finding", "2025-08-01", "2025-08-31")] == ["overdue"]
    world.act("handler", "report_rectified", number, on="2025-07-10", **PROOF)
    world.act(
        "supervisor",
        "accept_rectified",
        number,
        on="2025-07-11",
        line=1,
        texts={"seen": "看到记录"},
    )
    assert [f.outcome for f in facts("finding", *JULY, "2025-08-31")] == ["overdue"]


def test_a_report_that_is_returned_and_then_forgotten_is_overdue_once(world: World) -> None:
    number = concluded(world)
    world.act("handler", "report_rectified", number, on="2025-06-30", **PROOF)
    world.act(
        "supervisor",
        "return_rectified",
        number,
        on="2025-07-02",
        line=1,
        owner=world.organ("YJ02"),
        until=date(2025, 7, 20),
        texts={"why": "没有签名"},
    )
    sweep(now=at("2025-07-25"))
    assert [(f.outcome, f.day) for f in facts("finding", *JULY)] == [("overdue", date(2025, 7, 20))]


def test_replies_are_facts_of_the_organ_inspected_and_the_last_rating_counts(world: World) -> None:
    number, drawn = examined(world)
    june = ("2025-06-01", "2025-06-30")
    assert sorted(f.outcome for f in facts("reply_sample", *june)) == ["good", "poor"]
    then = newest_position()
    for reply in ("good", "good", "fair"):  # examined again and again: one reply, one fact
        world.act(
            "supervisor",
            "check_case",
            number,
            on="2025-06-12",
            subject=drawn[0],
            answers=YES,
            reply=reply,
        )
    found = facts("reply_sample", *june)
    assert sorted(f.outcome for f in found) == ["fair", "good"]
    assert {f.organ for f in found} == {world.organ("YJ02")}
    before = Draw(date(2025, 6, 1), date(2025, 6, 30), then)
    assert sorted(f.outcome for f in draw(before) if f.kind == "reply_sample") == ["good", "poor"]
    assert facts("reply_sample", *JULY) == []
    Case.objects.filter(number=drawn[0]).update(protected=True)
    assert [f.outcome for f in facts("reply_sample", *june)] == ["good"]


def test_what_stayed_open_comes_along_and_counts_once(world: World) -> None:
    number = concluded(world)
    viewer = viewer_of(world.office.users["supervisor"], date(2026, 3, 2))
    mine = (viewer, date(2026, 3, 2), world.organ("YJ01"))
    assert [line.number for _, line in open_lines(*mine, world.organ("YJ02"))] == [1]
    assert open_lines(*mine, world.organ("YJ03")) == []
    second = planned(world, "2026-03-02")
    carry: dict[str, Any] = {
        "from": number,
        "from_line": 1,
        "line": 1,
        "owner": world.organ("YJ02"),
        "until": date(2026, 6, 30),
        "texts": {"what": "没有说明解释"},
    }
    world.act("supervisor", "carry_over", second, on="2026-03-02", **carry)
    # what is carried over was not put right: it is owed in the next inspection, and void here
    assert world.duty(number, "rectify").state == "void"
    assert world.duty(second, "rectify").due == date(2026, 6, 30)
    assert [
        line.number
        for made, line in open_lines(*mine, world.organ("YJ02"))
        if made.case.number == second
    ] == [1]
    found = facts("finding", "2025-01-01", "2026-12-31", "2026-03-03")
    assert [(f.day, f.outcome) for f in found] == [(date(2026, 6, 30), "open")]
    assert facts("finding", "2025-01-01", "2025-12-31", "2026-03-03") == []
    with refused("nothing-open"):
        world.act("supervisor", "carry_over", second, on="2026-03-02", **{**carry, "line": 2})
    with refused("same-line"):
        world.act("supervisor", "carry_over", second, on="2026-03-02", **carry)


def test_a_matter_an_inspection_found_unregistered_is_a_contact_of_its_organ(world: World) -> None:
    number, _ = examined(world)
    world.act(
        "supervisor", "send_findings", number, on="2025-06-12", texts={"summary": "一件没有登记"}
    )
    line: dict[str, Any] = {
        "owner": world.organ("YJ02"),
        "until": date(2025, 7, 1),
        "texts": {"what": "来访没有登记"},
    }
    world.act(
        "supervisor", "list_finding", number, on="2025-06-17", line=1, unregistered="gate", **line
    )
    world.act("supervisor", "list_finding", number, on="2025-06-17", line=2, **line)
    [fact] = facts("contact", "2025-06-01", "2025-06-30")
    assert (fact.organ, fact.outcome, fact.sort, fact.day) == (
        world.organ("YJ02"),
        "unregistered",
        "gate",
        date(2025, 6, 17),
    )
    assert facts("contact", *JULY) == []


def ordered(world: World, organ: str = "YJ02") -> str:
    """Return a government inspection whose conclusion demands that an organ puts something right
    by 2025-07-20."""
    number = world.act(
        "review-head2",
        "authorise",
        kind="government_inspection",
        on="2025-06-03",
        how="approval",
        body=world.organ("YJ01"),
        texts={"subject": "信访积案", "scope": "全区"},
    ).case
    world.act("supervisor", "start", number, on="2025-06-04")
    ends: dict[str, Any] = {
        "to": world.organ(organ),
        "received_on": date(2025, 6, 20),
        "texts": {"findings": "三件积案"},
    }
    world.act("supervisor", "conclude", number, on="2025-06-20", **ends)
    world.act(
        "supervisor",
        "order_rectification",
        number,
        on="2025-06-21",
        owner=world.organ(organ),
        until=date(2025, 7, 20),
        texts={"what": "办结"},
    )
    return number


@pytest.mark.case("D07")
def test_its_demands_are_findings_of_the_assessment_and_a_revoked_one_is_none(world: World) -> None:
    first, second, third = ordered(world), ordered(world, "YJ03"), ordered(world, "YJ04")
    world.act("handler", "report_rectified", first, on="2025-07-01", texts={"done": "已经办结"})
    assert {f.outcome for f in facts("finding", *JULY, "2025-07-01")} == {
        "open"
    }  # nobody has checked it
    world.act("supervisor", "check_rectified", first, on="2025-07-02", texts={"seen": "看到卷宗"})
    world.act(
        "handler2", "apply_reconsideration", second, on="2025-07-10", texts={"reasons": "不是积案"}
    )
    world.act(
        "review-head2",
        "decide_reconsideration",
        second,
        on="2025-07-15",
        outcome="revoke",
        texts={"reasons": "查实"},
    )
    world.act(
        "supervisor",
        "lift_rectification",
        second,
        on="2025-07-16",
        texts={"reasons": "结论已经撤销"},
    )
    assert world.duty(second, "gdi_rectify").state == "void"
    sweep(now=at("2025-07-25"))
    assert world.duty(third, "gdi_rectify").breach is not None
    found = {(fact.organ, fact.outcome) for fact in facts("finding", *JULY)}
    assert found == {(world.organ("YJ02"), "rectified"), (world.organ("YJ04"), "overdue")}
    after = {(fact.organ, fact.outcome) for fact in facts("finding", "2025-08-01", "2025-08-31")}
    assert after == {(world.organ("YJ04"), "overdue")}
