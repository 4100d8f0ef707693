"""An inspection from plan to re-check, and everything that is refused on the way; a government
inspection."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Document
from dengwen.cases.wall.visibility import viewer_of
from dengwen.cases.write.papers.issue import open_body
from dengwen.ledger.sequencer import tick
from dengwen.oversight.inspections.draws import named_on_paper, others_of, planned_draws
from dengwen.oversight.inspections.inspection_plan import FINISHED, RUNNING, shares, strata_of
from dengwen.oversight.inspections.published_plan import plan_of
from dengwen.oversight.inspections.queries import read_inspection
from tests.oversight.inspecting import (
    CHECKLIST,
    SALT,
    SECRET,
    YES,
    concluded,
    deposited,
    draw_fields,
    examined,
    file_plan,
    opened,
    planned,
    refused,
)
from tests.world import ACCUSATION, World, at


# --- the draw -------------------------------------------------------------------------------------
def test_another_sample_than_the_one_drawn_is_refused(world: World) -> None:
    number = opened(world)
    fields = draw_fields(number)
    made = read_inspection(world.case(number))
    others = sorted(set(made.strata[RUNNING].population) - set(fields["texts"]["drawn"].split()))
    for wrong in ({"texts": {"drawn": "\n".join(others[:2])}}, {"seed": "0" * 64}, {"count": 3}):
        with refused("not-this-sample"):
            world.act("supervisor", "draw", number, on="2025-06-10", **{**fields, **wrong})


def test_the_secret_is_opened_by_its_depositor_after_the_checkpoint_with_the_right_number(
    world: World,
) -> None:
    number = deposited(world)
    file_plan(world, number)
    with refused("no-checkpoint"):
        world.act("handler3", "open_secret", number, on="2025-06-09", secret=SECRET.hex())
    tick(now=at("2025-06-09"))
    with refused("not-the-depositor"):
        world.act("handler", "open_secret", number, on="2025-06-09", secret=SECRET.hex())
    with refused("other-secret"):
        world.act("handler3", "open_secret", number, on="2025-06-09", secret="00" * 32)
    with refused("not-hex"):
        world.act("handler3", "open_secret", number, on="2025-06-09", secret="bitte")
    world.act("handler3", "open_secret", number, on="2025-06-09", secret=SECRET.hex())


def test_a_plan_lapses_without_the_secret_and_another_organ_deposits_the_next(world: World) -> None:
    number = deposited(world)
    file_plan(world, number)
    with refused("not-lapsed"):
        world.act("supervisor", "lapse_plan", number, on="2025-06-12")
    world.act("supervisor", "lapse_plan", number, on="2025-06-13")
    with refused("let-it-lapse"):
        world.act(
            "supervisor", "ask_deposit", number, on="2025-06-13", depositor=world.organ("YJ04")
        )
    made = read_inspection(world.case(number))
    assert (made.plan, made.strata, made.deposit) == (None, {}, "")
    world.act("supervisor", "ask_deposit", number, on="2025-06-13", depositor=world.organ("YJ02"))


def test_a_lapsed_plan_stays_and_every_other_draw_is_named_when_the_inspection_ends(
    world: World,
) -> None:
    number = deposited(world)
    file_plan(world, number)
    world.act("supervisor", "lapse_plan", number, on="2025-06-13")
    made = read_inspection(world.case(number))
    [first] = made.filings
    assert sha256(plan_of(first)).hexdigest() == first.plan.data["plan"]
    world.act("supervisor", "ask_deposit", number, on="2025-06-13", depositor=world.organ("YJ02"))
    assert sha256(plan_of(made.filings[0])).hexdigest() == first.plan.data["plan"]
    second = opened(world)
    world.act("supervisor", "draw", second, on="2025-06-14", **draw_fields(second))
    for one in read_inspection(world.case(second)).drawn:
        world.act("supervisor", "check_case", second, on="2025-06-14", subject=one, answers=YES)
    world.act("supervisor", "send_findings", second, on="2025-06-15", texts={"summary": "无"})
    world.act(
        "handler",
        "answer_finding",
        second,
        on="2025-06-16",
        stand="agree",
        texts={"answer": "认可"},
    )
    end: dict[str, Any] = {"type": "special", "circular_scope": "system", "on": "2025-06-17"}
    with refused("draws-not-named") as why:
        world.act("supervisor", "conclude", second, texts={"findings": "无"}, **end)
    assert f"{number} / 1" in why.value.zh
    others = others_of(second, world.organ("YJ01"), world.organ("YJ02"), date(2025, 6, 17))
    assert [(one.inspection, one.state(date(2025, 6, 17))) for one in others] == [
        (number, "lapsed")
    ]
    draws = named_on_paper(others, date(2025, 6, 17))
    world.act("supervisor", "conclude", second, texts={"findings": "无", "draws": draws}, **end)
    for rule in ("inspection_conclusion", "inspection_circular"):
        assert first.plan.data["plan"][:16] in open_body(
            Document.objects.get(case__number=second, rule=rule)
        )


def test_a_draw_that_was_not_used_is_seen_beside_the_next_one(world: World) -> None:
    number = opened(world)
    assert [one.state(date(2025, 6, 11)) for one in planned_draws()] == ["opened"]
    deposited_again = planned(world)
    world.act(
        "supervisor", "ask_deposit", deposited_again, on="2025-06-10", depositor=world.organ("YJ04")
    )
    world.act(
        "handler3",
        "deposit",
        deposited_again,
        on="2025-06-10",
        secret_digest=sha256(SECRET).hexdigest(),
    )
    file_plan(world, deposited_again, on="2025-06-11", cases=6)
    states = [
        (one.inspection, one.state(date(2025, 6, 11)))
        for one in planned_draws(inspected=world.organ("YJ02"))
    ]
    assert states == [(number, "unused"), (deposited_again, "waiting")]
    assert planned_draws(inspected=world.organ("YJ03")) == []


def test_who_inspects_does_not_deposit_and_a_digest_is_a_digest(world: World) -> None:
    number = planned(world)
    with refused("own-secret"):
        world.act(
            "supervisor", "ask_deposit", number, on="2025-06-03", depositor=world.organ("YJ01")
        )
    world.act("supervisor", "ask_deposit", number, on="2025-06-03", depositor=world.organ("YJ04"))
    with refused("not-hex"):
        world.act("handler3", "deposit", number, on="2025-06-04", secret_digest="AB" * 32)


def test_a_plan_that_is_not_what_its_acts_say_is_refused(world: World) -> None:
    number = deposited(world)
    held = [world.to_accepted(f"2025-03-{3 + n:02}") for n in range(3)]
    world.act(
        "supervisor",
        "list_population",
        number,
        on="2025-06-05",
        stratum=RUNNING,
        part=1,
        take=2,
        texts={"numbers": "\n".join(held)},
    )
    official = world.office.users["supervisor"].official
    assert official is not None
    inspector, texts = official.name, {"scope": "上半年", "checklist": CHECKLIST, "salt": SALT}
    good: dict[str, Any] = {
        "plan": "0" * 64,
        "depositor": world.organ("YJ04"),
        "population": 3,
        "sample": 2,
        "open_by": date(2025, 6, 12),
        "texts": texts,
    }
    for code, wrong in (
        ("no-sample", {"sample": 3}),
        ("no-checklist", {"texts": {**texts, "checklist": " \n｜"}}),
        ("not-hex", {"texts": {**texts, "salt": "x"}}),
        ("names-somebody", {"texts": {**texts, "scope": f"{inspector}办的件"}}),
        ("names-somebody", {"texts": {**texts, "checklist": f"｜{held[0]} 是否按期"}}),
        ("not-this-plan", {}),
        ("not-this-plan", {"depositor": world.organ("YJ02")}),
    ):
        with refused(code):
            world.act("supervisor", "file_plan", number, on="2025-06-05", **{**good, **wrong})


def test_an_accusation_is_in_no_population_even_for_those_who_may_see_it(world: World) -> None:
    number = deposited(world)
    held = file_plan(world, number, cases=3)
    before = read_inspection(world.case(number)).strata[RUNNING].population
    accusing = world.register("2025-03-10")
    world.act("clerk", "classify", accusing, on="2025-03-10", **ACCUSATION)
    assert accusing not in before
    petition = rulebooks.in_force(date(2025, 6, 5), "500199", at("2025-06-05")).book.kinds[
        "petition"
    ]
    for who in ("sealed", "supervisor"):
        viewer = viewer_of(world.office.users[who], date(2025, 6, 5))
        span = (date(2025, 1, 1), date(2025, 6, 1))
        found = strata_of(viewer, date(2025, 6, 5), world.organ("YJ01"), petition, *span)
        assert accusing not in {n for units in found.values() for n in units}
    assert len(held) == 3


@pytest.mark.parametrize(
    ("sizes", "want"), [((1, 1), (1, 1)), ((90, 10), (9, 1)), ((5, 5), (5, 5)), ((99, 1), (9, 1))]
)
def test_a_sample_is_divided_over_the_strata_by_size_and_none_is_left_out(
    sizes: Any, want: Any
) -> None:
    strata = {
        FINISHED: [f"a{n}" for n in range(sizes[0])],
        RUNNING: [f"b{n}" for n in range(sizes[1])],
    }
    assert {s.name: s.size for s in shares(strata, 10)} == dict(
        zip((FINISHED, RUNNING), want, strict=True)
    )


# --- examining and concluding ---------------------------------------------------------------------
def test_every_item_of_every_drawn_case_is_answered_with_proof_before_anything_is_fed_back(
    world: World,
) -> None:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    made = read_inspection(world.case(number))
    outside = next(n for n in made.strata[RUNNING].population if n not in made.drawn)
    for code, subject, answers in (
        ("not-drawn", outside, YES),
        ("not-answered", made.drawn[0], YES[:2]),
        ("not-answered", made.drawn[0], ("yes", "yes", "x")),
        ("no-proof", made.drawn[0], ("yes", "yes", "no")),
    ):
        with refused(code):
            world.act(
                "supervisor",
                "check_case",
                number,
                on="2025-06-11",
                subject=subject,
                answers=answers,
            )
    world.act(
        "supervisor", "check_case", number, on="2025-06-11", subject=made.drawn[0], answers=YES
    )
    with refused("not-examined"):
        world.act("supervisor", "send_findings", number, on="2025-06-12", texts={"summary": "无"})


def test_what_a_petitioner_says_needs_consent_and_a_caller_who_did_not_examine(
    world: World,
) -> None:
    number, drawn = examined(world)
    call: dict[str, Any] = {"subject": drawn[0], "reached": "talked", "says": "dissatisfied"}
    with refused("no-consent"):
        world.act("clerk", "call_petitioner", number, on="2025-06-11", **call)
    with refused("no-consent"):
        declined = {**call, "reached": "declined", "consent": True}
        world.act("clerk", "call_petitioner", number, on="2025-06-11", **declined)
    world.act(
        "clerk",
        "call_petitioner",
        number,
        on="2025-06-11",
        consent=True,
        texts={"said": "没有人来过"},
        **call,
    )
    assert read_inspection(world.case(number)).calls[drawn[0]].data["says"] == "dissatisfied"


def test_who_examined_a_case_does_not_call_its_petitioner_nor_the_other_way_round(
    world: World,
) -> None:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    first, second = read_inspection(world.case(number)).drawn
    call: dict[str, Any] = {
        "on": "2025-06-11",
        "reached": "talked",
        "says": "satisfied",
        "consent": True,
    }
    check: dict[str, Any] = {"on": "2025-06-11", "answers": YES}
    world.act("supervisor", "call_petitioner", number, subject=first, **call)
    with refused("same-person"):  # who called cannot examine it afterwards
        world.act("supervisor", "check_case", number, subject=first, **check)
    world.act("inspector", "check_case", number, subject=first, **check)
    world.act("supervisor", "check_case", number, subject=second, **check)
    world.act("inspector", "check_case", number, subject=first, **check)
    with refused("same-person"):  # the last examiner of the whole inspection is somebody else
        world.act("supervisor", "call_petitioner", number, subject=second, **call)
    world.act(
        "inspector", "call_petitioner", number, subject=second, **call
    )  # examined the other case only
    with refused("same-person") as why:
        world.act("inspector", "call_petitioner", number, subject=first, **call)
    assert "细则第九条" in why.value.zh
    assert "S 9" in why.value.en


def test_a_copy_is_signed_for_once_and_given_back_once(world: World) -> None:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    taken: dict[str, Any] = {
        "on": "2025-06-11",
        "taker": world.office.users["supervisor"].official_id,
    }
    world.act("supervisor", "take_pack", number, copy=1, return_by=date(2025, 6, 20), **taken)
    with refused("same-copy"):
        world.act("supervisor", "take_pack", number, copy=1, return_by=date(2025, 6, 25), **taken)
    with refused("not-out"):
        world.act("supervisor", "return_pack", number, on="2025-06-12", copy=9, complete=True)
    world.act("supervisor", "return_pack", number, on="2025-06-12", copy=1, complete=True)
    with refused("not-out"):
        world.act("supervisor", "return_pack", number, on="2025-06-12", copy=1, complete=True)


def test_a_special_inspection_is_not_concluded_without_plan_and_sample(world: World) -> None:
    end: dict[str, Any] = {
        "type": "special",
        "circular_scope": "system",
        "texts": {"findings": "无"},
    }
    with refused("no-sample") as why:
        world.act("supervisor", "conclude", kind="inspection", on="2025-06-03", **end)
    assert "细则第九条" in why.value.zh
    number = planned(world)
    with refused("no-sample"):
        world.act("supervisor", "conclude", number, on="2025-06-03", **end)
    world.act("supervisor", "conclude", number, on="2025-06-03", **{**end, "type": "prompt"})
    done = Act.objects.get(case__number=number, act="conclude")
    change: dict[str, Any] = {
        "target": done.pk,
        "field": "type",
        "old": "prompt",
        "new": "special",
        "second": world.office.users["clerk"].official_id,
        "texts": {"reason": "录错"},
    }
    with refused("no-sample"):
        world.act("supervisor", "correct", number, on="2025-06-04", **change)


@pytest.mark.case("G13")
def test_another_scope_than_those_listed_is_written(world: World) -> None:
    other: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "other",
        "on": "2025-06-03",
        "kind": "inspection",
    }
    for texts in ({"findings": "无"}, {"findings": "无", "scope_text": " "}):
        with refused("no-scope") as why:
            world.act("supervisor", "conclude", texts=texts, **other)
        assert "细则第九条" in why.value.zh
    texts = {"findings": "无", "scope_text": "区属各医院"}
    number = world.act("supervisor", "conclude", texts=texts, **other).case
    circular = Document.objects.get(case__number=number, rule="inspection_circular")
    assert "区属各医院" in open_body(circular)


def test_nothing_is_concluded_while_earlier_findings_are_left_behind(world: World) -> None:
    number = concluded(world)
    second = planned(world, "2025-06-20")
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "system",
        "texts": {"findings": "无"},
    }
    with refused("left-behind") as why:
        world.act("supervisor", "conclude", second, on="2025-06-20", **end)
    assert f"{number} / 1" in why.value.zh
    carry: dict[str, Any] = {
        "from": number,
        "from_line": 1,
        "line": 1,
        "owner": world.organ("YJ02"),
        "until": date(2025, 7, 30),
        "texts": {"what": "没有说明解释"},
    }
    world.act("supervisor", "carry_over", second, on="2025-06-20", **carry)
    world.act("supervisor", "conclude", second, on="2025-06-20", **end)
    third = planned(world, "2025-06-21")
    world.act(
        "handler",
        "report_rectified",
        second,
        on="2025-06-30",
        line=1,
        proof=("ab" * 32,),
        texts={"done": "已经补做"},
    )
    with refused("left-behind"):  # reported is not yet re-checked
        world.act("supervisor", "conclude", third, on="2025-07-01", **end)
    world.act(
        "supervisor",
        "accept_rectified",
        second,
        on="2025-07-01",
        line=1,
        texts={"seen": "看到签名的记录"},
    )
    world.act("supervisor", "conclude", third, on="2025-07-01", **end)


def test_the_organ_is_heard_or_its_local_period_is_over_before_the_inspection_is_concluded(
    world: World,
) -> None:
    number, _ = examined(world)
    world.act("supervisor", "send_findings", number, on="2025-06-12", texts={"summary": "一项不符"})
    end: dict[str, Any] = {
        "type": "special",
        "circular_scope": "inspected",
        "texts": {"findings": "一项整改"},
    }
    with refused("not-heard"):
        world.act("supervisor", "conclude", number, on="2025-06-22", **end)
    world.act("supervisor", "conclude", number, on="2025-06-23", **end)


@pytest.mark.case("G13")
def test_plan_conclusion_and_circular_are_papers_and_the_circular_names_its_scope(
    world: World,
) -> None:
    number = concluded(world)
    papers = Document.objects.filter(case__number=number).order_by("act__seq", "rule")
    assert [p.rule for p in papers] == [
        "inspection_plan",
        "inspection_circular",
        "inspection_conclusion",
    ]
    assert "本地区、本部门、本系统" in open_body(papers[1])
    assert "答复是否送达" in open_body(papers[0])


# --- government inspection ------------------------------------------------------------------------
@pytest.mark.case("D06")
def test_only_a_government_authorises_and_only_the_body_it_names_acts(world: World) -> None:
    order: dict[str, Any] = {
        "kind": "government_inspection",
        "on": "2025-06-03",
        "how": "approval",
        "texts": {"subject": "信访积案", "scope": "全区"},
    }
    with refused("no-government"):
        world.act("head", "authorise", body=world.organ("YJ01"), **order)
    number = world.act("review-head2", "authorise", body=world.organ("YJ01"), **order).case
    world.act("supervisor", "start", number, on="2025-06-04")
    ends: dict[str, Any] = {
        "to": world.organ("YJ02"),
        "received_on": date(2025, 6, 20),
        "texts": {"findings": "三件积案"},
    }
    world.act("supervisor", "conclude", number, on="2025-06-20", **ends)
    assert Document.objects.filter(case__number=number, rule="government_conclusion").exists()
    with refused("not-authorised"):
        end: dict[str, Any] = {
            "owner": world.organ("YJ02"),
            "until": date(2025, 7, 20),
            "texts": {"what": "办结"},
        }
        world.act("handler", "order_rectification", number, on="2025-06-21", **end)
    assert world.duty(number, "gdi_objection").due == date(2025, 7, 21)
    assert not Act.objects.filter(case__number=number, act="order_rectification").exists()
