"""What counts in an assessment: the first and the last day, the organ's own facts, the last answer
that lacked."""

from __future__ import annotations

from dataclasses import asdict, astuple, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import (
    effects,
    ibis_count,
    inputs,
    interim_figures,
    portrait,
    scheme_effects,
)
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts import act_facts, entry_modes, recoded
from dengwen.assessment.facts.deadline_facts import _finished
from dengwen.assessment.facts.duty_facts import DutyRow, judged
from dengwen.assessment.frozen import (
    fact_check,
    frozen_tables,
    handout,
    manifest,
    manifest_check,
    manifest_digest,
    recomputation,
    result_notes,
)
from dengwen.assessment.frozen.frozen_tables import FACTS, Exclusion, Fact
from dengwen.assessment.frozen.manifest_digest import NOBODY
from dengwen.assessment.inputs import Assessment
from dengwen.law.duties.act_record import (
    BY_CLAIM,
    CHINA,
    CLOSED,
    IN_TIME,
    LAPSED,
    LATE,
    OPEN,
    UNKNOWN,
    VOID,
)
from dengwen.law.duties.step import Step
from dengwen.law.indicators.indicator import UNPROVED, Period, Selector
from tests.invented_rows import Rows

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2


def fact(number: int, day: date = FIRST, organ: int = HERE, **more: Any) -> Fact:
    return Fact(number, "conclusion", organ, 9, day, "in_time", **more)


