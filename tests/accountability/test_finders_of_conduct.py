"""Finders over decisions, suggestions, incidents, objections, complaints, the read log and what
contradicts itself."""

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
from dengwen.petitions import ratings
from dengwen.petitions.intake import accused
from dengwen.petitions.intake.online_submission import by_petitioner
from tests.accountability.test_finders import END, absent, seen, sign
from tests.world import ACCUSATION, CLAIM, World, at

SUGGESTION: dict[str, Any] = {"class": "suggestion"}


def days(first: str, count: int, every: int = 1) -> list[str]:
    """Return civil days from a first one on."""
    return [
        (date.fromisoformat(first) + timedelta(days=n * every)).isoformat() for n in range(count)
    ]


def official(world: World, username: str) -> int:
    """Return the row id of an official behind an account."""
    found = world.office.users[username].official_id
    assert found is not None
    return found


# --- decisions ------------------------------------------------------------------------------------
def decision(world: World, *, assessed: bool) -> str:
    """Enter a decision that needs an assessment, and decide it with or without one."""
    number = world.act(
        "committee",
        "enter",
        kind="decision",
        on="2025-03-03",
        texts={"subject": "调整示例路停车收费"},
        field="price",
        leader=official(world, "committee"),
    ).case
    world.act("committee", "need_assessment", number, on="2025-03-04")
    if assessed:
        world.act(
            "committee",
            "assess",
            number,
            on="2025-03-10",
            texts={"risks": "收费上涨"},
            result="controllable",
            assessed_on=date(2025, 3, 10),
            assessed_by=world.organ("YJW"),
            report="ab" * 32,
        )
        world.act(
            "committee",
            "decide",
            number,
            on="2025-03-12",
            texts={"decision": "调整"},
            decided_on=date(2025, 3, 12),
        )
    else:
        world.act(
            "committee",
            "decide_without",
            number,
            on="2025-03-12",
            texts={"why": "时间紧", "decision": "调整"},
            decided_on=date(2025, 3, 12),
        )
    return number


def traced(world: World, decision: str, on: str) -> str:
    """Register a petition and trace it back to a decision."""
    number = world.register(on)
    world.act(
        "clerk", "trace_cause", number, on=on, texts={"why": "收费调整引起"}, decision=decision
    )
    return number


def test_a_decision_without_assessment_that_petitions_came_of(world: World) -> None:
    bad, good, quiet = (
        decision(world, assessed=False),
        decision(world, assessed=True),
        decision(world, assessed=False),
    )
    petition = traced(world, bad, "2025-04-01")
    traced(world, good, "2025-04-01")
    [found] = seen("no_risk_assessment")
    assert (found.cases, found.unit, found.official) == ((bad, petition), "YJW", "YJW-F")
    assert found.situations == ("S.11.1",)
    assert quiet not in found.cases


# --- suggestions ----------------------------------------------------------------------------------
def suggestion(world: World, on: str = "2025-03-03") -> str:
    """Suggest to the housing bureau that it improve its work."""
    texts = {"subject": "改进工作", "problem": "答复迟", "proposal": "设专人"}
    return world.act(
        "supervisor", "make", kind="suggestion", on=on, texts=texts, to=world.organ("YJ02")
    ).case


@pytest.mark.sentence("P14.9")
def test_a_suggestion_without_an_answer_and_one_refused_with_reasons(world: World) -> None:
    silent, refused, slow = suggestion(world), suggestion(world), suggestion(world)
    world.act(
        "handler", "answer", refused, on="2025-04-01", texts={"reasons": "已有专人"}, adopted="not"
    )
    world.act("handler", "answer", slow, on="2025-07-01", adopted="adopted")
    assert [f.case for f in seen("suggestion_unanswered")] == [silent, slow]
    assert seen("suggestion_unanswered")[0].situations == ("S.11.5", "R22.45(3)")


