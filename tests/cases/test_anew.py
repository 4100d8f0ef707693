"""A review orders new handling: what was at fault, by when, where and who asks go with it (case
C12)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import key_ring
from dengwen.cases.models import Act, CaseLink, Content
from dengwen.cases.write.check import Refused
from dengwen.petitions.models import Petition, Petitioner
from tests.world import CLAIM, PAPER, World

OPINION = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")
FINDINGS = dict.fromkeys(("findings", "opinion", "legal_basis"), "示例")
SHANDONG = "370100"


def ordered_anew(world: World, place: str, fault: str) -> tuple[str, str]:
    """Walk a claim through review until new handling is ordered; returns the review and the new
    case."""
    number = world.register("2025-03-03", place=place)
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-03")
    world.act("handler", "accept", number, on="2025-03-03", texts={"procedure": "示例"})
    world.act("handler", "draft", number, on="2025-03-10", outcome="not_support", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-03-12")
    world.act("handler", "serve", number, on="2025-03-13", way="direct", proof=PAPER)
    world.act(
        "clerk",
        "request_review",
        number,
        on="2025-03-20",
        texts={"request": "示例", "reasons": "示例"},
    )
    review = CaseLink.objects.get(other__number=number, kind="reviews").case.number
    world.act("reviewer", "draft", review, on="2025-03-25", outcome="order_anew", texts=FINDINGS)
    world.act("review-checker", "check", review, on="2025-03-26")
    order: dict[str, Any] = {"outcome": "order_anew", "anew_by": date(2025, 5, 1), "fault": fault}
    world.act("review-head", "sign", review, on="2025-03-27", **order)
    return review, CaseLink.objects.get(other__number=number, kind="anew_after").case.number


@pytest.mark.case("C12")
def test_the_order_goes_with_the_new_case(world: World) -> None:
    review, anew = ordered_anew(world, SHANDONG, "facts")
    assert world.case(review).place == SHANDONG
    assert world.case(anew).place == SHANDONG
    assert world.case(anew).holder_id == world.organ("YJ02")
    taken = Act.objects.get(case__number=anew, act="take_up_anew").data
    assert {"fault", "anew_by", "review_case", "place"} <= set(taken)
    duty = world.duty(anew, "anew")
    assert (duty.due, duty.state) == (date(2025, 5, 1), "open")
    assert Petition.objects.get(case__number=anew).channel == "letter"
    person = Petitioner.objects.get(case__number=anew)
    assert person.name_index == blind_index(key_ring(), "name", "王示例")
    assert Content.objects.filter(case__number=anew, data_class="D2").exists()


@pytest.mark.case("C12")
def test_the_same_result_is_not_given_on_the_same_facts(world: World) -> None:
    _, anew = ordered_anew(world, SHANDONG, "facts")
    given: dict[str, Any] = {"outcome": "not_support", "texts": OPINION}
    with pytest.raises(Refused) as caught:  # silence about it is no answer
        world.act("handler", "draft", anew, on="2025-04-10", **given)
    assert {(r.code, r.field) for r in caught.value.reasons} == {
        ("missing-field", "repeats_result")
    }
    world.act("handler", "draft", anew, on="2025-04-10", repeats_result=True, **given)
    world.act("checker", "check", anew, on="2025-04-11")
    with pytest.raises(Refused) as caught:
        world.act("head", "sign", anew, on="2025-04-12")
    assert [("第四十五条" in r.zh, "art. 45" in r.en) for r in caught.value.reasons] == [
        (True, True)
    ]
    world.act("handler", "draft", anew, on="2025-04-13", repeats_result=False, **given)
    world.act("checker", "check", anew, on="2025-04-14")
    world.act("head", "sign", anew, on="2025-04-15")
    assert world.duty(anew, "anew").state == "closed"


@pytest.mark.case("C12")
@pytest.mark.parametrize(("place", "fault"), [(SHANDONG, "procedure"), ("500199", "facts")])
def test_only_where_the_local_rule_says_so(world: World, place: str, fault: str) -> None:
    """R22 is silent: the bar is Shandong's, and only where facts, evidence or basis were at
    fault."""
    _, anew = ordered_anew(world, place, fault)
    world.act("handler", "draft", anew, on="2025-04-10", outcome="not_support", texts=OPINION)
    world.act("checker", "check", anew, on="2025-04-11")
    world.act("head", "sign", anew, on="2025-04-12")
    assert world.case(anew).state == "decided"


def test_what_a_review_did_not_order_is_not_handled_anew(world: World) -> None:
    """A case that is no review, or one that ordered nothing, is no ground for it."""
    number = world.to_accepted("2025-03-03")
    step: dict[str, Any] = {"kind": "petition", "step": {"organ": world.organ("YJ02")}}
    with pytest.raises(Refused) as caught:
        world.act("handler", "take_up_anew", on="2025-04-01", review_case=number, **step)
    assert "not-ordered" in {reason.code for reason in caught.value.reasons}
