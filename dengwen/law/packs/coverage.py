"""Which acceptance cases are shown to work: ids, the scenarios and tests that ran for them and
passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dengwen.law.packs.pack import read_toml
from dengwen.law.scenarios.scenario import Outcome

CASES_FILE = "cases.toml"


@dataclass(frozen=True)
class CaseLine:
    """One acceptance case: its title, whether it is owed now, and what ran and passed for it."""

    id: str
    zh: str
    owed: bool
    scenarios: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def covered(self) -> bool:
        """Whether anything that ran for it passed."""
        return bool(self.scenarios or self.tests)


def case_lines(
    root: Path, outcomes: Iterable[Outcome], tests: Mapping[str, Iterable[str]]
) -> list[CaseLine]:
    """Return every case id with the scenarios (that passed just now) and tests (that passed in the
    last run).

    `tests` maps a test to the case ids it declares. A case with a failing scenario lists only what
    passed.
    """
    outcomes = list(outcomes)
    failed = {c for o in outcomes if not o.passed for c in o.cases}
    lines = []
    for raw in read_toml(root / CASES_FILE).get("case", []):
        name = raw["id"]
        passed = tuple(
            f"{o.file}: {o.title}"
            for o in outcomes
            if name in o.cases and o.passed and name not in failed
        )
        ran = tuple(sorted(t for t, ids in tests.items() if name in ids))
        lines.append(CaseLine(name, raw.get("zh", ""), bool(raw.get("owed")), passed, ran))
    return lines


def missing(lines: Iterable[CaseLine]) -> list[str]:
    """Return the ids that are owed and shown by nothing."""
    return [line.id for line in lines if line.owed and not line.covered]


def as_dict(lines: Iterable[CaseLine]) -> list[dict[str, Any]]:
    """Return the lines as plain data."""
    return [
        {
            "id": c.id,
            "zh": c.zh,
            "owed": c.owed,
            "scenarios": list(c.scenarios),
            "tests": list(c.tests),
        }
        for c in lines
    ]
