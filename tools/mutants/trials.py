"""Tries mutants: a warm process with all tests collected and the database laid, and for each mutant
a fork of it that runs the tests which run the changed line, until one of them fails.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from tools.mutants import exchange, lines_by_test
from tools.mutants.lines_by_test import Covering
from tools.mutants.mutant import ROOT, Mutant, files, module_name

KILLED, SURVIVED, UNTRIED, COLD = "killed", "survived", "no test", "cold"
"""`no test`: no measured test runs the line; `cold`: only a fresh import would change it."""
SECONDS = 10.0
"""Processor seconds of tests that a mutant is given if nothing else is said (`--seconds`)."""
ALLOWED = 12.0
"""How many times longer than expected its tests may take before that counts as noticed."""
ALLOWED_PROCESSOR = 4
"""The same in time of the processor, which other programs cannot take."""
PATIENCE = 20.0
"""Seconds of the clock that come on top: other programs may hold the processor."""
PAUSE = 0.005
WHY = 200
"""Characters of what a failing test said that are kept."""
LEAST = 0.05
AROUND = 25
"""Lines before and after a change that tell how far a test comes there."""
ELSEWHERE = 2
"""How many times dearer a test counts that is not in the folder of the package."""
DEAR = 0.2
"""Seconds from which on what a test asks to be kept is kept for the forks."""
WARMED = 4


@dataclass
class Result:
    """How a mutant fared."""

    state: str
    by: str = ""
    """The test that failed, or `time`."""
    tests: int = 0
    """How many tests ran or would have run."""
    of: int = 0
    """How many run the line."""
    seconds: float = 0.0
    why: str = ""
    """What the failing test said."""


@dataclass(frozen=True)
class Asked:
    """A test that a mutant is given, and what it costs."""

    test: str
    seconds: float
    kept: bool
    """Whether what it asks to be kept may be kept: the changed line does not run in that."""


def _union(by_line: dict[str, dict[int, set[str]]], where: dict[str, set[int]]) -> set[str]:
    return {
        test
        for file, lines in where.items()
        for line in lines
        for test in by_line.get(file, {}).get(line, ())
    }


@dataclass
class Choice:
    """Which tests a mutant is given: those that killed its neighbours first, then the cheap."""

    covering: Covering
    sources: dict[str, str]
    seconds: float = SECONDS
    killers: dict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    def tests(self, mutant: Mutant) -> list[Asked]:
        """Return all tests that run what a mutant changes, in the order they are tried."""
        where = self._lines(mutant)
        naming = lines_by_test.tests_naming(mutant.constant, self.covering.own)
        found = _union(self.covering.lines, where) | naming
        direct = _union(self.covering.direct, where) | naming
        known = self.killers[mutant.file, mutant.within]
        wide = self.killers[mutant.file, ""]
        near = self._near(mutant)
        folder = f"tests/{mutant.package}/"
        asked = [
            Asked(
                test,
                (self.covering.own if test in direct else self.covering.seconds)[test],
                test in direct,
            )
            for test in found
        ]
        return sorted(
            asked,
            key=lambda one: (
                -known[one.test],
                -min(wide[one.test], 3),
                (one.seconds + LEAST)
                * (1 if one.test.startswith(folder) else ELSEWHERE)
                * self.covering.width[one.test]
                / (near[one.test] + 1) ** 2,
                one.test,
            ),
        )

    def _near(self, mutant: Mutant) -> Counter[str]:
        """Return how many lines around the change each test runs: who comes far sees much."""
        by_line = self.covering.lines.get(mutant.file, {})
        around = range(mutant.line - AROUND, mutant.line + AROUND)
        return Counter(test for line in around for test in by_line.get(line, ()))

    def _lines(self, mutant: Mutant) -> dict[str, set[int]]:
        """Return the lines by which tests are found: those of the change; for a constant, those
        that name it, or else all of its file."""
        if not mutant.constant:
            height = self.sources[mutant.file][mutant.start : mutant.end].count("\n")
            return {mutant.file: set(range(mutant.line, mutant.line + height + 1))}
        users = exchange.constant_users(self.sources, mutant.constant, mutant.file)
        if _union(self.covering.lines, users):
            return users
        return {mutant.file: set(self.covering.lines.get(mutant.file, {}))}

    def within_means(self, tests: list[Asked]) -> list[Asked]:
        """Return the first of them that fit into a mutant's seconds."""
        chosen: list[Asked] = []
        spent = 0.0
        for one in tests:
            if not chosen or spent + one.seconds <= self.seconds:
                chosen.append(one)
                spent += one.seconds
        return chosen

    def learn(self, mutant: Mutant, killer: str) -> None:
        """Remember which test noticed a mutant."""
        self.killers[mutant.file, mutant.within][killer] += 1
        self.killers[mutant.file, ""][killer] += 1


