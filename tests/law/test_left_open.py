"""A case that has ended leaves nobody a duty with a number of days, and a petition department
decides no path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from dengwen.law.duties.act_record import OPEN
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.step import FieldValue
from dengwen.law.duties.step_fields import field_refusals
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.law.packs.stranded_duties import everywhere, left_open
from dengwen.law.packs.vocabulary import BY
from dengwen.law.scenarios.defaults import fill
from tests.law.stage import BUREAU, LIBRARY, OFFICE, OTHER, Played

SORTING = (
    "sort",
    "sort_again",
    "route_reported",
    "direct_notice",
    "direct_again",
    "notify_transferred",
)
EDITIONS = (
    ("2010-03-01", ""),
    ("2017-06-01", "50"),
    ("2022-06-01", ""),
    ("2025-03-03", ""),
    ("2025-03-03", "37"),
)


def test_no_duty_with_a_term_is_left_open_in_any_edition() -> None:
    assert [str(error) for error in everywhere(LIBRARY)] == []


def petition(day: str = "2025-03-03") -> KindRule:
    return LIBRARY.rulebook(date.fromisoformat(day)).kind("petition")


def with_act(kind: KindRule, act: ActRule) -> KindRule:
    return replace(kind, acts={**kind.acts, act.id: act})


def test_a_path_told_by_a_petition_department_would_leave_sorting_open() -> None:
    kind = petition()
    old = {
        name: values
        for name, values in kind.acts["notify_path"].only_if.items()
        if name != "office"
    }
    found = left_open(
        with_act(kind, replace(kind.acts["notify_path"], only_if=old)), kind.duties["sort"]
    )
    assert found == {"guided": ("register", "notify_path")}


def test_what_ends_the_case_after_a_report_ends_the_duty_to_route_it() -> None:
    kind = petition()
    assert left_open(kind, kind.duties["route_reported"]) == {}
    shut = replace(kind.duties["route_reported"], closes=("forward",))
    assert "refused" in left_open(kind, shut)


@pytest.mark.parametrize(("day", "place"), EDITIONS)
@pytest.mark.parametrize("office", ["petition_office", "organ"])
def test_random_walks_end_with_nothing_left_to_sort_or_tell(
    day: str, place: str, office: str
) -> None:
    """Acts drawn at random among those possible, with random fields: what ends has no open duty
    of this kind."""
    ended = 0
    for seed in range(60):
        draw, case, on = (
            Random(f"{day}{place}{office}{seed}"),
            Played(place=place),
            date.fromisoformat(day),
        )
        for _ in range(14):
            step = next(_possible(draw, case, on, office), None)
            if step is None:
                break
            act, organ, data = step
            case.do(act.id, on.isoformat(), organ, also=data)
            on += timedelta(days=draw.randrange(3))
        view = case.view()
        state = case.rules_of(on.isoformat()).kind("petition").states[view.state]
        if state.final:
            ended += 1
            left = [
                duty.rule.id
                for duty in view.duties
                if duty.state == OPEN and duty.rule.id in SORTING
            ]
            assert left == [], [act.act for act in case.acts]
    assert ended > 20


def _possible(
    draw: Random, case: Played, on: date, office: str
) -> Iterator[tuple[ActRule, int, dict[str, FieldValue]]]:
    """Yield acts that can be done now, in random order, each with who does it and its fields."""
    kind, view = case.rules_of(on.isoformat()).kind("petition"), case.view()
    acts = [a for a in kind.acts.values() if a.id not in ("breach", "lapse", "correct")]
    for act in draw.sample(acts, len(acts)):
        data = _data(draw, act, on, office)
        texts: dict[str, str] = {}
        fill(act, data, texts)
        capacities = BY[act.by][0]
        for organ in draw.sample((OFFICE, BUREAU, OTHER), 3):
            actor = Actor(draw.randrange(9), organ, capacities)
            given = {*data, *texts}
            no = refusals(kind, act, view, actor, on, given) or field_refusals(
                act, view, data, texts, on
            )
            if not no:
                yield act, organ, data
                break


def _data(draw: Random, act: ActRule, on: date, office: str) -> dict[str, FieldValue]:
    """Return random values for the fields of an act that decide something, and for those it
    asks."""
    data: dict[str, FieldValue] = {}
    for field in act.fields:
        if not (field.required or (field.fact and draw.random() < 0.5)):
            continue
        if field.name == "office":
            data[field.name] = office
        elif field.type == "code":
            data[field.name] = draw.choice(field.options)
        elif field.type == "flag":
            data[field.name] = True if field.name in act.must_be else draw.random() < 0.5
        elif field.type in ("organ", "official", "act"):
            data[field.name] = draw.choice((OFFICE, BUREAU, OTHER))
        elif field.type == "date":
            data[field.name] = on
        elif field.type == "number":
            data[field.name] = 2
        elif field.type in ("case", "word", "division"):
            data[field.name] = "示例"
    return data
