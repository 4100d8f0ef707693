"""Requests as rows: each with class and path, each with an outcome before the opinion is issued."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.petitions.errors import PetitionError
from dengwen.petitions.models import Request
from tests.world import CLAIM, World

OPINION = {"claim": "修复", "facts_reasons": "属实", "opinion": "支持", "legal_basis": "第一条"}


def ask(world: World, number: str, request: int, who: str = "clerk", **fields: Any) -> None:
    """Enter a request."""
    world.act(
        who,
        "enter_request",
        number,
        on="2025-03-03",
        request=request,
        texts={"asks": "修复屋面"},
        **fields,
    )


def classes(world: World, number: str) -> list[tuple[str, str]]:
    """Return class and path of each request."""
    return list(
        Request.objects.filter(case__number=number)
        .order_by("number")
        .values_list("class_code", "path")
    )


def test_a_request_has_the_class_of_the_matter_until_it_has_its_own(world: World) -> None:
    number = world.register("2025-03-03")
    ask(world, number, 1)
    ask(world, number, 2, request_class="suggestion")
    assert classes(world, number) == [("", ""), ("suggestion", "")]
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    ask(world, number, 3)
    assert classes(world, number) == [("claim", "31(6)"), ("suggestion", ""), ("claim", "31(6)")]
    world.act(
        "clerk",
        "classify_request",
        number,
        on="2025-03-03",
        request=3,
        request_class="claim",
        request_path="31(2)",
    )
    assert classes(world, number) == [("claim", "31(6)"), ("suggestion", ""), ("claim", "31(2)")]
    again: dict[str, Any] = {**CLAIM, "path": "31(5)"}
    world.act("clerk", "classify", number, on="2025-03-03", **again)
    assert classes(world, number) == [("claim", "31(5)"), ("suggestion", ""), ("claim", "31(2)")]


def test_only_a_claim_has_a_path(world: World) -> None:
    number = world.register("2025-03-03")
    with pytest.raises(PetitionError, match="R22 31"):
        ask(world, number, 1, request_class="suggestion", request_path="31(6)")
    assert classes(world, number) == []


def drafted(world: World, outcome: str = "support", *, decide: bool = True) -> str:
    """Bring a claim with two requests to a checked draft."""
    number = world.to_accepted("2025-03-03")
    for request in (1, 2):
        ask(world, number, request, "handler")
    world.act(
        "handler",
        "decide_request",
        number,
        on="2025-03-10",
        request=1,
        request_outcome=outcome,
        texts={"answer": "支持"},
    )
    if decide:
        world.act(
            "handler",
            "decide_request",
            number,
            on="2025-03-10",
            request=2,
            request_outcome="explain",
            texts={"answer": "已公示"},
        )
    world.act("handler", "draft", number, on="2025-03-10", outcome=outcome, texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11")
    return number


def test_an_opinion_that_leaves_a_request_open_is_not_issued(world: World) -> None:
    number = drafted(world, decide=False)
    with pytest.raises(PetitionError, match=r"request 2.*R22 32"):
        world.act("head", "sign", number, on="2025-03-12")
    assert world.case(number).state == "checked"


def test_one_that_answers_every_request_is_issued(world: World) -> None:
    number = drafted(world)
    world.act("head", "sign", number, on="2025-03-12")
    assert world.case(number).state == "decided"
