"""What the tests proved, for machines and for people.

- `build/tests-passed.json` lists the tests that passed, on which database, with the cases,
  sentences and documents
  they name. Runs are merged: a test that ran again is written anew, the others stay.
- One closing line says `N passed, N failed, N skipped (why: how often)`.
- Under CI a skip is a failure: what was not tried was not proved.
- Tests on large data that is no part of the repository are marked `extra`; they are played where
  they are asked for by
  that name alone (`make extra`), so that no run depends on a folder that may be missing.
- Longer runs are marked `long`; `make test` plays a few of each, at most ten seconds' worth,
  `.ci/run` on SQLite those that the mark gives it (all, where it says no number), `make long` all
  and nothing else. What takes longer on PostgreSQL alone stands in UNDER_CI: there `.ci/run` and
  `make test-postgres` play it.
- `build/test-slowest.json` lists the slow tests, `build/test-times.json` the seconds of each file.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

MARKERS = {"case": "cases", "sentence": "sentences", "doc": "docs"}
ONLY_SQLITE_PLAYS = (
    "tests/accountability/",
    "tests/assessment/",
    "tests/desk/",
    "tests/oversight/",
    "tests/portal/",
    "tests/practice/",
)
"""Chapters and pages whose tests ask the database what the packages below them (cases, ledger,
access, organs, petitions …) ask on PostgreSQL as well."""
ON_POSTGRES_TOO = (
    "tests/accountability/test_appealing.py",
    "tests/accountability/test_decision_door.py",
    "tests/accountability/test_finders",
    "tests/accountability/test_forbidden.py",
    "tests/accountability/test_inquiring.py",
    "tests/assessment/test_facts.py",
    "tests/assessment/test_freezing.py",
    "tests/desk/oversight/test_supervision.py",
    "tests/desk/petitions/test_find.py",
    "tests/desk/petitions/test_ratings.py",
    "tests/desk/petitions/test_register.py",
    "tests/desk/shell/act/test_act_page.py",
    "tests/desk/shell/case/test_decided_files.py",
    "tests/desk/shell/frame/test_sign_in.py",
    "tests/desk/shell/frame/test_wall.py",
    "tests/desk/shell/worklist/test_home.py",
    "tests/desk/shell/worklist/test_notices.py",
    "tests/oversight/test_addressees.py",
    "tests/oversight/test_inspecting.py",
    "tests/portal/test_database_away.py",
    "tests/portal/test_following.py",
    "tests/portal/test_own_steps.py",
    "tests/portal/test_rating.py",
    "tests/portal/test_submitting.py",
    "tests/practice/test_every_role.py",
    "tests/practice/test_simulate.py",
)
"""Those among them that ask something of their own: lists in order, looking up, signing in,
counting, writing under load, effects of each chapter. `make test-postgres` plays all the others
there, too."""
UNDER_CI = (
    "tests/accountability/test_forbidden.py",
    "tests/assessment/test_freezing.py",
    "tests/cases/test_direct_edits.py",
    "tests/cases/test_unreadable_rows.py",
    "tests/cli/test_joining_on_postgres.py",
    "tests/cli/test_keeping_on_postgres.py",
    "tests/desk/",
    "tests/ledger/test_check.py::test_memory_stays_bounded",
    "tests/portal/",
    "tests/practice/",
    "tests/upgrade/",
)
"""What `make test` leaves to `.ci/run` and `make test-postgres` on PostgreSQL: pages, and runs of
more than ten seconds. An ordinary run should stay under eight minutes."""
SHARED = "shared"
"""The fixture that gives the folder of large data: whoever asks for it is extra."""
CI = "ci"
"""What DENGWEN_TEST_LONG says in a run of CI."""
SLOW = 1.0
"""Seconds from which on a test is listed among the slow ones."""
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


@dataclass
class Tally:
    """What one run has seen: the ids named by each test, and how each test ended."""

    named: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """How long each test took, with what was set up before it and put away after it."""

    def by_file(self) -> dict[str, float]:
        """How long each file of tests took."""
        files: defaultdict[str, float] = defaultdict(float)
        for nodeid, spent in self.seconds.items():
            files[nodeid.partition("::")[0]] += spent
        return files

    def note(self, nodeid: str, outcome: str, reason: str = "") -> None:
        """Keep the worst outcome of a test's phases: failed before skipped before passed."""
        rank = ("passed", "skipped", "failed")
        if rank.index(outcome) >= rank.index(self.ended.get(nodeid, "passed")):
            self.ended[nodeid] = outcome
        if outcome == "skipped":
            self.reasons[reason] += 1

    def count(self, outcome: str) -> int:
        """How many tests ended so."""
        return sum(1 for ended in self.ended.values() if ended == outcome)

    def line(self) -> str:
        """The closing line."""
        why = "; ".join(f"{reason}: {number}" for reason, number in sorted(self.reasons.items()))
        return (
            f"{self.count('passed')} passed, {self.count('failed')} failed, "
            f"{self.count('skipped')} skipped{f' ({why})' if why else ''}"
        )


