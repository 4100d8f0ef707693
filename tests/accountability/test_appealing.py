"""Appeals by each measure's own way and in time, stopping nothing and worsening nothing; the
wrong is put right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.measures.appeal_effects import lighter
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import honour_bans, influences_of, measures_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Case, Document, Duty
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.check import Refused
from dengwen.organs.models import Organ
from tests.accountability.inquiries import with_staff
from tests.accountability.measuring import (
    GRAVE,
    GRAVEST,
    LIGHT,
    circular,
    decide,
    found_here,
    honours,
    official,
    opened,
    opened_bare,
    rectified,
    refused,
    serve,
)
from tests.world import World


def appeal(
    world: World,
    number: str,
    measure: str,
    route: str,
    on: str,
    to: str = "YJW",
    who: str = "head",
    by: str = "YJ02-Z",
    texts: dict[str, str] | None = None,
    **more: Any,
) -> str:
    given: dict[str, Any] = {
        "decision": number,
        "measure": measure,
        "appellant": official(by),
        "route": route,
        "instance": "first",
        "to": world.organ(to),
        **more,
    }
    said = {"grounds": "三件中两件已在期限内办结，决定认定的事实有误。", **(texts or {})}
    return world.act(who, "appeal", kind="accountability_appeal", on=on, texts=said, **given).case


def take_up(world: World, number: str, on: str) -> None:
    world.act("committee", "take_up", number, on=on)


def decided(world: World, number: str, act: str, on: str, **more: Any) -> None:
    world.act(
        "decider",
        act,
        number,
        on=on,
        decider=official("YJW-S"),
        texts={"reasons": "复查了送达回证"},
        **more,
    )


@pytest.mark.case("E26")
def test_a_circular_is_not_for_the_civil_servants_law_and_says_its_own_way(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    assert [d.rule for d in Duty.objects.filter(case__number=number, right=True)] == ["appeal_ac19"]
    with refused("not-this-way") as error:
        appeal(world, number, "circular", "csl", "2025-04-10")
    assert "公务员法" in error.value.zh
    found = appeal(world, number, "circular", "ac19", "2025-04-10")
    assert (world.duty(found, "decide_ac19").due, world.case(found).state) == (
        date(2025, 5, 12),
        "asked",
    )
    assert world.duty(number, "appeal_ac19").state == "closed"
    assert Document.objects.filter(case__number=found, rule="appeal").count() == 1


def test_an_appeal_stops_nothing_and_only_the_person_makes_it(world: World) -> None:
    number = opened(world)
    circular(world, number)
    with refused("no-decision"):
        appeal(world, number, "circular", "ac19", "2025-04-02")
    serve(world, number)
    with pytest.raises(Refused, match="own sign-in"):
        appeal(world, number, "circular", "ac19", "2025-04-10", who="handler")
    with refused("not-the-subject"):
        appeal(world, number, "circular", "ac19", "2025-04-10", who="handler", by="YJ02-L")
    with refused("not-imposed"):
        appeal(world, number, "removal", "ot21", "2025-04-10")
    with refused("wrong-addressee"):
        appeal(world, number, "circular", "ac19", "2025-04-10", to="YJ03")
    running = Duty.objects.filter(case__number=number, state="open", right=False).order_by("pk")
    before = list(running.values_list("rule", "due"))
    appeal(world, number, "circular", "ac19", "2025-04-10")
    after = list(running.values_list("rule", "due"))
    assert before == after
    assert ("rectify", date(2025, 6, 30)) in after


@pytest.mark.case("E30")
def test_a_manager_of_a_state_enterprise_has_a_month(world: World) -> None:
    with_staff(world, "YJW", "YJW-A", "YJW-B")
    number = opened_bare(world, procedure="sanction")
    found_here(world, number, staff=("YJW-F", "YJW-A"), by="committee")
    decide(world, number, "unit_demerit", **LIGHT, status="soe_manager")
    serve(world, number, "2025-04-03")
    right = world.duty(number, "appeal_soe")
    assert (right.due, right.official_id) == (date(2025, 5, 6), official("YJ02-Z"))
    with refused("too-late"):
        appeal(world, number, "unit_demerit", "soe", "2025-05-07")
    appeal(world, number, "unit_demerit", "soe", "2025-05-07", texts={"obstacle": "住院至五月五日"})


def test_nothing_is_aggravated_because_of_an_appeal(world: World) -> None:
    number = opened(world)
    decide(world, number, "admonition", **GRAVE, **rectified(world), **honours(world))
    serve(world, number)
    found = appeal(world, number, "admonition", "ac19", "2025-04-10")
    take_up(world, found, "2025-04-11")
    for worse in ("removal", "admonition", "gov_warning", "suspension", "scolding"):
        with refused("aggravates"):
            decided(world, found, "lighten", "2025-04-20", instead=worse)
    decided(world, found, "lighten", "2025-04-20", instead="circular")
    (one,) = measures_of(official("YJ02-Z"))
    assert (one.measure, one.instead, one.appeal, one.corrected) == (
        "admonition",
        "circular",
        found,
        date(2025, 4, 20),
    )
    assert world.duty(number, "correct_after_appeal").state == "open"
    assert {b.lifted for b in honour_bans(world.organ("YJ02"), 2025)} == {date(2025, 4, 20)}
    assert [(e.measure, e.last) for e in influences_of([one], rulebooks.library())] == [
        ("circular", None)
    ]


@pytest.mark.parametrize(
    ("measure", "worse", "milder"),
    [
        ("gov_warning", ("gov_dismissal", "removal", "suspension"), "admonition"),
        ("gov_removal", ("gov_dismissal", "gov_grade_down", "demotion"), "gov_warning"),
        ("gov_dismissal", ("removal", "party_warning"), "gov_removal"),
        ("party_warning", ("party_expulsion", "reorganisation", "removal"), "circular"),
        ("talk", ("removal", "circular"), ""),
    ],
)
def test_a_warning_never_becomes_dismissal_or_removal(
    world: World, measure: str, worse: tuple[str, ...], milder: str
) -> None:
    day = date(2025, 4, 20)
    rules = rules_for(day, Case.objects.get(number=opened_bare(world)).place)
    assert not [one for one in worse if lighter(rules, one, measure, day)]
    assert not milder or lighter(rules, milder, measure, day)


def test_a_civil_servant_complains_directly_within_the_thirty_days(world: World) -> None:
    number = opened(world)
    decide(world, number, "removal", **GRAVEST)
    serve(world, number)
    given: dict[str, Any] = {"to": "SZF", "instance": "direct"}
    with refused("wrong-addressee"):  # reconsideration is asked of the deciding organ
        appeal(world, number, "removal", "csl", "2025-04-10", to="SZF")
    with refused("wrong-addressee"):
        appeal(world, number, "removal", "csl", "2025-04-10", to="YJW", instance="direct")
    with refused("wrong-addressee"):  # no other way has it
        appeal(world, number, "removal", "ot21", "2025-04-10", **given)
    with refused("too-late"):
        appeal(world, number, "removal", "csl", "2025-05-07", **given)
    direct = appeal(world, number, "removal", "csl", "2025-04-10", **given)
    assert not Duty.objects.filter(case__number=direct, rule="decide_csl_reconsideration").exists()
    assert world.duty(number, "appeal_csl").state == "closed"


def test_the_second_instance_follows_the_first_at_another_organ(world: World) -> None:
    number = opened(world)
    decide(world, number, "removal", **GRAVEST)
    serve(world, number)
    assert {d.rule for d in Duty.objects.filter(case__number=number, right=True)} == {"appeal_csl"}
    first = appeal(world, number, "removal", "csl", "2025-04-10")
    with refused("no-first-instance"):
        appeal(
            world, number, "removal", "csl", "2025-04-12", to="SZF", instance="second", before=first
        )
    assert world.duty(first, "decide_csl_reconsideration").due == date(2025, 5, 12)
    take_up(world, first, "2025-04-11")
    decided(world, first, "uphold", "2025-04-20")
    assert not Duty.objects.filter(case__number=first, rule="go_on_csl").exists()  # not served
    world.act(
        "committee",
        "serve_appeal_decision",
        first,
        on="2025-04-23",
        received_on=date(2025, 4, 23),
        how="in_person",
    )
    right = world.duty(first, "go_on_csl")
    assert (right.due, right.right) == (date(2025, 5, 8), True)
    with refused("wrong-addressee"):
        appeal(
            world, number, "removal", "csl", "2025-04-25", to="YJW", instance="second", before=first
        )
    second = appeal(
        world, number, "removal", "csl", "2025-04-25", to="SZF", instance="second", before=first
    )
    assert world.case(second).state == "asked"
    assert world.duty(first, "go_on_csl").state == "closed"
    with refused("too-late"):
        appeal(
            world, number, "removal", "csl", "2025-05-09", to="SZF", instance="second", before=first
        )


@pytest.mark.case("E33")
def test_a_wrong_accountability_is_corrected_by_a_person_and_said_as_widely(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    found = appeal(world, number, "circular", "ac19", "2025-04-10")
    take_up(world, found, "2025-04-11")
    decided(world, found, "revoke", "2025-04-20")
    told: dict[str, Any] = {"told": ("YJ03", "YJ04")}
    given: dict[str, Any] = {
        "decider": official("YJW-S"),
        "measures": ("circular",),
        "texts": {"reasons": "两件已按期办结"},
    }
    with refused("said-less-widely") as error:
        world.act(
            "decider",
            "correct_wrongful",
            number,
            on="2025-04-22",
            scope="system",
            told=("YJ03",),
            **given,
        )
    assert "YJ04" in error.value.zh
    with refused("said-less-widely"):
        world.act(
            "decider", "correct_wrongful", number, on="2025-04-22", scope="person", **told, **given
        )
    with refused("not-imposed"):
        other = {**given, "measures": ("removal",)}
        world.act(
            "decider", "correct_wrongful", number, on="2025-04-22", scope="system", **told, **other
        )
    elsewhere = {**given, "decider": official("YJ02-Z")}
    with refused("not-impartial"):
        world.act(
            "head", "correct_wrongful", number, on="2025-04-22", scope="system", **told, **elsewhere
        )
    world.act(
        "decider",
        "correct_wrongful",
        number,
        on="2025-04-22",
        scope="system",
        told=("YJ03", "YJ04"),
        **given,
    )
    assert world.case(number).state == "corrected"
    assert world.duty(number, "correct_after_appeal").state == "closed"
    assert world.duty(number, "rectify").state == "void"
    assert Document.objects.filter(case__number=number, rule="correction").count() == 1
    assert [m.stands for m in measures_of(official("YJ02-Z"))] == [False]
    assert influences_of(measures_of(official("YJ02-Z")), rulebooks.library()) == []


@pytest.mark.case("E33")
def test_an_organ_above_corrects_too(world: World) -> None:
    number = opened(world)
    circular(world, number)
    registry = Organ.objects.get(code="SZF").registry_case
    assert registry
    world.act(
        "recheck-head",
        "correct_wrongful",
        number,
        on="2025-04-22",
        decider=official("SZF-T"),
        measures=("circular",),
        scope="public",
        told=("YJ03", "YJ04"),
        texts={"reasons": "情形没有证明"},
    )
    assert world.case(number).state == "corrected"


def test_an_appeal_is_seen_by_who_made_it_and_by_whom_it_went_to(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    found = appeal(world, number, "circular", "ac19", "2025-04-10")
    day = date(2025, 4, 11)
    seen = {
        n: find(viewer_of(world.office.users[n], day), day, found) is not None
        for n in ("head", "handler", "committee", "supervisor", "conference")
    }
    assert seen == {
        "head": True,
        "handler": False,
        "committee": True,
        "supervisor": False,
        "conference": False,
    }
