"""A decision on accountability in the invented district, for what comes after it: notice,
opinion, honours."""

from __future__ import annotations

from datetime import date
from typing import Any

from dengwen.organs.models import Official
from tests.accountability import measuring
from tests.kept import at_first
from tests.world import World

HEAD = "YJ02-Z"
"""The head of the housing bureau, managed by the district's Party committee."""
FACTS = "支持的处理意见两个月没有执行。"


def official(code: str = HEAD) -> Official:
    """Return somebody of the district."""
    return Official.objects.get(code=code)


def opened(world: World, on: str, code: str = HEAD) -> str:
    """Let the petition office inquire into an official and propose, the committee take it up;
    return the number."""
    return measuring.opened(world, code, on)


@at_first
def decided(
    world: World, on: str, *, measure: str = "admonition", code: str = HEAD, deadline: str = ""
) -> str:
    """Let the Party committee decide on one measure, with what must come along, and return the
    number of the file."""
    number = opened(world, on, code)
    year = int(on[:4])
    fields: dict[str, Any] = {
        "decider": official("YJW-S").pk,
        "measures": (measure,),
        "status": "civil_servant",
        "scope": "person",
        "rectifier": world.organ("YJ02"),
        "deadline": date.fromisoformat(deadline or f"{year}-12-01"),
    }
    if measure == "admonition":
        fields |= {
            "harm": "serious",
            "influence": "serious",
            "year": year,
            "area": world.organ("YJQ"),
            "department": world.organ("YJ02"),
            "unit": world.organ("YJ02"),
        }
    else:
        fields["light"] = True
    texts = {
        "facts": FACTS,
        "responsibility": "主要领导责任",
        "reasons": "事实清楚",
        "goal": "执行处理意见",
    }
    world.act("decider", "decide", number, on=on, texts=texts, **fields)
    return number


def notified(world: World, decision: str, on: str, facts: str = FACTS) -> str:
    """Let the Party committee notify both departments and return the number of the notification."""
    fields: dict[str, Any] = {"organisation": world.organ("YJZ"), "personnel": world.organ("YJ04")}
    done = world.act(
        "committee", "notify_personnel", decision, on=on, texts={"facts": facts}, **fields
    )
    return done.acts[-1].case
