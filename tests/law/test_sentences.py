"""Every sentence of the procedure is carried by something that exists, and shown or explained."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps

from config.effects import EFFECTS
from dengwen.law.errors import PackError
from dengwen.law.packs import sentences
from dengwen.law.packs.library import Library
from dengwen.law.scenarios import scenario, scenario_file
from dengwen.law.scenarios.scenario import Outcome
from tools import coverage

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "packs"
LIBRARY = Library.load(PACKS, EFFECTS)
SENTENCES = sentences.read_sentences(PACKS)
ENTRY = """[[sentence]]
id = "P1.1"
section = "1"
item = 1
zh = "甲"
en = "a"
"""


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.id)
def test_everything_named_exists(sentence: sentences.Sentence) -> None:
    assert sentences.unknown_ids(LIBRARY, sentence) == []
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(sentence.carriers.get("tables", ())) <= tables
    for module in sentence.carriers.get("modules", ()):
        assert importlib.util.find_spec(module) is not None, module


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.id)
def test_a_sentence_is_carried_or_says_why(sentence: sentences.Sentence) -> None:
    assert sentence.carried or sentence.why[0]
    assert bool(sentence.why[0]) == bool(sentence.why[1])
    prefix = "" if sentence.section.startswith("S") else "P"
    assert re.fullmatch(rf"{prefix}{re.escape(sentence.section)}\.\d+", sentence.id)


def test_nothing_is_wrong_with_what_is_declared() -> None:
    assert list(coverage.problems(LIBRARY, coverage.declared())) == []


def test_the_sentences_follow_the_shared_description(shared: Path) -> None:
    text = (shared / "law" / "procedure.md").read_text(encoding="utf-8")
    assert items_of(text) == listed_items()


def listed_items() -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for sentence in SENTENCES:
        if not sentence.section.startswith("S"):
            found[sentence.section].add(sentence.item)
    return dict(found)


def test_the_articles_of_the_responsibility_rules_are_numbered_through() -> None:
    listed: dict[str, list[str]] = defaultdict(list)
    for sentence in SENTENCES:
        if sentence.section.startswith("S"):
            listed[sentence.section].append(sentence.id)
    articles = [int(section[1:]) for section in listed]
    assert articles == sorted(articles)
    assert set(range(4, 19)) <= set(articles)
    for section, ids in listed.items():
        assert ids == [f"{section}.{n}" for n in range(1, len(ids) + 1)]


def test_the_page_keeps_the_two_parts_apart() -> None:
    first, second = coverage.page(coverage.declared()).split("## 二、")
    assert [("| P1.1 |" in part, "| S8.1 |" in part) for part in (first, second)] == [
        (True, False),
        (False, True),
    ]


def items_of(text: str) -> dict[str, set[int]]:
    """Number what stands in each section: rows of tables, points of lists, paragraphs."""
    found: dict[str, set[int]] = {}
    for part in re.split(r"^##+ ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        section = head.split(" ")[0].rstrip(".")
        if int(section.split(".")[0]) not in {*range(1, 13), 14, 15}:
            continue
        lines = [line for line in body.splitlines() if line.strip()]
        ruled = {n for n, line in enumerate(lines) if line.startswith("| ---")}
        items = [line for n, line in enumerate(lines) if n not in ruled and n + 1 not in ruled]
        if items:
            found[section] = set(range(1, len(items) + 1))
    return found


def test_what_is_named_wrongly_is_noticed() -> None:
    known = next(s for s in SENTENCES if s.carriers.get("acts") and not s.packs)
    for key, name in (
        ("acts", "petition.no_such"),
        ("fields", "petition.register.no_such"),
        ("clocks", "no.such"),
    ):
        wrong = sentences.Sentence("P0.1", "0", 1, "甲", "a", {**known.carriers, key: (name,)})
        assert sentences.unknown_ids(LIBRARY, wrong) == [f"{key}: {name}"]
    elsewhere = sentences.Sentence(
        "P0.1", "0", 1, "甲", "a", {"acts": ("petition.object",)}, ("national/2005-05-01",)
    )
    assert sentences.unknown_ids(LIBRARY, elsewhere) == ["acts: petition.object"]


@pytest.mark.parametrize("line", ['strange = "x"', 'id = "P1.1"', ""])
def test_a_bad_list_is_refused(tmp_path: Path, line: str) -> None:
    second = {
        'strange = "x"': ENTRY + line,
        'id = "P1.1"': ENTRY + ENTRY,
        "": ENTRY.replace('en = "a"\n', ""),
    }[line]
    (tmp_path / sentences.SENTENCES_FILE).write_text(second, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        sentences.read_sentences(tmp_path)
    assert (caught.value.code, caught.value.entry) == ("unknown-word", "P1.1")


def test_a_sentence_is_shown_only_by_what_passed() -> None:
    good = Outcome("a.toml", "甲", (), (), ("P1.1",))
    bad = Outcome("b.toml", "乙", (), ("错",), ("P1.1", "P2.1"))
    tests = {"tests/x.py::y": ["P3.1"]}
    lines = {line.sentence.id: line for line in sentences.sentence_lines(PACKS, [good, bad], tests)}
    assert lines["P1.1"].scenarios == lines["P2.1"].scenarios == ()
    assert lines["P3.1"].tests == ("tests/x.py::y",)
    assert {"P1.1", "P2.1"} <= set(sentences.unshown(lines.values()))
    assert "P3.1" not in sentences.unshown(lines.values())
    lines = {line.sentence.id: line for line in sentences.sentence_lines(PACKS, [good], {})}
    assert lines["P1.1"].scenarios == ("a.toml: 甲",)


def test_a_scenario_reports_the_sentences_it_names() -> None:
    file, entry = next(p for p in scenario_file.read_scenarios(PACKS) if "sentence" in p[1])
    outcome = scenario.run(LIBRARY, file, entry)
    assert outcome.passed
    assert outcome.sentences == tuple(entry["sentence"])


def test_marks_are_read_without_running(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(
        "import pytest\nraise SystemExit\n"
        "@pytest.mark.sentence('P1.1', 'P1.2')\ndef test_a(): ...\n"
        "@pytest.mark.case('A01')\ndef test_b(): ...\n"
        "@pytest.mark.sentence('P2.1')\nclass TestC:\n    def test_d(self): ...\n",
        encoding="utf-8",
    )
    assert coverage.declared_tests(tmp_path / "tests") == {
        "tests/test_x.py::test_a": {"P1.1", "P1.2"},
        "tests/test_x.py::TestC::test_d": {"P2.1"},
    }


def test_the_page_is_current(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["coverage", "--check"])
    assert coverage.main() == 0, capsys.readouterr().out


@pytest.mark.sentence("P1.2")
def test_the_network_of_2005_was_e_mail() -> None:
    named = {}
    for day in (date(2019, 3, 4), date(2025, 3, 3)):
        channel = LIBRARY.rulebook(day).kinds["petition"].acts["register"].field_rule("channel")
        assert channel is not None
        named[day.year] = channel.option_names["network"][0]
    assert named == {2019: "电子邮件", 2025: "信息网络"}
