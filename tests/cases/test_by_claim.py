"""What a late entry opens, moves or ends is by claim: said in the case, the assessment, the leads;
and a petitioner's own act rests on the petitioner's paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.accountability.finders.deadlines import not_handled
from dengwen.accountability.finders.material import Material
from dengwen.assessment.facts import deadline_facts
from dengwen.assessment.facts.duty_facts import Draw
from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Duty
from dengwen.cases.read.case_history import history
from dengwen.cases.read.case_view import explanations, read_file
from dengwen.cases.read.waiting_proposals import changes
from dengwen.cases.write import proposal_doors
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.world import CLAIM, PAPER, World, at

DUE, LONGER = date(2025, 5, 6), date(2025, 6, 3)
TOLD: dict[str, Any] = {"texts": {"reason": "需委托检测（示例）"}, "told_petitioner": True}
AGREED: dict[str, Any] = {
    "both_parties_agree": True,
    "lawful_terms": True,
    "paper_kind": "settlement",
}
TERMS = {"parties_text": "示例", "terms": "示例"}


def rests(world: World, second: str = "YJ02-W") -> dict[str, Any]:
    """Return what a late entry rests on."""
    return {"late_reason": "停电（示例）", "paper": PAPER, "second": world.official(second)}


def extend(world: World, number: str, on: str, entered: str = "") -> None:
    """Extend by thirty days, entered on the day or later."""
    step = rests(world) if entered else None
    world.act("head", "extend", number, on=on, entered=entered, days=30, step=step, **TOLD)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def said(number: str, on: str) -> str:
    """Return all notes of the history of a case."""
    file = read_file(Act.objects.filter(case__number=number).first().case, at(on))  # type: ignore[union-attr]  # it was just made
    return "\n".join(entry.note for entry in history(file, "zh", str))


# --- what is marked -------------------------------------------------------------------------------
def test_a_day_moved_late_before_it_is_by_claim_and_the_original_stays_shown(world: World) -> None:
    number = world.to_accepted()
    extend(world, number, "2025-04-20", "2025-04-30")
    duty = world.duty(number, "handle")
    assert (duty.due, duty.original_due, duty.by_claim) == (LONGER, DUE, True)
    assert "原到期日 2025-05-06" in said(number, "2025-04-30")
    assert "只凭事后主张" in said(number, "2025-04-30")
    file = read_file(world.case(number), at("2025-04-30"))
    shown = [how for duty, how in explanations(file, LONGER, "zh") if duty.rule.id == "handle"]
    assert "原到期日 2025-05-06" in shown[0].claims
    assert list(replay.check()) == []


def test_a_day_moved_on_time_is_no_claim(world: World) -> None:
    number = world.to_accepted()
    extend(world, number, "2025-04-20")
    assert not Duty.objects.filter(case__number=number, by_claim=True).exists()
    assert "主张" not in said(number, "2025-04-20")


def test_what_is_opened_late_is_by_claim(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-03")
    texts = {"procedure": "信访程序", "contact": "李样本 0000-0000000"}
    more: dict[str, Any] = {"texts": texts, "step": rests(world, "YJ02-Z")}
    world.act("handler", "accept", number, on="2025-03-04", entered="2025-03-10", **more)
    duty = world.duty(number, "handle")
    assert (duty.opened_on, duty.by_claim) == (date(2025, 3, 4), True)
    closed = world.duty(number, "notify_transferred")
    assert (closed.state, closed.by_claim, closed.breach_id) == ("closed", True, None)
    assert list(replay.check()) == []


@pytest.mark.parametrize(("entered", "late"), [("2025-03-03", False), ("2025-03-04", True)])
def test_a_day_corrected_at_once_is_no_claim_though_it_takes_two(
    world: World, entered: str, late: bool
) -> None:
    number = world.register("2025-03-03")
    target = Act.objects.get(case__number=number, act="register").pk
    fields: dict[str, Any] = {"target": target, "field": "received_on", "new": "2025-03-01"}
    step = Step(act="correct", case=number, fields=fields, texts={"reason": "抄错"}, paper=PAPER)
    now = at(entered) + timedelta(minutes=5)
    waits = proposal_doors.propose(step, by=world.by("clerk"), now=now, uid="p/received")
    row = Act.objects.get(pk=waits.acts[-1].act_id)
    shown = changes(read_file(row.case, now), step, row, now, "zh")
    assert any("只凭事后主张" in one.after for one in shown) is late
    world.approve(waits, world.official("YJ01-S"))
    assert world.duty(number, "sort").start == date(2025, 3, 1)
    assert Duty.objects.filter(case__number=number, by_claim=True).exists() is late
    assert list(replay.check()) == []


@pytest.mark.parametrize("swept", [False, True])
def test_what_is_withdrawn_afterwards_stays_missed_in_the_assessment(
    world: World, swept: bool
) -> None:
    number = world.to_accepted()
    if swept:
        sweep(now=at("2025-05-07"))
    step = rests(world, "YJ02-Z")
    world.act("handler", "withdraw", number, on="2025-05-05", entered="2025-05-20", step=step)
    sweep(now=at("2025-05-21"))
    duty = world.duty(number, "handle")
    assert (duty.state, duty.by_claim, duty.breach_id is not None) == ("void", True, True)
    assert concluded(number) == ("missed", "timely")
    assert list(replay.check()) == []


def test_a_late_correction_of_a_day_is_by_claim(world: World) -> None:
    number = world.to_accepted()
    target = Act.objects.get(case__number=number, act="accept").pk
    more: dict[str, Any] = {"texts": {"reason": "抄错"}, "step": {"paper": PAPER}}
    more |= {"second": world.official("YJ02-Z"), "field": "occurred_at", "new": "2025-03-10"}
    world.act("handler", "correct", number, on="2025-04-01", target=target, **more)
    duty = world.duty(number, "handle")
    assert (duty.by_claim, duty.original_due) == (True, DUE)
    assert not world.duty(number, "sort").by_claim
    assert list(replay.check()) == []


def test_nobody_marks_an_act_or_leaves_the_mark_out(world: World) -> None:
    """The mark is the door's: a caller can neither set it nor forget it."""
    number = world.to_accepted()
    step = {"late_entry": True}
    world.act("head", "extend", number, on="2025-04-20", days=10, step=step, **TOLD)
    assert "late_entry" not in Act.objects.get(case__number=number, act="extend").data
    assert not world.duty(number, "handle").by_claim


