"""A review or re-examination is issued with the result that was drafted and checked, or drafted
anew (R22 35, 36)."""

from __future__ import annotations

import pytest

from dengwen.petitions.errors import PetitionError
from tests.world import PAPER, World

OPINION = {"claim": "修复", "facts_reasons": "属实", "opinion": "不予支持", "legal_basis": "第一条"}
REVIEWED = {"findings": "查明", "opinion": "维持原意见", "legal_basis": "第一条"}


def checked_review(world: World) -> str:
    """Bring a review to a checked draft that upholds; return its number."""
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on="2025-03-10", outcome="not_support", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-03-12")
    world.act("handler", "serve", number, on="2025-03-13", way="direct", proof=PAPER)
    made = world.act(
        "handler",
        "request_review",
        number,
        on="2025-03-20",
        texts={"request": "撤销", "reasons": "不服"},
    )
    review = next(act.case for act in made.acts if act.act == "lodge")
    world.act("reviewer", "draft", review, on="2025-03-25", outcome="uphold", texts=REVIEWED)
    world.act("review-checker", "check", review, on="2025-03-25")
    return review


@pytest.mark.parametrize("other", ["change", "revoke", "order_anew"])
def test_another_result_than_drafted_is_not_issued(world: World, other: str) -> None:
    review = checked_review(world)
    with pytest.raises(PetitionError, match="R22 35, 36"):
        world.act("review-head", "sign", review, on="2025-03-26", outcome=other)
    assert world.case(review).state == "checked"


def test_a_new_draft_is_issued_with_its_result(world: World) -> None:
    review = checked_review(world)
    world.act(
        "reviewer",
        "draft",
        review,
        on="2025-03-26",
        outcome="change",
        texts={**REVIEWED, "opinion": "变更"},
    )
    world.act("review-checker", "check", review, on="2025-03-26")
    with pytest.raises(PetitionError):
        world.act("review-head", "sign", review, on="2025-03-27", outcome="uphold")
    world.act("review-head", "sign", review, on="2025-03-27", outcome="change")
    assert world.case(review).state == "decided"
