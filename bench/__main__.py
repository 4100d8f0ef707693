"""`python -m bench` (`make bench`): measure on SQLite and PostgreSQL, print the report and write
build/bench.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.database import ROOT, postgresql
from bench.report import report
from bench.result import Found

DATABASES = ("sqlite", "postgres")


def main(words: list[str] | None = None) -> int:
    """Measure what the words ask for; returns 1 where a measured office did not prove itself,
    never for a slow one."""
    reader = argparse.ArgumentParser(prog="bench", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="small numbers, to see that it runs")
    reader.add_argument(
        "--database", choices=DATABASES, action="append", help="only this one (may be repeated)"
    )
    reader.add_argument(
        "--out", type=Path, default=ROOT / "build" / "bench.md", help="where the report goes"
    )
    asked = reader.parse_args(words)
    before, text = os.getloadavg(), ""
    found: list[Found] = []
    failed = False
    for database in asked.database or DATABASES:
        with tempfile.TemporaryDirectory(prefix="dengwen-bench-") as folder:
            one = _measure(database, Path(folder), quick=asked.quick)
        if one is None:
            failed = True
            continue
        failed |= bool(one.ended)
        found.append(one)
        text = report(found, quick=asked.quick, load_before=before)
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(
            text, encoding="utf-8"
        )  # after each, for the next may take long or fail
    print(text)
    return int(failed)


def _measure(database: str, folder: Path, *, quick: bool) -> Found | None:
    """Measure one database in a process and a folder of its own; None where that failed, which
    was said."""
    if database == "sqlite":
        return _run(folder, {"DENGWEN_DATABASE_URL": ""}, quick=quick)
    try:
        with postgresql(folder) as (url, pid):
            return _run(
                folder, {"DENGWEN_DATABASE_URL": url, "BENCH_POSTMASTER": str(pid)}, quick=quick
            )
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: PostgreSQL was not measured: {error}", file=sys.stderr)
        return None


def _run(folder: Path, environment: dict[str, str], *, quick: bool) -> Found | None:
    """Measure in a process and a folder of its own; return what was found, None where nothing
    was."""
    out = folder / "found.json"
    given = {
        **os.environ,
        **environment,
        "DENGWEN_DATA": str(folder / "office"),
        "DENGWEN_HOSTS": "",
    }
    given.pop("DENGWEN_SECRET_KEY", None)
    command = [sys.executable, "-m", "bench.measure", str(out), "quick" if quick else "full"]
    done = subprocess.run(command, cwd=ROOT, env=given, check=False)
    found = Found.read(out) if out.exists() else None
    if found and done.returncode:
        found.ended = done.returncode
        found.notes.append(
            f"**stopped before its end (exit {done.returncode}): not everything was measured "
            "or proved**"
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
