"""`law attribute|ladder|measures|influence|register`: facts in, an answer with its rules."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dengwen.cli.main import main
from dengwen.cli.rules import law_questions
from dengwen.cli.rules.delivered_packs import load_library
from dengwen.law.packs.library import Library

QUESTIONS: dict[str, dict[str, Any]] = {
    "attribute": {
        "place": "500153",
        "posts": [
            {"official": "县长", "organ": "县政府", "role": "head", "since": "2020-01-01"},
            {"official": "副县长", "organ": "县政府", "role": "member", "since": "2020-01-01"},
        ],
        "portfolios": [
            {"official": "副县长", "organ": "县政府", "work": "信访", "since": "2020-01-01"}
        ],
        "decisions": [{"organ": "县政府", "work": "信访", "on": "2023-05-10"}],
    },
    "ladder": {
        "place": "500153",
        "on": "2025-03-10",
        "gravity": {"harm": "serious", "influence": "serious"},
    },
    "measures": {"place": "500153", "on": "2025-03-10", "measures": ["talk"], "decider": "王示例"},
    "influence": {
        "place": "500153",
        "imposed": [{"measure": "admonition", "on": "2025-03-10"}],
    },
    "register": {
        "place": "500000",
        "acts": [
            {"at": "2018-01-01", "act": "open_register", "by": "县住建局", "year": 2018},
            {
                "at": "2018-01-01",
                "act": "open_period",
                "by": "县住建局",
                "rule": "special_inspection",
                "first": "2018-01-01",
            },
        ],
        "today": "2019-01-01",
    },
}


@pytest.fixture(autouse=True)
def library(loaded: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Load the delivered packs once for all questions."""
    monkeypatch.setattr(law_questions, "load_library", lambda: loaded)
    return loaded


@pytest.fixture(scope="module")
def loaded() -> Library:
    return load_library()


def asked(
    name: str, facts: object, capsys: pytest.CaptureFixture[str], tmp_path: Path, *more: str
) -> tuple[int, str, str]:
    """Ask by a file; return the exit code and both outputs."""
    path = tmp_path / "facts.json"
    path.write_text(
        facts if isinstance(facts, str) else json.dumps(facts, ensure_ascii=False), encoding="utf-8"
    )
    code = main(["law", name, str(path), *more])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_answered_with_the_rule_of_every_step(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = asked(name, QUESTIONS[name], capsys, tmp_path, "--json")
    assert code == 0
    answer = json.loads(out)
    assert any(step.get("cite_zh") and step.get("cite_en") for step in answer["trace"])
    code, out, _ = asked(name, QUESTIONS[name], capsys, tmp_path)
    assert code == 0
    assert "《" in out


@pytest.mark.case("E01")
def test_the_answer_on_attribution_names_head_and_leader_in_charge(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, out, _ = asked("attribute", QUESTIONS["attribute"], capsys, tmp_path, "--json")
    lines = [(x["official"], x["responsibility"], x["law"]) for x in json.loads(out)["lines"]]
    assert lines == [("县长", "main", "S"), ("副县长", "main", "S")]


def test_the_facts_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(QUESTIONS["ladder"])))
    assert main(["law", "ladder", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["open"] == ["14"]


def test_a_register_whose_acts_cannot_be_done_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    facts = QUESTIONS["register"] | {"acts": QUESTIONS["register"]["acts"] * 2}
    code, out, _ = asked("register", facts, capsys, tmp_path, "--json")
    assert code == 1
    assert json.loads(out)["failures"]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "facts",
    [
        "",
        "[]",
        '"x"',
        "{",
        "[" * 100_000,
        '{"place": 5}',
        '{"nothing": 1}',
        '{"acts": 7, "on": "31.12.2020", "posts": 5, "imposed": [7], "gravity": 1}',
        '{"acts": [{"at": "2018-01-01"}], "on": "2025-99-99", "imposed": [{"measure": "x"}]}',
    ],
)
def test_facts_that_are_none_are_refused_in_words(
    name: str, facts: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = asked(name, facts, capsys, tmp_path)
    assert (code, out) == (2, "")
    assert " / " in err or "\n" in err.strip()


def test_a_file_that_is_not_there_and_one_too_long_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["law", "ladder", str(tmp_path / "none.json")]) == 2
    code, _, err = asked("ladder", '{"on": "' + "1" * 1_000_001 + '"}', capsys, tmp_path)
    assert code == 2
    assert "1000000" in err
