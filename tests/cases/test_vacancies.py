"""Registers of leaders: what a vacancy filled afterwards opens, and that one act serves one
period."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q

from dengwen.cases import replay
from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Duty
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.practice.year.duty_steps import Doer, steps_of
from dengwen.practice.year.registers_office import Area, found_area, set_interval
from tests.cases.test_late_holders import COUNT, FOUNDED, POST, enter, periods, receive, step
from tests.late_entries import registrars
from tests.world import at, prepare


@pytest.fixture
def area(db: None, tmp_path: Path, settings: Any) -> Area:  # pytest-django's settings wrapper
    """Two departments of an invented area with two leaders each, who receive every month."""
    prepare(tmp_path, settings)
    return found_area(2, 4, FOUNDED, {"register.receive": "month"})


@pytest.fixture
def pair(area: Area) -> tuple[By, By]:
    """Two registrars of the same organ."""
    return registrars(area.organs["RG01"].pk)


# --- a vacancy that is filled afterwards ----------------------------------------------------------
VACANT, NEXT = "2025-06-10", "2025-09-20"


def vacated(area: Area, turns: tuple[str, ...], *, followed: bool = True) -> None:
    """RG02-1 leaves on 10 June and RG02-9 comes on 20 September, both entered on the day; the
    worker takes its turns between."""
    by, post = registrars(area.organs["RG01"].pk)[0], {"post": POST}
    gone = step(area, "relieve", supported=False, official="RG02-1", **post)
    perform(gone, by=by, now=at(VACANT), uid="t/vacant")
    for turn in turns:
        keep(now=at(turn))
    if not followed:
        return
    newcomer = Step(
        act="enter_official",
        case=area.organs["RG02"].registry_case,
        fields={"code": "RG02-9", "from": at(NEXT).date()},
        texts={"name": "新示例"},
    )
    comes = step(area, "appoint", supported=False, official="RG02-9", **post)
    perform(newcomer, comes, by=by, now=at(NEXT), uid="t/next")


DAILY = tuple(f"2025-{month:02}-{day:02}" for month in range(6, 10) for day in (11, 19))
TURNS = pytest.mark.parametrize("turns", [DAILY, ("2025-08-02",), ()], ids=["often", "once", "no"])


@TURNS
def test_the_periods_of_a_vacancy_filled_afterwards_open_by_claim(
    area: Area, pair: tuple[By, By], turns: tuple[str, ...]
) -> None:
    keep(now=at("2025-06-01"))
    vacated(area, turns)
    if turns:
        keep(now=at(NEXT))
        assert sorted(periods()) == [6, 9]
    receive(area, "RG02-2", "2025-07-10")
    receive(area, "RG02-2", "2025-07-11")
    days: dict[str, Any] = {"from": date(2025, 6, 20), "to": date(2025, 9, 20)}
    enter(area, step(area, "appoint", official="RG02-2", post=POST, **days), "2025-09-25")
    keep(now=at("2025-09-25", 12))
    found, who = periods(), area.officials["RG02-2"].pk
    assert sorted(found) == [6, 7, 8, 9]
    july, august, september = found[7], found[8], found[9]
    assert (july.start, july.due) == (date(2025, 7, 1), date(2025, 7, 31))
    for one in (july, august):
        [correction] = one.corrections
        assert (correction.was, correction.leader) == (None, who)
        assert (correction.since, correction.learnt) == (one.start, date(2025, 9, 25))
        assert one.breach is not None  # what was missed when it was entered stays missed
    assert (july.state, july.timeliness) == ("closed", "by_claim")
    assert august.state == "open"
    # what was opened for who came in time begins and ends as it did
    assert (september.start, september.due) == (date(2025, 9, 20), date(2025, 9, 30))
    assert september.corrections == []
    assert keep(now=at("2025-09-26")).counts == {}
    assert list(replay.check()) == []


def test_a_vacancy_that_nobody_filled_opens_nothing(area: Area, pair: tuple[By, By]) -> None:
    keep(now=at("2025-06-01"))
    vacated(area, DAILY)
    away: dict[str, Any] = {"official": "RG02-9", "substitute": "RG02-2", "reason": "leave"}
    away |= {"from": date(2025, 9, 21)}
    enter(area, step(area, "substitute", **away), "2025-09-25")
    keep(now=at("2025-09-25", 12))
    assert sorted(periods()) == [6, 9]


def test_the_time_before_the_first_holder_is_opened_when_one_becomes_known(
    area: Area, pair: tuple[By, By]
) -> None:
    by, organ = pair[0], area.organs["RG02"]
    post: dict[str, Any] = {"organ": "RG02", "code": "NEW", "leading": "member"}
    found = Step(
        act="found_post",
        case=organ.registry_case,
        fields={**post, "from": date(2025, 1, 1)},
        texts={"title_zh": "班子成员"},
    )
    perform(found, by=by, now=at("2025-03-01"), uid="t/post")
    newcomers = [
        Step(
            act="enter_official",
            case=organ.registry_case,
            fields={"code": code, "from": date(2025, 3, 1)},
            texts={"name": "新示例"},
        )
        for code in ("RG02-8", "RG02-9")
    ]
    perform(*newcomers, by=by, now=at("2025-03-01"), uid="t/new")
    for turn in ("2025-03-02", "2025-06-02"):
        keep(now=at(turn))
    comes = step(area, "appoint", supported=False, official="RG02-9", post="NEW")
    perform(comes, by=by, now=at("2025-06-10"), uid="t/comes")
    keep(now=at("2025-06-11"))
    assert sorted(periods("NEW")) == [6]
    days: dict[str, Any] = {"from": date(2025, 4, 5), "to": date(2025, 6, 1)}
    enter(area, step(area, "appoint", official="RG02-8", post="NEW", **days), "2025-06-15")
    keep(now=at("2025-06-15", 12))
    found_now = periods("NEW")
    assert sorted(found_now) == [4, 5, 6]
    assert (found_now[4].start, found_now[4].due) == (date(2025, 4, 5), date(2025, 4, 30))
    assert keep(now=at("2025-06-16")).counts == {}
    assert list(replay.check()) == []


# --- one act, one period ------------------------------------------------------------------------
def test_two_receptions_on_one_day_serve_one_period(area: Area) -> None:
    keep(now=at("2025-05-01"))
    keep(now=at("2025-06-01"))
    receive(area, "RG02-1", "2025-06-10")
    receive(area, "RG02-1", "2025-06-10", hours="14:00")
    keep(now=at("2025-06-11"))
    assert (periods()[6].state, periods()[5].state) == ("closed", "open")
    receive(area, "RG02-1", "2025-06-12")
    keep(now=at("2025-06-13"))
    assert periods()[5].state == "closed"


def test_one_meeting_entered_twice_serves_one_period(area: Area) -> None:
    set_interval("register.hear_report", "month", at("2025-01-05"), date(2025, 4, 1), "t/hear")
    keep(now=at("2025-05-01"))
    keep(now=at("2025-06-01"))

    def hear(day: date) -> None:
        user = By(None, area.organs["RG02"].pk, frozenset({"clerk", "handler"}))
        doer = Doer(user, area.organs["RG02"].pk, None, "RG02-1")
        uid = f"t/{next(COUNT)}"
        perform(*steps_of("hear_report", doer, day), by=user, now=at("2025-06-10"), uid=uid)

    def states() -> list[str]:
        rows = Duty.objects.filter(rule="hear_report", holder__code="RG02").order_by("start")
        return [row.state for row in rows if row.start.month in (5, 6)]

    hear(date(2025, 6, 9))
    hear(date(2025, 6, 9))
    keep(now=at("2025-06-11"))
    assert states() == ["open", "closed"]
    hear(date(2025, 6, 10))
    keep(now=at("2025-06-12"))
    assert states() == ["closed", "closed"]


def test_an_act_that_met_one_period_does_not_meet_another(area: Area) -> None:
    keep(now=at("2025-05-01"))
    keep(now=at("2025-06-01"))
    done = receive(area, "RG02-1", "2025-06-10")
    keep(now=at("2025-06-11"))
    row = Duty.objects.get(period_of_may())
    again = Step(
        act="meet",
        case=row.case.number,
        fields={
            "rule": "receive",
            "seat": f"post:{POST}",
            "first": date(2025, 5, 1),
            "evidence": done,
            "recorded": date(2025, 6, 10),
        },
    )
    with pytest.raises(Refused) as error:
        perform(again, by=By.system(), now=at("2025-06-12"), uid="t/again")
    [reason] = error.value.reasons
    assert (reason.code, reason.basis and reason.basis.article) == ("used", "7(1)")


def period_of_may() -> Q:
    """The period of May of the seat."""
    seat = {"opened_by__data__seat": f"post:{POST}"}
    return Q(rule="receive", start=date(2025, 5, 1), **seat)
