"""The extract of an official for the opinion of S 10(2): duties by period, counts, scores,
nothing of a petitioner."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.accountability.inquiry.exemptions import exemptions_of
from dengwen.accountability.personnel import cadre_opinion
from dengwen.accountability.personnel.extracts import extract_of
from dengwen.cases.duties.registers import keep
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.law.duties.step import Step
from dengwen.organs.models import Official
from dengwen.practice.year.registers_office import enter, replace_leader, set_interval
from tests.accountability import inquiries
from tests.kept import at_first
from tests.late_entries import enter_by_two
from tests.world import ACCUSATION, World, at

HEAD = "YJ02-Z"
FIRST, LAST, ON = date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 10)


def official(code: str = HEAD) -> Official:
    return Official.objects.get(code=code)


def went_down(world: World, on: str) -> None:
    """Let the head of the housing bureau go down to petitioners."""
    fields: dict[str, Any] = {
        "leader": official().pk,
        "organ": world.organ("YJ02"),
        "day": date.fromisoformat(on),
        "where": "示例小区",
        "persons": 3,
    }
    world.act("head", "record", kind="visit_down", on=on, texts={"found": "屋面渗水"}, **fields)


@at_first
def half_a_year(world: World) -> None:
    """Go down in January and never again; the post changes hands in the middle of June."""
    set_interval("register.go_down", "month", at("2024-12-30"), date(2024, 12, 30), "t/go_down")
    keep(now=at("2025-01-02"))
    went_down(world, "2025-01-15")
    for day in ("2025-02-02", "2025-03-02", "2025-04-02", "2025-05-02", "2025-06-02"):
        keep(now=at(day))
    organ = world.office.organs["YJ02"]
    replace_leader(organ, "YJ02-YJ02-Z", HEAD, "YJ02-9", at("2025-06-16"), date(2025, 6, 16))
    keep(now=at("2025-07-05"))


def test_duties_stand_by_period_and_by_the_days_they_were_held(world: World) -> None:
    half_a_year(world)
    made = extract_of(official(), FIRST, LAST, ON)
    [down] = [d for d in made.duties if d.rule == "go_down"]
    assert (down.law, down.article, down.local) == ("S", "7(1)", True)
    assert [(p.first.month, p.state) for p in down.periods] == [
        (1, "met"),
        (2, "missed"),
        (3, "missed"),
        (4, "missed"),
        (5, "missed"),
        (6, "missed"),
    ]
    june = down.periods[-1]
    assert (june.held_first, june.held_last, june.shared) == (
        date(2025, 6, 1),
        date(2025, 6, 15),
        True,
    )
    assert [(p.what, p.rank, p.last) for p in made.posts] == [
        ("局长", "principal", date(2025, 6, 15))
    ]
    after = extract_of(official("YJ02-9"), FIRST, LAST, ON)
    [down] = [d for d in after.duties if d.rule == "go_down"]
    assert [(p.held_first, p.held_last) for p in down.periods] == [
        (date(2025, 6, 16), date(2025, 6, 30))
    ]


def test_what_was_not_due_or_not_done_on_the_day_asked_is_not_told_from_later(world: World) -> None:
    half_a_year(world)
    made = extract_of(official(), FIRST, date(2025, 2, 10), date(2025, 2, 10))
    [down] = [d for d in made.duties if d.rule == "go_down"]
    assert [(p.first.month, p.state) for p in down.periods] == [(1, "met"), (2, "open")]


@pytest.mark.parametrize(
    ("entered", "known", "claimed"),
    [("2025-02-07", 19, 0), ("2025-07-06", 0, 19), ("2025-02-20", 9, 10)],
)
def test_a_substitution_is_counted_in_days_and_without_its_reason(
    world: World, entered: str, known: int, claimed: int
) -> None:
    half_a_year(world)
    away_in_february(world, entered)
    made = extract_of(official(), FIRST, LAST, ON)
    [down] = [d for d in made.duties if d.rule == "go_down"]
    assert [p.stood_in for p in down.periods] == [0, known, 0, 0, 0, 0]
    assert [p.stood_in_claimed for p in down.periods] == [0, claimed, 0, 0, 0, 0]
    said = cadre_opinion._apart(down.periods[1])
    assert (f"其中 {known} 天有人代行" in said) is bool(known)
    assert (f"另有 {claimed} 天称有人代行，事后才录入" in said) is bool(claimed)
    assert b"leave" not in made.canonical()


def away_in_february(world: World, entered: str = "2025-07-06") -> None:
    """Enter, in July or on another day, that somebody stood in for the head in February: one
    proposes, another approves."""
    fields: dict[str, Any] = {"official": HEAD, "substitute": "YJ02-W", "reason": "leave"}
    fields |= {"organ": "YJ02", "from": date(2025, 2, 10), "to": date(2025, 3, 1)}
    case = world.office.organs["YJ02"].registry_case
    now = at(entered)
    if now.date() <= fields["from"]:
        enter("substitute", now, "t/substitute", "", case, **fields)
        return
    step = Step(act="substitute", case=case, fields=fields, late_reason="示例", paper="a" * 64)
    enter_by_two(step, world.organ("YJ02"), now)


def test_after_a_late_substitute_both_stand_in_their_extracts_and_the_breach_stays(
    world: World,
) -> None:
    half_a_year(world)
    away_in_february(world)
    keep(now=at("2025-07-07"))
    learnt = date(2025, 7, 6)
    [down] = [d for d in extract_of(official(), FIRST, LAST, ON).duties if d.rule == "go_down"]
    february = [p for p in down.periods if p.first.month == 2]
    assert {p.state for p in february} == {"missed"}
    told = {(p.held_first.day, p.held_last.day, p.learnt, p.was) for p in february}
    assert told == {(1, 9, None, False), (10, 28, learnt, True)}
    other = extract_of(official("YJ02-W"), FIRST, LAST, ON)
    [stood] = [d for d in other.duties if d.rule == "go_down" and "局长" in d.seat]
    [period] = stood.periods
    assert (period.state, period.standing, period.learnt) == ("not_judged", "came", learnt)


@pytest.mark.parametrize(
    ("percent", "state", "standing"),
    [("", "not_judged", "came"), ("50", "missed", "share"), ("51", "not_judged", "less")],
)
def test_who_came_within_a_period_owes_a_share_by_a_local_rule_or_is_not_judged(
    world: World, percent: str, state: str, standing: str
) -> None:
    if percent:
        since = date(2024, 12, 30)
        set_interval("register.share", percent, at("2024-12-30"), since, "t/share")
    half_a_year(world)
    made = extract_of(official("YJ02-9"), FIRST, LAST, ON)
    [down] = [d for d in made.duties if d.rule == "go_down"]
    [june] = down.periods
    assert (june.state, june.standing, june.local) == (state, standing, bool(percent))


def test_days_out_of_order_are_refused(world: World) -> None:
    with pytest.raises(ValueError, match="in order"):
        extract_of(official(), LAST, FIRST, ON)
    with pytest.raises(ValueError, match="in order"):
        extract_of(official(), FIRST, ON, LAST)


def test_duties_in_matters_are_counts_and_protected_matters_never_count(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    handler = official("YJ02-L")
    world.act("handler", "assign_handler", number, on="2025-03-04", official=handler.pk)
    before = extract_of(handler, FIRST, LAST, ON)
    [handle] = [c for c in before.counted if c.rule == "handle"]
    assert (handle.met, handle.late, handle.missed, handle.open) == (0, 0, 1, 0)
    hidden = world.register("2025-03-10")
    world.act("clerk", "classify", hidden, on="2025-03-10", **ACCUSATION)
    sweep(now=at("2025-07-01"))
    assert extract_of(handler, FIRST, LAST, ON) == before
    Case.objects.filter(number=number).update(protected=True)
    assert [c for c in extract_of(handler, FIRST, LAST, ON).counted if c.rule == "handle"] == []


def test_the_same_day_and_record_give_the_same_bytes_and_nothing_of_a_petitioner(
    world: World,
) -> None:
    half_a_year(world)
    number = world.to_accepted("2025-03-03")
    world.act("handler", "assign_handler", number, on="2025-03-04", official=official().pk)
    one, other = (extract_of(official(), FIRST, LAST, ON) for _ in range(2))
    assert one.canonical() == other.canonical()
    assert one.digest == other.digest
    text = one.canonical().decode()
    for private in ("王示例", "13800000000", "示例路1号", "屋面", number):
        assert private not in text
    assert json.loads(text)["format"] == "dengwen-personnel-extract/3"


# --- exemptions -----------------------------------------------------------------------------------
@pytest.mark.case("E03")
def test_an_objection_found_in_an_inquiry_is_repeated_once_it_is_concluded(world: World) -> None:
    inquiries.with_leaders(world)
    meeting = inquiries.met(world)
    case = inquiries.opened(world, official=inquiries.official("YJ02-M"), situations=("S.11.1",))
    board = case.pin(meeting, 2, "会议记录")
    case.act("consider_decision", meeting=meeting, item=1, work="petitions")
    days = date(2025, 1, 1), date(2025, 6, 30), ON
    for code in ("YJ02-M", "YJ02-Z", "YJ02-F"):
        if code != "YJ02-M":
            case.act("add_person", texts={"reasons": "参加决策"}, official=inquiries.official(code))
        case.tell(code)
        case.act(
            "hear",
            texts={"statement": "见会议记录"},
            official=inquiries.official(code),
            how="heard",
        )
    case.confirm_all()
    assert extract_of(official("YJ02-M"), *days).exemptions == ()
    for element in (
        "wrong_decision",
        "interests_harmed",
        "petition_problem",
        "serious_consequences",
    ):
        case.find("S.11.1", element, board, "not_shown")
    case.conclude("no_responsibility")
    [found] = extract_of(official("YJ02-M"), *days).exemptions
    assert (found.case, found.ground, found.on) == (case.number, "dissent", date(2025, 5, 6))
    assert [e.ground for e in extract_of(official("YJ02-N"), *days).exemptions] == ["no_part"]
    assert extract_of(official(), *days).exemptions == ()
    _asked_on_other_days(case.number)


def _asked_on_other_days(number: str) -> None:
    """What was found on 6 May is no part of an extract as things stood the day before, nor of one
    for the time after it."""
    first, found_on = date(2025, 1, 1), date(2025, 5, 6)
    the_day_before = found_on - timedelta(days=1)
    who = official("YJ02-M")
    assert extract_of(who, first, the_day_before, the_day_before).exemptions == ()
    assert exemptions_of(who.pk, the_day_before) == ()
    for on in (found_on, ON):
        assert [e.case for e in extract_of(who, first, the_day_before, on).exemptions] == [number]
        assert [e.case for e in exemptions_of(who.pk, on)] == [number]
    the_day_after = found_on + timedelta(days=1)
    assert extract_of(who, the_day_after, ON, ON).exemptions == ()
