"""Accountability as data: a place states its own rules, and where it states none there is none."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.effects import EFFECTS
from dengwen.law.errors import PackError
from dengwen.law.liability import conduct_words, provisions
from dengwen.law.liability.question_answers import QUESTIONS
from dengwen.law.packs.library import Library
from dengwen.law.packs.storage import from_text, to_text
from dengwen.organs.kinds import KINDS

PACKS = Path(__file__).resolve().parents[2] / "packs"
OF_ANOTHER_PLACE = """
[[cited]]
id = "measures"
zh = "示例省办法第五条"
en = "Example Measures 5"
basis = {law = "X", article = "5"}

[[measure]]
id = "public_apology"
zh = "责令公开道歉"
en = "ordered public apology"
on = ["person"]
kind = "accountability"
by = "manager"
basis = {law = "X", article = "5"}

[[rung]]
id = "first"
zh = "公开道歉"
en = "apology"
measures = ["public_apology"]
opens = [{gravity = "light"}, {gravity = "serious"}]
basis = {law = "X", article = "6"}

[[line]]
id = "individual.doer"
replaces = true
ground = "individual"
who = "doer"
responsibility = "direct"
zh = "直接责任"
en = "direct responsibility"
basis = {law = "X", article = "4"}

[[authority]]
id = "manager"
manages = true
zh = "有权机关"
en = "the competent organ"
basis = {law = "X", article = "7"}
"""
HEAD = """
[pack]
family = "example"
edition = "one"
zh = "示例"
en = "example"
from = 2018-01-01
place = "33"
extends = ["responsibility", "national"]

[[instrument]]
id = "X"
zh = "示例省办法"
en = "Example Measures"
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the delivered packs, and one of another place instead of Zhejiang's."""
    root = tmp_path_factory.mktemp("packs") / "packs"
    left_out = shutil.ignore_patterns("scenarios", "bad", "zhejiang")
    shutil.copytree(PACKS, root, ignore=left_out)
    write(root, OF_ANOTHER_PLACE)
    return root


def write(root: Path, rules: str) -> None:
    folder = root / "example" / "2018-01-01"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(HEAD, encoding="utf-8")
    (folder / "accountability_rules.toml").write_text(rules, encoding="utf-8")


@pytest.fixture(scope="module")
def library(packs: Path) -> Library:
    found = Library.load(packs, EFFECTS)
    provisions.check(found)
    return found


def asked(library: Library, question: str, **facts: Any) -> dict[str, Any]:
    return QUESTIONS[question](library, facts)


def laws(value: Any) -> set[str]:
    """Return every instrument an answer cites, wherever it stands."""
    if isinstance(value, dict):
        own = {value["law"]} if value.get("law") else set()
        return own.union(*(laws(inner) for inner in value.values()))
    return set().union(*(laws(inner) for inner in value)) if isinstance(value, list) else set()


def decision(measure: str, place: str) -> dict[str, Any]:
    return {
        "place": place,
        "on": date(2025, 3, 10),
        "measures": [measure],
        "decided_by": "组织部",
        "decider": "王示例",
        "gravity": {"light": True},
        "goal": "补办",
        "deadline": "2025-04-10",
    }


def test_another_place_answers_by_its_own_rules(library: Library) -> None:
    deeds = [{"official": "甲", "organ": "乙", "work": "信访", "on": "2025-03-10"}]
    answer = asked(library, "attribute", place="330106", deeds=deeds)
    assert [(line["official"], line["law"]) for line in answer["lines"]] == [("甲", "X")]
    rungs = asked(library, "ladder", place="33", on="2025-03-10", gravity={"light": True})
    assert rungs["open"] == ["first"]
    assert asked(library, "measures", **decision("public_apology", "330106"))["refused"] == []
    refused = asked(library, "measures", **decision("circular", "330106"))["refused"]
    assert [(r["code"], r["law"], r["article"]) for r in refused] == [("not-a-measure", "X", "5")]


