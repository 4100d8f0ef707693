"""Verifying a receipt as its holder would on another computer: the program, the file, the public
keys, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
"""What the program is told of its surroundings: nothing about an office, its data or its
database."""

FENCED = """
import sys
forbidden = sys.argv.pop(1)

def refuse(event, arguments):
    if event.startswith(("socket.", "sqlite3.")):
        raise SystemExit(f"the verifier asked for {event}")
    reached = event in ("open", "os.listdir", "os.scandir", "os.mkdir")
    if reached and str(arguments[0]).startswith(forbidden):
        raise SystemExit(f"the verifier touched {arguments[0]}")

sys.addaudithook(refuse)
from dengwen.cli.main import main
code = main(sys.argv[1:])
loaded = {"django", "sqlite3", "psycopg"} & set(sys.modules)
raise SystemExit("the verifier loaded a database" if loaded else code)
"""
"""Runs `dengwen`; whoever asks for a socket, a database or a file of the office ends it with a
sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the program said, and with which exit code."""

    code: int
    text: str


def verify(receipt: Path, keys: Path, office: Path) -> Answer:
    """Run `dengwen ledger verify` beside the receipt, out of reach of the office's folder and of
    every network."""
    arguments = ["ledger", "verify", receipt.name, "--key", keys.name]
    done = subprocess.run(
        [sys.executable, "-c", FENCED, str(office), *arguments],
        cwd=receipt.parent,
        env={name: os.environ[name] for name in NEEDED if name in os.environ}
        | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Answer(done.returncode, done.stdout + done.stderr)
