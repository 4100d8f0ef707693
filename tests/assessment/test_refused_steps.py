"""What is said against a step of an assessment or a scheme, and what its acts add up to: numbers
used once, facts and indicators of this assessment, digests of what was frozen, organs heard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import act_checks, effects, inputs, interim_figures, scheme_effects
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import Assessment, Objected, Proposed
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.errors import PackError
from dengwen.law.indicators.indicator import SCORED_KINDS, Selector
from dengwen.law.indicators.lint import REFUSE
from dengwen.organs.kinds import KINDS
from tests.invented_rows import table

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2
FACTS: Any = SimpleNamespace(
    case="N", case_id=1, act_id=9, act_uid="a9", organ=HERE, actor=7, day=LAST
)


def step(act: str = "act", texts: dict[str, str] | None = None, **fields: FieldValue) -> Step:
    return Step(act=act, fields=fields, texts=texts or {})


def code_of(run: Any, *given: Any) -> str:
    """Return the code a step is refused with, "" where it is not."""
    refused: AssessmentError | None = None
    try:
        run(*given)
    except AssessmentError as error:
        refused = error
    if refused is None:
        return ""
    assert refused.zh.endswith("（S 10）")
    assert refused.en.endswith("(S 10)")
    return refused.code


def act(name: str, seq: int = 1, /, organ: int | None = HERE, actor: int = 7, **data: Any) -> Any:
    at = datetime(2025, 1, 2, 1, tzinfo=UTC)
    return SimpleNamespace(
        pk=seq, seq=seq, act=name, organ_id=organ, actor=actor, data=data, occurred_at=at
    )


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


def proposed(**more: Any) -> Proposed:
    plain: dict[str, Any] = {
        "number": 1,
        "fact": 5,
        "indicator": "",
        "clause": "S 10",
        "reason": "r",
        "proposer": "p",
    }
    return Proposed(**{**plain, **more})


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
        raise PackError("no")

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


# --- what acts add up to --------------------------------------------------------------------------
def test_an_answer_counts_since_the_newest_sending() -> None:
    send = act("send", object_by=LAST.isoformat())
    calm, objects = act("no_objection"), act("object", fact=5)
    other = act("no_objection", organ=THERE)
    assert inputs._answers([]) == (None, frozenset())
    assert inputs._answers([calm, send]) == (LAST, frozenset())
    assert inputs._answers([send, calm, other]) == (LAST, {HERE, THERE})
    assert inputs._answers([send, calm, other, objects]) == (LAST, {THERE})
    assert inputs._answers([send, objects, calm]) == (LAST, {HERE})
    assert inputs._answers([send, act("no_objection", organ=None)]) == (LAST, frozenset())
    assert inputs._answers([send, calm, act("object", organ=None)]) == (LAST, {HERE})


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
    for none in (0, -1, interim_figures.MOST, interim_figures.MOST + 1):
        assert interim_figures.fact_named(run, none) is None
    assert len(asked) == drawn
    assert interim_figures.fact_named(run, interim_figures.MOST - 1) is None
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
