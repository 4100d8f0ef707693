"""What becomes a fact and of which kind: duties by the article they rest on, acts by what they do
to a figure; and what is written down of all of it."""

from __future__ import annotations

import ast
import stat
import zipfile
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from dengwen.assessment import ibis_count, portrait
from dengwen.assessment.facts import act_facts, deadline_facts, duty_facts, inspection_findings
from dengwen.assessment.facts.act_facts import _After, _Did
from dengwen.assessment.facts.organ_groups import LEVEL_WORDS, group_pair
from dengwen.assessment.frozen import fact_check, frozen_tables, handout, manifest
from dengwen.assessment.frozen.frozen_tables import (
    EXCLUSIONS,
    FACTS,
    MARKS,
    ORGANS,
    PAST,
    SCHEMAS,
    Assessed,
    Exclusion,
    Fact,
)
from dengwen.cases import rulebooks
from dengwen.law.indicators.indicator import SCORED_KINDS, WATCHED_KINDS
from dengwen.organs.kinds import LEVELS

DAY = date(2025, 3, 18)
PACKAGE = "dengwen.assessment"
HOUSE = Path(ibis_count.__file__).parent


def rules(kind: str) -> Any:
    return rulebooks.library().rulebook(DAY).kind(kind)


# --- duties ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "case", "article", "kind", "sort"),
    [
        ("sort", "petition", "22(1)", "registration", ""),
        ("sort_again", "petition", "22(1)", "registration", "again"),
        ("direct_notice", "petition", "23(2)", "notification", ""),
        ("notify_transferred", "petition", "23(3)", "notification", ""),
        ("direct_again", "petition", "23(2)", "notification", "again"),
        ("handle", "petition", "34", "conclusion", ""),
        ("review_decide", "review", "35", "conclusion", "review"),
        ("recheck_decide", "recheck", "36(1)(2)", "conclusion", "recheck"),
        ("perform_or_answer", "petition", "行政诉讼法 (2017) art. 47", "conclusion", "31(5)"),
    ],
)
def test_a_duty_with_a_day_makes_a_fact_of_its_kind(
    rule: str, case: str, article: str, kind: str, sort: str
) -> None:
    assert rules(case).duties[rule].basis.article == article
    [made] = [one for one in deadline_facts.TIMED if one.rule == rule]
    assert (made.case, made.kind, made.sort) == (case, kind, sort)


def test_no_two_facts_of_one_act_bear_one_number() -> None:
    timed = [one.slot for one in deadline_facts.TIMED]
    assert timed == list(range(1, len(timed) + 1))
    others = [
        duty_facts.OWN,
        deadline_facts.EXECUTE,
        deadline_facts.FEEDBACK,
        deadline_facts.OBJECT,
        deadline_facts.BACKLOG,
        deadline_facts.LEADER,
        act_facts.BROUGHT,
        inspection_findings.RECTIFY,
        inspection_findings.CONTACT,
    ]
    slots = Counter([*timed, *others])
    assert max(slots.values()) == 1
    assert (min(slots), max(slots) < duty_facts.SLOTS) == (0, True)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [("adopted", "adopted"), ("partly", "partly"), ("not", "refused")],
)
def test_every_answer_to_a_suggestion_is_an_outcome(said: str, outcome: str) -> None:
    assert set(deadline_facts.SUGGESTED) == set(
        rules("suggestion").acts["answer"].field_rule("adopted").option_names
    )
    assert deadline_facts.SUGGESTED[said] == outcome


def test_the_columns_of_a_duty_are_those_its_row_names() -> None:
    given = dict(zip(duty_facts.DutyRow._fields, duty_facts.COLUMNS, strict=True))
    renamed = {
        "act": "opened_by_id",
        "closed_recorded": "closed_by__recorded_at",
        "ended_by": "closed_by__act",
    }
    for name, column in given.items():
        assert column in (renamed.get(name, name), f"{name}_id")