TALLY = pytest.StashKey[Tally]()


def strict_about_skips() -> bool:
    """Whether this run is a CI run, in which a skip is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def long_runs() -> str:
    """How much is played of longer runs: nothing said for an ordinary run, `ci`, or all."""
    return os.environ.get("DENGWEN_TEST_LONG", "")


def kept_of(mark: pytest.Mark, many: int, run: str) -> int:
    """Return how many tests of a longer run are played, of so many there are."""
    if run in {"", CI}:
        return int(mark.kwargs.get("ci", many) if run else mark.kwargs.get("keep", 0))
    return many


def spared_of(items: Sequence[pytest.Item], run: str = "") -> set[pytest.Item]:
    """Return the tests of longer runs that an ordinary run, or that of CI, leaves out: it keeps so
    many of each function as its mark says, evenly spread."""
    runs: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("long") is not None:
            runs[item.nodeid.partition("[")[0]].append(item)
    spared: set[pytest.Item] = set()
    for those in runs.values():
        mark = those[0].get_closest_marker("long")
        keep = kept_of(mark, len(those), run) if mark else 0
        spread = {n * len(those) // keep for n in range(keep)} if keep else set()
        spared.update(item for n, item in enumerate(those) if n not in spread)
    return spared


def belongs_on_postgres(item: pytest.Item) -> bool:
    """Whether a test asks the database something that may differ on PostgreSQL."""
    touches_database = (
        item.get_closest_marker("django_db") is not None
        or set(getattr(item, "fixturenames", ())) & DATABASE_FIXTURES
    )
    if not touches_database or item.get_closest_marker("browser") is not None:
        return False
    if item.get_closest_marker("wall") is not None:  # compared on SQLite; at length by `make wall`
        return False
    if all_on_postgres() or not item.nodeid.startswith(ONLY_SQLITE_PLAYS):
        return True
    return item.nodeid.startswith(ON_POSTGRES_TOO)


def all_on_postgres() -> bool:
    """Whether everything that asks the database is played on PostgreSQL (`make test-postgres`)."""
    return bool(os.environ.get("DENGWEN_TEST_PAGES"))


def left_to_ci(item: pytest.Item) -> bool:
    """Whether an ordinary run on PostgreSQL leaves a test to `.ci/run` and `make test-postgres`."""
    ordinary = not strict_about_skips() and not all_on_postgres()
    return ordinary and item.nodeid.startswith(UNDER_CI)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = Tally()
    config.pluginmanager.register(Marker(), "dengwen-marker")


class Marker:
    """Marks what needs a browser and what needs large data, before pytest chooses by marks."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            fixtures = set(getattr(item, "fixturenames", ()))
            if fixtures & {"page", "browser"}:
                item.add_marker("browser")
            if SHARED in fixtures:
                item.add_marker("extra")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is extra unless it was asked for, most of the longer runs, and on PostgreSQL
    all that asks the database nothing that differs there.

    What is marked `postgres` brings databases of its own and is played there alone.
    """
    extra = "extra" in (config.option.markexpr or "")
    on_postgres = os.environ.get("DENGWEN_TEST_DB") == "postgres"
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    spared = set() if all_on_postgres() else spared_of(items, long_runs())
    for item in items:
        if item.get_closest_marker("postgres") is not None:
            apart = not on_postgres
        else:
            apart = on_postgres and not belongs_on_postgres(item)
        apart = apart or (on_postgres and left_to_ci(item))
        apart = apart or item in spared
        apart = apart or (not extra and item.get_closest_marker("extra") is not None)
        (dropped if apart else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept
    named = config.stash[TALLY].named
    for item in items:
        named[item.nodeid] = {
            key: sorted({str(id_) for mark in item.iter_markers(name) for id_ in mark.args})
            for name, key in MARKERS.items()
        }


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, in its own words."""
    if expected := getattr(report, "wasxfail", ""):
        return f"expected failure {expected}".strip()
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").splitlines()[0]


