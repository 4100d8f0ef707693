"""Another measure of a list that the text leaves open (等): named, reasoned, approved by a second
head, and asked all that a listed one is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.measures.another_measure import approved_fairly
from dengwen.accountability.measures.appeal_effects import lighter
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import measures_in, measures_of, read_file
from dengwen.accountability.personnel.notification import measure_words
from dengwen.cases.models import Act, Case, Document, Duty
from dengwen.cases.write.check import Refused, needs_second
from dengwen.cases.write.perform import By, Performed
from dengwen.cases.write.proposal_doors import approve, propose
from dengwen.law.duties.step import Facts, Step
from tests.accountability.measuring import (
    GRAVE,
    GRAVEST,
    LIGHT,
    SAID,
    decide,
    official,
    opened,
    opened_bare,
    opened_on_organ,
    rectified,
    refused,
    serve,
    untouched,
)
from tests.world import World, at

NAME = "调离信访岗位"
WHY = "五项组织处理都过重，信访岗位不宜再任"
ON = "2025-04-01"


def another(measure: str = "other_treatment", **more: Any) -> dict[str, Any]:
    """What a decision says of another measure."""
    said = {"other_measure": NAME, "other_takes_post": "no"}
    return {"measures": (measure,), **said, **more}


def put(world: World, number: str, texts: dict[str, str] | None = None, **fields: Any) -> Performed:
    """Let the deputy secretary put a decision before a second head."""
    world.count += 1
    given: dict[str, Any] = {
        "decider": official("YJW-S"),
        "status": "civil_servant",
        **rectified(world),
        **fields,
    }
    said = SAID | {"other_reasons": WHY} | (texts or {})
    step = Step(act="decide", case=number, fields=given, texts=said)
    return propose(step, by=world.by("decider"), now=at(ON), uid=f"t/put/{world.count}")


def head(world: World, who: str = "committee", organ: str = "YJW") -> By:
    """Return somebody of the committee as another head of it."""
    return By(world.office.users[who].pk, world.organ(organ), frozenset({"head"}))


def approved(world: World, waits: Performed, by: By | None = None) -> Performed:
    """Let another head approve what waits."""
    world.count += 1
    row = Act.objects.get(pk=waits.acts[-1].act_id)
    by = by or head(world)
    return approve(
        waits.case, row.pk, row.content, by=by, now=at(ON), uid=f"t/approve/{world.count}"
    )


@pytest.mark.sentence("S12.1")
def test_another_measure_on_an_organ_waits_for_a_second_head_and_is_then_decided(
    world: World,
) -> None:
    number = opened_on_organ(world)
    with pytest.raises(Refused) as refusal:
        decide(
            world,
            number,
            texts={"other_reasons": WHY},
            **another("other_organ_measure", other_measure="责令公开道歉") | rectified(world),
        )
    assert [needs_second(reason) for reason in refusal.value.reasons] == [True]
    waits = put(world, number, **another("other_organ_measure", other_measure="责令公开道歉"))
    assert measures_in(read_file(Case.objects.get(number=number))) == []
    approved(world, waits)
    (one,) = measures_in(read_file(Case.objects.get(number=number)))
    rule = one.rule(rules_for(date(2025, 4, 1), one.place))
    assert rule is not None
    assert (one.measure, one.said, rule.zh) == (
        "other_organ_measure",
        "责令公开道歉",
        "责令公开道歉",
    )
    paper = Act.objects.get(case__number=number, act="issue_other_measure")
    assert paper.data["approved_by"] == official("YJW-F")
    assert paper.data["appeal_route"] == "没有见到申诉途径"
    assert Document.objects.filter(case__number=number, rule="other_measure_decision").count() == 1
    assert Act.objects.get(case__number=number, act="decide").data["second"] == official("YJW-F")
    assert not Duty.objects.filter(case__number=number, by_claim=True).exists()


@pytest.mark.sentence("S15.2")
def test_another_treatment_needs_the_rung_of_article_15(world: World) -> None:
    number = opened(world)
    for gravity in (LIGHT, GRAVE):
        with refused("rung-closed"):
            put(world, number, **another(), **gravity)
    approved(world, put(world, number, **another(), **GRAVEST))
    (one,) = measures_of(official("YJ02-Z"))
    assert (one.measure, one.said) == ("other_treatment", NAME)
    assert NAME in measure_words(one, date(2025, 4, 1))


def test_no_heavier_gravity_is_stated_for_another_measure_than_was_found(world: World) -> None:
    number = opened(world, gravity=GRAVE)
    with refused("heavier-than-found"):
        put(world, number, **another(), **GRAVEST)
    assert untouched()


@pytest.mark.parametrize(
    "name",
    [
        "警告",
        "内部“诫 勉”谈话",
        "政务记大过",
        "留党察看一年",
        "Demotion",
        "书面检查",
        "约谈",
        "ＤＥＭＯＴＩＯＮ",
    ],
)
def test_a_listed_measure_under_other_words_is_no_other_measure(world: World, name: str) -> None:
    number = opened(world)
    with refused("listed-measure") as error:
        put(world, number, **another(other_measure=name), **GRAVEST)
    assert "第十五条" in error.value.zh
    assert untouched()


@pytest.mark.parametrize(
    ("fields", "texts", "code"),
    [
        ({"other_measure": "……"}, {}, "other-measure-bare"),
        ({"other_measure": ""}, {}, "other-measure-bare"),
        ({}, {"other_reasons": "。"}, "other-measure-bare"),
        ({"other_takes_post": None}, {}, "removes-unsaid"),
        ({"elected": True, "other_takes_post": "yes"}, {}, "removes-otherwise"),
        ({"other_measure": "解除领导职务", "other_takes_post": "yes"}, {}, "removes-otherwise"),
        ({"measures": ("other_organ_measure",)}, {}, "wrong-subject"),
        ({"measures": ("other_treatment", "other_organ_measure")}, {}, "other-measure-alone"),
        ({"measures": ("removal",)}, {}, "other-measure-alone"),
    ],
)
def test_what_is_said_of_another_measure_is_whole(
    world: World, fields: dict[str, Any], texts: dict[str, str], code: str
) -> None:
    number = opened(world)
    given = {k: v for k, v in (another() | fields).items() if v is not None}
    with refused(code):
        put(world, number, texts, **given, **GRAVEST)
    assert untouched()


@pytest.mark.parametrize(
    ("name", "takes", "code"),
    [
        ("调整领导班子成员职务", "yes", "removes-otherwise"),
        ("调整领导班子成员职务", None, "removes-unsaid"),
        ("取消　综合性荣誉称号资格", "no", "listed-honours"),
        ("Loss of Comprehensive Honours", "no", "listed-honours"),
    ],
)
def test_an_organ_measure_takes_no_post_and_no_honours(
    world: World, name: str, takes: str | None, code: str
) -> None:
    number = opened_on_organ(world)
    given = another("other_organ_measure", other_measure=name, other_takes_post=takes)
    said = {field: value for field, value in given.items() if value is not None}
    with refused(code):
        put(world, number, **said)
    assert untouched()


def test_an_unknown_name_needs_its_list_and_a_list_needs_its_name(world: World) -> None:
    number = opened(world)
    with refused("other-measure-alone"):  # named, but among no list
        put(world, number, **another("whatever"), **GRAVEST)
    with refused("other-measure-bare"):  # nobody approved it, and nothing is said of it
        decide(world, number, "other_treatment", other_takes_post="no", **GRAVEST)
    assert untouched()


def test_only_another_head_of_the_organ_approves(world: World) -> None:
    number = opened(world)
    waits = put(world, number, **another(), **GRAVEST)
    own = head(world, "decider")
    clerk = world.by("committee")
    elsewhere = head(world, "head", "YJ02")
    for by in (own, clerk, elsewhere):
        with pytest.raises(Refused):
            approved(world, waits, by)
    assert untouched()
    approved(world, waits)
    assert not untouched()
    with pytest.raises(Refused):  # twice
        approved(world, waits)


def test_whoever_prepared_the_file_is_concerned_or_elsewhere_does_not_approve_it(
    world: World,
) -> None:
    number = opened_bare(world)
    case = Case.objects.get(number=number)
    facts = Facts(
        act_id=0,
        act_uid="",
        case_id=case.pk,
        case=number,
        organ=world.organ("YJW"),
        actor=None,
        day=date(2025, 4, 1),
        recorded_at=at(ON),
    )
    file = read_file(case)
    approved_fairly(file, None, official("YJW-S"), facts)
    for who in (official("YJW-F"), official("YJ02-Z"), official("YJ09-Q"), 0):
        with refused("approver-not-fit") as error:
            approved_fairly(file, None, who, facts)
        assert "批准的人" in error.value.zh


def test_an_official_of_another_organ_does_not_approve_under_this_one(world: World) -> None:
    number = opened(world)
    waits = put(world, number, **another(), **GRAVEST)
    with pytest.raises(Refused):
        approved(world, waits, head(world, "sanction-head"))
    assert untouched()


def test_another_measure_is_appealed_by_the_way_of_its_kind_and_never_made_worse(
    world: World,
) -> None:
    number = opened(world)
    approved(world, put(world, number, **another(), **GRAVEST))
    serve(world, number)
    told = Act.objects.filter(case__number=number, act="tell_appeal")
    assert {act.data["route"] for act in told} == {"ot21"}
    rules = rules_for(date(2025, 4, 1), "500199")
    assert lighter(rules, "admonition", "other_treatment", date(2025, 4, 1))
    for heavier in ("removal", "suspension", "other_treatment", "gov_warning"):
        assert not lighter(rules, heavier, "other_treatment", date(2025, 4, 1))


def test_the_same_other_measure_is_not_decided_twice(world: World) -> None:
    number = opened(world)
    approved(world, put(world, number, **another(), **GRAVEST))
    serve(world, number)
    again = opened(world, on="2025-03-03")
    with refused("twice"):
        put(world, again, **another(other_measure="调离　信访岗位"), **GRAVEST)
