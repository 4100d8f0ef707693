"""Append-only guards: triggers that refuse UPDATE, DELETE and TRUNCATE on the tables settings name.

They stop mistakes, stray scripts and the ORM; whoever owns the database can drop them, which is why
``check`` exists. On SQLite an ordinary migration rebuilds a table and silently loses its triggers,
so they are made again after every migration, and ``missing`` compares them with what they must be,
word for word.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from dengwen.ledger.errors import LedgerError

EVENTS = ("update", "delete")
_FUNCTION = "dengwen_append_only"

_BODY = """
BEGIN
    RAISE EXCEPTION '% refused on %: its rows are evidence (append-only). '
        'To correct one, record a new act that corrects it. 该表只增不改，更正须另记一笔。', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
"""


def install(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    """Make the guards of those of the tables that exist; those already right stay as they are."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql "
                f"AS $body${_BODY}$body$"
            )
        for table in missing(connection, [table for table in tables if table in existing]):
            for statement in _drops(connection, table) + _creates(connection, table):
                cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> list[str]:
    """Those of the tables that are absent, unguarded, or whose guard was altered or switched
    off."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        whole = _whole_on_sqlite if connection.vendor == "sqlite" else _whole_on_postgresql
        return [
            table
            for table in tables
            if table not in existing or not whole(connection, cursor, table)
        ]


@contextmanager
def lifted(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> Generator[None]:
    """Take the guards away for a while, so that a test can empty its tables or play a dishonest
    operator.

    Raises ``LedgerError`` for any database that is not a test database. The guards are back
    afterwards, also after an error, unless the table is gone.
    """
    if not is_test_database(connection):
        raise LedgerError(
            "append-only guards are lifted in tests only, and "
            f"{connection.settings_dict['NAME']} is no test database"
        )
    tables = list(tables)
    existing = set(connection.introspection.table_names())
    _settle(connection)
    with connection.cursor() as cursor:
        for table in tables:
            if table in existing:
                for statement in _drops(connection, table):
                    cursor.execute(statement)
    try:
        yield
    finally:
        _settle(connection)
        install(connection, tables)


def is_test_database(connection: BaseDatabaseWrapper) -> bool:
    """Whether this database was made by a test: in memory, or named ``test…``."""
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name or Path(name).name.startswith("test")


def after_migrate(using: str, **_: object) -> None:
    """Answer to post_migrate: put the guards of ``settings.APPEND_ONLY_TABLES`` back."""
    install(connections[using], settings.APPEND_ONLY_TABLES)


def arm(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Answer to connection_created: on SQLite, let INSERT OR REPLACE meet the guards of the rows
    it would delete."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


def _settle(connection: BaseDatabaseWrapper) -> None:
    """Let PostgreSQL check its foreign keys now: it alters no table that still waits for such a
    check."""
    if (
        connection.vendor == "postgresql"
        and connection.in_atomic_block
        and not connection.needs_rollback
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _message(table: str, event: str) -> str:
    return (
        f"{event.upper()} refused on {table}: its rows are evidence (append-only). "
        "To correct one, record a new act that corrects it. 该表只增不改，更正须另记一笔。"
    )


def _creates(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    quote = connection.ops.quote_name
    if connection.vendor == "sqlite":
        return [_sqlite_trigger(connection, table, event) for event in EVENTS]
    trigger = quote(_name(table, "write"))
    return [
        (
            f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE OR TRUNCATE ON {quote(table)} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
        ),
        # ALWAYS: not even a session that plays a replica passes by.
        f"ALTER TABLE {quote(table)} ENABLE ALWAYS TRIGGER {trigger}",
    ]


def _drops(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    quote = connection.ops.quote_name
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {quote(_name(table, event))}" for event in EVENTS]
    return [f"DROP TRIGGER IF EXISTS {quote(_name(table, 'write'))} ON {quote(table)}"]


def _name(table: str, event: str) -> str:
    return f"append_only_{event}_{table}"[:63]


def _sqlite_trigger(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    quote = connection.ops.quote_name
    # A TRUNCATE is a DELETE without a condition here, and meets the same trigger.
    return (
        f"CREATE TRIGGER {quote(_name(table, event))} BEFORE {event.upper()} ON {quote(table)} "
        f"BEGIN SELECT RAISE(ABORT, '{_message(table, event)}'); END"
    )


def _whole_on_sqlite(connection: BaseDatabaseWrapper, cursor: CursorWrapper, table: str) -> bool:
    cursor.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
    )
    found = {row[0] for row in cursor.fetchall()}
    return all(_sqlite_trigger(connection, table, event) in found for event in EVENTS)


def _whole_on_postgresql(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, table: str
) -> bool:
    del connection
    cursor.execute(
        """
        SELECT trigger.tgenabled, trigger.tgtype, trigger.tgqual IS NULL, code.prosrc
        FROM pg_trigger AS trigger JOIN pg_proc AS code ON code.oid = trigger.tgfoid
        WHERE trigger.tgrelid = to_regclass(quote_ident(%s)) AND trigger.tgname = %s
        """,
        [table, _name(table, "write")],
    )
    # tgtype: BEFORE (2), DELETE (8), UPDATE (16), TRUNCATE (32), for each statement.
    found: list[object] = cursor.fetchall()
    return found == [("A", 2 + 8 + 16 + 32, True, _BODY)]
