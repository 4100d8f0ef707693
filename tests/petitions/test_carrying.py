"""A matter on new facts takes over who asks, how, where and about what (R22 36(3); case C08)."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import key_ring
from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Case, CaseLink, Party
from dengwen.petitions.intake.inheritance import identity_in, identity_names
from dengwen.petitions.models import Petitioner
from tests.world import CLAIM, World, at

NAMES = ("petitioner", "address", "phone", "id_number")


def ended(world: World, **fields: object) -> str:
    """Register a matter that is no longer accepted."""
    number = world.register("2025-03-03", category="c01", persons=2, **fields)  # type: ignore[arg-type]  # field values
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act(
        "clerk",
        "no_longer_accept",
        number,
        on="2025-03-04",
        same_facts=True,
        recheck_date=date(2024, 5, 6),
        recheck_no="示信核〔2024〕1号",
        texts={"reasons": "同一事实和理由"},
    )
    return number


def new_one(world: World, number: str) -> Case:
    """Open the matter on new facts and return it."""
    world.act(
        "clerk",
        "new_facts",
        number,
        on="2025-07-01",
        texts={"what_is_new": "新的鉴定结论\n详见附件"},
    )
    return CaseLink.objects.get(other__number=number, kind="new_facts_after").case


@pytest.mark.case("C08")
@pytest.mark.sentence("P10.2")
def test_a_matter_on_new_facts_knows_who_asks_how_and_where(world: World) -> None:
    number = ended(world, channel="phone", identity="hidden")
    world.act("clerk", "note", number, on="2025-03-05", texts={"text": "另记"})
    case = new_one(world, number)
    data = Act.objects.get(case=case, act="register").data
    assert {
        k: data[k]
        for k in ("channel", "persons", "category", "identity", "address_clear", "new_facts")
    } == {
        "channel": "phone",
        "persons": 2,
        "category": "c01",
        "identity": "hidden",
        "address_clear": True,
        "new_facts": True,
    }
    assert case.petition.received_on == date(2025, 7, 1)  # the new facts came on that day
    assert world.duty(case.number, "sort").due == date(2025, 7, 16)
    assert case.title == "新的鉴定结论"
    assert identity_in(case, NAMES) == {
        "petitioner": "王示例",
        "address": "示例路1号",
        "phone": "13800000000",
    }
    index = blind_index(key_ring(), "name", "王示例")
    assert Petitioner.objects.filter(case=case, name_index=index).exists()
    assert (
        ReadLog.objects.filter(case_number=number, purpose="system", data_class="D2").count() == 1
    )


def test_the_newest_address_goes_on(world: World) -> None:
    number = world.register("2025-03-03")
    world.act(
        "clerk",
        "add_contact",
        number,
        on="2025-03-03",
        address_clear=True,
        texts={"address": "示例路9号"},
    )
    assert identity_in(world.case(number), NAMES)["address"] == "示例路9号"


@pytest.mark.sentence("P12.1")
def test_new_facts_of_an_accusation_stay_behind_its_wall(world: World) -> None:
    number = ended(world)
    world.act(
        "clerk", "name_accused", number, on="2025-03-05", accused_organs=(world.organ("YJ02"),)
    )
    case = new_one(world, number)
    assert case.protected
    assert Party.objects.filter(
        case=case, role="accused_unit", organ_id=world.organ("YJ02")
    ).exists()


def test_of_who_asks_goes_along_what_the_opened_act_asks(world: World) -> None:
    case, now = world.case(world.register("2025-03-03")), at("2025-03-04")
    assert identity_names(case, "register", now) == NAMES
    assert identity_names(case, "take_up_anew", now) == NAMES[:3]  # it knows no ID number
