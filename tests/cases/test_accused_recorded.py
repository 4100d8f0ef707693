"""What somebody took for an accusation is not sent on with its class left open (R22 22(2), 30)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.intake import handed_in, register
from tests.world import ACCUSATION, CLAIM, World, at

SENT = ("forward", "assign", "guide_back")
ON = "2025-03-05"


def fields_of(world: World, act: str, organ: str = "YJ09") -> dict[str, Any]:
    """Return what is typed to send a matter to an organ and leave its class open."""
    to = world.organ(organ)
    if act == "guide_back":
        return {"organ": to, "no_accusation": True}
    dated = {"deadline": date(2025, 4, 30)} if act == "assign" else {}
    return {"to": to, "class_left": True, **dated}


def send(world: World, act: str, number: str, organ: str = "YJ09") -> None:
    """Send a matter on as whoever is cleared for accusations would."""
    step = Step(act=act, case=number, fields=fields_of(world, act, organ))
    perform(step, by=world.by("sealed"), now=at(ON), uid=f"{act}/{number}/{organ}")


def visit(world: World) -> str:
    """Register what a visitor said; a visit can be guided as well as sent on."""
    return world.register("2025-03-03", channel="visit")


@pytest.mark.sentence("P12.1")
@pytest.mark.parametrize("act", SENT)
def test_once_an_accused_is_recorded_the_class_is_settled_first(world: World, act: str) -> None:
    number = visit(world)
    accused = (world.organ("YJ02"),)
    world.act("clerk", "name_accused", number, on="2025-03-04", accused_organs=accused)
    with pytest.raises(Refused) as caught:
        send(world, act, number)
    barred = [reason.zh for reason in caught.value.reasons if reason.code == "facts"]
    assert len(barred) == 1
    assert "须先认定类别" in barred[0]
    assert not Act.objects.filter(case__number=number, act=act).exists()


@pytest.mark.parametrize("act", ["forward", "assign"])
def test_what_is_no_accusation_after_all_goes_on_but_never_to_the_accused(
    world: World, act: str
) -> None:
    number = visit(world)
    accused = (world.organ("YJ02"),)
    world.act("clerk", "name_accused", number, on="2025-03-04", accused_organs=accused)
    world.act("sealed", "classify", number, on="2025-03-04", **CLAIM)
    with pytest.raises(PetitionError, match=r"30\(3\)"):
        send(world, act, number, "YJ02")
    assert world.case(number).state == "registered"


@pytest.mark.parametrize("act", ["forward", "assign"])
def test_what_was_handed_in_as_an_accusation_is_classed_first(world: World, act: str) -> None:
    """Nobody named the accused by an act: the accused side stands since registration."""
    intake = handed_in(channel="letter", content="反映某人收受好处。", proposed_class="accusation")
    number = register(intake, by=world.by("clerk"), now=at("2025-03-03"), uid="handed").number
    with pytest.raises(PetitionError, match=r"22\(2\), 30"):
        send(world, act, number)
    assert world.case(number).state == "registered"
    world.act("sealed", "classify", number, on="2025-03-05", **CLAIM)
    send(world, act, number)
    assert world.case(number).state == "forwarded"


def test_a_request_that_accuses_is_no_class_left_open(world: World) -> None:
    number = world.register("2025-03-03")
    texts = {"asks": "查处收受好处的人"}
    asked: dict[str, Any] = {"request": 1, "request_class": "accusation"}
    world.act("clerk", "enter_request", number, on="2025-03-04", texts=texts, **asked)
    with pytest.raises(PetitionError, match="classify it first"):
        send(world, "forward", number)


def test_an_accusation_is_transferred_and_no_visitor_sent_elsewhere_with_it(world: World) -> None:
    number = visit(world)
    world.act("clerk", "classify", number, on="2025-03-04", **ACCUSATION)
    with pytest.raises(Refused):
        send(world, "guide_back", number)
    world.act("sealed", "forward_accusation", number, on=ON, to=world.organ("YJ09"))
    assert world.case(number).state == "referred_out"
