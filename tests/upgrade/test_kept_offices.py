"""An office that an earlier version kept is opened, read and written by today's program.

Each folder of `tests/kept_offices` bears the name of a version and holds two backups it wrote.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import KEPT_OUT, REPOSITORY, Dengwen
from tests.cli.test_keeping_on_postgres import NAMES, Server, started

KEPT = REPOSITORY / "tests" / "kept_offices"
VERSIONS = sorted(folder.name for folder in KEPT.iterdir() if folder.is_dir())
MOST = 1_000_000
LATER = "2026-06-02"
INSTANT = "2026-06-02T02:00:00+00:00"
FORGED = "2020-01-01 00:00:00+00:00"


@dataclass(frozen=True)
class Office:
    """A kept office on today's program, and the numbers of its cases by name."""

    dengwen: Dengwen
    cases: dict[str, str]

    def visit(self, username: str, number: str) -> dict[str, object]:
        """What a clerk sees who signs in at the desk; see `desk_visit`."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.upgrade.desk_visit", INSTANT, username, number],
            capture_output=True,
            text=True,
            env=self.dengwen.own(),
            cwd=REPOSITORY,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
        return seen


def unpack(version: str, name: str, folder: Path) -> dict[str, str]:
    """Unpack a kept office into a folder; returns the numbers of its cases."""
    with tarfile.open(KEPT / version / f"{name}.tgz") as tar:
        if hasattr(tarfile, "data_filter"):  # Python before 3.11.4 knows no filter
            tar.extraction_filter = tarfile.fully_trusted_filter
        tar.extractall(folder)
    (folder / "manifest.json").unlink()
    (folder / "static").mkdir()
    kept: dict[str, dict[str, str]] = json.loads((KEPT / version / "cases.json").read_text("utf-8"))
    return kept[name]


def own_environment() -> dict[str, str]:
    """The environment without what names another office."""
    return {key: value for key, value in os.environ.items() if key not in KEPT_OUT}


@contextmanager
def on_sqlite(version: str, folder: Path) -> Iterator[Office]:
    """Unpack the office that lies in a file of SQLite."""
    cases = unpack(version, "sqlite", folder)
    yield Office(Dengwen(folder, own_environment()), cases)


def on_postgres(version: str, server: Server, database: str) -> Office:
    """Unpack the office and bring its dump into an empty database of the server."""
    program = server.on(database)
    cases = unpack(version, "postgres", program.folder)
    dump = program.folder / "postgresql.dump"
    command = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error"]
    subprocess.run([*command, "--dbname", server.url(database), str(dump)], check=True)
    dump.unlink()
    return Office(program, cases)


def opens_and_goes_on(office: Office) -> None:
    """Upgrade the tables, try every check, read and write at the desk and at the command line."""
    dengwen, cases = office.dengwen, office.cases
    dengwen("migrate")
    is_sound(dengwen)
    assert dengwen("ledger", "check", "--json").data == {"sound": True, "findings": []}
    assert dengwen("rederive", "--check", "--json").data["differences"] == []
    seen = office.visit("clerk", cases["stairs"])
    assert seen["signed_in"] == 302
    assert seen["pages"] == [200, 200, 200, 200, 200]
    assert seen["found"]
    assert "楼道堆物" in str(seen["case"])
    assert str(seen["number"]).startswith("YJ01-2026-")
    words = ("forward", "--by", "router", "--set", "to=YJ02", "--clock", LATER)
    dengwen("act", cases["stairs"], *words)
    shown = dengwen("case", "show", cases["roof"], "--by", "handler", "--clock", LATER, "--json")
    acts = [act["act"] for act in shown.data["timeline"]]
    assert acts[:5] == ["register", "classify", "forward", "receive", "accept"]
    assert dengwen("ledger", "tick", "--clock", LATER, "--json").data["quarantined"] == 0
    is_sound(dengwen)


def is_sound(dengwen: Dengwen) -> None:
    """No check of the record finds anything."""
    told = dengwen("check", "--json").data
    assert told["sound"], told


def is_found(dengwen: Dengwen) -> None:
    """The row that was changed is what `dengwen check` and `dengwen ledger check` find."""
    dengwen("migrate")
    told = dengwen("check", "--json", code=1).data
    assert not told["sound"]
    assert any("cases_act" in line and "occurred_at" in line for line in told["findings"]["ledger"])
    assert dengwen("ledger", "check", "--json", code=1).data["findings"]


@pytest.fixture
def dengwen(tmp_path: Path) -> Dengwen:
    """The program on a folder that does not exist yet."""
    return Dengwen(tmp_path / "office", own_environment())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A PostgreSQL of our own with empty databases."""
    yield from started(tmp_path)


def test_a_version_is_kept_small_and_on_both_databases() -> None:
    assert "0.1.0" in VERSIONS
    for version in VERSIONS:
        for name in ("sqlite.tgz", "postgres.tgz"):
            assert (KEPT / version / name).stat().st_size < MOST


@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_office_opens_and_goes_on(version: str, tmp_path: Path) -> None:
    with on_sqlite(version, tmp_path / "office") as office:
        opens_and_goes_on(office)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_backup_of_a_version_is_restored(version: str, dengwen: Dengwen) -> None:
    dengwen("restore", str(KEPT / version / "sqlite.tgz"))
    is_sound(dengwen)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_changed_row_of_a_kept_office_is_found(version: str, tmp_path: Path) -> None:
    with on_sqlite(version, tmp_path / "office") as office:
        with closing(sqlite3.connect(tmp_path / "office" / "dengwen.sqlite3")) as database:
            guard = "append_only_update_cases_act"
            find = "SELECT sql FROM sqlite_master WHERE name = ?"
            (sql,) = database.execute(find, [guard]).fetchone()
            database.execute(f"DROP TRIGGER {guard}")
            change = (
                "UPDATE cases_act SET occurred_at = ? WHERE id = (SELECT max(id) FROM cases_act)"
            )
            database.execute(change, [FORGED])
            database.execute(sql)
            database.commit()
        is_found(office.dengwen)


@pytest.mark.postgres
@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_office_opens_on_postgresql_and_a_changed_row_is_found(
    version: str, server: Server
) -> None:
    opens_and_goes_on(on_postgres(version, server, NAMES[0]))
    changed = on_postgres(version, server, NAMES[1])
    with psycopg.connect(server.url(NAMES[1]), autocommit=True) as database:
        database.execute("ALTER TABLE cases_act DISABLE TRIGGER USER")
        database.execute(
            "UPDATE cases_act SET occurred_at = %s WHERE id = (SELECT max(id) FROM cases_act)",
            [FORGED],
        )
        database.execute("ALTER TABLE cases_act ENABLE TRIGGER USER")
    is_found(changed.dengwen)
