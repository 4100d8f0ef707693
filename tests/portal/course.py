"""A submitted claim brought along its course: accepted, decided, served."""

from __future__ import annotations

from tests.portal.petitioner import CLAIM
from tests.world import PAPER, World

OPINION = {
    "claim": "修复屋面",
    "facts_reasons": "经查属实",
    "opinion": "支持",
    "legal_basis": "示例条例第一条",
}


def accepted(world: World, number: str) -> None:
    """Bring a submitted claim to acceptance by the housing bureau."""
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")
    world.act("handler", "accept", number, on="2025-03-04", texts={"procedure": "信访程序"})


def decided(world: World, number: str) -> None:
    """Decide the first request and sign the opinion, not served yet."""
    answer = {"answer": "年底以前修复屋面"}
    world.act(
        "handler",
        "decide_request",
        number,
        on="2025-03-10",
        request=1,
        request_outcome="support",
        texts=answer,
    )
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11", texts={"remarks": "内部审核意见"})
    world.act("head", "sign", number, on="2025-03-12")


def served(world: World, number: str) -> None:
    """Serve the opinion on 2025-03-13."""
    world.act(
        "handler",
        "serve",
        number,
        on="2025-03-13",
        way="direct",
        proof=PAPER,
        texts={"witness": "王示例"},
    )
