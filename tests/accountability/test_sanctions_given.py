"""Sanctions: which body gives them, on whom, and after what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.accountability.measures.queries import (
    influences_of,
    measures_of,
    read_file,
)
from dengwen.accountability.personnel.extracts import effects_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.management import (
    authority_over,
)
from tests.accountability.measuring import (
    LIGHT,
    SAID,
    SCOPE,
    circular,
    decide,
    found_here,
    official,
    opened,
    opened_bare,
    papers,
    rectified,
    refused,
    sanctioned,
    untouched,
)
from tests.world import World, at


@pytest.mark.sentence("S16.1")
def test_a_sanction_is_handed_to_the_competent_body_and_given_there(world: World) -> None:
    number = opened(world)
    with refused("sanction-apart") as error:
        decide(world, number, "gov_demerit", **LIGHT)
    assert "D60" in error.value.mend_zh
    assert "细则第十六条" in error.value.zh
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-10",
        to=world.organ("YJ09"),
        matter="sanction",
        texts={"suspected": "应当给予政务处分"},
    )
    assert papers(number) == ["D60"]
    other = sanctioned(world, "gov_demerit")
    assert papers(other) == ["D56"]
    with refused("no-authority"):
        sanctioned(world, "circular", **SCOPE, **rectified(world))


def test_a_sanction_says_that_no_other_body_gave_one_and_the_office_looks_by_itself(
    world: World,
) -> None:
    with refused("other-sanction-unsaid") as error:
        sanctioned(world, "gov_demerit", no_other_sanction=False)
    assert "政务处分法第十六条" in error.value.zh
    first = sanctioned(world, "gov_demerit")
    with refused("twice") as error:  # another file on the same situation, whatever is declared
        sanctioned(world, "gov_warning")
    assert first not in error.value.zh + error.value.en
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["gov_demerit"]


def test_a_party_sanction_is_for_a_member_of_the_party_and_that_is_said(world: World) -> None:
    with refused("membership-unsaid") as error:
        sanctioned(world, "party_warning", party_member="")
    assert error.value.where == "party_member"
    with refused("not-a-party-member") as error:
        sanctioned(world, "party_warning", party_member="no")
    assert "只适用于党员" in error.value.zh
    assert untouched()
    sanctioned(world, "gov_warning", party_member="no")  # a sanction of public officials fits


def correct_membership(world: World, number: str, **signed: int) -> None:
    """Put right what the opening of a file says of membership."""
    opening = Act.objects.get(case__number=number, act="open_own")
    given: dict[str, Any] = {"target": opening.pk, "field": "party_member", "new": "yes", **signed}
    texts = {"reason": "组织部门查明"}
    world.act("sanction-officer", "correct", number, on="2025-03-04", texts=texts, **given)


def test_what_was_said_of_membership_at_the_opening_holds_until_the_file_is_corrected(
    world: World,
) -> None:
    number = opened_bare(world, on="2025-03-04", by="sanction-officer", party_member="no")
    found_here(world, number)
    given: dict[str, Any] = {"who": "sanction-head", "by": "YJ09-Q", "party_member": "", **LIGHT}
    with refused("not-a-party-member"):
        decide(world, number, "party_warning", **given)
    with refused("membership-contradicted") as error:
        decide(world, number, "party_warning", **given | {"party_member": "yes"})
    assert error.value.where == "party_member"
    with pytest.raises(Refused):  # one alone
        correct_membership(world, number)
    correct_membership(world, number, second=official("YJ09-Q"))
    decide(world, number, "party_warning", **given | {"party_member": "yes"})
    assert read_file(Case.objects.get(number=number)).party_member == "yes"


def test_a_probation_within_the_party_is_decided_with_its_months(world: World) -> None:
    tried: tuple[dict[str, Any], ...] = ({}, {"months": 11}, {"months": 25})
    for months in tried:
        with refused("months-not-stated"):
            sanctioned(world, "party_probation", **months)
    sanctioned(world, "party_probation", months=12)
    (measure,) = measures_of(official("YJ02-Z"))
    assert measure.months == 12
    bars = [(one.first, one.last) for one in effects_of(measure, measure.decided)]
    whole = measure.decided.replace(year=measure.decided.year + 3) - timedelta(days=1)
    assert bars[-1][1] == whole  # a year of probation, then two more


def handed_over(world: World, number: str, to: str, on: str, matter: str, suspected: str) -> None:
    """Let the committee hand a matter over to another organ."""
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on=on,
        to=world.organ(to),
        matter=matter,
        texts={"suspected": suspected},
    )


def sees(world: World, username: str, number: str) -> bool:
    """Say whether an account gets through to a file on the day after it arrived."""
    day = date(2025, 3, 11)
    return find(viewer_of(world.office.users[username], day), day, number) is not None


def declined(world: World, who: str, number: str, decider: str) -> None:
    """Let somebody of the supervisory organ decline a file handed over."""
    world.act(
        who,
        "decline_handed",
        number,
        on="2025-03-12",
        texts={"reasons": "事实不清"},
        decider=official(decider),
    )


def test_what_is_handed_over_arrives_at_the_supervisory_organ_and_goes_on_apart(
    world: World,
) -> None:
    number = opened(world)
    handed_over(world, number, "YJ09", "2025-03-10", "sanction", "应当给予政务处分")
    arrived = Case.objects.get(kind="accountability", holder__code="YJ09")
    made = read_file(arrived)
    assert (arrived.state, made.official, made.from_office) == (
        "handed",
        official("YJ02-Z"),
        world.organ("YJW"),
    )
    assert world.duty(arrived.number, "open_handed").state == "open"
    assert Case.objects.get(number=number).state == "considering"
    for username, seen in (
        ("sanction-officer", True),
        ("committee", False),
        ("discipline", False),
        ("head", False),
    ):
        assert sees(world, username, arrived.number) == seen, username
    handed_over(world, number, "YJ02", "2025-03-11", "crime", "另案")
    files = Case.objects.filter(kind="accountability")
    assert files.count() == 2  # another body is written to on paper
    with pytest.raises(Refused):
        declined(world, "sanction-officer", arrived.number, "YJ09-G")
    declined(world, "sanction-head", arrived.number, "YJ09-Q")
    assert world.case(arrived.number).state == "not_opened"


def test_no_sanction_before_the_person_was_told_and_heard(world: World) -> None:
    with refused("not-complete") as error:
        sanctioned(world, "gov_demerit", find=False)
    assert "政务处分法第四十二条、第四十三条" in str(error.value)
    number = Case.objects.get(kind="accountability").number
    found_here(world, number)
    decide(world, number, "gov_demerit", who="sanction-head", by="YJ09-Q", **LIGHT)
    assert papers(number) == ["D56"]


def test_nobody_decides_alone_on_what_he_opened_or_heard(world: World) -> None:
    given: dict[str, Any] = {
        "subject_official": official("YJ02-Z"),
        "situations": ("S.11.2",),
        "unit": world.organ("YJ02"),
        "day_of_conduct": date(2025, 2, 3),
    }
    both = By(
        world.office.users["sanction-head"].pk, world.organ("YJ09"), frozenset({"head", "clerk"})
    )
    step = Step(act="open_own", kind="accountability", fields=given, texts={"facts": SAID["facts"]})
    number = perform(step, by=both, now=at("2025-03-04"), uid="alone/1").case
    found_here(world, number)
    given = {
        "decider": official("YJ09-Q"),
        "measures": ("gov_demerit",),
        "status": "civil_servant",
        **LIGHT,
    }
    none: dict[str, Any] = {"decider": official("YJ09-Q"), "ground": "not_shown"}
    for act, fields in (("decide", given), ("decide_none", none)):
        step = Step(
            act=act,
            case=number,
            fields=fields,
            texts=SAID if act == "decide" else {"reasons": "示例"},
        )
        with pytest.raises(Refused, match="another person"):
            perform(step, by=both, now=at("2025-04-01"), uid=f"alone/{act}")


@pytest.mark.case("E22")
def test_two_sanctions_for_two_acts_are_both_papers_and_the_longer_influence_counts(
    world: World,
) -> None:
    number = sanctioned(
        world, "gov_demerit", "gov_major_demerit", deeds=("gov_demerit=甲", "gov_major_demerit=乙")
    )
    assert papers(number) == ["D56", "D56"]
    effects = influences_of(measures_of(official("YJ02-Z")), rulebooks.library())
    assert max(e.last for e in effects if e.last) == date(2026, 9, 30)


@pytest.mark.case("E23")
def test_who_retired_gets_no_sanction_and_is_decided_on_by_whoever_manages_the_last_post(
    world: World,
) -> None:
    number = opened(world)
    registry = Organ.objects.get(code="YJ02").registry_case
    ended: dict[str, Any] = {"from": date(2025, 3, 10)}
    world.act(
        "admin",
        "relieve",
        registry,
        on="2025-03-10",
        official="YJ02-Z",
        post="YJ02-YJ02-Z",
        **ended,
    )
    authority = authority_over(Official.objects.get(code="YJ02-Z"), date(2025, 4, 1))
    assert (authority.left, authority.only and authority.only.code) == (True, "YJW")
    with refused("retired"):
        decide(world, number, "unit_demerit", **LIGHT)
    circular(world, number)
    assert papers(number) == ["D52"]
