"""The day that counts in law is China's: no act is dated by the day of its instant in UTC."""

from __future__ import annotations

import re

from tools.mutants.mutant import ROOT

UTC_DAY = re.compile(r"\b\w*_at\.date\(\)|\b(occurred|recorded)\.date\(\)|__date\b")
"""The instant of an act or a row cut to a day without asking for the day in China (`civil`)."""


def test_no_instant_of_an_act_is_cut_to_a_day_of_another_zone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in sorted((ROOT / "dengwen").rglob("*.py"))
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UTC_DAY.search(line)
    ]
    assert found == []
