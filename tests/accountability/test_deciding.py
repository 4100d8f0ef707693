"""What goes beside a decision or comes after it: transfers, other procedures, new days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.measures.queries import (
    read_file,
)
from dengwen.cases.models import Duty, Party
from dengwen.cases.wall.visibility import find, viewer_of
from tests.accountability.measuring import (
    DEADLINE,
    GRAVEST,
    circular,
    decide,
    official,
    opened,
    opened_bare_on_organ,
    opened_on_organ,
    papers,
    refused,
    serve,
)
from tests.world import World


@pytest.mark.case("E27")
@pytest.mark.sentence("S12.4")
def test_a_transfer_runs_beside_and_closes_nothing(world: World) -> None:
    number = opened(world)
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-10",
        to=world.organ("YJ09"),
        matter="crime",
        texts={"suspected": "涉嫌玩忽职守"},
    )
    assert papers(number) == ["D60"]
    assert world.case(number).state == "considering"
    circular(world, number, crime_suspected=True)
    serve(world, number)
    world.act(
        "committee",
        "notify_personnel",
        number,
        on="2025-04-04",
        organisation=world.organ("YJW"),
        personnel=world.organ("YJ04"),
        texts={"facts": "未按期办理"},
    )
    world.act(
        "head",
        "report_rectification",
        number,
        on="2025-05-06",
        texts={"done": "已办结"},
        subject_official=official("YJ02-Z"),
    )
    world.act(
        "committee", "accept_rectification", number, on="2025-05-08", texts={"seen": "送达回证"}
    )
    with refused("closed-as-transferred"):
        world.act("committee", "close", number, on="2025-05-09", ending="transferred")
    world.act("committee", "close", number, on="2025-05-09", ending="done")


@pytest.mark.case("E28")
@pytest.mark.parametrize("measure", ["removal", "ordered_resignation"])
def test_who_is_elected_is_removed_by_law_first(world: World, measure: str) -> None:
    number = opened(world)
    with refused("elected"):
        decide(world, number, measure, **GRAVEST, elected=True)
    decide(world, number, measure, **GRAVEST, elected=True, removed_by_law=True)


@pytest.mark.case("E32")
@pytest.mark.sentence("S12.1")
def test_a_party_organisation_is_not_held_accountable_alone(world: World) -> None:
    party = opened_bare_on_organ(world, "YJ01")
    given: dict[str, Any] = {"scope": "system", "status": "other"}
    with refused("members-too"):
        decide(world, party, "organ_circular", **given)
    with refused("not-a-member"):
        decide(world, party, "organ_circular", **given, members=("YJ02-Z",))
    with refused("not-complete"):
        decide(world, party, "organ_circular", **given, members=("YJ01-Z",))
    number = opened_on_organ(world)
    made = decide(
        world, number, "organ_circular", "self_criticism", **given, rectifier=world.organ("YJ02")
    )
    assert [w.act for w in made.acts] == ["decide", "issue_organ_circular", "order_self_criticism"]
    assert papers(number) == ["D52", "D51"]
    serve(world, number)
    with refused("not-the-subject"):
        world.act(
            "clerk", "hand_in_self_criticism", number, on="2025-04-10", texts={"text": "检查"}
        )
    world.act("handler", "hand_in_self_criticism", number, on="2025-04-10", texts={"text": "检查"})
    assert papers(number)[-1] == "D51"


def test_whom_it_concerns_sees_nothing_before_it_is_served_and_the_file_afterwards(
    world: World,
) -> None:
    number = opened(world)
    day = date(2025, 4, 10)
    people = ("head", "handler", "committee", "decider", "conference")
    viewers = {name: viewer_of(world.office.users[name], day) for name in people}
    circular(world, number)
    assert {n: find(v, day, number) is not None for n, v in viewers.items()} == {
        "head": False,
        "handler": False,
        "committee": True,
        "decider": True,
        "conference": False,
    }
    assert Party.objects.filter(
        case__number=number, role="concerned_person", until__isnull=True
    ).exists()
    serve(world, number)
    assert {n: find(v, day, number) is not None for n, v in viewers.items()} == {
        "head": True,
        "handler": False,
        "committee": True,
        "decider": True,
        "conference": False,
    }


def test_a_new_date_is_later_reasoned_and_a_persons(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    given: dict[str, Any] = {
        "decider": official("YJW-S"),
        "rectifier": world.organ("YJ02"),
        "subject_official": official("YJ02-Z"),
        "texts": {"reasons": "一件须等法院裁判"},
    }
    with refused("no-later-date"):
        world.act(
            "decider",
            "extend_rectification",
            number,
            on="2025-06-01",
            deadline=date(2025, 6, 20),
            **given,
        )
    world.act(
        "decider",
        "extend_rectification",
        number,
        on="2025-06-01",
        deadline=date(2025, 8, 29),
        **given,
    )
    duties = Duty.objects.filter(case__number=number, rule="rectify").order_by("pk")
    assert [(d.state, d.due) for d in duties] == [("void", DEADLINE), ("open", date(2025, 8, 29))]
    assert read_file(world.case(number)).deadline == date(2025, 8, 29)
