"""What the acts of an assessment add up to, and the figures of now that rest on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import inputs, interim_figures
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts.fact_names import MOST
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import Assessment, Objected
from dengwen.law.indicators.indicator import SCORED_KINDS, Selector
from tests.assessment.invented_steps import (
    FIRST,
    HERE,
    LAST,
    THERE,
    act,
    proposed,
)
from tests.invented_rows import table


# --- what acts add up to --------------------------------------------------------------------------
def test_an_answer_counts_since_the_newest_sending() -> None:
    send = act("send", object_by=LAST.isoformat())
    calm, objects = act("no_objection"), act("object", fact=5)
    other = act("no_objection", organ=THERE)
    assert inputs._answers([]) == (None, frozenset())
    assert inputs._answers([calm, send]) == (LAST, frozenset())
    assert inputs._answers([send, calm, other]) == (LAST, frozenset({HERE, THERE}))
    assert inputs._answers([send, calm, other, objects]) == (LAST, frozenset({THERE}))
    assert inputs._answers([send, objects, calm]) == (LAST, frozenset({HERE}))
    assert inputs._answers([send, act("no_objection", organ=None)]) == (LAST, frozenset())
    assert inputs._answers([send, calm, act("object", organ=None)]) == (LAST, frozenset({HERE}))


def test_an_exclusion_stands_as_its_acts_leave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_names", lambda _acts: {7: "王", 8: "李"})
    first = act("exclude", 1, number=1, fact=5, clause="S 10", indicator="i")
    bare = act("exclude", 2, actor=0, number=2, fact=6, clause="S 10")
    words = {1: {"reason": "停机"}}
    confirmed = act("confirm_exclusion", 3, actor=8, number=1)
    withdrawn = act("withdraw_exclusion", 4, number=1)
    unknown = [act("confirm_exclusion", 5, number=9), act("withdraw_exclusion", 6, number=9)]

    def standing(*acts: Any) -> list[tuple[Any, ...]]:
        found = inputs._exclusions(acts, words)
        return [(e.number, e.indicator, e.reason, e.proposer, e.second, e.withdrawn) for e in found]

    assert standing(first, bare, *unknown) == [
        (1, "i", "停机", "王", "", False),
        (2, "", "", "", "", False),
    ]
    assert standing(first, confirmed) == [(1, "i", "停机", "王", "李", False)]
    assert standing(first, confirmed, withdrawn) == [(1, "i", "停机", "王", "李", True)]
    assert standing(first, withdrawn, confirmed) == [(1, "i", "停机", "王", "李", False)]


def test_an_objection_stands_with_its_ruling() -> None:
    raised = act("object", 1, objection=1, fact=5, indicator="i")
    bare = act("object", 2, organ=None, objection=2, fact=6)
    ruled = act("rule", 3, objection=1, ruling="upheld", outcome="late")
    words = {1: {"reasons": "甲"}, 3: {"reasons": "乙"}}
    one, two = inputs._objections([raised, bare, ruled, act("rule", 4, objection=9)], words)
    assert one == Objected(1, HERE, 5, "i", "甲", "upheld", "late", "乙")
    assert two == Objected(2, 0, 6, "", "")
    bare_ruling = act("rule", 3, objection=2, ruling="refused")
    [_, refused] = inputs._objections([raised, bare, bare_ruling], {})
    assert (refused.ruling, refused.outcome, refused.ruled) == ("refused", "", "")


def test_only_confirmed_exclusions_and_upheld_objections_change_a_result() -> None:
    exclusions = (
        proposed(number=1, second="s"),
        proposed(number=2),
        proposed(number=3, second="s", withdrawn=True),
    )
    objections = (
        Objected(1, HERE, 5, "", "", ruling="upheld", outcome="late"),
        Objected(2, HERE, 6, "", "", ruling="upheld"),
        Objected(3, HERE, 7, "", "", ruling="refused", outcome="late"),
    )
    case: Any = None
    one = Assessment(case, FIRST, LAST, "S", "d", (HERE,), exclusions, objections)
    assert [e.number for e in one.left_out] == [1]
    assert one.corrected == {5: "late"}


def test_a_scheme_stands_as_its_newest_draft_and_its_approval_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drafts = [act("draft", 1, scheme="a", digest="x"), act("draft", 2, scheme="b", digest="d")]
    force = act("put_in_force", 4, first=FIRST.isoformat(), last=LAST.isoformat())
    monkeypatch.setattr(
        inputs, "texts_of", lambda acts: {a.pk: {"body": f"body {a.pk}"} for a in acts}
    )
    case: Any = None

    def standing(*acts: Any) -> inputs.Drafted:
        monkeypatch.setattr(inputs, "Act", table(*acts))
        return inputs.drafted(case)

    plain = standing(*drafts)
    assert (plain.scheme, plain.digest, plain.body) == ("b", "d", "body 2")
    assert (plain.first, plain.last, plain.approved) == (None, None, None)
    whole = standing(*drafts, act("approve", 3), force)
    assert (whole.first, whole.last, whole.approved) == (FIRST, LAST, date(2025, 1, 2))


def test_an_assessment_without_its_scheme_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    case: Any = SimpleNamespace(number="N")
    one = Assessment(case, FIRST, LAST, "S", "d", (HERE,), (), ())
    measure = SimpleNamespace(id="i", zh="指标", en="indicator")
    monkeypatch.setattr(inputs, "scheme_of", lambda _body: SimpleNamespace(indicators=[measure]))
    monkeypatch.setattr(
        inputs, "drafted", lambda _case: SimpleNamespace(digest="d", body="b", approved=LAST)
    )
    monkeypatch.setattr(inputs, "Case", table())
    assert inputs.approved_on(one) is None
    assert inputs.indicator_named(one, "i") == ("i", "i")
    with pytest.raises(AssessmentError):
        inputs.run_of(one, 5)
    monkeypatch.setattr(inputs, "Case", table("case"))
    assert inputs.approved_on(one) == LAST
    assert inputs.indicator_named(one, "i") == ("指标", "indicator")
    assert inputs.indicator_named(one, "x") == ("x", "x")
    run = inputs.run_of(one, 5)
    assert (run.body, run.position, run.organs) == ("b", 5, frozenset({HERE}))
    monkeypatch.setattr(
        inputs, "drafted", lambda _case: SimpleNamespace(digest="x", body="b", approved=None)
    )
    with pytest.raises(AssessmentError):
        inputs.run_of(one, 5)


# --- figures of now -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "acts", "position"),
    [
        ("new", [act("send", position=3)], 9),
        ("opened", [act("send", position=3)], 9),  # taken back
        ("sent", [act("send", position=3)], 3),
        ("frozen", [act("send", position=3), act("freeze", position=5)], 5),
        ("sent", [], 9),
    ],
)
def test_figures_are_those_of_the_position_that_was_sent(
    state: str, acts: list[Any], position: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interim_figures, "Act", table(*acts))
    one: Any = SimpleNamespace(case=SimpleNamespace(state=state))
    assert interim_figures.position_of(one, 9) == position


@pytest.mark.parametrize(
    ("state", "frozen"), [("frozen", True), ("concluded", True), ("sent", False), ("new", False)]
)
def test_what_was_frozen_is_read_and_all_else_is_tried(
    state: str, monkeypatch: pytest.MonkeyPatch, *, frozen: bool
) -> None:
    monkeypatch.setattr(interim_figures, "home", lambda _number: Path("home"))
    monkeypatch.setattr(manifest, "read_file", lambda _path: {})
    monkeypatch.setattr(manifest, "digest_of", lambda _said: "m")
    monkeypatch.setattr(interim_figures, "position_of", lambda *_: 5)
    monkeypatch.setattr(interim_figures, "run_of", lambda *_: "run")
    monkeypatch.setattr(interim_figures, "trial", lambda _run: "tried")
    one: Any = SimpleNamespace(case=SimpleNamespace(state=state, number="N"))
    found: Any = interim_figures.figures_of(one, 9)
    assert (found == "tried") is not frozen


def test_a_trial_is_computed_once_and_the_oldest_go(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    made: list[str] = []

    def freeze(run: Run, folder: Path) -> None:
        made.append(folder.name)
        folder.mkdir(parents=True)
        (folder / manifest.NAME).touch()
        forgotten = tmp_path / "assessments" / "trials" / folder.name
        assert forgotten == folder

    monkeypatch.setattr(interim_figures, "freeze", freeze)
    monkeypatch.setattr(manifest, "read_file", lambda _path: {})
    monkeypatch.setattr(manifest, "digest_of", lambda _said: "m")
    runs = [Run("body", FIRST, LAST, position) for position in range(interim_figures.KEPT + 2)]
    for run in runs:
        interim_figures.trial(run)
    assert len(set(made)) == len(runs)
    interim_figures.trial(runs[-1])
    assert len(made) == len(runs)
    folder = tmp_path / "assessments" / "trials"
    assert len(list(folder.iterdir())) == interim_figures.KEPT
    said = Run("body", FIRST, LAST, 0, said={"case": "N"})
    assert interim_figures._digest_of_run(said) != interim_figures._digest_of_run(runs[0])


def fact(number: int, kind: str = "conclusion", outcome: str = "in_time", **more: Any) -> Fact:
    return Fact(number, kind, HERE, 9, FIRST, outcome, **more)


def test_a_fact_is_known_by_its_name_in_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def draw(given: Any) -> list[Fact]:
        asked.append(given)
        return [fact(64), fact(70)]

    monkeypatch.setattr(interim_figures, "draw", draw)
    monkeypatch.setattr(interim_figures, "Draw", lambda *given: given)
    naming = SimpleNamespace(reveal=lambda name: name + 60)
    monkeypatch.setattr(interim_figures, "naming_of", lambda _run: naming)
    run = Run("b", FIRST, LAST, 5, corrections={10: "late"})
    found = interim_figures.fact_named(run, 10)
    assert found is not None
    assert (found.id, found.outcome) == (70, "late")
    assert asked[-1][-1] == 70 // 32  # the act the fact rests on, and no other
    plain = interim_figures.fact_named(run, 4)
    assert plain is not None
    assert plain.outcome == "in_time"
    assert interim_figures.fact_named(run, 5) is None
    drawn = len(asked)
    for none in (0, -1, MOST, MOST + 1):
        assert interim_figures.fact_named(run, none) is None
    assert len(asked) == drawn
    assert interim_figures.fact_named(run, MOST - 1) is None
    assert len(asked) == drawn + 1


@pytest.mark.parametrize(
    ("selector", "now", "possible"),
    [
        (Selector("conclusion"), "in_time", ("late", "missed", "open")),
        (Selector("conclusion", outcome=("in_time", "late")), "in_time", ("late",)),
        (Selector("conclusion", outcome=("missed",)), "in_time", ("late", "missed", "open")),
        (Selector("notification", outcome=("late",)), "in_time", ("late", "missed", "open")),
    ],
)
def test_a_ruling_corrects_within_the_kind_and_takes_nothing_out(
    selector: Selector, now: str, possible: tuple[str, ...]
) -> None:
    scheme: Any = SimpleNamespace(indicators=[SimpleNamespace(denominator=selector)])
    found = interim_figures.outcomes_open_to(scheme, fact(1, outcome=now))
    assert set(found) == set(possible)
    assert set(SCORED_KINDS["conclusion"]) == {*possible, now} or len(possible) == 1
    assert interim_figures.outcomes_open_to(scheme, fact(1, kind="unheard of")) == ()
