"""`python -m bench.least`: the least CPU time of one submission and of a supervisor's pages, and
how many functions each calls, in this checkout and in others, in turn.

    python -m bench.least --beside ../earlier --rounds 3

Each round starts a process of its own in each checkout, which founds an office on SQLite in a
scratch folder and does each operation many times. What counts is the least CPU time of all, which
other work on the machine lengthens least, and the calls by the profiler, which nothing lengthens.
This file alone is taken into the other checkouts: it names what a petitioner and a reader ask for,
not how it is answered.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
TIMES, ROUNDS = 60, 3
PROFILED = 8
PAGES = {
    "home": "/desk/",
    "breaches": "/desk/oversight/breaches/",
    "ratings": "/desk/petitions/ratings/",
    "assessments": "/desk/assessment/",
    "figures": "/desk/oversight/figures/",
}
COOKIE = "b" * 32
CASES = 40

Found = dict[str, tuple[float, int]]
"""Least CPU milliseconds and calls of each operation."""


def main() -> None:
    """Measure what the words ask for and print a table."""
    reader = argparse.ArgumentParser(prog="bench.least", description=__doc__)
    reader.add_argument("--beside", type=Path, action="append", default=[])
    reader.add_argument("--rounds", type=int, default=ROUNDS)
    reader.add_argument("--times", type=int, default=TIMES)
    reader.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    reader.add_argument("--stats", help="keep the profile of this operation in a file of its name")
    asked = reader.parse_args()
    if asked.inside:
        _measure(asked.inside, asked.times, asked.stats)
        return
    checkouts = [ROOT, *(folder.resolve() for folder in asked.beside)]
    best: dict[Path, Found] = {}
    for _round in range(asked.rounds):
        for checkout in checkouts:
            _keep_least(best.setdefault(checkout, {}), _run(checkout, asked.times))
    print(f"load {os.getloadavg()[0]:.1f}, least of {asked.rounds} × {asked.times}")
    for name in best[ROOT]:
        for checkout in checkouts:
            if name in best[checkout]:
                cpu, calls = best[checkout][name]
                print(f"{name:12} {checkout.name:12} {cpu:8.2f} ms {calls:8} calls")


def _run(checkout: Path, times: int) -> Found:
    """Measure once in a process and an office of its own."""
    python = checkout / ".venv" / "bin" / "python"
    with tempfile.TemporaryDirectory(prefix="dengwen-least-") as folder:
        out = Path(folder) / "found.json"
        given = {
            **os.environ,
            "PYTHONPATH": str(checkout),
            "DENGWEN_DATA": str(Path(folder) / "office"),
            "DENGWEN_DATABASE_URL": "",
            "DENGWEN_HOSTS": "",
        }
        given.pop("DENGWEN_SECRET_KEY", None)
        command = [python if python.exists() else sys.executable, __file__, "--inside", out]
        subprocess.run([*command, "--times", str(times)], cwd=checkout, env=given, check=True)
        return {name: (cpu, calls) for name, (cpu, calls) in json.loads(out.read_text()).items()}


def _keep_least(best: Found, found: Found) -> None:
    for name, (cpu, calls) in found.items():
        least, fewest = best.get(name, (cpu, calls))
        best[name] = (min(least, cpu), min(fewest, calls))


# --- inside a checkout ----------------------------------------------------------------------------
def _measure(out: Path, times: int, stats: str | None) -> None:
    """Found an office and measure each operation in it."""
    sys.path[0] = os.environ["PYTHONPATH"]
    folder: Any = importlib.import_module("dengwen.cli.office.data_folder")
    folder.prepare(folder.data_folder(), practice=True, origin=folder.PRACTICE_ORIGIN)
    folder.set_up()
    init: Any = importlib.import_module("dengwen.cli.office.init")
    for _ in init.prepare(folder.PRACTICE_ORIGIN, collect=False):
        pass
    found = {}
    for name, work in _operations().items():
        found[name] = (
            _least(work, times),
            _calls(work, stats == name and out.with_suffix(".prof")),
        )
    out.write_text(json.dumps(found))


def _least(work: Callable[[], None], times: int) -> float:
    work()
    least = float("inf")
    for _ in range(times):
        begun = time.process_time()
        work()
        least = min(least, time.process_time() - begun)
    return least * 1e3


def _calls(work: Callable[[], None], keep: Path | bool) -> int:
    """Return the fewest calls of some runs; the profile of all may be kept."""
    whole, counts = cProfile.Profile(time.process_time), []
    for _ in range(PROFILED):
        one = cProfile.Profile()
        one.runcall(work)
        counts.append(pstats.Stats(one).total_calls)  # type: ignore[attr-defined]
        if keep:
            whole.runcall(work)
    if isinstance(keep, Path):
        whole.dump_stats(keep)
    return min(counts)


def _operations() -> dict[str, Callable[[], None]]:
    """Return what is measured: a submission first, then pages read by a supervisor."""
    office: Any = importlib.import_module("bench.office")
    work: Any = importlib.import_module("bench.work")
    clock: Any = importlib.import_module("dengwen.desk.shell.frame.clock")
    world = office.World()
    work.take_in(world, CASES)()
    mock.patch.object(clock, "now", return_value=office.at(work.FIRST)).start()
    reads = {name: _reader(world, path) for name, path in PAGES.items()}
    return {"submission": _submission(office.TEXT), **reads}


def _client() -> Any:  # noqa: ANN401  # Django is set up only here
    """Return a reader of Chinese pages."""
    client: Any = importlib.import_module("django.test").Client
    return client(headers={"accept-language": "zh-hans", "host": "localhost"})


def _submission(text: str) -> Callable[[], None]:
    client = _client()
    online: Any = importlib.import_module("dengwen.petitions.intake.online_submission")
    client.cookies["csrftoken"] = COOKIE
    count = iter(range(10**6))

    def send() -> None:
        form = {
            "csrfmiddlewaretoken": COOKIE,
            "token": online.new_token(),
            "kind": "claim",
            "step": "check",
            "go": "send",
            "story": f"第{next(count)}件。{text}{text}",
            "request-1": "修复屋面",
            "identity": "open",
            "name": "王示例",
            "address": "示例路1号",
            "phone": "13800000000",
        }
        answer = client.post("/submit/", form)
        if answer.status_code != 200 or b"receipt" not in answer.content:
            raise RuntimeError(f"the portal answers {answer.status_code}")

    return send


def _reader(world: Any, path: str) -> Callable[[], None]:  # noqa: ANN401  # one of another checkout
    client = _client()
    client.force_login(world.office.users["supervisor"])

    def read() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")

    return read


if __name__ == "__main__":
    main()
