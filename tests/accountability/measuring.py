"""Files of accountability in the invented district: proposed after an inquiry, decided by the
deputy secretary."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.queries import measures_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Document
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.law.duties.step import Step
from dengwen.organs.models import Appointment, Official
from tests.accountability.inquiries import (
    PAPER_SHOWN,
    Case,
    concluded,
    day_after,
    established,
    propose,
)
from tests.kept import at_first
from tests.world import PAPER, World, at

SAID = {
    "facts": "三件信访事项没有按期办理，信访人多次来访。",
    "responsibility": "承担领导责任。",
    "reasons": "情节与后果如上，符合细则第十一条第二项。",
    "goal": "三件事项办结并书面答复信访人。",
}
LIGHT: dict[str, Any] = {"light": True}
GRAVE: dict[str, Any] = {"harm": "serious", "influence": "serious"}
GRAVEST: dict[str, Any] = {"harm": "especially", "influence": "especially"}
SCOPE: dict[str, Any] = {"scope": "system"}
DEADLINE = date(2025, 6, 30)


def refused(code: str) -> Any:
    return pytest.raises(AccountabilityError, check=lambda error: error.code == code)


def late(second: str) -> dict[str, Any]:
    """Return what a late entry rests on: its reason, its paper, and a second person."""
    return {
        "late_reason": "停电期间纸质办理（示例）",
        "paper": PAPER,
        "second": official(second),
    }


def official(code: str) -> int:
    return Official.objects.get(code=code).pk


@at_first
def opened(
    world: World,
    who: str = "YJ02-Z",
    on: str = "2025-03-03",
    gravity: dict[str, Any] = GRAVEST,
    conduct: str = "",
) -> str:
    """Let the petition office inquire into somebody and propose, and the Party committee take
    the proposal up."""
    begun = (date.fromisoformat(on) - timedelta(days=20)).isoformat()
    case = concluded(world, who, begun, gravity, conduct=conduct or begun)
    proposed = {"especially": "removal", "serious": "admonition"}.get(
        str(gravity.get("harm")), "circular"
    )
    number = propose(case, proposed, who=who, on=on)
    return answered(world, number, on)


def answered(world: World, number: str, on: str) -> str:
    """Let the Party committee answer in writing that it takes a proposal up."""
    world.act(
        "committee", "answer_proposal", number, on=on, texts={"answer": "采纳"}, adopted="adopted"
    )
    return number


def opened_bare(
    world: World, who: str = "YJ02-Z", on: str = "2025-03-03", by: str = "committee", **more: Any
) -> str:
    """Let an organ open a file about a person by itself: nothing was found, told or heard yet."""
    post = (
        Appointment.objects.filter(official__code=who).select_related("post").order_by("pk").last()
    )
    assert post is not None
    given: dict[str, Any] = {
        "subject_official": official(who),
        "situations": ("S.11.2",),
        "unit": post.post.organ_id,
        "day_of_conduct": date(2025, 2, 3),
        **more,
    }
    return world.act(
        by, "open_own", kind="accountability", on=on, texts={"facts": SAID["facts"]}, **given
    ).case


def opened_on_organ(world: World, code: str = "YJ02", on: str = "2025-03-03") -> str:
    """Let the petition office inquire into the housing bureau and propose measures on it."""
    begun = (date.fromisoformat(on) - timedelta(days=20)).isoformat()
    case = concluded(world, "YJ02-Z", begun, conduct=begun)
    return answered(world, propose(case, "organ_circular", organ=code, on=on), on)


def opened_bare_on_organ(
    world: World, code: str = "YJ02", on: str = "2025-03-03", by: str = "committee"
) -> str:
    """Let an organ open a file about an organ by itself."""
    given: dict[str, Any] = {
        "subject_organ": world.organ(code),
        "unit": world.organ(code),
        "situations": ("S.11.2",),
        "day_of_conduct": date(2025, 2, 3),
    }
    texts = {"facts": SAID["facts"]}
    return world.act(by, "open_own", kind="accountability", on=on, texts=texts, **given).case


def honours(world: World, year: int = 2025) -> dict[str, Any]:
    """Whose comprehensive honours of the year an admonition cancels."""
    return {
        "area": world.organ("YJQ"),
        "department": world.organ("YJ02"),
        "unit": world.organ("YJ02"),
        "year": year,
    }


def rectified(world: World, deadline: date = DEADLINE) -> dict[str, Any]:
    """Who rectifies until when."""
    return {"rectifier": world.organ("YJ02"), "deadline": deadline}


ALONE = ("gov_", "unit_")
"""Measures for which it is stated that no other body gave one."""


def decide(
    world: World,
    number: str,
    *measures: str,
    on: str = "2025-04-01",
    who: str = "decider",
    by: str = "YJW-S",
    texts: dict[str, str] | None = None,
    **more: Any,
) -> Performed:
    """Let somebody decide; by default the deputy secretary of the Party committee."""
    given: dict[str, Any] = {
        "decider": official(by),
        "measures": measures,
        "status": "civil_servant",
        **({"no_other_sanction": True} if any(m.startswith(ALONE) for m in measures) else {}),
        **({"party_member": "yes"} if any(m.startswith("party_") for m in measures) else {}),
        **more,
    }
    return world.act(who, "decide", number, on=on, texts=SAID | (texts or {}), **given)


def circular(
    world: World, number: str, on: str = "2025-04-01", deadline: date = DEADLINE, **more: Any
) -> Performed:
    """Decide a sound circular, said in the own system."""
    given: dict[str, Any] = {"scope": "system", "circulated_to": ("YJ03", "YJ04"), **more}
    return decide(world, number, "circular", on=on, **LIGHT, **rectified(world, deadline), **given)


def serve(world: World, number: str, on: str = "2025-04-03") -> Performed:
    """Serve a decision on the day it is received."""
    return world.act(
        "committee",
        "serve_decision",
        number,
        on=on,
        received_on=date.fromisoformat(on),
        how="in_person",
    )


def found_here(
    world: World,
    number: str,
    who: str = "YJ02-Z",
    on: str = "2025-03-20",
    by: str = "sanction-officer",
    staff: tuple[str, str] = ("YJ09-G", "YJ09-T"),
    gravity: dict[str, Any] = GRAVEST,
) -> Case:
    """Do in an organ's own file what an inquiry does: two investigators, evidence, elements,
    told, heard, confirmed."""
    case = Case(world, number, on, by)
    for code in staff:
        case.act("name_investigator", official=official(code), declared="none")
    item = case.act(
        "pin_evidence", texts={"shows": "逾期没有办理"}, papers=(PAPER_SHOWN,), disclose="open"
    )
    established(case, item)
    case.deed(who, item, on=case.made.day.isoformat())
    case.tell(who, until=day_after(on))
    case.act("hear", texts={"statement": "没有异议"}, official=official(who), how="heard")
    case.confirm_all_of(who)
    case.act("find_gravity", texts={"reasons": "见证据"}, evidence=(str(item),), **gravity)
    case.settle()
    return case


def missed(world: World, number: str, on: str, who: str = "YJ02-Z") -> None:
    """Record that a goal was missed, and tell and hear the person again."""
    world.act("committee", "reject_rectification", number, on=on, texts={"why": "两件没有办结"})
    heard_again(world, number, on, who)


def heard_again(world: World, number: str, on: str, who: str = "YJ02-Z") -> None:
    """Tell and hear the person again after a goal was missed, by staff of the deciding organ."""
    case = Case(world, number, on, "committee")
    case.tell(who, until=day_after(on), facts="整改目标没有达到")
    case.act("hear", texts={"statement": "一件正在诉讼"}, official=official(who), how="heard")
    case.settle()


def papers(number: str) -> list[str]:
    """Return the numbers of the papers a file has got, the answer to its proposal apart."""
    found = (
        Document.objects.filter(case__number=number).exclude(rule="proposal_answer").order_by("pk")
    )
    kinds = rulebooks.in_force(date(2025, 4, 1), "500199", at("2025-04-01")).book.kinds[
        "accountability"
    ]
    return [kinds.documents[rule].number for rule in found.values_list("rule", flat=True)]


@at_first
def sanctioned(world: World, /, *measures: str, find: bool = True, **more: Any) -> str:
    """Let the discipline and supervision commission open a file of its own on the head of a
    bureau and decide."""
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    if find:
        found_here(world, number)
    decide(world, number, *measures, who="sanction-head", by="YJ09-Q", **LIGHT, **more)
    return number


def untouched(who: str = "YJ02-Z") -> bool:
    """Whether nothing was decided on somebody."""
    return measures_of(official(who)) == []


def as_head(world: World, who: str, organ: str, step: Step) -> None:
    """Do a step as somebody with the capacity of a head of an organ."""
    world.count += 1
    by = By(world.office.users[who].pk, world.organ(organ), frozenset({"head"}))
    perform(step, by=by, now=at("2025-04-01"), uid=f"t/head/{world.count}")
