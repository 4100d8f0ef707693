"""Which acts and openings the finders count: from which day, by whom, about whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.finders import (
    contradictions,
    deadlines,
    dealings,
    leaks,
    refused_objections,
    rough_treatment,
)
from dengwen.accountability.finders.contradictions import _just_after
from dengwen.accountability.finders.found import Seen
from dengwen.law.duties.act_record import CLOSED, IN_TIME, LATE, OPEN
from dengwen.law.duties.excuse import applies, claims
from tests.invented_rows import table
from tests.world import at

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
WANG, LI, ZHAO = 11, 12, 13
HERE, THERE = 1, 2
SEEN = Seen((5,), HERE, TODAY, "", "", (), "")


@pytest.mark.parametrize(
    ("after", "counts"),
    [(0, False), (1, True), (10, True), (11, False), (-1, False)],
)
def test_entered_just_after_is_from_the_day_after_the_last_to_the_tenth(
    after: int, *, counts: bool
) -> None:
    entry: Any = SimpleNamespace(did=SimpleNamespace(entered=TODAY + after * DAY), due=TODAY)
    assert _just_after(entry) is counts


@pytest.mark.parametrize(
    ("day", "held"),
    [(TODAY - DAY, False), (TODAY, True), (TODAY + 8 * DAY, True), (TODAY + 9 * DAY, False)],
)
def test_a_post_is_held_from_its_first_day_to_the_one_before_its_end(
    day: date, *, held: bool
) -> None:
    assert leaks._Post(HERE, TODAY, TODAY + 9 * DAY).held_on(day) is held
    assert leaks._Post(HERE, TODAY, None).held_on(day) is (day >= TODAY)


def accused(role: str, who: int, since: datetime = NOW) -> leaks._Accused:
    return leaks._Accused(role, who, since, 3)


def test_a_finding_concerns_the_accused_unit_or_where_the_reader_works() -> None:
    reader = leaks._Reader(NOW, WANG, frozenset({THERE, HERE}))
    assert reader.unit(accused("accused_unit", THERE)) == THERE
    assert reader.unit(accused("accused_person", WANG)) == HERE
    assert leaks._Reader(NOW, WANG, frozenset()).unit(accused("accused_person", WANG)) is None


def test_who_is_accused_is_a_unit_or_a_person_as_their_role_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        (5, "accused_unit", HERE, None, 3, NOW),
        (5, "accused_person", None, WANG, 3, NOW),
        (6, "accused_person", HERE, LI, 3, NOW),  # a person and the organ they work in
        (6, "accused_unit", THERE, LI, 3, NOW),
        (7, "accused_person", HERE, None, 3, NOW),  # somebody the registry does not know
    ]
    monkeypatch.setattr(leaks, "Party", table(*rows))
    found = {case: [(one.role, one.who) for one in some] for case, some in leaks._sides().items()}
    assert found == {
        5: [("accused_unit", HERE), ("accused_person", WANG)],
        6: [("accused_person", LI), ("accused_unit", THERE)],
    }


@pytest.mark.parametrize(
    ("at", "official", "found"),
    [
        (NOW, WANG, 1),  # in the very instant
        (NOW - timedelta(seconds=1), WANG, 0),
        (NOW + DAY, WANG, 1),
        (NOW + DAY, LI, 0),
    ],
)
def test_an_opening_counts_from_the_instant_the_accused_was_known(
    at: datetime, official: int, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = leaks._Reader(at, official, frozenset({HERE}))
    monkeypatch.setattr(leaks, "_readers", lambda *_: [("N", reader), ("N", reader)])
    monkeypatch.setattr(leaks, "_opened", lambda *_: "seen")
    material: Any = SimpleNamespace(matters={5: SimpleNamespace(number="N")}, now=NOW)
    sides = {5: [accused("accused_person", WANG)]}
    assert len(list(leaks._read(material, sides))) == found


@pytest.mark.parametrize(
    ("unit", "about", "found"),
    [(HERE, True, 1), (THERE, True, 0), (None, True, 0), (HERE, False, 0)],
)
def test_a_complaint_of_conduct_counts_for_a_unit_of_the_registry(
    unit: int | None, found: int, *, about: bool
) -> None:
    data = {"about_conduct": about, "conduct_organ": unit, "channel": "visit"}
    did = SimpleNamespace(case=5, pk=6, day=TODAY, data=data)
    material: Any = SimpleNamespace(
        acts=lambda _name: [did], organs={HERE: "示例"}, officials={WANG: "王"}
    )
    assert len(list(rough_treatment._registered(material, {}))) == found


@pytest.mark.parametrize(("after", "stands"), [(60, False), (61, True)])
def test_a_complaint_is_refuted_in_time_within_sixty_days(after: int, *, stands: bool) -> None:
    untrue: Any = SimpleNamespace(recorded=NOW + after * DAY, case=5, pk=9)
    excuses = rough_treatment._excuses({5: [untrue]}, 5, TODAY)
    assert rough_treatment._Complaint(5, 5, 6, TODAY, "letter", excuses).stands is stands
    assert rough_treatment._excuses({5: [untrue]}, 6, TODAY) == ()


def test_an_accusation_sent_to_its_unit_counts_once_that_was_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sent(recorded: datetime, to: int) -> int:
        row = (9, 5, THERE, 1, {"to": to}, recorded)
        monkeypatch.setattr(leaks, "Act", table(row))
        monkeypatch.setattr(leaks, "Party", SimpleNamespace(objects=SimpleNamespace(filter=_cases)))
        material: Any = SimpleNamespace(
            matters={5: SimpleNamespace(number="N")}, now=NOW, official_of={1: ZHAO}
        )
        sides = {5: [accused("accused_person", HERE), accused("accused_unit", HERE)]}
        return len(list(leaks._sent(material, sides)))

    assert sent(NOW, HERE) == 1
    assert sent(NOW - timedelta(seconds=1), HERE) == 0
    assert sent(NOW, THERE) == 0


def _cases(**_: Any) -> Any:
    return SimpleNamespace(values=lambda _name: [])


def test_a_reader_is_of_the_accused_side_by_person_or_by_unit() -> None:
    reader = leaks._Reader(NOW, WANG, frozenset({HERE}))
    assert reader.is_of(accused("accused_person", WANG))
    assert not reader.is_of(accused("accused_person", LI))
    assert not reader.is_of(accused("accused_person", HERE))
    assert reader.is_of(accused("accused_unit", HERE))
    assert not reader.is_of(accused("accused_unit", THERE))
    assert not reader.is_of(accused("accused_unit", WANG))


# --- duties and their last days -------------------------------------------------------------------
def did(pk: int, day: date = TODAY, **more: Any) -> Any:
    plain = {"case": 5, "day": day, "entered": day, "organ": HERE, "actor": 1, "data": {}}
    return SimpleNamespace(pk=pk, **{**plain, "imported": False, "paper": "", **more})


def owed(**more: Any) -> Any:
    plain = {"case": 5, "due": TODAY, "opened_by": 1, "closed_on": None, "holder": HERE}
    plain |= {"rule": "sort", "breach": None, "closed_by": None, "ended_on": None}
    return SimpleNamespace(**{**plain, **more})


def matters(acts: list[Any], duties: list[Any], **more: Any) -> Any:
    return SimpleNamespace(
        acts=lambda *_: acts,
        duties=lambda *_: duties,
        late_duties=lambda *_: duties,
        local=lambda _name, usual: usual,
        today=TODAY,
        **more,
    )


@pytest.mark.parametrize(
    ("day", "due", "imported", "late"),
    [
        (TODAY, TODAY, False, False),
        (TODAY + DAY, TODAY, False, True),
        (TODAY + DAY, TODAY, True, False),
        (TODAY + DAY, None, False, False),
    ],
)
def test_a_matter_is_registered_late_from_the_day_after_its_last(
    day: date, due: date | None, *, imported: bool, late: bool
) -> None:
    material = matters([did(1, day, imported=imported)], [owed(due=due)])
    assert bool(deadlines._registered_late(material)) is late
    unknown = matters([did(2, TODAY + DAY)], [owed()])
    assert deadlines._registered_late(unknown) == {}


def test_only_late_registrations_are_found_as_not_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "_late", lambda _material, duties, *_: list(duties))
    monkeypatch.setattr(deadlines, "_registered_late", lambda _material: {5: did(1)})
    mine, other = owed(case=5), owed(case=6)
    found: Any = deadlines.not_registered(matters([], [mine, other]))
    assert found == [mine]


@pytest.mark.parametrize(
    ("pk", "entered", "moved"),
    [
        (2, TODAY, True),
        (2, TODAY + DAY, False),
        (1, TODAY, False),  # the promise itself
        (2, TODAY - DAY, True),
    ],
)
def test_a_later_promise_moves_the_day_where_it_is_entered_by_that_day(
    pk: int, entered: date, *, moved: bool
) -> None:
    later = did(pk, TODAY - 3 * DAY, recorded=at(entered))  # whatever day it claims
    excuses = deadlines._promised_anew(owed(), did(1), [later])
    assert applies(excuses) is moved
    assert bool(claims(excuses)) is (pk == 2 and not moved)
    assert deadlines._promised_anew(owed(due=None), did(1), [later]) == []
    assert deadlines._promised_anew(owed(), None, [later]) == []


@pytest.mark.parametrize(
    ("department", "closed_after", "supervised_after", "found"),
    [
        (THERE, 20, None, False),
        (THERE, 21, None, True),
        (HERE, 21, None, False),  # it handles the matter itself
        (None, 21, None, False),
        (THERE, 21, 20, False),
        (THERE, 21, 21, True),
    ],
)
def test_a_department_supervises_late_handling_within_its_days(
    department: int | None,
    closed_after: int,
    supervised_after: int | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    found: bool,
) -> None:
    sent = {5: deadlines._Sending(1, department, None)} if department is not None else {}
    letters = {}
    if supervised_after is not None:
        day = TODAY + supervised_after * DAY
        letters = {5: [deadlines._Letter(day, at(day), 6, 7)]}
    monkeypatch.setattr(deadlines, "_sent_by_departments", lambda _material: sent)
    monkeypatch.setattr(deadlines, "_letters", lambda: letters)
    monkeypatch.setattr(deadlines, "_unsupervised", lambda *_: SEEN)
    duty = owed(ended_on=TODAY + closed_after * DAY)
    material = matters([], [duty], matters={5: SimpleNamespace(number="N")})
    assert bool(deadlines.not_supervised(material)) is found


@pytest.mark.parametrize(("entered_after", "found"), [(20, False), (21, True), (90, True)])
def test_a_supervision_is_known_where_it_is_entered_within_its_days(
    entered_after: int, *, found: bool
) -> None:
    letter = deadlines._Letter(TODAY, at(TODAY + entered_after * DAY), 6, 7)
    excuses = deadlines._supervised([letter], TODAY + 20 * DAY)
    assert applies(excuses) is not found
    assert len(claims(excuses)) == found


# --- decisions and suggestions --------------------------------------------------------------------
def test_a_petition_traced_to_a_decision_came_on_its_day_or_after() -> None:
    received = {5: did(1, TODAY)}
    assert dealings._came_after(did(2), TODAY, received)
    assert not dealings._came_after(did(2), TODAY + DAY, received)
    assert dealings._came_after(did(2), TODAY - DAY, received)
    assert dealings._came_after(did(2, case=6), TODAY + DAY, received)  # of an unknown day


@pytest.mark.parametrize(
    ("leader", "named"), [(WANG, WANG), (LI, None), ("王", None), (None, None)]
)
def test_a_finding_names_a_leader_whom_the_registry_knows(leader: Any, named: int | None) -> None:
    entries = {5: [did(1, data={"leader": leader})]}
    material: Any = SimpleNamespace(by_case=lambda _name: entries, officials={WANG: "王"})
    assert dealings._leader(material, 5) == named


@pytest.mark.parametrize(
    ("state", "due", "timeliness", "closed", "late"),
    [
        (CLOSED, TODAY, LATE, TODAY, True),
        (CLOSED, TODAY, IN_TIME, TODAY + 9 * DAY, False),
        (CLOSED, None, "", TODAY, False),
        (CLOSED, None, "", TODAY + DAY, True),
        (OPEN, None, "", None, False),
    ],
)
def test_a_suggestion_is_answered_late_from_the_day_after_its_last(
    state: str, due: date | None, timeliness: str, closed: date | None, *, late: bool
) -> None:
    duty = owed(state=state, due=due, timeliness=timeliness, closed_on=closed)
    assert dealings._answered_late(duty, TODAY, TODAY) is late
    still_open = owed(state=OPEN, due=None, closed_on=None)
    assert dealings._answered_late(still_open, TODAY, TODAY + DAY)


@pytest.mark.parametrize(
    ("answered", "due", "found"),
    [(1, -1, True), (0, -1, False), (1, 0, False), (2, -2, True), (1, None, False)],
)
def test_an_adopted_suggestion_is_unsolved_when_both_days_are_over(
    answered: int, due: int | None, monkeypatch: pytest.MonkeyPatch, *, found: bool
) -> None:
    wait = 180 + answered
    acts = [did(7, TODAY - wait * DAY, data={"adopted": "adopted"})]
    still = owed(due=None if due is None else TODAY + due * DAY)
    supervised = SimpleNamespace(work_behind=lambda _case: still)
    monkeypatch.setattr(dealings, "_Supervised", SimpleNamespace(read=lambda _material: supervised))
    monkeypatch.setattr(dealings, "_still_open", lambda *_: "seen")
    material = matters(acts, [owed(closed_by=7)])
    assert bool(list(dealings._unsolved(material))) is found


# --- objections, replies, corrections -------------------------------------------------------------
@pytest.mark.parametrize(
    ("organs", "objections", "seen"), [(3, 2, 1), (2, 2, 0), (3, 1, 0), (4, 3, 1)]
)
def test_a_matter_is_sent_round_through_three_organs_with_two_objections(
    organs: int, objections: int, seen: int
) -> None:
    by_case = {
        "receive": {5: [did(n, organ=n) for n in range(organs)]},
        "object": {5: [did(n) for n in range(objections)]},
    }
    material: Any = SimpleNamespace(
        by_case=lambda name, *_: by_case[name],
        matters={5: SimpleNamespace(number="N")},
        official_of={1: WANG},
    )
    assert len(list(refused_objections._sent_round(material))) == seen


def test_one_official_is_named_where_all_acts_are_theirs() -> None:
    material: Any = SimpleNamespace(official_of={1: WANG, 2: LI})
    common = refused_objections._common
    assert common(material, [did(1), did(2)]) == WANG
    assert common(material, [did(1), did(2, actor=2)]) is None


@pytest.mark.parametrize(
    ("after", "second", "at_once"),
    [
        (2, True, True),
        (3, True, False),
        (0, False, False),
    ],
)
def test_a_slip_is_put_right_within_two_days_and_by_two(
    after: int, *, second: bool, at_once: bool
) -> None:
    correction = did(2, TODAY + after * DAY, data={"second": WANG if second else None})
    assert contradictions._at_once(correction, did(1)) is at_once


@pytest.mark.parametrize(
    ("says", "organ", "found"),
    [("已转", HERE, 1), (None, HERE, 0), ("已转", None, 0), ("已转", THERE, 0)],
)
def test_a_reply_that_only_forwards_is_found_of_a_registered_organ(
    says: str | None, organ: int | None, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contradictions, "_last_replies", lambda _material: {5: (did(1), "回复")})
    monkeypatch.setattr(contradictions, "_says_forwarded", lambda _reply: says)
    monkeypatch.setattr(contradictions, "_replied_by", lambda _did: organ)
    monkeypatch.setattr(contradictions, "_only_forwarded", lambda *_: "seen")
    material: Any = SimpleNamespace(organs={HERE: "示例"})
    assert len(contradictions.forwarded_as_answer(material)) == found
