"""`dengwen law check`: what it refuses, and what it needs to say which cases are shown."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dengwen.cli.main import main
from dengwen.cli.rules.delivered_packs import packs_folder

COVERAGE = ["law", "check", "--coverage"]


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the recorded run is looked for; there is none yet."""
    path = tmp_path / "build" / "tests-passed.json"
    monkeypatch.setenv("DENGWEN_TESTS_PASSED", str(path))
    return path


@pytest.mark.parametrize("json_too", [[], ["--json"]], ids=["words", "json"])
def test_coverage_says_what_it_needs_where_no_run_is_recorded(
    record: Path, json_too: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main([*COVERAGE, *json_too]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert str(record) in said.err
    assert "no run of the tests is recorded" in said.err
    assert "没有测试运行的记录" in said.err
    assert "make test" in said.err
    assert "DENGWEN_TESTS_PASSED" in said.err
    assert not record.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tests": 3}'])
def test_a_record_that_cannot_be_read_is_named(
    record: Path, text: str, capsys: pytest.CaptureFixture[str]
):
    record.parent.mkdir()
    record.write_text(text, encoding="utf-8")
    assert main(COVERAGE) == 2
    said = capsys.readouterr().err
    assert str(record) in said
    assert "cannot be read" in said
    assert "make test" in said


def test_with_a_record_coverage_names_what_nothing_shows(
    record: Path, capsys: pytest.CaptureFixture[str]
):
    record.parent.mkdir()
    record.write_text(json.dumps({"tests": {"t.py::x": {"cases": ["A04"]}}}), encoding="utf-8")
    assert main([*COVERAGE, "--json"]) == 1  # a record of one test does not show the whole law
    report = json.loads(capsys.readouterr().out)
    shown = {line["id"]: line["tests"] for line in report["coverage"]}
    assert shown["A04"] == ["t.py::x"]
    assert "A04" not in report["missing"]
    assert report["missing"]


def test_without_coverage_no_record_is_asked_for(record: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["law", "check"]) == 0
    assert "0 failed" in capsys.readouterr().out
    assert not record.exists()


def test_what_no_scenario_plays_fails_the_check_and_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DENGWEN_PACKS", str(packs_folder() / "bad" / "unplayed-act"))
    assert main(["law", "check"]) == 1
    out = capsys.readouterr().out
    assert "one/2020-01-01/petition.toml · act finish" in out
    assert "no scenario plays petition.finish" in out
    assert "write a scenario in one/2020-01-01/scenarios" in out
    assert main(["law", "check", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["unplayed"]) == 1


def test_a_folder_of_scenarios_need_not_play_every_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    own = tmp_path / "mine"
    shutil.copytree(packs_folder() / "house" / "1949-10-01" / "scenarios", own)
    assert main(["law", "check", str(own)]) == 0
    assert "0 failed" in capsys.readouterr().out


def test_a_duty_left_open_is_printed_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    packs = tmp_path / "packs"
    shutil.copytree(packs_folder() / "bad" / "unplayed-act", packs)
    file = packs / "one" / "2020-01-01" / "petition.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text
        + """
[[act]]
id = "withdraw"
zh = "撤回"
en = "withdraw"
by = "petitioner"
after = ["registered"]
to = "finished"
basis = {law = "A", article = "3"}
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("DENGWEN_PACKS", str(packs))
    assert main(["law", "check"]) == 1
    assert "with this duty open: register → withdraw" in capsys.readouterr().out
