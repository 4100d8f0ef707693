"""The course of the measurements on one database, in the order in which the office fills."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench import limits, lists, pages, serving, work
from bench.cpu import Meter
from bench.office import World
from bench.result import Found, Row
from bench.seeding import Seeding
from dengwen.cli.office.data_folder import PRACTICE_ORIGIN
from dengwen.cli.office.init import prepare

OF_A_SUPERVISOR = " of a supervisor at "
"""In the name of a row: the page of a supervisor, in an office of so many cases."""
POSTMASTER = "BENCH_POSTMASTER"
"""Environment variable: process id of the PostgreSQL server, whose CPU time counts as ours."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    intake: int
    cases: int
    rows: int
    profiled: int
    http_seconds: float
    limit_seconds: float
    batch: int
    seeded: tuple[int, ...]
    """Cases of the office as it grows: the pages are read at each of these sizes, lists and
    sweep at the last."""
    lists: int
    swept: int
    replayed: int


FULL = Sizes(400, 40, 1000, 40, 8, 2, 20_000, (1_000, 10_000, 100_000), 200, 1000, 2000)
QUICK = Sizes(20, 2, 20, 3, 1, 0.3, 500, (210, 420), 12, 20, 100)


def run(out: Path, *, quick: bool) -> None:
    """Measure everything and write what was found."""
    size = QUICK if quick else FULL
    for _ in prepare(PRACTICE_ORIGIN, collect=False):
        pass
    roots = (int(os.environ[POSTMASTER]),) if os.environ.get(POSTMASTER) else ()
    found = Found("PostgreSQL" if connection.vendor == "postgresql" else "SQLite", _version())
    course = _Course(size, roots, found, World())
    for part in (course.write_path, course.over_http, course.growing_office, course.checks):
        begun = time.perf_counter()
        part()
        found.load = os.getloadavg()
        found.write(out)  # what was measured stays, should a later part fail
        print(
            f"{found.database}: {part.__name__} {time.perf_counter() - begun:.0f} s",
            file=sys.stderr,
        )


