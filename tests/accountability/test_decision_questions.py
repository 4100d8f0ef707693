"""A decision, question by question: whether it is a sanction, whether anything was decided before,
what a missed goal opens, who prepared it, and what it owes in reasons."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.measures import (
    decision_door,
    grounds,
)
from dengwen.accountability.measures.queries import Measure
from dengwen.law.duties.step import Step
from dengwen.law.liability.ladder import BY_FAILURE, Gravity
from tests.accountability.bare_files import (
    ADMONITION,
    CIRCULAR,
    DISMISSAL,
    FACTS,
    PARTY,
    RULES,
    TODAY,
    WARNING,
    account_file,
    code,
    decided,
)
from tests.accountability.read_inquiries import HERE, WANG, inquiry, told
from tests.invented_rows import table

DAY = timedelta(days=1)


def measured(decision: int, name: str) -> Measure:
    """Return a measure on Wang that a decision took."""
    return Measure("F1", "500000", WANG, None, name, TODAY, HERE, decision)


# --- sanctions apart ------------------------------------------------------------------------------
@pytest.mark.parametrize("sanction", [WARNING, DISMISSAL, PARTY])
@pytest.mark.parametrize("own", [True, False])
def test_a_sanction_is_given_in_a_file_of_its_own(
    sanction: Any, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    monkeypatch.setattr(decision_door, "for_sanctions", lambda _file: own)
    assert code(lambda: decision_door.apart([sanction], account_file())) == (
        "" if own else "sanction-apart"
    )
    assert code(lambda: decision_door.apart([CIRCULAR], account_file())) == (
        "sanctions-only" if own else ""
    )
    mixed = code(lambda: decision_door.apart([sanction, CIRCULAR], account_file()))
    assert mixed == ("sanctions-only" if own else "sanction-apart")
    zh, en = decision_door.PROCEDURES[sanction.kind]
    assert zh
    assert en


# --- what it rests on -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("failed", "found", "official", "refused"),
    [
        (False, None, WANG, "confirmed"),
        (True, "finding", WANG, "answers"),
        (True, "finding", None, ""),
        (True, None, WANG, "no-finding"),
    ],
)
def test_a_second_decision_rests_on_the_missed_goal(
    found: Any, official: int | None, refused: str, monkeypatch: pytest.MonkeyPatch, *, failed: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        decision_door, "after_failure", lambda _file, number: failed and number == ""
    )
    monkeypatch.setattr(decision_door, "confirmed", lambda *_: asked.append("confirmed"))
    monkeypatch.setattr(decision_door, "missed_goal", lambda *_: asked.append("missed"))
    monkeypatch.setattr(
        decision_door, "finding_of", lambda _file, number: found if number == "Q1" else None
    )
    monkeypatch.setattr(decision_door, "answers_for", lambda *_: asked.append("answers"))
    one = account_file(decided(3, "circular"), official=official)
    said = code(lambda: decision_door.resting(Step(act="decide"), one, FACTS))
    assert said == (refused if refused == "no-finding" else "")
    assert ("missed" in asked) is failed
    assert ("confirmed" in asked) is not failed
    assert ("answers" in asked) is (refused == "answers")


@pytest.mark.parametrize(
    ("decisions", "named", "again"),
    [
        ([], "", False),
        ([decided(3)], "", True),
        ([decided(3)], "Q1", True),
        ([decided(3)], "Q2", False),  # a new inquiry
        ([decided(3, inquiry="Q3")], "Q3", True),
        ([decided(3, inquiry="Q3")], "Q1", False),
    ],
)
def test_a_decision_follows_a_failure_where_no_new_inquiry_is_named(
    decisions: list[Any], named: str, *, again: bool
) -> None:
    assert grounds.after_failure(account_file(*decisions), named) is again


def test_a_decision_names_its_finding_or_rests_on_that_of_the_file() -> None:
    assert grounds.number_of(account_file(), decided(3, inquiry="Q3")) == "Q3"
    assert grounds.number_of(account_file(), decided(3)) == "Q1"
    assert grounds.number_of(account_file(inquiry=""), decided(3)) == "F1"


# --- once only ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "chosen", "own_decision", "refused"),
    [
        ([], CIRCULAR, False, ""),
        (["circular"], CIRCULAR, True, "twice"),
        (["warning"], DISMISSAL, True, "twice"),  # a sanction like it
        (["warning"], CIRCULAR, True, ""),
        (["circular"], WARNING, True, ""),
        (["circular"], ADMONITION, False, "decided-elsewhere"),
        (["circular"], ADMONITION, True, ""),  # it goes on in its own file
        (["warning"], ADMONITION, False, ""),
        (["gone"], ADMONITION, False, ""),
    ],
)
def test_nothing_is_decided_twice_on_one_finding(
    before: list[str],
    chosen: Any,
    refused: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    own_decision: bool,
) -> None:
    known = [measured(3, name) for name in before]
    monkeypatch.setattr(decision_door, "decided_before", lambda *_: known)
    monkeypatch.setattr(decision_door, "files_on", lambda _file: [])
    monkeypatch.setattr(decision_door, "once_only", lambda _rules: {"government", "unit"})
    one = account_file(decided(3)) if own_decision else account_file()
    rests: Any = None
    assert code(lambda: decision_door._not_twice([chosen], rests, one, RULES)) == refused


@pytest.mark.parametrize(
    ("chosen", "said", "refused"),
    [
        (WARNING, True, ""),
        (WARNING, False, "other-sanction-unsaid"),
        (WARNING, None, "other-sanction-unsaid"),
        (WARNING, "true", "other-sanction-unsaid"),  # forged
        (CIRCULAR, None, ""),
    ],
)
def test_a_sanction_says_that_no_other_body_gave_one(
    chosen: Any, said: Any, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_door, "once_only", lambda _rules: {"government"})
    fields = {} if said is None else {"no_other_sanction": said}
    step = Step(act="decide", fields=fields)
    assert code(lambda: decision_door._said_alone(step, [chosen], RULES)) == refused


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (None, ""),  # no measure of the ladder
        (SimpleNamespace(open=True, ground=BY_FAILURE), ""),
        (SimpleNamespace(open=False, ground=BY_FAILURE), "not-opened-by-failure"),
        (SimpleNamespace(open=True, ground="gravity"), "not-opened-by-failure"),
    ],
)
def test_a_missed_goal_opens_its_own_rung_alone(
    answer: Any, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answer is not None:
        answer.rung, answer.zh, answer.en = SimpleNamespace(measures=("admonition",)), "因", "why"
    monkeypatch.setattr(decision_door, "earlier_of", lambda *_: ())
    monkeypatch.setattr(decision_door, "rungs", lambda *_: [] if answer is None else [answer])
    assert (
        code(lambda: decision_door._only_next([ADMONITION], account_file(), RULES, TODAY))
        == refused
    )


@pytest.mark.parametrize(
    ("heavier", "failed", "steps", "refused"),
    [
        (False, False, ["twice", "alone"], ""),
        (True, False, ["twice", "alone"], "heavier-than-found"),
        (False, True, ["twice", "alone", "next"], ""),
    ],
)
def test_what_opens_a_measure_is_asked_in_turn(
    steps: list[str], refused: str, monkeypatch: pytest.MonkeyPatch, *, heavier: bool, failed: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(decision_door, "_not_twice", lambda *_: asked.append("twice"))
    monkeypatch.setattr(decision_door, "_said_alone", lambda *_: asked.append("alone"))
    monkeypatch.setattr(decision_door, "_only_next", lambda *_: asked.append("next"))
    monkeypatch.setattr(decision_door, "_stated_heavier", lambda *_: heavier)
    monkeypatch.setattr(
        decision_door, "after_failure", lambda _file, number: failed and number == "Q1"
    )
    rests: Any = SimpleNamespace(gravity=Gravity(), number="Q1")
    proposal: Any = SimpleNamespace(gravity=Gravity(), on=TODAY)
    step = Step(act="decide", fields={"inquiry": "Q1"})
    said = code(
        lambda: decision_door.opened_by([CIRCULAR], rests, proposal, RULES, account_file(), step)
    )
    assert (said, asked) == (refused, steps)


# --- who decides ----------------------------------------------------------------------------------
def test_whoever_prepared_a_decision_does_not_take_it() -> None:
    """Those who open, inquire, tell, hear, answer, weigh and propose have made up their mind (after
    PSL 42, 47)."""
    prepared = decision_door.PREPARED
    for opens in ("open_own", "open_handed", "open_inquiry"):
        assert opens in prepared
    for inquires in (
        "add_person",
        "pin_evidence",
        "establish",
        "consider_decision",
        "consider_deed",
    ):
        assert inquires in prepared
    for hears in ("tell_person", "hear", "defend", "answer_point"):
        assert hears in prepared
    for concludes in (
        "weigh_diligence",
        "confirm_line",
        "find_gravity",
        "conclude",
        "propose_measure",
        "reject_rectification",
    ):
        assert concludes in prepared


@pytest.mark.parametrize(
    "role", ["concerned_person", "accused_person", "petitioner", "recused", "investigator"]
)
def test_whoever_stands_in_a_matter_does_not_decide_on_it(role: str) -> None:
    assert role in decision_door.WALLED


@pytest.mark.parametrize("with_finding", [True, False])
def test_ties_are_looked_for_in_the_file_its_inquiry_and_its_finding(
    monkeypatch: pytest.MonkeyPatch, *, with_finding: bool
) -> None:
    asked: list[Any] = []

    def ties(numbers: set[str], made: Any, decider: int) -> Any:
        asked.append((numbers, made, decider))
        return iter(())

    monkeypatch.setattr(decision_door, "not_the_subject", lambda *_: None)
    monkeypatch.setattr(decision_door, "_ties", ties)
    rests: Any = SimpleNamespace(number="Q9", made="made") if with_finding else None
    decision_door.impartial(account_file(inquiry=""), rests, 77, TODAY)
    assert asked == [({"F1", "Q9"}, "made", 77) if with_finding else ({"F1"}, None, 77)]
    monkeypatch.setattr(decision_door, "_ties", lambda *_: iter([("有关", "tied")]))
    assert (
        code(lambda: decision_door.impartial(account_file(), rests, 77, TODAY)) == "not-impartial"
    )


# --- what it owes ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["facts", "responsibility", "reasons"])
@pytest.mark.parametrize(
    ("text", "refused"), [("据实", ""), ("", "no-reasons"), ("……", "no-reasons"), (None, "")]
)
def test_facts_responsibility_and_reasons_say_something(
    name: str, text: str | None, refused: str
) -> None:
    texts = {"other": ""} if text is None else {name: text, "other": ""}
    assert code(lambda: decision_door.reasoned(Step(act="decide", texts=texts))) == refused


def bearing(*dissent: str, absent: bool = False) -> Any:
    return SimpleNamespace(dissent=dissent, absent=absent)


@pytest.mark.parametrize(
    ("lines", "texts", "refused"),
    [
        ([bearing()], {}, ""),
        ([bearing("AC19")], {}, "dissent-unanswered"),
        ([bearing("MAD")], {}, "dissent-unanswered"),
        ([bearing(), bearing("AC19", "MAD")], {"dissent_answer": "……"}, "dissent-unanswered"),
        ([bearing("AC19", "MAD")], {"dissent_answer": "从轻"}, ""),
        ([bearing(absent=True)], {}, "absence-unweighed"),
        ([bearing(), bearing(absent=True)], {"absence_reasons": "。"}, "absence-unweighed"),
        ([bearing(absent=True)], {"absence_reasons": "事前安排"}, ""),
        ([], {}, ""),
    ],
)
@pytest.mark.parametrize("person", [True, False])
def test_dissent_is_answered_and_absence_weighed(
    lines: list[Any],
    texts: dict[str, str],
    refused: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    person: bool,
) -> None:
    monkeypatch.setattr(decision_door, "_of_members", lambda *_: [] if person else lines)
    rests: Any = SimpleNamespace(bears=lambda who: lines if who == WANG else [])
    one = account_file() if person else account_file(official=None, organ=HERE)
    assert code(lambda: decision_door.fair(Step(act="decide", texts=texts), one, rests)) == refused


# --- a finding ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heard", "unanswered", "until", "missed", "refused"),
    [
        ([WANG], [], None, True, ""),
        ([], [], None, True, "not-heard-again"),
        ([99], [], None, True, "not-heard-again"),
        ([WANG], [1], None, True, "not-heard-again"),
        ([WANG], [], None, False, "no-failure"),
        ([WANG], [], TODAY, True, "may-still-answer"),
    ],
)
def test_nobody_is_decided_on_again_who_was_not_heard_again(
    heard: list[int],
    unanswered: list[int],
    until: date | None,
    refused: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    missed: bool,
) -> None:
    made = inquiry()
    made.answer_until = lambda _who, _day: until
    made.heard_anew, made.unanswered = heard, lambda: unanswered
    monkeypatch.setattr(grounds, "measures_in", lambda _file: [1, 2])
    monkeypatch.setattr(grounds, "_missed", lambda one, _day: missed and one == 2)
    monkeypatch.setattr(grounds, "read_inquiry", lambda _case: made)
    monkeypatch.setattr(grounds, "_leaders", lambda *_: {WANG, 5})
    assert code(lambda: grounds.missed_goal(account_file(), TODAY)) == refused
    assert (
        code(lambda: grounds.missed_goal(account_file(official=None, organ=HERE), TODAY)) == refused
    )


@pytest.mark.parametrize(
    ("bears", "freed", "refused"),
    [(["line"], [], ""), ([], [], "not-about"), ([], ["free"], "freed-by-law")],
)
def test_somebody_answers_by_a_line_or_is_freed_by_law(
    bears: list[str], freed: list[str], refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    basis = SimpleNamespace(law="S", article="11")
    lines = [SimpleNamespace(zh=one, en=one, basis=basis) for one in freed]
    monkeypatch.setattr(grounds, "freed", lambda *_: lines)
    monkeypatch.setattr(grounds, "Official", table("王"))
    found: Any = SimpleNamespace(bears=lambda _who: bears, grounds={}, number="Q1")
    assert code(lambda: grounds.answers_for(found, WANG, "x")) == refused
    if not refused:
        answered: Any = grounds.answers_for(found, WANG, "x")
        assert answered == bears


def test_what_was_decided_for_the_same_matter_counts_wherever_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = account_file(decided(3, "circular"))
    other, strange = account_file(decided(4, "warning")), account_file(decided(6, "dismissal"))
    other.case, strange.case = SimpleNamespace(pk=8), SimpleNamespace(pk=9)
    measures = {
        5: [measured(3, "circular")],
        8: [measured(4, "warning")],
        9: [measured(6, "dismissal")],
    }
    monkeypatch.setattr(grounds, "measures_in", lambda one: measures[one.case.pk])
    monkeypatch.setattr(grounds, "number_of", lambda _file, decision: f"Q{decision.pk}")
    monkeypatch.setattr(
        grounds, "finding_of", lambda _file, number: None if number == "Q3" else number
    )
    monkeypatch.setattr(grounds, "same_matter", lambda _found, rests: rests == "Q4")
    found: Any = None
    before = grounds.decided_before(mine, [mine, other, strange], found)
    assert [one.measure for one in before] == ["circular", "warning"]


def test_an_own_file_lacks_what_an_inquiry_would_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grounds, "missing", lambda *_: iter([("甲", "a"), ("甲", "a")]))
    made = inquiry(investigators={1: told(), 2: told()})
    nothing: Any = None
    assert grounds.Finding("F1", True, made, nothing, {}).lacking == [("甲", "a")]
    assert grounds.Finding("Q1", False, made, nothing, {}).lacking == []
    assert grounds.Finding("F1", True, made, nothing, {}).gravity == Gravity()