def test_an_adopted_suggestion_whose_matter_stays_unsolved_for_long(world: World) -> None:
    lying, solved = world.to_accepted("2025-01-06"), world.to_accepted("2025-01-06")
    texts = {"subject": "改进工作", "problem": "久拖不决", "proposal": "尽快修复"}
    made: list[str] = []
    for matter in (lying, solved):
        urging = {"subject": "催办", "defect": "进展慢", "demand": "按期办结"}
        letter: dict[str, Any] = {"to": world.organ("YJ02"), "reply_by": date(2025, 2, 28)}
        letter["about"] = matter
        urged = world.act(
            "supervisor", "remind", kind="supervision", on="2025-02-03", texts=urging, **letter
        )
        given: dict[str, Any] = {"to": world.organ("YJ02"), "about": urged.case}
        made.append(
            world.act(
                "supervisor", "make", kind="suggestion", on="2025-03-03", texts=texts, **given
            ).case
        )
        world.act("handler", "answer", made[-1], on="2025-03-10", adopted="adopted")
    opinion = {
        "claim": "修复",
        "facts_reasons": "经查不属实。",
        "opinion": "不予支持。",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", solved, on="2025-02-10", texts=opinion, outcome="not_support")
    world.act("checker", "check", solved, on="2025-02-11")
    world.act("head", "sign", solved, on="2025-02-12")
    assert seen("suggestion_unanswered", "2025-08-01") == []
    [found] = seen("suggestion_unanswered", "2025-12-01")
    assert (found.cases, found.unit) == ((made[0], lying), "YJ02")


# --- incidents ------------------------------------------------------------------------------------
def incident(world: World, on: str = "2025-03-03") -> str:
    """Enter a collective visit that the petition department learned of."""
    given: dict[str, Any] = {
        "type": "collective_visit",
        "office": "petition_office",
        "own_powers": True,
    }
    return world.act(
        "clerk", "open", kind="incident", on=on, texts={"what": "四十人聚集"}, **given
    ).case


REPORTS = ("report", "inform_conference", "report_higher", "report_national")
TOLD = dict.fromkeys(
    ("happened", "scene", "crowd", "cause", "measures", "trend", "request"), "示例"
)


def test_reports_of_an_incident_that_came_late_or_not(world: World) -> None:
    prompt, late = incident(world), incident(world)
    for act in REPORTS:
        world.act("clerk", act, prompt, on="2025-03-03", texts=TOLD, how="phone")
    world.act("clerk", "report", late, on="2025-03-06", texts=TOLD, how="phone")
    [found] = seen("report_late")
    assert (found.case, found.unit) == (late, "YJ01")
    assert found.situations == ("S.11.7", "R22.46(4)")
    assert len(found.evidence) >= 5


def test_measures_after_it_grew_and_before(world: World) -> None:
    early, slow, never = incident(world), incident(world), incident(world)
    world.act("clerk", "measure", early, on="2025-03-03", texts={"measures": "现场接待"})
    for number in (early, slow, never):
        world.act(
            "clerk",
            "trend",
            number,
            on="2025-03-04",
            texts={"trend": "人数增加"},
            direction="rising",
        )
    world.act("clerk", "measure", slow, on="2025-03-05", texts={"measures": "现场接待"})
    assert [f.case for f in seen("measures_late")] == [slow, never]
    assert "S.11.4" in seen("measures_late")[0].situations


# --- shirking -------------------------------------------------------------------------------------
def objected(world: World, on: str, *, founded: bool = False) -> str:
    """Forward a claim, let the bureau object, and answer the objection."""
    number = world.register(on)
    world.act("clerk", "classify", number, on=on, **CLAIM)
    world.act("router", "forward", number, on=on, to=world.organ("YJ02"))
    world.act("handler", "receive", number, on=on)
    world.act("handler", "object", number, on=on, texts={"reasons": "不属本机关"})
    if founded:
        world.act("router", "agree_return", number, on=on, texts={"verified": "属实"})
        world.act("router", "forward", number, on=on, to=world.organ("YJ03"))
    else:
        world.act("router", "refuse_return", number, on=on, texts={"reasons": "属于本机关职责"})
    return number


def test_objections_refused_again_and_again_and_one_lawful_transfer(world: World) -> None:
    objected(world, "2025-03-03", founded=True)
    scattered = [objected(world, day) for day in ("2025-01-06", "2025-02-17")]
    assert seen("shirking") == []
    run = [objected(world, day) for day in days("2025-04-01", 4, 3)]
    [found] = seen("shirking")
    assert (found.cases, found.unit, found.official) == (tuple(run), "YJ02", "YJ02-L")
    assert not set(scattered) & set(found.cases)
    assert found.situations == ("S.11.3", "R22.45(1)")


def test_one_doubt_about_several_matters_at_once_is_no_shirking(world: World) -> None:
    """Three objections raised before any was answered; then two more after the unit had been
    told."""
    numbers = [world.register("2025-04-01") for _ in range(3)]
    for number in numbers:
        world.act("clerk", "classify", number, on="2025-04-01", **CLAIM)
        world.act("router", "forward", number, on="2025-04-01", to=world.organ("YJ02"))
        world.act("handler", "receive", number, on="2025-04-02")
        world.act("handler", "object", number, on="2025-04-02", texts={"reasons": "不属本机关"})
    for number, day in zip(numbers, days("2025-04-03", 3, 1), strict=True):
        world.act("router", "refuse_return", number, on=day, texts={"reasons": "属于本机关职责"})
    assert seen("shirking") == []
    again = [objected(world, day) for day in ("2025-04-10", "2025-04-14")]
    [found] = seen("shirking")
    assert found.cases == (*numbers, *again)


def test_a_matter_sent_round_three_organs(world: World) -> None:
    number = objected(world, "2025-03-03", founded=True)
    world.act("handler2", "receive", number, on="2025-03-04")
    world.act("handler2", "object", number, on="2025-03-04", texts={"reasons": "不属本机关"})
    assert seen("shirking") == []
    world.act("router", "agree_return", number, on="2025-03-05", texts={"verified": "属实"})
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ04"))
    world.act("handler3", "receive", number, on="2025-03-06")
    assert [f.case for f in seen("shirking")] == [number]


# --- complaints -----------------------------------------------------------------------------------
def complaint(world: World, on: str, **more: Any) -> str:
    """Register a letter about the conduct of somebody of the housing bureau."""
    return world.register(on, about_conduct=True, conduct_organ=world.organ("YJ02"), **more)


def test_complaints_about_one_official_without_those_refuted(world: World) -> None:
    about: dict[str, Any] = {"conduct_official": official(world, "handler")}
    two = [complaint(world, day, **about) for day in days("2025-03-03", 2, 10)]
    untrue = complaint(world, "2025-03-20", **about)
    world.act(
        "router",
        "note_conduct",
        untrue,
        on="2025-03-25",
        texts={"found": "调看录像"},
        result="refuted",
    )
    world.register("2025-03-21")  # praise and other matters are not marked
    assert seen("rough_treatment") == []
    third = complaint(world, "2025-03-28", **about)
    [found] = seen("rough_treatment")
    assert (found.cases, found.unit, found.official) == ((*two, third), "YJ02", "YJ02-L")
    assert found.situations == ("S.11.3", "R22.46(1)")
    assert found.strength == "statement"


def test_complaints_said_with_ratings_rest_on_the_rating_and_are_raised(rated: World) -> None:
    for _ in range(3):
        number = rated.to_accepted("2025-03-03")
        sign(rated, number, "2025-03-20")
        rated.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
        rate(rated, number, "dissatisfied", own_network=False, rude=True)
    found = seen("rough_treatment")
    assert [(f.unit, f.official, len(f.cases)) for f in found] == [("YJ02", "", 3)]
    done = raise_all(found, by=rated.by("supervisor"), now=at(END))
    assert (len(done.numbers), done.refused) == (1, [])


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


# --- what contradicts itself ----------------------------------------------------------------------
def solved(world: World, *, talked: bool, contacted: bool) -> str:
    """Bring a claim to a served opinion in its favour and rate it."""
    number = world.to_accepted("2025-03-03")
    if talked:
        world.act(
            "handler",
            "explain_talk",
            number,
            on="2025-03-10",
            texts={"with_whom": "信访人", "explained": "修缮"},
            way="phone",
        )
    sign(world, number, "2025-03-20")
    world.act("handler", "serve", number, on="2025-03-21", way="direct", proof="cd" * 32)
    rate(world, number, "basically", own_network=False, contacted=contacted)
    return number


def rate(world: World, number: str, level: str, **more: Any) -> None:
    """Let the petitioner rate a matter online."""
    row = ratings.open_for(Case.objects.get(number=number))
    assert row is not None
    world.act(
        "public", "give_code", row.case.number, on="2025-03-25", way="portal", code_digest="ab" * 32
    )
    both: dict[str, Any] = dict.fromkeys(("competent_level", "department_level"), level)
    world.act("public", "rate", row.case.number, on="2025-03-25", channel="portal", **both, **more)


@pytest.fixture
def rated(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which a petitioner acts through the portal."""
    plain = World.by
    monkeypatch.setattr(
        World, "by", lambda self, who: by_petitioner() if who == "public" else plain(self, who)
    )
    return world


def test_closed_as_solved_and_nobody_made_contact(rated: World) -> None:
    never = solved(rated, talked=False, contacted=False)
    solved(rated, talked=True, contacted=False)
    solved(rated, talked=False, contacted=True)
    [found] = seen("closed_never_contacted")
    assert (found.case, found.unit, found.situations[0]) == (never, "YJ02", "S.11.6")


def claimed(world: World, due: str) -> str:
    """Let the clerk forward a matter three days after its last day, with a claim that it was in
    time."""
    first = date.fromisoformat(due) - timedelta(days=15)
    number = world.register(first.isoformat())
    world.act("clerk", "classify", number, on=first.isoformat(), **CLAIM)
    entered = (date.fromisoformat(due) + timedelta(days=3)).isoformat()
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
    absent(world, "YJ01-S", "YJ01-Q", date(2025, 3, 15), date(2025, 3, 30))
    assert seen("late_entered") == []


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
