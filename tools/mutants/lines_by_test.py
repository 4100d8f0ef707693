"""Which tests run which lines: one run of the tests under coverage, a context for each test.

What `tests.kept` lets happen once in a process, and `tests.world` founds once, belongs to every
test that asks for it and not to the first alone. Kept in build/, one file for each portion of
tests, with the processor seconds of each test: the cheapest that run a line are tried first.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import coverage
import pytest

from tools.mutants.mutant import PACKAGES, ROOT

Asked = ParamSpec("Asked")
Given = TypeVar("Given")
KEPT = ROOT / "build" / "mutants"
UPPER = re.compile(r"\b_?[A-Z][A-Z0-9_]+\b")
FOUNDING = "founding"
"""The context of what runs when the district of the tests is founded."""
PORTIONS = (
    *("access", "accountability", "assessment", "cases", "petitions"),
    *("portal", "leadership", "oversight", "organs", "prevention", "worker", "desk"),
)
"""The folders of tests that are asked, in this order; none starts a program of its own. Of these
the first five mirror the packages."""


class Contexts:
    """A plugin that names to coverage whose lines run: those of a test, or of something kept."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = defaultdict(float)
        self.uses: dict[str, set[str]] = defaultdict(set)
        self._stack: list[str] = []
        self._since = time.process_time()

    def push(self, context: str) -> None:
        """Begin what belongs to another context."""
        self._spend()
        self._stack.append(context)
        self.measured.switch_context(context)

    def pop(self) -> None:
        """Go back to what ran before."""
        self._spend()
        self._stack.pop()
        self.measured.switch_context(self._stack[-1] if self._stack else "")

    def _spend(self) -> None:
        now = time.process_time()
        if self._stack:
            self.seconds[self._stack[-1]] += now - self._since
        self._since = now

    def use(self, context: str) -> None:
        """Note that what runs now asked for something kept."""
        if self._stack:
            self.uses[self._stack[-1]].add(context)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Watch what tests keep, before any of them is collected."""
        kept, world = import_module("tests.kept"), import_module("tests.world")
        kept._LEFT = _Watched(self)  # type: ignore[attr-defined]  # noqa: SLF001  # only its own module knows it
        world.open_office = _in_context(self, FOUNDING, world.open_office)  # type: ignore[attr-defined]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Name the lines that run in a test to it."""
        self._stack.clear()
        self.push(item.nodeid)
        try:
            return (yield)
        finally:
            while self._stack:
                self.pop()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """Keep what is set up once in a process apart from the first test that asks for it."""
        once = fixturedef.scope == "session"
        if once:
            self.push(FOUNDING)
        try:
            return (yield)
        finally:
            if once:
                self.pop()


class _Watched(dict[tuple[object, ...], object]):
    """What `tests.kept` keeps, telling when something happens for the first time and when it is
    asked for."""

    def __init__(self, contexts: Contexts) -> None:
        super().__init__()
        self.contexts = contexts

    def __contains__(self, key: object) -> bool:
        name = f"kept {hash(key)}"
        self.contexts.use(name)
        there = super().__contains__(key)
        if not there:
            self.contexts.push(name)
        return there

    def __setitem__(self, key: tuple[object, ...], value: object) -> None:
        super().__setitem__(key, value)
        self.contexts.pop()


def _in_context(
    contexts: Contexts, name: str, run: Callable[Asked, Given]
) -> Callable[Asked, Given]:
    def watched(*args: Asked.args, **kwargs: Asked.kwargs) -> Given:
        contexts.use(name)
        contexts.push(name)
        try:
            return run(*args, **kwargs)
        finally:
            contexts.pop()

    return watched


def measure(portion: str) -> int:
    """Run one folder of tests under coverage and keep what it says; return pytest's code."""
    KEPT.mkdir(parents=True, exist_ok=True)
    data = KEPT / f"{portion.replace('/', '-')}.coverage"
    data.unlink(missing_ok=True)
    measured = coverage.Coverage(
        data_file=str(data),
        include=[str(ROOT / "dengwen" / package / "*") for package in PACKAGES],
        messages=False,
    )
    contexts = Contexts(measured)
    measured.start()
    code = pytest.main(
        [f"tests/{portion}", "-m", "not browser", "-W", "default", "-p", "no:playwright"],
        plugins=[contexts],
    )
    measured.stop()
    measured.save()
    _keep(portion, measured.get_data(), contexts)
    return int(code)


