"""Who investigates, is told and is heard: the wrong person, and the day before and after."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry import (
    disclosure_to_person,
    evidence_sources,
    inquiry_before,
    investigator_effects,
    queries,
    rules,
)
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.law.duties.step import Step
from tests.accountability.read_inquiries import HERE, LI, THERE, WANG, ZHAO, inquiry, told
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)


# --- who does it ----------------------------------------------------------------------------------
FACTS: Any = SimpleNamespace(organ=HERE, day=TODAY, case="N", case_id=5, act_id=6, actor=7)


@pytest.mark.parametrize(
    ("named", "acting", "words"),
    [
        ([LI, ZHAO], LI, ""),
        ([LI], LI, "核查人员不足2人"),
        ([], LI, "核查人员不足2人"),
        ([LI, ZHAO], WANG, "只有本件的核查人员"),
        ([LI, ZHAO], None, "只有本件的核查人员"),
        ([LI, ZHAO, WANG], WANG, ""),
    ],
)
def test_an_inquiry_needs_two_investigators_and_one_of_them_acts(
    named: list[int], acting: int | None, words: str
) -> None:
    made = inquiry(investigators=dict.fromkeys(named))
    if not words:
        rules.two_investigators(made, acting)
        return
    with pytest.raises(AccountabilityError, match=words):
        rules.two_investigators(made, acting)


def test_the_organ_of_a_file_hears_again_after_a_missed_goal() -> None:
    missed = inquiry(missed=told(3), holder=HERE)
    elsewhere: Any = SimpleNamespace(organ=THERE)
    assert inquiry_before.heard_again(missed, FACTS)
    assert not inquiry_before.heard_again(missed, elsewhere)
    assert not inquiry_before.heard_again(inquiry(), FACTS)


@pytest.mark.parametrize(
    ("answer_by", "enough"), [(TODAY + DAY, True), (TODAY, False), (TODAY - DAY, False)]
)
def test_a_day_is_left_to_answer(answer_by: date, *, enough: bool) -> None:
    if enough:
        rules.can_still_answer(answer_by, TODAY)
        return
    with pytest.raises(AccountabilityError, match="没有留出一天"):
        rules.can_still_answer(answer_by, TODAY)


@pytest.mark.parametrize(("today", "over"), [(-1, False), (0, False), (1, True)])
def test_no_answer_is_written_after_the_last_day_to_answer(today: int, *, over: bool) -> None:
    made = Inquiry("N1", "500199", None, ())
    made.told = {WANG: told(answer_by=TODAY.isoformat(), official=WANG)}
    if over:
        rules.may_be_absent(made, WANG, TODAY + today * DAY)
        return
    with pytest.raises(AccountabilityError, match="还没有期满"):
        rules.may_be_absent(made, WANG, TODAY + today * DAY)


def test_only_who_was_told_is_heard() -> None:
    rules.was_told(inquiry(told={WANG: told()}), WANG)
    with pytest.raises(AccountabilityError, match="还没有向这个人告知"):
        rules.was_told(inquiry(told={LI: told()}), WANG)


@pytest.mark.parametrize(
    ("official", "seq", "answered"),
    [(WANG, 6, True), (WANG, 5, False), (WANG, 4, False), (LI, 6, False)],
)
def test_a_written_answer_is_the_own_and_came_after_the_telling(
    official: int, seq: int, *, answered: bool
) -> None:
    point = SimpleNamespace(official=official, told=told(seq))
    made = inquiry(told={WANG: told(5)}, points={1: point})
    if answered:
        rules.answered_in_writing(made, WANG)
        return
    with pytest.raises(AccountabilityError, match="没有书面答复"):
        rules.answered_in_writing(made, WANG)


@pytest.mark.parametrize(
    ("told_at", "heard_at", "anew"),
    [(4, 5, True), (3, 5, False), (5, 5, False), (6, 5, False), (None, 5, False), (4, None, False)],
)
def test_somebody_is_heard_anew_after_the_goal_was_missed(
    told_at: int | None, heard_at: int | None, *, anew: bool
) -> None:
    made = inquiry(
        missed=told(3),
        told={WANG: told(told_at)} if told_at is not None else {},
        heard={WANG: told(heard_at)} if heard_at is not None else {},
        hearing_stands=lambda who: who == WANG,
    )
    assert Inquiry.heard_anew.__get__(made) == ([WANG] if anew else [])


def test_the_first_defence_is_the_first_hearing_of_the_person_or_of_anybody() -> None:
    acts = [
        told(1, "pin_evidence", official=WANG),
        told(2, "defend", official=LI),
        told(3, "defend", official=WANG),
    ]
    made = inquiry(acts=acts)
    assert Inquiry.first_defence(made) == 2
    assert Inquiry.first_defence(made, WANG) == 3
    assert Inquiry.first_defence(made, ZHAO) is None


def test_a_person_is_concerned_once_and_a_recused_investigator_stays_out() -> None:
    made = inquiry(recused={LI}, investigators={})
    queries._added(made, told(official=WANG))
    queries._added(made, told(official=ZHAO))
    assert made.officials == [WANG, ZHAO]
    queries._named(made, told(official=LI, declared="none"))
    queries._named(made, told(official=THERE, declared="none"))
    assert list(made.investigators) == [THERE]
    assert set(made.declared) == {LI, THERE}


# --- evidence and disclosure ----------------------------------------------------------------------
@pytest.mark.parametrize(("number", "found"), [("A", True), ("B", True), ("C", False)])
def test_a_case_is_opened_by_the_lead_that_names_it(
    number: str, monkeypatch: pytest.MonkeyPatch, *, found: bool
) -> None:
    monkeypatch.setattr(
        evidence_sources, "Act", table(told(about="A"), SimpleNamespace(data={"from": "B"}))
    )
    monkeypatch.setattr(evidence_sources, "Case", table("case"))
    source: Any = evidence_sources._of_lead(inquiry(lead="L"), number)
    assert source == ("case" if found else None)
    assert evidence_sources._of_lead(inquiry(lead=""), number) is None


def test_a_person_reads_their_own_points_and_lines_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {n: SimpleNamespace(official=who, n=n) for n, who in enumerate((WANG, LI, WANG), 1)}
    lines = {(WANG, 1, "x"): told(1), (LI, 1, "x"): told(2)}
    made = inquiry(points=points, lines=lines, concluded=told(9))
    monkeypatch.setattr(disclosure_to_person, "read_inquiry", lambda _case: made)
    monkeypatch.setattr(disclosure_to_person, "sources_of", lambda _made: [])
    monkeypatch.setattr(disclosure_to_person, "sealed_words", lambda _cases: ())
    monkeypatch.setattr(disclosure_to_person, "_clean_point", lambda point, _sealed: point.n)
    monkeypatch.setattr(disclosure_to_person, "_clean_told", lambda one, _sealed: one.seq)
    case: Any = None
    shown: Any = disclosure_to_person.disclosed(case, WANG)
    assert shown.points == (1, 3)
    assert shown.lines == (1,)
    made.concluded = None
    assert disclosure_to_person.disclosed(case, WANG).lines == ()


# --- naming investigators -------------------------------------------------------------------------
@pytest.mark.parametrize(("unit", "own"), [(HERE, True), (THERE, False)])
def test_no_organ_inquires_into_itself(
    unit: int, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    concerned: list[Any] = []
    monkeypatch.setattr(
        investigator_effects, "_concern", lambda _facts, **who: concerned.append(who)
    )
    step = Step(act="open_inquiry", fields={"unit": unit})
    if own:
        with pytest.raises(AccountabilityError, match="不能核查本机关"):
            investigator_effects.inquiry_opened(step, FACTS)
        assert concerned == []
        return
    investigator_effects.inquiry_opened(step, FACTS)
    assert concerned == [{"organ": THERE}]


@pytest.mark.parametrize(("works_in", "ours"), [({HERE}, True), ({THERE}, False), (set(), False)])
def test_an_investigator_works_in_the_organ_that_inquires(
    works_in: set[int], monkeypatch: pytest.MonkeyPatch, *, ours: bool
) -> None:
    stood: list[tuple[str, int]] = []
    monkeypatch.setattr(investigator_effects, "inquiry_before", lambda _facts: inquiry())
    monkeypatch.setattr(investigator_effects, "Official", table(SimpleNamespace(name="李")))
    monkeypatch.setattr(investigator_effects, "organs_of", lambda *_: works_in)
    monkeypatch.setattr(investigator_effects, "conflicts_of", lambda *_: [])
    monkeypatch.setattr(
        investigator_effects,
        "enter_in_role",
        lambda _facts, role, *, officials: stood.append((role, *officials)),
    )
    step = Step(act="name_investigator", fields={"official": LI, "declared": "none"})
    if ours:
        investigator_effects.investigator_named(step, FACTS)
    else:
        with pytest.raises(AccountabilityError, match="不在本机关任职"):
            investigator_effects.investigator_named(step, FACTS)
    assert stood == ([("investigator", LI)] if ours else [])


@pytest.mark.parametrize(
    ("asking", "asked", "may"),
    [
        (WANG, LI, True),  # a person concerned
        (LI, LI, True),  # for themselves
        (THERE, LI, True),  # another investigator
        (ZHAO, LI, False),
        (None, LI, False),
        (WANG, ZHAO, False),  # no investigator
    ],
)
def test_who_may_ask_that_an_investigator_recuse(
    asking: int | None, asked: int, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    made = inquiry(investigators={LI: None, THERE: None})
    monkeypatch.setattr(investigator_effects, "inquiry_before", lambda _facts: made)
    monkeypatch.setattr(investigator_effects, "acting_official", lambda _facts: asking)
    step = Step(act="ask_recusal", fields={"official": asked})
    if may:
        assert investigator_effects.recusal_asked(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError):
        investigator_effects.recusal_asked(step, FACTS)


@pytest.mark.parametrize(("official", "may"), [(ZHAO, True), (LI, False)])
def test_nobody_is_concerned_while_they_investigate(
    official: int, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    concerned: list[Any] = []
    monkeypatch.setattr(investigator_effects, "investigated", lambda _facts: inquiry())
    monkeypatch.setattr(investigator_effects, "grounds_of", lambda _made: {})
    monkeypatch.setattr(investigator_effects, "unit_and_above", lambda *_: set())
    monkeypatch.setattr(investigator_effects, "refuse_stranger", lambda *_: None)
    monkeypatch.setattr(
        investigator_effects, "_concern", lambda _facts, official: concerned.append(official)
    )
    step = Step(act="add_person", fields={"official": official})
    if may:
        investigator_effects.person_added(step, FACTS)
    else:
        with pytest.raises(AccountabilityError, match="正在核查本件"):
            investigator_effects.person_added(step, FACTS)
    assert concerned == ([official] if may else [])
