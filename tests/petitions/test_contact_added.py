"""A name and an address that are known do not become unknown by one hand: the notices owed to
whoever can be told would end with it (R22 23(2), R05 22(2))."""

from __future__ import annotations

import pytest

from dengwen.cases.models import Act, Duty
from dengwen.cases.write.check import Refused
from dengwen.petitions.errors import PetitionError
from tests.world import PAPER, World

EDITIONS = ("2010-03-01", "2025-03-03")


@pytest.mark.parametrize("on", EDITIONS)
def test_adding_does_not_make_a_known_address_unknown(world: World, on: str) -> None:
    number = world.register(on)
    with pytest.raises(PetitionError) as refused:
        world.act("clerk", "add_contact", number, on=on, address_clear=False)
    assert refused.value.code == "clear-already"
    assert refused.value.where == "address_clear"
    assert not Act.objects.filter(case__number=number, act="add_contact").exists()


@pytest.mark.parametrize("on", EDITIONS)
def test_what_is_unknown_may_stay_so_and_become_known(world: World, on: str) -> None:
    number = world.register(on, address_clear=False)
    world.act("clerk", "add_contact", number, on=on, address_clear=False)
    world.act("clerk", "add_contact", number, on=on, address_clear=True)
    with pytest.raises(PetitionError):
        world.act("clerk", "add_contact", number, on=on, address_clear=False)


@pytest.mark.parametrize(("field", "new"), [("address_clear", "false"), ("anonymous", "true")])
@pytest.mark.parametrize("on", EDITIONS)
def test_a_correction_that_ends_notices_takes_two_on_the_day_itself(
    world: World, on: str, field: str, new: str
) -> None:
    number = world.register(on, anonymous=False)
    target = Act.objects.get(case__number=number, act="register").pk
    owed = list(Duty.objects.filter(case__number=number).values_list("rule", "state"))
    with pytest.raises(Refused) as refused:
        world.act(
            "clerk",
            "correct",
            number,
            on=on,
            target=target,
            field=field,
            new=new,
            texts={"reason": "示例"},
            step={"paper": PAPER},
        )
    assert {one.code for one in refused.value.reasons} == {"second-person"}
    assert list(Duty.objects.filter(case__number=number).values_list("rule", "state")) == owed
