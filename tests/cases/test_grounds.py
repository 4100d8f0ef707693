"""What ends or moves a matter stands on its own ground: the case named, the office that acts,
the organ it goes to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Act, Duty
from dengwen.cases.write.check import Refused
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.models import Member
from tests.world import ACCUSATION, CLAIM, World

DAY = "2025-03-05"
LITIGATION: dict[str, Any] = {"class": "claim", "path": "31(1)"}
REFUSAL: dict[str, Any] = {"ground": "19(3)", "texts": {"reasons": "示例", "where_to_go": "示例"}}


def codes(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    """Return the codes of a refusal; every reason cites its rule in both languages."""
    assert all(r.basis is not None and r.zh and r.en for r in caught.value.reasons)
    return {r.code for r in caught.value.reasons}


def letter(world: World, **fields: Any) -> str:
    """Register a claim at the petition department."""
    number = world.register("2025-03-05", **fields)
    world.act("clerk", "classify", number, on=DAY, **CLAIM)
    return number


@pytest.mark.case("B17")
def test_a_repeat_is_attached_only_to_a_matter_that_is_being_handled(world: World) -> None:
    running = world.to_accepted("2025-03-03")
    ended = letter(world, channel="visit", persons=1)
    world.act("clerk", "withdraw", ended, on=DAY)
    repeat = letter(world)
    for other, code in ((repeat, "same-case"), ("YJ01-2025-1", "no-case"), (ended, "not-running")):
        with pytest.raises(Refused) as caught:
            world.act("clerk", "attach_repeat", repeat, on=DAY, running=other)
        assert codes(caught) == {code}
    assert world.case(repeat).state == "registered"
    world.act("clerk", "attach_repeat", repeat, on=DAY, running=running)
    assert world.case(repeat).state == "attached"


def test_a_case_nobody_may_know_of_is_no_case(world: World) -> None:
    """Hidden and missing give the same answer: an accusation of the bureau, and a number that
    never was."""
    accusation = world.register("2025-03-03")
    world.act("clerk", "classify", accusation, on="2025-03-03", **ACCUSATION)
    answers = []
    for other in (accusation, "YJ01-2025-000000000-0"):
        own = world.register("2025-03-05", who="handler", office="organ")
        texts = {"procedure": "并入在办件，继续办理"}
        with pytest.raises(Refused) as caught:
            world.act("handler", "attach_repeat", own, on=DAY, running=other, texts=texts)
        answers.append([r.zh.replace(other, "") for r in caught.value.reasons])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 1


@pytest.mark.case("B17")
def test_only_a_superior_does_not_accept_what_is_being_handled_below(world: World) -> None:
    running = world.to_accepted("2025-03-03")
    named: tuple[dict[str, Any], ...] = ({}, {"running": "YJ01-2025-1"})
    for fields in named:
        with pytest.raises(Refused) as caught:
            world.act("clerk", "refuse", letter(world), on=DAY, **REFUSAL, **fields)
        assert codes(caught) <= {"missing-field", "no-case"}
    own = world.register("2025-03-05", who="handler", office="organ")
    world.act("handler", "classify", own, on=DAY, **CLAIM)
    with pytest.raises(Refused) as caught:  # the bureau itself handles it: a repeat
        world.act("handler", "refuse", own, on=DAY, running=running, **REFUSAL)
    assert codes(caught) == {"no-superior"}
    above = letter(world)
    world.act("clerk", "refuse", above, on=DAY, running=running, **REFUSAL)
    assert world.case(above).state == "refused"


@pytest.mark.case("B19")
def test_a_visitor_is_guided_back_only_where_a_level_was_skipped(world: World) -> None:
    here = world.register("2025-03-05", channel="visit", persons=1)
    for organ in ("YJ01", "YJ02", "SZJ"):
        with pytest.raises(Refused) as caught:
            world.act(
                "clerk", "guide_back", here, on=DAY, organ=world.organ(organ), no_accusation=True
            )
        assert codes(caught) & {"own-organ", "not-skipped"}, organ
    above = world.register("2025-03-05", who="city-router", channel="visit", persons=1)
    world.act(
        "city-router", "guide_back", above, on=DAY, organ=world.organ("YJ02"), no_accusation=True
    )
    assert world.case(above).state == "guided"


@pytest.mark.case("C13")
def test_a_petition_department_is_no_competent_organ_however_it_says(world: World) -> None:
    with pytest.raises(Refused) as caught:
        world.register("2025-03-03", office="organ")
    assert codes(caught) == {"wrong-office"}
    sent = world.register("2025-03-03", who="city-router")
    world.act("city-router", "classify", sent, on="2025-03-03", **CLAIM)
    world.act("city-router", "forward", sent, on="2025-03-03", to=world.organ("YJ01"))
    with pytest.raises(Refused) as caught:
        world.act("clerk", "receive", sent, on="2025-03-04")
    assert codes(caught) == {"wrong-office"}
    world.act("clerk", "receive_onward", sent, on="2025-03-04")
    with pytest.raises(Refused) as caught:
        world.act("clerk", "accept", sent, on="2025-03-04", texts={"procedure": "示例"})
    assert "wrong-office" in codes(caught)
    assert not Duty.objects.filter(case__number=sent, rule="handle").exists()


@pytest.mark.case("C13")
def test_a_bureau_cannot_pose_as_a_petition_department(world: World) -> None:
    with pytest.raises(Refused) as caught:
        world.register("2025-03-03", who="handler", office="petition_office")
    assert codes(caught) == {"wrong-office"}
    assert not Act.objects.filter(act="register").exists()
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    with pytest.raises(Refused) as caught:
        world.act("handler", "receive_onward", number, on="2025-03-04")
    assert codes(caught) == {"wrong-office"}


@pytest.mark.case("C13")
def test_nobody_forwards_to_himself(world: World) -> None:
    number = letter(world)
    with pytest.raises(Refused) as caught:
        world.act("router", "forward", number, on=DAY, to=world.organ("YJ01"))
    assert codes(caught) == {"own-organ"}


@pytest.mark.case("B02")
def test_litigation_goes_to_a_politics_and_law_organ_of_the_same_level(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **LITIGATION)
    for organ in ("YJ02", "YJQ", "SZF"):
        with pytest.raises(Refused) as caught:
            world.act(
                "router", "forward_litigation", number, on="2025-03-04", to=world.organ(organ)
            )
        assert codes(caught) == {"not-politics-law"}
    world.act("router", "forward_litigation", number, on="2025-03-04", to=world.organ("YJF"))
    assert world.case(number).state == "referred_out"


def test_sending_down_stays_in_the_own_system(world: World) -> None:
    """R22 23(1): to a subordinate organ; a sibling and the organ above are none."""
    number = world.register("2025-03-03", who="reviewer", office="organ")
    world.act("reviewer", "classify", number, on="2025-03-03", **CLAIM)
    for organ in ("YJ03", "SZF"):
        with pytest.raises(Refused) as caught:
            world.act("reviewer", "pass_on", number, on="2025-03-04", to=world.organ(organ))
        assert codes(caught) == {"not-below"}
    world.act("reviewer", "pass_on", number, on="2025-03-04", to=world.organ("YJ02"))
    assert world.case(number).state == "forwarded"


@pytest.mark.case("B24")
@pytest.mark.parametrize(
    ("year", "organ", "owed"), [(2019, "YJ09", 0), (2019, "YJ02", 1), (2023, "YJ02", 1)]
)
def test_the_regulation_of_2005_did_not_bind_a_party_organ(
    world: World, year: int, organ: str, owed: int
) -> None:
    who = {"YJ09": "sanction-officer", "YJ02": "handler"}[organ]
    number = world.register(f"{year}-03-04", who=who, office="organ")
    assert Duty.objects.filter(case__number=number, rule="direct_notice").count() == owed
    sent = world.register(f"{year}-03-04")
    left: dict[str, Any] = {"class_left": True} if year > 2022 else {}
    world.act("router", "forward", sent, on=f"{year}-03-04", to=world.organ(organ), **left)
    world.act(who, "receive", sent, on=f"{year}-03-05")
    assert Duty.objects.filter(case__number=sent, rule="notify_transferred").count() == owed


def test_a_discipline_organ_tells_by_rules_of_its_own_since_2022(world: World) -> None:
    """R22 23(4): no fifteen days; sent directly or passed on makes no difference."""
    direct = world.register("2023-03-06", who="sanction-officer", office="organ")
    sent = world.register("2023-03-06")
    to = world.organ("YJ09")
    world.act("router", "forward", sent, on="2023-03-06", to=to, class_left=True)
    world.act("sanction-officer", "receive", sent, on="2023-03-07")
    for number in (direct, sent):
        owed = Duty.objects.filter(case__number=number, rule__contains="notice")
        assert [(d.rule, d.due) for d in owed] == [("own_notice", None)]
        assert not Duty.objects.filter(case__number=number, rule="notify_transferred").exists()


@pytest.mark.parametrize("said", [True, False])
def test_whose_rules_hold_is_read_from_the_registry(world: World, said: bool) -> None:
    for who, rule in (("handler", "direct_notice"), ("sanction-officer", "own_notice")):
        number = world.register("2025-03-03", who=who, office="organ", own_notice_rules=said)
        assert Duty.objects.filter(case__number=number, rule__contains="notice").get().rule == rule


@pytest.mark.case("B24")
def test_the_registry_says_who_is_bound_not_the_caller(world: World) -> None:
    number = world.register("2019-03-04", who="handler", office="organ", unbound=True)
    assert "unbound" not in Act.objects.get(case__number=number).data
    assert Duty.objects.filter(case__number=number, rule="direct_notice").exists()


@pytest.mark.case("B05")
@pytest.mark.case("C13")
@pytest.mark.parametrize("path", ["31(1)", "31(2)", "31(3)", "31(4)", "31(5)"])
def test_a_petition_department_leads_no_claim_into_a_path(world: World, path: str) -> None:
    number = world.register("2025-03-03")
    claim: dict[str, Any] = {"class": "claim", "path": path}
    world.act("clerk", "classify", number, on="2025-03-03", **claim)
    with pytest.raises(Refused) as refused:
        world.act(
            "clerk", "notify_path", number, on="2025-03-04", texts={"procedure": "申请行政复议"}
        )
    assert {"wrong-office", "facts"} <= {reason.code for reason in refused.value.reasons}
    assert all(reason.zh and reason.en and reason.basis for reason in refused.value.reasons)
    assert any(
        "转送" in reason.remedy_zh and "forwards" in reason.remedy_en
        for reason in refused.value.reasons
    )
    assert (world.case(number).state, world.duty(number, "sort").state) == ("registered", "open")


@pytest.mark.parametrize("claimed", [False, True])
def test_a_reply_of_the_past_ends_no_matter_that_is_being_handled(
    world: World, claimed: bool
) -> None:
    live = letter(world)
    with pytest.raises(Refused) as caught:
        world.act(
            "clerk",
            "import_reply",
            live,
            on=DAY,
            step={"imported": claimed},
            replied_on=date(2025, 3, 5),
        )
    assert "history-only" in codes(caught)
    assert world.case(live).state == "registered"


@pytest.mark.case("B13")
def test_a_dispute_is_not_laid_before_one_of_its_parties(world: World) -> None:
    number = world.register("2025-03-03", who="handler", office="organ")
    other = world.organ("YJ03")
    asked: dict[str, Any] = {"other": other, "texts": {"reasons": "各执一词"}}
    with pytest.raises(PetitionError, match="争议的一方不能决定争议"):
        world.act("handler", "refer_dispute", number, on=DAY, superior=other, **asked)
    with pytest.raises(Refused):
        world.act("handler", "refer_dispute", number, on=DAY, superior=world.organ("YJ02"), **asked)
    assert world.case(number).state == "registered"
    world.act("handler", "refer_dispute", number, on=DAY, superior=world.organ("YJL"), **asked)
    assert world.case(number).state == "disputed"


@pytest.mark.case("B17")
def test_what_somebody_else_raises_is_no_repeat(world: World) -> None:
    running = world.to_accepted("2025-03-03")
    texts = {"subject": "屋面渗水", "content": "屋面渗水多年，请求修复。", "petitioner": "赵样例"}
    given: dict[str, Any] = {"channel": "letter", "office": "petition_office"}
    other = world.act("clerk", "register", kind="petition", on=DAY, texts=texts, **given).case
    with pytest.raises(Exception, match="不是重复件") as caught:
        world.act("clerk", "attach_repeat", other, on=DAY, running=running)
    assert getattr(caught.value, "code", "") == "another-petitioner"
    assert world.case(other).state == "registered"
    world.act("clerk", "attach_repeat", letter(world), on=DAY, running=running)


@pytest.mark.case("B17")
def test_a_hidden_name_is_told_to_nobody_who_attaches(world: World) -> None:
    """The refusal would say whether a guessed name is right: it is not asked there."""
    running = world.register("2025-03-03", identity="hidden")
    texts = {"subject": "屋面渗水", "content": "屋面渗水多年，请求修复。", "petitioner": "赵样例"}
    given: dict[str, Any] = {"channel": "letter", "office": "petition_office"}
    other = world.act("clerk", "register", kind="petition", on=DAY, texts=texts, **given).case
    world.act("clerk", "attach_repeat", other, on=DAY, running=running)
    assert world.case(other).state == "attached"


@pytest.mark.case("B17")
def test_nobody_asks_a_hidden_name_by_attaching_the_own_case(world: World) -> None:
    """Also not of the case that is attached, and as its facts stand, not as it was registered."""
    running = world.to_accepted("2025-03-03")
    texts = {"subject": "屋面渗水", "content": "屋面渗水多年，请求修复。", "petitioner": "赵样例"}
    given: dict[str, Any] = {"channel": "letter", "office": "petition_office"}
    register = {"kind": "petition", "on": DAY, "texts": texts, **given}
    hidden = world.act("clerk", "register", identity="hidden", **register).case
    world.act("clerk", "attach_repeat", hidden, on=DAY, running=running)
    assert world.case(hidden).state == "attached"
    later = world.act("clerk", "register", identity="open", **register).case
    target = Act.objects.get(case__number=later, act="register").pk
    said: dict[str, Any] = {"target": target, "field": "identity", "new": "hidden"}
    reason = {"reason": "登记时漏录"}
    world.act("clerk", "correct", later, on=DAY, texts=reason, **said)
    world.act("clerk", "attach_repeat", later, on=DAY, running=running)
    assert world.case(later).state == "attached"


@pytest.mark.case("B17")
def test_a_joint_letter_is_no_repeat_for_one_common_member(world: World) -> None:
    """The others were never told and never answered in the running case."""
    running = world.to_accepted("2025-03-03")
    joint = letter(world)
    Member.objects.create(case=world.case(joint), place=2, name_index="another", act=1)
    with pytest.raises(PetitionError, match="不是重复件"):
        world.act("clerk", "attach_repeat", joint, on=DAY, running=running)
    assert world.case(joint).state == "registered"
    Member.objects.create(case=world.case(running), place=2, name_index="another", act=1)
    world.act("clerk", "attach_repeat", joint, on=DAY, running=running)
