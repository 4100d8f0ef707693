"""What an inquiry may not do, one rule at a time: evidence, silence, lines, diligence, gravity, and
how the minutes stand in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.inquiry import (
    exemptions,
    line_rules,
    responsibility,
    rules,
)
from dengwen.law.liability.attribution import NONE
from dengwen.law.liability.conduct_words import DILIGENCE_TESTS
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Gravity
from dengwen.law.liability.triggers import REASONS
from tests.accountability.bare_files import CIRCUMSTANCE, code
from tests.accountability.read_inquiries import WANG, ZHAO, inquiry, told

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
DAY = timedelta(days=1)


# --- rules ----------------------------------------------------------------------------------------
ITEMS = {2: SimpleNamespace(own=False), 3: SimpleNamespace(own=True)}


@pytest.mark.parametrize(
    ("evidence", "needed", "refused"),
    [
        (("2",), True, ""),
        (("3",), True, "no-evidence"),  # on the word of the person alone
        (("3", "2"), True, ""),
        ((), True, "no-evidence"),
        ((), False, ""),
        (("3",), False, ""),
        (("4",), False, "not-on-the-board"),
        (("二",), False, "not-on-the-board"),
        (("0",), False, "not-on-the-board"),
        ((2,), True, ""),
    ],
)
def test_a_finding_rests_on_the_board(
    evidence: tuple[Any, ...], refused: str, *, needed: bool
) -> None:
    made = inquiry(items=ITEMS)
    assert (
        code(lambda: rules.on_the_board(made, evidence, needed=needed, why=("因", "why")))
        == refused
    )


@pytest.mark.parametrize(
    ("trigger", "element", "open_", "refused"),
    [
        ("t1", "c1", False, ""),
        ("t1", "harm", False, ""),
        ("t1", "own", False, ""),
        ("t1", REASONS, False, "not-an-element"),
        ("t1", REASONS, True, ""),
        ("t1", "other", True, "not-an-element"),
        ("t9", "c1", False, "no-such-circumstance"),
    ],
)
def test_only_what_the_text_asks_for_is_found(
    trigger: str, element: str, refused: str, *, open_: bool
) -> None:
    known: Any = SimpleNamespace(
        triggers={"t1": SimpleNamespace(**{**vars(CIRCUMSTANCE), "open": open_})}
    )
    assert code(lambda: rules.element_known(inquiry(), known, trigger, element)) == refused


def test_facts_are_told_only_where_there_are_any() -> None:
    assert code(lambda: rules.told_something(inquiry())) == "no-evidence"
    assert code(lambda: rules.told_something(inquiry(items=ITEMS))) == ""
    assert code(lambda: rules.told_something(inquiry(missed=told()))) == ""


@pytest.mark.parametrize(
    ("how", "recorded", "asked"),
    [
        ("absent", False, True),
        ("absent", True, True),
        ("declined", False, True),
        ("declined", True, False),
        ("in_person", False, False),
    ],
)
def test_silence_before_the_day_needs_a_record_of_declining(
    how: str, monkeypatch: pytest.MonkeyPatch, *, recorded: bool, asked: bool
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(rules, "may_be_absent", lambda _made, who, _today: seen.append(who))
    monkeypatch.setattr(rules, "has_written", lambda *_: False)
    rules.may_be_silent(inquiry(), WANG, how, date(2025, 3, 18), recorded=recorded)
    assert bool(seen) is asked


@pytest.mark.parametrize(("how", "refused"), [("absent", "has-answered"), ("written", "")])
def test_who_answered_in_writing_was_not_silent(
    how: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "may_be_absent", lambda *_: None)
    monkeypatch.setattr(rules, "has_written", lambda *_: True)
    day = date(2025, 3, 18)
    assert code(lambda: rules.may_be_silent(inquiry(), WANG, how, day, recorded=True)) == refused


def test_points_are_numbered_in_order_and_answered_where_they_were_made() -> None:
    made = inquiry(points={1: object()})
    assert code(lambda: rules.next_point(made, 2)) == ""
    assert code(lambda: rules.next_point(made, 1)) == "other-point"
    assert code(lambda: rules.next_point(made, 3)) == "other-point"
    assert code(lambda: rules.point_open(made, 1)) == ""
    assert code(lambda: rules.point_open(made, 2)) == "no-point"


# --- lines ----------------------------------------------------------------------------------------
def line(responsibility: str, **more: Any) -> Any:
    plain = {
        "notes": (),
        "diligence": None,
        "zh": "据",
        "basis": CIRCUMSTANCE.basis,
        "kind": "collective",
        "official": str(WANG),
    }
    return SimpleNamespace(responsibility=responsibility, **{**plain, **more})


ABSENT = SimpleNamespace(standard="absent", zh="缺席")
DILIGENT, NOT_DILIGENT = SimpleNamespace(shown=True), SimpleNamespace(shown=False)


@pytest.mark.parametrize(
    ("computed", "confirmed", "needs"),
    [
        (line("main"), "main", False),
        (line("main"), NONE, True),
        (line(NONE), "main", True),
        (line(NONE), NONE, False),
        (line(NONE, diligence=DILIGENT), NONE, True),
        (line(NONE, diligence=NOT_DILIGENT), NONE, False),
        (line("main", diligence=DILIGENT), "main", False),
        (line("main", notes=(ABSENT,)), "main", True),
        (line(NONE, notes=(ABSENT,)), NONE, False),
        (line("main", notes=(SimpleNamespace(standard="AC19"),)), "main", False),
    ],
)
def test_a_change_an_exemption_and_an_absent_leader_need_reasons(
    computed: Any, confirmed: str, *, needs: bool
) -> None:
    assert line_rules._needs_reasons(computed, confirmed) is needs


@pytest.mark.parametrize(
    ("responsibility", "collective", "refused"),
    [(NONE, True, "took-no-part"), (NONE, False, ""), ("main", True, "")],
)
def test_who_took_no_part_answers_for_no_collective_decision(
    responsibility: str, refused: str, *, collective: bool
) -> None:
    ground: Any = SimpleNamespace(collective=collective)
    assert code(lambda: line_rules._refuse_bystander(ground, line(responsibility))) == refused


KEY = (WANG, 1, "collective")


def confirmed(
    seq: int, responsibility: str, official: int = WANG, ground: int = 1, kind: str = "collective"
) -> Any:
    return told(seq, official=official, ground=ground, kind=kind, responsibility=responsibility)


@pytest.mark.parametrize(
    ("first", "acts", "weight"),
    [
        (None, [], 2),  # nobody was heard yet: anything may be found
        (5, [], 1),
        (5, [confirmed(4, "main")], 2),
        (5, [confirmed(3, "main"), confirmed(4, NONE)], 0),
        (5, [confirmed(5, "main")], 1),  # with the hearing, not before
        (5, [confirmed(4, "main", ZHAO)], 1),
        (5, [confirmed(4, "main", ground=2)], 1),
        (5, [confirmed(4, "main", kind="individual")], 1),
    ],
)
def test_how_heavy_a_line_was_before_the_person_was_heard(
    first: int | None, acts: list[Any], weight: int
) -> None:
    made = inquiry(confirmed=acts)
    made.first_defence = lambda _who: first
    assert line_rules.baseline(made, KEY, "leadership") == weight


@pytest.mark.parametrize(
    ("evidence", "new"),
    [
        (("6",), True),
        (("5",), False),  # the hearing itself
        (("7",), False),  # what the person handed in
        (("8",), False),  # nothing on the board
        (("4", "6"), True),
        (("六",), False),
        ("6", False),
        (None, False),
        ((), False),
    ],
)
def test_only_evidence_pinned_since_the_hearing_makes_anything_heavier(
    evidence: Any, *, new: bool
) -> None:
    items = {
        4: SimpleNamespace(own=False),
        5: SimpleNamespace(own=False),
        6: SimpleNamespace(own=False),
        7: SimpleNamespace(own=True),
    }
    made = inquiry(items=items)
    made.first_defence = lambda _who=None: 5
    assert line_rules._new_evidence(made, evidence, 5) is new
    assert code(lambda: line_rules.not_for_defending(made, WANG, evidence)) == (
        "" if new else "aggravated"
    )
    made.first_defence = lambda _who=None: None
    assert code(lambda: line_rules.not_for_defending(made, WANG, evidence)) == ""


@pytest.mark.parametrize(
    ("found_", "was", "is_heavier"),
    [
        (Gravity(False, SERIOUS, NEITHER), Gravity(), True),
        (Gravity(False, NEITHER, SERIOUS), Gravity(), True),
        (Gravity(), Gravity(), False),
        (Gravity(), Gravity(True), True),  # no longer light
        (Gravity(True), Gravity(), False),
        (Gravity(True), Gravity(True), False),
        (Gravity(False, SERIOUS, NEITHER), Gravity(False, ESPECIALLY, NEITHER), False),
        (Gravity(False, NEITHER, SERIOUS), Gravity(False, NEITHER, ESPECIALLY), False),
    ],
)
def test_a_gravity_is_heavier_in_any_respect(
    found_: Gravity, was: Gravity, *, is_heavier: bool
) -> None:
    assert line_rules.heavier(found_, was) is is_heavier


YES = dict.fromkeys(DILIGENCE_TESTS, "yes")
UNKNOWN = dict.fromkeys(DILIGENCE_TESTS, "unknown")


@pytest.mark.parametrize(
    ("act", "number", "fields", "refused"),
    [
        ("consider_deed", 4, {**YES, "evidence": ("2",)}, ""),
        ("consider_deed", 4, YES, "no-evidence"),
        ("consider_deed", 4, {**UNKNOWN, DILIGENCE_TESTS[0]: "no"}, "no-evidence"),
        ("consider_deed", 4, UNKNOWN, ""),
        ("consider_deed", 4, {**YES, "evidence": ("9",)}, "not-on-the-board"),
        ("consider_deed", 5, {**YES, "evidence": ("2",)}, "no-deed"),
        ("consider_decision", 4, {**YES, "evidence": ("2",)}, "no-deed"),
    ],
)
def test_diligence_is_weighed_for_a_deed_and_said_on_evidence(
    act: str, number: int, fields: dict[str, Any], refused: str
) -> None:
    made = inquiry(items=ITEMS, grounds={4: told(4, act)}, diligence={})
    assert code(lambda: line_rules.diligence_may(made, WANG, number, fields)) == refused


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        ("yes", "yes", False),
        ("yes", "no", True),
        ("yes", "unknown", True),
        ("no", "yes", False),
        ("no", "no", False),
    ],
)
def test_diligence_once_shown_is_not_lost_by_defending_oneself(
    before: str, now: str, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        line_rules, "not_for_defending", lambda _made, who, given: seen.append((who, given))
    )
    weighed = {(WANG, 4): told(6, **{**YES, DILIGENCE_TESTS[0]: before})}
    made = inquiry(items=ITEMS, grounds={4: told(4, "consider_deed")}, diligence=weighed)
    line_rules.diligence_may(made, WANG, 4, {**YES, DILIGENCE_TESTS[0]: now, "evidence": ("2",)})
    assert seen == ([(WANG, ("2",))] if asked else [])


# --- from the minutes -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stand", "stance", "there"),
    [
        ("for", "for", True),
        ("objection", "objected", True),
        ("reservation", "reserved", True),
        ("abstained", "abstained", True),
        ("absent", "silent", False),
        ("other", "silent", True),
    ],
)
@pytest.mark.parametrize(
    ("outcome", "followed"), [("adopted", False), ("rejected", True), ("deferred", True)]
)
def test_the_minutes_say_who_was_there_and_whose_objection_was_followed(
    stand: str, stance: str, outcome: str, *, there: bool, followed: bool
) -> None:
    one = responsibility.position_of(str(WANG), stand, outcome)
    assert (one.present, one.took_part, one.stance) == (there, there, stance)
    assert (one.recorded, one.followed) == (True, followed)
    assert responsibility.objected(one) is (stand == "objection" and not followed)


def test_who_bears_nothing_is_freed_by_dissent_diligence_or_no_part() -> None:
    def freed(
        *, objector: bool = False, shown: bool | None = None, collective: bool = False
    ) -> str:
        made = inquiry()
        tests = {} if shown is None else {str(WANG): SimpleNamespace(shown=shown)}
        made.tested = lambda number: tests if number == 4 else {}
        objectors = {WANG} if objector else set()
        ground: Any = SimpleNamespace(objectors=objectors, number=4, collective=collective)
        return exemptions._ground(made, ground, WANG)

    assert freed(objector=True, shown=True, collective=True) == "dissent"
    assert freed(shown=True, collective=True) == "diligence"
    assert freed(shown=False, collective=True) == "no_part"
    assert freed(collective=True) == "no_part"
    assert freed(shown=False) == ""
    assert set(exemptions.GROUNDS) == {"dissent", "diligence", "no_part"}
    assert all(zh and en for zh, en in exemptions.GROUNDS.values())
