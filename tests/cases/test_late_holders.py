"""Registers of leaders: who led, had charge or stood in, entered after the day, changes no deadline
and leaves both names."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dengwen.access.models import User
from dengwen.cases import replay
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Act, Case
from dengwen.cases.write import proposal_doors
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.cases.write.proposed_step import proposing
from dengwen.law.duties.act_record import DutyView
from dengwen.law.duties.step import Step
from dengwen.law.errors import StatedError
from dengwen.leadership.errors import LeadershipError
from dengwen.practice.year.registers_office import (
    Area,
    found_area,
    replace_leader,
)
from tests.late_entries import enter_by_two, registrars
from tests.world import at, prepare

FOUNDED = at("2024-12-30")
PAPER = "a" * 64
POST = "RG02-RG02-1"
COUNT = iter(range(1_000_000))


@pytest.fixture
def area(db: None, tmp_path: Path, settings: Any) -> Area:  # pytest-django's settings wrapper
    """Two departments of an invented area with two leaders each, who receive every month."""
    prepare(tmp_path, settings)
    return found_area(2, 4, FOUNDED, {"register.receive": "month"})


@pytest.fixture
def pair(area: Area) -> tuple[By, By]:
    """Two registrars of the same organ."""
    return registrars(area.organs["RG01"].pk)


def step(area: Area, act: str, of: str = "RG02", *, supported: bool = True, **fields: Any) -> Step:
    """An entry of the registry, with the reason and the paper of a late one."""
    reason, paper = ("示例", PAPER) if supported else ("", "")
    case = area.organs[of].registry_case
    return Step(act=act, case=case, fields=fields, late_reason=reason, paper=paper)


def enter(area: Area, what: Step, on: str) -> None:
    """Enter something late: one proposes, the other approves."""
    enter_by_two(what, area.organs["RG01"].pk, at(on))


def replaced(area: Area, since: date, on: str) -> int:
    """Enter afterwards that RG02-2 came into the post of RG02-1; returns who came."""
    starting: dict[str, Any] = {"from": since}
    enter(area, step(area, "relieve", official="RG02-1", post=POST, **starting), on)
    enter(area, step(area, "appoint", official="RG02-2", post=POST, **starting), on)
    return area.officials["RG02-2"].pk


def receive(
    area: Area,
    leader: str,
    on: str,
    organ: str = "RG02",
    persons: int = 1,
    hours: str = "9:00",
) -> int:
    """Let a leader receive petitioners and return the act."""
    official = area.officials[leader]
    user, _ = User.objects.get_or_create(username=leader, defaults={"official": official})
    by = By(user.pk, area.organs[organ].pk, frozenset({"clerk", "handler", "head"}))
    day: dict[str, Any] = {"day": at(on).date(), "hours": hours, "room": "示例"}
    day |= {"leader": official.pk, "organ": area.organs[organ].pk}
    case = perform(
        Step(act="schedule", kind="reception", open_as="r", fields=day),
        Step(act="hold", ref="r", fields={"leader": official.pk, "persons": persons}),
        by=by,
        now=at(on),
        uid=f"t/{next(COUNT)}",
    ).case
    return Act.objects.get(case__number=case, act="hold").pk


def periods(seat: str = POST, rule: str = "receive") -> dict[int, DutyView]:
    """The periods of a seat by month, as their registers stand."""
    found = {}
    for case in Case.objects.filter(kind="register"):
        for duty in view_of(case.kind, records_of(case)).duties:
            if duty.rule.id == rule and duty.seat == f"post:{seat}":
                found[duty.start.month] = duty
    return found


def refused(by: By, what: Step, on: str) -> set[str]:
    """The codes with which the write door refuses an entry."""
    with pytest.raises(Refused) as error:
        perform(what, by=by, now=at(on), uid=f"t/{next(COUNT)}")
    return {reason.code for reason in error.value.reasons}


# --- what an entry made afterwards needs ----------------------------------------------------------
SINCE: dict[str, Any] = {"from": date(2025, 6, 10)}
LATE: list[tuple[str, dict[str, Any]]] = [
    ("relieve", {"official": "RG02-1", "post": POST}),
    ("appoint", {"official": "RG02-1", "post": "RG02-RG02-2"}),
    ("divide_work", {"organ": "RG02", "field": "petitions", "official": "RG02-2"}),
    ("substitute", {"official": "RG02-1", "substitute": "RG02-2", "reason": "leave"}),
]


@pytest.mark.parametrize(("act", "fields"), LATE, ids=[act for act, _ in LATE])
def test_an_entry_about_days_that_passed_needs_reason_paper_and_a_second_person(
    area: Area, pair: tuple[By, By], act: str, fields: dict[str, Any]
) -> None:
    keep(now=at("2025-06-01"))
    bare = step(area, act, supported=False, **fields, **SINCE)
    assert refused(pair[0], bare, "2025-06-11") == {"late-entry", "second-person"}
    alone = step(area, act, **fields, **SINCE)
    assert refused(pair[0], alone, "2025-06-11") == {"second-person"}
    perform(bare, by=pair[0], now=at("2025-06-10"), uid="t/in-time")  # on its day it is none


def test_before_registers_were_kept_and_of_posts_that_lead_nothing_it_is_none(
    area: Area, pair: tuple[By, By]
) -> None:
    past: dict[str, Any] = {"from": date(2024, 12, 30)}
    charge = step(area, "divide_work", supported=False, organ="RG02", field="a", official="RG02-2")
    perform(charge, by=pair[0], now=at("2025-05-01"), uid="t/no-registers")
    keep(now=at("2025-06-01"))
    post = Step(
        act="found_post",
        case=area.organs["RG02"].registry_case,
        fields={"organ": "RG02", "code": "STAFF", "leading": "staff", **past},
        texts={"title_zh": "科员"},
    )
    perform(post, by=pair[0], now=at("2025-06-01"), uid="t/post")
    staff = step(area, "appoint", supported=False, official="RG02-2", post="STAFF", **past)
    perform(staff, by=pair[0], now=at("2025-06-20"), uid="t/staff")


def test_nobody_enters_or_approves_it_about_themselves(area: Area, pair: tuple[By, By]) -> None:
    keep(now=at("2025-06-01"))
    leaving = step(area, "relieve", official="RG02-1", post=POST, **SINCE)
    one, other = pair
    User.objects.filter(pk=one.user or 0).update(official=area.officials["RG02-1"])
    assert "own-holding" in refused(one, leaving, "2025-07-02")
    with pytest.raises(Refused) as error:
        propose(leaving, by=one, now=at("2025-07-02"), uid="t/own")
    assert "own-holding" in {reason.code for reason in error.value.reasons}
    now = at("2025-07-02")
    waits = propose(leaving, by=other, now=now, uid="t/waits").acts[0].act_id
    seen = digest_of_proposal(waits)
    with pytest.raises(Refused) as error:
        approve(leaving.case, waits, seen, by=one, now=now, uid="t/approve")
    assert {reason.code for reason in error.value.reasons} == {"own-holding"}


def test_whoever_gives_away_a_field_of_work_afterwards_does_not_enter_it(
    area: Area, pair: tuple[By, By]
) -> None:
    keep(now=at("2025-05-01"))
    charge: dict[str, Any] = {"organ": "RG02", "field": "信访工作"}
    first = step(area, "divide_work", official="RG02-1", **charge)
    perform(first, by=pair[0], now=at("2025-05-01"), uid="t/charge")
    User.objects.filter(pk=pair[0].user or 0).update(official=area.officials["RG02-1"])
    away = step(area, "divide_work", official="RG02-2", **charge, **SINCE)
    assert "own-holding" in refused(pair[0], away, "2025-07-02")


def test_what_waits_is_tried_also_after_another_step_of_the_call(
    area: Area, pair: tuple[By, By]
) -> None:
    keep(now=at("2025-06-01"))
    newcomer = Step(
        act="enter_official",
        case=area.organs["RG02"].registry_case,
        fields={"code": "RG02-9", "from": at("2025-06-20").date()},
        texts={"name": "新示例"},
    )
    cannot = step(area, "relieve", official="RG02-9", post=POST, **SINCE)
    can = step(area, "divide_work", organ="RG02", field="示例", official="RG02-2", **SINCE)
    rule = proposal_doors._rule_of(cannot, at("2025-06-20"))
    by, now = pair[0], at("2025-06-20")
    with pytest.raises(StatedError):
        perform(newcomer, proposing(cannot, rule), by=by, now=now, uid="t/cannot")
    assert not Act.objects.filter(act="enter_official", call="t/cannot").exists()
    other = proposal_doors._rule_of(can, now)
    done = perform(newcomer, proposing(can, other), by=by, now=now, uid="t/can")
    assert [one.act for one in done.acts] == ["enter_official", "propose_step"]
    waits = done.acts[1].act_id
    seen = digest_of_proposal(waits)
    approve(can.case, waits, seen, by=pair[1], now=now, uid="t/can/approved")
    assert list(replay.check()) == []


# --- what becomes of the periods ------------------------------------------------------------------
def test_a_late_appointment_corrects_the_holder_with_both_names_and_cures_nothing(
    area: Area, pair: tuple[By, By]
) -> None:
    old = area.officials["RG02-1"].pk
    keep(now=at("2025-06-01"))
    keep(now=at("2025-07-02"))
    before = periods()[6]
    assert before.breach is not None
    new = replaced(area, date(2025, 6, 10), "2025-07-03")
    assert keep(now=at("2025-07-03", 12)).counts["correct_holder"] >= 2  # of June and of July
    june, july = periods()[6], periods()[7]
    assert june.leaders == [(old, date(2025, 6, 1)), (new, date(2025, 6, 10))]
    [correction] = june.corrections
    assert (correction.was, correction.leader) == (old, new)
    assert (correction.since, correction.learnt) == (date(2025, 6, 10), date(2025, 7, 3))
    assert (june.due, june.breach, june.breach_recorded) == (
        before.due,
        before.breach,
        before.breach_recorded,
    )
    [first] = july.corrections  # the first holder of a period is corrected too
    assert (first.was, first.leader, first.since) == (old, new, date(2025, 7, 1))
    assert keep(now=at("2025-07-04")).counts == {}
    assert list(replay.check()) == []


@pytest.mark.parametrize("turns", [("2025-06-30", "2025-07-02", "2025-07-05"), ("2025-07-05",)])
def test_what_the_new_holder_did_counts_by_claim_whenever_the_worker_ran(
    area: Area, pair: tuple[By, By], turns: tuple[str, ...]
) -> None:
    keep(now=at("2025-06-01"))
    done = receive(area, "RG02-2", "2025-06-20", persons=2)
    receive(area, "RG02-2", "2025-06-21", persons=2)
    for turn in turns[:-1]:
        keep(now=at(turn))
    replaced(area, date(2025, 6, 10), "2025-07-03")
    keep(now=at(turns[-1]))
    june = periods()[6]
    assert (june.state, june.timeliness, june.breach is not None) == ("closed", "by_claim", True)
    own = periods("RG02-RG02-2")[6]
    assert (own.timeliness, own.evidence) == ("in_time", done)  # the own post comes first
    assert june.evidence != done


@pytest.mark.parametrize("turns", [("2025-06-21", "2025-07-05"), ("2025-07-05",)])
def test_what_the_holder_of_that_day_did_is_not_undone(
    area: Area, pair: tuple[By, By], turns: tuple[str, ...]
) -> None:
    keep(now=at("2025-06-01"))
    receive(area, "RG02-1", "2025-06-20")
    for turn in turns[:-1]:
        keep(now=at(turn))
    replaced(area, date(2025, 6, 10), "2025-07-03")
    keep(now=at(turns[-1]))
    june = periods()[6]
    assert (june.state, june.timeliness, june.breach) == ("closed", "in_time", None)
    assert june.leaders[-1][0] == area.officials["RG02-2"].pk
    assert [one.was for one in june.corrections] == [area.officials["RG02-1"].pk]
    assert list(replay.check()) == []


def test_a_later_correction_is_corrected_again_and_all_names_stay(
    area: Area, pair: tuple[By, By]
) -> None:
    old = area.officials["RG02-1"].pk
    keep(now=at("2025-06-01"))
    new = replaced(area, date(2025, 6, 10), "2025-06-20")
    keep(now=at("2025-06-20", 12))
    back: dict[str, Any] = {"post": POST, "from": date(2025, 6, 10)}
    enter(area, step(area, "relieve", official="RG02-2", **back), "2025-06-25")
    enter(area, step(area, "appoint", official="RG02-1", **back), "2025-06-25")
    keep(now=at("2025-06-25", 12))
    june = periods()[6]
    assert [(one.was, one.leader) for one in june.corrections] == [(old, new), (new, old)]
    assert june.leaders == [(old, date(2025, 6, 1)), (old, date(2025, 6, 10))]
    assert keep(now=at("2025-06-26")).counts == {}


def test_a_change_entered_late_does_not_lose_a_later_one(area: Area, pair: tuple[By, By]) -> None:
    keep(now=at("2025-06-01"))
    replace_leader(
        area.organs["RG02"], POST, "RG02-1", "RG02-9", at("2025-06-20"), date(2025, 6, 20)
    )
    keep(now=at("2025-06-20", 12))
    away: dict[str, Any] = {"official": "RG02-1", "substitute": "RG02-2", "reason": "leave"}
    days: dict[str, Any] = {"from": date(2025, 6, 5), "to": date(2025, 6, 15)}
    enter(area, step(area, "substitute", **away, **days), "2025-06-25")
    keep(now=at("2025-06-25", 12))
    june = periods()[6]
    names = {one.pk: code for code, one in area.officials.items()}
    held = [(names.get(who or 0, "RG02-9"), since.day) for who, since in june.leaders]
    assert held == [("RG02-1", 1), ("RG02-2", 5), ("RG02-1", 15), ("RG02-9", 20)]
    assert [one.since.day for one in june.corrections] == [5]
    assert keep(now=at("2025-06-26")).counts == {}
    assert list(replay.check()) == []


# --- who stands in --------------------------------------------------------------------------------
def test_a_substitute_for_a_leave_holds_the_duty_for_that_time(
    area: Area, pair: tuple[By, By]
) -> None:
    keep(now=at("2025-05-20"))
    away: dict[str, Any] = {"official": "RG02-1", "substitute": "RG02-2", "reason": "leave"}
    days: dict[str, Any] = {"from": date(2025, 6, 5), "to": date(2025, 7, 1)}
    perform(
        step(area, "substitute", **away, **days), by=pair[0], now=at("2025-06-01"), uid="t/away"
    )
    keep(now=at("2025-06-10"))
    old, other = area.officials["RG02-1"].pk, area.officials["RG02-2"].pk
    june = periods()[6]
    assert june.leaders == [(old, date(2025, 6, 1)), (other, date(2025, 6, 5))]
    assert june.corrections == []
    receive(area, "RG02-2", "2025-06-11")
    keep(now=at("2025-06-12"))
    assert periods()[6].state == "open"  # it met the substitute's own duty
    assert periods("RG02-RG02-2")[6].state == "closed"
    receive(area, "RG02-2", "2025-06-13")
    keep(now=at("2025-06-14"))
    assert periods()[6].timeliness == "in_time"
    keep(now=at("2025-07-01"))
    july = periods()[7]
    assert july.leaders == [(old, date(2025, 7, 1))]
    assert list(replay.check()) == []


@pytest.mark.parametrize("reason", ["recusal"])
def test_who_is_recused_from_a_matter_keeps_the_seat(
    area: Area, pair: tuple[By, By], reason: str
) -> None:
    keep(now=at("2025-05-20"))
    away: dict[str, Any] = {"official": "RG02-1", "substitute": "RG02-2", "reason": reason}
    perform(step(area, "substitute", **away), by=pair[0], now=at("2025-06-01"), uid="t/away")
    keep(now=at("2025-06-10"))
    assert [who for who, _ in periods()[6].leaders] == [area.officials["RG02-1"].pk]


def test_a_substitute_entered_after_the_missed_reception_excuses_nobody(
    area: Area, pair: tuple[By, By]
) -> None:
    keep(now=at("2025-06-01"))
    keep(now=at("2025-07-02"))
    away: dict[str, Any] = {"official": "RG02-1", "substitute": "RG02-2", "reason": "leave"}
    days: dict[str, Any] = {"from": date(2025, 6, 1), "to": date(2025, 7, 1)}
    enter(area, step(area, "substitute", **away, **days), "2025-07-03")
    keep(now=at("2025-07-03", 12))
    june = periods()[6]
    [correction] = june.corrections
    assert (correction.was, correction.leader) == (
        area.officials["RG02-1"].pk,
        area.officials["RG02-2"].pk,
    )
    assert june.breach is not None
    assert [who for who, _ in june.leaders] == [area.officials["RG02-2"].pk]


# --- what counts ----------------------------------------------------------------------------------
def test_one_reception_counts_for_one_post(area: Area, pair: tuple[By, By]) -> None:
    keep(now=at("2025-05-20"))
    second = step(area, "appoint", "RG01", official="RG02-2", post="RG01-RG01-2")
    gone = step(area, "relieve", "RG01", official="RG01-2", post="RG01-RG01-2")
    perform(gone, second, by=pair[0], now=at("2025-06-01"), uid="t/two-posts")
    keep(now=at("2025-06-02"))
    receive(area, "RG02-2", "2025-06-10")
    keep(now=at("2025-06-11"))
    assert periods("RG02-RG02-2")[6].state == "closed"
    assert periods("RG01-RG01-2")[6].state == "open"
    receive(area, "RG02-2", "2025-06-12")  # again as of the first organ: over, not for the other
    keep(now=at("2025-06-13"))
    assert periods("RG01-RG01-2")[6].state == "open"
    receive(area, "RG02-2", "2025-06-14", "RG01")
    keep(now=at("2025-06-15"))
    assert periods("RG01-RG01-2")[6].state == "closed"


def test_nobody_present_is_no_reception(area: Area) -> None:
    keep(now=at("2025-06-01"))
    receive(area, "RG02-1", "2025-06-10", persons=0)
    keep(now=at("2025-06-11"))
    assert periods()[6].state == "open"
    receive(area, "RG02-1", "2025-06-12")
    keep(now=at("2025-06-13"))
    assert periods()[6].state == "closed"


def test_somebody_without_post_receives_for_nobody(area: Area, pair: tuple[By, By]) -> None:
    keep(now=at("2025-05-20"))
    gone = step(area, "relieve", official="RG02-1", post=POST)
    perform(gone, by=pair[0], now=at("2025-06-02"), uid="t/gone")
    with pytest.raises(LeadershipError):
        receive(area, "RG02-1", "2025-06-10")


def test_what_met_a_period_meets_no_other_though_more_is_entered(area: Area) -> None:
    keep(now=at("2025-05-01"))
    keep(now=at("2025-06-02"))
    receive(area, "RG02-1", "2025-06-10")
    keep(now=at("2025-06-11"))
    june = periods()[6]
    assert (june.state, periods()[5].state) == ("closed", "open")
    assert keep(now=at("2025-06-12") + timedelta(hours=1)).counts.get("meet", 0) == 0
