"""The migrated database that tests begin with: never a stale one, never a half of one, never
without its guards."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from dengwen.ledger import guards
from tests import made_once, migrated

WRITTEN_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
MADE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}


def inventory(database: sqlite3.Connection) -> set[tuple[str, ...]]:
    """Everything a database consists of, word for word, and the migrations it has seen."""
    made = database.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    )
    seen = database.execute("SELECT 'migration', app, name FROM django_migrations")
    return {*made, *seen}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A small program: what makes its tables, and what does not."""
    for name in (
        "dengwen/cases/migrations/0001_initial.py",
        "dengwen/cases/models.py",
        "dengwen/ledger/guards.py",
        "config/settings.py",
        "requirements/app.lock",
        "docs/page.md",
    ):
        file = tmp_path / "program" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{name} = 1\n", encoding="utf-8")
    return tmp_path / "program"


def test_whatever_can_change_a_table_begins_a_new_file(program: Path) -> None:
    seen = {migrated.place(program, program)}
    assert migrated.place(program, program) in seen
    (program / "docs" / "page.md").write_text("another page\n", encoding="utf-8")
    assert migrated.place(program, program) in seen, "a page makes no table"
    for changed in (
        "dengwen/cases/migrations/0001_initial.py",
        "dengwen/cases/models.py",
        "dengwen/ledger/guards.py",
        "config/settings.py",
        "requirements/app.lock",
    ):
        (program / changed).write_text(f"{changed} = 2\n", encoding="utf-8")
        assert migrated.place(program, program) not in seen, changed
        seen.add(migrated.place(program, program))
    (program / "dengwen" / "cases" / "migrations" / "0002_more.py").write_text("", encoding="utf-8")
    assert migrated.place(program, program) not in seen, "a migration more"
    seen.add(migrated.place(program, program))
    (program / "dengwen" / "cases" / "models.py").rename(program / "dengwen" / "cases" / "other.py")
    assert migrated.place(program, program) not in seen, "the same text under another name"


def test_another_python_django_or_sqlite_begins_a_new_file(program: Path) -> None:
    files, versions = migrated.makers(program), [(3, 11), "5.2", "3.51.3"]
    seen = {made_once.digest(files, versions, program)}
    for place, other in enumerate([(3, 12), "5.3", "3.51.4"]):
        changed = [*versions[:place], other, *versions[place + 1 :]]
        seen.add(made_once.digest(files, changed, program))
    assert len(seen) == 4


def test_every_migration_and_every_table_of_this_program_counts() -> None:
    files = set(migrated.makers())
    for pattern in (
        "dengwen/*/migrations/*.py",
        "dengwen/**/models*.py",
        "config/settings.py",
        "requirements/*.lock",
    ):
        found = set(made_once.ROOT.glob(pattern))
        assert found
        assert found <= files, pattern


@pytest.mark.django_db
def test_a_run_begins_with_every_table_and_guard_and_without_a_row(migrated_file: Path) -> None:
    assert guards.missing(connection, settings.APPEND_ONLY_TABLES) == []
    migrations = MigrationExecutor(connection)
    assert migrations.migration_plan(migrations.loader.graph.leaf_nodes()) == []
    if connection.vendor != "sqlite":
        return
    with closing(sqlite3.connect(f"file:{migrated_file}?mode=ro", uri=True)) as kept:
        found = inventory(kept)
        tables = [name for kind, name, _ in found if kind == "table"]
        filled = {
            name for name in tables if kept.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        }
    assert found == inventory(connection.connection)
    assert {name for kind, name, _ in found if kind == "trigger"} >= {
        f"append_only_{event}_{table}"
        for table in settings.APPEND_ONLY_TABLES
        for event in guards.EVENTS
    }
    assert filled == WRITTEN_BY_MIGRATE


@pytest.mark.django_db
def test_a_copy_is_whole_or_not_there(tmp_path: Path) -> None:
    file, database = tmp_path / "build" / "migrated-a.sqlite3", tmp_path / "tests.sqlite3"
    assert not migrated.lay(database, file)
    assert not database.exists()
    file.parent.mkdir()
    others = [file.with_name(f"migrated-{n}.sqlite3") for n in range(5)]
    for age, other in enumerate(others):
        other.touch()
        os.utime(other, (age, age))
    file.write_text("of a process that was quicker", encoding="utf-8")
    own = DatabaseWrapper(
        {**connections["default"].settings_dict, **MADE, "NAME": str(tmp_path / "made.sqlite3")}
    )
    with closing(own):
        with own.cursor() as cursor:
            cursor.execute("CREATE TABLE one (a)")
        migrated.keep(own, file)
    assert sorted(file.parent.iterdir()) == sorted([file, *others[-made_once.FILES + 1 :]])
    assert migrated.lay(database, file)
    with closing(sqlite3.connect(database)) as copy:
        assert [name for (name,) in copy.execute("SELECT name FROM sqlite_master")] == ["one"]
