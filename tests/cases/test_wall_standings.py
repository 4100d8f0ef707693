"""Which standings in a case let an organ, or a leader, see it; each put in by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dengwen.cases.models import Act, Party
from dengwen.cases.wall.visibility import (
    ACCUSE,
    duties_for_user,
    find,
    only_supervises,
    viewer_of_organ,
)
from tests.world import World

TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)


def test_each_standing_lets_its_organ_see_a_case_and_no_other_does(world: World) -> None:
    """A holder, an addressee, who assists and who supervises see it; who is concerned does not."""
    number = world.register("2025-03-03")
    case = world.case(number)
    act = Act.objects.filter(case=case).earliest("seq")
    other = viewer_of_organ(world.organ("YJ02"), TODAY)
    assert find(other, TODAY, number) is None
    seen = {}
    for role in (
        "holder",
        "addressee",
        "assisting_organ",
        "supervising_organ",
        "leader_in_charge",
        "concerned_unit",
        "petitioner",
    ):
        party = Party.objects.create(
            case=case, role=role, organ_id=world.organ("YJ02"), act=act, since=TODAY
        )
        seen[role] = find(other, TODAY, number) is not None
        party.delete()
    sees = {"holder", "addressee", "assisting_organ", "supervising_organ"}
    assert {role for role, one in seen.items() if one} == sees


def test_a_leader_sees_what_was_laid_before_them(world: World) -> None:
    number = world.register("2025-03-03")
    case = world.case(number)
    act = Act.objects.filter(case=case).earliest("seq")
    official = world.official("YJ02-Z")
    organ = viewer_of_organ(world.organ("YJ02"), TODAY)
    leader, stranger = replace(organ, official=official), replace(organ, official=official + 1)
    Party.objects.create(
        case=case, role="leader_in_charge", official_id=official, act=act, since=TODAY
    )
    assert find(leader, TODAY, number) is not None
    assert find(stranger, TODAY, number) is None
    assert find(replace(leader, organs=frozenset()), TODAY, number) is None  # works nowhere


def test_duties_of_an_accusation_stand_on_the_list_of_the_cleared_alone(world: World) -> None:
    number = world.register("2025-03-03")
    case = world.case(number)
    holder = viewer_of_organ(case.holder_id or 0, TODAY)
    cleared = replace(holder, compartments=frozenset({ACCUSE}))
    uncleared = replace(holder, compartments=frozenset())
    everyday = duties_for_user(uncleared).filter(case=case).count()
    assert everyday
    case.protected = True
    case.save(update_fields=["protected"])
    assert duties_for_user(cleared).filter(case=case).count() == everyday
    assert not duties_for_user(uncleared).filter(case=case).exists()
    assert find(cleared, TODAY, number) is not None
    assert find(uncleared, TODAY, number) is None


def test_whoever_only_supervises_a_matter_does_nothing_in_it(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    held_by = world.case(number).holder_id or 0
    own = viewer_of_organ(held_by, TODAY)
    above = replace(own, organs=frozenset(), scope=frozenset({held_by}))
    assert find(above, TODAY, number) is not None
    assert only_supervises(above, TODAY, number)
    assert not only_supervises(own, TODAY, number)  # its own matter
    assert not only_supervises(replace(own, scope=frozenset({held_by})), TODAY, number)
    assert find(above, TODAY, number + "0") is None
