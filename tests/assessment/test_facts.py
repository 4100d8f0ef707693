"""What an assessment counts: evaluations by side, old findings that lie, groups that a scheme
names."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.facts.facts import Draw, draw
from dengwen.assessment.frozen import frozen_tables, manifest
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from dengwen.petitions.models import Evaluation
from dengwen.petitions.ratings import Rating
from tests.assessment import quarter
from tests.petitions.test_ratings import invited, rate
from tests.world import CLAIM, World, at


def drawn(first: str, last: str, *kinds: str) -> list[frozen_tables.Fact]:
    """Return the facts of some kinds from one day to another, at the newest position."""
    sequencer.tick(now=at("2025-07-01"))
    asked = Draw(at(first).date(), at(last).date(), newest_position())
    return [fact for fact in draw(asked) if fact.kind in kinds]


@pytest.mark.sentence("P15.2")
def test_an_invitation_becomes_rated_and_each_side_has_its_rating(world: World) -> None:
    row, _code = invited(world)
    before = drawn("2025-03-01", "2025-03-31", "invitation", "rating")
    assert sorted((f.sort, f.outcome) for f in before) == [
        ("competent", "unrated"),
        ("department", "unrated"),
    ]
    rate(row, rating=Rating("dissatisfied", "satisfied"))
    after = drawn("2025-03-01", "2025-03-31", "invitation", "rating")
    assert sorted((f.kind, f.sort, f.outcome) for f in after) == [
        ("invitation", "competent", "rated"),
        ("invitation", "department", "rated"),
        ("rating", "competent", "dissatisfied"),
        ("rating", "department", "satisfied"),
    ]
    assert {f.organ for f in after if f.sort == "competent"} == {world.organ("YJ02")}
    assert {(f.case, f.day.isoformat()) for f in after} == {(0, "2025-03-31")}


def test_a_rating_after_the_position_is_not_known_there(world: World) -> None:
    row, _code = invited(world)
    sequencer.tick(now=at("2025-03-14"))
    then = newest_position()
    rate(row)
    asked = Draw(at("2025-03-01").date(), at("2025-03-31").date(), then)
    assert Counter(f.outcome for f in draw(asked) if f.kind == "invitation") == {"unrated": 2}


def test_a_protected_matter_enters_no_evaluation(world: World) -> None:
    row, _code = invited(world)
    rate(row)
    Case.objects.filter(pk=Evaluation.objects.get().petition_id).update(protected=True)
    assert drawn("2025-03-01", "2025-03-31", "invitation", "rating") == []


def test_a_scheme_names_its_groups_by_organ_kind_and_level(
    world: World, frozen: Frozen, body: str, tmp_path: Path
) -> None:
    raw = json.loads(body)
    raw["group"] = [
        {"id": "window", "zh": "窗口", "en": "windows", "organs": ["YJ01"]},
        {
            "id": "bureau",
            "zh": "部门",
            "en": "bureaus",
            "kinds": ["government_department"],
            "levels": ["county"],
        },
        {"id": "rest", "zh": "其他", "en": "others"},
    ]
    position = frozen.manifest["ledger"]["size"]
    made = freeze(
        Run(manifest.scheme_body(raw), quarter.FIRST, quarter.LAST, position), tmp_path / "grouped"
    )
    groups = {o.organ: o.group for o in manifest.organs_in(made.folder)}
    assert groups[world.organ("YJ01")] == "window"
    assert groups[world.organ("YJ02")] == "bureau"
    assert {t["group"] for t in made.manifest["scores"]["totals"]} == set(groups.values())


def test_a_further_classification_that_changes_class_or_path_is_a_recoding(world: World) -> None:
    number = world.register("2025-03-03")
    said: list[dict[str, Any]] = [
        CLAIM,
        CLAIM,
        {"class": "suggestion"},
        {"class": "claim", "path": "31(5)"},
        CLAIM,
    ]
    for day, chosen in zip(("03", "04", "05", "06", "07"), said, strict=True):
        world.act("clerk", "classify", number, on=f"2025-03-{day}", **chosen)
    march = ("2025-03-01", "2025-03-31", "recoding")
    assert [(f.day.day, f.outcome, f.organ) for f in drawn(*march)] == [
        (5, "class", world.organ("YJ01")),
        (6, "class", world.organ("YJ01")),
        (7, "path", world.organ("YJ01")),
    ]
    assert [f.day.day for f in drawn("2025-03-06", "2025-03-06", "recoding")] == [6]
    Case.objects.filter(number=number).update(protected=True)
    assert drawn(*march) == []


def test_naming_a_path_first_or_saying_the_same_again_is_none(world: World) -> None:
    number = world.register("2025-03-03")
    bare: dict[str, Any] = {"class": "claim"}
    for day, chosen in zip(("03", "04", "05", "06"), (bare, CLAIM, CLAIM, bare), strict=True):
        world.act("clerk", "classify", number, on=f"2025-03-{day}", **chosen)
    assert drawn("2025-03-01", "2025-03-31", "recoding") == []


def test_sorting_again_what_was_returned_is_told_as_what_it_is_and_raises_no_watch(
    world: World, body: str
) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-04", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-05")
    world.act("handler", "object", number, on="2025-03-06", texts={"reasons": "应当走行政复议"})
    world.act("router", "agree_return", number, on="2025-03-07", texts={"verified": "属实"})
    for day, path in (("07", "31(4)"), ("08", "31(2)")):
        anew: dict[str, Any] = {"class": "claim", "path": path}
        world.act("clerk", "classify", number, on=f"2025-03-{day}", **anew)
    found = drawn("2025-03-01", "2025-03-31", "recoding")
    assert [f.outcome for f in found] == ["returned", "path"]
    watch = next(w for w in manifest.scheme_of(body).watches if w.id == "recoded_share")
    assert "returned" not in watch.numerator.outcome
    assert "path" in watch.numerator.outcome


def test_the_indicator_of_registration_cites_the_duty_it_counts(world: World, body: str) -> None:
    cited = manifest.scheme_of(body).indicator("registered_in_time").basis
    assert cited is not None
    for on, article in (("2025-03-03", "22(1)"), ("2021-03-03", "21(1)")):
        duty = (
            rulebooks.in_force(at(on).date(), "500199", at(on))
            .book.kinds["petition"]
            .duties["sort"]
        )
        assert (duty.basis.article, duty.clock.term.amount if duty.clock.term else 0) == (
            article,
            15,
        )
    assert (cited.law, cited.article) == ("R22", "22(1)")
