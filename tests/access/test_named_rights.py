"""What each role is in the rules, where each class of data is sealed, and what may be read for
what: one by one, as the access model names them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dengwen.access.keys.sealed_values import Place
from dengwen.access.models import ReadLog
from dengwen.access.permission_matrix import right
from dengwen.access.read_log import Opening, open_logged, who_viewed
from dengwen.access.roles import ROLES, capacities

from .conftest import NOW

CHINESE = re.compile(r"[一-鿿]")
CAPACITIES_OF = {
    "R1": {"petitioner"},
    "R2": {"petitioner"},
    "R3": {"clerk"},
    "R4": {"clerk"},
    "R5": {"router"},
    "R6": {"handler"},
    "R7": {"head"},
    "R8": {"reviewer", "handler"},
    "R9": {"router"},
    "R10": {"router"},
    "R11": {"handler"},
    "R12": {"registrar", "personnel"},
    "R13": set(),
    "R14": {"registrar"},
    "R15": {"registrar"},
    "R16": {"auditor"},
    "R17": set(),
    "R18": set(),
    "R19": set(),
    "R20": set(),
}
NO_BUSINESS = {"R1", "R2", "R14", "R15", "R16", "R19", "R20"}


@pytest.mark.parametrize("code", CAPACITIES_OF)
def test_a_role_is_in_the_rules_what_the_access_model_says(code: str) -> None:
    role = ROLES[code]
    assert capacities(frozenset({code})) == CAPACITIES_OF[code]
    assert role.business is (code not in NO_BUSINESS)
    assert role.administers is (code in {"R14", "R15", "R16"})
    assert role.grantable is (code != "R20")
    assert CHINESE.search(role.zh)
    assert role.en
    assert not CHINESE.search(role.en)


def test_there_are_no_other_roles_and_no_two_of_a_name() -> None:
    assert set(ROLES) == set(CAPACITIES_OF)
    assert len({role.zh for role in ROLES.values()}) == len(ROLES)
    assert len({role.en for role in ROLES.values()}) == len(ROLES)


@pytest.mark.parametrize(
    ("data_class", "compartment"),
    [
        ("D2", "ident"),
        ("D3", "content"),
        ("D4", "accuse"),
        ("D5", "content"),
        ("D7", "account"),
        ("D1", None),
        ("D6", None),
    ],
)
def test_a_class_is_sealed_in_its_compartment(data_class: str, compartment: str | None) -> None:
    place = Place("table", "1", "body", data_class)
    if compartment is None:
        with pytest.raises(ValueError, match="is not sealed"):
            _ = place.compartment
        return
    assert place.compartment == compartment


PURPOSES = (
    *("own", "register", "route", "handle", "approve", "serve", "review", "supervise"),
    *("investigate", "account", "rights", "archive", "audit", "system"),
)


def test_every_purpose_is_taken_and_said_to_the_petitioner_in_words(user, organ) -> None:
    opening = Opening(
        at=NOW,
        user=user(),
        role="R6",
        organ=organ.pk,
        case_number="YJ01-2026-123456789-0",
        data_class="D2",
        fields=("name",),
        purpose="handle",
        request_id="req-1",
    )
    for purpose in PURPOSES:
        open_logged(replace(opening, purpose=purpose), lambda: None)
    assert {row.purpose for row in ReadLog.objects.all()} == set(PURPOSES)
    said = who_viewed(opening.case_number, "R17")
    words = {(seen.purpose_zh, seen.purpose_en) for seen in said}
    assert len(words) == len(said)
    assert all(CHINESE.search(zh) and en and not CHINESE.search(en) for zh, en in words)


@pytest.mark.parametrize(
    ("role", "data_class", "actions", "scope"),
    [
        ("R3", "D1", "CR", "counter"),
        ("R3", "D4", "C", "blind"),
        ("R6", "D2", "RM", "own"),
        ("R7", "D6", "A", "unit"),
        ("R11", "D4", "RW", "accuse"),
        ("R12", "D7", "R", "decided"),
        ("R16", "D8", "R", "all"),
        ("R19", "D1", "X", "audit"),
        ("R10", "D4", "", "count"),
        ("R20", "D3", "", ""),
    ],
)
def test_a_cell_of_the_table_stands_under_its_class(
    role: str, data_class: str, actions: str, scope: str
) -> None:
    found = right(role, data_class)
    assert (found.actions, found.scope) == (frozenset(actions), scope)
