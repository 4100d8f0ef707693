"""Who may send what to whom: what the registry says against a letter, a suggestion, a measure, a
report."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.organs.models import Organ
from dengwen.organs.structure.relations import own_level, supervised_by
from dengwen.oversight.errors import OversightError
from tests.world import ACCUSATION, CLAIM, World, at

DAY = "2025-06-03"
LETTER: dict[str, Any] = {"defect_ground": "delay", "reply_by": at("2025-06-13").date()}
WORDS = {"subject": "督办", "defect": "逾期未办结", "demand": "说明原因并办结"}
POLICY = {
    "subject": "建议",
    "policy_problem": "标准不一",
    "policy_evidence": "来信十件",
    "proposal": "统一标准",
}
GRAVE: dict[str, Any] = {"conduct": "delay", "serious": True}
PARTS = {
    "subject": "年度报告",
    "part_data": "来信十件",
    "part_handling": "督办两件",
    "part_suggestions": "提出一件",
}


def order(world: World, who: str = "router", to: str = "YJ02", **more: Any) -> str:
    return world.act(
        who, "order", kind="supervision", on=DAY, to=world.organ(to), texts=WORDS, **LETTER, **more
    ).case


def refused(code: str) -> Any:
    return pytest.raises(OversightError, check=lambda error: error.code == code)


def test_only_a_petition_department_orders_supervision(world: World) -> None:
    number = order(world)
    assert world.duty(number, "supervise_reply").holder_id == world.organ("YJ02")
    with refused("no-petition-office"):
        order(world, who="conference")


@pytest.mark.case("G05")
@pytest.mark.sentence("S5.3", "S5.4")
def test_a_vertical_system_is_supervised_by_the_office_above_in_the_system(world: World) -> None:
    registrar: dict[str, Any] = {"organ": "YJ03", "vertical_parent": "SZJ"}
    bureau = Organ.objects.get(code="YJ03")
    world.act("admin", "place", bureau.registry_case, on="2018-02-01", **registrar)
    from_day = at("2018-03-01").date()
    bureau.lines.filter(axis="territorial").update(valid_to=from_day)
    with refused("own-system"):
        order(world, to="YJ03")
    city = Organ.objects.get(code="SZJ")
    assert bureau.pk in supervised_by(city, at(DAY).date())
    assert bureau.pk not in supervised_by(Organ.objects.get(code="YJ01"), at(DAY).date())

    place: dict[str, Any] = {"reply_by": at("2025-06-13").date()}
    urge: dict[str, Any] = {"kind": "supervision", "on": DAY, "texts": WORDS}
    if Organ.objects.filter(code="SZJ", division_code__startswith="50").exists():
        number = world.act("reviewer", "urge", **urge, to=bureau.pk, **place).case
        assert world.duty(number, "supervise_reply").holder_id == bureau.pk
        with refused("not-own-system"):
            world.act("reviewer", "urge", **urge, to=world.organ("YJ04"), **place)


def test_a_letter_never_concerns_an_accusation_and_says_no_more_than_that_it_is_not_there(
    world: World,
) -> None:
    accusing = world.register(DAY)
    world.act("clerk", "classify", accusing, on=DAY, **ACCUSATION)
    with refused("no-matter") as hidden:
        order(world, about=accusing)
    with refused("no-matter") as missing:
        order(world, about="YJ01-2025-000000000-0")
    assert hidden.value.zh == missing.value.zh
    assert Case.objects.filter(kind="supervision").count() == 0


@pytest.mark.case("D09")
@pytest.mark.sentence("S6.7")
def test_a_policy_suggestion_goes_to_the_own_party_committee_and_government(world: World) -> None:
    to: dict[str, Any] = {"to": world.organ("YJW"), "government": world.organ("YJQ")}
    for wrong in (
        {"to": world.organ("YJ02")},
        {"government": world.organ("YJ02")},
        {"government": world.organ("SZF")},
    ):
        with refused("wrong-addressee"):
            world.act(
                "router", "make_policy", kind="suggestion", on=DAY, texts=POLICY, **{**to, **wrong}
            )
    number = world.act("router", "make_policy", kind="suggestion", on=DAY, texts=POLICY, **to).case
    assert {d.holder_id for d in Duty.objects.filter(case__number=number)} == set(to.values())


@pytest.mark.sentence("S6.8")
def test_nobody_named_in_a_suggestion_to_pursue_responsibility_can_see_it(world: World) -> None:
    texts = {
        "verified_facts": "云江区住房建设局四次交办未办",
        "responsible": "郑样例",
        "consequence": "损失扩大",
        "clause": "R22 40(3)",
    }
    number = world.act(
        "router",
        "propose_responsibility",
        kind="suggestion",
        on=DAY,
        to=world.organ("YJ09"),
        texts=texts,
        **GRAVE,
    ).case
    day, users = at(DAY).date(), world.office.users
    assert Case.objects.get(number=number).protected
    assert find(viewer_of(users["discipline"], day), day, number) is not None
    for username in ("head", "handler", "supervisor", "clerk"):
        assert find(viewer_of(users[username], day), day, number) is None


def test_an_answer_that_does_not_adopt_gives_reasons_and_supervision_learns_of_the_suggestion(
    world: World,
) -> None:
    supervision = order(world)
    texts = {"subject": "建议", "problem": "逾期多", "proposal": "专人盯办"}
    made = world.act(
        "router",
        "make",
        kind="suggestion",
        on=DAY,
        to=world.organ("YJ02"),
        about=supervision,
        texts=texts,
    ).case
    assert world.duty(supervision, "suggest_improvement").state == "closed"
    with refused("no-reasons"):
        world.act("handler", "answer", made, on=DAY, adopted="not")
    world.act("handler", "answer", made, on=DAY, adopted="not", texts={"reasons": "已有专人"})
    assert world.duty(made, "feedback").state == "closed"


def test_the_conference_measures_are_its_alone_and_close_what_was_referred(world: World) -> None:
    supervision = order(world)
    world.act(
        "router",
        "refer",
        supervision,
        on=DAY,
        conference=world.organ("YJL"),
        texts={"reasons": "多次督办不执行"},
    )
    talk: dict[str, Any] = {
        "kind": "conference",
        "on": DAY,
        "to": world.organ("YJ02"),
        "serious": True,
        "held_on": at(DAY).date(),
        "about": supervision,
        "texts": {"subject": "约谈", "problem": "长期逾期", "talk_record": "作出承诺"},
    }
    with refused("no-conference"):
        world.act("router", "talk", **talk)
    world.act("conference", "talk", **talk)
    assert world.duty(supervision, "conference_take_up").state == "closed"
    with refused("not-referred"):
        world.act("conference", "talk", **talk)


def test_the_conference_decides_only_disputes_that_were_referred_to_it(world: World) -> None:
    number = world.register(DAY, who="handler", office="organ")
    world.act("handler", "classify", number, on=DAY, **CLAIM)
    meeting = world.act(
        "conference",
        "convene",
        kind="conference",
        on=DAY,
        held_on=at(DAY).date(),
        attended=(world.organ("YJ02"), world.organ("YJ03")),
        texts={"subject": "争议", "agenda": "两局争议"},
    ).case
    decide: dict[str, Any] = {
        "on": DAY,
        "dispute": number,
        "to": world.organ("YJ03"),
        "texts": {"reasons": "职权内"},
    }
    with refused("no-dispute"):
        world.act("conference", "decide_competence", meeting, **decide)
    world.act(
        "handler",
        "refer_dispute",
        number,
        on=DAY,
        superior=world.organ("YJL"),
        other=world.organ("YJ03"),
        texts={"reasons": "各执一词"},
    )
    world.act("conference", "decide_competence", meeting, **decide)
    assert Act.objects.filter(
        case__number=number, act="decide_dispute", organ=world.organ("YJL")
    ).exists()
    assert world.case(number).state == "forwarded"


@pytest.mark.case("D03", "D04")
@pytest.mark.sentence("S6.1")
def test_the_annual_report_names_three_addressees_and_no_person(world: World) -> None:
    report: dict[str, Any] = {
        "kind": "annual_report",
        "on": "2026-01-12",
        "year": 2025,
        "position": 9,
        "figures": "ab",
    }
    for name in ("郑样例", "Zheng 郑样例 的问题"):
        with refused("names-a-person"):
            world.act("router", "prepare", **report, texts={**PARTS, "part_other": name})
    number = world.act("router", "prepare", **report, texts=PARTS).case
    addressed = {"committee": "YJW", "government": "YJQ", "upper": "SXF"}
    to: dict[str, Any] = {name: world.organ(code) for name, code in addressed.items()}
    for field, wrong in (("committee", "YJ02"), ("government", "SZF"), ("upper", "YJ01")):
        with refused("wrong-addressee"):
            world.act(
                "router", "submit", number, on="2026-01-13", **{**to, field: world.organ(wrong)}
            )
    world.act("router", "submit", number, on="2026-01-13", **to)
    assert world.case(number).state == "submitted"


def test_the_district_knows_its_own_level(world: World) -> None:
    known = own_level(Organ.objects.get(code="YJ01"), at(DAY).date())
    assert [o.code if o else None for o in (known.committee, known.government, known.upper)] == [
        "YJW",
        "YJQ",
        "SXF",
    ]