@pytest.mark.parametrize("place", ["330106", "110101", ""])
def test_no_other_place_is_shown_an_article_of_chongqing(library: Library, place: str) -> None:
    deeds = [{"official": "甲", "organ": "乙", "work": "信访", "on": "2025-03-10"}]
    grave = {"harm": "especially", "influence": "especially"}
    answers = [
        asked(library, "attribute", place=place, deeds=deeds),
        asked(library, "ladder", place=place, on="2025-03-10", gravity=grave),
        asked(library, "levels", place=place, on="2025-03-10", deciding="county", told="county"),
        asked(library, "meets", place=place, on="2025-03-10", conduct=list(conduct_words.CONDUCTS)),
    ]
    for measure in ("circular", "admonition", "removal", "self_criticism", "talk", "scolding"):
        answers.append(asked(library, "measures", **decision(measure, place)))
        answers.append(
            asked(
                library, "authority", place=place, on="2025-03-10", measure=measure, organ="party"
            )
        )
        imposed = [{"measure": measure, "on": "2025-03-10"}]
        answers.append(asked(library, "influence", place=place, imposed=imposed))
    assert "S" not in laws(answers)
    rules = provisions.in_force(library, date(2025, 3, 10), place)
    assert "S" not in {rule.basis.law for rule in rules.cited.values()}
    assert "细则" not in "".join(rule.zh for rule in rules.cited.values())


def test_where_no_rule_stands_there_is_no_measure(library: Library) -> None:
    for measure in ("circular", "removal", "scolding"):
        (refusal,) = asked(library, "measures", **decision(measure, "110101"))["refused"]
        assert (refusal["code"], refusal["law"]) == ("no-rule-here", "")
        assert "no measure without a rule here" in refusal["en"]


def test_an_entry_that_stands_below_says_that_it_replaces_it(packs: Path, library: Library) -> None:
    write(packs, OF_ANOTHER_PLACE.replace("replaces = true\n", ""))
    with pytest.raises(PackError, check=lambda e: e.code == "clash") as error:
        provisions.check(library)
    write(packs, OF_ANOTHER_PLACE)
    assert "individual.doer" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('who = "doer"', 'who = "clerk"', "unknown-word"),
        ('responsibility = "direct"', 'responsibility = "grave"', "unknown-word"),
        ('gravity = "light"', 'gravity = "slight"', "unknown-word"),
        ('{gravity = "serious"}', '{failed = "second"}', "unknown-word"),
        ('measures = ["public_apology"]', 'measures = ["apology"]', "unknown-word"),
        ('by = "manager"', 'by = "anybody"', "unknown-word"),
        ('id = "manager"', 'id = "someone"', "unknown-word"),
        ('basis = {law = "X", article = "7"}', "", "missing-basis"),
        ("manages = true", 'manages = "yes"', "not-a-flag"),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(
    packs: Path, library: Library, old: str, new: str, code: str
) -> None:
    assert old in OF_ANOTHER_PLACE
    write(packs, OF_ANOTHER_PLACE.replace(old, new))
    try:
        with pytest.raises(PackError, check=lambda e: e.code == code):
            provisions.check(library)
    finally:
        write(packs, OF_ANOTHER_PLACE)


def test_the_groups_of_organs_are_those_of_the_registry() -> None:
    assert set(conduct_words.ORGAN_GROUPS) == {kind.group for kind in KINDS.values()}
    kinds = set(conduct_words.ORGAN_WORDS) - set(conduct_words.ORGAN_GROUPS)
    assert kinds <= set(KINDS)


@pytest.mark.parametrize(
    ("place", "said"), [("500153", "重庆市信访工作责任制实施细则"), ("110101", "本系统的做法")]
)
def test_a_rule_of_the_house_cites_chongqing_only_there(
    library: Library, place: str, said: str
) -> None:
    book = library.rulebook(date(2025, 3, 10), place)
    rules = [rule for kind in book.kinds.values() for rule in kind.acts.values()]
    local = {rule.basis.cite(book.instruments) for rule in rules if rule.basis.law == "S"}
    assert local
    assert all(said in cite for cite in local)
    if place != "500153":
        every = {rule.basis.cite(book.instruments, "en") for rule in rules}
        assert not [cite for cite in every if "Chongqing" in cite]


def test_an_instrument_of_a_place_is_kept_with_its_place(library: Library) -> None:
    book = library.rulebook(date(2025, 3, 10), "110101")
    packs = tuple(library.in_force(date(2025, 3, 10), "110101"))
    again = from_text(to_text(packs))
    assert again.instruments["S"].binds is False
    assert again.instruments == book.instruments
