"""Backup and restore of an office on PostgreSQL: what is brought back is what was there, or
nothing is opened."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.cli.conftest import KEPT_OUT, Dengwen

pytestmark = pytest.mark.postgres
REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("first", "second", "third")


@dataclass(frozen=True)
class Server:
    """A server of our own that waits for the disk, as an office demands, and the program on its
    databases."""

    folder: Path
    address: str
    programs: list[Dengwen]

    def url(self, name: str) -> str:
        """Return the address of a database of ours."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    def on(self, name: str) -> Dengwen:
        """`dengwen` on a folder and database of that name."""
        kept = {k: v for k, v in os.environ.items() if k not in KEPT_OUT}
        self.programs.append(
            Dengwen(self.folder / name, {**kept, "DENGWEN_DATABASE_URL": self.url(name)})
        )
        return self.programs[-1]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with empty databases, stopped and removed afterwards."""
    yield from started(tmp_path)


def started(tmp_path: Path) -> Iterator[Server]:
    """Start a server for the folders in `tmp_path`, lend it, and end it."""
    own = {
        "DENGWEN_POSTGRES_RECORD": str(tmp_path / "postgres.record"),
        "DENGWEN_POSTGRES_FSYNC": "on",
    }

    def run(word: str) -> str:
        done = subprocess.run(
            ["tools/postgres.sh", word],
            cwd=REPOSITORY,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    made = Server(tmp_path, run("start"), [])
    try:
        with psycopg.connect(made.address, autocommit=True) as admin:
            for name in NAMES:
                admin.execute(f"CREATE DATABASE {name}")
        yield made
    finally:
        run("stop")


def test_a_backup_is_restored_and_stands_the_checks_and_a_changed_one_is_not_opened(
    server: Server, tmp_path: Path
) -> None:
    office = server.on("first")
    office("init", "--origin", "xf.yunjiang.example/2026")
    for name in ("security", "audit"):
        office("account", "create", name)
    office("account", "grant", "security", "R15")
    size = office("ledger", "tick", "--json").data["size"]
    office("backup", str(tmp_path / "b.tgz"))
    restored = server.on("second")
    restored("restore", str(tmp_path / "b.tgz"))
    assert restored("ledger", "check", "--json").data == {"sound": True, "findings": []}
    assert restored("rederive", "--check", "--json").data["differences"] == []
    assert restored("ledger", "tick", "--json").data["size"] == size
    with (
        psycopg.connect(server.url("second"), autocommit=True) as database,
        pytest.raises(psycopg.Error),
    ):
        database.execute("UPDATE cases_act SET occurred_at = now()")  # the guards came along
    assert "不是空的" in server.on("second")("restore", str(tmp_path / "b.tgz"), code=2).err

    with psycopg.connect(server.url("first"), autocommit=True) as database:
        database.execute("ALTER TABLE cases_act DISABLE TRIGGER USER")
        database.execute(
            "UPDATE cases_act SET occurred_at = '2020-01-01' WHERE id = (SELECT max(id) FROM "
            "cases_act)"
        )
        database.execute("ALTER TABLE cases_act ENABLE TRIGGER USER")
    office("backup", str(tmp_path / "forged.tgz"))
    target = server.on("third")
    assert "没有恢复" in target("restore", str(tmp_path / "forged.tgz"), code=1).err
    assert not target.folder.exists()
    with psycopg.connect(server.url("third")) as database:
        left = database.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert left == (0,)
