"""Steps of an inspection for tests: planned, deposited, filed, opened, examined, concluded."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import viewer_of
from dengwen.cases.write.perform import perform
from dengwen.ledger.sequencer import tick
from dengwen.oversight.errors import OversightError
from dengwen.oversight.inspections.inspection_plan import RUNNING, filing_steps, shares, strata_of
from dengwen.oversight.inspections.published_plan import draw_now
from dengwen.oversight.inspections.queries import read_inspection
from tests.world import World, at

SECRET = bytes(range(32))
SALT = "5a" * 32
CHECKLIST = (
    "信访工作条例第二十二条第一款｜十五日内是否告知\n细则第八条｜是否说明解释\n｜答复是否送达"
)
YES = ("yes", "yes", "yes")


def refused(code: str) -> Any:
    return pytest.raises(OversightError, check=lambda error: error.code == code)


def planned(world: World, on: str = "2025-06-03") -> str:
    given: dict[str, Any] = {
        "type": "special",
        "to": world.organ("YJ02"),
        "texts": {"subject": "信访工作"},
    }
    return world.act("supervisor", "plan", kind="inspection", on=on, **given).case


def deposited(world: World, who: str = "handler3", organ: str = "YJ04") -> str:
    number = planned(world)
    world.act("supervisor", "ask_deposit", number, on="2025-06-03", depositor=world.organ(organ))
    world.act(who, "deposit", number, on="2025-06-04", secret_digest=sha256(SECRET).hexdigest())
    return number


def file_plan(
    world: World, number: str, size: int = 2, on: str = "2025-06-05", cases: int = 5
) -> list[str]:
    held = [world.to_accepted(f"2025-03-{3 + n:02}") for n in range(cases)]
    made = read_inspection(world.case(number))
    petition = rulebooks.in_force(date(2025, 6, 5), "500199", at(on)).book.kinds["petition"]
    viewer = viewer_of(world.office.users["supervisor"], date(2025, 6, 5))
    found = strata_of(
        viewer, date(2025, 6, 5), world.organ("YJ02"), petition, date(2025, 1, 1), date(2025, 6, 1)
    )
    assert set(held) <= set(found[RUNNING])
    steps = filing_steps(
        made,
        shares(found, size),
        inspecting=world.organ("YJ01"),
        scope="上半年",
        checklist=CHECKLIST,
        open_by=date(2025, 6, 12),
        salt=SALT,
    )
    perform(*steps, by=world.by("supervisor"), now=at(on), uid=f"plan/{number}")
    return held


def opened(world: World) -> str:
    number = deposited(world)
    file_plan(world, number)
    tick(now=at("2025-06-06"))
    world.act("handler3", "open_secret", number, on="2025-06-09", secret=SECRET.hex())
    return number


def draw_fields(number: str) -> dict[str, Any]:
    found = draw_now(read_inspection(Case.objects.get(number=number)))
    assert found is not None
    root = bytes(found.checkpoint.root).hex()
    return {
        "checkpoint": found.checkpoint.size,
        "root": root,
        "seed": found.seed.hex(),
        "count": len(found.numbers),
        "texts": {"drawn": "\n".join(found.numbers)},
    }


def examined(world: World) -> tuple[str, tuple[str, ...]]:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    drawn = read_inspection(world.case(number)).drawn
    world.act(
        "supervisor",
        "check_case",
        number,
        on="2025-06-11",
        subject=drawn[0],
        answers=("yes", "no", "na"),
        reply="poor",
        texts={"remarks": "第二项：卷内没有说明解释的记录"},
    )
    world.act(
        "supervisor",
        "check_case",
        number,
        on="2025-06-11",
        subject=drawn[1],
        answers=YES,
        reply="good",
    )
    return number, drawn


def concluded(world: World) -> str:
    number, drawn = examined(world)
    world.act("supervisor", "send_findings", number, on="2025-06-12", texts={"summary": "一项不符"})
    answer: dict[str, Any] = {"texts": {"answer": "已经口头说明，没有记录"}}
    world.act(
        "handler",
        "answer_finding",
        number,
        on="2025-06-16",
        subject=drawn[0],
        item=2,
        stand="partly",
        **answer,
    )
    listed: dict[str, Any] = {
        "line": 1,
        "owner": world.organ("YJ02"),
        "until": date(2025, 7, 1),
        "subject": drawn[0],
    }
    world.act(
        "supervisor",
        "list_finding",
        number,
        on="2025-06-17",
        item=2,
        texts={"what": "没有说明解释"},
        **listed,
    )
    end: dict[str, Any] = {
        "type": "special",
        "circular_scope": "system",
        "texts": {"findings": "一项整改"},
    }
    world.act("supervisor", "conclude", number, on="2025-06-18", **end)
    return number
