"""Whatever is asked of a decision: nothing without a finding, nothing heavier, nobody freed by
law condemned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.line_rules import bearing
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.responsibility import Ground, objected
from dengwen.accountability.measures.grounds import finding_of
from dengwen.accountability.measures.queries import read_file
from dengwen.cases import rulebooks
from dengwen.cases.models import Case as CaseRow
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from dengwen.law.liability.attribution import (
    HEAD,
    MEMBER,
    Decision,
    Portfolio,
    Position,
    Post,
    attribute,
)
from dengwen.law.liability.ladder import Earlier, Gravity, rungs
from dengwen.law.liability.provisions import in_force
from dengwen.oversight.inspections.queries import Told
from tests.accountability.inquiries import (
    concluded,
)
from tests.accountability.measuring import (
    LIGHT,
    SAID,
    circular,
    honours,
    missed,
    official,
    opened,
    opened_bare,
    serve,
)
from tests.world import World, at


@dataclass(frozen=True)
class Files:
    """Files of one world: the finding each may rest on, if any."""

    hearsay: str
    light: str
    grave: str
    missed: str
    inquiries: tuple[str, ...]


def files(world: World) -> Files:
    """Make a file on hearsay, two after inquiries, and one whose goal was missed with the person
    heard again."""
    light = opened(
        world, gravity=LIGHT | {"harm": "none", "influence": "none"}, conduct="2025-01-06"
    )
    grave = opened(world, conduct="2025-01-13")
    goal = opened(world, conduct="2025-01-20")
    circular(world, goal)
    serve(world, goal)
    missed(world, goal, "2025-07-03")
    about_staff = concluded(world, "YJ02-L", conduct="2025-01-27")
    hearsay = opened_bare(world, on="2025-07-03")
    of_grave = read_file(CaseRow.objects.get(number=grave)).inquiry
    return Files(hearsay, light, grave, goal, (about_staff.number, of_grave))


MEASURES = (
    "circular",
    "admonition",
    "suspension",
    "removal",
    "demotion",
    "gov_warning",
    "party_expulsion",
    "unit_demerit",
    "talk",
    "organ_circular",
    "reorganisation",
)
GRADE = st.sampled_from(["", "none", "serious", "especially"])


@given(data=st.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_whatever_is_asked_nothing_is_decided_without_a_finding_or_heavier_than_it(
    world: World, data: Any
) -> None:
    """Nothing without a confirmed finding about that subject or a missed goal, and nothing
    heavier than that opens."""
    if not CaseRow.objects.filter(kind="accountability").exists():
        _files.append(files(world))
    made = _files[-1]
    number = data.draw(st.sampled_from([made.hearsay, made.light, made.grave, made.missed]))
    fields: dict[str, Any] = {
        "decider": official("YJW-S"),
        "status": "civil_servant",
        "scope": "system",
        "measures": tuple(
            data.draw(st.lists(st.sampled_from(MEASURES), min_size=1, max_size=2, unique=True))
        ),
        "rectifier": world.organ("YJ02"),
        "deadline": date(2025, 12, 1),
        **honours(world),
    }
    for name in ("harm", "influence"):
        grade = data.draw(GRADE)
        fields |= {name: grade} if grade else {}
    fields |= {"light": True} if data.draw(st.booleans()) else {}
    inquiry = data.draw(st.sampled_from(["", *made.inquiries]))
    fields |= {"inquiry": inquiry} if inquiry else {}
    before = read_file(CaseRow.objects.get(number=number))
    world.count += 1
    step = Step(act="decide", case=number, fields=fields, texts=SAID)
    try:
        perform(step, by=world.by("decider"), now=at("2025-07-07"), uid=f"p/{world.count}")
    except (Refused, AccountabilityError):
        assert len(read_file(CaseRow.objects.get(number=number)).decisions) == len(before.decisions)
        return
    _sound(made, number, inquiry, fields)


_files: list[Files] = []


def _sound(made: Files, number: str, inquiry: str, fields: dict[str, Any]) -> None:
    """Judge a decision that was let through by the law core alone, apart from the door's own
    code."""
    file = read_file(CaseRow.objects.get(number=number))
    found = finding_of(file, inquiry)
    assert found is not None
    assert found.made.concluded is not None
    lines = [
        told for (who, _ground, _kind), told in found.made.lines.items() if who == file.official
    ]
    assert any(told.data["responsibility"] != "none" for told in lines)
    assert circumstances_met(found.made, found.rules)
    rules = in_force(rulebooks.library(), date(2025, 7, 7), file.case.place)
    if number == made.missed:
        earlier = [Earlier("13", date(2025, 4, 1), "—", date(2025, 6, 30), met=False)]
        gravity = Gravity()
    else:
        earlier = []
        gravity = replace(found.gravity, reasons="示例")
    allowed: set[str] = set()
    for answer in rungs(rules, gravity, earlier, date(2025, 7, 7)):
        if answer.open:
            allowed.update(answer.rung.measures)
    lighter = {"removal": 3, "suspension": 3, "demotion": 3, "admonition": 2, "circular": 1}
    heaviest = max(lighter[m] for m in allowed if m in lighter)
    assert all(lighter.get(m, 99) <= heaviest for m in fields["measures"])


STANCES = st.sampled_from(["for", "objected", "reserved", "silent"])
MET_ON, PEOPLE = date(2025, 2, 3), ("1", "2", "3", "4")
"""The day of a meeting; its head, the leader in charge and two other members."""


def positions_of(stances: list[tuple[str, bool, bool]], *, adopted: bool) -> tuple[Position, ...]:
    """Return what each of the four said: the stance, whether there, whether it is on record."""
    return tuple(
        Position(
            who,
            present=there,
            took_part=there,
            stance=stance,
            recorded=recorded,
            followed=not adopted,
        )
        for who, (stance, there, recorded) in zip(PEOPLE, stances, strict=True)
    )


def attributed(positions: tuple[Position, ...]) -> Ground:
    """Return the decision of the four with the lines the law proposes."""
    since = date(2018, 1, 1)
    head, *members = PEOPLE
    posts = [Post(head, "9", HEAD, since), *(Post(one, "9", MEMBER, since) for one in members)]
    lines = attribute(
        rulebooks.library(),
        posts,
        [Portfolio("2", "9", "petitions", since)],
        [Decision("9", "petitions", MET_ON, positions)],
        place="500199",
    )
    free = frozenset(int(one.official) for one in positions if objected(one))
    return Ground(1, considered(), 9, MET_ON, tuple(lines), free)


def considered(data: dict[str, Any] | None = None) -> Told:
    """Return an act of the inquiry, with what it says."""
    day = at(MET_ON)
    return Told(
        1, "u", 1, "consider_decision", data or {}, {}, None, None, day, day, imported=False
    )


@given(
    stances=st.lists(st.tuples(STANCES, st.booleans(), st.booleans()), min_size=4, max_size=4),
    found=st.lists(
        st.sampled_from(["main", "important", "leadership", "direct", "none"]),
        min_size=4,
        max_size=4,
    ),
    adopted=st.booleans(),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_nobody_freed_by_law_is_condemned_whatever_was_confirmed(
    stances: list[tuple[str, bool, bool]], found: list[str], adopted: bool
) -> None:
    """S and P16 11 para. 2: who objected and was not followed, and another member who took no
    part, bear nothing."""
    positions = positions_of(stances, adopted=adopted)
    ground = attributed(positions)
    made = Inquiry("n", "500199", None, ())
    for who, responsibility in zip(PEOPLE, found, strict=True):
        line = considered({"responsibility": responsibility})
        made.lines[int(who), 1, "collective"] = line
    away = {int(p.official) for p in positions if not p.took_part}
    away -= {1, 2}  # the head and the leader in charge apart
    for position in positions:
        person = int(position.official)
        bears = bearing(made, person, {1: ground})
        assert not (bears and person in ground.objectors | away)
        if bears and person in (1, 2):
            assert bears[0].absent == (not position.took_part)
            reserved = position.stance in ("objected", "reserved") and position.recorded and adopted
            assert bears[0].dissent == (("AC19",) if reserved else ())