def _fail_if_strict(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip of a CI run into a failure."""
    if not report.skipped or not strict_about_skips():
        return
    reason = _reason(report)
    report.outcome = "failed"
    report.longrepr = f"skipped, which CI counts as a failure: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_strict(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_strict(report)
    return report


class Listener:
    """Fills the tally of a run from pytest's reports."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tally.seconds[report.nodeid] += report.duration
        if report.failed or report.skipped:
            self.tally.note(
                report.nodeid, report.outcome, _reason(report) if report.skipped else ""
            )
        elif report.when == "call":
            self.tally.note(report.nodeid, "passed")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed or report.skipped:
            self.tally.note(
                report.nodeid, report.outcome, _reason(report) if report.skipped else ""
            )


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(Listener(session.config.stash[TALLY]), "dengwen-listener")


def merge(file: Path, tally: Tally, database: str) -> None:
    """Write the run into `file`: {"tests": {node id: {cases, sentences, docs, databases}}},
    under a lock."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tests: dict[str, Any] = (
            json.loads(file.read_text(encoding="utf-8"))["tests"] if file.exists() else {}
        )
        for nodeid, outcome in tally.ended.items():
            databases = set(tests.pop(nodeid, {}).get("databases", ())) - {database}
            if outcome == "passed":
                databases.add(database)
            if databases and nodeid in tally.named:
                tests[nodeid] = {**tally.named[nodeid], "databases": sorted(databases)}
        text = json.dumps({"tests": dict(sorted(tests.items()))}, ensure_ascii=False, indent=1)
        fresh = file.with_suffix(".new")
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(file)


def write_times(file: Path, spent: dict[str, float], run: str) -> None:
    """Write the seconds a run took for each name, slowest first: where to look when it grows
    long."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        times: dict[str, dict[str, float]] = (
            json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        )
        own = {**times.get(run, {}), **{name: round(seconds, 1) for name, seconds in spent.items()}}
        times[run] = dict(sorted(own.items(), key=lambda item: -item[1]))
        file.write_text(json.dumps(times, indent=1) + "\n", encoding="utf-8")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the file, leave the numbers to tools/test.sh, and say the closing line last of all."""
    tally = config.stash.get(TALLY, None)
    if tally is None or not tally.ended or config.option.collectonly:
        return
    build = config.rootpath / "build"
    # A run on a second Python is listed under a name of its own.
    run = os.environ.get("DENGWEN_TEST_RUN") or os.environ.get("DENGWEN_TEST_DB", "sqlite")
    merge(build / "tests-passed.json", tally, run)
    write_times(build / "test-times.json", tally.by_file(), run)
    slow = {nodeid: spent for nodeid, spent in tally.seconds.items() if spent >= SLOW}
    write_times(build / "test-slowest.json", slow, run)
    if numbers := os.environ.get("DENGWEN_TEST_NUMBERS"):
        with Path(numbers).open("a", encoding="ascii") as lines:
            lines.write(
                f"{tally.count('passed')} {tally.count('failed')} {tally.count('skipped')}\n"
            )
    print(tally.line())
