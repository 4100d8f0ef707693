"""The states of affairs of `forbidden.toml`: each builds files in the invented district and returns
what its lines call by name (`@file`, `@inquiry`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from dengwen.accountability.measures.queries import read_file
from dengwen.cases.models import Act
from dengwen.cases.models import Case as CaseRow
from tests.accountability.inquiries import concluded, propose
from tests.accountability.inquiries import opened as inquire
from tests.accountability.measuring import (
    LIGHT,
    circular,
    decide,
    found_here,
    missed,
    official,
    opened,
    opened_bare,
    sanctioned,
    serve,
)
from tests.world import World

Named = dict[str, str]
FACTS: dict[str, Callable[[World], Named]] = {}


def facts(build: Callable[[World], Named]) -> Callable[[World], Named]:
    """Enter a state of affairs under the name of its function."""
    FACTS[build.__name__] = build
    return build


@facts
def nothing(_world: World) -> Named:
    """Nobody inquired into anything."""
    return {}


@facts
def hearsay(world: World) -> Named:
    """A file the committee opened by itself; an inquiry about somebody else, one under way, and one
    that found no responsibility."""
    none: dict[str, Any] = LIGHT | {"harm": "none", "influence": "none"}
    running = inquire(
        world, "2025-02-10", official=official("YJ02-Z"), day_of_conduct=date(2025, 2, 3)
    )
    return {
        "running": running.number,
        "freed": concluded(world, outcome="no_responsibility", gravity=none).number,
        "other": concluded(world, "YJ02-L").number,
        "file": opened_bare(world),
    }


@facts
def proposed(world: World) -> Named:
    """A file after an inquiry and its proposal, answered; the gravest was found."""
    number = opened(world)
    return {"file": number, "inquiry": read_file(CaseRow.objects.get(number=number)).inquiry}


@facts
def unanswered(world: World) -> Named:
    """A proposal as it arrived, with what it said, not answered yet."""
    number = propose(concluded(world, "YJ02-Z"), "removal", who="YJ02-Z", on="2025-03-03")
    row = Act.objects.get(case__number=number, act="receive_proposal")
    said = {"letter": str(row.data["letter"]), "situations": ",".join(row.data["situations"])}
    return {"file": number, "inquiry": str(row.data["inquiry"]), **said}


@facts
def light(world: World) -> Named:
    """A file after an inquiry that found light circumstances."""
    return {"file": opened(world, gravity=LIGHT | {"harm": "none", "influence": "none"})}


@facts
def handed(world: World) -> Named:
    """What the committee handed over, as it arrived at the supervisory organ."""
    number = opened(world)
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-10",
        to=world.organ("YJ09"),
        matter="sanction",
        texts={"suspected": "应当给予政务处分"},
    )
    arrived = CaseRow.objects.get(kind="accountability", holder__code="YJ09")
    return {"file": arrived.number}


@facts
def own_sanction(world: World) -> Named:
    """A file of the supervisory organ with its own findings, complete."""
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, number)
    return {"file": number}


@facts
def own_bare(world: World) -> Named:
    """A file of the supervisory organ in which nobody was told or heard."""
    return {"file": opened_bare(world, on="2025-03-04", by="sanction-officer")}


@facts
def sanction_given(world: World) -> Named:
    """A demerit given, and a second file of the same body on the same situation, complete."""
    first = sanctioned(world, "gov_demerit")
    second = opened_bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, second)
    return {"first": first, "file": second}


@facts
def decided(world: World) -> Named:
    """A circular decided, not served."""
    number = opened(world)
    circular(world, number)
    return {"file": number}


@facts
def served(world: World) -> Named:
    """A circular decided and served, to be rectified until the end of June."""
    named = decided(world)
    serve(world, named["file"])
    return named


@facts
def reported(world: World) -> Named:
    """A rectification reported by the person concerned."""
    named = served(world)
    fields: dict[str, Any] = {"subject_official": official("YJ02-Z")}
    texts = {"done": "两件办结"}
    world.act("head", "report_rectification", named["file"], on="2025-05-06", texts=texts, **fields)
    return named


@facts
def goal_missed(world: World) -> Named:
    """A goal missed after its day, nobody heard again."""
    named = served(world)
    texts = {"why": "两件没有办结"}
    world.act("committee", "reject_rectification", named["file"], on="2025-07-03", texts=texts)
    return named


@facts
def heard_again(world: World) -> Named:
    """A goal missed after its day, the person told and heard again."""
    named = served(world)
    missed(world, named["file"], "2025-07-03")
    return named


@facts
def removed(world: World) -> Named:
    """A removal decided and served."""
    number = opened(world)
    decide(world, number, "removal", harm="especially", influence="especially")
    serve(world, number)
    return {"file": number}


@facts
def appealed(world: World) -> Named:
    """An appeal against a circular, taken up by the committee."""
    named = served(world)
    fields: dict[str, Any] = {
        "decision": named["file"],
        "measure": "circular",
        "appellant": official("YJ02-Z"),
        "route": "ac19",
        "instance": "first",
        "to": world.organ("YJW"),
    }
    texts = {"grounds": "两件已按期办结"}
    made = world.act(
        "head", "appeal", kind="accountability_appeal", on="2025-04-10", texts=texts, **fields
    )
    world.act("committee", "take_up", made.case, on="2025-04-11")
    return {**named, "appeal": made.case}