# --- answers --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("organ", "satisfied", "words"),
    [
        (HERE, (), ""),
        (HERE, (THERE,), ""),
        (HERE, (HERE,), "已经答复没有异议"),
        (3, (), "不是被考核的机关、单位"),
        (None, (), "不是被考核的机关、单位"),
    ],
)
def test_an_organ_assessed_answers_once(
    organ: int | None, satisfied: tuple[int, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = SimpleNamespace(organs=(HERE, THERE), satisfied=frozenset(satisfied))
    monkeypatch.setattr(effects, "_before", lambda _facts: before)
    facts: Any = SimpleNamespace(organ=organ, case="N")
    if not words:
        assert effects.answered(Step(act="answer"), facts) == ()
        return
    with pytest.raises(AssessmentError, match=words):
        effects.answered(Step(act="answer"), facts)


@pytest.mark.parametrize(
    ("satisfied", "every"), [((HERE, THERE), True), ((HERE,), False), ((HERE, THERE, 3), True)]
)
def test_all_have_answered_with_the_last_one(satisfied: tuple[int, ...], *, every: bool) -> None:
    case: Any = None
    one = Assessment(
        case, FIRST, LAST, "", "", (HERE, THERE), (), (), satisfied=frozenset(satisfied)
    )
    assert one.all_answered is every


@pytest.mark.parametrize(("last", "over"), [(LAST, False), (LAST - DAY, True), (LAST + DAY, False)])
def test_a_scheme_is_approved_up_to_its_last_day(
    last: date, monkeypatch: pytest.MonkeyPatch, *, over: bool
) -> None:
    monkeypatch.setattr(scheme_effects, "days_of", lambda *_: (FIRST, last))
    monkeypatch.setattr(scheme_effects, "Case", SimpleNamespace(objects=Rows()))
    facts: Any = SimpleNamespace(day=LAST, organ=HERE, case_id=1, case="N")
    if not over:
        assert scheme_effects.scheme_in_force(Step(act="approve"), facts) == ()
        return
    with pytest.raises(AssessmentError, match="已经过去"):
        scheme_effects.scheme_in_force(Step(act="approve"), facts)


# --- facts ----------------------------------------------------------------------------------------
def test_a_review_concerns_the_organ_that_signed_what_was_reviewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(act_facts, "CaseLink", SimpleNamespace(objects=Rows((7, 5), (8, 6))))
    monkeypatch.setattr(act_facts, "Act", SimpleNamespace(objects=Rows((5, HERE), (5, THERE))))
    signed: Any = [SimpleNamespace(case=7, act="sign", kind="review")]
    assert act_facts._reviewed(signed) == {7: THERE}  # the newest signature; 6 was never signed


@pytest.mark.parametrize(
    ("state", "closed_by", "closed_on", "finished"),
    [
        (CLOSED, 3, LAST, True),  # on the very last day
        (CLOSED, 3, LAST + DAY, False),
        (CLOSED, 3, None, True),
        (CLOSED, 4, LAST, False),  # by an act after the position
        (OPEN, None, None, False),
    ],
)
def test_a_matter_is_finished_on_the_last_day_of_the_period_or_before(
    state: str, closed_by: int | None, closed_on: date | None, *, finished: bool
) -> None:
    duty: Any = SimpleNamespace(state=state, closed_by=closed_by, closed_on=closed_on)
    asked: Any = SimpleNamespace(last=LAST)
    assert _finished(duty, asked, {4}) is finished


@pytest.mark.parametrize(
    ("answered", "timeliness", "state", "missed", "claim", "said"),
    [
        (True, LATE, CLOSED, True, False, ("late", "timely")),
        (True, LATE, CLOSED, True, True, ("late", "timely")),  # a claim takes no lateness out
        (True, IN_TIME, CLOSED, False, False, ("in_time", "timely")),
        (True, IN_TIME, CLOSED, False, True, ("in_time", "late")),
        (True, BY_CLAIM, CLOSED, True, False, ("in_time", "late")),
        (True, UNKNOWN, CLOSED, False, False, None),
        (False, "", OPEN, True, False, ("missed", "timely")),
        (False, "", OPEN, False, False, ("open", "timely")),
        (False, "", OPEN, True, True, ("missed", "timely")),
        (False, "", CLOSED, True, False, ("missed", "timely")),
        (False, "", VOID, True, False, None),
        (False, "", VOID, True, True, ("missed", "timely")),  # withdrawn after its day
        (False, "", VOID, False, True, None),
    ],
)
def test_how_a_duty_is_judged(
    timeliness: str,
    state: str,
    said: tuple[str, str] | None,
    *,
    answered: bool,
    missed: bool,
    claim: bool,
) -> None:
    duty: Any = SimpleNamespace(
        answered=lambda _later: answered,
        missed=lambda _later: missed,
        timeliness=timeliness,
        state=state,
        imported=False,
        moved_too_late=False,
        ended_too_late=claim and missed,
        ended_by="withdraw",
        closed_by=None,
        by_claim=claim,
        claimed=claim or timeliness == BY_CLAIM,
    )
    assert judged(duty, ()) == said


PASSED = LAST - DAY
ENTERED = datetime.combine(LAST, time(0), CHINA)


def row(**more: Any) -> DutyRow:
    """Return a duty that was due the day before the last of the period, done on that day."""
    plain: dict[str, Any] = {
        "act": 1,
        "case": 2,
        "holder": 3,
        "due": PASSED,
        "opened_on": FIRST,
        "state": CLOSED,
        "timeliness": BY_CLAIM,
        "imported": False,
        "closed_on": PASSED,
        "closed_by": 5,
        "breach": None,
        "by_claim": False,
        "closed_recorded": ENTERED,
        "ended_by": "withdraw",
    }
    return DutyRow(**{**plain, **more})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ("in_time", "late")),  # a claim of having been in time
        ({"closed_on": LAST}, ("late", "timely")),  # a longer time claimed afterwards
        ({"closed_on": LAST, "imported": True}, ("late", "imported")),
        ({"state": VOID}, ("missed", "timely")),  # withdrawn once its day was over
        ({"state": VOID, "closed_recorded": ENTERED - timedelta(seconds=1)}, None),
        ({"state": VOID, "imported": True}, None),
        ({"state": VOID, "closed_by": 6}, ("open", "timely")),  # after the position
        ({"state": VOID, "closed_by": 6, "breach": 4}, ("missed", "timely")),
        ({"state": VOID, "closed_recorded": None}, None),
        ({"state": LAPSED}, None),
    ],
)
def test_what_is_entered_after_the_day_excuses_nothing(
    more: dict[str, Any], said: tuple[str, str] | None
) -> None:
    assert judged(row(**more), {6}) == said


