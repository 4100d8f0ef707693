"""Finders over the read log and over records that contradict themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.access.models import ReadLog
from dengwen.accountability.finders.bursts import bursts, lost_days
from dengwen.accountability.finders.material import Did
from dengwen.accountability.leads.new_lead import raise_all
from dengwen.cases import rulebooks
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, CaseLink, Content
from dengwen.cases.wall.visibility import Viewer
from dengwen.petitions.intake import accused
from tests.accountability.conducts import SUGGESTION, days, official, rate, solved
from tests.accountability.test_finders import END, absent, seen, sign
from tests.world import ACCUSATION, CLAIM, World, at


# --- the read log ---------------------------------------------------------------------------------
def accusation(world: World) -> str:
    """Register an accusation of the housing bureau."""
    number = world.register("2025-03-03")
    world.act(
        "clerk",
        "classify",
        number,
        on="2025-03-03",
        **ACCUSATION,
        accused_organs=(world.organ("YJ02"),),
    )
    return number


def opened(world: World, number: str, username: str, on: str) -> None:
    """Enter into the read log that somebody opened what a case says."""
    person, organ = world.office.people[username]
    ReadLog.objects.create(
        at=at(on),
        user=world.office.users[username],
        role=person.roles[0],
        organ_id=world.organ(organ),
        case_number=number,
        data_class="D4",
        fields="content",
        purpose="handle",
        request_id="r/1",
        result="granted",
    )


def test_the_accused_unit_opened_the_accusation_after_it_was_known(world: World) -> None:
    number = accusation(world)
    opened(world, number, "discipline", "2025-03-05")
    opened(world, number, "handler2", "2025-03-05")
    opened(world, number, "handler", "2025-03-01")  # before anybody knew who is accused
    assert seen("accused_told") == []
    opened(world, number, "handler", "2025-03-06")
    opened(world, number, "handler", "2025-03-07")
    [found] = seen("accused_told")
    assert (found.case, found.unit, found.official, found.protected) == (
        number,
        "YJ02",
        "YJ02-L",
        True,
    )
    assert found.situations == ("S.11.8", "R22.46(5)")
    done = raise_all([found], by=world.by("supervisor"), now=at(END))
    lead = Case.objects.get(number=done.numbers[0])
    acts = Act.objects.filter(case=lead)
    assert all(number not in str(act.data) and number not in act.call for act in acts)
    assert not CaseLink.objects.filter(case=lead, other__number=number).exists()
    assert set(
        Content.objects.filter(case=lead, sealed=True).values_list("data_class", flat=True)
    ) == {"D4"}
    assert all(
        number not in bytes(row.body).decode("utf-8", "ignore")
        for row in Content.objects.filter(case=lead)
    )


def test_an_accusation_sent_to_the_accused_unit_before_the_door_refused_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accusation(world)
    open_to_all = Viewer(None, None, frozenset(), frozenset(), frozenset())
    monkeypatch.setattr(accused, "viewer_of_organ", lambda *_: open_to_all)
    world.act("sealed", "forward_accusation", number, on="2025-03-05", to=world.organ("YJ02"))
    [found] = seen("accused_told")
    assert (found.case, found.unit, found.protected) == (number, "YJ01", True)


def test_closed_as_solved_and_nobody_made_contact(rated: World) -> None:
    never = solved(rated, talked=False, contacted=False)
    solved(rated, talked=True, contacted=False)
    solved(rated, talked=False, contacted=True)
    [found] = seen("closed_never_contacted")
    assert (found.case, found.unit, found.situations[0]) == (never, "YJ02", "S.11.6")


def claimed(world: World, due: str, after: int = 3) -> str:
    """Let the clerk forward a matter some days after its last day, with a claim that it was in
    time."""
    first = date.fromisoformat(due) - timedelta(days=15)
    number = world.register(first.isoformat())
    world.act("clerk", "classify", number, on=first.isoformat(), **CLAIM)
    entered = (date.fromisoformat(due) + timedelta(days=after)).isoformat()
    sweep(now=at(entered))
    world.act(
        "router",
        "forward",
        number,
        on=due,
        entered=entered,
        to=world.organ("YJ02"),
        step={"late_reason": "停电", "paper": "ab" * 32, "second": world.official("YJ01-Q")},
    )
    return number


def test_many_entered_just_after_their_last_day_by_one_hand(world: World) -> None:
    few = [claimed(world, day) for day in days("2025-03-18", 4, 1)]
    assert seen("late_entered") == []
    many = [*few, claimed(world, "2025-03-25")]
    [found] = seen("late_entered")
    assert (set(found.cases), found.unit, found.official) == (set(many), "YJ01", "YJ01-S")
    absent(world, "YJ01-S", "YJ01-Q", date(2025, 3, 15), date(2025, 3, 24))
    [found] = seen("late_entered")  # entered in May, it is a claim for each of these days
    assert set(found.cases) == set(many)
    assert len(found.claims) == len(few)


def test_many_entered_late_during_an_absence_on_record_are_no_pattern(world: World) -> None:
    absent(world, "YJ01-S", "YJ01-Q", date(2025, 3, 15), date(2025, 3, 30), "2025-03-14")
    for day in days("2025-03-18", 5, 1):
        claimed(world, day)
    assert seen("late_entered") == []


@pytest.mark.parametrize(("after", "just"), [(10, True), (11, False), (30, False)])
def test_only_what_is_entered_within_ten_days_is_entered_just_after(
    world: World, after: int, just: bool
) -> None:
    numbers = [claimed(world, day, after) for day in days("2025-03-18", 5, 1)]
    found = seen("late_entered")
    assert [set(one.cases) for one in found] == ([set(numbers)] if just else [])


def settled(world: World, on: str) -> str:
    """Answer a suggestion of a citizen on a day: the shortest way to a closed matter."""
    number = world.register(days(on, 1, 1)[0], office="organ", who="handler")
    world.act("handler", "classify", number, on=on, **SUGGESTION)
    world.act(
        "handler",
        "reply_suggestion",
        number,
        on=on,
        texts={"reply": "已采纳，六月起延长开放时间"},
        adopted="adopted",
    )
    return number


def test_a_burst_of_closings_and_the_same_number_over_weeks(world: World) -> None:
    for day in days("2025-03-03", 14, 2):
        settled(world, day)
    assert seen("closing_burst") == []
    burst = [settled(world, "2025-06-17") for _ in range(13)]
    [found] = seen("closing_burst")
    assert (set(found.cases), found.unit, found.official) == (set(burst), "YJ02", "YJ02-L")


def closings(day: date, number: int, act: str = "settle") -> list[Did]:
    """Return so many closings of a day, each of a matter of its own."""
    first = day.toordinal() * 100
    return [
        Did(n, n, act, 1, 1, at(day), at(day), {}, "", False) for n in range(first, first + number)
    ]


def year(*, a_day: int = 1, act: str = "settle") -> dict[date, list[Did]]:
    """Return a year of an organ that closes so many on every working day."""
    working = rulebooks.calendars().newest.is_working
    whole = (date(2025, 1, 1) + timedelta(days=n) for n in range(365))
    return {day: closings(day, a_day, act) for day in whole if working(day)}


def burst_days(days: dict[date, list[Did]]) -> dict[date, int]:
    """Return the days that are bursts by the calendar in force, with their counts."""
    working = rulebooks.calendars().newest.is_working
    return {
        day: len(ones) for day, ones in bursts(days, working, lost_days([days], working)).items()
    }


def test_one_way_of_closing_that_is_rare_is_a_burst_in_a_busy_organ(world: World) -> None:
    assert world.count == 0
    busy, day = year(a_day=6, act="sign"), date(2025, 3, 20)
    assert burst_days(busy) == {}
    busy[day] = [*busy[day], *closings(day + timedelta(days=3000), 13)]
    assert burst_days(busy) == {day: 13}


@pytest.mark.parametrize(("a_day", "usual", "too_many"), [(1, 8, 10), (5, 16, 20)])
def test_a_burst_is_measured_by_what_the_organ_closes_otherwise(
    world: World, a_day: int, usual: int, too_many: int
) -> None:
    assert world.count == 0
    days, first, second = year(a_day=a_day), date(2025, 6, 17), date(2025, 9, 17)
    days |= {first: closings(first, usual), second: closings(second, too_many)}
    assert burst_days(days) == {second: too_many}


def test_a_holiday_excuses_what_it_left_waiting_and_no_more(world: World) -> None:
    """Six working days of October are lost and three follow: nine closings are to be expected,
    thirty are not."""
    assert world.count == 0
    working = rulebooks.calendars().newest.is_working
    days, back = year(), [date(2025, 10, day) for day in (9, 10, 11)]
    assert sorted(day.day for day in lost_days([days], working) if day.month == 10) == [
        1,
        2,
        3,
        6,
        7,
        8,
    ]
    for day in back:
        assert burst_days({**days, day: closings(day, 20)}) == {}
        assert burst_days({**days, day: closings(day, 30)}) == {day: 30}
    late = date(2025, 10, 14)
    assert burst_days({**days, late: closings(late, 20)}) == {late: 20}
    # A weekend takes no working day away, and a day off on which everybody worked took none either.
    assert burst_days({**days, date(2025, 6, 16): closings(date(2025, 6, 16), 12)}) == {
        date(2025, 6, 16): 12
    }
    at_work = {**days, **{date(2025, 10, n): closings(date(2025, 10, n), 1) for n in range(1, 9)}}
    assert burst_days({**at_work, back[0]: closings(back[0], 20)}) == {back[0]: 20}


def test_what_is_closed_while_everybody_rests_was_not_waiting(world: World) -> None:
    assert world.count == 0
    resting = date(2025, 10, 7)
    assert burst_days({**year(), resting: closings(resting, 12)}) == {resting: 12}


def test_thirteen_closings_right_after_a_holiday_are_no_burst(world: World) -> None:
    for _ in range(13):
        settled(world, "2025-10-09")
    assert seen("closing_burst") == []


def visit(world: World, on: str = "2025-03-03", persons: int = 12) -> str:
    """Register a visit of a group."""
    return world.register(on, channel="visit", visit_kind="group", persons=persons)


def recode(world: World, number: str, on: str, new: str, *, second: bool) -> None:
    """Correct the kind of a visit."""
    first = Case.objects.get(number=number).acts.get(act="register")
    more: dict[str, Any] = {"second": official(world, "supervisor")} if second else {}
    world.act(
        "clerk",
        "correct",
        number,
        on=on,
        texts={"reason": "笔误"},
        target=first.pk,
        field="persons",
        old="12",
        new=new,
        **more,
    )


def test_a_group_visit_made_smaller_weeks_later_and_a_slip_put_right_at_once(world: World) -> None:
    late, slip, larger = visit(world), visit(world), visit(world)
    recode(world, late, "2025-03-24", "2", second=True)
    recode(world, slip, "2025-03-03", "2", second=True)
    recode(world, larger, "2025-03-24", "20", second=True)
    [found] = seen("visit_recoded")
    assert (found.case, found.unit, found.situations[0]) == (late, "YJ01", "S.11.6")


def answered(world: World, reply: str) -> str:
    """Answer a suggestion of a citizen with some words."""
    number = world.register("2025-03-03", office="organ", who="handler")
    world.act("handler", "classify", number, on="2025-03-03", **SUGGESTION)
    world.act(
        "handler",
        "reply_suggestion",
        number,
        on="2025-03-05",
        texts={"reply": reply},
        adopted="adopted",
    )
    return number


def test_forwarding_given_as_the_answer(world: World) -> None:
    empty = answered(world, "您反映的问题已转交物业处理。")
    answered(
        world,
        "经现场查看，路灯确有三盏不亮，已于三月五日更换；其余线路已转交供电公司检修，四月底前完成。",
    )
    answered(world, "来信已转告本人，并在科室传阅。感谢您的鼓励。")
    [found] = seen("forwarded_as_answer")
    assert (found.case, found.unit, found.strength) == (empty, "YJ02", "statement")


def test_satisfaction_from_the_own_network_and_none_from_elsewhere(rated: World) -> None:
    numbers = []
    for level, own in (("satisfied", True), ("satisfied", False), ("dissatisfied", True)):
        number = rated.to_accepted("2025-03-03")
        sign(rated, number, "2025-03-20")
        rated.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
        rate(rated, number, level, own_network=own)
        numbers.append(number)
    [found] = seen("network_satisfaction")
    assert (found.cases, found.unit, found.official) == ((numbers[0],), "YJ02", "")
