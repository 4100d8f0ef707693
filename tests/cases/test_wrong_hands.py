"""Wrong hands on a proposal: whoever is accused, left the office, presses in another role or for
another day, or supports a late entry with nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dengwen.access.models import RoleGrant
from dengwen.cases.models import Act, Party
from dengwen.cases.write import proposal_doors
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposed_step import proposing
from dengwen.cases.write.second_person import Overtaken
from dengwen.law.duties.proposal import APPROVE, OVERTAKE, PROPOSE, REFUSE, WITHDRAW
from dengwen.law.duties.step import Step
from tests.cases.test_second_person import ENTERED, acts, approve, codes, extension, propose
from tests.world import World, at


@pytest.fixture
def number(world: World) -> str:
    """A matter accepted on 2025-03-03."""
    return world.to_accepted()


@pytest.mark.parametrize("claimed", ["2025-04-21", "2025-04-29"])
def test_pressing_bears_the_day_on_which_somebody_presses(
    world: World, number: str, claimed: str
) -> None:
    step = extension(world, number)
    rule = proposal_doors._rule_of(step, at(ENTERED))
    back = replace(proposing(step, rule), occurred_at=at(claimed))
    with pytest.raises(Refused) as refused:
        perform(back, by=world.by("head"), now=at(ENTERED), uid="back")
    assert codes(refused) == {"pressed-now"}
    row = propose(world, step)
    fields: dict[str, Any] = {"proposal": row.pk}
    for decide, who, more in (
        (APPROVE, "checker", {"seen": row.content}),
        (REFUSE, "checker", {}),
        (WITHDRAW, "head", {}),
    ):
        texts = {"why": "不同意"} if decide == REFUSE else {}
        given: dict[str, Any] = {"fields": {**fields, **more}, "texts": texts}
        one = Step(act=decide, case=number, occurred_at=at(claimed), **given)
        with pytest.raises(Refused) as refused:
            perform(one, by=world.by(who), now=at(ENTERED), uid=f"back/{decide}")
        assert codes(refused) == {"pressed-now"}
    assert acts(number)[-1] == PROPOSE


@pytest.mark.parametrize(
    "more",
    [
        {"late_reason": ""},
        {"late_reason": " \n\u3000\u200b"},
        {"paper": ""},
        {"paper": "档案室"},
        {"paper": "AB" * 32},
        {"paper": "ab" * 31},
    ],
)
def test_a_reason_that_says_nothing_and_a_paper_that_is_none_support_nothing(
    world: World, number: str, more: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        propose(world, extension(world, number, **more))
    assert codes(refused) == {"late-entry"}
    assert PROPOSE not in acts(number)


@pytest.mark.parametrize(
    ("claimed", "code"),
    [("2025-05-03", "future"), ("2025-03-02", "before-case")],
)
def test_a_late_entry_lies_between_the_receipt_and_today(
    world: World, number: str, claimed: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        propose(world, extension(world, number, occurred_at=at(claimed)))
    assert codes(refused) == {code}


def _accuse(row: Act, who: int | None, organ: int | None = None) -> None:
    role = "accused_unit" if organ else "accused_person"
    since = date(2025, 4, 30)
    Party.objects.create(
        case=row.case, role=role, official_id=who, organ_id=organ, act_id=row.pk, since=since
    )


def test_nobody_of_the_accused_side_approves(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    _accuse(row, world.office.users["checker"].official_id)
    with pytest.raises(Refused) as refused:
        approve(world, row)
    assert codes(refused) == {"no-case"}
    assert acts(number)[-1] == PROPOSE


def test_nobody_of_an_accused_unit_approves(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    _accuse(row, None, world.organ("YJ02"))
    for who in ("checker", "handler", "head"):
        with pytest.raises(Refused) as refused:
            approve(world, row, who, uid=who)
        assert codes(refused) == {"no-case"}


def test_what_somebody_proposed_who_is_accused_since_is_not_done(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    _accuse(row, world.office.users["head"].official_id)
    with pytest.raises(Overtaken) as gone:
        approve(world, row)
    assert codes(gone) == {"proposer"}
    assert acts(number)[-1] == OVERTAKE


def test_another_role_makes_nobody_the_second_person_to_the_own_act(
    world: World, number: str
) -> None:
    row = propose(world, extension(world, number))
    head = world.by("head")
    every = frozenset({"second", "clerk", "handler", "leader", "auditor", "registrar"})
    with pytest.raises(Refused) as refused:
        approve(world, row, By(head.user, head.organ, every))
    assert codes(refused) == {"second-person"}


@pytest.mark.parametrize(
    ("left", "code"),
    [({"valid_to": date(2025, 4, 29)}, "proposer"), ({"role": "R3"}, "capacity")],
)
def test_what_somebody_proposed_who_lost_the_office_is_not_done(
    world: World, number: str, left: dict[str, Any], code: str
) -> None:
    row = propose(world, extension(world, number))
    RoleGrant.objects.filter(user=world.office.users["head"]).update(**left)
    with pytest.raises(Overtaken) as gone:
        approve(world, row)
    assert codes(gone) == {code}
    assert "extend" not in acts(number)
