"""Submitting over the network: steps that carry the draft, one registration however often it is sent."""

from __future__ import annotations

from tests.portal.petitioner import Petitioner
from tests.world import World


def test_a_claim_goes_from_the_first_page_to_a_number(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit()
    assert world.case(number).state == "registered"
    assert code in petitioner.text()
