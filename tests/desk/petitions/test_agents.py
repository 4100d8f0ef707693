"""Agents, guardians and heirs of a petitioner: named by a clerk, sealed, served, found, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Content, Document, Party
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import open_body
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.lookalikes import same_person_same_matter
from dengwen.petitions.intake.split import Part, split
from dengwen.petitions.models import Petitioner
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, PAPER, World, at

TEXT = "三号楼屋面渗水多年，请求修复。"


def name(
    world: World, number: str, on: str = "2025-03-04", who: str = "clerk", **fields: Any
) -> None:
    """Name somebody for the petitioner of a case."""
    texts = {"agent": "赵样本", "agent_phone": "13900000001", "agent_address": "样本路2号"}
    given = {
        "stands_as": "agent",
        "mandate": PAPER,
        "agent_from": date.fromisoformat(on),
        "agent_served": True,
    }
    world.act(who, "name_agent", number, on=on, texts=texts, **{**given, **fields})


def paper(number: str, rule: str) -> str:
    """Return what the newest paper of a rule prints."""
    return open_body(
        Document.objects.filter(case__number=number, rule=rule).order_by("pk").reverse()[0]
    )


def test_an_agent_is_a_row_and_a_party_and_the_name_is_sealed(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    name(world, number, agent_until=date(2025, 12, 31))
    party = Party.objects.get(case__number=number, role="agent")
    row = Petitioner.objects.get(case__number=number, role="agent")
    assert party.person == row.pk
    assert (party.since, party.until, row.role) == (date(2025, 3, 4), date(2025, 12, 31), "agent")
    assert row.name_index
    assert row.phone_index
    content = Content.objects.get(act__act="name_agent")
    assert (content.data_class, content.sealed) == ("D2", True)
    assert "赵样本" not in str(list(Act.objects.values_list("data", flat=True)))
    page = sit("clerk").get(f"/desk/case/{number}/").content.decode()
    assert "委托代理人" in page
    assert "2025-03-04 – 2025-12-31" in page
    assert "赵样本" not in page
    shown = sit("handler", "en").get(f"/desk/case/{number}/")
    assert shown.status_code == 404
    opened = sit("clerk").post(f"/desk/case/{number}/identity/open/", {"purpose": "register"})
    assert any(one.text.startswith("赵") for one in opened.context["identity"])
    assert ReadLog.objects.filter(case_number=number, data_class="D2").exists()


def test_papers_to_the_petitioner_go_to_who_is_served_until_the_mandate_ends(
    world: World, day: Day
):
    number = world.register("2025-03-03")
    name(world, number)
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ02"))
    assert "王示例（由委托代理人赵样本代收）" in paper(number, "direction_notice")
    assert "赵样本" not in paper(number, "forwarding_slip")  # it goes to an organ
    world.act("handler", "receive", number, on="2025-03-06")
    world.act(
        "handler",
        "end_agent",
        number,
        on="2025-03-07",
        ended_on=date(2025, 3, 7),
        why_ended="withdrawn",
    )
    assert Party.objects.get(case__number=number, role="agent").until == date(2025, 3, 7)
    world.act("handler", "accept", number, on="2025-03-08", texts={"procedure": "信访程序"})
    assert "王示例" in paper(number, "acceptance_notice")
    assert "赵样本" not in paper(number, "acceptance_notice")


@pytest.mark.parametrize(
    ("fields", "served"),
    [
        ({"agent_served": False}, False),
        ({"agent_served": False, "stands_as": "heir"}, True),
        ({"stands_as": "guardian"}, True),
        ({"agent_until": date(2025, 3, 4)}, False),
        ({"agent_until": date(2025, 3, 5)}, True),
    ],
)
def test_who_is_served_says_the_mandate_and_its_last_day(
    world: World, day: Day, fields: dict[str, Any], served: bool
):
    number = world.register("2025-03-03")
    name(world, number, **fields)
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ02"))
    assert ("赵样本" in paper(number, "direction_notice")) is served


def test_a_hidden_identity_hides_the_agent_too(world: World, day: Day):
    number = world.register("2025-03-03", identity="hidden")
    name(world, number)
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ02"))
    assert "样本代收" not in paper(number, "direction_notice")


def test_one_stands_at_a_time_and_days_are_checked(world: World, day: Day):
    number = world.register("2025-03-03")
    with pytest.raises(Refused):
        world.act(
            "clerk",
            "end_agent",
            number,
            on="2025-03-04",
            ended_on=date(2025, 3, 4),
            why_ended="resigned",
        )
    with pytest.raises(PetitionError, match="last day lies before"):
        name(world, number, agent_until=date(2025, 3, 1))
    name(world, number)
    with pytest.raises(Refused):
        name(world, number, stands_as="guardian")
    with pytest.raises(PetitionError, match="before it began"):
        world.act(
            "clerk",
            "end_agent",
            number,
            on="2025-03-05",
            ended_on=date(2025, 3, 1),
            why_ended="resigned",
        )
    world.act(
        "clerk",
        "end_agent",
        number,
        on="2025-03-05",
        ended_on=date(2025, 3, 5),
        why_ended="resigned",
    )
    name(world, number, on="2025-03-05", stands_as="guardian")
    assert list(
        Party.objects.filter(case__number=number, role="guardian").values_list("until", flat=True)
    ) == [None]


def test_the_matter_is_found_by_the_agent_and_the_petitioner(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    name(world, number)
    client = sit("clerk")
    for person in (("赵样本", "13900000001"), ("王示例", "13800000000")):
        page = client.post(
            "/desk/petitions/find/", {"name": person[0], "phone": person[1]}
        ).content.decode()
        assert number in page, person
    mixed = client.post(
        "/desk/petitions/find/", {"name": "赵样本", "phone": "13800000000"}
    ).content.decode()
    assert number not in mixed


@pytest.mark.parametrize(
    ("standing", "same"), [("agent", False), ("guardian", False), ("heir", True)]
)
@pytest.mark.sentence("P2.6")
def test_the_principal_counts_for_the_same_person(
    world: World, day: Day, standing: str, same: bool
):
    number = world.register("2025-03-03")
    name(world, number, stands_as=standing)
    found = same_person_same_matter("赵样本", "13900000001", TEXT, day=date(2025, 3, 10))
    assert [s.number for s in found] == ([number] if same else [])
    assert [
        s.number for s in same_person_same_matter("王示例", "", TEXT, day=date(2025, 3, 10))
    ] == [number]


def test_an_heir_goes_on_after_the_petitioners_death(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    name(world, number, who="handler", on="2025-03-05")
    world.act("handler", "record_death", number, on="2025-03-10", died_on=date(2025, 3, 8))
    with pytest.raises(Refused):
        world.act("handler", "record_death", number, on="2025-03-11", died_on=date(2025, 3, 8))
    world.act(
        "handler",
        "end_agent",
        number,
        on="2025-03-10",
        ended_on=date(2025, 3, 8),
        why_ended="petitioner_died",
    )
    name(world, number, who="handler", on="2025-03-10", stands_as="heir", agent_served=False)
    assert world.case(number).state == "accepted"
    assert world.duty(number, "handle").state == "open"
    page = sit("handler").get(f"/desk/case/{number}/").content.decode()
    assert "继承人" in page
    assert "已死亡" in page


def test_parts_of_a_letter_have_the_agent_too(world: World, day: Day):
    number = world.register("2025-03-03")
    name(world, number)
    parts = [
        Part(proposed_class="claim", path="31(6)", content="修路"),
        Part(proposed_class="suggestion", content="设灯"),
    ]
    done = split(number, parts, by=world.by("clerk"), now=at("2025-03-05"), uid="parts")
    numbers = [p.number for p in done.parts]
    assert (
        Party.objects.filter(case__number__in=numbers, role="agent", until__isnull=True).count()
        == 2
    )
    world.act("router", "forward", numbers[0], on="2025-03-06", to=world.organ("YJ02"))
    assert "赵样本" in paper(numbers[0], "direction_notice")


def test_a_matter_on_new_facts_has_the_agent_too(world: World, day: Day):
    number = world.register("2025-03-03")
    name(world, number)
    world.act("clerk", "classify", number, on="2025-03-04", **CLAIM)
    world.act(
        "clerk",
        "no_longer_accept",
        number,
        on="2025-03-04",
        same_facts=True,
        recheck_no=PAPER,
        recheck_date=date(2024, 5, 6),
        texts={"reasons": "同一事实和理由"},
    )
    world.act("clerk", "new_facts", number, on="2025-07-01", texts={"what_is_new": "新的鉴定结论"})
    assert Party.objects.filter(role="agent").exclude(case__number=number).count() == 1


def test_the_desk_asks_for_a_mandate(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    client = sit("clerk")
    page = client.get(f"/desk/case/{number}/name_agent/")
    assert page.status_code == 200
    form = {
        "stands_as": "agent",
        "agent": "赵样本",
        "agent_from": "2025-03-01",
        "uid": page.context["uid"],
    }
    refused = client.post(f"/desk/case/{number}/name_agent/", form)
    assert refused.status_code == 422
    assert not Party.objects.filter(role="agent").exists()
