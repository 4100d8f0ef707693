"""The states of affairs of an inquiry for `forbidden.toml`: just opened, told, heard, complete; a
lead that rests on nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.accountability.forbidden_facts import Named, facts
from tests.accountability.inquiries import RECORD, Case, official, opened, ready
from tests.world import World


@facts
def inquiry_opened(world: World) -> Named:
    """An inquiry with its two investigators and nothing on the board."""
    return {"file": opened(world).number}


@facts
def inquiry_told(world: World) -> Named:
    """An inquiry in which the person was told and may answer for two weeks."""
    case, board, deed = ready(world)
    case.tell("YJ02-L")
    return {"file": case.number, "item": str(board), "deed": str(deed)}


@facts
def inquiry_heard(world: World) -> Named:
    """The same, the person heard in person; one investigator recorded that they do not sign."""
    named = inquiry_told(world)
    case = Case(world, named["file"])
    said = {"statement": "没有意见"}
    case.done("hear", texts=said, official=official("YJ02-L"), how="heard", record=(RECORD,))
    why = {"reasons": "看过以后不签"}
    who: dict[str, Any] = {"official": official("YJ02-L"), "investigator": official("YJ01-Z")}
    case.done("refuse_signature", texts=why, **who)
    return named


@facts
def inquiry_whole(world: World) -> Named:
    """An inquiry that lacks nothing but the signatures of the investigators."""
    case, board, deed = ready(world)
    for code in ("YJ02-Z", "YJ02-F"):
        case.act("add_person", texts={"reasons": "领导"}, official=official(code))
    for code in ("YJ02-L", "YJ02-Z", "YJ02-F"):
        case.tell(code)
        case.act("hear", texts={"statement": "没有意见"}, official=official(code), how="heard")
    case.confirm_all()
    case.settle()
    return {"file": case.number, "item": str(board), "deed": str(deed)}


@facts
def lead_on_hearsay(world: World) -> Named:
    """A lead that rests on no act and on no paper."""
    number = world.act(
        "supervisor",
        "raise_lead",
        kind="lead",
        on="2025-05-06",
        texts={"facts": "听说逾期至今", "innocent": "有替班登记"},
        unit=world.organ("YJ02"),
        situations=("S.11.2",),
        strength="acts",
        day_of_conduct=date(2025, 4, 1),
        finder="person",
    ).case
    return {"file": number}
