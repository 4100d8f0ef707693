"""How an inquiry attributes: posts, fields of work, objections, orders, diligence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.cases.models import Act
from dengwen.cases.write.late_check import WINDOW
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.organs.models import Official
from tests.accountability.inquiries import (
    CONDUCT,
    MINUTES,
    UNIT,
    Case,
    late_matter,
    met,
    official,
    opened,
    ready,
    refused,
    registered,
    with_leaders,
)
from tests.world import World


# --- attribution ----------------------------------------------------------------------------------
def decided(
    world: World, minutes: str = MINUTES, entered: str = "", on: str = "2025-05-06", **fields: Any
) -> tuple[Case, int]:
    """Put a collective decision of the bureau, its minutes entered on a day, into an inquiry."""
    with_leaders(world)
    if entered >= on:
        case = opened(world, on, official=official("YJ02-M"), situations=("S.11.1",))
        meeting = met(world, minutes, entered=entered)
    else:
        meeting = met(world, minutes, entered=entered)
        case = opened(world, on, official=official("YJ02-M"), situations=("S.11.1",))
    case.pin(meeting, 2, "会议记录")
    given: dict[str, Any] = {"meeting": meeting, "item": 1, "work": "petitions"} | fields
    return case, case.act("consider_decision", **given)


def responsibilities(case: Case) -> dict[str, str]:
    """Return what is proposed, by staff code and kind."""
    codes = {str(o.pk): o.code for o in Official.objects.all()}
    return {
        f"{codes[x.official]}/{x.kind}": x.responsibility
        for g in case.grounds.values()
        for x in g.lines
    }


@pytest.mark.case("E01", "E02", "E03")
def test_a_collective_decision_is_attributed_from_posts_fields_of_work_and_minutes(
    world: World,
) -> None:
    case, ground = decided(world)
    assert responsibilities(case) == {
        "YJ02-Z/collective": "main",
        "YJ02-F/collective": "main",
        "YJ02-M/collective": "none",
        "YJ02-N/collective": "none",
    }
    objector = official("YJ02-M")
    for word in ("main", "important", "leadership"):
        with refused("objected", "第十一条第二款"):
            case.confirm(objector, ground, "collective", "none", word, "大家都要负责")
    case.confirm(objector, ground, "collective", "none", "none", "")
    with refused("other-proposal"):
        case.confirm(official("YJ02-N"), ground, "collective", "important", "important")
    with refused("no-line"):
        case.confirm(official("YJ02-L"), ground, "collective", "none", "none")
    with refused("not-concerned", "第四十三条"):
        case.confirm(official("YJ02-F"), ground, "collective", "main", "main")
    case.act("add_person", texts={"reasons": "分管"}, official=official("YJ02-F"))
    case.confirm(official("YJ02-F"), ground, "collective", "main", "main", "")
    with refused("reasons-needed", "第十一条第二款"):
        case.confirm(official("YJ02-F"), ground, "collective", "main", "important", "")
    case.confirm(official("YJ02-F"), ground, "collective", "main", "important", "当日刚到任三天")


def test_an_objection_that_was_followed_and_a_meeting_without_minutes_free_nobody(
    world: World,
) -> None:
    case, _ground = decided(world)
    assert next(iter(case.grounds.values())).objectors == {official("YJ02-M")}
    rejected = met(world, outcome="rejected", on="2025-04-02")
    number = case.act("consider_decision", meeting=rejected, item=1, work="petitions")
    assert case.grounds[number].objectors == frozenset()
    with refused("no-minutes", "第三十条第三款"):
        case.act("consider_decision", meeting=rejected, item=7, work="petitions")


def notes_of(case: Case, code: str) -> list[tuple[str, str]]:
    """Return the notes beside the collective line of somebody."""
    ground = next(iter(case.grounds.values()))
    line = ground.line(official(code), "collective")
    assert line is not None
    return [(note.standard, note.en) for note in line.notes]


def test_minutes_written_the_day_after_cost_the_objector_nothing(world: World) -> None:
    case, _ground = decided(world, entered="2025-04-02")
    assert responsibilities(case)["YJ02-M/collective"] == "none"
    assert next(iter(case.grounds.values())).objectors == {official("YJ02-M")}
    assert "claimed" not in dict(notes_of(case, "YJ02-M"))


def test_minutes_entered_after_a_breach_on_the_board_come_too_late(world: World) -> None:
    """The breach counts once it lies on the board of this inquiry."""
    number, seq = late_matter(world, on="2025-02-06")
    breach = Act.objects.get(case__number=number, seq=seq)
    day = civil(breach.occurred_at)
    assert day.isoformat() > CONDUCT
    case, _ground = decided(world, entered=(day + timedelta(days=3)).isoformat(), on="2025-05-16")
    assert responsibilities(case)["YJ02-M/collective"] == "none"
    case.pin(number, seq, "逾期")
    assert responsibilities(case)["YJ02-M/collective"] == "important"


def test_an_objection_entered_after_the_inquiry_is_weighed_and_frees_nobody_by_itself(
    world: World,
) -> None:
    """Once somebody is asked about it, it is a claim: the line says so, and a person may find it
    true with reasons."""
    case, ground = decided(world, entered="2025-05-06")
    assert responsibilities(case)["YJ02-M/collective"] == "important"
    assert next(iter(case.grounds.values())).objectors == frozenset()
    assert notes_of(case, "YJ02-M") == [
        (
            "claimed",
            (
                f"claimed, entered on 2025-05-06 for {CONDUCT}: “clear objection” in the minutes; "
                "it frees nobody by itself and is weighed with reasons"
            ),
        )
    ]
    objector = official("YJ02-M")
    with refused("reasons-needed", "第十一条第二款"):
        case.confirm(objector, ground, "collective", "important", "none", "")
    case.confirm(objector, ground, "collective", "important", "none", "录音证实当场反对")


def test_minutes_entered_within_the_local_window_are_in_time(world: World) -> None:
    given: dict[str, Any] = {"key": WINDOW, "value": "3", "from": date(2025, 1, 2)}
    world.act("admin", "set_local_target", kind="edition", on="2025-01-02", **given)
    case, _ground = decided(world, entered="2025-04-04", on="2025-04-03")
    assert responsibilities(case)["YJ02-M/collective"] == "none"


@pytest.mark.case("E05")
def test_who_objected_answers_for_deeds_of_his_own(world: World) -> None:
    case, _ground = decided(world)
    case.deed("YJ02-M", next(iter(case.made.items)))
    assert responsibilities(case)["YJ02-M/collective"] == "none"
    assert responsibilities(case)["YJ02-M/individual"] == "direct"


@pytest.mark.case("E24")
def test_posts_and_fields_of_work_are_those_of_the_day_of_the_act(world: World) -> None:
    with_leaders(world)
    day = date(2025, 4, 15)
    registered(
        world,
        Step(act="relieve", fields={"official": "YJ02-F", "post": f"{UNIT}-YJ02-F", "from": day}),
        Step(
            act="divide_work",
            fields={"organ": UNIT, "field": "petitions", "official": "YJ02-N", "from": day},
        ),
        on="2025-04-15",
    )
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    before, after = case.deed("YJ02-L", board, CONDUCT), case.deed("YJ02-L", board, "2025-04-20")
    assert bearing_lines(case, before) == {official(c) for c in ("YJ02-L", "YJ02-Z", "YJ02-F")}
    assert bearing_lines(case, after) == {official(c) for c in ("YJ02-L", "YJ02-Z", "YJ02-N")}


def bearing_lines(case: Case, ground: int) -> set[int]:
    """Return the officials for whom a line is proposed on a ground."""
    return {int(line.official) for line in case.grounds[ground].lines}


@pytest.mark.case("E07")
def test_an_order_after_an_objection_is_answered_for_by_the_superior(world: World) -> None:
    with_leaders(world)
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    order: dict[str, Any] = {"superior": official("YJ02-F"), "told_wrong": True, "insisted": True}
    plain = case.deed("YJ02-L", board, **order)
    illegal = case.deed("YJ02-L", board, obviously_illegal=True, **order)
    clerk = official("YJ02-L")
    lines = {n: g.line(clerk, "individual") for n, g in case.grounds.items()}
    assert [(x.responsibility, x.basis.law) for x in (lines[plain], lines[illegal]) if x] == [
        ("none", "CSL"),
        ("direct", "CSL"),
    ]


@pytest.mark.case("E08")
def test_diligence_frees_with_its_test_shown_on_evidence_and_with_reasons(world: World) -> None:
    case, board, deed = ready(world)
    clerk = official("YJ02-L")
    four = ("done_in_time", "procedure_sound", "nothing_concealed", "cause_elsewhere")
    with refused("no-evidence", "第十一条第二款"):
        case.act(
            "weigh_diligence",
            texts={"reasons": "x"},
            official=clerk,
            ground=deed,
            **dict.fromkeys(four, "yes"),
        )
    with refused("no-deed", "第十一条第二款"):
        unknown = dict.fromkeys(four, "unknown")
        case.act("weigh_diligence", texts={"reasons": "x"}, official=clerk, ground=2, **unknown)
    case.act(
        "weigh_diligence",
        texts={"reasons": "三项有记录"},
        official=clerk,
        ground=deed,
        evidence=(str(board),),
        **{**dict.fromkeys(four, "yes"), "cause_elsewhere": "unknown"},
    )
    line = case.grounds[deed].line(clerk, "individual")
    assert line is not None
    assert line.responsibility == "direct"
    case.act(
        "weigh_diligence",
        texts={"reasons": "四项有记录"},
        official=clerk,
        ground=deed,
        evidence=(str(board),),
        **dict.fromkeys(four, "yes"),
    )
    line = case.grounds[deed].line(clerk, "individual")
    assert line is not None
    assert (line.responsibility, line.diligence and line.diligence.shown) == ("none", True)
    with refused("reasons-needed", "第十一条第二款"):
        case.confirm(clerk, deed, "individual", "none", "none", "")
    case.confirm(clerk, deed, "individual", "none", "none", "四项检验都有证据")
