"""Roles by period: who may hold what, who gives it, and when it ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from dengwen.access.errors import AccessError
from dengwen.access.grants import (
    capacities_in,
    exclusive,
    grants_of,
    opens,
    roles_in,
    roles_of,
    without_post,
)
from dengwen.access.models import RoleGrant, User
from dengwen.access.permission_matrix import CLASSES, TABLE, right
from dengwen.access.roles import ROLES, capacities, conflicts
from dengwen.law.packs.vocabulary import CAPACITIES
from dengwen.organs.errors import RegistryError
from dengwen.organs.models import Official

from .conftest import DAY


def test_there_is_no_superuser():
    columns = {field.name for field in User._meta.get_fields()}
    assert not columns & {"is_superuser", "is_staff", "groups", "user_permissions", "last_login"}
    assert not hasattr(User.objects, "create_superuser")
    assert get_user_model() is User


def test_the_three_administrators_exclude_each_other_and_all_business():
    administrators = {"R14", "R15", "R16"}
    business = {code for code, role in ROLES.items() if role.business}
    assert {"R3", "R6", "R7", "R9", "R11", "R12", "R13", "R17", "R18"} <= business
    for one, other in combinations(sorted(ROLES), 2):
        pair = {one, other}
        expected = len(pair & administrators) == 2 or (
            bool(pair & administrators) and bool(pair & business)
        )
        assert bool(conflicts(frozenset(pair))) is expected, pair


def test_capacities_are_words_of_the_law():
    assert capacities(frozenset(ROLES)) <= CAPACITIES
    assert capacities(frozenset({"R3", "R7"})) == {"clerk", "head"}
    assert capacities(frozenset({"R16"})) == {"auditor"}
    assert capacities(frozenset({"R99", "R3"})) == {"clerk"}  # a role of another release


def test_the_first_administrators_come_first_and_need_no_second_person(enter, user, organ):
    clerk = user("clerk")
    with pytest.raises(RegistryError) as error:
        enter("grant_role", user=clerk.pk, role="R3", organ="YJ01")
    assert error.value.code == "administrators_first"
    for name, role in (("security", "R15"), ("audit", "R16")):
        enter("grant_role", user=user(name).pk, role=role)
    with pytest.raises(RegistryError) as error:
        enter("grant_role", user=clerk.pk, role="R15")
    assert error.value.code == "second_person"


def test_a_role_takes_two_entitled_persons(enter, user, organ, administrators):
    security, audit = administrators
    clerk, other = user("clerk"), user("other")
    RoleGrant.objects.create(user=other, role="R7", valid_from=date(2026, 1, 1), act=1)
    fields = {"user": clerk.pk, "role": "R3", "organ": "YJ01"}
    refused = [
        ({"actor": None, "approver": audit.pk}, "second_person"),
        ({"actor": security.pk}, "second_person"),
        ({"actor": security.pk, "approver": security.pk}, "second_person"),
        ({"actor": security.pk, "approver": clerk.pk}, "second_person"),
        ({"actor": other.pk, "approver": audit.pk}, "not_entitled"),
        ({"actor": security.pk, "approver": other.pk}, "not_entitled"),
    ]
    for persons, code in refused:
        with pytest.raises(RegistryError) as error:
            enter("grant_role", **persons, **fields)
        assert error.value.code == code
    enter("grant_role", actor=security.pk, approver=audit.pk, **fields)
    assert roles_of(clerk, DAY) == {"R3"}
    assert capacities_in(clerk, organ.pk, DAY) == {"clerk"}
    assert roles_in(clerk, organ.pk + 1, DAY) == frozenset()


def test_an_excluded_pair_is_refused_when_the_periods_meet(enter, user, organ, administrators):
    security, audit = administrators
    who = user("both")
    second = {"actor": security.pk, "approver": audit.pk}
    enter("grant_role", user=who.pk, role="R6", organ="YJ01", to=DAY + timedelta(days=10), **second)
    with pytest.raises(AccessError) as error:
        enter("grant_role", user=who.pk, role="R14", since=DAY + timedelta(days=9), **second)
    assert error.value.code == "exclusive"
    assert "R6/R14" in error.value.zh
    enter("grant_role", user=who.pk, role="R14", since=DAY + timedelta(days=10), **second)
    assert roles_of(who, DAY + timedelta(days=9)) == {"R6"}
    assert roles_of(who, DAY + timedelta(days=10)) == {"R14"}


def test_a_grant_ended_before_it_began_excludes_nothing(enter, user, organ, administrators):
    security, audit = administrators
    who = user("both")
    second = {"actor": security.pk, "approver": audit.pk}
    soon = DAY + timedelta(days=5)
    enter("grant_role", user=who.pk, role="R6", organ="YJ01", since=soon, **second)
    with pytest.raises(AccessError):
        enter("grant_role", user=who.pk, role="R14", **second)
    enter("end_role", actor=security.pk, grant=RoleGrant.objects.get(user=who).pk)
    ended = RoleGrant.objects.get(user=who)
    assert (ended.valid_from, ended.valid_to) == (soon, soon)
    enter("grant_role", user=who.pk, role="R14", **second)
    assert roles_of(who, soon) == {"R14"}


def test_a_role_ends_at_once_and_its_row_stays(enter, user, organ, administrators):
    security, audit = administrators
    clerk = user("clerk")
    enter(
        "grant_role",
        actor=security.pk,
        approver=audit.pk,
        user=clerk.pk,
        role="R3",
        organ="YJ01",
        since=date(2026, 1, 1),
    )
    [grant] = grants_of(clerk, DAY)
    enter("end_role", actor=security.pk, grant=grant.pk)
    assert roles_of(clerk, DAY) == frozenset()
    assert roles_of(clerk, DAY - timedelta(days=1)) == {"R3"}
    row = RoleGrant.objects.get(pk=grant.pk)
    assert row.end_act is not None
    with pytest.raises(RegistryError) as error:
        enter("end_role", actor=security.pk, grant=grant.pk)
    assert error.value.code == "nothing_to_end"


def test_a_closed_account_has_no_roles(enter, user, administrators):
    security, _ = administrators
    enter("close_account", user=security.pk)
    assert roles_of(User.objects.get(pk=security.pk), DAY) == frozenset()


def test_a_compartment_is_opened_by_a_grant_only(enter, user, organ, administrators):
    security, audit = administrators
    who = user("discipline")
    second = {"actor": security.pk, "approver": audit.pk}
    enter("grant_role", user=who.pk, role="R11", organ="YJ01", **second)
    assert not opens(who, "accuse", DAY)
    enter("grant_role", user=who.pk, role="R11", organ="YJ01", compartment="accuse", **second)
    assert opens(who, "accuse", DAY)
    assert not opens(who, "account", DAY)
    with pytest.raises(RegistryError) as error:
        enter("grant_role", user=who.pk, role="R11", compartment="everything", **second)
    assert error.value.code == "unknown_word"


def test_the_nightly_look_finds_exclusive_roles_and_grants_without_a_post(enter, user, organ):
    enter(
        "found_post",
        organ="YJ01",
        code="P1",
        leading="staff",
        texts={"title_zh": "科员"},
        day=date(2026, 1, 1),
    )
    enter("enter_official", code="W", texts={"name": "王示例"})
    official = Official.objects.get()
    enter("appoint", official="W", post="P1", day=date(2026, 1, 1))
    who = user("wang", official=official)
    for role, place in (("R6", organ), ("R16", None)):
        RoleGrant.objects.create(
            user=who, role=role, organ=place, valid_from=date(2026, 1, 1), act=1
        )
    assert exclusive(DAY) == ((who, (("R6", "R16"),)),)
    assert without_post(DAY) == ()
    enter("relieve", official="W", post="P1")
    assert [grant.role for grant in without_post(DAY)] == ["R6"]
    assert without_post(DAY - timedelta(days=1)) == ()


def test_accounts_are_opened_by_an_act_and_belong_to_one_official(enter):
    enter("enter_official", code="W", texts={"name": "王示例"})
    enter("open_account", username="wang.shili", official="W")
    account = User.objects.get()
    assert account.official is not None
    assert account.official.code == "W"
    assert not account.has_usable_password()
    for fields, code in (
        ({"username": "wang.shili"}, "taken"),
        ({"username": "w2", "official": "W"}, "has_account"),
    ):
        with pytest.raises(RegistryError) as error:
            enter("open_account", **fields)
        assert error.value.code == code
    enter("open_account", username="li")
    enter("enter_official", code="L", texts={"name": "李样本"})
    other = User.objects.get(username="li")
    enter("link_official", user=other.pk, official="L")
    with pytest.raises(RegistryError):
        enter("link_official", user=other.pk, official="W")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [{"role": "R20"}, {"role": "R99"}, {"compartment": "x"}, {"valid_to": date(2025, 1, 1)}],
)
def test_the_database_refuses_grants_that_cannot_be(user, values):
    row = {"user": user(), "role": "R6", "valid_from": date(2026, 1, 1), "act": 1, **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(**row)


@pytest.mark.django_db
def test_the_database_keeps_one_running_grant_of_a_kind(user):
    who = user()
    RoleGrant.objects.create(user=who, role="R6", valid_from=date(2026, 1, 1), act=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=who, role="R6", valid_from=date(2026, 2, 1), act=2)


def test_the_table_of_rights_is_whole_and_says_what_the_model_says():
    assert set(TABLE) == {(role, data_class) for role in ROLES for data_class in CLASSES}
    assert right("R6", "D2").may("R")
    assert right("R6", "D2").scope == "own"
    assert not right("R5", "D2").may("R")
    assert right("R5", "D2").may("M")
    assert [role for role in ROLES if right(role, "D8").may("R")] == [
        "R1",
        "R11",
        "R15",
        "R16",
        "R17",
        "R19",
    ]
    readers_of_accusations = {role for role in ROLES if right(role, "D4").may("R")}
    assert readers_of_accusations == {"R1", "R2", "R5", "R6", "R7", "R8", "R9", "R11", "R18"}
    for role in ("R12", "R13", "R14", "R15", "R16", "R20"):
        assert not any(right(role, c).actions for c in ("D2", "D3", "D4", "D5"))
    assert right("R14", "D0").may("R")
    assert not right("R6", "D10").actions
    with pytest.raises(KeyError):
        right("R99", "D1")