@pytest.mark.parametrize(("after", "finished"), [(-1, True), (0, False)])
def test_a_withdrawn_matter_is_finished_by_the_day_of_its_entry(
    after: int, *, finished: bool
) -> None:
    entered = datetime.combine(LAST + DAY, time(0), CHINA) + timedelta(seconds=after)
    duty = row(state=VOID, closed_recorded=entered)
    asked: Any = SimpleNamespace(last=LAST)
    assert _finished(duty, asked, set()) is finished


# --- checks of what is frozen ---------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [0, 1, 20, 21, 25])
def test_the_first_twenty_wrong_facts_are_named_and_the_others_counted(
    wrong: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fact_check.MOST_NAMED == 20
    monkeypatch.setattr(fact_check, "_compare", lambda *_: range(wrong))
    monkeypatch.setattr(fact_check, "_difference", lambda number, *_, **__: number)
    blocks: Any = None
    scheme: Any = None
    found: list[Any] = list(fact_check._in_file(Path(), FACTS, blocks, {}, scheme))
    named = [one for one in found if isinstance(one, int)]
    assert len(named) == min(wrong, 20)
    more = [one.en for one in found if not isinstance(one, int)]
    assert more == ([f"{wrong - 20} more facts differ"] if wrong > 20 else [])


@pytest.mark.parametrize(
    ("there", "organ", "differs"),
    [
        ({"outcome": "late", "organ": HERE}, HERE, False),
        ({"outcome": "in_time", "organ": HERE}, HERE, True),
        ({"outcome": "late", "organ": THERE}, HERE, True),
        ({"outcome": "late", "organ": HERE}, NOBODY, True),
        (None, NOBODY, False),  # the fact of an organ that is none any more
        (None, HERE, True),
    ],
)
def test_a_ruling_agrees_with_its_fact(
    there: dict[str, Any] | None, organ: int, *, differs: bool
) -> None:
    correction = {"fact": 5, "outcome": "late", "organ": organ}
    assert bool(list(fact_check._corrected_fact(correction, there))) is differs


def test_a_section_is_said_to_be_changed_or_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def sections(*some: tuple[int, str, str]) -> list[dict[str, Any]]:
        return [{"organ": o, "section": s, "sha256": d} for o, s, d in some]

    held = sections((HERE, "counts", "a"), (THERE, "counts", "b"), (3, "counts", "c"))
    now = sections((HERE, "counts", "a"), (THERE, "counts", "x"), (4, "counts", "d"))
    monkeypatch.setattr(manifest_check, "sections_of", lambda _said: now)
    found = [(d.where, d.zh[-4:]) for d in manifest_check._sections({"sections": held})]
    assert found == [("counts 2", "冻结时的"), ("counts 3", "被删去了"), ("counts 4", "冻结时的")]


# --- decisions and days ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "answered", "closed"),
    [(LAST, False, False), (LAST + DAY, False, True), (LAST, True, True), (None, True, False)],
)
def test_a_window_is_open_through_its_last_day_unless_all_have_answered(
    day: date | None, *, answered: bool, closed: bool
) -> None:
    one: Any = SimpleNamespace(object_by=LAST if day else None, all_answered=answered)
    facts: Any = SimpleNamespace(day=day or LAST, case="N")
    if closed:
        effects._check_window(one, facts)
        return
    with pytest.raises(AssessmentError, match="异议期到"):
        effects._check_window(one, facts)


