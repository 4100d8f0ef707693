"""The bench runs from the first intake to the last check and prints its table; nothing is said
about speed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHAPES = (
    "intake, one caller",
    "case steps",
    "import",
    "intake over HTTP",
    "work list",
    "whole page",
    "sweep over",
    "home of a supervisor at 210",
    "breaches of a supervisor at 210",
    "ratings of a supervisor at 210",
    "home of a supervisor at 420",
    "breaches of a supervisor at 420",
    "ratings of a supervisor at 420",
)


@pytest.mark.long
def test_a_small_bench_measures_every_shape_and_proves_its_office(tmp_path: Path) -> None:
    out = tmp_path / "bench.md"
    words = [sys.executable, "-m", "bench", "--quick", "--database", "sqlite", "--out", str(out)]
    done = subprocess.run(
        words, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == out.read_text(encoding="utf-8").strip()
    lines = [line for line in done.stdout.splitlines() if line.startswith("|")]
    for shape in SHAPES:
        (line,) = [line for line in lines if shape in line]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1] == "SQLite"
        assert float(cells[2].split()[0].replace(",", "")) > 0
        assert cells[6].endswith("%")
    assert "replay of" in done.stdout
    assert "ledger check over everything: 0 findings" in done.stdout
    assert "0 differences" in done.stdout
