"""At the door: what takes two waits until another person approves it from the own account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dengwen.access.models import RoleGrant, User
from dengwen.cases import replay
from dengwen.cases.models import Act, Content, Duty, Party
from dengwen.cases.write import proposal_doors
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.second_person import MOST_WAITING, Overtaken
from dengwen.law.duties.proposal import APPROVE, OVERTAKE, PROPOSE, REFUSE, WITHDRAW
from dengwen.law.duties.step import Step
from tests.world import CLAIM, PAPER, World, at

LONGER = date(2025, 6, 3)
DUE = date(2025, 5, 6)
ENTERED = "2025-04-30"
REASON = {"reason": "需委托检测（示例）"}


def extension(world: World, number: str, **more: Any) -> Step:
    """Return an extension claimed ten days before it is entered."""
    given: dict[str, Any] = {
        "act": "extend",
        "case": number,
        "fields": {"days": 30, "told_petitioner": True},
        "texts": REASON,
        "occurred_at": at("2025-04-20"),
        "late_reason": "停电期间纸质办理（示例）",
        "paper": PAPER,
    }
    return Step(**{**given, **more})


def propose(world: World, step: Step, who: str = "head", uid: str = "p", on: str = ENTERED) -> Act:
    """Let somebody put a step before a second person; return the proposal."""
    done = proposal_doors.propose(step, by=world.by(who), now=at(on), uid=uid)
    return Act.objects.get(pk=done.acts[0].act_id)


def approve(
    world: World,
    row: Act,
    who: str | By = "checker",
    on: str = ENTERED,
    uid: str = "a",
    seen: str = "",
) -> Performed:
    """Let somebody approve a proposal as it lies there."""
    by = who if isinstance(who, By) else world.by(who)
    number = row.case.number
    return proposal_doors.approve(number, row.pk, seen or row.content, by=by, now=at(on), uid=uid)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def acts(number: str) -> list[str]:
    return list(
        Act.objects.filter(case__number=number).order_by("seq").values_list("act", flat=True)
    )


@pytest.fixture
def number(world: World) -> str:
    """A matter accepted on 2025-03-03: sixty days, to 2025-05-06."""
    return world.to_accepted()


def test_a_proposal_waits_and_changes_nothing(world: World, number: str) -> None:
    before = list(Duty.objects.filter(case__number=number).values())
    state = world.case(number).state
    row = propose(world, extension(world, number))
    assert list(Duty.objects.filter(case__number=number).values()) == before
    assert world.case(number).state == state
    assert (row.act, row.data) == (PROPOSE, {"of": "extend", "papers": [PAPER]})
    assert "需委托检测" not in str(row.data)
    assert list(replay.check()) == []


def test_it_counts_from_its_approval_in_the_name_of_whoever_proposed_it(
    world: World, number: str
) -> None:
    row = propose(world, extension(world, number))
    done = approve(world, row, on="2025-05-02")
    assert [one.act for one in done.acts] == [APPROVE, "extend"]
    act = Act.objects.get(pk=done.acts[1].act_id)
    assert act.actor == world.office.users["head"].pk
    assert (act.capacity, act.recorded_at) == ("head", at("2025-05-02"))
    assert act.occurred_at == at("2025-04-20")
    assert act.data["second"] == world.office.users["checker"].official_id
    assert Act.objects.get(pk=done.acts[0].act_id).actor == world.office.users["checker"].pk
    assert world.duty(number, "handle").due == LONGER
    assert list(replay.check()) == []


def test_what_is_approved_after_the_last_day_is_a_claim_whenever_it_was_proposed(
    world: World, number: str
) -> None:
    row = propose(world, extension(world, number), on="2025-05-06")
    approve(world, row, on="2025-05-07")
    assert world.duty(number, "handle").due == DUE


def test_a_typed_name_is_no_signature(world: World, number: str) -> None:
    official = world.office.users["checker"].official_id
    typed = extension(world, number, second=official)
    with pytest.raises(Refused) as refused:
        perform(typed, by=world.by("head"), now=at(ENTERED), uid="typed")
    assert codes(refused) == {"second-person"}
    target = Act.objects.get(case__number=number, act="accept").pk
    fields: dict[str, Any] = {"target": target, "field": "occurred_at", "new": "2025-03-04"}
    fields["second"] = official
    corrected = Step(act="correct", case=number, fields=fields, texts={"reason": "抄错"})
    with pytest.raises(Refused) as refused:
        perform(corrected, by=world.by("handler"), now=at("2025-03-05"), uid="typed-too")
    assert "second-person" in codes(refused)
    noted = Step(act="note", case=number, texts={"text": "备注"}, second=official)
    with pytest.raises(Refused) as refused:
        perform(noted, by=world.by("handler"), now=at("2025-03-05"), uid="typed-note")
    assert codes(refused) == {"second-person"}
    assert "extend" not in acts(number)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("head", "second-person"),
        ("clerk", "no-case"),
        ("auditor", "no-case"),
        ("reviewer", "no-case"),
    ],
)
def test_who_may_not_approve(world: World, number: str, who: str, code: str) -> None:
    """Not whoever proposed it; nobody of another organ, to whom the case may not even be known."""
    row = propose(world, extension(world, number))
    for decide in (APPROVE, REFUSE):
        texts = {"why": "不同意"} if decide == REFUSE else {}
        fields: dict[str, Any] = {"proposal": row.pk}
        fields |= {"seen": row.content} if decide == APPROVE else {}
        step = Step(act=decide, case=number, fields=fields, texts=texts)
        with pytest.raises(Refused) as refused:
            perform(step, by=world.by(who), now=at(ENTERED), uid=f"{who}/{decide}")
        assert code in codes(refused)
    assert "extend" not in acts(number)


def test_a_second_account_of_the_same_person_is_no_second_person(world: World, number: str) -> None:
    head = world.office.users["head"]
    row = propose(world, extension(world, number))
    other = world.office.users["checker"]
    User.objects.filter(pk=other.pk).update(official=None)
    User.objects.filter(pk=head.pk).update(official=None)
    assert approve(world, row).case == number  # two people without an entry in the registry


def test_nobody_approves_for_another_organ_or_without_a_right_in_it(
    world: World, number: str
) -> None:
    row = propose(world, extension(world, number))
    checker = world.by("checker")
    with pytest.raises(Refused) as refused:
        approve(world, row, By(checker.user, checker.organ, frozenset({"personnel"})))
    assert codes(refused) == {"capacity"}
    with pytest.raises(Refused):
        approve(world, row, By(checker.user, world.organ("YJ01"), checker.capacities), uid="b")
    with pytest.raises(Refused):
        approve(world, row, By(None, checker.organ, checker.capacities), uid="c")
    with pytest.raises(Refused):
        approve(world, row, By.system(), uid="d")
    assert "extend" not in acts(number)


def test_whoever_stands_behind_the_wall_learns_of_no_proposal(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    Party.objects.create(
        case=row.case,
        role="recused",
        official_id=world.office.users["checker"].official_id,
        act_id=row.pk,
        since=date(2025, 4, 30),
    )
    with pytest.raises(Refused) as refused:
        approve(world, row)
    assert codes(refused) == {"no-case"}


def test_the_proposer_who_left_or_recused_does_nothing_through_a_second_person(
    world: World, number: str
) -> None:
    row = propose(world, extension(world, number))
    User.objects.filter(pk=world.office.users["head"].pk).update(is_active=False)
    with pytest.raises(Overtaken):
        approve(world, row)
    assert acts(number)[-1] == OVERTAKE


def test_a_proposal_overtaken_is_kept_as_text_with_why(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    flags: dict[str, Any] = {
        "both_parties_agree": True,
        "lawful_terms": True,
        "paper_kind": "settlement",
    }
    texts = {"parties_text": "示例", "terms": "示例"}
    world.act("handler", "settle", number, on=ENTERED, texts=texts, **flags)
    with pytest.raises(Overtaken) as gone:
        approve(world, row)
    assert "state" in codes(gone)
    assert acts(number)[-1] == OVERTAKE
    why = Content.objects.get(act__case__number=number, act__act=OVERTAKE)
    assert "状态" in bytes(why.body).decode()
    assert Content.objects.filter(act=row).exists()
    with pytest.raises(Refused) as refused:
        approve(world, row, uid="again")
    assert codes(refused) == {"decided"}
    assert list(replay.check()) == []


def test_approving_twice_is_done_once(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    first = approve(world, row)
    assert approve(world, row).repeated
    with pytest.raises(Refused) as refused:
        approve(world, row, uid="other")
    assert codes(refused) == {"decided"}
    assert acts(number).count("extend") == 1
    assert first.acts[1].act == "extend"


def test_the_same_is_not_proposed_twice_while_it_waits(world: World, number: str) -> None:
    step = extension(world, number)
    row = propose(world, step)
    assert propose(world, step).pk == row.pk  # the same key: the same answer
    with pytest.raises(Refused) as refused:
        propose(world, step, uid="q")
    assert codes(refused) == {"waits-already"}
    proposal_doors.take_back(number, row.pk, by=world.by("head"), now=at(ENTERED), uid="t")
    assert propose(world, step, uid="r").pk != row.pk


def test_a_refused_or_withdrawn_proposal_is_never_done(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    by, now = world.by("checker"), at(ENTERED)
    with pytest.raises(Refused) as refused:
        proposal_doors.refuse(number, row.pk, " ", by=by, now=now, uid="no-reason")
    assert codes(refused) == {"missing-field"}
    with pytest.raises(Refused) as refused:
        proposal_doors.take_back(number, row.pk, by=by, now=now, uid="not-own")
    assert codes(refused) == {"not-own"}
    proposal_doors.refuse(number, row.pk, "材料不符", by=by, now=now, uid="no")
    for uid, code in (("x", "decided"),):
        with pytest.raises(Refused) as refused:
            approve(world, row, uid=uid)
        assert codes(refused) == {code}
    assert acts(number)[-2:] == [PROPOSE, REFUSE]
    other = propose(world, extension(world, number), uid="p2")
    proposal_doors.take_back(number, other.pk, by=world.by("head"), now=now, uid="back")
    with pytest.raises(Refused) as refused:
        approve(world, other, uid="y")
    assert codes(refused) == {"decided"}
    assert acts(number)[-1] == WITHDRAW


def test_only_what_was_shown_is_approved(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    with pytest.raises(Refused) as refused:
        approve(world, row, seen="cd" * 32)
    assert codes(refused) == {"not-seen"}


def test_what_needs_no_second_person_is_not_put_before_one(world: World, number: str) -> None:
    with pytest.raises(Refused) as refused:
        propose(world, extension(world, number, occurred_at=None))
    assert codes(refused) == {"no-second-needed"}
    with pytest.raises(Refused) as refused:
        propose(world, extension(world, number, paper=""), uid="q")
    assert codes(refused) == {"late-entry"}


@pytest.mark.parametrize(
    "texts",
    [
        {"step": "甲"},
        {"step": "[]"},
        {"step": '{"act": "breach"}'},
        {"step": '{"act": "nothing", "texts": {}}'},
    ],
)
def test_a_forged_proposal_is_none(world: World, number: str, texts: dict[str, str]) -> None:
    step = Step(act=PROPOSE, case=number, fields={"of": "extend"}, texts=texts)
    with pytest.raises(Refused) as refused:
        perform(step, by=world.by("head"), now=at(ENTERED), uid="forged")
    assert codes(refused) == {"no-proposal"}


def test_a_proposal_of_a_proposal_is_none(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    inner = Step(act=APPROVE, case=number, fields={"proposal": row.pk, "seen": row.content})
    with pytest.raises(Refused) as refused:
        propose(world, inner, uid="inner")
    assert codes(refused) == {"no-proposal"}


def test_a_proposal_cannot_be_corrected_into_another(world: World, number: str) -> None:
    row = propose(world, extension(world, number))
    with pytest.raises(Refused) as refused:
        world.act(
            "handler",
            "correct",
            number,
            on=ENTERED,
            target=row.pk,
            field="of",
            new="settle",
            texts={"reason": "改"},
        )
    assert "no-act" in codes(refused)


def test_a_case_is_not_filled_with_proposals(world: World, number: str) -> None:
    for days in range(1, MOST_WAITING + 1):
        step = extension(world, number, fields={"days": days, "told_petitioner": True})
        propose(world, step, uid=f"n{days}")
    with pytest.raises(Refused) as refused:
        propose(world, extension(world, number), uid="more")
    assert codes(refused) == {"too-many-waiting"}


def test_a_role_is_granted_by_two_from_their_own_accounts(world: World) -> None:
    clerk = world.office.users["clerk"]
    number = Act.objects.get(act="open_account", data__username="clerk").case.number
    fields: dict[str, Any] = {
        "user": clerk.pk,
        "role": "R4",
        "organ": "YJ01",
        "from": date(2025, 3, 3),
    }
    step = Step(act="grant_role", case=number, fields=fields)
    security = By(world.office.users["security"].pk, None, frozenset({"registrar"}))
    auditor = By(world.office.users["auditor"].pk, None, frozenset({"auditor"}))
    now = at("2025-03-03")
    typed = Step(act="grant_role", case=number, fields={**fields, "approver": auditor.user or 0})
    for one in (step, typed):
        with pytest.raises(Refused) as refused:
            perform(one, by=security, now=now, uid="alone")
        assert codes(refused) == {"second-person"}
    row = Act.objects.get(
        pk=proposal_doors.propose(step, by=security, now=now, uid="g").acts[0].act_id
    )
    assert not RoleGrant.objects.filter(user=clerk, role="R4").exists()
    with pytest.raises(Refused):
        approve(world, row, security, on="2025-03-03", uid="own")
    with pytest.raises(Refused):
        approve(world, row, world.by("head"), on="2025-03-03", uid="head")
    approve(world, row, auditor, on="2025-03-03")
    grant = RoleGrant.objects.get(user=clerk, role="R4")
    assert Act.objects.get(pk=grant.act).data["approver"] == auditor.user


# --- the steps of one page ------------------------------------------------------------------------
def received(world: World) -> str:
    """Return a matter received by the bureau on 2025-03-03 and not accepted yet."""
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-03")
    return number


def page_steps(world: World, number: str) -> list[Step]:
    """Return an acceptance claimed six days ago, help asked for today, and an opinion."""
    texts = {"procedure": "信访程序", "contact": "李样本 0000-0000000"}
    opinion = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")
    help_asked: dict[str, Any] = {"organ": world.organ("YJ04"), "report_by": date(2025, 3, 20)}
    return [
        Step(act="accept", case=number, texts=texts, occurred_at=at("2025-03-04")),
        Step(act="assist", case=number, fields=help_asked, texts={"what": "示例"}),
        Step(act="draft", case=number, fields={"outcome": "explain"}, texts=opinion),
    ]


def test_of_the_steps_of_a_page_the_late_one_waits_and_what_needs_it_is_left(
    world: World,
) -> None:
    number = received(world)
    asked: dict[str, Any] = {"by": world.by("handler"), "now": at("2025-03-10")}
    with pytest.raises(Refused) as refused:
        proposal_doors.do_all_or_propose(page_steps(world, number), uid="page", **asked)
    assert codes(refused) == {"late-entry", "second-person"}
    assert acts(number)[-1] == "receive"
    rests: dict[str, Any] = {"reason": "停电（示例）", "paper": PAPER}
    with pytest.raises(Refused) as refused:
        proposal_doors.do_all_or_propose(
            page_steps(world, number), uid="page", leaving=False, **asked, **rests
        )
    assert codes(refused) == {"left-aside"}
    assert acts(number)[-1] == "receive"
    done = proposal_doors.do_all_or_propose(page_steps(world, number), uid="page", **asked, **rests)
    assert (done.waits, [rule.id for rule in done.left]) == (PROPOSE, ["draft"])
    assert acts(number)[-2:] == [PROPOSE, "assist"]
    again = proposal_doors.do_all_or_propose(
        page_steps(world, number), uid="page", **asked, **rests
    )
    assert (again.performed.repeated, again.waits) == (True, PROPOSE)
    assert acts(number)[-2:] == [PROPOSE, "assist"]


def test_a_later_step_refused_for_itself_is_no_step_that_waits(world: World) -> None:
    """What no approval would mend is told before anything is proposed, and it alone."""
    number = received(world)
    steps = page_steps(world, number)
    steps[2] = replace(steps[2], fields={"outcome": "no-such-outcome"})
    rests: dict[str, Any] = {"reason": "停电（示例）", "paper": PAPER}
    asked: dict[str, Any] = {"by": world.by("handler"), "now": at("2025-03-10"), "uid": "page"}
    with pytest.raises(Refused) as refused:
        proposal_doors.do_all_or_propose(steps, **asked, **rests)
    assert refused.value.step.act == "draft"
    assert codes(refused).isdisjoint({"state", "facts", "late-entry", "second-person"})
    assert codes(refused)
    assert acts(number)[-1] == "receive"


def test_a_page_whose_step_is_refused_for_another_reason_writes_nothing(world: World) -> None:
    number = received(world)
    steps = page_steps(world, number)[2:]
    rests: dict[str, Any] = {"reason": "停电（示例）", "paper": PAPER}
    asked: dict[str, Any] = {"by": world.by("handler"), "now": at("2025-03-10"), "uid": "page"}
    with pytest.raises(Refused) as refused:
        proposal_doors.do_all_or_propose(steps, **asked, **rests)
    assert "state" in codes(refused)
    assert acts(number)[-1] == "receive"