# --- the assessment and the leads -----------------------------------------------------------------
def concluded(number: str) -> tuple[str, str]:
    """Return the outcome of the handling as an assessment draws it, and how it was entered."""
    sequencer.tick(now=at("2025-12-31"))
    draw = Draw(date(2025, 1, 1), date(2025, 12, 31), newest_position())
    rule = next(one for one in deadline_facts.TIMED if one.rule == "handle")
    case = Act.objects.filter(case__number=number).values_list("case_id", flat=True)[0]
    facts = [fact for fact in deadline_facts.timed(draw, rule) if fact.case == case]
    return facts[0].outcome, facts[0].entered


def finish(world: World, number: str, on: str) -> None:
    """Settle a matter on a day."""
    world.act("handler", "settle", number, on=on, texts=TERMS, **AGREED)


@pytest.mark.parametrize(
    ("entered", "done", "how"),
    [
        ("2025-04-30", "2025-05-20", "late"),
        ("2025-04-30", "2025-05-06", "timely"),
        ("", "2025-05-20", "timely"),
    ],
    ids=["by the claim alone", "in time without it", "lengthened on its day"],
)
def test_an_assessor_sees_that_an_answer_in_time_rests_on_a_claim(
    world: World, entered: str, done: str, how: str
) -> None:
    number = world.to_accepted()
    extend(world, number, "2025-04-20", entered)
    finish(world, number, done)
    assert world.duty(number, "handle").timeliness == "in_time"
    assert concluded(number) == ("in_time", how)


