"""What an assessment says has words in both languages: facts, groups of organs, sections, parts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dengwen.assessment.facts.fact_words import entered_pair, outcome_pair
from dengwen.assessment.facts.organ_groups import group_pair
from dengwen.assessment.frozen import manifest_check, recomputation, result_check
from dengwen.assessment.frozen.frozen_tables import SCHEMAS
from dengwen.assessment.frozen.manifest_digest import COMMON, LISTS, SCORED
from dengwen.cases import record_proof
from dengwen.law.indicators.indicator import ENTERED, SCORED_KINDS
from dengwen.organs.kinds import KINDS

CHINESE = re.compile(r"[一-鿿]")


def are_words(pair: tuple[str, str]) -> bool:
    """Say whether a pair has Chinese words and English ones."""
    zh, en = pair
    return bool(CHINESE.search(zh)) and bool(en.strip()) and not CHINESE.search(en)


@pytest.mark.parametrize("kind", sorted(SCORED_KINDS))
def test_every_outcome_of_a_kind_is_said_in_words(kind: str) -> None:
    outcomes = SCORED_KINDS[kind]
    words = [outcome_pair(kind, outcome) for outcome in outcomes]
    assert [pair for pair in words if not are_words(pair)] == []
    assert len(set(words)) == len(words)


def test_an_outcome_means_what_its_kind_makes_of_it() -> None:
    assert outcome_pair("objection", "upheld") == ("异议成立", "objection upheld")
    assert outcome_pair("review", "upheld") == ("维持", "upheld")
    assert outcome_pair("finding", "open") == ("整改中", "open")
    assert outcome_pair("conclusion", "open") == ("尚未了结", "open")
    assert outcome_pair("suggestion", "refused") == ("未采纳", "not adopted")
    assert outcome_pair("conclusion", "unheard of") == ("unheard of", "unheard of")


def test_how_a_fact_came_in_is_said_in_words() -> None:
    assert all(are_words(entered_pair(entered)) for entered in ENTERED)
    assert len({entered_pair(entered) for entered in ENTERED}) == len(ENTERED)
    assert entered_pair("unheard of") == ("unheard of", "unheard of")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_group_of_organs_is_said_by_level_and_kind(kind: str) -> None:
    zh, en = group_pair(f"{kind}/county")
    assert zh.endswith(KINDS[kind].zh)
    assert en == f"{KINDS[kind].en}, county level"
    assert group_pair("unheard of") == ("unheard of", "unheard of")


@pytest.mark.parametrize("section", [*LISTS, *SCORED])
def test_a_section_that_was_changed_is_named_in_words(
    section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"organ": 1, "section": section, "sha256": "b"}
    monkeypatch.setattr(manifest_check, "sections_of", lambda _said: [row])
    [wrong] = manifest_check._sections({"sections": [{**row, "sha256": "a"}]})
    assert section not in wrong.zh
    assert "not what was frozen" in wrong.en
    assert are_words(manifest_check.SECTIONS[section])


@pytest.mark.parametrize("name", COMMON)
def test_a_common_part_that_was_changed_is_named_in_words(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("_sections", "_parts"):
        monkeypatch.setattr(manifest_check, other, lambda _said: ())
    monkeypatch.setattr(manifest_check, "sha256_text", lambda _part: "b")
    sealed = {one: "b" if one != name else "a" for one in COMMON}
    said: dict[str, Any] = {**dict.fromkeys(COMMON, ""), "sealed": sealed}
    [wrong] = list(manifest_check.sealed_differences(said))
    assert wrong.where == name
    assert are_words(manifest_check.SECTIONS[name])


def test_tables_parts_and_checks_are_named_in_words() -> None:
    assert set(recomputation.WORDS) == set(SCHEMAS)
    for words in (recomputation.WORDS, result_check.PARTS, record_proof.WORDS):
        assert all(are_words(pair) for pair in words.values())
    assert set(record_proof.WORDS) == set(record_proof.CHECKS)


@pytest.mark.parametrize("name", ["counts", "watches", "effects", "past_watches", "flags"])
def test_integers_that_differ_are_named_by_their_part(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def integers(part: str, *_: Any) -> tuple[()]:
        asked.append(part)
        return ()

    monkeypatch.setattr(result_check, "_integers", integers)
    same: dict[str, Any] = {"exclusions": [], "scores": {}, "scores_sha256": "x"}
    said = {**same, **dict.fromkeys(result_check.PARTS, 1)}
    assert list(result_check.result_differences(said, said)) == []
    assert name in asked
    asked.clear()
    monkeypatch.setattr(result_check, "_scores", lambda *_: ())
    list(result_check.result_differences({**said, "part_of": 1}, said))
    assert (name in asked) is (name != "flags")
