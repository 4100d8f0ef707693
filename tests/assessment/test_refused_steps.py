"""What is said against a step of an assessment: numbers used once, facts and indicators of this
one, digests of what was frozen, positions that were signed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import act_checks, effects, scheme_effects
from dengwen.assessment.frozen import manifest
from dengwen.assessment.inputs import Objected, Proposed
from tests.assessment.invented_steps import (
    FACTS,
    FIRST,
    HERE,
    LAST,
    THERE,
    act,
    code_of,
    proposed,
    step,
)
from tests.invented_rows import table


# --- what is asked alike --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (FIRST, LAST, ""),
        (FIRST, FIRST, ""),  # a period of one day
        (LAST, FIRST, "days"),
        (None, LAST, "days"),
        (FIRST, None, "days"),
        ("2025-01-01", LAST, "days"),
    ],
)
def test_days_come_in_order(first: Any, last: Any, code: str) -> None:
    assert code_of(act_checks.days_of, step(first=first, last=last), FACTS) == code
    if not code:
        assert act_checks.days_of(step(first=first, last=last), FACTS) == (first, last)


@pytest.mark.parametrize(
    ("position", "signed", "code"),
    [(5, True, ""), (5, False, "no-checkpoint"), (None, True, "no-checkpoint")],
)
def test_a_position_has_a_signed_checkpoint(
    position: int | None, code: str, monkeypatch: pytest.MonkeyPatch, *, signed: bool
) -> None:
    heads = table("head") if signed else table()
    monkeypatch.setattr(act_checks, "Checkpoint", heads)
    assert code_of(act_checks.check_sealed, step(position=position), FACTS) == code


def test_an_organ_is_let_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[tuple[str, set[int]]] = []
    monkeypatch.setattr(act_checks, "Party", table(HERE))
    monkeypatch.setattr(
        act_checks, "enter_in_role", lambda _facts, role, organs: entered.append((role, organs))
    )
    act_checks.invite(FACTS, [HERE, THERE, None, "x"])
    assert entered == [(act_checks.STANDING, {THERE})]


def test_whoever_is_asked_or_told_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    invited: list[list[object]] = []
    for module in (effects, scheme_effects):
        monkeypatch.setattr(module, "invite", lambda _facts, organs: invited.append(list(organs)))
    scheme_effects.asked(step(organs=(HERE, THERE)), FACTS)
    scheme_effects.asked(step(organs=HERE), FACTS)
    effects.transmitted(step(to=THERE), FACTS)
    assert invited == [[HERE, THERE], [], [THERE]]


# --- opening --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("there", "digest", "covers", "code"),
    [
        (True, "d", True, ""),
        (True, "d", False, "not-in-force"),
        (True, "x", True, "not-in-force"),
        (False, "d", True, "not-in-force"),
    ],
)
def test_an_assessment_opens_under_a_scheme_in_force_all_along(
    digest: str, code: str, monkeypatch: pytest.MonkeyPatch, *, there: bool, covers: bool
) -> None:
    scheme = SimpleNamespace(digest="d", covers=lambda *_: covers)
    monkeypatch.setattr(effects, "days_of", lambda *_: (FIRST, LAST))
    monkeypatch.setattr(effects, "Case", table("case") if there else table())
    monkeypatch.setattr(effects, "drafted", lambda _case: scheme)
    assert code_of(effects.opened, step(scheme="S", digest=digest), FACTS) == code


# --- exclusions, objections, rulings --------------------------------------------------------------
def test_a_number_is_used_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "Act", table({"number": 1}, {"number": 2}))
    for number, code in ((1, "twice"), (2, "twice"), (3, "")):
        assert code_of(effects._new, step(number=number), FACTS, "exclude", "number") == code


@pytest.mark.parametrize(("name", "code"), [(5, ""), (6, "no-fact"), (None, "no-fact")])
def test_a_fact_is_one_of_this_assessment(
    name: int | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(_run: Any, number: int) -> str | None:
        assert isinstance(number, int)
        return "fact" if number == 5 else None

    monkeypatch.setattr(effects, "fact_named", named)
    run: Any = None
    assert code_of(effects._fact, run, step(fact=name), FACTS) == code


@pytest.mark.parametrize(("name", "code"), [("i", ""), ("x", "no-indicator"), ("", ""), (None, "")])
def test_an_indicator_is_one_of_the_scheme_or_none(
    name: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = SimpleNamespace(indicators=[SimpleNamespace(id="i")])
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: scheme)
    run: Any = SimpleNamespace(body="")
    assert code_of(effects._indicator, run, step(indicator=name), FACTS) == code


@pytest.mark.parametrize(
    ("there", "number", "code"),
    [
        (proposed(), 1, ""),
        (proposed(), 2, "no-exclusion"),
        (proposed(withdrawn=True), 1, "no-exclusion"),
        (proposed(second="s"), 1, "twice"),
    ],
)
def test_an_exclusion_is_confirmed_while_it_waits(
    there: Proposed, number: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = SimpleNamespace(exclusions=[there])
    monkeypatch.setattr(effects, "_before", lambda _facts: before)
    monkeypatch.setattr(effects, "Act", table(act("exclude", actor=8, number=1)))
    assert code_of(effects.exclusion_confirmed, step(number=number), FACTS) == code
    again = "" if code == "twice" else code
    assert code_of(effects.exclusion_withdrawn, step(number=number), FACTS) == again


@pytest.mark.parametrize(("organ", "code"), [(HERE, ""), (THERE, "other-organ")])
def test_an_organ_objects_to_its_own_facts(
    organ: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_new", "_indicator"):
        monkeypatch.setattr(effects, name, lambda *_: None)
    monkeypatch.setattr(effects, "_run", lambda _facts: None)
    monkeypatch.setattr(effects, "_fact", lambda *_: SimpleNamespace(organ=organ))
    assert code_of(effects.objected, step(fact=5), FACTS) == code


@pytest.mark.parametrize(
    ("number", "ruling", "outcome", "code"),
    [
        (1, "upheld", "late", ""),
        (1, "upheld", "in_time", "no-outcome"),
        (1, "upheld", None, "no-outcome"),
        (1, "refused", None, ""),
        (2, "upheld", "late", "twice"),
        (3, "upheld", "late", "no-objection"),
    ],
)
@pytest.mark.parametrize("found", [True, False])
def test_a_ruling_is_on_an_objection_that_waits_and_corrects_to_what_can_be(
    number: int,
    ruling: str,
    outcome: str | None,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    found: bool,
) -> None:
    waits = Objected(1, HERE, 5, "", "r")
    ruled = Objected(2, HERE, 6, "", "r", ruling="refused")
    before = SimpleNamespace(objections=[waits, ruled])
    monkeypatch.setattr(effects, "_before", lambda _facts: before)
    monkeypatch.setattr(effects, "newest_position", lambda: 9)
    monkeypatch.setattr(effects, "position_of", lambda *_: 9)
    monkeypatch.setattr(effects, "run_of", lambda *_: SimpleNamespace(body=""))
    monkeypatch.setattr(effects, "fact_named", lambda *_: "fact" if found else None)
    monkeypatch.setattr(effects, "outcomes_open_to", lambda *_: ("late",))
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: None)
    given = step(objection=number, ruling=ruling, outcome=outcome)
    expected = code or ("no-outcome" if ruling == "upheld" and not found else "")
    assert code_of(effects.ruled, given, FACTS) == expected


# --- freezing and concluding ----------------------------------------------------------------------
HELD = {"ledger": {"size": 5}, "scores_sha256": "s"}


@pytest.mark.parametrize(
    ("there", "said", "code"),
    [
        (True, (5, "m", "s"), ""),
        (True, (6, "m", "s"), "not-frozen"),
        (True, (5, "x", "s"), "not-frozen"),
        (True, (5, "m", "x"), "not-frozen"),
        (False, (5, "m", "s"), "not-frozen"),
    ],
)
def test_what_is_entered_as_frozen_was_frozen_here(
    said: tuple[int, str, str],
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    there: bool,
) -> None:
    if there:
        (tmp_path / manifest.NAME).touch()
    monkeypatch.setattr(effects, "home", lambda _case: tmp_path)
    monkeypatch.setattr(manifest, "read_file", lambda _path: HELD)
    monkeypatch.setattr(manifest, "digest_of", lambda _held: "m")
    given = step(position=said[0], manifest=said[1], scores=said[2])
    assert code_of(effects._frozen_here, given, FACTS) == code


@pytest.mark.parametrize(
    ("position", "corrected", "left_out", "code"),
    [
        (5, {1: "late"}, ["e"], ""),
        (6, {1: "late"}, ["e"], "not-sent"),
        (5, {}, ["e"], "not-sent"),
        (5, {1: "late"}, [], "not-sent"),
    ],
)
def test_what_is_frozen_is_what_was_sent(
    position: int,
    corrected: dict[int, str],
    left_out: list[str],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(manifest, "decided", lambda _held: ({1: "late"}, ["e"]))
    monkeypatch.setattr(effects, "in_order", lambda some: some)
    monkeypatch.setattr(effects, "as_rows", lambda some: some)
    sent: Any = SimpleNamespace(position=position, corrections=corrected, exclusions=left_out)
    assert code_of(effects._check_as_sent, HELD, sent, FACTS) == code


def test_the_position_of_the_newest_sending_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "Act", table(act("send", position=3), act("send", position=5)))
    assert effects._sent_at(FACTS) == 5
    monkeypatch.setattr(effects, "Act", table())
    assert effects._sent_at(FACTS) == 0


@pytest.mark.parametrize(("given", "code"), [("m", ""), (None, ""), ("", ""), ("x", "not-frozen")])
def test_a_circular_names_the_manifest_that_was_frozen(
    given: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(effects, "_check_approved_after", lambda *_: asked.append("day"))
    monkeypatch.setattr(effects, "Act", table(act("freeze", manifest="m")))
    assert code_of(effects.concluded, step(manifest=given), FACTS) == code
    assert asked == ([] if code else ["day"])
    monkeypatch.setattr(effects, "Act", table())
    assert code_of(effects.concluded, step(manifest="x"), FACTS) == ""  # nothing was frozen


@pytest.mark.parametrize(
    ("scope", "text", "code"),
    [("other", " ", "no-scope"), ("other", "全区", ""), ("all", "", ""), (None, "", "")],
)
def test_another_scope_is_written_out(scope: str | None, text: str, code: str) -> None:
    given = step(texts={"scope_text": text}, circular_scope=scope)
    assert code_of(effects._check_scope, given, FACTS) == code
