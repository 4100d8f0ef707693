"""`python -m bench.tricks`: what each trick of the row layer saves, by switching it off (ADR 6).

An office is founded in a scratch folder, on SQLite and on a throw-away PostgreSQL. In every round
each trick in turn is off while a few matters are taken in, walked through their steps, swept and
imported; the rounds run after one another, so that what else the machine does falls on all alike.
What counts is the least CPU time of this process, and how often the server is waited for.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.database import ROOT, postgresql

DATABASES = ("sqlite", "postgres")
ROUNDS = 12
OPERATIONS = ("intake", "step", "sweep", "import")
ALL_ON = "all on"


def main(words: list[str] | None = None) -> int:
    """Measure what the words ask for and print a table for each database."""
    reader = argparse.ArgumentParser(prog="bench.tricks", description=__doc__)
    reader.add_argument("--rounds", type=int, default=ROUNDS)
    reader.add_argument(
        "--database", choices=DATABASES, action="append", help="only this one (may be repeated)"
    )
    reader.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    asked = reader.parse_args(words)
    if asked.inside:
        _measure(asked.inside, asked.rounds)
        return 0
    for database in asked.database or DATABASES:
        with tempfile.TemporaryDirectory(prefix="dengwen-tricks-") as folder:
            found = _in_an_office(database, Path(folder), asked.rounds)
        print(_table(found, asked.rounds), flush=True)
    return 0


def _in_an_office(database: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Measure in a process and a folder of its own."""
    if database == "sqlite":
        return _run(folder, "", rounds)
    with postgresql(folder) as (url, _pid):
        return _run(folder, url, rounds)


def _run(folder: Path, url: str, rounds: int) -> dict[str, Any]:
    out = folder / "found.json"
    given = {
        **os.environ,
        "DENGWEN_DATABASE_URL": url,
        "DENGWEN_DATA": str(folder / "office"),
        "DENGWEN_HOSTS": "",
    }
    given.pop("DENGWEN_SECRET_KEY", None)
    command = [sys.executable, "-m", "bench.tricks", "--inside", str(out), "--rounds", str(rounds)]
    subprocess.run(command, cwd=ROOT, env=given, check=True)
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _measure(out: Path, rounds: int) -> None:
    """Set the office up and measure it: nothing of it can be imported before."""
    data_folder: Any = importlib.import_module("dengwen.cli.office.data_folder")
    data_folder.prepare(
        data_folder.data_folder(), practice=True, origin=data_folder.PRACTICE_ORIGIN
    )
    data_folder.set_up()
    init: Any = importlib.import_module("dengwen.cli.office.init")
    for _ in init.prepare(data_folder.PRACTICE_ORIGIN, collect=False):
        pass
    switches: Any = importlib.import_module("bench.switches")
    found = switches.measured(rounds, out.parent)
    out.write_text(json.dumps(found), encoding="utf-8")


def _table(found: dict[str, Any], rounds: int) -> str:
    """Return what was found: CPU of each operation with all tricks on, then in per cent of it what
    an operation costs more without each; waits for the server where there is one."""
    base = found["cpu"][ALL_ON]
    machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    lines = [
        f"## {found['version']}, Python {platform.python_version()}, {machine}, {rounds} rounds",
        "",
        f"| without | {' | '.join(OPERATIONS)} |",
        f"|---|{'---|' * len(OPERATIONS)}",
        "| nothing: all on, CPU ms | "
        + " | ".join(_with_waits(f"{base[one]:.2f}", found, ALL_ON, one) for one in OPERATIONS)
        + " |",
    ]
    for name, cpu in found["cpu"].items():
        if name == ALL_ON:
            continue
        more = {one: f"{(cpu[one] / base[one] - 1) * 100:+.0f} %" for one in OPERATIONS}
        cells = " | ".join(_with_waits(more[one], found, name, one) for one in OPERATIONS)
        lines.append(f"| {name} | {cells} |")
    return "\n".join([*lines, ""])


def _with_waits(text: str, found: dict[str, Any], name: str, operation: str) -> str:
    waits = found["waits"].get(name, {}).get(operation)
    return text if waits is None else f"{text}, {waits:.1f} waits"


if __name__ == "__main__":
    sys.exit(main())
