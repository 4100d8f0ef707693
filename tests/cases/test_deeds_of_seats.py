"""Which acts count for the periods of a seat, and which changes of its holder a period still lacks:
substitutes, late entries, two organs of one head."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.duties import bearers, fulfilment, leave_records, open_periods, registers
from dengwen.cases.duties.bearers import Bearer, owes_elsewhere
from dengwen.cases.duties.fulfilment import Fulfilments, _says_something
from dengwen.cases.duties.leave_records import Absence
from dengwen.cases.duties.open_periods import Owed, _Noted, _Turn
from dengwen.cases.duties.seat_history import Row, SeatHistory, StandIn
from dengwen.cases.write.contents import LATE_REASON
from dengwen.law.duties.act_record import CHINA, CLOSED, OPEN
from dengwen.law.duties.recurrence import CORRECT_HOLDER, PASS_ON, Deed, Seat, Window
from dengwen.law.packs.rules import ClosedBy, DutyRule
from dengwen.organs.models import Organ, Substitute
from tests.invented_rows import Rows, table

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 3, 1), date(2025, 3, 31)
CHANGE, LATER, ENTERED = date(2025, 3, 10), date(2025, 3, 20), date(2025, 3, 28)
WANG, LI, ZHAO = 11, 12, 13
HERE, THERE = 2, 9
NO_SETTING: Any = SimpleNamespace(on=lambda *_: None)
NO_CLOCK: Any = SimpleNamespace(per="month", at_least=None)
NO_BASIS: Any = None


def rule(of: str = "leader", id_: str = "receive") -> DutyRule:
    return DutyRule(
        id_, id_, id_, "", NO_CLOCK, NO_BASIS, of=of, closed_by=(ClosedBy("reception", "hold"),)
    )


def period(seat: str = "post:1", **more: Any) -> Owed:
    """March, open, of a leading post in an organ, unless said otherwise."""
    plain: dict[str, Any] = {
        "case": 1, "organ": HERE, "rule": "receive", "law": rule(), "start": FIRST, "due": LAST,
        "state": OPEN, "official": WANG, "opened_by": 3, "breach": None, "timeliness": "",
        "closed_on": None, "evidence": None, "first_holder": WANG,
    }  # fmt: skip
    return Owed(seat=seat, **{**plain, **more})


def deed(day: date, by: int | None = WANG, organ: int = HERE, id_: int = 7, **more: Any) -> Deed:
    data = {} if by is None else {"leader": by}
    return Deed(id_, "reception", more.get("act", "hold"), day, more.get("recorded", day), organ,
                data)  # fmt: skip


def post(*rows: Row, absent: tuple[StandIn, ...] = (), name: str = "post:1", **more: Any) -> Bearer:
    history = SeatHistory(rows, absent)
    held = history.held()
    organ = Organ(pk=more.get("organ", HERE), code="YJ01")
    rank = more.get("rank", "principal")
    return Bearer(organ, "leader", name, held[0][1], None, held, rank, "", history)


def organ_itself(pk: int = HERE) -> Bearer:
    return Bearer(Organ(pk=pk, code="YJ01"), "holder", "", FIRST, None, ((None, FIRST),))


def turn(*deeds: Deed, changed: frozenset[int] = frozenset()) -> _Turn:
    """A turn of the worker at the end of the month that knows these acts by their leader."""
    by_leader: dict[tuple[str, str, int | None], list[Deed]] = {}
    for one in deeds:
        leader: Any = one.data.get("leader")
        by_leader.setdefault((one.kind, one.act, leader), []).append(one)
    acts = Fulfilments({}, by_leader, changed)
    return _Turn(acts, NO_SETTING, datetime.combine(LAST, time(12), CHINA), {})


WANG_STAYS = post(Row(WANG, FIRST))
LI_BY_LATE_ENTRY = post(Row(WANG, FIRST), Row(LI, CHANGE, entered=ENTERED))


def counted(act: Deed, bearer: Bearer, law: DutyRule | None = None) -> date | None:
    """The day on which an act counts as recorded; None where it does not count."""
    found = turn()._counted(act, [period(law=law or rule())], bearer)
    return None if found is None else found.recorded


def test_what_an_organ_did_counts_for_it_and_for_no_other() -> None:
    of_organ = rule("holder")
    assert counted(deed(CHANGE, None, HERE), organ_itself(), of_organ) == CHANGE
    assert counted(deed(CHANGE, None, THERE), organ_itself(), of_organ) is None


def test_what_the_holder_did_counts_in_whichever_organ_it_was_entered() -> None:
    assert counted(deed(CHANGE, WANG, THERE), WANG_STAYS) == CHANGE
    assert counted(deed(CHANGE, LI), WANG_STAYS) is None
    assert counted(deed(CHANGE, None), WANG_STAYS) is None
    assert counted(deed(CHANGE, act="cancel"), WANG_STAYS) is None


def test_who_was_the_holder_by_the_registry_of_that_day_did_it_in_time() -> None:
    assert counted(deed(LATER, WANG), LI_BY_LATE_ENTRY) == LATER


def test_who_is_the_holder_by_a_later_entry_did_it_on_the_day_of_that_entry() -> None:
    assert counted(deed(LATER, LI), LI_BY_LATE_ENTRY) == ENTERED
    assert counted(deed(LATER, LI, recorded=LAST), LI_BY_LATE_ENTRY) == LAST
    assert counted(deed(CHANGE - DAY, LI), LI_BY_LATE_ENTRY) is None
    assert counted(deed(LATER, ZHAO), LI_BY_LATE_ENTRY) is None


def able(act: Deed, bearer: Bearer) -> bool:
    return LAST in open_periods._able(act, [Window(FIRST, LAST)], bearer)


def test_only_who_held_the_seat_at_its_end_makes_up_for_a_missed_period() -> None:
    april = LAST + 9 * DAY
    left = post(Row(WANG, FIRST, CHANGE), Row(LI, CHANGE))
    assert able(deed(april, LI), left)
    assert not able(deed(april, WANG), left)
    assert able(deed(april, None), organ_itself())
    assert able(deed(april, WANG), organ_itself())


def test_who_held_it_at_its_end_by_the_registry_of_the_day_of_the_act_makes_up_too() -> None:
    corrected = post(Row(WANG, FIRST), Row(LI, CHANGE, entered=LAST + 20 * DAY))
    before, after = deed(LAST + 9 * DAY, WANG), deed(LAST + 20 * DAY, WANG)
    assert able(before, corrected)
    assert not able(after, corrected)
    assert able(deed(LAST + 9 * DAY, LI), corrected)


def test_an_act_of_a_substitute_is_lent_and_one_of_the_appointed_is_not() -> None:
    away = StandIn(WANG, CHANGE, LATER, substitute=LI)
    seat = post(Row(WANG, FIRST), absent=(away,))
    acts = deed(CHANGE, LI, id_=7), deed(LATER, WANG, id_=8)
    found = turn(*acts)._seat(seat, [period()], set())
    assert set(found.deeds) == {7, 8}
    assert found.lent == {7}


def test_an_act_that_met_a_period_of_an_earlier_register_counts_no_more() -> None:
    acts = deed(CHANGE, id_=7), deed(LATER, id_=8)
    assert set(turn(*acts)._seat(WANG_STAYS, [period()], {7}).deeds) == {8}


def test_what_met_a_period_stays_with_it_unless_it_was_corrected() -> None:
    met = period(state=CLOSED, evidence=7, closed_on=CHANGE)
    plain = turn(deed(CHANGE))._seat(WANG_STAYS, [met], set())
    corrected = turn(deed(CHANGE), changed=frozenset({7}))._seat(WANG_STAYS, [met], set())
    assert [one.met_by for one in plain.windows] == [7]
    assert [one.met_by for one in corrected.windows] == [None]


def allotted(*bearers: Bearer, organ: int) -> list[set[int]]:
    """Which seats of one head keep an act that was done in an organ."""
    act = deed(CHANGE, organ=organ)
    seats = [Seat([Window(FIRST, LAST)], {act.id: act}) for _ in bearers]
    groups = [(bearer, [period(organ=bearer.organ.pk)]) for bearer in bearers]
    return [set(seat.deeds) for seat in open_periods._each_to_its_organ(groups, seats)]


def test_what_is_done_as_head_of_one_organ_does_not_count_in_another() -> None:
    here, there = post(Row(WANG, FIRST)), post(Row(WANG, FIRST), organ=THERE)
    assert allotted(here, there, organ=HERE) == [{7}, set()]
    assert allotted(here, there, organ=THERE) == [set(), {7}]
    assert allotted(here, there, organ=77) == [{7}, {7}]  # in none of both: either may have it


def test_periods_are_taken_by_rule_and_in_each_organ_by_rank_then_name() -> None:
    bearers = [
        post(Row(WANG, FIRST), name="field:3", rank=""),
        post(Row(WANG, FIRST), name="post:2", rank="principal"),
        post(Row(WANG, FIRST), name="post:1", rank="deputy"),
        post(Row(WANG, FIRST), name="post:0", rank="principal", organ=THERE),
    ]
    places = {(one.organ.pk, one.seat): one for one in bearers}
    every = [period(one.seat, organ=one.organ.pk) for one in bearers]
    gone = period("post:77")
    other = period("post:1", rule="visit")
    groups = open_periods._by_rule([*every, gone, other], places)
    order = ["post:2", "post:1", "field:3", "post:0"]
    assert [[bearer.seat for bearer, _ in seats] for seats in groups] == [order, ["post:1"]]
    assert all(len(same) == 1 for seats in groups for _, same in seats)


Changes = list[tuple[str, object, object]]


def changes(
    bearer: Bearer,
    *noted: tuple[int | None, date],
    today: date = LAST,
    act: Deed | None = None,
    window: int = 0,
) -> Changes:
    """The changes of holder that March still lacks."""
    so_far = [_Noted(since, who) for who, since in noted]
    steps = open_periods._holders(period(), bearer, today, so_far, act, window)
    return [(one.act, one.fields.get("leader"), one.fields["since"]) for one in steps]


def test_on_its_first_day_a_period_notes_that_its_holder_was_another_one() -> None:
    assert changes(post(Row(LI, FIRST)), today=FIRST) == [(PASS_ON, LI, FIRST)]
    assert changes(post(Row(LI, FIRST)), today=FIRST - DAY) == []


@pytest.mark.parametrize(("done", "noted"), [(FIRST, 0), (CHANGE, 1), (FIRST - DAY, 1), (None, 1)])
def test_who_came_after_it_was_met_is_not_noted(done: date | None, noted: int) -> None:
    act = None if done is None else deed(done)
    seat = post(Row(WANG, FIRST - DAY, CHANGE), Row(LI, CHANGE))
    assert changes(seat, act=act) == [(PASS_ON, LI, CHANGE)] * noted


def test_a_later_note_of_an_earlier_day_replaces_those_from_that_day_on() -> None:
    zhao = post(Row(WANG, FIRST, CHANGE), Row(ZHAO, CHANGE))
    assert changes(zhao, (LI, CHANGE), (ZHAO, CHANGE)) == []
    assert changes(zhao, (LI, LATER), (ZHAO, CHANGE)) == []
    assert changes(WANG_STAYS, (LI, CHANGE), (WANG, CHANGE)) == []


def test_a_note_that_holds_no_more_is_put_right_once() -> None:
    twice = post(Row(WANG, FIRST, CHANGE), Row(ZHAO, CHANGE, CHANGE + DAY), Row(ZHAO, CHANGE + DAY))
    assert changes(twice, (LI, LATER)) == [(PASS_ON, ZHAO, CHANGE)]
    assert changes(WANG_STAYS, (LI, CHANGE)) == [(PASS_ON, WANG, FIRST)]


def test_a_holder_entered_afterwards_is_a_correction_outside_the_window_alone() -> None:
    days = (ENTERED - CHANGE).days
    assert changes(LI_BY_LATE_ENTRY, window=days - 1) == [(CORRECT_HOLDER, LI, CHANGE)]
    assert changes(LI_BY_LATE_ENTRY, window=days) == [(PASS_ON, LI, CHANGE)]


@pytest.mark.parametrize(
    ("day", "organ", "away"),
    [
        (FIRST - DAY, HERE, False),
        (FIRST, HERE, True),
        (FIRST, THERE, False),
        (FIRST, None, False),
        (LAST - DAY, HERE, True),
        (LAST, HERE, False),
    ],
)
def test_a_leave_holds_from_its_first_day_to_the_one_before_its_end_in_its_organ(
    day: date, organ: int | None, *, away: bool
) -> None:
    entered = datetime.combine(FIRST, time(9), CHINA)
    assert Absence(FIRST, LAST, entered, HERE).holds_on(day, organ) == away


def test_a_leave_of_all_posts_without_an_end_holds_everywhere_for_good() -> None:
    leave = Absence(FIRST, None, datetime.combine(FIRST, time(9), CHINA))
    assert leave.holds_on(LAST, HERE)
    assert leave.holds_on(LAST + 900 * DAY, None)


def test_a_duty_is_owed_in_the_higher_post_of_the_appointed_even_while_another_stands_in() -> None:
    away = StandIn(WANG, CHANGE, LATER, substitute=LI)
    high = post(Row(WANG, FIRST), absent=(away,), name="post:1")
    low = post(Row(WANG, FIRST), name="post:2", rank="deputy")
    seats = {HERE: [high, low]}
    assert owes_elsewhere(low, WANG, CHANGE, seats)
    assert not owes_elsewhere(low, LI, CHANGE, seats)
    assert not owes_elsewhere(high, WANG, CHANGE, seats)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({}, False),
        ({"note": "已经办理"}, True),
        ({"note": "　 "}, False),
        ({LATE_REASON: "补录"}, False),
        ({LATE_REASON: "补录", "note": "已经办理"}, True),
    ],
)
def test_the_reason_of_a_late_entry_is_no_word_of_the_act(
    texts: dict[str, str], *, says: bool
) -> None:
    assert _says_something(json.dumps({"fields": texts}).encode()) == says


def test_a_leave_that_the_ledger_did_not_get_as_asked_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered = datetime.combine(FIRST, time(9), CHINA)
    rows = Rows((WANG, FIRST, None, HERE, 5), (LI, FIRST, None, HERE, 6))
    monkeypatch.setattr(leave_records, "leaves", lambda: rows)
    monkeypatch.setattr(leave_records, "Act", table((6, entered)))
    assert dict(leave_records.absences(NO_BASIS)) == {LI: [Absence(FIRST, None, entered, HERE)]}


def test_whoever_stands_in_elsewhere_does_not_stand_in_here() -> None:
    here, there, all_posts = (StandIn(WANG, FIRST, substitute=n) for n in (LI, ZHAO, 14))
    absent = {
        WANG: [
            (Substitute(organ_id=HERE), here),
            (Substitute(organ_id=THERE), there),
            (Substitute(organ_id=None), all_posts),
        ]
    }
    seat = bearers._Seat(HERE, "post:1", "principal", "")
    assert set(bearers._in_this_organ(seat, {WANG}, absent)) == {here, all_posts}


def test_a_period_is_kept_by_whom_the_registry_named_on_its_first_day() -> None:
    assert registers._keeper(organ_itself(), FIRST) is None
    assert registers._keeper(LI_BY_LATE_ENTRY, CHANGE) == WANG
    assert registers._keeper(LI_BY_LATE_ENTRY, ENTERED) == LI
    late = post(Row(LI, FIRST, entered=ENTERED))
    assert registers._keeper(late, CHANGE) == LI  # nobody was known on that day
    misread = Bearer(Organ(pk=HERE), "holder", "", FIRST, None, ((WANG, FIRST),))
    assert registers._keeper(misread, FIRST) is None  # an organ itself is no person


@pytest.mark.parametrize(
    ("once", "opening"),
    [
        (("@day", "@case"), {}),  # the act itself has both
        (("leader", "@day"), {}),  # it says so itself
        (("place", "@day"), {"place": "示例"}),
    ],
)
def test_of_an_opening_act_is_read_what_the_act_does_not_say(
    once: tuple[str, ...], opening: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = table((5, {"place": "示例"}))
    monkeypatch.setattr(fulfilment, "Act", acts)
    done = replace(deed(CHANGE), case=5)
    closing = ClosedBy("reception", "hold", once=once)
    [found] = fulfilment._with_openings([done], [closing])
    assert found.opening == opening
    assert acts.objects.asked.get("case__in") == ([5] if opening else None)
