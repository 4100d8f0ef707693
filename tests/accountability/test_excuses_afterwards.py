"""Excuses entered after the day for which they count: claims beside the finding, never its end.

Each has its honest twin, entered by the day, which is no finding at all.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.accountability.finders import Finding
from dengwen.accountability.finders.material import Material
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from tests.accountability.conducts import official, rate
from tests.accountability.test_finders import promised, seen, sign
from tests.accountability.test_finders_of_conduct import complaint, incident, traced
from tests.world import World, at

SECOND = {"late_reason": "停电", "paper": "ab" * 32}
LATER = date(2025, 5, 20)


def claimed(found: list[Finding]) -> list[str]:
    """Return in English what is claimed beside some findings."""
    return [claim.en for one in found for claim in one.claims]


# --- a longer time, a withdrawal ------------------------------------------------------------------
def extended(world: World, number: str, on: str, entered: str) -> None:
    """Extend the handling of a matter by thirty days."""
    more: dict[str, Any] = {"days": 30, "told_petitioner": True}
    support = {**SECOND, "second": world.official("YJ02-W")}
    texts = {"reason": "需要检测"}
    world.act("head", "extend", number, on=on, entered=entered, texts=texts, step=support, **more)


def test_extended_afterwards_is_late_and_claimed(world: World) -> None:
    number, honest = world.to_accepted("2025-03-03"), world.to_accepted("2025-03-03")
    extended(world, honest, "2025-04-28", "2025-04-28")
    sweep(now=at("2025-05-10"))
    extended(world, number, "2025-04-28", "2025-05-10")
    for one in (number, honest):
        sign(world, one, "2025-05-20")
    assert world.duty(number, "handle").timeliness == "by_claim"
    found = seen("not_handled")
    assert [one.case for one in found] == [number]
    assert claimed(found) == ["claimed, entered on 2025-05-10 for 2025-05-06: an extension"]


def test_what_rests_on_a_claim_is_read_of_the_cases_asked_alone(world: World) -> None:
    number, other = world.to_accepted("2025-03-03"), world.to_accepted("2025-03-03")
    sweep(now=at("2025-05-10"))
    for one in (number, other):
        extended(world, one, "2025-04-28", "2025-05-10")
    asked = Case.objects.get(number=number)
    of_all = Material(at("2025-05-20")).by_claim
    of_one = Material(at("2025-05-20"), within=[asked.pk]).by_claim
    assert len(of_all) == 2 * len(of_one)
    assert of_one == frozenset(asked.duties.filter(by_claim=True).values_list("pk", flat=True))


def withdrawn(world: World, number: str, on: str, entered: str) -> None:
    """Enter that the petitioner withdrew a matter."""
    support = {**SECOND, "second": world.official("YJ02-W")} if on != entered else {}
    texts = {"reason": "已经自行解决"}
    world.act("handler", "withdraw", number, on=on, entered=entered, texts=texts, step=support)


@pytest.mark.parametrize("swept", [True, False])
def test_withdrawn_afterwards_is_late_and_claimed_whether_a_worker_ran_or_not(
    world: World, *, swept: bool
) -> None:
    number, honest = world.to_accepted("2025-03-03"), world.to_accepted("2025-03-03")
    withdrawn(world, honest, "2025-05-02", "2025-05-02")
    if swept:
        sweep(now=at("2025-05-10"))
    withdrawn(world, number, "2025-05-02", "2025-05-10")
    found = seen("not_handled")
    assert [one.case for one in found] == [number]
    assert claimed(found) == [
        "claimed, entered on 2025-05-10 for 2025-05-06: withdrawn by the petitioner"
    ]


def test_a_promise_of_one_side_entered_after_the_old_day_is_claimed(world: World) -> None:
    number = promised(world, date(2025, 4, 20))
    world.act(
        "handler",
        "promise",
        number,
        on="2025-04-22",
        texts={"what": "修复屋面"},
        execute_by=LATER,
    )
    world.act("handler", "prove_execution", number, on="2025-05-15", proof="ef" * 32)
    found = seen("not_executed")
    assert [(one.case, one.day) for one in found] == [(number, date(2025, 4, 20))]
    assert claimed(found) == [
        "claimed, entered on 2025-04-22 for 2025-04-20: one side promised 2025-05-20 instead"
    ]


# --- no assessment needed -------------------------------------------------------------------------
def decided(world: World, said_on: str) -> str:
    """Enter a decision of 12 March, and on a day that it needed no assessment."""
    given: dict[str, Any] = {"field": "price", "leader": official(world, "committee")}
    texts = {"subject": "调整示例路停车收费"}
    number = world.act(
        "committee", "enter", kind="decision", on="2025-03-03", texts=texts, **given
    ).case
    world.act("committee", "need_none", number, on=said_on, texts={"why": "只涉及内部分工"})
    on = max(said_on, "2025-03-12")
    given = {"decided_on": date(2025, 3, 12)}
    world.act("committee", "decide", number, on=on, texts={"decision": "调整"}, **given)
    return number


@pytest.mark.parametrize(
    ("said_on", "known"), [("2025-03-04", True), ("2025-03-12", True), ("2025-03-13", False)]
)
def test_no_assessment_needed_counts_by_the_day_of_the_decision(
    world: World, said_on: str, *, known: bool
) -> None:
    number = decided(world, said_on)
    traced(world, number, "2025-04-01")
    found = seen("no_risk_assessment")
    assert [one.case for one in found] == ([] if known else [number])
    assert claimed(found) == (
        []
        if known
        else [
            (
                f"claimed, entered on {said_on} for 2025-03-12: "
                "it was found that no assessment was needed"
            )
        ]
    )


# --- measures, contacts, refutations --------------------------------------------------------------
@pytest.mark.parametrize(("entered", "known"), [("2025-03-04", True), ("2025-03-06", False)])
def test_a_measure_written_down_after_an_incident_grew_is_claimed(
    world: World, entered: str, *, known: bool
) -> None:
    number = incident(world)
    texts = {"trend": "人数增加"}
    world.act("clerk", "trend", number, on="2025-03-04", texts=texts, direction="rising")
    world.act(
        "clerk",
        "measure",
        number,
        on="2025-03-03",
        entered=entered,
        texts={"measures": "现场接待"},
        step={**SECOND, "second": world.official("YJ01-S")},
    )
    found = seen("measures_late")
    assert [one.case for one in found] == ([] if known else [number])
    assert claimed(found) == (
        []
        if known
        else [
            "claimed, entered on 2025-03-06 for 2025-03-04: a measure had been taken on 2025-03-03"
        ]
    )


def talked(world: World, number: str, on: str, entered: str) -> None:
    """Enter a talk with the petitioner."""
    texts = {"with_whom": "信访人", "explained": "修缮"}
    support = {**SECOND, "second": world.official("YJ02-W")} if on != entered else {}
    world.act(
        "handler",
        "explain_talk",
        number,
        on=on,
        entered=entered,
        texts=texts,
        way="phone",
        step=support,
    )


@pytest.mark.parametrize(("entered", "known"), [("2025-03-10", True), ("2025-03-21", False)])
def test_a_contact_entered_after_a_matter_was_closed_is_claimed(
    rated: World, entered: str, *, known: bool
) -> None:
    number = rated.to_accepted("2025-03-03")
    if known:
        talked(rated, number, "2025-03-10", entered)
    sign(rated, number, "2025-03-20")
    if not known:
        talked(rated, number, "2025-03-10", entered)
    rated.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
    rate(rated, number, "basically", own_network=False, contacted=False)
    found = seen("closed_never_contacted")
    assert [one.case for one in found] == ([] if known else [number])
    assert claimed(found) == (
        []
        if known
        else [f"claimed, entered on {entered} for 2025-03-20: contact was made on 2025-03-10"]
    )


@pytest.mark.parametrize(("after", "known"), [(60, True), (61, False)])
def test_a_complaint_refuted_after_its_sixty_days_is_claimed(
    world: World, after: int, *, known: bool
) -> None:
    first = date(2025, 3, 3)
    numbers = [complaint(world, (first + timedelta(days=n)).isoformat()) for n in range(3)]
    day = (first + timedelta(days=after)).isoformat()
    found_untrue = {"found": "调看录像"}
    world.act("router", "note_conduct", numbers[0], on=day, texts=found_untrue, result="refuted")
    found = seen("rough_treatment")
    assert [one.cases for one in found] == ([] if known else [tuple(numbers)])
    assert claimed(found) == (
        []
        if known
        else ["claimed, entered on 2025-05-03 for 2025-05-02: the complaint was found untrue"]
    )
