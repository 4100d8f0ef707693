"""`make spark`: the integers of every indicator and watch, counted by DuckDB, SQLite and Apache
Spark; equal or not.

Facts are generated into files of the real layout, with some exclusions; then each engine counts
them by the text
compiled from the same two expressions. Printed: seconds, and the SHA-256 of the integers as
canonical JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bench.assessment import FIRST, GENERATE, LAST, ORGANS
from dengwen.assessment import engines, ibis_count
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.frozen_tables import EXCLUSIONS, FACTS, Assessed, Exclusion, write
from dengwen.assessment.frozen.frozen_tables import ORGANS as LIST
from dengwen.law.indicators.indicator import Period, Scheme
from dengwen.law.indicators.score import canonical_json

ROOT = Path(__file__).resolve().parent.parent
EVERY = 997
"""One fact in so many is left out: in turn of everything, and of one indicator."""


def generated(folder: Path, rows: int) -> None:
    """Write the three files with so many facts."""
    duckdb.execute(GENERATE.format(organs=ORGANS, rows=rows, path=folder / FACTS))
    organs = [Assessed(n, f"organ {n}", "department") for n in range(1, ORGANS + 1)]
    write(folder / LIST, LIST, organs)
    said = ("", "concluded_in_time", "satisfied")
    exclusions = (
        Exclusion(n, said[n // EVERY % 3], "S 10", "invented", "invented")
        for n in range(0, rows, EVERY)
    )
    write(folder / EXCLUSIONS, EXCLUSIONS, exclusions)


def integers(folder: Path, scheme: Scheme, name: str) -> tuple[str, int, float]:
    """Count by an engine; return the digest of all integers, their sum, and the seconds."""
    period, organs = Period(FIRST, LAST), manifest.organs_in(folder)
    began = time.perf_counter()
    counted = ibis_count.count(folder, scheme, period, name)
    found = [
        manifest.as_list(ibis_count.counts(counted, scheme, organs, period)),
        manifest.as_list(ibis_count.watches(counted, scheme, organs, period)),
    ]
    took = time.perf_counter() - began
    whole = sum(number for part in found for row in part for number in row[2:])
    return hashlib.sha256(canonical_json(found)).hexdigest(), whole, took


def main(words: Sequence[str] | None = None) -> int:
    """Count everywhere and compare; 1 where the integers are not the same, 2 where Spark is not
    installed."""
    reader = argparse.ArgumentParser(prog="spark_equal", description=__doc__)
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument(
        "--engine", action="append", choices=list(engines.ENGINES), help="default: all three"
    )
    asked = reader.parse_args(words)
    starting = (ROOT / "packs/schemes/starting.toml").read_text(encoding="utf-8")
    scheme = manifest.scheme_of(manifest.scheme_body(tomllib.loads(starting)))
    _tell_what(scheme, asked.rows)
    try:
        digests = _digests(scheme, asked.rows, asked.engine or list(engines.ENGINES))
    except engines.EngineError:  # said by then
        return 2
    equal = len(digests) == 1
    tell("equal" if equal else "NOT equal")
    return 0 if equal else 1


def _tell_what(scheme: Scheme, rows: int) -> None:
    """Print the versions, and what is counted."""
    versions = ", ".join(f"{name} {number}" for name, number in manifest.versions().items())
    tell(f"Python {platform.python_version()}, {versions}")
    what = f"{len(scheme.indicators)} indicators and {len(scheme.watches)} watches"
    tell(f"{what}, {ORGANS} organs, {rows:,} facts")


def _digests(scheme: Scheme, rows: int, names: Sequence[str]) -> set[str]:
    """Count by each engine, print what it took, and return the digests met."""
    digests: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="dengwen-spark-") as folder:
        generated(Path(folder), rows)
        for name in names:
            try:
                digest, whole, took = integers(Path(folder), scheme, name)
            except engines.EngineError as error:
                tell(f"{name}: {error}")
                raise
            digests.add(digest)
            tell(f"{name:7} {took:6.2f} s  sum of all integers {whole:,}  SHA-256 {digest}")
    return digests


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
