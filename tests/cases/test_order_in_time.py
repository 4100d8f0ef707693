"""Nothing is claimed to have happened before what it follows; late entry needs reason and paper
for rights, too."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Duty
from dengwen.cases.write.check import Refused
from tests.world import CLAIM, PAPER, World, at

OPINION = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")
REASONS = {"texts": {"reasons": "示例"}}


def refused(world: World, *words: Any, **fields: Any) -> set[str]:
    """Return the codes with which a step is refused; every reason cites its rule in both
    languages."""
    with pytest.raises(Refused) as caught:
        world.act(*words, **fields)
    assert all(r.basis is not None and r.zh and r.en for r in caught.value.reasons)
    return {r.code for r in caught.value.reasons}


def sent(world: World) -> str:
    """Return a claim forwarded to the housing bureau on 10 March."""
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-10", to=world.organ("YJ02"))
    return number


def test_receipt_follows_forwarding_and_acceptance_follows_receipt(world: World) -> None:
    number = sent(world)
    assert refused(world, "handler", "receive", number, on="2025-03-04", entered="2025-03-11") == {
        "out-of-order"
    }
    rests = {"late_reason": "停电", "paper": PAPER, "second": world.official("YJ02-W")}
    late: dict[str, Any] = {"entered": "2025-03-12", "step": rests}
    world.act("handler", "receive", number, on="2025-03-11", **late)
    told: dict[str, Any] = {"texts": {"procedure": "示例"}}
    assert refused(
        world, "handler", "accept", number, on="2025-03-05", entered="2025-03-13", **told
    ) == {"out-of-order"}
    late = {"entered": "2025-03-13", "step": rests}
    world.act("handler", "accept", number, on="2025-03-11", **late, **told)
    assert world.duty(number, "handle").start == date(2025, 3, 11)


@pytest.mark.case("A12")
def test_an_opinion_is_not_served_before_it_was_signed(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on="2025-03-10", outcome="not_support", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-04-12")
    service: dict[str, Any] = {"way": "direct", "proof": PAPER}
    assert refused(
        world, "handler", "serve", number, on="2025-03-13", entered="2025-04-14", **service
    ) == {"out-of-order"}
    assert not Duty.objects.filter(case__number=number, rule="review_request").exists()
    rests = {"late_reason": "回执后到", "paper": PAPER, "second": world.official("YJ02-W")}
    late: dict[str, Any] = {"entered": "2025-04-14", "step": rests}
    world.act("handler", "serve", number, on="2025-04-12", **late, **service)
    assert world.duty(number, "review_request").start == date(2025, 4, 12)


def test_what_changes_no_state_may_be_claimed_earlier(world: World) -> None:
    number = sent(world)
    world.act("handler", "receive", number, on="2025-03-12")
    world.act(
        "handler", "add_contact", number, on="2025-03-05", entered="2025-03-13", address_clear=True
    )


@pytest.mark.case("A13")
def test_a_request_posted_before_the_file_was_closed_still_counts_from_its_postmark(
    world: World,
) -> None:
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on="2025-03-10", outcome="not_support", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-03-12")
    world.act("handler", "serve", number, on="2025-03-13", way="post", proof=PAPER)
    sweep(now=at("2025-04-20"))
    world.act("handler", "close_lapsed", number, on="2025-04-20")
    asked = {"request": "示例", "reasons": "示例"}
    assert refused(
        world, "clerk", "request_review", number, on="2025-03-12", entered="2025-04-21", texts=asked
    ) == {"out-of-order"}
    world.act("clerk", "request_review", number, on="2025-04-11", entered="2025-04-21", texts=asked)
    assert world.case(number).state == "reviewing"


@pytest.mark.case("B01")
@pytest.mark.parametrize("swept", [False, True])
def test_an_objection_entered_late_needs_its_reason_and_paper(world: World, swept: bool) -> None:
    number = sent(world)
    world.act("handler", "receive", number, on="2025-03-10")
    if swept:
        sweep(now=at("2025-03-25"))
    late: dict[str, Any] = {"on": "2025-03-12", "entered": "2025-03-27", **REASONS}
    assert refused(world, "handler", "object", number, **late) == {"late-entry", "second-person"}
    step = {"late_reason": "系统故障", "paper": PAPER, "second": world.official("YJ02-W")}
    world.act("handler", "object", number, step=step, **late)
    assert world.case(number).state == "objected"