def _keep(portion: str, data: coverage.CoverageData, contexts: Contexts) -> None:
    names: dict[str, int] = {}
    lines: dict[str, dict[int, list[int]]] = {}
    for file in sorted(data.measured_files()):
        by_line = data.contexts_by_lineno(file)
        lines[str(Path(file).relative_to(ROOT))] = {
            line: [names.setdefault(one, len(names)) for one in told if one]
            for line, told in sorted(by_line.items())
            if any(told)
        }
    uses = {name: sorted(used) for name, used in contexts.uses.items()}
    kept = {"names": list(names), "lines": lines, "uses": uses, "seconds": contexts.seconds}
    into = KEPT / f"{portion.replace('/', '-')}.json"
    into.write_text(json.dumps(kept), encoding="utf-8")


@dataclass
class Covering:
    """Which tests run a line, and what each costs."""

    seconds: dict[str, float] = field(default_factory=dict)
    """Processor seconds of each test, with what it asks to be kept."""
    own: dict[str, float] = field(default_factory=dict)
    """The same where what it asks is kept already."""
    lines: dict[str, dict[int, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    direct: dict[str, dict[int, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """The same for the tests that run a line themselves, not in what they ask to be kept."""
    width: Counter[str] = field(default_factory=Counter)
    """How many lines each test runs in all: who runs few of them is about these."""
    founding: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Lines that run when the district is founded."""


def tests_naming(name: str, tests: Iterable[str]) -> set[str]:
    """Return those of some tests whose own lines name a constant: they hold it without running a
    line of the program that does."""
    return {test for test in tests if name in _words_of(*test.partition("[")[0].split("::", 1))}


@cache
def _words_of(file: str, place: str) -> frozenset[str]:
    """Return the UPPER_CASE words of a test, which stands at a place of a file."""
    return _words_in(file).get(place.rpartition("::")[2], frozenset())


@cache
def _words_in(file: str) -> dict[str, frozenset[str]]:
    """Return the UPPER_CASE words of each function of a file."""
    source = (ROOT / file).read_text(encoding="utf-8")
    lines = source.splitlines()
    return {
        node.name: frozenset(UPPER.findall("\n".join(lines[_first(node) - 1 : node.end_lineno])))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }


def _first(node: ast.FunctionDef) -> int:
    """Return the first line of a function, its decorators included."""
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def read() -> Covering:
    """Return what all measured portions say."""
    found = Covering()
    for file in sorted(KEPT.glob("*.json")):
        _add(found, json.loads(file.read_text(encoding="utf-8")))
    return found


def _add(found: Covering, told: dict[str, Any]) -> None:
    uses: dict[str, list[str]] = told["uses"]
    users: dict[str, set[str]] = defaultdict(set)
    for name in [name for name in told["seconds"] if "::" in name]:
        asked, cost, todo = set[str](), told["seconds"][name], list(uses.get(name, ()))
        while todo:
            one = todo.pop()
            if one not in asked:
                asked.add(one)
                users[one].add(name)
                cost += told["seconds"].get(one, 0) if one != FOUNDING else 0
                todo += uses.get(one, ())
        found.seconds[name], found.own[name] = cost, told["seconds"][name]
    for file, lines in told["lines"].items():
        for line, by in lines.items():
            for name in (told["names"][n] for n in by):
                if name == FOUNDING:
                    found.founding[file].add(int(line))
                elif "::" in name:
                    found.lines[file][int(line)].add(name)
                    found.direct[file][int(line)].add(name)
                    found.width[name] += 1
                else:
                    found.lines[file][int(line)] |= users[name]
                    found.width.update(users[name])


if __name__ == "__main__":
    os.environ.setdefault("DENGWEN_TEST_DB", "sqlite")
    sys.exit(measure(sys.argv[1]))
