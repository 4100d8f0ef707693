"""What a measure rests on and what follows: the wrong organ, the day before and the day after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures import (
    appeal_effects,
    decision_door,
    follow_up_effects,
    grounds,
    opening_effects,
    queries,
    sanction_handover,
)
from dengwen.law.duties.step import Step
from dengwen.law.liability.provisions import Liability
from tests.accountability.read_inquiries import HERE, LI, THERE, WANG, inquiry
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("organ", "known", "works_in", "of_it"),
    [
        (HERE, True, {HERE}, True),
        (HERE, True, {THERE}, False),
        (None, True, {HERE}, False),
        (HERE, False, {HERE}, False),
    ],
)
def test_somebody_of_the_organ_concerned_does_not_decide(
    organ: int | None,
    works_in: set[int],
    monkeypatch: pytest.MonkeyPatch,
    *,
    known: bool,
    of_it: bool,
) -> None:
    monkeypatch.setattr(decision_door, "Official", table(*(["person"] if known else [])))
    monkeypatch.setattr(decision_door, "organs_of", lambda *_: works_in)
    assert decision_door._of_the_organ(organ, WANG, TODAY) is of_it


@pytest.mark.parametrize(("organ", "may"), [(HERE, True), (THERE, True), (3, False), (None, False)])
def test_who_decided_or_stands_above_puts_right(
    organ: int | None, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    monkeypatch.setattr(follow_up_effects, "line_above", lambda *_: (SimpleNamespace(pk=THERE),))
    holder = SimpleNamespace(pk=HERE)
    file: Any = SimpleNamespace(case=SimpleNamespace(holder=holder, holder_id=HERE))
    facts: Any = SimpleNamespace(organ=organ, day=TODAY, case="N")
    if may:
        follow_up_effects._own_or_above(file, facts)
        return
    with pytest.raises(AccountabilityError, match="只有作出决定的机关"):
        follow_up_effects._own_or_above(file, facts)


@pytest.mark.parametrize(
    ("was_told", "was_heard", "freed"),
    [(WANG, WANG, False), (LI, WANG, True), (WANG, LI, True), (LI, LI, True)],
)
def test_nobody_is_decided_on_who_was_not_told_and_heard(
    was_told: int, was_heard: int, monkeypatch: pytest.MonkeyPatch, *, freed: bool
) -> None:
    monkeypatch.setattr(grounds, "answers_for", lambda *_: None)
    made = inquiry(told={was_told: 1}, heard={was_heard: 1})
    found: Any = SimpleNamespace(made=made)
    file: Any = SimpleNamespace(official=WANG, organ=None)
    if freed:
        with pytest.raises(AccountabilityError, match="没有向本人告知"):
            grounds.about(found, file, TODAY)
        return
    grounds.about(found, file, TODAY)


@pytest.mark.parametrize(("office", "assists"), [(THERE, True), (HERE, False), (None, False)])
def test_the_office_that_proposed_assists_unless_it_decides_itself(
    office: int | None, monkeypatch: pytest.MonkeyPatch, *, assists: bool
) -> None:
    roles: list[tuple[str, int]] = []
    monkeypatch.setattr(
        opening_effects,
        "enter_in_role",
        lambda _facts, role, *, organs: roles.append((role, *organs)),
    )
    monkeypatch.setattr(opening_effects, "Act", table())
    monkeypatch.setattr(opening_effects, "_concluded", lambda _step: inquiry(number="N"))
    for name in ("_as_made", "manages", "concern"):
        monkeypatch.setattr(opening_effects, name, lambda *_: None)
    fields: Any = {"subject_official": WANG, "letter": "1", "from_office": office}
    facts: Any = SimpleNamespace(organ=HERE, case_id=5, act_id=6, day=TODAY)
    opening_effects.proposal_received(Step(act="receive_proposal", fields=fields), facts)
    assert roles == ([("assisting_organ", THERE)] if assists else [])


def act(seq: int, name: str, **data: Any) -> Any:
    return SimpleNamespace(seq=seq, act=name, data=data)


def test_what_became_of_a_decision_lies_before_the_next_one() -> None:
    acts = [
        act(1, "serve_decision", received_on="2025-01-01"),
        act(2, "decide", deadline="2025-02-02"),
        act(3, "serve_decision", received_on="2025-02-03"),
        act(4, "accept_rectification"),
        act(5, "decide", deadline="2025-05-05"),
        act(6, "serve_decision", received_on="2025-05-06"),
        act(7, "reject_rectification"),
    ]
    file: Any = SimpleNamespace(acts=acts)
    first = queries._outcome(file, 2, 5)
    assert (first.deadline, first.served, first.met) == (
        date(2025, 2, 2),
        date(2025, 2, 3),
        True,
    )
    second = queries._outcome(file, 5, None)
    assert (second.deadline, second.served, second.met) == (
        date(2025, 5, 5),
        date(2025, 5, 6),
        False,
    )
    bare = queries._outcome(file, 2, 3)
    assert (bare.deadline, bare.served, bare.met) == (date(2025, 2, 2), None, None)


FACTS: Any = SimpleNamespace(
    organ=HERE, day=TODAY, case="N", case_id=5, act_id=6, actor=7, recorded_at=NOW
)


# --- what it rests on -----------------------------------------------------------------------------
@pytest.mark.parametrize(("named", "lacks"), [(1, True), (2, False), (3, False)])
def test_an_own_finding_needs_two_investigators(
    named: int, monkeypatch: pytest.MonkeyPatch, *, lacks: bool
) -> None:
    monkeypatch.setattr(grounds, "missing", lambda *_: [])
    made = inquiry(investigators=dict.fromkeys(range(named)))
    rules: Any = None
    found = grounds.Finding("N", own=True, made=made, rules=rules, grounds={})
    assert bool(found.lacking) is lacks


@pytest.mark.parametrize(("day", "found"), [(TODAY, True), (date.min, False)])
def test_an_inquiry_without_a_day_of_conduct_is_no_finding(
    day: date, monkeypatch: pytest.MonkeyPatch, *, found: bool
) -> None:
    monkeypatch.setattr(grounds, "read_inquiry", lambda _case: inquiry(day=day))
    monkeypatch.setattr(grounds, "in_force", lambda *_: None)
    monkeypatch.setattr(grounds, "grounds_of", lambda _made: {})
    file: Any = SimpleNamespace(inquiry="", case=SimpleNamespace(number="N"))
    assert (grounds.finding_of(file) is not None) is found


def finding(number: str = "N", **more: Any) -> Any:
    met = more.pop("met", ())
    made = inquiry(**more)
    return SimpleNamespace(number=number, own=False, made=made, met=met)


def test_a_finding_is_of_the_person_or_the_organ_of_the_file() -> None:
    of_person: Any = SimpleNamespace(inquiry="", official=WANG, organ=None)
    of_other: Any = SimpleNamespace(inquiry="", official=LI, organ=None)
    of_unit: Any = SimpleNamespace(inquiry="", official=None, organ=HERE)
    elsewhere: Any = SimpleNamespace(inquiry="", official=None, organ=THERE)
    named: Any = SimpleNamespace(inquiry="N", official=LI, organ=None)
    says = [
        grounds.names_subject(finding(), file)
        for file in (of_person, of_other, of_unit, elsewhere, named)
    ]
    assert says == [True, False, True, False, True]


@pytest.mark.parametrize(("unit", "about"), [(HERE, True), (THERE, False)])
def test_a_finding_about_another_unit_is_no_ground(
    unit: int, monkeypatch: pytest.MonkeyPatch, *, about: bool
) -> None:
    spoken: list[Any] = []
    monkeypatch.setattr(grounds, "_spoken_for", lambda found, _day: spoken.append(found))
    found = finding(unit=unit)
    file: Any = SimpleNamespace(official=None, organ=HERE)
    if about:
        grounds.about(found, file, TODAY)
        assert spoken == [found]
        return
    with pytest.raises(AccountabilityError, match="认定的不是这个单位"):
        grounds.about(found, file, TODAY)


def test_two_findings_are_of_one_matter_by_unit_day_and_circumstance() -> None:
    one = finding("A", day=TODAY, met=("x", "y"))
    assert grounds.same_matter(one, finding("A", day=TODAY + DAY))
    assert grounds.same_matter(one, finding("B", day=TODAY, met=("y",)))
    assert not grounds.same_matter(one, finding("B", day=TODAY, met=("z",)))
    assert not grounds.same_matter(one, finding("B", day=TODAY + DAY, met=("y",)))
    assert not grounds.same_matter(one, finding("B", day=TODAY, unit=THERE, met=("y",)))


@pytest.mark.parametrize(
    ("deadline", "met", "stands", "missed"),
    [
        (TODAY - DAY, False, True, True),
        (TODAY, False, True, False),  # its last day is not over
        (None, False, True, False),
        (TODAY - DAY, True, True, False),
        (TODAY - DAY, None, True, False),
        (TODAY - DAY, False, False, False),
    ],
)
def test_a_goal_is_missed_from_the_day_after_its_last(
    deadline: date | None, met: bool | None, *, stands: bool, missed: bool
) -> None:
    measure: Any = SimpleNamespace(deadline=deadline, met=met, stands=stands)
    assert grounds._missed(measure, TODAY) is missed


@pytest.mark.parametrize(("unit", "opened"), [(HERE, True), (THERE, False)])
def test_a_file_on_an_organ_names_that_organ(
    unit: int, monkeypatch: pytest.MonkeyPatch, *, opened: bool
) -> None:
    for name in ("manages", "concern"):
        monkeypatch.setattr(opening_effects, name, lambda *_: None)
    step = Step(
        act="open_own",
        fields={"subject_organ": HERE, "unit": unit},
        texts={"facts": "逾期未答复"},
    )
    if opened:
        assert opening_effects.opened_own(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError, match="所在单位就是责任单位"):
        opening_effects.opened_own(step, FACTS)


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"subject_official": WANG}, (WANG, None)),
        ({"subject_organ": HERE}, (None, HERE)),
        ({"subject_official": WANG, "subject_organ": HERE}, None),
        ({}, None),
    ],
)
def test_a_file_concerns_one_person_or_one_organ(
    fields: Any, subject: tuple[int | None, int | None] | None
) -> None:
    step = Step(act="open_own", fields=fields)
    if subject is not None:
        assert opening_effects._subject(step) == subject
        return
    with pytest.raises(AccountabilityError, match="只追究一个人或者一个单位"):
        opening_effects._subject(step)


# --- afterwards -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("organ", "rectifier", "may"),
    [(HERE, None, True), (THERE, THERE, True), (THERE, HERE, False), (THERE, None, False)],
)
def test_the_organ_concerned_or_the_one_that_rectifies_reports(
    organ: int, rectifier: int | None, *, may: bool
) -> None:
    decision = SimpleNamespace(data={"rectifier": rectifier})
    file: Any = SimpleNamespace(official=None, organ=HERE, decision=decision)
    facts: Any = SimpleNamespace(organ=organ, actor=7)
    assert follow_up_effects._concerns(file, facts) is may
    undecided: Any = SimpleNamespace(official=None, organ=HERE, decision=None)
    assert follow_up_effects._concerns(undecided, facts) is (organ == HERE)


@pytest.mark.parametrize(
    ("before", "after", "later"),
    [
        (TODAY, TODAY + DAY, True),
        (TODAY, TODAY, False),
        (TODAY, TODAY - DAY, False),
        (None, TODAY, False),
    ],
)
def test_a_date_to_rectify_is_only_put_off(
    before: date | None, after: date, monkeypatch: pytest.MonkeyPatch, *, later: bool
) -> None:
    monkeypatch.setattr(
        follow_up_effects, "file_before", lambda _facts: SimpleNamespace(deadline=before)
    )
    monkeypatch.setattr(follow_up_effects, "by_own_hand", lambda *_: None)
    step = Step(act="extend_rectification", fields={"deadline": after})
    if later:
        assert follow_up_effects.rectification_extended(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError, match="不晚于原来的日期"):
        follow_up_effects.rectification_extended(step, FACTS)


@pytest.mark.parametrize(
    ("deadline", "reported", "may"),
    [
        (TODAY, None, False),  # the last day itself
        (TODAY - DAY, None, True),
        (TODAY + DAY, None, False),
        (None, None, False),
        (TODAY, 6, True),
        (TODAY, 5, False),  # a report on an earlier decision
        (TODAY, 4, False),
    ],
)
def test_a_goal_is_said_to_be_missed_after_a_report_or_its_last_day(
    deadline: date | None, reported: int | None, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    report = SimpleNamespace(seq=reported) if reported is not None else None
    file = SimpleNamespace(
        deadline=deadline, decision=SimpleNamespace(seq=5), last=lambda _act: report
    )
    monkeypatch.setattr(follow_up_effects, "file_before", lambda _facts: file)
    step = Step(act="reject_rectification")
    if may:
        assert follow_up_effects.rectification_rejected(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError, match="整改期限没有过"):
        follow_up_effects.rectification_rejected(step, FACTS)


def test_a_correction_is_said_as_widely_as_the_circular() -> None:
    narrow, wide = sorted(follow_up_effects._WIDEST, key=follow_up_effects._WIDEST.__getitem__)[
        ::2
    ][:2]

    def corrected(scope: str, *said: str) -> None:
        file: Any = SimpleNamespace(scopes=frozenset(said))
        follow_up_effects._as_widely(file, scope)

    corrected(wide, wide)
    corrected(wide, narrow)
    corrected(narrow)
    with pytest.raises(AccountabilityError, match="小于原来的通报范围"):
        corrected(narrow, narrow, wide)


@pytest.mark.parametrize(
    ("last", "obstacle", "late"),
    [
        (TODAY, "", False),
        (TODAY - DAY, "", True),
        (TODAY - DAY, "洪水", False),
        (TODAY - DAY, " ", True),
        (None, "", False),
    ],
)
def test_an_appeal_is_in_time_on_its_last_day(
    last: date | None, obstacle: str, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    monkeypatch.setattr(appeal_effects, "last_day", lambda *_: last)
    step = Step(act="appeal", fields={"route": "r"}, texts={"obstacle": obstacle})
    rules: Any = None
    measure: Any = None
    if not late:
        appeal_effects._in_time(step, FACTS, rules, measure, None)
        return
    with pytest.raises(AccountabilityError, match="现在已经过了"):
        appeal_effects._in_time(step, FACTS, rules, measure, None)


@pytest.mark.parametrize(
    ("to", "instance", "route", "right"),
    [
        (HERE, appeal_effects.FIRST, "r", True),
        (THERE, appeal_effects.FIRST, "r", False),
        (THERE, appeal_effects.FIRST, "elsewhere", True),
        (THERE, appeal_effects.FIRST, "csl", False),
        (THERE, appeal_effects.DIRECT, "csl", True),
        (HERE, appeal_effects.DIRECT, "csl", False),
        (THERE, appeal_effects.DIRECT, "r", False),
        (THERE, appeal_effects.DIRECT, "elsewhere", False),
        (HERE, "second", "r", False),
        (THERE, "second", "r", True),
    ],
)
def test_an_appeal_goes_to_the_deciding_organ_first_and_then_above(
    to: int, instance: str, route: str, *, right: bool
) -> None:
    way = min(appeal_effects.ELSEWHERE_TOO) if route == "elsewhere" else route
    file: Any = SimpleNamespace(case=SimpleNamespace(holder_id=HERE))
    step = Step(act="appeal", fields={"to": to, "instance": instance})
    if right:
        appeal_effects._addressee(step, file, way)
        return
    with pytest.raises(AccountabilityError, match="机关"):
        appeal_effects._addressee(step, file, way)


@pytest.mark.parametrize(
    ("subject", "named", "own", "may"),
    [
        (WANG, WANG, True, True),
        (WANG, LI, True, False),
        (WANG, WANG, False, False),
        (None, WANG, True, False),
    ],
)
def test_only_the_person_held_to_account_appeals(
    subject: int | None, named: int, monkeypatch: pytest.MonkeyPatch, *, own: bool, may: bool
) -> None:
    monkeypatch.setattr(appeal_effects, "_is", lambda *_: own)
    file: Any = SimpleNamespace(official=subject)
    step = Step(act="appeal", fields={"appellant": named})
    if may:
        assert appeal_effects._appellant(step, FACTS, file) == WANG
        return
    with pytest.raises(AccountabilityError, match="只有被追究责任的本人"):
        appeal_effects._appellant(step, FACTS, file)


@pytest.mark.parametrize(("months", "lighter"), [((1, 2), True), ((2, 2), False), ((3, 2), False)])
def test_a_measure_of_a_kind_is_lighter_by_its_influence(
    months: tuple[int, int], monkeypatch: pytest.MonkeyPatch, *, lighter: bool
) -> None:
    measure = SimpleNamespace(kind="sanction of a kind of its own", by="supervisory")
    known: Any = {"new": measure, "old": measure}
    rules = Liability(measures=known)
    new, old = months
    lasts = {"new": TODAY + new * DAY, "old": TODAY + old * DAY}
    monkeypatch.setattr(appeal_effects, "_months", lambda _rules, name, _day: lasts[name])
    assert appeal_effects.lighter(rules, "new", "old", TODAY) is lighter


def test_what_is_handed_over_arrives_at_another_supervisory_organ(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def arrived(to: int, *, supervisory: bool) -> bool:
        monkeypatch.setattr(sanction_handover, "Organ", table(*(["o"] if supervisory else [])))
        steps = sanction_handover.arrival(
            to, FACTS, nature="", official=WANG, organ=None, situations=(), words="", at=None
        )
        return bool(steps)

    assert arrived(THERE, supervisory=True)
    assert not arrived(HERE, supervisory=True)
    assert not arrived(THERE, supervisory=False)


@pytest.mark.parametrize(
    ("officials", "given", "about"),
    [
        ([WANG], None, WANG),
        ([WANG], WANG, WANG),
        ([WANG, LI], LI, LI),
        ([WANG, LI], None, "refused"),
        ([WANG], LI, "refused"),
        ([], None, None),
        ([], LI, "refused"),
    ],
)
def test_a_hand_over_says_whom_of_several_it_is_about(
    officials: list[int], given: int | None, about: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def arrival(*_: Any, official: Any, **__: Any) -> tuple[()]:
        asked.append(official)
        return ()

    monkeypatch.setattr(sanction_handover, "arrival", arrival)
    fields: Any = {"to": THERE, "nature": "x", **({"official": given} if given else {})}
    step = Step(act="hand_over", fields=fields, texts={"grounds": ""})
    made = inquiry(officials=officials)
    if about == "refused":
        with pytest.raises(AccountabilityError, match="移送的是被核查人员中的谁"):
            sanction_handover.handed_by_inquiry(made, step, FACTS)
        return
    sanction_handover.handed_by_inquiry(made, step, FACTS)
    assert asked == [about]
