"""Duties are a pure function of acts: who owes what, from when, until when, and how it ended."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.law.duties.act_record import (
    BY_CLAIM,
    CLOSED,
    IMPORTED,
    IN_TIME,
    LAPSED,
    LATE,
    OPEN,
    UNKNOWN,
    VOID,
)
from dengwen.law.duties.corrected_acts import corrected
from dengwen.law.duties.step import FieldValue
from dengwen.law.time.calendar import CalendarHistory, YearTable
from tests.law.stage import BUREAU, LIBRARY, OFFICE, OTHER, Played, noon


def accepted(on: str = "2025-03-03") -> Played:
    case = Played().do("register", on, channel="letter", office="organ", address_clear=True)
    case.do("classify", on, also={"class": "claim", "path": "31(6)"})
    return case.do("accept", on)


def test_the_same_acts_give_the_same_case() -> None:
    case = accepted()
    first, second = case.view(), case.view()
    assert [(d.rule.id, d.opened_by, d.state, d.due) for d in first.duties] == [
        (d.rule.id, d.opened_by, d.state, d.due) for d in second.duties
    ]
    assert (first.state, first.holder) == ("accepted", BUREAU)


def test_a_duty_is_known_by_its_rule_and_its_opening_act() -> None:
    case = accepted()
    case.do("assist", "2025-03-04", organ=BUREAU, report_by=date(2025, 4, 1))
    keys = [(d.rule.id, d.opened_by) for d in case.view().duties]
    assert len(keys) == len(set(keys))


def test_the_case_has_one_holder_who_changes_only_by_taking() -> None:
    case = Played().do("register", "2025-03-03", OFFICE, channel="letter", office="petition_office")
    case.do("forward", "2025-03-04", OFFICE, to=BUREAU)
    assert case.view().holder == OFFICE
    assert (case.view().sender, case.view().addressee) == (OFFICE, BUREAU)
    case.do("receive", "2025-03-05", BUREAU)
    assert case.view().holder == BUREAU


def test_holders_by_period_are_kept() -> None:
    case = (
        accepted()
        .do("designate", "2025-03-10", OFFICE, to=OTHER, paper="sha256:00")
        .do("take_over", "2025-03-11", OTHER)
    )
    assert case.duty("handle").holders == [(BUREAU, date(2025, 3, 3)), (OTHER, date(2025, 3, 11))]


def test_a_correction_of_a_field_moves_what_follows_and_keeps_the_act() -> None:
    case = Played().do("register", "2025-03-05", OFFICE, channel="letter", office="petition_office")
    case.do(
        "correct",
        "2025-03-06",
        OFFICE,
        target=1,
        field="office",
        old="petition_office",
        new="organ",
    )
    duties = case.view().duties
    assert [(d.rule.id, d.state, d.breach) for d in duties] == [
        ("sort", VOID, None),
        ("direct_notice", OPEN, None),
    ]
    assert case.acts[0].data["office"] == "petition_office"


def test_a_correction_of_the_day_moves_the_count() -> None:
    case = Played().do("register", "2025-03-05", OFFICE, channel="letter", office="petition_office")
    case.do("correct", "2025-03-06", OFFICE, target=1, field="occurred_at", new="2025-03-03")
    assert case.duty("sort").raw == date(2025, 3, 18)


@pytest.mark.parametrize(
    ("name", "old", "new"), [("persons", 3, "300"), ("anonymous", False, "true")]
)
def test_a_corrected_value_keeps_its_type(name: str, old: FieldValue, new: str) -> None:
    case = Played().do(
        "register",
        "2025-03-05",
        OFFICE,
        channel="letter",
        office="petition_office",
        also={name: old},
    )
    case.do("correct", "2025-03-06", OFFICE, target=1, field=name, new=new)
    value = corrected(case.acts)[0].data[name]
    assert type(value) is type(old)
    assert case.view().facts[name] == new


def test_a_corrected_date_is_a_date() -> None:
    case = Played().do(
        "register",
        "2025-03-05",
        OFFICE,
        channel="letter",
        office="petition_office",
        received_on=date(2025, 3, 2),
    )
    case.do("correct", "2025-03-06", OFFICE, target=1, field="received_on", new="2025-03-01")
    assert case.duty("sort").start == date(2025, 3, 1)


def test_in_time_late_and_by_claim_are_told_apart() -> None:
    assert accepted().do("sign", "2025-04-30").duty("handle").timeliness == IN_TIME
    assert accepted().do("sign", "2025-05-07").duty("handle").timeliness == LATE
    assert (
        accepted().do("sign", "2025-05-06", entered="2025-05-07").duty("handle").timeliness
        == BY_CLAIM
    )
    assert (
        accepted().do("sign", "2025-05-06", entered="2025-05-06").duty("handle").timeliness
        == IN_TIME
    )


def test_a_duty_without_a_number_is_neither_in_time_nor_late() -> None:
    case = accepted().do("sign", "2025-04-30").do("serve", "2025-06-30")
    assert case.duty("serve_opinion").timeliness == UNKNOWN


def test_imported_history_is_never_breached_afterwards() -> None:
    case = Played().do(
        "register",
        "2023-03-01",
        channel="letter",
        office="organ",
        imported=True,
        entered="2025-03-01",
    )
    assert not case.duty("direct_notice").unrecorded_breach(date(2025, 3, 2))
    case.do(
        "import_reply",
        "2023-03-10",
        imported=True,
        entered="2025-03-01",
        replied_on=date(2023, 3, 10),
    )
    assert case.duty("direct_notice").state == VOID
    assert case.view().next_due() is None


def test_imported_acts_that_close_are_counted_apart() -> None:
    case = Played().do(
        "register",
        "2023-03-01",
        channel="letter",
        office="organ",
        imported=True,
        entered="2025-03-01",
    )
    case.do("guide_back", "2023-03-10", imported=True, entered="2025-03-01")
    assert case.duty("direct_notice").timeliness == IMPORTED


def test_a_breach_is_recorded_once_and_stays() -> None:
    case = accepted()
    duty = case.duty("handle")
    assert not duty.unrecorded_breach(date(2025, 5, 6))
    assert duty.unrecorded_breach(date(2025, 5, 7))
    case.mark("breach", "2025-05-07", duty)
    assert case.duty("handle").breach == len(case.acts)
    assert not case.duty("handle").unrecorded_breach(date(2025, 6, 1))
    case.do("sign", "2025-05-20")
    assert (case.duty("handle").state, case.duty("handle").breach is not None) == (CLOSED, True)


def test_a_right_lapses_and_is_never_breached() -> None:
    case = accepted().do("sign", "2025-03-10").do("serve", "2025-03-11")
    right = case.duty("review_request")
    assert not right.unrecorded_breach(date(2026, 1, 1))
    assert not right.unrecorded_lapse(date(2025, 4, 10))
    assert right.unrecorded_lapse(date(2025, 4, 11))
    case.mark("lapse", "2025-04-11", right)
    assert case.duty("review_request").state == LAPSED


def test_a_later_notice_moves_open_duties_and_no_past_verdict() -> None:
    instant = noon("2025-05-08")
    rest = YearTable(
        2025,
        LIBRARY.calendar.years[2025].off | {date(2025, 5, 6)},
        LIBRARY.calendar.years[2025].work,
        "示例",
        version=2,
    )
    history = CalendarHistory.of(LIBRARY.calendar, [(instant, rest)])
    still_open, closed = accepted(), accepted().do("sign", "2025-04-30")
    still_open.history = closed.history = history
    assert still_open.duty("handle").due == date(2025, 5, 7)
    assert closed.duty("handle").due == date(2025, 5, 6)
    breached = accepted()
    breached.mark("breach", "2025-05-07", breached.duty("handle"))
    breached.history = history
    assert breached.duty("handle").due == date(2025, 5, 6)


def test_a_date_that_nobody_set_lays_no_duty() -> None:
    case = (
        Played()
        .do("register", "2025-03-03", channel="letter", office="organ")
        .do("pass_on", "2025-03-04", to=OTHER)
    )
    assert [d.rule.id for d in case.view().duties if d.rule.id == "assigned_report"] == []


def test_the_next_day_the_sweep_must_look_is_the_earliest_open_one() -> None:
    case = accepted().do("assist", "2025-03-04", report_by=date(2025, 3, 20), what="核实")
    assert case.view().next_due() == date(2025, 3, 20)
    assert [d.state for d in case.view().open_duties()] == [OPEN] * len(case.view().open_duties())
    assert case.view().open_duties()[0].due == date(2025, 3, 20)