@pytest.mark.parametrize("entered", ["2025-04-30", ""], ids=["late", "on its day"])
def test_a_lead_shows_what_rests_on_a_claim(world: World, entered: str) -> None:
    number = world.to_accepted()
    extend(world, number, "2025-04-20", entered)
    sweep(now=at("2025-06-04"))
    finish(world, number, "2025-06-20")
    case = world.case(number).pk
    seen = [one for one in not_handled(Material(at("2025-07-01"))) if case in one.cases]
    assert len(seen) == 1
    assert any("只凭事后主张" in proof.zh for proof in seen[0].evidence) is bool(entered)


# --- the petitioner's paper -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "act", "field", "more"),
    [
        ("handler", "withdraw", "withdrawal_paper", {}),
        ("handler", "settle", "agreement_paper", {"texts": TERMS, **AGREED}),
    ],
)
def test_an_office_enters_a_petitioners_own_act_with_their_paper_alone(
    world: World, who: str, act: str, field: str, more: dict[str, Any]
) -> None:
    number = world.to_accepted()
    asked: dict[str, Any] = {**more, "on": "2025-03-10"}
    papers: list[dict[str, Any]] = [{field: ""}, {field: "no digest"}, {field: PAPER}]
    with pytest.raises(Refused) as refused:
        world.act(who, act, number, **asked, **papers[0])
    reason = next(one for one in refused.value.reasons if one.code == "own-paper")
    assert (reason.field, bool(reason.zh and reason.en and reason.remedy_zh)) == (field, True)
    with pytest.raises(Refused):
        world.act(who, act, number, **asked, **papers[1])
    assert Act.objects.filter(case__number=number, act=act).count() == 0
    world.act(who, act, number, **asked, **papers[2])
    assert Act.objects.get(case__number=number, act=act).data[field] == PAPER


def test_the_paper_of_a_late_entry_is_not_the_petitioners_paper(world: World) -> None:
    number = world.to_accepted()
    step = Step(
        act="withdraw",
        case=number,
        occurred_at=at("2025-05-05"),
        late_reason="停电（示例）",
        paper=PAPER,
    )
    with pytest.raises(Refused) as refused:
        proposal_doors.propose(step, by=world.by("handler"), now=at("2025-05-20"), uid="p")
    assert "own-paper" in codes(refused)


def test_the_petitioner_needs_none_and_nobody_with_an_account_passes_for_one(
    world: World,
) -> None:
    number = world.to_accepted()
    step = Step(act="withdraw", case=number)
    clerk = world.by("clerk")
    forged = By(clerk.user, clerk.organ, clerk.capacities | {"petitioner"})
    with pytest.raises(Refused) as refused:
        perform(step, by=forged, now=at("2025-03-10"), uid="forged")
    assert codes(refused) == {"own-paper"}
    own = By(None, None, frozenset({"petitioner"}))
    perform(step, by=own, now=at("2025-03-10"), uid="own")
    assert world.case(number).state == "withdrawn"


# --- other days than that of the act --------------------------------------------------------------
@pytest.mark.parametrize(("received", "late"), [("2025-03-10", False), ("2025-03-09", True)])
def test_a_day_said_in_a_field_is_a_late_entry_where_a_duty_runs_from_it(
    world: World, received: str, late: bool
) -> None:
    number = world.register("2025-03-03", who="city-router")
    world.act("city-router", "classify", number, on="2025-03-03", **CLAIM)
    world.act("city-router", "forward", number, on="2025-03-03", to=world.organ("YJ01"))
    asked: dict[str, Any] = {"on": "2025-03-10", "received_on": date.fromisoformat(received)}
    if not late:
        world.act("clerk", "receive_onward", number, **asked)
        assert not world.duty(number, "sort").by_claim
        return
    with pytest.raises(Refused) as refused:
        world.act("clerk", "receive_onward", number, **asked)
    assert codes(refused) == {"late-entry", "second-person"}
    world.act("clerk", "receive_onward", number, **asked, step=rests(world, "YJ01-S"))
    duty = world.duty(number, "sort")
    assert (duty.start, duty.by_claim) == (date(2025, 3, 9), True)
    assert list(replay.check()) == []