def _version() -> str:
    """Return the version of the database, and how it writes to disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
            version, fsync = cursor.fetchone()
            return f"{version}, fsync {fsync}, synchronous_commit on"
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        return f"{sys.modules['sqlite3'].sqlite_version}, {journal.upper()}, synchronous FULL"


def _page_of(row: Row) -> str:
    """Return the key that puts the sizes of one page together, and all else before."""
    return row.shape.split(" at ")[0] if OF_A_SUPERVISOR in row.shape else ""


@dataclass
class _Course:
    size: Sizes
    roots: tuple[int, ...]
    found: Found
    world: World

    def add(self, row: Row) -> None:
        """Keep one line."""
        self.found.rows.append(row)

    def write_path(self) -> None:
        """Intake, steps and import, each beside the raw limit taken just before."""
        size, world = self.size, self.world
        work.take_in(world, work.WARM, 900_000)()
        commits = limits.commits(size.limit_seconds)
        self._intake(commits)
        self._steps(commits)
        self._import()
        self.found.profiles["intake"] = work.profiled(work.take_in(world, size.profiled, 200_000))
        self.found.profiles["steps"] = work.profiled(
            work.walk(world, max(1, size.profiled // 9), 300_000)
        )

    def _intake(self, commits: float) -> None:
        """Registering matters one by one."""
        rate, cpu = work.timed(work.take_in(self.world, self.size.intake), self.roots)
        self.add(
            Row(
                "收信登记 intake, one caller",
                "ops/s",
                rate,
                commits,
                "single-row commits/s",
                cpu,
                bar="≥ 141/s and ≤ 6 ms CPU",
                met=rate >= 141 and cpu <= 6,
            )
        )

    def _steps(self, commits: float) -> None:
        """Walking matters registered before to their end."""
        steps = work.walk(self.world, self.size.cases, 100_000)
        rate, cpu = work.timed(steps, self.roots)
        self.add(
            Row(
                "办理行为 case steps, nine acts from sorting to service",
                "acts/s",
                rate,
                commits,
                "single-row commits/s",
                cpu,
                bar="≥ 150/s",
                met=rate >= 150,
            )
        )

    def _import(self) -> None:
        """Importing messages with their replies."""
        size = self.size
        many = limits.batch(size.batch)
        bring_in = work.bring_in(self.world, size.rows, Path(settings.DATA))
        rate, cpu = work.timed(bring_in, self.roots)
        self.add(
            Row(
                "导入 import, message with reply",
                "rows/s",
                rate,
                many,
                "rows/s of one batch insert",
                cpu,
                bar="≥ 500 rows/s",
                met=rate >= 500,
            )
        )

    def over_http(self) -> None:
        """Intake through the server of pages."""
        commits = limits.commits(self.size.limit_seconds)
        with serving.server() as (port, pid):
            serving.submit_all(port, pid, min(1, self.size.http_seconds), self.roots)
            rate, cpu, taken = serving.submit_all(port, pid, self.size.http_seconds, self.roots)
        p99 = sorted(taken)[int(len(taken) * 0.99)]
        self.add(
            Row(
                "网上提交 intake over HTTP, 8 petitioners, one worker",
                "ops/s",
                rate,
                commits,
                "single-row commits/s",
                cpu,
                p99,
                "≥ 141/s and ≤ 6 ms CPU",
                rate >= 141 and cpu <= 6,
            )
        )

    def growing_office(self) -> None:
        """The pages of a supervisor at each size of the office, lists and sweep at the last."""
        seeding = Seeding(self.world, self.size.seeded[-1])
        for total in self.size.seeded:
            begun = time.perf_counter()
            seeded = seeding.grow(total)
            took = time.perf_counter() - begun
            self.found.notes.append(f"{seeded:,} cases seeded by copies in {took:.0f} s")
            if total == self.size.seeded[-1]:
                self.big_office(seeded)
            lists.swept(lists.due())
            self._pages(seeded)
        self.found.rows.sort(key=_page_of)
        self.found.notes.append(
            f"sweep of a day on which nothing is due: {lists.nothing_due():.1f} ms"
        )

    def _pages(self, seeded: int) -> None:
        """The pages of a supervisor in an office of so many cases."""
        bare, _ = lists.bare_list(self.world, self.size.lists)
        for one in pages.read_all(self.world, self.size.lists, self.roots):
            self.add(
                Row(
                    f"{one.name}{OF_A_SUPERVISOR}{seeded:,} cases, p50",
                    "ms",
                    one.middle,
                    bare,
                    "one bare statement, ms",
                    one.cpu_ms,
                    one.p99,
                )
            )

    def big_office(self, seeded: int) -> None:
        """Work list and sweep in an office of many cases."""
        bare, _ = lists.bare_list(self.world, self.size.lists)
        middle, p99 = lists.work_list(self.world, self.size.lists)
        self.add(
            Row(
                f"待办 work list, wall on, {seeded:,} cases, p50",
                "ms",
                middle,
                bare,
                "one bare statement, ms",
                p99=p99,
            )
        )
        middle, p99 = lists.home_page(self.world, self.size.lists)
        self.add(
            Row(
                f"待办页 the whole page of the desk, {seeded:,} cases, p50",
                "ms",
                middle,
                bare,
                "one bare statement, ms",
                p99=p99,
            )
        )
        commits = limits.commits(self.size.limit_seconds)
        meter = Meter(self.roots)
        due, done = lists.due(), lists.swept(self.size.swept)
        wall, cpu = meter.read()
        self.add(
            Row(
                f"逾期巡查 sweep over {seeded:,} cases, {done:,} breaches of {due:,} cases due",
                "acts/s",
                done / wall,
                commits,
                "single-row commits/s",
                cpu / done * 1e3,
            )
        )

    def checks(self) -> None:
        """Whether all that was written, copies included, still proves itself."""
        count, differences = lists.replayed(self.size.replayed)
        self.found.notes.append(
            f"replay of {count:,} cases drawn at random: {len(differences)} differences"
        )
        begun = time.perf_counter()
        findings = lists.ledger_findings()
        took = time.perf_counter() - begun
        self.found.notes.append(
            f"ledger check over everything: {len(findings)} findings, {took:.0f} s"
        )
        if differences or findings:
            raise RuntimeError(
                f"the measured office does not prove itself: {differences[:3]} {findings[:3]}"
            )
