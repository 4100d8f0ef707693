"""A scheme is approved after it was tried as it stands, after the organs asked could answer, by
a body that it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen.freeze import Run, freeze
from dengwen.assessment.frozen.manifest import scheme_of
from dengwen.assessment.inputs import assessment_of, drafted, is_retroactive, run_of
from dengwen.cases.models import Case
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.desk.schemes import CLERK, HEAD, in_force, trial_of
from tests.world import World, at

ON = "2025-07-01"


def draft(world: World, body: str, case: str = "", on: str = ON) -> str:
    """Draft a scheme, or draft it anew, and return its case."""
    texts = {"subject": "起步考核方案", "body": body}
    given: dict[str, Any] = {"scheme": "starting", "digest": scheme_of(body).digest}
    number = world.act(
        CLERK, "draft", case, kind="" if case else "scheme", on=on, texts=texts, **given
    ).case
    sequencer.tick(now=at(on))
    return number


def tried(world: World, case: str, body: str, **other: Any) -> None:
    """Enter the trial of a scheme."""
    world.act(CLERK, "dry_run", case, on=ON, texts={"moves": "没有"}, **{**trial_of(body), **other})


def consulted(world: World, case: str, *codes: str) -> None:
    """Ask organs for their comments until 10 July."""
    organs = tuple(world.organ(code) for code in codes)
    world.act(CLERK, "consult", case, on=ON, organs=organs, answer_by=date(2025, 7, 10))


def approve(world: World, case: str, body: str, on: str, as_body: str = "government") -> None:
    """Approve a text as a body."""
    digest = scheme_of(body).digest
    world.act(HEAD, "approve", case, on=on, body=as_body, digest=digest, approval="ab" * 32)


def reweighed(body: str) -> str:
    """Return the scheme with a hundredth of weight moved."""
    raw = json.loads(body)
    raw["indicator"][0]["weight"], raw["indicator"][1]["weight"] = "0.06", "0.10"
    return json.dumps(raw)


def test_a_trial_is_the_one_that_the_draft_gives(world: World, body: str) -> None:
    case = draft(world, body)
    for wrong in (
        {"scores": "0"},
        {"scores": "ab" * 32},
        {"position": 0},
        {"position": newest_position() + 9},
    ):
        with pytest.raises(AssessmentError) as refused:
            tried(world, case, body, **wrong)
        assert refused.value.code == ("no-checkpoint" if "position" in wrong else "not-tried")
        assert "S 10" in refused.value.en
    tried(world, case, body)


def test_a_trial_where_nothing_was_sealed_yet_is_none(world: World, body: str) -> None:
    """At a position before the first fact every trial is the same, and empty."""
    sequencer.tick(now=at("2025-01-01"))
    early = newest_position()
    quarter.play(world)
    case = draft(world, body)
    days = {"first": quarter.FIRST, "last": quarter.LAST, "position": early}
    with pytest.raises(AssessmentError) as refused:
        tried(world, case, body, **days)
    assert refused.value.code == "empty"


def test_the_newest_draft_is_tried_before_it_is_approved(world: World, body: str) -> None:
    case, other = draft(world, body), reweighed(body)
    tried(world, case, body)
    draft(world, other, case)
    consulted(world, case, "YJ02")
    with pytest.raises(AssessmentError) as refused:
        approve(world, case, other, "2025-07-11")
    assert refused.value.code == "not-tried"
    with pytest.raises(AssessmentError):
        tried(world, case, body)  # of the draft before
    tried(world, case, other)
    approve(world, case, other, "2025-07-11")
    assert Case.objects.get(number=case).state == "approved"


def test_nothing_is_approved_while_an_organ_asked_may_still_answer(world: World, body: str) -> None:
    case = draft(world, body)
    tried(world, case, body)
    consulted(world, case, "YJ02", "YJ03")
    world.act("handler", "comment", case, on="2025-07-02", texts={"opinion": "分组不同"})
    with pytest.raises(AssessmentError) as refused:
        approve(world, case, body, "2025-07-10")  # the last day included
    assert (refused.value.code, "1 of them" in refused.value.en) == ("still-asked", True)
    world.act("handler2", "comment", case, on="2025-07-03", texts={"opinion": "没有意见"})
    approve(world, case, body, "2025-07-03")
    assert Case.objects.get(number=case).state == "approved"


@pytest.mark.parametrize("as_body", ["committee", "leading_body"])
def test_a_government_approves_as_a_government(world: World, body: str, as_body: str) -> None:
    case = draft(world, body)
    tried(world, case, body)
    consulted(world, case, "YJ02")
    with pytest.raises(AssessmentError) as refused:
        approve(world, case, body, "2025-07-11", as_body)
    assert refused.value.code == "other-body"
    approve(world, case, body, "2025-07-11")


def approved(world: World, body: str) -> str:
    """A scheme approved on 11 July 2025."""
    case = draft(world, body)
    tried(world, case, body)
    consulted(world, case, "YJ02")
    approve(world, case, body, "2025-07-11")
    return case


def test_no_scheme_is_for_a_period_that_is_over(world: World, body: str) -> None:
    case = approved(world, body)
    with pytest.raises(AssessmentError) as refused:
        world.act(
            CLERK, "put_in_force", case, on="2025-07-12", first=quarter.FIRST, last=quarter.LAST
        )
    assert refused.value.code == "over"
    world.act(
        CLERK, "put_in_force", case, on="2025-07-12", first=quarter.FIRST, last=date(2025, 12, 31)
    )


def opened(world: World, scheme: str, on: str) -> str:
    """Open an assessment of the quarter under a scheme."""
    sequencer.tick(now=at(on))
    digest = drafted(Case.objects.get(number=scheme)).digest
    return world.act(
        CLERK,
        "open",
        kind="assessment",
        on=on,
        first=quarter.FIRST,
        last=quarter.LAST,
        scheme=scheme,
        digest=digest,
        organs=(world.organ("YJ02"),),
        texts={"subject": "上半年"},
    ).case


def test_a_scheme_approved_after_the_period_began_is_marked_in_the_manifest(
    world: World, body: str, tmp_path: Any
) -> None:
    quarter.play(world)
    scheme = approved(world, body)
    world.act(
        CLERK, "put_in_force", scheme, on="2025-07-12", first=quarter.FIRST, last=date(2025, 12, 31)
    )
    one = assessment_of(Case.objects.get(number=opened(world, scheme, "2025-07-13")))
    assert is_retroactive(one)
    said = freeze(run_of(one, newest_position()), tmp_path / "late").manifest["assessment"]
    assert (said["scheme_approved"], said["retroactive"]) == ("2025-07-11", True)


def test_a_scheme_approved_before_is_not_marked(world: World, tmp_path: Any) -> None:
    scheme = in_force(world)
    quarter.play(world)
    one = assessment_of(Case.objects.get(number=opened(world, scheme, "2025-07-01")))
    said = freeze(run_of(one, newest_position()), tmp_path / "timely").manifest["assessment"]
    assert (said["scheme_approved"], said["retroactive"]) == ("2024-12-11", False)


def test_organs_of_the_district_are_ranked_with_their_like(
    world: World, body: str, tmp_path: Any
) -> None:
    quarter.sealed(world)
    made = freeze(Run(body, quarter.FIRST, quarter.LAST, newest_position()), tmp_path / "groups")
    groups = {o["name"]: o["group"] for o in made.manifest["population"]}
    assert groups["云江区信访局"] == "petition_office"
    assert groups["云江区住房建设局"] == "county_department"


@pytest.mark.case("G13")
def test_a_circular_states_its_scope(world: World) -> None:
    """Case G13: circulated within an appropriate scope, and the scope is said."""
    texts = {"subject": "各单位", "result": "见清单"}
    given: dict[str, Any] = {
        "first": quarter.FIRST,
        "last": quarter.LAST,
        "circular_scope": "other",
    }
    for blank in ({}, {"scope_text": "  "}):
        with pytest.raises(AssessmentError) as refused:
            world.act(
                CLERK,
                "conclude",
                kind="assessment",
                on="2025-07-10",
                texts={**texts, **blank},
                **given,
            )
        assert refused.value.code == "no-scope"
    stated = {**texts, "scope_text": "区级机关和各街道"}
    number = world.act(
        CLERK, "conclude", kind="assessment", on="2025-07-10", texts=stated, **given
    ).case
    assert Case.objects.get(number=number).state == "concluded"
