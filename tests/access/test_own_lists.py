"""Who publishes the list of an organ, whose account is whose, and which roles nobody is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dengwen.access.effects import own_list
from dengwen.access.errors import AccessError
from dengwen.access.grants import exclusive, without_post
from dengwen.access.models import RoleGrant, User
from dengwen.access.roles import ROLES
from dengwen.law.duties.step import Facts, Step
from dengwen.organs.errors import RegistryError
from dengwen.organs.models import Official, Organ

from .conftest import DAY, NOW, Enter


def publish(organ: Organ, actor: User | None, acting: int | None) -> None:
    """Publish the list of an organ as an account that acts for one, or for none."""
    facts = Facts(
        act_id=1,
        act_uid="a1",
        case_id=1,
        case="R1",
        organ=acting,
        actor=None if actor is None else actor.pk,
        day=DAY,
        recorded_at=NOW,
    )
    own_list(Step(act="publish_list", case="R1", fields={"organ": organ.code}), facts)


def test_every_organ_publishes_its_own_list_and_the_registrar_any(
    organ: Organ, user: Callable[..., User]
) -> None:
    head, registrar = user("head"), user("registrar")
    for who, role in ((head, "R7"), (registrar, "R12")):
        RoleGrant.objects.create(user=who, role=role, valid_from=date(2026, 1, 1), act=1)
    publish(organ, head, organ.pk)
    for anywhere in (organ.pk, organ.pk + 1, None):
        publish(organ, registrar, anywhere)
        publish(organ, None, anywhere)  # the founding itself
    for elsewhere in (organ.pk + 1, None):
        with pytest.raises(RegistryError) as refused:
            publish(organ, head, elsewhere)
        assert refused.value.code == "not_own_list"


def test_the_operator_of_the_machine_is_never_granted_a_role(
    enter: Enter, user: Callable[..., User], administrators: tuple[User, User]
) -> None:
    security, audit = administrators
    outside = [code for code, role in ROLES.items() if not role.grantable]
    assert outside == ["R20"]
    with pytest.raises(RegistryError) as refused:
        enter(
            "grant_role",
            actor=security.pk,
            approver=audit.pk,
            user=user("operator").pk,
            role=outside[0],
        )
    assert refused.value.code == "unknown_word"


def test_an_account_and_an_official_belong_to_each_other_alone(
    enter: Enter, user: Callable[..., User]
) -> None:
    for code in ("W", "L"):
        enter("enter_official", code=code, texts={"name": "王示例"})
    wang = user("wang", official=Official.objects.get(code="W"))
    free = user("free")
    for account, official in ((wang, "L"), (free, "W")):
        with pytest.raises(RegistryError) as refused:
            enter("link_official", user=account.pk, official=official)
        assert refused.value.code == "has_account"
    enter("link_official", user=free.pk, official="L")
    assert User.objects.get(pk=free.pk).official == Official.objects.get(code="L")


@pytest.mark.parametrize("fields", [{}, {"user": 999}])
def test_an_account_that_is_none_is_said(enter: Enter, fields: dict[str, int]) -> None:
    with pytest.raises(RegistryError) as refused:
        enter("close_account", **fields)
    assert (refused.value.code, refused.value.where[-4:]) == ("unknown", "user")


def test_what_excludes_each_other_is_refused_in_its_case_and_named_on_the_day_it_stands(
    enter: Enter, user: Callable[..., User], organ: Organ, administrators: tuple[User, User]
) -> None:
    security, audit = administrators
    second = {"actor": security.pk, "approver": audit.pk}
    who = user("both")
    enter("grant_role", user=who.pk, role="R6", organ="YJ01", **second)
    with pytest.raises(AccessError) as refused:
        enter("grant_role", user=who.pk, role="R14", **second)
    assert refused.value.where == "R1 · grant_role · role"
    with pytest.raises(RegistryError) as unknown:
        enter("grant_role", user=who.pk, role="R11", compartment="everything", **second)
    assert "：、" not in unknown.value.mend_zh  # no empty word is offered
    assert exclusive(DAY) == ()
    RoleGrant.objects.create(user=who, role="R14", organ=organ, valid_from=DAY, act=1)
    assert [(one, pairs) for one, pairs in exclusive(DAY)] == [(who, (("R6", "R14"),))]
    assert [(one.user, one.role) for one in without_post(DAY)] == [(who, "R6")]
