"""`make year`: play a year of registers with forty organs and 120 leaders in an office of its own,
and print the table.

The office lies in a temporary folder and is gone afterwards. Exit 1 where the end is not what the
script planned.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

WORK = """
import sys
from dengwen.cli.office.data_folder import set_up
set_up()
from dengwen.cli.office.init import prepare
from dengwen.cases import replay
from dengwen.practice.year.played_year import once_each, play, show
for line in prepare("practice.dengwen.example/2026", collect=False):
    pass
organs, leaders, year, seed, every = map(int, sys.argv[1:])
played = play(organs, leaders, year, seed, every=every, told=show)
differences = sum(1 for _ in replay.check())
what = f"{organs} organs, {leaders} leaders, {year}, seed {seed}"
show(f"{what}: {played.acts} acts, {played.turns} turns of the worker")
show(played.table())
show(f"replay: {differences} differences; breaches once each: {once_each()}")
sys.exit(0 if played.agrees and not differences and once_each() else 1)
"""


def main() -> int:
    """Play the year in a process and a folder of its own."""
    reader = argparse.ArgumentParser(prog="year", description=__doc__)
    for name, number in (
        ("organs", 40),
        ("leaders", 120),
        ("year", 2025),
        ("seed", 11),
        ("every", 1),
    ):
        reader.add_argument(f"--{name}", type=int, default=number)
    asked = reader.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dengwen-year-") as folder:
        numbers = [
            str(n) for n in (asked.organs, asked.leaders, asked.year, asked.seed, asked.every)
        ]
        subprocess.run(
            [sys.executable, "-m", "dengwen.cli.main", "init", "--practice"],
            env={**os.environ, "DENGWEN_DATA": f"{folder}/office"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        done = subprocess.run(
            [sys.executable, "-c", WORK, *numbers],
            env={**os.environ, "DENGWEN_DATA": f"{folder}/office"},
            check=False,
        )
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
