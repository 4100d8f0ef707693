"""The next higher organ, the common superior, who continues the powers, who may be competent."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.organs.models import Organ
from dengwen.organs.structure.jurisdiction import (
    candidates,
    common_superior,
    continues,
    next_higher,
)
from dengwen.organs.structure.lines import divisions_above

IN_2024 = date(2024, 3, 1)


@pytest.mark.sentence("P9.9")
@pytest.mark.case("B25")
def test_the_top_of_a_city_needs_a_human_decision(city):
    answer = next_higher(city["SF"], "review", IN_2024)
    assert answer.needs_decision
    assert answer.article == "R22 35"
    assert answer.organ is None


@pytest.mark.sentence("P5.8", "P9.2")
@pytest.mark.case("B26")
def test_a_county_bureau_has_two_organs_above_and_the_rule_does_not_choose(city, enter):
    answer = next_higher(city["JJ"], "review", IN_2024)
    assert answer.needs_decision
    assert {(organ.code, axis) for organ, axis in answer.proposals} == {
        ("JF", "territorial"),
        ("SJ", "vertical"),
    }
    enter(
        "set_superior",
        IN_2024,
        organ="JJ",
        purpose="review",
        superior="JF",
        basis="BJ 48",
        decision=77,
    )
    decided = next_higher(city["JJ"], "review", IN_2024)
    assert decided.organ == city["JF"]
    assert decided.row is not None
    assert (decided.row.decision_act, decided.article) == (77, "BJ 48")
    assert next_higher(city["JJ"], "recheck", IN_2024).article == "R22 36"
    assert next_higher(city["JJ"], "review", date(2024, 2, 29)).needs_decision


def test_a_purpose_outside_the_list_is_refused(city):
    with pytest.raises(ValueError, match="purpose"):
        next_higher(city["JJ"], "appeal", IN_2024)


@pytest.mark.sentence("P5.1")
@pytest.mark.case("B13")
def test_the_common_superior_decides(city):
    ruling = common_superior(city["JJ"], city["YJ"], IN_2024)
    assert (ruling.by, ruling.organ, ruling.article) == ("superior", city["SJ"], "R22 24(1)")
    ruling = common_superior(city["JM"], city["YM"], IN_2024)
    assert ruling.organ == city["SF"]
    ruling = common_superior(city["JM"], city["JJ"], IN_2024)
    assert ruling.organ == city["JF"]


@pytest.mark.sentence("P5.3")
@pytest.mark.case("B13")
def test_without_a_common_superior_the_joint_conference_coordinates(city, found):
    school = found("XX", "国属示例大学", kind="other_institution", division="9901")
    assert common_superior(school, city["JM"], IN_2024).by == "undecided"
    found(
        "JL",
        "甲区信访工作联席会议",
        kind="joint_conference",
        division="9901",
        joint_conference=True,
    )
    ruling = common_superior(school, city["JM"], IN_2024)
    assert ruling.by == "joint_conference"
    assert ruling.organ is not None
    assert ruling.organ.code == "JL"


def test_two_equally_near_superiors_leave_it_to_people(city, enter, found):
    found("J1", "甲区一站", territorial_parent="JF", vertical_parent="SJ", division="9901")
    found("J2", "甲区二站", territorial_parent="JF", vertical_parent="SJ", division="9901")
    one, two = (Organ.objects.get(code=code) for code in ("J1", "J2"))
    ruling = common_superior(one, two, IN_2024)
    assert ruling.by == "undecided"
    assert {organ.code for organ in ruling.proposals} == {"JF", "SJ"}
    for code in ("J1", "J2"):
        enter(
            "set_superior", IN_2024, organ=code, purpose="dispute", superior="JF", basis="R22 24(1)"
        )
    assert common_superior(one, two, IN_2024).organ == city["JF"]


@pytest.mark.sentence("P5.5")
@pytest.mark.case("B12")
def test_an_abolished_organ_without_heir_goes_to_its_own_level(city, enter):
    enter("abolish", date(2024, 1, 1), organ="JM")
    gone = Organ.objects.get(code="JM")
    answer = continues(gone, IN_2024)
    assert answer.organ is None
    assert answer.article == "R22 24(2)"
    assert [organ.code for organ in answer.deciders] == ["JW", "JF"]
    enter("designate", date(2024, 2, 1), organ="JM", into="JJ")
    assert continues(gone, IN_2024).organ == city["JJ"]
    assert continues(gone, date(2023, 12, 31)).organ == gone


def test_a_superior_in_dispute_with_its_own_unit_goes_one_higher(city):
    assert common_superior(city["JF"], city["JM"], IN_2024).organ == city["SF"]


@pytest.mark.sentence("P5.4")
@pytest.mark.case("B12")
def test_powers_pass_through_as_many_mergers_as_there_were(city, enter):
    enter("merge", date(2023, 1, 1), organ="JM", into="JJ", texts={"powers": "民政职责"})
    enter("merge", date(2024, 1, 1), organ="JJ", into="SJ")
    assert continues(Organ.objects.get(code="JM"), date(2023, 6, 1)).organ == city["JJ"]
    assert continues(Organ.objects.get(code="JM"), IN_2024).organ == city["SJ"]


@pytest.mark.sentence("P5.5")
@pytest.mark.case("B12")
def test_a_split_with_two_heirs_is_unclear(city, enter):
    enter(
        "split",
        date(2024, 1, 1),
        organ="JM",
        into=("JJ", "YM"),
        ends=True,
        texts={"powers": "救助归甲"},
    )
    answer = continues(Organ.objects.get(code="JM"), IN_2024)
    assert answer.organ is None
    assert {row.to.code for row in answer.heirs if row.to} == {"JJ", "YM"}
    assert "职责不清" in answer.zh
    enter("designate", date(2024, 3, 1), organ="JM", into="YM")
    assert continues(Organ.objects.get(code="JM"), IN_2024).organ == city["YM"]
    assert continues(Organ.objects.get(code="JM"), date(2024, 2, 29)).organ is None


@pytest.mark.sentence("P3.3", "P5.6", "P5.7")
@pytest.mark.case("B15")
def test_the_place_of_the_matter_leads_and_the_residence_assists(city, enter):
    for organ, place in (("JJ", "9901"), ("YJ", "9902"), ("SJ", "99")):
        enter("set_competence", organ=organ, category="01", division=place)
    enter("set_competence", organ="JF", category="*", division="9901")
    found = candidates("01.03", "990101", IN_2024, residence=["9902"])
    assert [(c.organ.code, c.part) for c in found] == [
        ("JJ", "main"),
        ("JF", "main"),
        ("SJ", "main"),
        ("YJ", "assist"),
    ]
    assert all("问题发生地" in c.zh for c in found if c.part == "main")
    assert candidates("02", "990101", IN_2024)[0].organ == city["JF"]
    assert "JJ" not in [
        c.organ.code for c in candidates("01", "9901", IN_2024, exclude={city["JJ"].pk})
    ]
    assert candidates("010", "9902", IN_2024) == ()


def test_competence_ends_on_its_day(city, enter):
    enter("set_competence", organ="JJ", category="01")
    enter("set_competence", date(2024, 1, 1), organ="JJ", category="01", ends=True)
    assert [c.organ.code for c in candidates("01", "9901", date(2023, 12, 31))] == ["JJ"]
    assert candidates("01", "9901", date(2024, 1, 1)) == ()


def test_the_places_around_a_place_follow_the_day(places):
    assert divisions_above("990101", date(2025, 11, 5)) == ("990101", "9901", "99")
    assert divisions_above("990301", date(2025, 11, 6)) == ("990301", "9903", "99")
    assert divisions_above("990101", date(2025, 11, 6)) == ("990101",)
