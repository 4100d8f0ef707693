"""`dengwen law indicators`: schemes and what they would reward, without a data folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dengwen.cli.main import main
from dengwen.cli.rules.delivered_packs import packs_folder


def test_schemes_are_listed_with_basis_weight_and_floor(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "indicators", "--json"]) == 0
    [scheme] = [s for s in json.loads(capsys.readouterr().out) if s["scheme"] == "starting"]
    leaders = next(i for i in scheme["indicators"] if i["id"] == "leaders_duties_met")
    assert leaders["basis"] == {"law": "S", "article": "7"}
    assert len(scheme["digest"]) == 64


def test_a_perverse_scheme_is_refused_with_the_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    packs = tmp_path / "packs"
    shutil.copytree(packs_folder() / "schemes", packs / "schemes")
    path = packs / "schemes" / "starting.toml"
    text = path.read_text(encoding="utf-8")
    assert 'numerator = {kind = "registration", outcome = ["in_time"]}' in text
    path.write_text(
        text.replace(
            'numerator = {kind = "registration", outcome = ["in_time"]}',
            'numerator = {kind = "refusal"}',
        ),
        encoding="utf-8",
    )
    monkeypatch.setenv("DENGWEN_PACKS", str(packs))
    assert main(["law", "indicators", "--lint"]) == 1
    out = capsys.readouterr().out
    assert "✗ registered_in_time" in out
    assert "不登记 / do not register" in out


def test_an_unknown_scheme_names_the_known_ones(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "indicators", "--scheme", "nowhere"]) == 2
    assert "starting" in capsys.readouterr().err
