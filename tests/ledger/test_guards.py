"""Append-only guards: what they refuse, that they come back after a migration, and who may lift
them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from pytest_django import Settings

from dengwen.ledger import guards
from dengwen.ledger.errors import LedgerError
from dengwen.ledger.models import Event
from tests.ledger.conftest import NOW, Write

pytestmark = pytest.mark.django_db
EXAMPLE = "ledger_example"


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def truncate(table: str) -> str:
    return (
        f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
    )


@pytest.fixture
def example() -> Iterator[None]:
    """A guarded table of no package, with one row."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {EXAMPLE} (id integer PRIMARY KEY, code varchar(10) UNIQUE)")
        cursor.execute(f"INSERT INTO {EXAMPLE} VALUES (1, 'a')")
    guards.install(connection, [EXAMPLE])
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {EXAMPLE}")


WRITES = [
    f"UPDATE {EXAMPLE} SET code = 'b'",
    f"UPDATE {EXAMPLE} SET code = code WHERE id = 1",
    f"DELETE FROM {EXAMPLE} WHERE id = 1",
    f"INSERT INTO {EXAMPLE} VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET code = 'b'",
]


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("statement", [*WRITES, "truncate", "replace by id", "replace by code"])
def test_every_way_to_change_a_row_is_refused(statement: str) -> None:
    special = {
        "truncate": truncate(EXAMPLE),
        "replace by id": f"INSERT OR REPLACE INTO {EXAMPLE} VALUES (1, 'b')",
        "replace by code": f"INSERT OR REPLACE INTO {EXAMPLE} VALUES (2, 'a')",
    }
    if statement.startswith("replace") and connection.vendor != "sqlite":
        return  # only SQLite knows it
    with pytest.raises(DatabaseError, match=rf"refused on {EXAMPLE}.*evidence.*new act.*只增不改"):
        run(special.get(statement, statement))
    run(f"INSERT INTO {EXAMPLE} VALUES (3, 'c')")  # appending goes on
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, code FROM {EXAMPLE} ORDER BY id")
        assert cursor.fetchall() == [(1, "a"), (3, "c")]


def test_the_tables_of_the_settings_are_guarded_and_hold_against_the_orm(write: Write) -> None:
    assert {"ledger_event", "ledger_leaf", "ledger_checkpoint"} <= set(settings.APPEND_ONLY_TABLES)
    assert guards.missing(connection, settings.APPEND_ONLY_TABLES) == []
    write()
    with pytest.raises(DatabaseError, match="refused on ledger_event"), transaction.atomic():
        Event.objects.update(recorded_at=NOW - timedelta(days=30))
    with pytest.raises(DatabaseError, match="refused on ledger_event"), transaction.atomic():
        Event.objects.all()._raw_delete("default")  # without Django's own look at keys
    assert Event.objects.get().recorded_at == NOW


def altered(state: ProjectState) -> ProjectState:
    """Change a field of Event forward as a migration would; on SQLite this rebuilds the table."""
    operation = migrations.AlterField(
        "event", "case_key", models.CharField(max_length=200, default="x")
    )
    after = state.clone()
    operation.state_forwards("ledger", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("ledger", editor, state, after)
    return after


@pytest.mark.django_db(transaction=True)
@pytest.mark.doc("dependencies.md#pitfalls")
def test_a_migration_loses_the_guards_on_sqlite_and_migrate_puts_them_back(write: Write) -> None:
    write()
    before = ProjectState.from_apps(apps)
    after = altered(before)
    try:
        lost = guards.missing(connection, ["ledger_event"])
        assert lost == (["ledger_event"] if connection.vendor == "sqlite" else [])
        call_command("migrate", verbosity=0)  # sends post_migrate, as every migrate does at its end
        assert guards.missing(connection, settings.APPEND_ONLY_TABLES) == []
        for statement in (
            "UPDATE ledger_event SET case_seq = 9",
            "DELETE FROM ledger_event",
            truncate("ledger_event"),
        ):
            with pytest.raises(DatabaseError, match="refused on ledger_event"):
                run(statement)
        assert Event.objects.get().case_seq == 1
    finally:
        operation = migrations.AlterField("event", "case_key", models.CharField(max_length=128))
        again = after.clone()
        operation.state_forwards("ledger", again)
        with connection.schema_editor() as editor:
            operation.database_forwards("ledger", editor, after, again)
        guards.install(connection, settings.APPEND_ONLY_TABLES)


@pytest.mark.usefixtures("example")
def test_a_missing_an_altered_and_an_absent_guard_are_named() -> None:
    assert guards.missing(connection, [EXAMPLE, "no_such_table"]) == ["no_such_table"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER append_only_delete_{EXAMPLE}")
            cursor.execute(
                f"CREATE TRIGGER append_only_delete_{EXAMPLE} BEFORE DELETE ON {EXAMPLE} "
                "WHEN 0 BEGIN SELECT 1; END"
            )
        else:
            cursor.execute(f"ALTER TABLE {EXAMPLE} DISABLE TRIGGER append_only_write_{EXAMPLE}")
    assert guards.missing(connection, [EXAMPLE]) == [EXAMPLE]
    guards.install(connection, [EXAMPLE, "no_such_table"])
    assert guards.missing(connection, [EXAMPLE]) == []
    with pytest.raises(DatabaseError, match="refused"):
        run(f"DELETE FROM {EXAMPLE}")


@pytest.mark.usefixtures("example")
def test_a_hollow_refusal_is_named_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has no function behind its triggers
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION dengwen_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS $body$ BEGIN RETURN NULL; END $body$"
        )
    assert guards.missing(connection, [EXAMPLE]) == [EXAMPLE]
    guards.install(connection, [EXAMPLE])
    assert guards.missing(connection, [EXAMPLE]) == []


@pytest.mark.usefixtures("example")
def test_lifting_is_for_tests_and_ends_also_after_an_error() -> None:
    with guards.lifted(connection, [EXAMPLE]):
        run(f"UPDATE {EXAMPLE} SET code = 'b'")
    with pytest.raises(DatabaseError, match="refused"):
        run(f"UPDATE {EXAMPLE} SET code = 'c'")
    with pytest.raises(ZeroDivisionError), guards.lifted(connection, [EXAMPLE]):
        raise ZeroDivisionError
    assert guards.missing(connection, [EXAMPLE]) == []


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    "name", ["/srv/office/dengwen.sqlite3", "/srv/test/dengwen.sqlite3", "dengwen"]
)
def test_lifting_is_refused_for_the_database_of_an_office(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", name)
    with pytest.raises(LedgerError, match="tests only"), guards.lifted(connection, [EXAMPLE]):
        pytest.fail("the guards were lifted")


def test_after_migrate_asks_the_settings(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {EXAMPLE} (id integer PRIMARY KEY)")
    settings.APPEND_ONLY_TABLES = (EXAMPLE,)
    guards.after_migrate(using="default")
    assert guards.missing(connection, [EXAMPLE]) == []
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {EXAMPLE}")
