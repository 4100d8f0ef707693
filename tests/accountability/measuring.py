"""Files of accountability in the invented district: opened by the Party committee, decided by its deputy secretary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.cases.perform import Performed
from dengwen.organs.models import Official
from tests.world import World

SAID = {
    "facts": "三件信访事项没有按期办理，信访人多次来访。",
    "responsibility": "承担领导责任。",
    "reasons": "情节与后果如上，符合细则第十一条第二项。",
    "goal": "三件事项办结并书面答复信访人。",
}
LIGHT: dict[str, Any] = {"light": True}
GRAVE: dict[str, Any] = {"harm": "serious", "influence": "serious"}
GRAVEST: dict[str, Any] = {"harm": "especially", "influence": "especially"}
DEADLINE = date(2025, 6, 30)


def refused(code: str) -> Any:
    return pytest.raises(AccountabilityError, check=lambda error: error.code == code)


def official(code: str) -> int:
    return Official.objects.get(code=code).pk


def opened(world: World, who: str = "YJ02-Z", on: str = "2025-03-03", by: str = "committee") -> str:
    """Let the Party committee open a file about a person."""
    given: dict[str, Any] = {"subject_official": official(who), "situations": ("S.11.2",)}
    return world.act(by, "open_own", kind="accountability", on=on, texts={"facts": SAID["facts"]}, **given).case


def opened_on_organ(world: World, code: str = "YJ02", on: str = "2025-03-03", by: str = "committee") -> str:
    """Let the Party committee open a file about an organ."""
    given: dict[str, Any] = {"subject_organ": world.organ(code), "situations": ("S.11.2",)}
    texts = {"facts": SAID["facts"]}
    return world.act(by, "open_own", kind="accountability", on=on, texts=texts, **given).case


def honours(world: World, year: int = 2025) -> dict[str, Any]:
    """Whose comprehensive honours of the year an admonition cancels."""
    return {"area": world.organ("YJQ"), "department": world.organ("YJ02"), "unit": world.organ("YJ02"), "year": year}


def rectified(world: World, deadline: date = DEADLINE) -> dict[str, Any]:
    """Who rectifies until when."""
    return {"rectifier": world.organ("YJ02"), "deadline": deadline}


def decide(
    world: World, number: str, *measures: str, on: str = "2025-04-01", who: str = "decider", by: str = "YJW-S",
    texts: dict[str, str] | None = None, **more: Any,
) -> Performed:
    """Let somebody decide; by default the deputy secretary of the Party committee."""
    given: dict[str, Any] = {"decider": official(by), "measures": measures, "status": "civil_servant", **more}
    return world.act(who, "decide", number, on=on, texts=SAID | (texts or {}), **given)


def circular(world: World, number: str, on: str = "2025-04-01", deadline: date = DEADLINE, **more: Any) -> Performed:
    """Decide a sound circular, said in the own system."""
    given: dict[str, Any] = {"scope": "system", "circulated_to": ("YJ03", "YJ04"), **more}
    return decide(world, number, "circular", on=on, **LIGHT, **rectified(world, deadline), **given)


def serve(world: World, number: str, on: str = "2025-04-03") -> Performed:
    """Serve a decision on the day it is received."""
    return world.act("committee", "serve_decision", number, on=on, received_on=date.fromisoformat(on), how="in_person")


def heard(world: World, number: str, on: str = "2025-03-20", **more: Any) -> Performed:
    """Let the officer of the supervisory organ take down that the person was told and heard before a sanction."""
    days: dict[str, Any] = {"told_on": date(2025, 3, 14), "heard_on": date(2025, 3, 18), "how": "in_person"}
    texts = {"told": "拟给予政务处分", "statement": "没有异议", "verified": "与记录一致"}
    return world.act("sanction-officer", "hear_subject", number, on=on, texts=texts, **days | more)
