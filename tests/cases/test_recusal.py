"""Recusal (回避): whoever recuses is shut out of the case, and somebody else handles it (R22
28(3), R05 30)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.access.models import User
from dengwen.cases.errors import CaseError
from dengwen.cases.models import Case, Party
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.handover import hand_over_all
from dengwen.organs.models import Official, Substitute
from tests.world import World, at

DAY = date(2025, 3, 10)
RELATIVE = {"reasons": "系信访人亲属"}


def official(code: str) -> int:
    """Return the row id of an official."""
    return Official.objects.get(code=code).pk


def seen(world: World, username: str, number: str, day: date = DAY) -> bool:
    """Say whether somebody may see a case."""
    return find(viewer_of(User.objects.get(username=username), day), day, number) is not None


def asked(world: World, *codes: str, on: str = "2025-03-03") -> str:
    """Return an accepted claim with a handler, in which the recusal of these officials is asked
    for."""
    number = world.to_accepted(on)
    world.act("handler", "assign_handler", number, on=on, official=official("YJ02-L"))
    for code in codes:
        world.act("handler", "recuse", number, on=on, official=official(code), texts=RELATIVE)
    return number


def decided(
    world: World,
    number: str,
    code: str,
    decision: str,
    substitute: str = "",
    *,
    on: str = "2025-03-05",
    who: str = "head",
) -> None:
    """Decide on the recusal of an official, with whoever handles the case in their place."""
    more: dict[str, Any] = {"substitute": official(substitute)} if substitute else {}
    world.act(
        who,
        "decide_recusal",
        number,
        on=on,
        official=official(code),
        decision=decision,
        **more,
    )


@pytest.mark.sentence("P8.3", "P8.4")
def test_whoever_recuses_is_behind_the_wall_and_the_case_has_another_handler(world: World) -> None:
    number = asked(world, "YJ02-L")
    assert seen(world, "handler", number)
    assert world.duty(number, "handle").official_id == official("YJ02-L")
    decided(world, number, "YJ02-L", "recuse", "YJ02-W")
    assert not seen(world, "handler", number)
    assert seen(world, "checker", number)
    assert Case.objects.get(number=number).handler_id == official("YJ02-W")
    assert world.duty(number, "handle").official_id == official("YJ02-W")
    party = Party.objects.get(case__number=number, role="recused")
    assert (party.official_id, party.since, party.act.act) == (
        official("YJ02-L"),
        date(2025, 3, 5),
        "decide_recusal",
    )


def test_the_same_under_the_edition_of_2005(world: World) -> None:
    """R05 30."""
    number = world.register("2020-03-02")
    world.act("router", "forward", number, on="2020-03-02", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2020-03-02")
    world.act("handler", "accept", number, on="2020-03-03", texts={"procedure": "信访程序"})
    world.act("handler", "assign_handler", number, on="2020-03-03", official=official("YJ02-L"))
    world.act(
        "checker", "recuse", number, on="2020-03-03", official=official("YJ02-L"), texts=RELATIVE
    )
    decided(world, number, "YJ02-L", "recuse", "YJ02-W", on="2020-03-04")
    assert not seen(world, "handler", number, date(2020, 3, 10))
    assert Case.objects.get(number=number).handler_id == official("YJ02-W")


def test_the_handler_does_not_recuse_without_somebody_who_takes_over(world: World) -> None:
    number = asked(world, "YJ02-L")
    with pytest.raises(CaseError, match="somebody must take over"):
        decided(world, number, "YJ02-L", "recuse")
    with pytest.raises(CaseError, match="must not handle it"):
        decided(world, number, "YJ02-L", "recuse", "YJ02-L")
    assert not Party.objects.filter(case__number=number, role="recused").exists()
    assert seen(world, "handler", number)


def test_somebody_who_does_not_handle_it_recuses_and_the_handler_stays(world: World) -> None:
    number = asked(world, "YJ02-W")
    decided(world, number, "YJ02-W", "recuse")
    assert not seen(world, "checker", number)
    assert Case.objects.get(number=number).handler_id == official("YJ02-L")
    with pytest.raises(CaseError, match="must not handle it"):
        world.act("handler", "hand_over", number, on="2025-03-06", official=official("YJ02-W"))
    with pytest.raises(CaseError, match="must not handle it"):
        hand_over_all(
            Official.objects.get(code="YJ02-L"),
            Official.objects.get(code="YJ02-W"),
            world.organ("YJ02"),
            by=world.by("handler"),
            now=at("2025-03-06"),
            uid="leave",
        )


def test_whoever_stands_in_for_the_recused_does_not_handle_it_either(world: World) -> None:
    number = asked(world, "YJ02-L")
    act = Case.objects.get(number=number).acts.last()
    assert act is not None
    row = Substitute(
        official_id=official("YJ02-L"), substitute_id=official("YJ02-W"), reason="away", act=act.pk
    )
    row.valid_from = date(2025, 1, 1)
    row.save()
    with pytest.raises(CaseError, match="stands in for somebody who did"):
        decided(world, number, "YJ02-L", "recuse", "YJ02-W")


def test_each_request_is_decided_by_itself_and_a_decision_can_be_taken_back(world: World) -> None:
    number = asked(world, "YJ02-L", "YJ02-W")
    decided(world, number, "YJ02-W", "stay")
    open_now = list(Case.objects.get(number=number).duties.filter(rule="recusal", state="open"))
    assert len(open_now) == 1  # the request about the handler is still to be decided
    assert seen(world, "checker", number)
    decided(world, number, "YJ02-W", "recuse")
    assert not seen(world, "checker", number)
    decided(world, number, "YJ02-W", "stay", on="2025-03-06")
    assert seen(world, "checker", number)


def test_nobody_decides_on_himself_nor_on_somebody_nobody_asked_about(world: World) -> None:
    number = asked(world, "YJ02-Z")
    with pytest.raises(CaseError, match="on their own recusal"):
        decided(world, number, "YJ02-Z", "stay")
    with pytest.raises(CaseError, match="nobody declared or asked"):
        decided(world, number, "YJ02-W", "recuse")
