"""An inquiry read from its acts: what each of them says, what the newest word is, and what it
still lacks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry import (
    queries,
)
from dengwen.accountability.inquiry.conclusion import completeness
from dengwen.accountability.inquiry.queries import Inquiry, read_acts
from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import NONE, Diligence
from dengwen.law.liability.conduct_words import DILIGENCE_TESTS
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Gravity
from dengwen.law.liability.triggers import REASONS
from dengwen.oversight.inspections.queries import Told
from tests.accountability.bare_files import CIRCUMSTANCE, CIRCUMSTANCES
from tests.accountability.read_inquiries import HERE, LI, THERE, WANG, ZHAO, inquiry, told

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
DAY = timedelta(days=1)


class Acts(list[Told]):
    """Acts of an inquiry, numbered as they come."""

    def did(self, act: str, texts: Any = None, **data: Any) -> Told:
        seq = len(self) + 1
        self.append(Told(seq, f"u{seq}", seq, act, data, texts or {}, HERE, LI, NOW, NOW, False))
        return self[-1]

    def read(self) -> Inquiry:
        return read_acts("N", "500000", HERE, self)


def opened(**more: Any) -> Acts:
    acts = Acts()
    data = {
        "lead": "L1",
        "unit": HERE,
        "situations": ["t1"],
        "day_of_conduct": "2025-01-02",
        "official": WANG,
    }
    acts.did("open_inquiry", **{**data, **more})
    return acts


# --- what each act says ---------------------------------------------------------------------------
def test_an_inquiry_begins_with_its_lead_unit_day_and_person() -> None:
    made = opened().read()
    assert (made.lead, made.unit, made.situations) == ("L1", HERE, ("t1",))
    assert (made.day, made.officials) == (date(2025, 1, 2), [WANG])
    without = Acts()
    without.did("open_inquiry", unit=HERE, situations=[], day_of_conduct="2025-01-02")
    assert (without.read().lead, without.read().officials) == ("", [])


@pytest.mark.parametrize("act", ["receive_proposal", "open_own", "receive_hand_over"])
def test_a_file_is_read_as_an_inquiry_into_its_subject(act: str) -> None:
    acts = Acts()
    acts.did(
        act,
        inquiry="Q1",
        subject_official=WANG,
        situations=["t1"],
        day_of_conduct="2025-01-02",
        unit=HERE,
    )
    made = acts.read()
    assert made.based_on == ("Q1" if act == "receive_proposal" else "")
    assert (made.unit, made.officials, made.day) == (HERE, [WANG], date(2025, 1, 2))
    about_organ = Acts()
    about_organ.did(act, subject_organ=THERE)
    whole = about_organ.read()
    assert (whole.unit, whole.officials, whole.day, whole.based_on) == (THERE, [], date.min, "")
    neither = Acts()
    neither.did(act)
    assert neither.read().unit == 0


def test_what_was_handed_over_says_unit_and_day_and_may_name_circumstances() -> None:
    acts = Acts()
    acts.did("receive_hand_over", subject_official=WANG, situations=["t1"])
    acts.did("open_handed", unit=THERE, day_of_conduct="2025-02-03")
    assert (acts.read().unit, acts.read().situations) == (THERE, ("t1",))
    acts.did("open_handed", unit=HERE, day_of_conduct="2025-02-04", situations=["t2"])
    assert (acts.read().unit, acts.read().situations) == (HERE, ("t2",))
    assert acts.read().day == date(2025, 2, 4)


def test_people_are_added_once_and_investigators_recuse_for_good() -> None:
    acts = opened()
    acts.did("add_person", official=WANG)
    acts.did("add_person", official=ZHAO)
    acts.did("name_investigator", official=LI, declared="none")
    acts.did("name_investigator", official=THERE, declared="none")
    made = acts.read()
    assert made.officials == [WANG, ZHAO]
    assert (set(made.investigators), made.declared) == ({LI, THERE}, {LI: "none", THERE: "none"})
    acts.did("recuse_investigator", official=LI, decision="stay")
    assert set(acts.read().investigators) == {LI, THERE}
    acts.did("recuse_investigator", official=LI, decision="recuse")
    acts.did("recuse_investigator", official=99, decision="recuse")  # who never was one
    acts.did("name_investigator", official=LI, declared="again")
    made = acts.read()
    assert (set(made.investigators), made.recused) == ({THERE}, {LI, 99})
    assert made.declared[LI] == "again"
    acts.did("take_over", organ=THERE)
    assert acts.read().investigators == {}


def test_evidence_says_what_it_shows_whence_it_comes_and_who_may_see_it() -> None:
    acts = opened()
    acts.did(
        "pin_evidence",
        {"shows": "甲"},
        source="N9",
        place=4,
        bound="ab",
        papers=["p"],
        disclose="open",
    )
    acts.did("pin_evidence", disclose="closed")
    acts.did("hand_in", {"shows": "乙"}, papers=["q"], official=WANG)
    first, second, third = acts.read().items.values()
    assert (first.number, first.shows, first.source, first.at, first.bound) == (
        2,
        "甲",
        "N9",
        4,
        "ab",
    )
    assert (first.papers, first.open, first.own) == (("p",), True, False)
    assert (second.source, second.at, second.papers, second.open, second.shows) == (
        "",
        0,
        (),
        False,
        "",
    )
    assert (third.shows, third.papers, third.own, third.official) == ("乙", ("q",), True, WANG)


def test_the_newest_finding_telling_hearing_weighing_and_line_stands() -> None:
    acts = opened()
    for finding in ("cannot", "shown"):
        acts.did("establish", trigger="t1", element="c1", finding=finding)
    acts.did("establish", trigger="t1", element="c2", finding="not_shown")
    acts.did("establish", trigger="t2", element="c1", finding="shown")
    for _ in range(2):
        acts.did("tell_person", official=WANG)
        acts.did("hear", official=WANG)
    acts.did("consider_decision", meeting="M")
    acts.did("consider_deed", official=WANG)
    for value in ("no", "yes"):
        acts.did(
            "weigh_diligence", official=WANG, ground=10, **dict.fromkeys(DILIGENCE_TESTS, value)
        )
    for found in ("main", "none"):
        acts.did("confirm_line", official=WANG, ground=9, kind="collective", responsibility=found)
    for harm in ("serious", "none"):
        acts.did("find_gravity", {"reasons": "因"}, light=True, harm=harm, influence="especially")
    acts.did("hand_over", matter="crime")
    acts.did("reject_rectification")
    acts.did("conclude", outcome="propose")
    acts.did("propose_measure", measures=["m"])
    acts.did("note", text="别的")
    made = acts.read()
    assert made.shown("t1") == ("c1",)
    assert made.shown("t3") == ()
    assert (made.told[WANG].seq, made.heard[WANG].seq) == (8, 9)
    assert set(made.grounds) == {10, 11}
    assert made.tested(10) == {str(WANG): Diligence(True, True, True, True)}
    assert made.tested(11) == {}
    assert made.lines[WANG, 9, "collective"].data["responsibility"] == "none"
    assert len(made.confirmed) == 2
    assert made.gravity == Gravity(True, NEITHER, ESPECIALLY, "因")
    assert len(made.gravities) == 2
    assert (len(made.handed_over), len(made.proposals)) == (1, 1)
    assert made.missed is not None
    assert made.concluded is not None
    assert opened().read().gravity is None


@pytest.mark.parametrize(
    ("said", "grade"), [("none", NEITHER), ("serious", SERIOUS), ("especially", ESPECIALLY)]
)
def test_a_grade_of_harm_or_influence(said: str, grade: int) -> None:
    acts = opened()
    one = acts.did("find_gravity", harm=said, influence="none")
    assert queries.gravity_of(one) == Gravity(False, grade, NEITHER, "")


def test_a_test_of_diligence_knows_yes_no_and_nothing() -> None:
    one = opened().did(
        "weigh_diligence", **dict(zip(DILIGENCE_TESTS, ("yes", "no", "unknown"), strict=False))
    )
    assert queries.diligence_of(one) == Diligence(True, False, None, None)


def test_what_an_act_rests_on_are_numbers_of_the_board() -> None:
    assert queries.refs(opened().did("x", evidence=["2", 3, "三", "-1", ""])) == (2, 3)
    assert queries.refs(opened().did("x")) == ()


def test_points_of_a_defence_are_numbered_once_and_answered() -> None:
    acts = opened()
    acts.did("defend", {"defence": "先"}, point=1, official=WANG, stand="partly")
    acts.did("defend", {"defence": "后"}, point=1, official=ZHAO, stand="agree")
    acts.did("defend", point=2, official=WANG, stand="disagree")
    acts.did("answer_point", point=2, result="upheld")
    acts.did("answer_point", point=7, result="upheld")
    made = acts.read()
    assert [(p.number, p.official, p.told.texts.get("defence")) for p in made.points.values()] == [
        (1, WANG, "先"),
        (2, WANG, None),
    ]
    assert [p.number for p in made.unanswered()] == [1]
    assert made.points[2].answer is not None


@pytest.mark.parametrize("act", ["defend", "hand_in", "hear"])
def test_the_first_defence_is_whatever_somebody_said_first(act: str) -> None:
    acts = opened()
    acts.did("tell_person", official=WANG)
    acts.did(act, official=WANG, point=1, stand="agree")
    acts.did(act, official=ZHAO, point=2, stand="agree")
    made = acts.read()
    assert (made.first_defence(), made.first_defence(WANG), made.first_defence(ZHAO)) == (3, 3, 4)
    assert made.first_defence(LI) is None
    assert opened().read().first_defence() is None


# --- what an inquiry still lacks ------------------------------------------------------------------


def found(**findings: str) -> dict[tuple[str, str], Any]:
    return {
        ("t1", element): told(trigger="t1", element=element, finding=word)
        for element, word in findings.items()
    }


@pytest.fixture
def elements(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"harm": ("损害", "harm"), "own": ("本人", "own")}
    monkeypatch.setattr(conduct_words, "ELEMENTS", words)


@pytest.mark.usefixtures("elements")
@pytest.mark.parametrize(
    ("findings", "lacking"),
    [
        ({}, ["没有认定行为", "没有认定“损害”"]),
        ({"c1": "shown"}, ["没有认定“损害”"]),
        ({"c1": "not_shown"}, ["没有认定“损害”"]),
        ({"c1": "shown", "harm": "cannot"}, []),
        ({"harm": "shown"}, ["没有认定行为"]),
        ({"c2": "shown", "harm": "shown"}, ["没有认定“本人”"]),  # what that conduct asks for itself
        ({"c2": "cannot", "harm": "shown"}, []),
    ],
)
def test_every_circumstance_needs_a_finding_on_conduct_and_on_each_element(
    findings: dict[str, str], lacking: list[str]
) -> None:
    made = inquiry(situations=("t1",), findings=found(**findings), day=date(2025, 1, 2))
    made.shown = lambda trigger: tuple(
        e for e, word in findings.items() if word == "shown" and trigger == "t1"
    )
    assert [
        zh.partition("：")[2] for zh, _en in completeness._facts(made, CIRCUMSTANCES)
    ] == lacking
    assert all(
        en.startswith("article 44: no finding")
        for _zh, en in completeness._facts(made, CIRCUMSTANCES)
    )
    unknown = inquiry(situations=("t9",), findings={}, day=date(2025, 1, 2))
    ((zh, en),) = completeness._facts(unknown, CIRCUMSTANCES)
    assert zh == "2025-01-02没有“t9”这一情形"
    assert en == "there was no t9 on 2025-01-02"


@pytest.mark.parametrize(
    ("rule", "shown", "met"),
    [
        ({}, ("c1", "harm"), True),
        ({}, ("c1",), False),
        ({}, ("harm",), False),
        ({"open": True}, ("c1", "harm"), False),
        ({"open": True}, ("c1", "harm", REASONS), True),
        ({"partly_seen": True}, ("c1", "harm"), False),
    ],
)
def test_a_circumstance_is_met_in_conduct_and_every_element(
    rule: dict[str, Any], shown: tuple[str, ...], *, met: bool
) -> None:
    known = SimpleNamespace(**{**vars(CIRCUMSTANCE), **rule})
    rules_of: Any = SimpleNamespace(triggers={"t1": known})
    made = inquiry()
    made.shown = lambda _trigger: shown
    assert completeness.circumstances_met(made, rules_of) == (("t1",) if met else ())


@pytest.mark.parametrize(
    ("outcome", "met", "gravity", "bears", "lacking"),
    [
        ("propose", ("t1",), Gravity(), True, []),
        ("propose", (), Gravity(), True, ["没有一种情形"]),
        ("propose", ("t1",), None, True, ["没有认定情节"]),
        ("propose", (), None, True, ["没有一种情形", "没有认定情节"]),
        ("no_responsibility", ("t1",), None, True, ["情形成立、有人承担责任"]),
        ("no_responsibility", ("t1",), None, False, []),
        ("no_responsibility", (), None, True, []),
        ("closed", ("t1",), None, True, []),
    ],
)
def test_an_outcome_agrees_with_what_was_found(
    outcome: str, met: tuple[str, ...], gravity: Gravity | None, lacking: list[str],
    monkeypatch: pytest.MonkeyPatch, *, bears: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(completeness, "circumstances_met", lambda *_: met)
    lines = {(WANG, 1, "individual"): told(responsibility="main" if bears else NONE)}
    made = inquiry(gravity=gravity, lines=lines)
    said = [zh for zh, _en in completeness._of_outcome(made, CIRCUMSTANCES, outcome)]
    assert [zh.startswith(words) for zh, words in zip(said, lacking, strict=True)] == [True] * len(
        lacking
    )


def test_all_that_is_missing_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = [("甲", "a"), ("乙", "b"), ("甲", "a")]
    monkeypatch.setattr(completeness, "missing", lambda *_: iter(gaps))
    with pytest.raises(AccountabilityError) as refused:
        completeness.complete(inquiry(), CIRCUMSTANCES, {}, "propose", date.max)
    assert "甲；乙" in str(refused.value)
    assert "a; b" in str(refused.value)
    monkeypatch.setattr(completeness, "missing", lambda *_: iter(()))
    completeness.complete(inquiry(), CIRCUMSTANCES, {}, "propose", date.max)


def test_a_line_that_is_not_confirmed_is_missing() -> None:
    def line(official: int, kind: str = "collective") -> Any:
        return SimpleNamespace(official=str(official), kind=kind)

    ground: Any = SimpleNamespace(lines=[line(WANG), line(ZHAO)])
    both = {(WANG, 4, "collective"): 1, (ZHAO, 4, "collective"): 1}
    assert completeness._confirmed(inquiry(lines=both), 4, ground)
    assert not completeness._confirmed(inquiry(lines=both), 5, ground)
    assert not completeness._confirmed(inquiry(lines={(WANG, 4, "collective"): 1}), 4, ground)


@pytest.mark.parametrize(
    ("acts", "since", "new"),
    [
        ([(4, "shown")], 4, False),
        ([(5, "shown")], 4, True),
        ([(5, "cannot")], 4, False),
        ([(3, "shown"), (5, "shown")], 4, False),  # they were heard on it already
        ([(3, "cannot"), (5, "shown")], 4, True),
        ([(4, "shown"), (5, "shown")], 4, True),  # not before: it came with the hearing
    ],
)
def test_a_fact_found_after_the_hearing_is_new_unless_it_was_found_before(
    acts: list[tuple[int, str]], since: int, *, new: bool
) -> None:
    some = [told(seq, "establish", trigger="t1", element="c1", finding=word) for seq, word in acts]
    other = told(2, "note", trigger="t1", element="c1", finding="shown")
    made = inquiry(acts=(other, *some), findings={("t1", "c1"): some[-1]})
    assert completeness._found_since(made, since) is new
