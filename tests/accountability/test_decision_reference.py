"""Random files, persons and organs, decided on or refused as a small model of the rules says.

The model knows nothing of the code that decides: it is told how each file and each inquiry came
about, and judges every decision that was let through.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.queries import read_file
from dengwen.cases.models import Case as CaseRow
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from tests.accountability.forbidden import undone
from tests.accountability.inquiries import concluded
from tests.accountability.measuring import (
    LIGHT,
    SAID,
    circular,
    found_here,
    honours,
    missed,
    official,
    opened,
    opened_bare,
    opened_on_organ,
    serve,
)
from tests.world import World, at

DAY = "2025-07-07"
NONE, SERIOUS, ESPECIALLY = 0, 1, 2
LIGHTLY: dict[str, Any] = LIGHT | {"harm": "none", "influence": "none"}
GRADES = {"": NONE, "none": NONE, "serious": SERIOUS, "especially": ESPECIALLY}
RUNG = {"circular": 13, "admonition": 14} | dict.fromkeys(
    ("suspension", "post_adjustment", "ordered_resignation", "demotion", "removal"), 15
)
ON_ORGANS = ("self_criticism", "organ_circular")
GOVERNMENT, UNIT = ("gov_warning", "gov_demerit"), ("unit_warning", "unit_dismissal")
PARTY = ("party_warning", "party_expulsion")
ELSE = ("reorganisation", "talk", "fine")
MEASURES = (*RUNG, *ON_ORGANS, *GOVERNMENT, *UNIT, *PARTY, *ELSE)
DECIDERS = {  # account: organ and person
    "decider": ("YJW", "YJW-S"),
    "sanction-head": ("YJ09", "YJ09-Q"),
    "head": ("YJ02", "YJ02-Z"),
    "head2": ("YJ03", "YJ03-C"),
}


@dataclass(frozen=True)
class Inquired:
    """An inquiry that was concluded: whether it found the head of the bureau (and with him the
    bureau) responsible, and how gravely."""

    about_head: bool
    grade: int = NONE


@dataclass(frozen=True)
class Made:
    """A file as it came about: whose it is, what was found about whom, and whether they were told
    and heard."""

    number: str
    holder: str
    on_person: bool
    inquiry: str = ""
    found: bool = False
    heard: bool = False
    grade: int = NONE
    goal_missed: bool = False
    for_sanction: bool = False


def made_of(world: World) -> tuple[list[Made], dict[str, Inquired]]:
    """Make one file of each sort, each about other conduct, and tell of the inquiries."""
    light = opened(world, gravity=LIGHTLY, conduct="2025-01-06")
    grave = opened(world, conduct="2025-01-13")
    waiting = opened(world, conduct="2025-01-20")
    circular(world, waiting)
    serve(world, waiting)
    unheard = waiting_again(world)
    missed(world, waiting, "2025-07-03")
    organ = opened_on_organ(world)
    own = opened_bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, own)
    bare = opened_bare(world, on="2025-03-04", by="sanction-officer")
    hearsay = opened_bare(world, on="2025-03-04")
    staff = concluded(world, "YJ02-L", conduct="2025-01-27").number
    sound: dict[str, Any] = {"found": True, "heard": True}
    files = [
        Made(light, "YJW", True, _inquiry(light), **sound),
        Made(grave, "YJW", True, _inquiry(grave), grade=ESPECIALLY, **sound),
        Made(waiting, "YJW", True, _inquiry(waiting), grade=ESPECIALLY, goal_missed=True, **sound),
        Made(
            unheard, "YJW", True, _inquiry(unheard), grade=ESPECIALLY, goal_missed=True, found=True
        ),
        Made(organ, "YJW", False, _inquiry(organ), grade=ESPECIALLY, **sound),
        Made(own, "YJ09", True, for_sanction=True, grade=ESPECIALLY, **sound),
        Made(bare, "YJ09", True, for_sanction=True),
        Made(hearsay, "YJW", True),
    ]
    known = {one.inquiry: Inquired(True, one.grade) for one in files if one.inquiry}
    return files, {**known, staff: Inquired(about_head=False)}


def waiting_again(world: World) -> str:
    """Return a file whose goal was missed, the person not heard again."""
    number = opened(world, conduct="2025-02-17", on="2025-03-10")
    circular(world, number)
    serve(world, number)
    world.act(
        "committee", "reject_rectification", number, on="2025-07-03", texts={"why": "没有办结"}
    )
    return number


def _inquiry(number: str) -> str:
    """Return the inquiry a file was proposed from."""
    return read_file(CaseRow.objects.get(number=number)).inquiry


# --- the model ------------------------------------------------------------------------------------
def wrong(
    made: Made, who: str, fields: dict[str, Any], inquiries: dict[str, Inquired]
) -> list[str]:
    """Return why a decision must not be taken, by the rules alone; empty where none forbids it."""
    organ, _person = DECIDERS[who]
    found = [] if organ == made.holder else ["another body"]
    named = fields.get("inquiry", "")
    if named and named != made.inquiry:
        made, why = _resting_elsewhere(made, inquiries[named])
        found += why
    if not made.found or not made.heard:
        found.append("no finding, or nobody told and heard")
    for measure in fields["measures"]:
        found += _of_measure(made, measure, fields)
    return found


def _resting_elsewhere(made: Made, inquiry: Inquired) -> tuple[Made, list[str]]:
    """Return a file as it rests on another inquiry than its own: only before any is proposed, or
    after a decision, and only on one about the same person (S 11, 17)."""
    found = []
    if made.inquiry and not made.goal_missed:
        found.append("another inquiry than the one proposed")
    if not inquiry.about_head:
        found.append("an inquiry about somebody else")
    return replace(made, found=True, heard=True, grade=inquiry.grade, goal_missed=False), found


def _of_measure(made: Made, measure: str, fields: dict[str, Any]) -> list[str]:
    """Return what forbids one measure in a file."""
    if measure in ELSE:
        return ["no measure of accountability"]
    if (measure in ON_ORGANS) == made.on_person:
        return ["another subject"]
    if measure in UNIT:
        return ["the appointing organ's"]
    if measure in GOVERNMENT + PARTY:
        return [] if made.for_sanction else ["a sanction apart"]
    if made.for_sanction:
        return ["sanctions only"]
    return _too_heavy(made, measure, fields)


def _too_heavy(made: Made, measure: str, fields: dict[str, Any]) -> list[str]:
    """Return what closes the rung of a measure: the gravity found, or the rung a missed goal
    opens (S 13–15)."""
    if measure not in RUNG:
        return []
    if made.goal_missed:
        return [] if RUNG[measure] == 14 else ["not the next rung"]
    both = min(GRADES[fields.get("harm", "")], GRADES[fields.get("influence", "")])
    either = max(GRADES[fields.get("harm", "")], GRADES[fields.get("influence", "")])
    if either > made.grade:
        return ["heavier than found"]
    if RUNG[measure] == 15 and both < ESPECIALLY:
        return ["not especially grave"]
    if RUNG[measure] == 14 and either < SERIOUS:
        return ["not grave"]
    return []


TURNS = 80
MOST_TURNS = 800
"""So many decisions are drawn from one seed, where none of the first ones was lawful."""


# --- random decisions -----------------------------------------------------------------------------
@pytest.mark.long(keep=1, ci=3)
@pytest.mark.parametrize("seed", range(25))
def test_what_is_decided_is_what_a_small_model_of_the_rules_allows(world: World, seed: int) -> None:
    """Eighty decisions a seed, two thousand in all, and more until one was lawful; each is taken
    back before the next."""
    print(f"seed {seed}")
    draw = random.Random(seed)
    files, inquiries = made_of(world)
    taken = 0
    for turn in range(MOST_TURNS):
        if turn >= TURNS and taken:
            break
        made = draw.choice(files)
        who, fields = _drawn(world, draw, made, list(inquiries))
        with undone():
            through = _let_through(world, made, who, fields)
        broken = wrong(made, who, fields, inquiries)
        assert not (through and broken), (seed, made, who, fields, broken)
        taken += through
    assert taken > 0, seed


def _drawn(
    world: World, draw: random.Random, made: Made, inquiries: list[str]
) -> tuple[str, dict[str, Any]]:
    """Return somebody who decides, and what; half of the time the organ whose file it is."""
    right = next(name for name, (organ, _person) in DECIDERS.items() if organ == made.holder)
    who = draw.choice([right, right, right, *DECIDERS])
    fields: dict[str, Any] = {
        "decider": official(DECIDERS[who][1]),
        "measures": tuple(draw.sample(MEASURES, draw.choice([1, 1, 1, 2]))),
        "status": "civil_servant",
        "party_member": "yes",
        "scope": "system",
        "rectifier": world.organ("YJ02"),
        "deadline": date(2025, 12, 1),
        "no_other_sanction": True,
        **honours(world),
    }
    grade = draw.choice(["", "none", "serious", "especially"])
    fields |= {"harm": grade, "influence": grade} if grade else {}
    if draw.random() < 0.2:
        fields["influence"] = draw.choice(["none", "serious", "especially"])
    fields |= {"light": True} if not grade or draw.random() < 0.3 else {}
    if draw.random() < 0.2:
        fields["inquiry"] = draw.choice(inquiries)
    return who, fields


def _let_through(world: World, made: Made, who: str, fields: dict[str, Any]) -> bool:
    """Decide; say whether it was taken."""
    world.count += 1
    step = Step(act="decide", case=made.number, fields=fields, texts=SAID)
    try:
        perform(step, by=world.by(who), now=at(DAY), uid=f"m/{world.count}")
    except (Refused, AccountabilityError):
        return False
    return True
