"""Finders over decisions, suggestions, incidents, objections and complaints."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.leads.new_lead import raise_all
from tests.accountability.conducts import days, official, rate
from tests.accountability.test_finders import END, seen, sign
from tests.world import CLAIM, World, at


# --- decisions ------------------------------------------------------------------------------------
def decision(world: World, *, assessed: bool) -> str:
    """Enter a decision that needs an assessment, and decide it with or without one."""
    number = world.act(
        "committee",
        "enter",
        kind="decision",
        on="2025-03-03",
        texts={"subject": "调整示例路停车收费"},
        field="price",
        leader=official(world, "committee"),
    ).case
    world.act("committee", "need_assessment", number, on="2025-03-04")
    if assessed:
        world.act(
            "committee",
            "assess",
            number,
            on="2025-03-10",
            texts={"risks": "收费上涨"},
            result="controllable",
            assessed_on=date(2025, 3, 10),
            assessed_by=world.organ("YJW"),
            report="ab" * 32,
        )
        world.act(
            "committee",
            "decide",
            number,
            on="2025-03-12",
            texts={"decision": "调整"},
            decided_on=date(2025, 3, 12),
        )
    else:
        world.act(
            "committee",
            "decide_without",
            number,
            on="2025-03-12",
            texts={"why": "时间紧", "decision": "调整"},
            decided_on=date(2025, 3, 12),
        )
    return number


def traced(world: World, decision: str, on: str) -> str:
    """Register a petition and trace it back to a decision."""
    number = world.register(on)
    world.act(
        "clerk", "trace_cause", number, on=on, texts={"why": "收费调整引起"}, decision=decision
    )
    return number


def test_a_decision_without_assessment_that_petitions_came_of(world: World) -> None:
    bad, good, quiet = (
        decision(world, assessed=False),
        decision(world, assessed=True),
        decision(world, assessed=False),
    )
    petition = traced(world, bad, "2025-04-01")
    traced(world, good, "2025-04-01")
    [found] = seen("no_risk_assessment")
    assert (found.cases, found.unit, found.official) == ((bad, petition), "YJW", "YJW-F")
    assert found.situations == ("S.11.1",)
    assert quiet not in found.cases


# --- suggestions ----------------------------------------------------------------------------------
def suggestion(world: World, on: str = "2025-03-03") -> str:
    """Suggest to the housing bureau that it improve its work."""
    texts = {"subject": "改进工作", "problem": "答复迟", "proposal": "设专人"}
    return world.act(
        "supervisor", "make", kind="suggestion", on=on, texts=texts, to=world.organ("YJ02")
    ).case


@pytest.mark.sentence("P14.9")
def test_a_suggestion_without_an_answer_and_one_refused_with_reasons(world: World) -> None:
    silent, refused, slow = suggestion(world), suggestion(world), suggestion(world)
    world.act(
        "handler", "answer", refused, on="2025-04-01", texts={"reasons": "已有专人"}, adopted="not"
    )
    world.act("handler", "answer", slow, on="2025-07-01", adopted="adopted")
    assert [f.case for f in seen("suggestion_unanswered")] == [silent, slow]
    assert seen("suggestion_unanswered")[0].situations == ("S.11.5", "R22.45(3)")


def test_an_adopted_suggestion_whose_matter_stays_unsolved_for_long(world: World) -> None:
    lying, solved = world.to_accepted("2025-01-06"), world.to_accepted("2025-01-06")
    texts = {"subject": "改进工作", "problem": "久拖不决", "proposal": "尽快修复"}
    made: list[str] = []
    for matter in (lying, solved):
        urging = {"subject": "催办", "defect": "进展慢", "demand": "按期办结"}
        letter: dict[str, Any] = {"to": world.organ("YJ02"), "reply_by": date(2025, 2, 28)}
        letter["about"] = matter
        urged = world.act(
            "supervisor", "remind", kind="supervision", on="2025-02-03", texts=urging, **letter
        )
        given: dict[str, Any] = {"to": world.organ("YJ02"), "about": urged.case}
        made.append(
            world.act(
                "supervisor", "make", kind="suggestion", on="2025-03-03", texts=texts, **given
            ).case
        )
        world.act("handler", "answer", made[-1], on="2025-03-10", adopted="adopted")
    opinion = {
        "claim": "修复",
        "facts_reasons": "经查不属实。",
        "opinion": "不予支持。",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", solved, on="2025-02-10", texts=opinion, outcome="not_support")
    world.act("checker", "check", solved, on="2025-02-11")
    world.act("head", "sign", solved, on="2025-02-12")
    assert seen("suggestion_unanswered", "2025-08-01") == []
    [found] = seen("suggestion_unanswered", "2025-12-01")
    assert (found.cases, found.unit) == ((made[0], lying), "YJ02")


# --- incidents ------------------------------------------------------------------------------------
def incident(world: World, on: str = "2025-03-03") -> str:
    """Enter a collective visit that the petition department learned of."""
    given: dict[str, Any] = {
        "type": "collective_visit",
        "office": "petition_office",
        "own_powers": True,
    }
    return world.act(
        "clerk", "open", kind="incident", on=on, texts={"what": "四十人聚集"}, **given
    ).case


REPORTS = ("report", "inform_conference", "report_higher", "report_national")

TOLD = dict.fromkeys(
    ("happened", "scene", "crowd", "cause", "measures", "trend", "request"), "示例"
)


def test_reports_of_an_incident_that_came_late_or_not(world: World) -> None:
    prompt, late = incident(world), incident(world)
    for act in REPORTS:
        world.act("clerk", act, prompt, on="2025-03-03", texts=TOLD, how="phone")
    world.act("clerk", "report", late, on="2025-03-06", texts=TOLD, how="phone")
    [found] = seen("report_late")
    assert (found.case, found.unit) == (late, "YJ01")
    assert found.situations == ("S.11.7", "R22.46(4)")
    assert len(found.evidence) >= 5


def test_measures_after_it_grew_and_before(world: World) -> None:
    early, slow, never = incident(world), incident(world), incident(world)
    world.act("clerk", "measure", early, on="2025-03-03", texts={"measures": "现场接待"})
    for number in (early, slow, never):
        world.act(
            "clerk",
            "trend",
            number,
            on="2025-03-04",
            texts={"trend": "人数增加"},
            direction="rising",
        )
    world.act("clerk", "measure", slow, on="2025-03-05", texts={"measures": "现场接待"})
    assert [f.case for f in seen("measures_late")] == [slow, never]
    assert "S.11.4" in seen("measures_late")[0].situations


# --- shirking -------------------------------------------------------------------------------------
def objected(world: World, on: str, *, founded: bool = False) -> str:
    """Forward a claim, let the bureau object, and answer the objection."""
    number = world.register(on)
    world.act("clerk", "classify", number, on=on, **CLAIM)
    world.act("router", "forward", number, on=on, to=world.organ("YJ02"))
    world.act("handler", "receive", number, on=on)
    world.act("handler", "object", number, on=on, texts={"reasons": "不属本机关"})
    if founded:
        world.act("router", "agree_return", number, on=on, texts={"verified": "属实"})
        world.act("router", "forward", number, on=on, to=world.organ("YJ03"))
    else:
        world.act("router", "refuse_return", number, on=on, texts={"reasons": "属于本机关职责"})
    return number


def test_objections_refused_again_and_again_and_one_lawful_transfer(world: World) -> None:
    objected(world, "2025-03-03", founded=True)
    scattered = [objected(world, day) for day in ("2025-01-06", "2025-02-17")]
    assert seen("shirking") == []
    run = [objected(world, day) for day in days("2025-04-01", 4, 3)]
    [found] = seen("shirking")
    assert (found.cases, found.unit, found.official) == (tuple(run), "YJ02", "YJ02-L")
    assert not set(scattered) & set(found.cases)
    assert found.situations == ("S.11.3", "R22.45(1)")


def test_one_doubt_about_several_matters_at_once_is_no_shirking(world: World) -> None:
    """Three objections raised before any was answered; then two more after the unit had been
    told."""
    numbers = [world.register("2025-04-01") for _ in range(3)]
    for number in numbers:
        world.act("clerk", "classify", number, on="2025-04-01", **CLAIM)
        world.act("router", "forward", number, on="2025-04-01", to=world.organ("YJ02"))
        world.act("handler", "receive", number, on="2025-04-02")
        world.act("handler", "object", number, on="2025-04-02", texts={"reasons": "不属本机关"})
    for number, day in zip(numbers, days("2025-04-03", 3, 1), strict=True):
        world.act("router", "refuse_return", number, on=day, texts={"reasons": "属于本机关职责"})
    assert seen("shirking") == []
    again = [objected(world, day) for day in ("2025-04-10", "2025-04-14")]
    [found] = seen("shirking")
    assert found.cases == (*numbers, *again)


def test_a_matter_sent_round_three_organs(world: World) -> None:
    number = objected(world, "2025-03-03", founded=True)
    world.act("handler2", "receive", number, on="2025-03-04")
    world.act("handler2", "object", number, on="2025-03-04", texts={"reasons": "不属本机关"})
    assert seen("shirking") == []
    world.act("router", "agree_return", number, on="2025-03-05", texts={"verified": "属实"})
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ04"))
    world.act("handler3", "receive", number, on="2025-03-06")
    assert [f.case for f in seen("shirking")] == [number]


# --- complaints -----------------------------------------------------------------------------------
def complaint(world: World, on: str, **more: Any) -> str:
    """Register a letter about the conduct of somebody of the housing bureau."""
    return world.register(on, about_conduct=True, conduct_organ=world.organ("YJ02"), **more)


def test_complaints_about_one_official_without_those_refuted(world: World) -> None:
    about: dict[str, Any] = {"conduct_official": official(world, "handler")}
    two = [complaint(world, day, **about) for day in days("2025-03-03", 2, 10)]
    untrue = complaint(world, "2025-03-20", **about)
    world.act(
        "router",
        "note_conduct",
        untrue,
        on="2025-03-25",
        texts={"found": "调看录像"},
        result="refuted",
    )
    world.register("2025-03-21")  # praise and other matters are not marked
    assert seen("rough_treatment") == []
    third = complaint(world, "2025-03-28", **about)
    [found] = seen("rough_treatment")
    assert (found.cases, found.unit, found.official) == ((*two, third), "YJ02", "YJ02-L")
    assert found.situations == ("S.11.3", "R22.46(1)")
    assert found.strength == "statement"


def test_complaints_said_with_ratings_rest_on_the_rating_and_are_raised(rated: World) -> None:
    for _ in range(3):
        number = rated.to_accepted("2025-03-03")
        sign(rated, number, "2025-03-20")
        rated.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
        rate(rated, number, "dissatisfied", own_network=False, rude=True)
    found = seen("rough_treatment")
    assert [(f.unit, f.official, len(f.cases)) for f in found] == [("YJ02", "", 3)]
    done = raise_all(found, by=rated.by("supervisor"), now=at(END))
    assert (len(done.numbers), done.refused) == (1, [])
