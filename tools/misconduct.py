"""`make misconduct`: 20,000 petitions of 40 organs in a year with the standing file of misconduct;
prints the table.

The office lies in a temporary folder, the key beside it; both are gone afterwards unless `--keep`
names a folder.
Half an hour of one processor, more where others use the machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")
UNTIL = "2025-12-31"


def main() -> int:
    """Write the load in an office of its own, run the finders over it, print digests and table."""
    reader = argparse.ArgumentParser(prog="misconduct", description=__doc__)
    for name, number in (("petitions", 20_000), ("organs", 40), ("months", 12), ("seed", 1)):
        reader.add_argument(f"--{name}", type=int, default=number)
    reader.add_argument("--until", default=UNTIL, metavar="DAY", help="last day of the load")
    reader.add_argument("--file", default=str(FILE), help="another file of misconduct")
    reader.add_argument("--keep", default="", metavar="FOLDER", help="keep office and key there")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory(prefix="dengwen-misconduct-") as folder:
        return _run(asked, Path(asked.keep or folder))


def _run(asked: argparse.Namespace, folder: Path) -> int:
    """Write the load, score the finders, and return the code of the first step that failed."""
    office, key = folder / "office", folder / "answer-key.jsonl"
    numbers = [
        f"--{name}={getattr(asked, name)}" for name in ("petitions", "organs", "months", "seed")
    ]
    steps = (
        ("init", "--practice"),
        (
            "simulate",
            *numbers,
            "--until",
            asked.until,
            "--misconduct",
            asked.file,
            "--key",
            str(key),
        ),
        ("leads", "score", "--key", str(key)),
    )
    for words in steps:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "dengwen.cli.main", *words],
            env={**os.environ, "DENGWEN_DATA": str(office)},
            check=False,
        )
        sys.stdout.write(f"{words[0]}: {time.monotonic() - began:.0f} s\n")
        sys.stdout.flush()
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
