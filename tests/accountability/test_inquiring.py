"""Who may investigate, and how an inquiry ends; everything refused on the way with its rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from dengwen.cases.models import Case as CaseRow
from dengwen.cases.models import Party
from dengwen.law.duties.step import Step
from tests.accountability.inquiries import (
    UNIT,
    late_matter,
    official,
    opened,
    ready,
    refused,
    registered,
)
from tests.world import PAPER, World


# --- investigators --------------------------------------------------------------------------------
def test_nothing_is_done_before_two_investigators_are_named_and_by_nobody_else(
    world: World,
) -> None:
    matter, breach = late_matter(world)
    case = opened(world, investigators=1)
    with refused("too-few", "政务处分法第四十二条"):
        case.pin(matter, breach)
    case.act("name_investigator", official=official("YJ01-S"), declared="none")
    case.pin(matter, breach)
    with refused("not-an-investigator", "第四十二条"):
        case.act("pin_evidence", "sealed", texts={"shows": "x"}, disclose="open")


def test_a_conflict_declared_or_found_keeps_somebody_out(world: World) -> None:
    case = opened(world, investigators=0)
    with refused("conflict", "第四十七条"):
        case.act("name_investigator", official=official("YJ01-Z"), declared="kin")
    with refused("not-ours", "第十七条"):
        case.act("name_investigator", official=official("YJ02-W"), declared="none")
    registered(
        world,
        Step(
            act="found_post",
            fields={
                "organ": UNIT,
                "code": "YJ02-OLD",
                "leading": "staff",
                "from": date(2021, 1, 4),
            },
            texts={"title_zh": "科员"},
        ),
        Step(
            act="appoint",
            fields={"official": "YJ01-S", "post": "YJ02-OLD", "from": date(2021, 1, 4)},
        ),
        on="2021-01-04",
    )
    with refused("conflict", "第四十七条"):
        case.act("name_investigator", official=official("YJ01-S"), declared="none")


def test_whoever_recused_from_the_matter_does_not_investigate_it(world: World) -> None:
    matter, breach = late_matter(world)
    reasons = {"reasons": "近亲属"}
    world.act(
        "handler", "recuse", matter, on="2025-05-05", official=official("YJ01-Q"), texts=reasons
    )
    world.act(
        "head",
        "decide_recusal",
        matter,
        on="2025-05-05",
        official=official("YJ01-Q"),
        decision="recuse",
    )
    case = opened(world)
    case.pin(matter, breach)
    with refused("conflict", "第四十七条"):
        case.act("name_investigator", official=official("YJ01-Q"), declared="none")
    case.act("name_investigator", official=official("YJ01-J"), declared="none")


def test_the_person_concerned_may_ask_for_recusal_and_nobody_keeps_himself_in(world: World) -> None:
    case = opened(world)
    with refused("not-concerned"):
        case.act("ask_recusal", "handler2", texts={"ground": "x"}, official=official("YJ01-S"))
    case.act(
        "ask_recusal", "handler", texts={"ground": "与我有经济往来"}, official=official("YJ01-S")
    )
    with refused("own-recusal", "第四十七条"):
        case.act(
            "recuse_investigator",
            "router",
            texts={"reasons": "没有"},
            official=official("YJ01-S"),
            decision="stay",
        )
    case.act(
        "recuse_investigator",
        texts={"reasons": "属实"},
        official=official("YJ01-S"),
        decision="recuse",
    )
    with refused("too-few"):
        case.act("add_person", texts={"reasons": "x"}, official=official("YJ02-W"))
    with refused("conflict"):  # recused is recused
        case.act("name_investigator", official=official("YJ01-S"), declared="none")
    assert Party.objects.filter(
        case__number=case.number, role="recused", official_id=official("YJ01-S")
    ).exists()


def test_with_too_few_the_next_higher_office_takes_over_and_names_its_own(world: World) -> None:
    case = opened(world)
    with refused("not-higher", "第四十七条"):
        case.act("hand_up", texts={"reasons": "人手不足"}, to=world.organ("YJ03"))
    case.act("hand_up", texts={"reasons": "人手不足"}, to=world.organ("SZF"))
    case.act("take_over", "rechecker")
    assert (case.made.holder, case.made.investigators) == (world.organ("SZF"), {})
    assert not Party.objects.filter(
        case__number=case.number, role="investigator", until__isnull=True
    ).exists()


def test_an_organ_does_not_inquire_into_itself(world: World) -> None:
    with refused("own-inquiry", "第四十七条"):
        opened(world, unit=world.organ("YJ01"))


# --- the end --------------------------------------------------------------------------------------
def test_what_may_be_an_offence_is_handed_over_sealed_and_the_inquiry_goes_on(world: World) -> None:
    case, _board, _deed = ready(world)
    with refused("wrong-body", "第十二条第二款"):
        case.act(
            "hand_over", texts={"grounds": "涉嫌收受"}, to=world.organ("YJ03"), nature="duty_crime"
        )
    case.act(
        "hand_over", texts={"grounds": "涉嫌收受"}, to=world.organ("YJ09"), nature="duty_crime"
    )
    assert world.case(case.number).state == "opened"
    content = world.case(case.number).contents.get(act__act="hand_over")
    assert (content.sealed, content.compartment, content.data_class) == (True, "account", "D7")


def test_a_single_rating_cannot_be_pinned_for_nobody_rated_may_ever_see_one(world: World) -> None:
    number = world.to_accepted("2025-01-06")
    opinion = {
        "claim": "修复屋面",
        "facts_reasons": "经查属实。",
        "opinion": "予以修复。",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", number, on="2025-02-10", texts=opinion, outcome="support")
    world.act("checker", "check", number, on="2025-02-11")
    world.act("head", "sign", number, on="2025-02-12")
    served: dict[str, Any] = {"way": "direct", "proof": PAPER}
    world.act("handler", "serve", number, on="2025-02-13", texts={"witness": "王示例"}, **served)
    rating = CaseRow.objects.get(kind="evaluation").number
    case, _board, _deed = ready(world)
    with refused("not-there"):
        case.pin(rating, 1, "评价说没有人联系过")