class Trials:
    """A plugin in place of pytest's own loop over tests."""

    def __init__(
        self, queue: Iterable[Mutant], choice: Choice, tell: Callable[[Mutant, Result], None]
    ) -> None:
        self.queue = queue
        self.choice = choice
        self.tell = tell
        self.sound: set[str] = set()
        """Tests seen to pass in a fork without any change."""
        self.played: set[str] = set()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant of the queue; True says that no test is left to run."""
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        self._warm()
        for mutant in self.queue:
            result = self._try_soundly(mutant)
            if result.state == KILLED and "::" in result.by:
                self.choice.learn(mutant, result.by)
            self.tell(mutant, result)
        return True

    def _warm(self) -> None:
        """Lay the database and found the district once, then look at what there is to exchange."""
        first = next(
            item for item in self.session.items if "world" in getattr(item, "fixturenames", ())
        )
        reports = runtestprotocol(first, log=False, nextitem=self.session)  # type: ignore[arg-type]
        if any(report.failed for report in reports):
            raise pytest.UsageError(f"{first.nodeid} fails without any change. Mend: make test")
        self.database = Path(connections["default"].settings_dict["NAME"])
        for file in files():  # what no test has asked for yet is there to be exchanged, too
            import_module(module_name(str(file.relative_to(ROOT))))
        connections.close_all()
        self.whole = self.database.with_name("laid.sqlite3")
        shutil.copyfile(self.database, self.whole)
        self.process = exchange.Process()
        self.folder = self.database.parent
        self.laid = set(self.folder.iterdir())
        gc.collect()
        gc.freeze()

    def _try_soundly(self, mutant: Mutant) -> Result:
        """Try a mutant; a test that fails in a fork without any change is asked no more."""
        while True:
            result = self._try(mutant)
            if "::" not in result.by or self._is_sound(result.by):
                return result
            bare = self._fork(
                None, [Asked(result.by, self.choice.covering.own[result.by], kept=True)]
            )
            if bare.state == SURVIVED:
                self.sound.add(result.by)
                return result
            sys.stderr.write(f"not asked any more, it fails by itself: {result.by}: {bare.why}\n")
            del self.items[result.by]

    def _is_sound(self, test: str) -> bool:
        """Whether a test is known to pass without any change."""
        return test in self.sound

    def _try(self, mutant: Mutant) -> Result:
        every = [one for one in self.choice.tests(mutant) if one.test in self.items]
        tests = self.choice.within_means(every)
        if not tests:
            return Result(SURVIVED if every else UNTRIED, of=len(every))
        for one in tests[:WARMED]:
            self._keep_what_it_asks(one)
        result = self._fork(mutant, tests)
        result.of = len(every)
        return result

    def _keep_what_it_asks(self, one: Asked) -> None:
        """Play a test once here, so that forks find kept what it asks for and is dear."""
        own, whole = self.choice.covering.own[one.test], self.choice.covering.seconds[one.test]
        if not one.kept or one.test in self.played or whole - own < DEAR:
            return
        self.played.add(one.test)
        runtestprotocol(self.items[one.test], log=False, nextitem=self.session)  # type: ignore[arg-type]
        connections.close_all()
        self._put_away()

    def _fork(self, mutant: Mutant | None, tests: list[Asked]) -> Result:
        """Run tests in a fork with a change, or with none."""
        cost = sum(one.seconds for one in tests)
        began = time.monotonic()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._run_and_leave(mutant, tests, writing, cost)
        os.close(writing)
        end = time.monotonic() + PATIENCE + ALLOWED * cost
        status = _wait(child, end)
        with os.fdopen(reading, "rb") as told:
            words = told.read().decode()
        self._put_away()
        spent = round(time.monotonic() - began, 2)
        if status is None or os.WIFSIGNALED(status):
            return Result(KILLED, "time", len(tests), 0, spent)
        state, by, tried, why = json.loads(words)
        return Result(state, by, tried, 0, spent, why)

    def _run_and_leave(
        self, mutant: Mutant | None, tests: list[Asked], writing: int, cost: float
    ) -> None:
        """In the fork: change the program, run the tests, say what came of it, and be gone."""
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        limit = int(5 + ALLOWED_PROCESSOR * cost)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        said: list[Any] = [SURVIVED, "", len(tests), ""]
        try:
            if mutant is not None:
                self.process.put_in(mutant)
            for n, one in enumerate(tests, start=1):
                if not one.kept:
                    sys.modules["tests.kept"]._LEFT.clear()  # noqa: SLF001  # nothing kept
                test = one.test
                reports = runtestprotocol(self.items[test], log=False, nextitem=self.session)  # type: ignore[arg-type]
                if failed := [report for report in reports if report.failed]:
                    said = [KILLED, test, n, failed[0].longreprtext.rpartition("\nE ")[2][:WHY]]
                    break
        except (exchange.ColdError, KeyError) as error:  # not to be exchanged, or not imported
            said = [COLD, "", 0, repr(error)[:WHY]]
        except BaseException as error:  # noqa: BLE001  # whatever it is, the change did it
            said = [KILLED, type(error).__name__, 0, str(error)[:WHY]]
        os.write(writing, json.dumps(said).encode())
        os._exit(0)

    def _put_away(self) -> None:
        """Leave database and folders as they were before a fork."""
        shutil.copyfile(self.whole, self.database)
        for path in set(self.folder.iterdir()) - self.laid:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        for path in Path(self.session.config.option.basetemp).iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _wait(child: int, end: float) -> int | None:
    """Wait for a fork; None where it had to be ended."""
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(PAUSE)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def run(
    queue: Iterable[Mutant],
    choice: Choice,
    tell: Callable[[Mutant, Result], None],
    plugin: type[Trials] = Trials,
) -> int:
    """Try mutants one after the other, telling each result; return pytest's code."""
    os.environ["DENGWEN_TEST_DB"] = "sqlite"
    folders = [f"tests/{p}" for p in lines_by_test.PORTIONS if p == "cases" or _is_measured(p)]
    words = [*folders, "-m", "not browser", "-p", "no:playwright", "-s", "-W", "default"]
    words.append(f"--basetemp={tempfile.mkdtemp(prefix='mutants-')}")
    return int(pytest.main(words, plugins=[plugin(queue, choice, tell)]))


def _is_measured(portion: str) -> bool:
    return any(lines_by_test.KEPT.glob(f"{portion}*.json"))


def sources() -> dict[str, str]:
    """Return the text of every file of the program, by its path from the root."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in (ROOT / "dengwen").rglob("*.py")
    }


def run_cold(mutant: Mutant, asked: list[Asked], seconds: float) -> Result:
    """Try a mutant in a process of its own, whose import of the file is changed."""
    tests = [one.test for one in asked]
    changed = lines_by_test.KEPT / "cold.txt"
    after = mutant.mutated((ROOT / mutant.file).read_text(encoding="utf-8"))
    changed.write_text(json.dumps([str(ROOT / mutant.file), after]), encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-x", "-p", "tools.mutants.cold_import", *tests]
    try:
        done = subprocess.run(
            [*words, "-p", "no:playwright"],
            cwd=ROOT, capture_output=True, timeout=seconds, check=False,
            env={**os.environ, "DENGWEN_MUTANT": str(changed), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Result(KILLED, "time", len(tests), len(tests))
    state = SURVIVED if done.returncode == 0 else KILLED
    return Result(state, "fresh process" if done.returncode else "", len(tests), len(tests))
