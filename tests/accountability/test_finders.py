"""Each finder sees what it is for, and lets what has an innocent explanation alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import FINDERS, Finding, find
from dengwen.cases.duties.sweep import sweep
from dengwen.organs.models import Organ
from tests.world import CLAIM, World, at

END = "2025-12-31"


def seen(finder: str, on: str = END) -> list[Finding]:
    """Let the worker record what is late, then let one finder look."""
    sweep(now=at(on))
    return find(now=at(on), only=[finder])


def late_handling(world: World, begun: str = "2025-03-03", signed: str = "") -> str:
    """Bring a claim to acceptance and let its handling run out, signed late where a day is
    given."""
    number = world.to_accepted(begun)
    if signed:
        sweep(now=at(signed))
        sign(world, number, signed)
    return number


def absent(
    world: World,
    official: str,
    substitute: str,
    first: date,
    last: date,
    entered: str = "2025-05-30",
) -> None:
    """Enter into the registry, on a day, that somebody stood in for an official."""
    registry = Organ.objects.get(code=official.partition("-")[0]).registry_case
    period: dict[str, Any] = {"from": first, "to": last}
    world.act(
        "admin",
        "substitute",
        registry,
        on=entered,
        official=official,
        substitute=substitute,
        reason="leave",
        **period,
    )


def sign(
    world: World, number: str, on: str, entered: str = "", step: dict[str, Any] | None = None
) -> None:
    """Draft, check and issue an opinion on a day."""
    texts = {
        "claim": "修复屋面",
        "facts_reasons": "经现场查看，屋面确有渗水",
        "opinion": "支持，三十日内修复",
        "legal_basis": "《物业管理条例》",
    }
    world.act("handler", "draft", number, on=on, texts=texts, outcome="support")
    world.act("checker", "check", number, on=on)
    world.act("head", "sign", number, on=on, entered=entered, step=step)


def test_an_unknown_finder_is_named(world: World) -> None:
    with pytest.raises(AccountabilityError, match="no finder 'nobody'"):
        find(now=at(END), only=["nobody"])


def test_every_finder_says_what_it_would_see_if_all_were_innocent() -> None:
    assert len(FINDERS) == 19
    for finder in FINDERS.values():
        assert finder.innocent_zh.startswith("如果情有可原")
        assert finder.innocent_en.startswith("if it were innocent")


def test_late_handling_is_found_with_its_breach_and_the_rules_it_may_meet(world: World) -> None:
    number = late_handling(world, signed="2025-05-20")
    [found] = seen("not_handled")
    duty = world.duty(number, "handle")
    assert (found.case, found.unit, found.day, found.duty) == (number, "YJ02", duty.due, duty.pk)
    assert found.situations == ("S.11.2", "R22.45(1)")
    assert duty.breach_id in {e.act for e in found.evidence}
    assert seen("not_handled")[0].key == found.key


def test_an_extension_is_no_lateness(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    world.act(
        "head",
        "extend",
        number,
        on="2025-04-20",
        texts={"reason": "需要检测"},
        days=30,
        told_petitioner=True,
    )
    sign(world, number, "2025-05-20")
    assert seen("not_handled") == []


@pytest.mark.parametrize(
    ("entered", "known"),
    [("2025-04-18", True), ("2025-05-06", True), ("2025-05-07", False), ("2025-05-30", False)],
)
def test_an_absence_on_record_by_the_last_day_explains_what_was_done_soon_after(
    world: World, entered: str, known: bool
) -> None:
    number = late_handling(world, signed="2025-05-12")
    assert [f.case for f in seen("not_handled")] == [number]
    assert world.duty(number, "handle").due == date(2025, 5, 6)
    absent(world, "YJ02-L", "YJ02-W", date(2025, 4, 20), date(2025, 5, 11), entered)
    found = seen("not_handled")
    assert [f.case for f in found] == ([] if known else [number])
    said = [claim.en for f in found for claim in f.claims]
    assert (
        said == []
        if known
        else said == [f"claimed, entered on {entered} for 2025-05-06: somebody stood in that day"]
    )


def test_lateness_not_supervised_is_the_petition_departments(world: World) -> None:
    number = late_handling(world, signed="2025-06-20")
    [found] = seen("not_supervised")
    assert (found.case, found.unit) == (number, "YJ01")
    assert found.situations == ("S.11.2", "R22.43")


def test_a_letter_of_supervision_in_time_is_seen(world: World) -> None:
    number = late_handling(world)
    sweep(now=at("2025-05-06"))
    texts = {"subject": "逾期", "defect": "没有办结", "demand": "办结并报告"}
    world.act(
        "supervisor",
        "remind",
        kind="supervision",
        on="2025-05-07",
        texts=texts,
        about=number,
        to=world.organ("YJ02"),
        reply_by=date(2025, 5, 20),
    )
    assert seen("not_supervised") == []
    assert [f.case for f in seen("not_handled")] == [number]


def test_registered_after_the_time_for_sorting_or_forwarded_late(world: World) -> None:
    late = world.register("2025-03-28", received_on=date(2025, 3, 3))
    world.act("clerk", "classify", late, on="2025-03-28", **CLAIM)
    world.act("router", "forward", late, on="2025-03-28", to=world.organ("YJ02"))
    slow = world.register("2025-04-01")
    world.act("clerk", "classify", slow, on="2025-04-01", **CLAIM)
    sweep(now=at("2025-04-28"))
    world.act("router", "forward", slow, on="2025-04-28", to=world.organ("YJ02"))
    good = world.register("2025-04-01")
    world.act("clerk", "classify", good, on="2025-04-01", **CLAIM)
    world.act("router", "forward", good, on="2025-04-16", to=world.organ("YJ02"))
    assert [(f.case, f.situations) for f in seen("not_registered")] == [(late, ("R22.43",))]
    assert [(f.case, f.situations) for f in seen("not_forwarded")] == [(slow, ("S.11.2", "R22.43"))]


def test_what_was_registered_on_paper_while_the_record_was_down_is_claimed(
    world: World,
) -> None:
    """A registration entered after the day for sorting moves no day: that it was down is said
    beside the finding, for whoever judges."""
    numbers = []
    paper = {"late_reason": "停电", "paper": "ab" * 32}
    for sorted_on, first in (("2025-04-02", "2025-03-03"), ("2025-04-20", "2025-03-04")):
        texts = {
            "subject": "屋面渗水",
            "content": "屋面渗水",
            "petitioner": "王示例",
            "address": "示例路1号",
        }
        number = world.act(
            "clerk",
            "register",
            kind="petition",
            on=first,
            entered="2025-04-01",
            texts=texts,
            step=paper,
            channel="letter",
            office="petition_office",
            address_clear=True,
            received_on=date.fromisoformat(first),
        ).case
        world.act("clerk", "classify", number, on="2025-04-02", **CLAIM)
        world.act("router", "forward", number, on=sorted_on, to=world.organ("YJ02"))
        numbers.append(number)
    assert seen("not_registered") == []
    found = seen("not_forwarded")
    assert [f.case for f in found] == numbers
    assert [f.claims[0].en for f in found] == [
        "claimed, entered on 2025-04-01 for 2025-03-18: received and registered on 2025-03-03",
        "claimed, entered on 2025-04-01 for 2025-03-19: received and registered on 2025-03-04",
    ]


def test_nobody_told_in_time_whether_it_is_taken_up(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")
    world.to_accepted("2025-03-03")
    [found] = seen("not_accepted", "2025-04-30")
    assert (found.case, found.unit) == (number, "YJ02")
    assert "S.11.2" in found.situations


def test_a_day_claimed_with_its_paper_is_no_lateness(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")
    sweep(now=at("2025-04-01"))
    world.act(
        "handler",
        "accept",
        number,
        on="2025-03-10",
        entered="2025-04-02",
        texts={"procedure": "信访程序"},
        step={"late_reason": "停电", "paper": "ab" * 32, "second": world.official("YJ02-W")},
    )
    assert seen("not_accepted", "2025-04-30") == []


def promised(world: World, until: date) -> str:
    """Bring a claim to a served opinion with a promise."""
    number = world.to_accepted("2025-03-03")
    sign(world, number, "2025-03-20")
    world.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
    world.act(
        "handler", "promise", number, on="2025-03-21", texts={"what": "修复屋面"}, execute_by=until
    )
    return number


@pytest.mark.sentence("P8.18")
def test_a_promise_not_kept_and_one_moved_by_agreement(world: World) -> None:
    broken, moved = promised(world, date(2025, 4, 20)), promised(world, date(2025, 4, 20))
    world.act(
        "handler",
        "promise",
        moved,
        on="2025-04-18",
        texts={"what": "修复屋面"},
        execute_by=date(2025, 5, 20),
    )
    world.act("handler", "prove_execution", moved, on="2025-05-15", proof="ef" * 32)
    [found] = seen("not_executed")
    assert (found.case, found.day) == (broken, date(2025, 4, 20))
    assert found.situations == ("S.11.2", "R22.42(4)")
