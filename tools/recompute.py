"""`make recompute`: freeze two offices, compute the results again elsewhere on two engines, then
forge them.

One office holds imported messages, the other invented petitions; each assesses its organs by the
starting scheme. The
copy is verified by `dengwen assess verify` without the office. Then one fact, one exclusion, one
weight is changed
(each as somebody would who can write the files and the manifest), and what verification says is
printed.

    python -m tools.recompute --messages teddy_replies.jsonl --petitions 240
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from dengwen.assessment.engines import second
from dengwen.assessment.frozen import frozen_tables, manifest

ROOT = Path(__file__).resolve().parent.parent
SPARK = ROOT / ".venv-spark" / "bin" / "python"
SCHEME = ROOT / "packs" / "schemes" / "starting.toml"
NOW = "2026-11-24T02:00:00Z"
PERIODS = {"imported": ("2005-05-01", "2026-11-23"), "practice": ("2025-11-01", "2026-10-31")}
"""The days assessed: all that was imported; a year of the invented office."""
ASSESS = """
import sys
from datetime import date, datetime
from pathlib import Path
from dengwen.cli.office.data_folder import set_up
set_up()
from dengwen.practice.load.assessment_load import assess
file, first, last, now = sys.argv[1:]
days = date.fromisoformat(first), date.fromisoformat(last)
made = assess(Path(file), *days, datetime.fromisoformat(now))
print(made.folder)
"""
Forge = Callable[[Path], str]
BETTER = {"late": "in_time", "missed": "in_time", "in_time": "late", "unanswered": "adopted"}
"""What an outcome is forged to; what was in time can only be made worse."""


def office(folder: Path, which: str, asked: argparse.Namespace) -> Path:
    """Make an office in a folder, fill it, assess it, and return the folder of what was frozen."""
    where = {**os.environ, "DENGWEN_DATA": str(folder)}
    dengwen = [sys.executable, "-m", "dengwen.cli.main"]
    run([*dengwen, "init", "--practice"], where)
    load = asked.petitions if which == "practice" else 1
    simulate = f"simulate --petitions {load} --months 14 --seed 7 --until {NOW}"
    run([*dengwen, *simulate.split()], where)
    if which == "imported":
        bring_in = ["import", "messages", str(asked.messages), "--organ", "YJ01", "--clock", NOW]
        printed = run([*dengwen, *bring_in], where, wrong=True)
        tell(printed.strip().splitlines()[-1])
    first, last = PERIODS[which]
    frozen = run([sys.executable, "-c", ASSESS, str(SCHEME), first, last, NOW], where)
    return Path(frozen.strip().splitlines()[-1])


def run(words: Sequence[str], where: dict[str, str], *, wrong: bool = False) -> str:
    """Run a command and return what it said; SystemExit with its words where it failed."""
    done = subprocess.run(words, env=where, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and not (wrong and done.returncode == 1):
        raise SystemExit(
            f"{' '.join(words[:4])} …: {done.returncode}\n{done.stdout[-2000:]}"
            f"{done.stderr[-2000:]}"
        )
    return done.stdout


def verified(path: Path, engine: str) -> tuple[dict[str, Any], float]:
    """Verify a manifest by the command, in a process that has no office, and return what it says
    and the seconds."""
    python = str(SPARK) if engine == "spark" else sys.executable
    nowhere = {
        **os.environ,
        "DENGWEN_DATA": str(path.parent / "no-office"),
        "PYTHONPATH": str(ROOT),
    }
    verify = ["assess", "verify", str(path), "--engine", engine, "--json"]
    words = [python, "-m", "dengwen.cli.main", *verify]
    began = time.perf_counter()
    return dict(json.loads(run(words, nowhere, wrong=True))), time.perf_counter() - began


# --- forging --------------------------------------------------------------------------------------
def one_fact(folder: Path) -> str:
    """Turn one fact that fell short into a good one, and give the manifest the digest of the
    forged file."""
    path = folder / frozen_tables.FACTS
    rows = list(frozen_tables.read(path, frozen_tables.FACTS))
    said = manifest.read_file(folder / manifest.NAME)
    row = _worth_forging(rows, out={exclusion["fact"] for exclusion in said["exclusions"]})
    was = row["outcome"]
    row["outcome"] = BETTER[was]
    frozen_tables.write(path, frozen_tables.FACTS, [frozen_tables.Fact(**one) for one in rows])
    _write(folder, said | {"files": _with_digest(said, frozen_tables.FACTS, path)})
    return (
        f"fact {row['id']} ({row['kind']} of organ {row['organ']}): {was} → {row['outcome']}, "
        "digest made to fit"
    )


def _worth_forging(rows: Sequence[dict[str, Any]], out: Collection[int]) -> dict[str, Any]:
    """Return the fact to forge: one that counts, if possible one that fell short."""
    kinds = ("conclusion", "registration", "notification")
    short = [
        row
        for row in rows
        if row["kind"] in kinds and row["outcome"] in BETTER and row["id"] not in out
    ]
    return min(
        short,
        key=lambda row: (row["outcome"] == "in_time", row["entered"] != "imported", row["id"]),
    )


def _with_digest(said: dict[str, Any], name: str, path: Path) -> dict[str, str]:
    """Return the files a manifest lists, one of them with the digest it has now."""
    return {**said["files"], name: frozen_tables.sha256_of(path)}


def one_exclusion(folder: Path) -> str:
    """Take an exclusion out of file and manifest, and give the manifest the digest of the forged
    file."""
    path = folder / frozen_tables.EXCLUSIONS
    said = manifest.read_file(folder / manifest.NAME)
    gone = said["exclusions"][0]
    left = [
        frozen_tables.Exclusion(**row)
        for row in frozen_tables.read(path, frozen_tables.EXCLUSIONS)
        if row["fact"] != gone["fact"]
    ]
    frozen_tables.write(path, frozen_tables.EXCLUSIONS, left)
    files = _with_digest(said, frozen_tables.EXCLUSIONS, path)
    _write(folder, said | {"exclusions": said["exclusions"][1:], "files": files})
    return f"exclusion of fact {gone['fact']} taken out of file and manifest, digest made to fit"


def one_weight(folder: Path) -> str:
    """Move one hundredth of weight between two indicators, and give the scheme the digest of the
    forged text."""
    said = manifest.read_file(folder / manifest.NAME)
    raw = json.loads(said["scheme"]["body"])
    indicators = {indicator["id"]: indicator for indicator in raw["indicator"]}
    indicators["concluded_in_time"]["weight"] = "0.09"
    indicators["notified_in_time"]["weight"] = "0.07"
    body = manifest.scheme_body(raw)
    forged = {"body": body, "sha256": manifest.scheme_of(body).digest}
    _write(folder, said | {"scheme": said["scheme"] | forged})
    return (
        "weight of concluded_in_time 0.08 → 0.09, notified_in_time 0.08 → 0.07, digest made to fit"
    )


def _write(folder: Path, said: dict[str, Any]) -> None:
    (folder / manifest.NAME).write_bytes(manifest.text_of(said) + b"\n")


FORGERIES: dict[str, Forge] = {"fact": one_fact, "exclusion": one_exclusion, "weight": one_weight}


# --- the whole ------------------------------------------------------------------------------------
def try_one(which: str, folder: Path, engines: Sequence[str], asked: argparse.Namespace) -> bool:
    """Freeze an office, verify a copy of it elsewhere, forge copies; say what was seen and
    whether all was as due."""
    began = time.perf_counter()
    frozen = office(folder / "office", which, asked)
    said = manifest.read_file(frozen / manifest.NAME)
    _tell_frozen(which, frozen, said, time.perf_counter() - began)
    elsewhere = Path(shutil.copytree(frozen, folder / "elsewhere"))
    shutil.rmtree(folder / "office")
    good = True
    for engine in engines:
        good &= _verifies(elsewhere, engine, str(said["scores_sha256"]))
    for name, forge in FORGERIES.items():
        forged = Path(shutil.copytree(elsewhere, folder / f"forged-{name}"))
        tell(f"  forged: {forge(forged)}")
        for engine in engines:
            good &= _is_named(forged, engine)
    return good


def _tell_frozen(which: str, frozen: Path, said: dict[str, Any], took: float) -> None:
    """Print how much was frozen: facts by kind, organs, integers, seconds."""
    facts = frozen_tables.read(frozen / frozen_tables.FACTS, frozen_tables.FACTS)
    kinds = Counter((row["kind"], row["entered"]) for row in facts)
    tell(
        f"{which}: {said['rows']} facts, {len(said['population'])} organs, "
        f"{len(said['counts'])} integers' rows, "
        f"ledger position {said['ledger']['size']}, {took:.0f} s"
    )
    tell("  " + ", ".join(f"{kind} {entered} {n}" for (kind, entered), n in sorted(kinds.items())))


def _verifies(copy: Path, engine: str, scores: str) -> bool:
    """Verify a true copy, print what was found, and say whether it is sound."""
    found, took = verified(copy / manifest.NAME, engine)
    sound = bool(found["sound"])
    word = "the same, byte for byte" if sound else f"DIFFERS: {found['differences'][:3]}"
    digests = f"manifest {found['manifest'][:16]}…, scores {scores[:16]}…"
    tell(f"  copy, {engine}: {word}; {digests} ({took:.1f} s)")
    return sound


def _is_named(forged: Path, engine: str) -> bool:
    """Verify a forged copy, print what was found, and say whether the forgery is named."""
    found, _took = verified(forged / manifest.NAME, engine)
    differences = found["differences"]
    seen = "; ".join(f"{one['what']} ({one['where']}): {one['en']}" for one in differences[:3])
    tell(f"    {engine}: {seen or 'NOT SEEN'}")
    return bool(differences)


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Try both offices; 1 where a copy does not verify or a forgery is not named."""
    reader = argparse.ArgumentParser(prog="recompute", description=__doc__)
    reader.add_argument(
        "--messages", type=Path, help="JSON lines to import; without it only the invented office"
    )
    reader.add_argument(
        "--petitions", type=int, default=240, help="petitions of the invented office"
    )
    asked = reader.parse_args()
    engines = ["duckdb", "sqlite", *(["spark"] if SPARK.exists() or second() == "spark" else [])]
    tell(f"engines: {', '.join(engines)}")
    with tempfile.TemporaryDirectory(prefix="dengwen-recompute-") as folder:
        which = ["practice", *(["imported"] if asked.messages else [])]
        results = [try_one(one, Path(folder) / one, engines, asked) for one in which]
    tell("as due" if all(results) else "NOT as due")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
