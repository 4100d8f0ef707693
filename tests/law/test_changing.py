"""`law check --mutate`: what it changes, that nothing is forgotten, and that a scenario notices."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pytest

from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import (
    ActRule,
    Cap,
    ClosedBy,
    DocumentRule,
    DutyRule,
    FieldRule,
    LimitRule,
)
from dengwen.law.scenarios import mutation, scenario, scenario_file
from dengwen.law.scenarios.changed_citations import citation_edits, citations, known_passages
from dengwen.law.scenarios.changed_conditions import (
    NAMES,
    NO_CONDITION,
    cited_words,
    condition_edits,
    condition_words,
    unclassified,
)
from dengwen.law.scenarios.changed_rules import mutants
from dengwen.law.scenarios.changed_tables import table_mutants
from dengwen.law.scenarios.cited_passages import uncited
from tests.law.stage import LIBRARY, PACKS

PLAYED = scenario_file.read_scenarios(PACKS)
CLASSES = {
    "number",
    "unit",
    "opener",
    "closer",
    "cap",
    "edition",
    "condition",
    "citation",
    "holder",
    "state",
    "table",
}
RULES = (ActRule, DutyRule, DocumentRule, FieldRule, LimitRule, Cap, ClosedBy)
R22 = "national/2022-05-01"
DRAW = int(os.environ.get("DENGWEN_LAW_MUTANTS") or 2)
"""Mutants of each class that the draw tries; `make mutate-law` tries every one."""


# --- nothing survives -----------------------------------------------------------------------------
def test_of_a_draw_of_mutants_none_survives() -> None:
    report = mutation.mutate(LIBRARY, PLAYED, draw=DRAW, seed=15)
    assert set(report.total) == CLASSES
    assert not [s for s in report.survivors if s[0] not in mutation.LENIENT]


def test_a_mutant_survives_where_nothing_looks() -> None:
    few = [p for p in PLAYED if p[1]["section"] == "force"]
    report = mutation.mutate(LIBRARY, few, draw=1)
    assert {survivor[0] for survivor in report.survivors} >= {"condition", "citation"}
    assert not report.sound()


def test_a_draw_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    every = list(mutants(LIBRARY))

    def names(seed: int) -> list[tuple[str, str, str]]:
        drawn = mutation.drawn(every, 3, seed)
        return [(mutant.change, mutant.entry, mutant.detail) for mutant in drawn]

    assert names(1) == names(1)
    assert names(1) != names(2)


def test_one_condition_that_survives_is_not_sound_but_few_states_are() -> None:
    total = dict.fromkeys(CLASSES, 100)
    lost = [(change, R22, "petition.act accept", "") for change in ("condition", "state")]
    assert not mutation.Report(total, (lost[0],)).sound()
    assert mutation.Report(total, (lost[1],)).sound()
    assert not mutation.Report(total, (lost[1],) * 5).sound()


# --- no word of the format is forgotten -----------------------------------------------------------
@pytest.mark.parametrize("rule", RULES)
def test_each_word_of_the_format_is_a_condition_or_says_why_not(rule: type) -> None:
    assert not unclassified(rule)
    names = {field.name for field in fields(rule)}
    words = {"since" if word == "from" else word for word in condition_words(rule)}
    assert words | set(NO_CONDITION.get(rule, {})) | cited_words(rule) | NAMES >= names
    assert not words & set(NO_CONDITION.get(rule, {}))
    assert all(NO_CONDITION.get(rule, {}).values())


def test_a_word_added_to_the_format_is_changed_from_its_first_day() -> None:
    @dataclass(frozen=True)
    class NewRule:
        id: str
        only_on: tuple[str, ...]
        never_on: Mapping[str, tuple[str, ...]]
        sworn: bool

    raw = {"id": "x", "only_on": ["a", "b"], "never_on": {"c": ["1", "2"]}, "sworn": True}
    told = [edit.detail for edit in condition_edits(NewRule, raw)]
    assert told == [
        "only_on without a",
        "only_on without b",
        "never_on without c",
        "never_on c without 1",
        "never_on c without 2",
        "without sworn",
    ]


def test_conditions_are_deleted_and_turned_round_also_inside_fields_and_caps() -> None:
    raw = {
        "id": "x",
        "only_if": {"class": "claim"},
        "must_be": ["told"],
        "fields": [{"name": "told", "type": "flag", "needed_if": {"class": "claim"}}],
        "caps": [{"field": "n", "most": 5, "where": {"channel": "visit"}}],
        "more": {"after": ["b"]},
    }
    edits = {edit.detail: edit.raw for edit in condition_edits(ActRule, raw)}
    assert set(edits) == {
        "only_if without class",
        "only_if class → never_if",
        "must_be without told",
        "fields told: needed_if without class",
        "caps n: where without channel",
    }
    assert edits["only_if class → never_if"]["never_if"] == {"class": "claim"}
    assert "only_if" not in edits["only_if class → never_if"]
    assert "where" not in edits["caps n: where without channel"]["caps"][0]


# --- citations ------------------------------------------------------------------------------------
def test_citations_are_found_wherever_they_stand() -> None:
    cited = {"law": "R22", "article": "34"}
    raw: dict[str, Any] = {
        "basis": cited,
        "caps": [{"basis": cited}],
        "otherwise": {"basis": cited},
        "extension": {"basis": cited},
    }
    names = [citation.named for citation in citations(raw)]
    assert names == ["", "caps.0", "extension", "otherwise"]


def test_a_citation_becomes_another_article_paragraph_instrument_and_word() -> None:
    raw = {"basis": {"law": "R22", "article": "22(1)(1)"}}
    changed = [edit.raw["basis"] for edit in citation_edits(raw, known_passages(LIBRARY.packs))]
    article, paragraph, instrument, word = changed
    assert (article["law"], article["article"][:2]) == ("R22", "23")
    assert paragraph["article"] == "22(2)(1)"
    assert instrument["law"] != "R22"
    assert word["verified"] is False


def cited(**entry: object) -> list[str]:
    whole = {"section": "cited", "pack": R22, "law": "R22", "article": "34", **entry}
    return list(scenario.run(LIBRARY, "x.toml", whole).failures)


def test_the_lists_notice_a_citation_that_moved_and_an_entry_that_is_gone() -> None:
    assert cited(rests=["petition.duty.handle", "petition.act.extend"]) == []
    [moved] = cited(article="33", rests=["petition.duty.handle"])
    assert "R22 33" in moved
    [unseen] = cited(verified=False, rests=["petition.act.extend"])
    assert "未核原文" in unseen
    [gone] = cited(rests=["petition.act.nothing"])
    assert "no such entry" in gone


def test_every_citation_stands_in_a_list_and_one_that_does_not_is_named() -> None:
    assert not uncited(LIBRARY, PLAYED)
    without = [p for p in PLAYED if p[1].get("article") != "34"]
    errors = uncited(LIBRARY, without)
    assert {error.code for error in errors} == {"uncited"}
    assert f"{R22}/scenarios/citations.toml" in {error.file for error in errors}
    assert "petition.duty.handle" in {error.entry for error in errors}


# --- what scenarios learned to say ----------------------------------------------------------------
def bears(**entry: object) -> bool:
    whole = {"section": "bears", "on": date(2025, 3, 3), "place": "500000", "bears": True, **entry}
    return scenario.run(LIBRARY, "x.toml", whole).passed


def test_a_scenario_says_who_bears_a_recurring_duty() -> None:
    county = {"kind": "government", "level": "county", "rank": "principal"}
    assert bears(duty="reception_county_head", of="leader", facts=county)
    assert not bears(duty="reception_county_head", of="holder", facts=county)
    assert not bears(duty="reception_county_head", of="leader", facts={**county, "rank": "deputy"})
    assert bears(duty="annual_report", of="holder", facts={"petition_office": True})
    assert bears(duty="annual_report", of="holder", facts={"petition_office": False}, bears=False)


def test_what_asks_one_question_is_told_without_a_case() -> None:
    for section in ("bears", "border", "may", "owes", "column", "cited"):
        file, entry = next(p for p in PLAYED if p[1]["section"] == section)
        told = scenario.play(LIBRARY, file, entry)
        assert told["passed"], section
        assert told["title"]
        assert told["lines"] == []


def test_a_scenario_says_by_whose_hands_and_who_owes() -> None:
    head = {"section": "may", "on": date(2025, 3, 3), "as": ["head"], "stands": "holder"}
    assert scenario.run(LIBRARY, "x.toml", {**head, "acts": ["petition.extend"]}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**head, "acts": ["petition.accept"]}).passed
    owed = {"section": "owes", "on": date(2025, 3, 3), "who": "addressee"}
    assert scenario.run(LIBRARY, "x.toml", {**owed, "duties": ["petition.assigned_report"]}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**owed, "duties": ["petition.handle"]}).passed


def test_a_scenario_says_which_values_a_field_takes() -> None:
    border = {"section": "border", "on": date(2025, 3, 3), "fields": ["petition.assign.deadline"]}
    today, before = date(2025, 3, 3), date(2025, 3, 2)
    assert scenario.run(LIBRARY, "x.toml", {**border, "takes": [today], "refuses": [before]}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**border, "takes": [before]}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**border, "refuses": [today]}).passed
    assert scenario.run(LIBRARY, "x.toml", {**border, "asked": True, "kept": False}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**border, "asked": False}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**border, "kept": True}).passed


def test_a_column_notices_a_table_that_says_another_thing() -> None:
    column = {
        "section": "column",
        "file": "related/1949-10-01/accountability_rules.toml",
        "table": "combination",
        "word": "minor",
        "values": {"substitute": True},
    }
    assert scenario.run(LIBRARY, "x.toml", column).passed
    assert not scenario.run(LIBRARY, "x.toml", {**column, "values": {}}).passed
    assert not scenario.run(LIBRARY, "x.toml", {**column, "file": "nothing.toml"}).passed


def test_every_word_of_the_tables_is_changed_but_what_people_are_told() -> None:
    changed = [m for m in table_mutants(LIBRARY) if m.entry == "combination substitute"]
    words = {m.detail.split()[0].removesuffix(":") for m in changed if m.change == "table"}
    assert words == {"without", "first", "second", "minor"}
    assert {m.change for m in changed} == {"table", "citation"}


def test_a_scenario_says_which_limits_a_paper_prints() -> None:
    led = [p for p in PLAYED if any("prints" in e for e in p[1].get("expect", ()))]
    assert led
    file, entry = led[0]
    wrong = {**entry, "expect": [{**e, "prints": ["duty.perform", "x"]} for e in entry["expect"]]}
    assert not scenario.run(LIBRARY, file, wrong).passed


def test_a_library_with_one_change_leaves_the_others_as_they_are() -> None:
    mutant = next(m for m in mutants(LIBRARY) if m.change == "condition")
    changed = Library(mutant.packs, LIBRARY.calendar, LIBRARY.effects, LIBRARY.workshop)
    others = [p for p in changed.packs if p.id != mutant.pack]
    assert others == [p for p in LIBRARY.packs if p.id != mutant.pack]
