"""Which rung of the ladder a decision may take, and which paper each measure gets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.measures.queries import (
    honour_bans,
    influences_of,
    measures_of,
)
from dengwen.cases import rulebooks
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from tests.accountability.measuring import (
    DEADLINE,
    GRAVE,
    GRAVEST,
    LIGHT,
    SAID,
    SCOPE,
    circular,
    decide,
    heard_again,
    honours,
    official,
    opened,
    opened_bare_on_organ,
    papers,
    rectified,
    refused,
    serve,
)
from tests.world import World, at


@pytest.mark.sentence("S13.1", "S13.2", "S17.1")
def test_a_circular_gets_its_paper_its_scope_and_its_day(world: World) -> None:
    number = opened(world)
    made = circular(world, number)
    assert [w.act for w in made.acts] == ["decide", "issue_circular"]
    assert papers(number) == ["D52"]
    duty = world.duty(number, "rectify")
    assert (duty.due, duty.official_id, duty.holder_id) == (
        DEADLINE,
        official("YJ02-Z"),
        world.organ("YJ02"),
    )
    (one,) = measures_of(official("YJ02-Z"))
    assert (one.measure, one.decided, one.deadline, one.met, one.stands) == (
        "circular",
        date(2025, 4, 1),
        DEADLINE,
        None,
        True,
    )


@pytest.mark.case("E13")
@pytest.mark.sentence("S13.2")
def test_a_circular_without_goal_or_date_is_refused_and_nothing_is_written(world: World) -> None:
    number = opened(world)
    with refused("no-rectification"):
        decide(world, number, "circular", **LIGHT, **SCOPE, rectifier=world.organ("YJ02"))
    with refused("no-rectification"):
        decide(world, number, "circular", **LIGHT, **SCOPE, **rectified(world), texts={"goal": ""})
    with refused("no-scope"):
        decide(world, number, "circular", **LIGHT, **rectified(world))
    with refused("no-scope"):
        decide(world, number, "circular", **LIGHT, **rectified(world), scope="other")
    with refused("no-rectifier"):
        decide(world, number, "circular", **LIGHT, **SCOPE, deadline=DEADLINE)
    assert not Act.objects.filter(case__number=number, act="decide").exists()
    assert papers(number) == []


@pytest.mark.case("E17")
@pytest.mark.sentence("S14.2", "S14.3")
def test_an_admonition_cancels_the_honours_of_area_department_and_unit_in_the_same_call(
    world: World,
) -> None:
    number = opened(world)
    with refused("honours-missing"):
        decide(world, number, "admonition", **GRAVE, **rectified(world))
    for gap in ("area", "department", "unit"):
        part = {k: v for k, v in honours(world).items() if k != gap}
        with refused("honours-missing"):
            decide(world, number, "admonition", **GRAVE, **rectified(world), **part)
    with refused("honours-missing"):
        decide(world, number, "admonition", **GRAVE, **rectified(world), **honours(world, 2026))
    made = decide(world, number, "admonition", **GRAVE, **rectified(world), **honours(world))
    assert [w.act for w in made.acts] == ["decide", "issue_admonition", "cancel_honours"]
    assert papers(number) == ["D53", "D54"]
    assert [b.as_ for b in honour_bans(world.organ("YJ02"), 2025)] == ["department", "unit"]
    assert [b.as_ for b in honour_bans(world.organ("YJQ"), 2025)] == ["area"]
    assert honour_bans(world.organ("YJ02"), 2026) == []
    ban = world.duty(number, "honour_ban")
    assert (ban.due, ban.right, ban.state) == (date(2025, 12, 31), True, "open")
    sweep(now=at("2026-01-05"))
    ban = world.duty(number, "honour_ban")
    assert (ban.state, ban.breach_id) == ("lapsed", None)


@pytest.mark.case("E17")
def test_whose_honours_are_left_out_is_said_with_reasons(world: World) -> None:
    number = opened(world)
    given: dict[str, Any] = {**GRAVE, **rectified(world)}
    only: dict[str, Any] = {"unit": world.organ("YJ02"), "year": 2025}
    one = {"area_left_out": "责任限于一个科室"}
    for texts in ({}, one, one | {"department_left_out": "……"}):
        with refused("honours-missing"):
            decide(world, number, "admonition", **given, **only, texts=texts)
    every = {f"{whose}_left_out": "没有对象" for whose in ("area", "department", "unit")}
    with refused("honours-missing"):
        decide(world, number, "admonition", **given, year=2025, texts=every)
    said = one | {"department_left_out": "没有主管部门"}
    decide(world, number, "admonition", **given, **only, texts=said)
    assert [b.as_ for b in honour_bans(world.organ("YJ02"), 2025)] == ["unit"]
    assert honour_bans(world.organ("YJQ"), 2025) == []


@pytest.mark.case("E15")
@pytest.mark.sentence("S15.1", "S15.2")
def test_the_gravest_conduct_opens_article_15_directly(world: World) -> None:
    number = opened(world)
    with refused("rung-closed"):
        decide(world, number, "removal", **GRAVE)
    made = decide(world, number, "removal", **GRAVEST)
    assert [w.act for w in made.acts] == ["decide", "issue_treatment"]
    assert papers(number) == ["D55"]
    effects = influences_of(measures_of(official("YJ02-Z")), rulebooks.library())
    assert [(e.measure, e.last) for e in effects] == [
        ("removal", date(2026, 3, 31)),
        ("removal", date(2027, 3, 31)),
    ]


@pytest.mark.case("E14")
@pytest.mark.sentence("S14.1")
def test_a_missed_goal_is_only_a_ground_for_a_new_decision(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    with refused("not-over"):
        world.act(
            "committee", "reject_rectification", number, on="2025-06-30", texts={"why": "没有办结"}
        )
    sweep(now=at("2025-07-02"))
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]
    world.act(
        "committee", "reject_rectification", number, on="2025-07-03", texts={"why": "两件没有办结"}
    )
    assert world.case(number).state == "not_met"
    sweep(now=at("2025-12-01"))
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]
    heard_again(world, number, "2025-07-04")
    again: dict[str, Any] = {**LIGHT, **rectified(world, date(2025, 9, 30)), **honours(world)}
    with pytest.raises(Refused, match="own sign-in"):
        perform(
            Step(
                act="decide",
                case=number,
                fields={"decider": official("YJW-S"), "measures": ("admonition",), **again},
                texts=SAID,
                organ=world.organ("YJW"),
            ),
            by=By(world.office.users["committee"].pk, world.organ("YJW"), frozenset({"head"})),
            now=at("2025-07-04"),
            uid="x/1",
        )
    decide(world, number, "admonition", on="2025-07-04", **again)
    assert [(m.measure, m.met) for m in measures_of(official("YJ02-Z"))] == [
        ("circular", False),
        ("admonition", None),
    ]


def test_a_goal_that_was_met_is_no_ground(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    world.act(
        "head",
        "report_rectification",
        number,
        on="2025-05-06",
        texts={"done": "三件都已办结"},
        subject_official=official("YJ02-Z"),
    )
    assert papers(number)[-1] == "D59"
    world.act(
        "committee",
        "accept_rectification",
        number,
        on="2025-05-08",
        texts={"seen": "三件的处理意见书和送达回证"},
    )
    (one,) = measures_of(official("YJ02-Z"))
    assert (one.met, world.case(number).state) == (True, "met")
    with pytest.raises(Refused):
        decide(
            world,
            number,
            "admonition",
            on="2025-05-09",
            **LIGHT,
            **rectified(world),
            **honours(world),
        )


@pytest.mark.case("E18")
@pytest.mark.sentence("S12.2")
def test_an_admonition_entered_as_organisational_treatment_is_refused(world: World) -> None:
    number = opened(world)
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world)}
    with refused("wrong-kind"):
        decide(world, number, "admonition", **given, entered_as=("admonition=organisational",))
    decide(world, number, "admonition", **given, entered_as=("admonition=admonition",))


@pytest.mark.case("E20")
@pytest.mark.sentence("S12.3")
def test_an_admonition_is_the_substitute_where_the_sanction_is_waived(world: World) -> None:
    number = opened(world)
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world)}
    with refused("substitute"):
        decide(world, number, "admonition", "gov_warning", **given, minor=True)
    with refused("both-sanctions"):
        decide(world, number, "gov_warning", "unit_warning", **given)
    deeds = ("admonition=甲事", "unit_warning=乙事")
    with refused("sanction-apart"):
        decide(world, number, "admonition", "unit_warning", **given, minor=True, deeds=deeds)
    made = decide(world, number, "admonition", **given, minor=True)
    assert {w.act for w in made.acts} == {"decide", "issue_admonition", "cancel_honours"}


@pytest.mark.case("G20")
@pytest.mark.sentence("S12.2")
def test_a_talk_is_no_measure_of_article_12(world: World) -> None:
    number = opened(world)
    with refused("not-accountability") as error:
        decide(world, number, "talk", **LIGHT)
    assert "R22 39(3)" in error.value.mend_zh
    with refused("not-a-measure"):
        decide(world, number, "scolding", **LIGHT)
    with refused("wrong-subject"):
        decide(world, number, "organ_circular", **LIGHT, **SCOPE)
    with refused("wrong-subject"):
        decide(world, opened_bare_on_organ(world), "circular", **LIGHT, **SCOPE, **rectified(world))


def test_what_lies_between_is_decided_with_reasons(world: World) -> None:
    number = opened(world)
    half: dict[str, Any] = {"harm": "serious", "influence": "none"}
    with refused("rung-closed"):
        decide(world, number, "removal", **half)
    circular_: dict[str, Any] = {**half, **rectified(world), **SCOPE}
    decide(world, number, "circular", **circular_)


def test_no_measure_with_its_ground_is_a_paper_too(world: World) -> None:
    number = opened(world)
    by = By(world.office.users["committee"].pk, world.organ("YJW"), frozenset({"head"}))
    fields: dict[str, Any] = {"decider": official("YJW-S"), "ground": "dissent"}
    step = Step(
        act="decide_none", case=number, fields=fields, texts={"reasons": "会议记录载明明确反对"}
    )
    with pytest.raises(Refused, match="own sign-in"):
        perform(step, by=by, now=at("2025-04-01"), uid="x/1")
    world.act(
        "decider",
        "decide_none",
        number,
        on="2025-04-01",
        decider=official("YJW-S"),
        ground="dissent",
        texts={"reasons": "会议记录载明明确反对，没有被采纳"},
    )
    assert papers(number) == ["D57"]
    assert measures_of(official("YJ02-Z")) == []
