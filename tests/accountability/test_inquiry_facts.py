"""Evidence of an inquiry and what is found by element, each refusal with its rule."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.cases import rulebooks
from dengwen.cases.models import CaseLink
from dengwen.law.liability.provisions import in_force
from dengwen.ledger.models import Event
from tests.accountability.inquiries import (
    late_matter,
    met,
    opened,
    refused,
    with_leaders,
)
from tests.world import ACCUSATION, World


# --- the board ------------------------------------------------------------------------------------
def test_evidence_is_bound_to_the_ledger_and_says_where_it_comes_from(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world)
    number = case.pin(matter, breach)
    item = case.made.items[number]
    event = Event.objects.get(case_key=matter, case_seq=breach)
    assert (item.source, item.at, item.bound) == (matter, breach, bytes(event.hash).hex())
    with refused("no-source", "第四十二条"):
        case.act("pin_evidence", texts={"shows": "听说"}, disclose="open")
    with refused("not-there"):
        case.pin(matter, breach, bound="00" * 32)
    with refused("not-there"):
        case.pin(matter, 99)


def test_minutes_of_the_unit_concerned_are_open_to_investigators_and_protected_matters_are_not(
    world: World,
) -> None:
    with_leaders(world)
    meeting = met(world)
    case = opened(world)
    case.pin(meeting, 2, "会议记录")
    accusing = world.register("2025-03-10")
    world.act("clerk", "classify", accusing, on="2025-03-10", **ACCUSATION)
    with refused("not-there"):  # no investigator here is cleared, so for them it does not exist
        case.pin(accusing, 1, "检举件", disclose="sealed")
    assert CaseLink.objects.filter(case__number=case.number).count() == 0


# --- facts by element -----------------------------------------------------------------------------
def test_each_element_is_found_by_itself_on_evidence(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    with refused("no-such-circumstance", "第二十条"):
        case.find("S.11.99", "not_handled", board)
    with refused("not-an-element", "S 11(2)"):
        case.find("S.11.2", "bad_influence", board)
    with refused("no-evidence", "第十一条"):
        case.find("S.11.2", "not_handled", 0)
    with refused("not-on-the-board"):
        case.find("S.11.2", "not_handled", 99)
    case.find("S.11.2", "not_handled", board)
    case.find("S.11.2", "rights_seriously_harmed", 0, "not_shown")
    assert case.made.shown("S.11.2") == ("not_handled",)


@pytest.mark.case("E12", "F03")
def test_grounds_follow_the_day_of_the_conduct(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world, day_of_conduct=date(2017, 4, 3), situations=("P16.11.1",), official=None)
    board = case.pin(matter, breach)
    with refused("no-such-circumstance", "第二十条"):  # the seed came into force on 2017-05-23
        case.find("S.11.1", "no_risk_assessment", board)
    with refused("not-an-element", "P16"):  # the older text has no limb on risk assessment
        case.find("P16.11.1", "no_risk_assessment", board)
    case.find("P16.11.1", "wrong_decision", board)


@pytest.mark.case("E09", "E11", "G14", "G15", "G16", "G17", "G19")
@pytest.mark.parametrize(
    ("trigger", "conduct", "shown", "not_shown"),
    [
        ("S.11.8", "leak", (), ("retaliation_happened",)),
        (
            "S.11.1",
            "no_risk_assessment",
            ("interests_harmed", "serious_consequences"),
            ("petition_problem",),
        ),
        ("S.11.2", "not_forwarded", (), ("rights_seriously_harmed",)),
        ("S.11.3", "rough_treatment", ("relations_harmed",), ("serious_consequences",)),
        ("S.11.4", "collective_visit_mishandled", ("bad_influence",), ("escalated",)),
        ("S.11.5", "suggestion_ignored", (), ("unsolved_long",)),
        ("S.11.9", "other_dereliction", (), ()),
    ],
)
def test_without_every_element_nobody_is_proposed_for_anything(
    world: World, trigger: str, conduct: str, shown: tuple[str, ...], not_shown: tuple[str, ...]
) -> None:
    matter, breach = late_matter(world)
    case = opened(world, situations=(trigger,), official=None)
    board = case.pin(matter, breach)
    case.find(trigger, conduct, board)
    for element in shown:
        case.find(trigger, element, board)
    for element in not_shown:
        case.find(trigger, element, 0, "not_shown")
    case.act("find_gravity", texts={"reasons": "轻"}, light=True, harm="none", influence="none")
    with refused("not-complete", "第十一条"):
        case.conclude("propose")
    case.conclude("no_responsibility")


@pytest.mark.case("G18", "G19")
def test_fraud_needs_no_serious_harm_and_an_open_clause_needs_its_reasons(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world, situations=("S.11.6", "S.11.9"), official=None)
    board = case.pin(matter, breach)
    for trigger, element in (
        ("S.11.6", "fraud"),
        ("S.11.6", "interests_harmed"),
        ("S.11.9", "other_dereliction"),
    ):
        case.find(trigger, element, board)
    rules = in_force(rulebooks.library(), case.made.day, case.made.place)
    assert circumstances_met(case.made, rules) == ("S.11.6",)
    case.find("S.11.9", "written_reasons", board)
    assert circumstances_met(case.made, rules) == ("S.11.6", "S.11.9")