@pytest.mark.parametrize(("number", "actor", "may"), [(1, 7, False), (1, 8, True), (2, 7, True)])
def test_an_exclusion_is_confirmed_by_another_than_who_proposed_it(
    number: int, actor: int, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    found = SimpleNamespace(number=1, second="")
    monkeypatch.setattr(effects, "_proposed", lambda *_: found)
    proposed = SimpleNamespace(data={"number": number}, actor=actor)
    monkeypatch.setattr(effects, "Act", SimpleNamespace(objects=Rows(proposed)))
    facts: Any = SimpleNamespace(case_id=1, case="N", actor=7)
    if may:
        assert effects.exclusion_confirmed(Step(act="confirm"), facts) == ()
        return
    with pytest.raises(AssessmentError, match="提出人以外的人"):
        effects.exclusion_confirmed(Step(act="confirm"), facts)


@pytest.mark.parametrize(
    ("approved", "after"),
    [(FIRST, False), (FIRST + DAY, True), (FIRST - DAY, False), (None, False)],
)
def test_a_scheme_approved_after_the_first_day_is_retroactive(
    approved: date | None, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    monkeypatch.setattr(inputs, "approved_on", lambda _one: approved)
    one: Any = SimpleNamespace(first=FIRST)
    assert inputs.is_retroactive(one) is after


def test_the_last_day_of_a_month_is_found_over_the_year() -> None:
    assert act_facts._month_end(date(2024, 2, 10)) == date(2024, 2, 29)
    assert act_facts._month_end(date(2024, 11, 30)) == date(2024, 11, 30)
    assert act_facts._month_end(date(2024, 12, 31)) == date(2024, 12, 31)


def test_how_things_came_in_is_tallied_apart() -> None:
    found = entry_modes.tally(["timely", "late", "late", "imported"])
    assert (found.number, found.late, found.imported) == (4, 2, 1)
    share = entry_modes.Share().more(True, "late").more(False, "timely")
    assert (share.good, share.every.number, share.every.late) == (1, 2, 1)


@pytest.mark.parametrize(
    ("known", "now", "changed"),
    [
        ({}, ("claim", "31(6)"), ""),  # the first one changes nothing
        ({"class": "claim", "path": "31(6)"}, ("claim", "31(6)"), ""),
        ({"class": "claim", "path": "31(6)"}, ("suggestion", "31(6)"), "class"),
        ({"class": "claim", "path": "31(6)"}, ("claim", "31(5)"), "path"),
        ({"class": "claim", "path": ""}, ("claim", "31(5)"), ""),
        ({"class": "claim", "path": "31(6)"}, ("claim", ""), ""),
    ],
)
def test_a_classification_changes_class_or_path(
    known: dict[str, str], now: tuple[str, str], changed: str
) -> None:
    assert recoded._changed(known, {"class": now[0], "path": now[1]}) == changed


@pytest.mark.parametrize(
    ("age", "low", "high", "within"),
    [
        (10, 10, 20, True),
        (20, 10, 20, True),
        (9, 10, 20, False),
        (21, 10, 20, False),
        (10, 10, 0, True),  # without an upper end
        (999, 10, 0, True),
        (9, 10, 0, False),
    ],
)
def test_an_age_lies_between_both_ends(age: int, low: int, high: int, *, within: bool) -> None:
    assert portrait._lies_within(age, low, high) is within


@pytest.mark.parametrize(
    ("window", "kind", "selects"),
    [
        (1, "conclusion", False),
        (2, "conclusion", True),
        (3, "conclusion", True),
        (2, "notice", False),
    ],
)
def test_a_selector_counts_cells_that_lie_in_enough_windows(
    window: int, kind: str, *, selects: bool
) -> None:
    cell = ibis_count.Cell(HERE, kind, "late", "", "", "late", window)
    assert ibis_count._selects(Selector("conclusion"), cell, 2) is selects


def test_only_cells_of_the_organs_asked_are_added_up() -> None:
    cells = {
        ibis_count.Cell(HERE, "conclusion", "late", "", "", "timely", 1): 3,
        ibis_count.Cell(THERE, "conclusion", "late", "", "", "timely", 1): 5,
        ibis_count.Cell(HERE, "notice", "late", "", "", "timely", 1): 7,
    }
    sums = {HERE: [0] * ibis_count.NUMBERS}
    ibis_count._add_selected(sums, 0, Selector("conclusion"), cells, 1)
    assert sums == {HERE: [3, 0, 0, 0, 0, 0]}


def test_a_part_holds_the_facts_of_its_organ_and_of_those_that_joined_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = {
        FACTS: [fact(1), fact(2, organ=THERE)],
        frozen_tables.PAST: [fact(3), fact(4, organ=THERE), fact(5, organ=3)],
    }
    written: dict[str, list[int]] = {}

    def write(path: Path, _table: str, some: Any) -> int:
        written[path.name] = [one.id for one in some if isinstance(one, Fact)]
        return len(written[path.name])

    monkeypatch.setattr(handout, "write", write)
    monkeypatch.setattr(handout, "write_marks", lambda _folder: [])
    monkeypatch.setattr(handout, "rows_of", lambda path: [astuple(f) for f in rows[path.name]])
    monkeypatch.setattr(manifest, "decided", lambda _part: ((), ()))
    part = {"past": {"joined": [(3, HERE)]}, "population": []}
    assert handout._write_tables(tmp_path, HERE, part, tmp_path) == 1
    assert written[FACTS] == [1]
    assert written[frozen_tables.PAST] == [3, 5]


def test_a_part_of_a_manifest_has_the_digests_and_salts_of_its_organ(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LISTS", "SCORED", "HEAD", "COMMON"):
        monkeypatch.setattr(manifest_digest, name, ())
    monkeypatch.setattr(manifest_digest, "owned", lambda _said: [])
    some = [{"organ": HERE, "x": 1}, {"organ": THERE, "x": 2}]
    part = manifest_digest.part_of({"sections": some, "salts": some}, THERE)
    assert (part["sections"], part["salts"]) == ([some[1]], [some[1]])


def test_months_are_those_of_the_organ_and_the_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [
        fact(1),
        fact(2, organ=THERE),
        replace(fact(3), outcome="open"),
        replace(fact(4), kind="notice"),
        replace(fact(5), outcome="late"),
        replace(fact(6), entered="late"),
    ]
    monkeypatch.setattr(interim_figures, "read", lambda *_: [asdict(one) for one in facts])
    scheme = SimpleNamespace(late_entered=UNPROVED)
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: scheme)
    held: Any = SimpleNamespace(folder=Path(), manifest={"scheme": {"body": ""}})
    [(month, share)] = interim_figures.months(held, HERE).items()
    assert (month, share.good, share.every.number) == (FIRST, 1, 3)


@pytest.mark.parametrize(("organ", "taken"), [(HERE, ["effect"]), (THERE, []), (None, [])])
def test_an_exclusion_says_what_it_takes_from_an_organ_of_the_population(
    organ: int | None, taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [Exclusion(5, "i", "a", "b", "c")]
    facts = {5: {"organ": organ}} if organ is not None else {}
    monkeypatch.setattr(manifest, "exclusions_in", lambda _folder: held)
    monkeypatch.setattr(manifest, "facts_with", lambda *_: facts)
    assessed = [SimpleNamespace(organ=HERE, group="g")]
    monkeypatch.setattr(manifest, "organs_in", lambda _folder: assessed)
    monkeypatch.setattr(manifest, "_taken", lambda *_: ["effect"])
    scheme: Any = None
    [said] = manifest.exclusions_said(Path(), scheme, Period(FIRST, LAST))
    assert said["effect"] == taken
    assert said["organ"] == (organ if organ is not None else NOBODY)


def test_code_that_differs_is_noted_with_the_files_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    now = {"source": "s", "sources": {"a": "1", "b": "2", "c": "3"}}
    monkeypatch.setattr(result_notes, "code", lambda _version: now)
    assert list(result_notes._other_code({"code": {"source": "s", "sources": {}}})) == []
    then = {"source": "t", "sources": {"a": "1", "b": "x", "d": "4"}}
    [note] = result_notes._other_code({"code": then})
    assert "（b, c, d）" in note.zh


def test_the_population_of_a_manifest_is_that_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    organs = [frozen_tables.Assessed(HERE, "示例局", "g")]
    monkeypatch.setattr(recomputation, "organs_in", lambda _folder: organs)
    population = [asdict(one) for one in organs]
    assert list(recomputation._population(Path(), {"population": population})) == []
    assert len(list(recomputation._population(Path(), {"population": []}))) == 1
