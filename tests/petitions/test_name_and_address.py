"""The written notice of receipt is owed where name *and* address are clear, never by one of them
alone (R22 23(2))."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases.models import Act, Case, Duty
from dengwen.petitions.intake.intake import handed_in, register
from tests.world import World, at


@pytest.mark.parametrize(
    ("name", "address", "owed"),
    [
        ("王示例", "示例路1号", True),
        ("王示例", "", False),
        ("", "示例路1号", False),
        ("", "", False),
        ("王示例", " ", False),
        (" ", "示例路1号", False),
    ],
)
def test_the_notice_is_owed_where_name_and_address_are_clear(
    world: World, name: str, address: str, owed: bool
) -> None:
    intake = handed_in(
        channel="letter", content="三号楼屋面渗水。", petitioner=name, address=address
    )
    number = register(intake, by=world.by("handler"), now=at("2025-03-03"), uid="n/1").number
    data = Act.objects.get(case__number=number, act="register").data
    assert (data["address_clear"], data["anonymous"]) == (owed, not name.strip())
    due = Duty.objects.filter(case__number=number, rule="direct_notice").values_list(
        "due", flat=True
    )
    assert list(due) == ([date(2025, 3, 18)] if owed else [])
    assert Case.objects.get(number=number).holder_id == world.organ("YJ02")


@pytest.mark.parametrize(
    ("clear", "anonymous", "owed"),
    [(True, False, True), (False, False, False), (True, True, False), (False, True, False)],
)
def test_each_of_the_two_alone_lifts_the_duty_at_the_door(
    world: World, clear: bool, anonymous: bool, owed: bool
) -> None:
    number = world.register(
        "2025-03-03", "handler", "organ", address_clear=clear, anonymous=anonymous
    )
    assert Duty.objects.filter(case__number=number, rule="direct_notice").exists() == owed