# --- acts -----------------------------------------------------------------------------------------
AFTER = _After(frozenset(), frozenset(), frozenset(), {2: 9}, {}, frozenset())


def did(
    act: str, case: int = 1, kind: str = "petition", organ: int | None = 3, **data: Any
) -> _Did:
    return _Did(5, act, case, "N", kind, organ, DAY, data, "timely")


def fact_of(one: _Did, after: _After = AFTER) -> tuple[str, str, str] | None:
    made = act_facts._fact_of(one, after)
    return None if made is None else (made.kind, made.outcome, made.sort)


WATCHED = {
    "extension": ("extend",),
    "split": ("split",),
    "link": ("attach_repeat",),
    "refusal": ("refuse", "refuse_late", "no_longer_accept"),
    "redirect": (
        *("inform", "notify_path", "guide_visitor", "guide_back", "forward_litigation"),
        "leave_simple",
    ),
    "withdrawal": ("withdraw",),
}
"""Acts by which a figure looks better without anybody being helped."""


@pytest.mark.parametrize("kind", sorted(WATCHED))
def test_what_makes_a_figure_look_better_is_watched(kind: str) -> None:
    known = {act for case in act_facts.HANDLING for act in rules(case).acts}
    for act in WATCHED[kind]:
        assert act in known
        assert fact_of(did(act)) == (kind, act, "petition")
    assert sum(map(len, WATCHED.values())) == len(act_facts.WATCHED)


@pytest.mark.parametrize(
    ("one", "made"),
    [
        (did("sign"), ("resolution", "open", "")),
        (did("settle"), ("resolution", "settled", "")),
        (did("decide_simple"), ("resolution", "open", "")),
        (did("sign", kind="review"), None),  # of a review whose opinion is not on record
        (did("settle", kind="review"), None),
        (did("correct", field="class"), ("recoding", "class", "")),
        (did("correct", field="phone"), None),
        (did("register", outside_source="province"), ("contact", "registered", "province")),
        (did("register"), None),
        (did("forward"), None),
    ],
)
def test_an_act_is_one_fact_or_none(one: _Did, made: tuple[str, str, str] | None) -> None:
    assert fact_of(one) == made


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("uphold", "upheld"),
        ("change", "changed"),
        ("revoke", "revoked"),
        ("order_anew", "revoked"),
        (None, "open"),
    ],
)
def test_a_review_counts_in_the_figure_of_who_was_reviewed(said: str | None, outcome: str) -> None:
    options = rules("review").acts["sign"].field_rule("outcome").option_names
    assert set(act_facts.REVIEWED) == set(options)
    made = act_facts._fact_of(did("sign", case=2, kind="review", outcome=said), AFTER)
    assert made is not None
    assert (made.kind, made.outcome, made.sort, made.organ) == ("review", outcome, "review", 9)


@pytest.mark.parametrize(
    ("act", "after", "stands"),
    [
        ("sign", {}, "open"),
        ("settle", {}, "settled"),
        ("sign", {"filed": frozenset({1})}, "settled"),
        ("sign", {"reviewing": frozenset({1}), "filed": frozenset({1})}, "reviewed"),
        ("settle", {"reviewing": frozenset({1})}, "reviewed"),
        ("settle", {"repeated": frozenset({"N"})}, "repeated"),
        ("sign", {"reviewing": frozenset({2}), "repeated": frozenset({"M"})}, "open"),
    ],
)
def test_a_matter_is_settled_where_nobody_came_again(
    act: str, after: dict[str, Any], stands: str
) -> None:
    nothing: dict[str, Any] = {
        "reviewing": frozenset(),
        "repeated": frozenset(),
        "filed": frozenset(),
    }
    seen = _After(**{**nothing, **after}, reviewed={}, evaluated={}, rated=frozenset())
    assert seen.resolution(did(act)) == stands


