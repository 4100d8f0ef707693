"""`dengwen report warnings`: the office's own record, and a trial on old messages."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from dengwen.cli.reports.warnings import run_warnings
from tests.world import World


def asked(**given: object) -> argparse.Namespace:
    """Return the arguments of the command."""
    return argparse.Namespace(
        **{"messages": "", "people": 0, "days": 0, "json": True, "clock": None, **given}
    )


def test_the_office(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_warnings(asked()) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["inflow"] == {"raised": 0, "answered": 0, "right": 0, "right_percent": None}
    assert run_warnings(asked(json=False)) == 0
    assert "same_matter" in capsys.readouterr().out


def test_a_file_in_time_order(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {
            "subject": "屋面渗水",
            "body": "三号楼屋面渗水多年，请求修复",
            "user": f"u{n}",
            "time": f"2019-0{1 + n // 3}-0{n % 3 + 1}T10:00",
            "hot_issue_a": 1,
        }
        for n in range(9)
    ]
    path = tmp_path / "old.jsonl"
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in reversed(rows)), encoding="utf-8"
    )
    assert run_warnings(asked(messages=str(path), people=3, days=20)) == 0
    same = json.loads(capsys.readouterr().out)["detectors"][0]
    assert (same["warnings"], same["false"]) == (3, 0)
    assert same["hot"][0]["warned"] == "2019-01-03"
