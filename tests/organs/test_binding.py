"""Who is bound by which instrument, by edition."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases.scope_rules import bindings_on
from dengwen.organs.kinds import KINDS
from dengwen.organs.structure import applicability
from dengwen.organs.structure.applicability import Bound

BEFORE_SEED = date(2017, 5, 22)
IN_2018 = date(2018, 6, 1)
LAST_OF_R05 = date(2022, 4, 30)
IN_2023 = date(2023, 6, 1)
HERE, ELSEWHERE = "500153", "110105"
"""A place where the local rules hold, and one where they do not."""


def binding(kind: str, day: date, level: str = "county", place: str = HERE) -> tuple[Bound, ...]:
    return applicability.binding(bindings_on(day, place), kind, level)


def bound_by(kind: str, law: str, day: date, level: str = "county") -> Bound | None:
    return applicability.bound_by(bindings_on(day, HERE), kind, law, level)


def petitioner_binding(*, foreign: bool, day: date) -> Bound | None:
    return applicability.petitioner_binding(bindings_on(day, HERE), foreign=foreign)


@pytest.mark.case("B24")
@pytest.mark.parametrize(
    "kind", ["party_committee", "party_organ", "court", "congress", "procuratorate", "cppcc"]
)
def test_party_organs_and_courts_stood_outside_r05_and_are_bound_by_r22(kind):
    in_2018, in_2023 = bound_by(kind, "R05", IN_2018), bound_by(kind, "R22", IN_2023)
    assert in_2018 is not None
    assert in_2018.degree == "none"
    assert in_2018.article in {"2", "15"}
    assert in_2023 is not None
    assert (in_2023.degree, in_2023.article) == ("direct", "2")


@pytest.mark.case("B24")
def test_the_switch_is_the_first_of_may_2022():
    assert {b.instrument for b in binding("court", LAST_OF_R05)} == {"S", "R05"}
    assert {b.instrument for b in binding("court", date(2022, 5, 1))} == {"S", "R22"}


def test_a_local_rule_binds_nobody_outside_its_place():
    assert [b.instrument for b in binding("court", IN_2023, place=ELSEWHERE)] == ["R22"]
    assert [b.instrument for b in binding("court", IN_2018, place=ELSEWHERE)] == ["R05"]


@pytest.mark.case("F05")
def test_a_supervisory_organ_is_not_in_the_seed_but_bound_by_r22():
    degrees = {b.instrument: b.degree for b in binding("supervisory", IN_2023)}
    assert degrees == {"S": "none", "R22": "direct"}


@pytest.mark.case("B27")
def test_a_foreigner_is_handled_by_reference():
    foreign = petitioner_binding(foreign=True, day=IN_2023)
    citizen = petitioner_binding(foreign=False, day=IN_2023)
    assert foreign is not None
    assert citizen is not None
    assert (foreign.degree, foreign.article) == ("by_reference", "48")
    assert (citizen.degree, citizen.article) == ("direct", "17")
    assert petitioner_binding(foreign=True, day=LAST_OF_R05) is None


@pytest.mark.parametrize(
    ("kind", "degree"),
    [
        ("government_department", "direct"),
        ("discipline", "direct"),
        ("procuratorate", "direct"),
        ("dispatched", "applies"),
        ("direct_institution", "applies"),
        ("trade_union", "applies"),
        ("womens_federation", "applies"),
        ("state_enterprise", "by_reference"),
        ("other_institution", "none"),
        ("villagers_committee", "none"),
        ("private_body", "none"),
    ],
)
def test_the_seed_binds_in_three_degrees(kind, degree):
    bound = bound_by(kind, "S", IN_2018)
    assert bound is not None
    assert bound.degree == degree


def test_nothing_of_the_seed_before_its_day():
    assert bound_by("government", "S", BEFORE_SEED) is None
    assert bound_by("government", "S", date(2017, 5, 23)) is not None


def test_r05_reaches_departments_from_the_county_up():
    county, township = (
        bound_by("government_department", "R05", IN_2018),
        bound_by("government_department", "R05", IN_2018, "township"),
    )
    government = bound_by("government", "R05", IN_2018, "township")
    assert [bound and bound.degree for bound in (county, township, government)] == [
        "direct",
        "none",
        "direct",
    ]


def test_every_kind_has_an_answer_on_every_day():
    for kind in KINDS:
        for day, count in ((date(2004, 1, 1), 0), (BEFORE_SEED, 1), (IN_2018, 2), (IN_2023, 2)):
            assert len(binding(kind, day)) == count
    with pytest.raises(ValueError, match="level"):
        binding("government", IN_2018, "galaxy")
