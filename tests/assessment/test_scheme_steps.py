"""What is said against a step of a scheme: texts that are none, drafts nobody tried, organs not
heard, bodies that do not approve, days on which another is in force."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import scheme_effects
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import manifest
from dengwen.law.errors import PackError
from dengwen.law.indicators.lint import REFUSE
from dengwen.organs.kinds import KINDS
from tests.assessment.invented_steps import (
    DAY,
    FACTS,
    FIRST,
    HERE,
    LAST,
    THERE,
    act,
    code_of,
    step,
)
from tests.invented_rows import table


# --- schemes --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scheme", "digest", "code"),
    [("s", "d", ""), ("x", "d", "other-scheme"), ("s", "x", "other-scheme")],
)
def test_a_draft_has_its_own_id_and_digest(
    scheme: str, digest: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SimpleNamespace(id="s", digest="d")
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: made)
    assert code_of(scheme_effects.scheme_drafted, step(scheme=scheme, digest=digest), FACTS) == code


@pytest.mark.parametrize("body", ["", "[]", "{", "3"])
def test_a_text_that_is_no_scheme_is_refused(body: str) -> None:
    assert code_of(scheme_effects.scheme_drafted, step(texts={"body": body}), FACTS) == "no-scheme"


def test_a_pack_error_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_body: str) -> Any:
        raise PackError("no", file="s", entry="i", zh="甲", en="a", mend_zh="补", mend_en="mend")

    monkeypatch.setattr(manifest, "scheme_of", broken)
    assert code_of(scheme_effects.scheme_drafted, step(), FACTS) == "no-scheme"


@pytest.mark.parametrize(
    ("scores", "people", "position", "code"),
    [
        ("s", ["organ"], 5, ""),
        ("x", ["organ"], 5, "not-tried"),
        ("s", [], 5, "empty"),
        ("s", [], 9, ""),  # the newest position: there is no other to try
        ("x", [], 9, "not-tried"),
    ],
)
def test_a_trial_is_of_this_draft_and_has_facts(
    scores: str, people: list[str], position: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheme_effects, "check_sealed", lambda *_: None)
    monkeypatch.setattr(scheme_effects, "days_of", lambda *_: (FIRST, LAST))
    monkeypatch.setattr(scheme_effects, "Case", table("case"))
    monkeypatch.setattr(scheme_effects, "drafted", lambda _case: SimpleNamespace(body="b"))
    monkeypatch.setattr(scheme_effects, "newest_position", lambda: 9)
    made = SimpleNamespace(manifest={"scores_sha256": "s", "population": people})
    monkeypatch.setattr(scheme_effects, "trial", lambda _run: made)
    given = step(position=position, scores=scores)
    assert code_of(scheme_effects.tried, given, FACTS) == code
    with pytest.raises(TypeError):
        scheme_effects.tried(step(position="5", scores=scores), FACTS)


CONSULTED = act("consult", 2, answer_by=LAST.isoformat(), organs=[HERE, THERE])


@pytest.mark.parametrize(
    ("acts", "day", "code"),
    [
        ([act("draft")], LAST, ""),  # nobody was asked
        ([CONSULTED], LAST, "still-asked"),
        ([CONSULTED], LAST + DAY, ""),
        ([CONSULTED, act("comment", 3, HERE)], LAST, "still-asked"),
        ([CONSULTED, act("comment", 3, HERE), act("comment", 4, THERE)], LAST, ""),
        ([CONSULTED, act("note", 3, HERE), act("note", 4, THERE)], LAST, "still-asked"),
        ([act("comment", 1, HERE), CONSULTED, act("comment", 4, THERE)], LAST, "still-asked"),
    ],
)
def test_whoever_is_asked_is_heard_or_the_day_has_passed(
    acts: list[Any], day: date, code: str
) -> None:
    facts: Any = SimpleNamespace(day=day, case="N")
    assert code_of(scheme_effects._check_heard, acts, facts) == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["draft", "dry_run"], ""),
        (["draft"], "not-tried"),
        (["draft", "dry_run", "draft"], "not-tried"),
        (["draft", "draft", "note", "dry_run"], ""),
    ],
)
def test_the_newest_draft_was_tried(names: list[str], code: str) -> None:
    assert code_of(scheme_effects._check_tried, [act(name) for name in names], FACTS) == code
    with pytest.raises(ValueError, match="no draft"):
        scheme_effects._check_tried([act("dry_run")], FACTS)
    assert scheme_effects._last_of([act(name) for name in names], "draft") == max(
        place for place, name in enumerate(names) if name == "draft"
    )
    assert scheme_effects._last_of([], "draft") is None


@pytest.mark.parametrize("kind", [*sorted(KINDS), ""])
def test_a_committee_or_a_government_approves_as_such_and_others_by_their_leading_body(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"party_committee": "committee", "government": "government"}.get(kind, "leading_body")
    assert scheme_effects.approves_as(kind) == body
    monkeypatch.setattr(scheme_effects, "Organ", table(*([kind] if kind else [])))
    words = scheme_effects.BODIES
    assert set(words) == {"committee", "government", "leading_body"}
    for named in (*words, "unheard", None):
        code = "" if named == body else "other-body"
        assert code_of(scheme_effects._check_competent, step(body=named), FACTS) == code
        if code and named in words:
            with pytest.raises(AssessmentError, match=words[str(named)]):
                scheme_effects._check_competent(step(body=named), FACTS)


def test_what_the_lint_refuses_is_not_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"entry": "i", "zh": "少登记", "en": "fewer", "mend_zh": "改", "mend_en": "mend"}
    found = [SimpleNamespace(grade="warn", **said)]
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: None)
    monkeypatch.setattr(scheme_effects, "lint", lambda _scheme: found)
    assert code_of(scheme_effects.fit_for_approval, "", "N") == ""
    found.append(SimpleNamespace(grade=REFUSE, **said))
    assert code_of(scheme_effects.fit_for_approval, "", "N") == "perverse"


@pytest.mark.parametrize(("meets", "code"), [(True, "overlap"), (False, "")])
def test_one_scheme_of_an_organ_is_in_force_at_a_time(
    code: str, monkeypatch: pytest.MonkeyPatch, *, meets: bool
) -> None:
    monkeypatch.setattr(scheme_effects, "days_of", lambda *_: (FIRST, LAST))
    monkeypatch.setattr(scheme_effects, "Case", table(SimpleNamespace(number="M")))
    other = SimpleNamespace(first=FIRST, last=LAST, meets=lambda *_: meets)
    monkeypatch.setattr(scheme_effects, "drafted", lambda _case: other)
    assert code_of(scheme_effects.scheme_in_force, step(), FACTS) == code


@pytest.mark.parametrize(("digest", "code"), [("d", ""), ("x", "other-scheme")])
def test_what_is_approved_is_the_newest_draft(
    digest: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_check_heard", "_check_tried", "_check_competent", "fit_for_approval"):
        monkeypatch.setattr(scheme_effects, name, lambda *_: None)
    monkeypatch.setattr(scheme_effects, "_acts_before", lambda _facts: [])
    monkeypatch.setattr(scheme_effects, "Case", table("case"))
    draft = SimpleNamespace(digest="d", body="")
    monkeypatch.setattr(scheme_effects, "drafted", lambda _case: draft)
    assert code_of(scheme_effects.scheme_approved, step(digest=digest), FACTS) == code
