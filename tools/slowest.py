"""Prints the slowest tests of the last whole run, where to look when it is long: `python -m
tools.slowest [MANY]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "build" / "test-slowest.json"
MANY = 10


def slowest(file: Path, many: int) -> list[tuple[float, str, str]]:
    """The slowest tests a file names: seconds with set-up and tear-down, test, run; the slowest
    first."""
    runs: dict[str, dict[str, float]] = (
        json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    )
    every = [(seconds, test, run) for run, tests in runs.items() for test, seconds in tests.items()]
    return sorted(every, reverse=True)[:many]


def main() -> int:
    """Print them, one a line."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    sys.stdout.write(f"the {many} slowest tests, in seconds (files: build/test-times.json):\n")
    for seconds, test, run in slowest(FILE, many):
        sys.stdout.write(f"{seconds:>7.1f}  {test}  ({run})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
