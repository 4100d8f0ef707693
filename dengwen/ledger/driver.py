"""A statement straight to the driver: what the hand-written rows of every act go through.

Django's cursor asks, converts and wraps anew for each statement; an act has dozens of them. Here a statement goes to
the driver as it is, and what must not be lost is kept: Django's exceptions, its refusal to go on in a transaction that
failed, and its own cursor wherever somebody watches the statements (query logs of tests, wrappers).
On PostgreSQL a statement is prepared at its first use, so that the server plans it once per connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.numeric import Int8Dumper

Rows = list[tuple[Any, ...]]

MOST_PREPARED = 500
"""Statements the server keeps prepared for a connection: those of every table, by the number of rows they write."""

_own: ContextVar[int] = ContextVar("dengwen_driver_own_wrappers", default=0)
"""Wrappers that are ours (`rows.together`): nobody who watches."""
_several: WeakKeyDictionary[Any, list[psycopg.Cursor[tuple[Any, ...]]]] = WeakKeyDictionary()
"""The cursors of a connection that are sent together."""
_cursors: WeakKeyDictionary[Any, psycopg.Cursor[tuple[Any, ...]]] = WeakKeyDictionary()


def run(statement: str, values: Sequence[Any] = ()) -> Rows:
    """Run a statement with `%s` places and return all its rows, none where it has none to return.

    Values are as the driver takes them (see `rows`). Raises what Django's cursor would raise.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.connection is None or database.queries_logged or len(database.execute_wrappers) > _own.get():
        with database.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        if database.vendor == "postgresql":
            prepared = _cursor(database)
            prepared.execute(statement, values, prepare=True)
            return prepared.fetchall() if prepared.pgresult and prepared.pgresult.nfields else []
        found: Rows = database.connection.execute(_for_sqlite(statement), values).fetchall()
        return found


def run_all(statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
    """Run statements in their order and return the rows of each; none may need the answer of one before it.

    On PostgreSQL they go out together and are waited for once. Raises what the first that fails would raise.
    """
    database = connections[DEFAULT_DB_ALIAS]
    watched = database.connection is None or database.queries_logged or len(database.execute_wrappers) > _own.get()
    if watched or database.vendor != "postgresql" or len(statements) < 2:
        return [run(statement, values) for statement, values in statements]
    database.validate_no_broken_transaction()
    kept = _several.setdefault(database.connection, [])
    while len(kept) < len(statements):
        kept.append(_fresh_cursor(database))
    with database.wrap_database_errors:
        with database.connection.pipeline():
            for cursor, (statement, values) in zip(kept, statements, strict=False):
                cursor.execute(statement, values, prepare=True)
        return [one.fetchall() if one.pgresult and one.pgresult.nfields else [] for one in kept[: len(statements)]]


def copies() -> bool:
    """Say whether `copy_in` can be used now: on PostgreSQL, where nobody watches the statements."""
    database = connections[DEFAULT_DB_ALIAS]
    watched = database.connection is None or database.queries_logged or len(database.execute_wrappers) > _own.get()
    return database.vendor == "postgresql" and not watched


def copy_in(table: str, lines: Iterable[Sequence[Any]]) -> None:
    """Write many rows into a table (`name (columns)`) by COPY, which spares building and planning a long statement.

    Only where `copies()` says so. Raises what an INSERT of the rows would raise; triggers and constraints hold.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, _cursor(database).copy(f"COPY {table} FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


@contextmanager
def before_others(ready: Callable[[str], None]) -> Iterator[None]:
    """Call `ready` with every statement inside the block that does not come through `run`, before it is run."""

    # As Django hands them on.
    def wrapper(execute: Callable[..., Any], statement: Any, *words: Any) -> Any:  # noqa: ANN401
        ready(str(statement))
        return execute(statement, *words)

    token = _own.set(_own.get() + 1)
    try:
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(wrapper):
            yield
    finally:
        _own.reset(token)


def _cursor(database: BaseDatabaseWrapper) -> psycopg.Cursor[tuple[Any, ...]]:
    """Return the one cursor of a connection that binds values at the server."""
    found = _cursors.get(database.connection)
    if found is None:
        found = _cursors[database.connection] = _fresh_cursor(database)
    return found


def _fresh_cursor(database: BaseDatabaseWrapper) -> psycopg.Cursor[tuple[Any, ...]]:
    link = database.connection
    if link.prepare_threshold is None:  # Django's default, under which nothing is ever prepared
        link.prepare_threshold, link.prepared_max = 1, MOST_PREPARED
    found = psycopg.Cursor(link)
    # One type for every whole number: else 7 and 70,000 would make two prepared statements of one.
    found.adapters.register_dumper(int, Int8Dumper)
    return found


@lru_cache(maxsize=1024)
def _for_sqlite(statement: str) -> str:
    return statement.replace("%s", "?")
