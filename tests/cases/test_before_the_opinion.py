"""What must come before an act, at the write door: hearing before the opinion, a look before
sending on unclassified, the proposal before an urgent matter is passed on, three working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from tests.world import ACCUSATION, CLAIM, World, at

DRAFT = {
    "claim": "修复",
    "facts_reasons": "属实",
    "opinion": "支持",
    "legal_basis": "示例条例第一条",
}
HEARD = {"said": "屋面渗水多年，请求修复"}
SIMPLE: dict[str, Any] = {"first_time": True, "clear": True, "not_complex": True, "not_joint": True}


def codes(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in caught.value.reasons}


@pytest.fixture
def checked(world: World) -> str:
    """An opinion drafted and checked, and nobody was heard."""
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=DRAFT)
    world.act("checker", "check", number, on="2025-03-11")
    return number


def sign(world: World, number: str, on: str = "2025-03-12") -> None:
    """Issue the opinion as the head would, with what was shown."""
    fields = {"shown": newest_digest(number, "sign", at(on))}
    step = Step(act="sign", case=number, fields=fields)
    perform(step, by=world.by("head"), now=at(on), uid=f"sign/{number}/{on}")


@pytest.mark.parametrize("how", ["phone", "not_reached"])
def test_nobody_issues_an_opinion_before_the_petitioner_was_heard(
    world: World, checked: str, how: str
) -> None:
    with pytest.raises(Refused) as caught:
        sign(world, checked)
    assert codes(caught) == {"duty-open"}
    reason = caught.value.reasons[0]
    assert "听取信访人陈述事实和理由" in reason.zh
    assert "把经过记在这一步里" in reason.remedy_zh
    assert "record how it was tried" in reason.remedy_en
    world.act("handler", "hear_petitioner", checked, on="2025-03-12", how=how, texts=HEARD)
    sign(world, checked, "2025-03-13")
    assert world.case(checked).state == "decided"
    assert world.duty(checked, "hear_petitioner").state == "closed"


@pytest.mark.parametrize(
    ("who", "fields", "texts", "code"),
    [
        ("clerk", {"how": "phone"}, HEARD, "organ"),
        ("handler", {"how": "phone"}, {}, "missing-field"),
        ("handler", {"how": "not_reached"}, {}, "missing-field"),
        ("handler", {"how": "telepathy"}, HEARD, "field-option"),
        ("handler", {}, HEARD, "missing-field"),
    ],
)
def test_hearing_is_the_holders_and_says_what_was_said(
    world: World, checked: str, who: str, fields: dict[str, Any], texts: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        world.act(who, "hear_petitioner", checked, on="2025-03-12", texts=texts, **fields)
    assert code in codes(caught)
    with pytest.raises(Refused, match="听取信访人陈述"):
        sign(world, checked)


def test_a_hearing_of_days_to_come_is_none(world: World, checked: str) -> None:
    fields: dict[str, Any] = {"how": "phone"}
    day = at("2025-03-20")
    step = Step(act="hear_petitioner", case=checked, fields=fields, texts=HEARD, occurred_at=day)
    with pytest.raises(Refused):
        perform(step, by=world.by("handler"), now=at("2025-03-12"), uid="early")
    with pytest.raises(Refused, match="听取信访人陈述"):
        sign(world, checked)


@pytest.mark.parametrize("said", [{}, {"class_left": False}])
def test_nothing_is_sent_on_unclassified_and_unseen(world: World, said: dict[str, Any]) -> None:
    ours = world.register("2025-03-03")
    own = world.register("2025-03-03", who="reviewer", office="organ")
    to: dict[str, Any] = {"to": world.organ("YJ02")}
    dated = {"deadline": at("2025-04-30").date()}
    for who, number, act, fields in (
        ("router", ours, "forward", to | said),
        ("router", ours, "assign", to | dated | said),
        ("reviewer", own, "pass_on", to | said),
        ("reviewer", own, "inform", {"organ": world.organ("YJ02")}),
    ):
        step = Step(act=act, case=number, fields=fields)
        with pytest.raises(Refused) as caught:
            perform(step, by=world.by(who), now=at("2025-03-04"), uid=f"unseen/{act}")
        assert "must-be" in codes(caught)


def test_whoever_receives_it_classifies_it(world: World) -> None:
    number = world.register("2025-03-03")
    to = world.organ("YJ02")
    world.act("router", "forward", number, on="2025-03-04", to=to, class_left=True)
    world.act("handler", "receive", number, on="2025-03-05")
    assert world.duty(number, "classify_left").state == "open"
    assert world.duty(number, "classify_left").holder_id == to
    world.act("handler", "classify", number, on="2025-03-06", **CLAIM)
    assert world.duty(number, "classify_left").state == "closed"


def test_an_accusation_is_never_left_open(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **ACCUSATION)
    with pytest.raises(Refused):
        world.act(
            "router", "forward", number, on="2025-03-04", to=world.organ("YJ02"), class_left=True
        )
    assert not Act.objects.filter(case__number=number, act="forward").exists()


def test_an_urgent_matter_is_put_to_party_committee_and_government_first(world: World) -> None:
    number = world.register("2025-03-03", urgent=True)
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    with pytest.raises(Refused) as caught:
        world.act("router", "forward", number, on="2025-03-04", to=world.organ("YJ02"))
    assert codes(caught) == {"duty-open"}
    texts = {"facts_risk": "人数较多", "proposal": "当日到场处理"}
    world.act("router", "report_urgent", number, on="2025-03-04", texts=texts)
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ02"))
    assert world.duty(number, "propose_urgent").state == "closed"


def test_simplified_handling_is_not_chosen_after_its_three_working_days(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")
    with pytest.raises(Refused) as caught:
        world.act("handler", "choose_simple", number, on="2025-03-10", **SIMPLE)
    assert codes(caught) == {"too-late"}
    assert "2025-03-07" in caught.value.reasons[0].zh
    world.act("handler", "choose_simple", number, on="2025-03-07", **SIMPLE)
    assert str(world.duty(number, "simple_accept").due) == "2025-03-07"


def test_an_opinion_is_claimed_for_no_day_before_the_hearing(world: World) -> None:
    """Heard on the fifth, signed “on the second”: nobody was heard by then."""
    number = world.to_accepted("2025-03-12")
    world.act("handler", "draft", number, on="2025-04-10", outcome="support", texts=DRAFT)
    world.act("checker", "check", number, on="2025-04-11")
    world.act("handler", "hear_petitioner", number, on="2025-05-05", how="phone", texts=HEARD)
    early = refused_late(world, number, "2025-05-02")
    assert "duty-open" in early
    assert "2025-05-05才了结，2025-05-02尚未了结" in early["duty-open"]
    assert "duty-open" not in refused_late(world, number, "2025-05-05")


def refused_late(world: World, number: str, claimed: str) -> dict[str, str]:
    """Try to issue the opinion for a day that has passed; return why that cannot be."""
    now = at("2025-06-10")
    fields = {"shown": newest_digest(number, "sign", now, date.fromisoformat(claimed), {})}
    late: dict[str, Any] = {"late_reason": "停电（示例）", "paper": "ab" * 32}
    step = Step(act="sign", case=number, fields=fields, occurred_at=at(claimed), **late)
    with pytest.raises(Refused) as caught:
        perform(step, by=world.by("head"), now=now, uid=f"late/{claimed}")
    return {reason.code: reason.zh for reason in caught.value.reasons}