@pytest.mark.parametrize(
    ("one", "facts"),
    [
        (
            did("invite"),
            [("invitation", 8, "rated", "competent"), ("invitation", 9, "unrated", "department")],
        ),
        (
            did("rate", competent_level="satisfied", department_level="dissatisfied"),
            [("rating", 8, "satisfied", "competent"), ("rating", 9, "dissatisfied", "department")],
        ),
        (did("rate", competent_level="satisfied"), [("rating", 8, "satisfied", "competent")]),
        (did("give_code"), []),
    ],
)  # fmt: skip
def test_a_rating_counts_for_each_side_apart_and_names_no_case(
    one: _Did, facts: list[tuple[str, int, str, str]]
) -> None:
    evaluated = {(1, "competent"): 8, (1, "department"): 9}
    after = _After(
        frozenset(), frozenset(), frozenset(), {}, evaluated, frozenset({(1, "competent")})
    )
    asked: Any = SimpleNamespace(last=date(2025, 3, 20))
    made = list(act_facts._rated(one, asked, after))
    assert [(f.kind, f.organ, f.outcome, f.sort) for f in made] == facts
    assert {f.case for f in made} <= {0}
    assert {f.day for f in made} <= {asked.last}  # the month has not ended in the period
    assert len({f.id for f in made}) == len(made)
    alone = _After(frozenset(), frozenset(), frozenset(), {}, {(1, "department"): 9}, frozenset())
    assert {f.sort for f in act_facts._rated(one, asked, alone)} <= {"department"}


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2025, 2, 3), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 11, 30), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2025, 1, 31), date(2025, 1, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(day: date, last: date) -> None:
    assert act_facts._month_end(day) == last


def test_facts_of_nobody_and_of_organs_not_asked_for_are_left_out() -> None:
    asked: Any = SimpleNamespace(wants=lambda organ: organ != 4, last=DAY)
    acts = [did("withdraw"), did("withdraw", organ=None), did("withdraw", organ=4), did("forward")]
    made = [
        f for one in acts for f in act_facts._facts_of(one, AFTER, asked) if asked.wants(f.organ)
    ]
    assert [f.organ for f in made] == [3]


def test_the_channel_stands_at_a_registration_alone() -> None:
    came = act_facts._own(did("register", channel="visit"), "contact", "registered")
    assert came.channel == "visit"
    assert act_facts._own(did("register"), "contact", "registered").channel == ""
    assert act_facts._own(did("withdraw", channel="visit"), "withdrawal", "withdraw").channel == ""
    assert act_facts._own(did("withdraw", organ=None), "withdrawal", "withdraw").organ == 0


@pytest.mark.parametrize(
    ("timely", "checked", "outcome"),
    [
        ("in_time", True, "rectified"),
        ("in_time", False, "open"),  # its own report proves nothing
        ("late", True, "overdue"),
        ("missed", False, "overdue"),
        ("open", False, "open"),
        ("open", True, "open"),
    ],
)
def test_a_demand_is_met_once_it_was_checked(timely: str, outcome: str, *, checked: bool) -> None:
    assert inspection_findings._demand_outcome(timely, checked=checked) == outcome
    assert outcome in SCORED_KINDS["finding"]


def test_every_kind_that_is_drawn_is_known_to_the_schemes() -> None:
    drawn = {one.kind for one in deadline_facts.TIMED} | set(act_facts.WATCHED.values())
    assert drawn <= set(SCORED_KINDS) | set(WATCHED_KINDS)
    assert set(act_facts.WATCHED.values()) <= set(WATCHED_KINDS)
    assert set(act_facts.REVIEWED.values()) | {"open"} == set(SCORED_KINDS["review"])
    assert set(deadline_facts.SUGGESTED.values()) < set(SCORED_KINDS["suggestion"])
    assert set(deadline_facts.DONE.values()) < set(SCORED_KINDS["execution"])


# --- what is written down -------------------------------------------------------------------------
TYPES = {"int": pa.int64(), "str": pa.string(), "date": pa.date32()}


@pytest.mark.parametrize(
    ("table", "row"), [(FACTS, Fact), (PAST, Fact), (ORGANS, Assessed), (EXCLUSIONS, Exclusion)]
)
def test_a_table_has_the_columns_of_its_rows(table: str, row: Any) -> None:
    declared = {field.name: TYPES[str(field.type)] for field in fields(row)}
    held = {column.name: column.type for column in SCHEMAS[table]}
    assert held == declared
    assert set(SCHEMAS) == {FACTS, PAST, ORGANS, EXCLUSIONS, MARKS} == set(frozen_tables.FILES)
    assert {c.name: c.type for c in SCHEMAS[MARKS]} == {
        "file": pa.string(),
        "id": pa.int64(),
        "mark": pa.int64(),
    }


def test_columns_come_in_the_order_in_which_a_row_is_made() -> None:
    order = {FACTS: Fact, ORGANS: Assessed}
    for table, row in order.items():
        assert SCHEMAS[table].names == [field.name for field in fields(row)]


def test_an_archive_is_the_same_at_any_moment_and_readable_by_all() -> None:
    entry = handout._entry("facts")
    assert entry.date_time == zipfile.ZipInfo("other").date_time
    assert entry.compress_type == zipfile.ZIP_DEFLATED
    assert stat.S_IMODE(entry.external_attr >> 16) == 0o644


def imported(module: str) -> set[str]:
    """Return the modules of assessment that one of them names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((HOUSE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            place = "/".join((node.module or "").split(".")[2:])
            found |= {place, *(f"{place}/{one.name}".strip("/") for one in node.names)}
    return {name for name in found if name and (HOUSE / f"{name}.py").exists()}


def test_the_source_of_everything_that_draws_and_counts_is_written_down() -> None:
    seen, todo = set[str](), ["inputs"]
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo += imported(module)
    assert set(manifest.COMPUTING) == seen - {"errors"}


# --- what is said ---------------------------------------------------------------------------------
def test_every_level_has_a_word_of_its_own() -> None:
    assert set(LEVEL_WORDS) == set(LEVELS)
    said = {level: group_pair(f"petition_office/{level}") for level in LEVELS}
    assert len(set(said.values())) == len(LEVELS)
    for level, (zh, en) in said.items():
        assert zh.endswith("信访部门")
        assert zh.isalpha()
        assert level not in zh
        assert en == f"petition department, {level} level"
        assert len(zh) > len("信访部门")


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("changed", "不是冻结时的", "not the one frozen"),
        ("added", "多出来", "added"),
        ("order", "次序", "out of order"),
        ("missing", "不见了", "missing"),
    ],
)
@pytest.mark.parametrize("past", [True, False])
def test_what_is_wrong_with_a_fact_is_said(kind: str, zh: str, en: str, *, past: bool) -> None:
    row = (7, "conclusion", 3, 9, DAY, "late", "", "", "timely")
    wrong = fact_check._Wrong(kind, 7, None if kind == "missing" else row)
    scheme: Any = SimpleNamespace(indicators=())
    said = fact_check._difference(wrong, {3: "示例区住建局"}, scheme, past=past)
    assert said.where == "facts 7"
    assert zh in said.zh
    assert en in said.en
    assert said.zh.startswith("以往的") is past
    assert said.en.startswith("past ") is past
    assert ("示例区住建局" in said.en) is (kind != "missing")


def test_ages_follow_each_other_without_a_gap_and_the_last_is_open() -> None:
    lows, highs = zip(*portrait.AGES, strict=True)
    assert lows[0] == 0
    assert [high + 1 for high in highs[:-1]] == list(lows[1:])
    assert highs[-1] == 0
    assert all(low < high for low, high in portrait.AGES[:-1])
    for age in (0, 30, 31, 180, 181, 9_999):
        within = [one for one in portrait.AGES if portrait._lies_within(age, *one)]
        assert len(within) == 1
