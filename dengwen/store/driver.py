"""A statement straight to the driver: what the hand-written rows of every act go through.

Django's cursor asks, converts and wraps anew for each statement; an act has dozens of them. Here a
statement goes to the driver as it is, and what must not be lost is kept: Django's exceptions, its
refusal to go on in a transaction that failed, and its own cursor wherever somebody watches the
statements (query logs of tests, wrappers). On PostgreSQL it goes by `sending`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from dengwen.store.pipeline import Rows, send

_own: ContextVar[int] = ContextVar("dengwen_driver_own_wrappers", default=0)
"""Wrappers that are ours (`rows.together`): nobody who watches."""


def run(statement: str, values: Sequence[Any] = ()) -> Rows:
    """Run a statement with `%s` places and return all its rows, none where it has none to return.

    Values are as the driver takes them (see `rows`). Raises what Django's cursor would raise.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if (
        database.connection is None
        or database.queries_logged
        or len(database.execute_wrappers) > _own.get()
    ):
        with database.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        if database.vendor == "postgresql":
            return send(database.connection, [(statement, values)])[0]
        found: Rows = database.connection.execute(_for_sqlite(statement), values).fetchall()
        return found


def run_all(statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
    """Run statements in their order and return the rows of each; none may need the answer of one
    before it.

    On PostgreSQL they go out together and are waited for once. Raises what the first that fails
    would raise.
    """
    database = connections[DEFAULT_DB_ALIAS]
    watched = (
        database.connection is None
        or database.queries_logged
        or len(database.execute_wrappers) > _own.get()
    )
    if watched or database.vendor != "postgresql" or len(statements) < 2:
        return [run(statement, values) for statement, values in statements]
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return send(database.connection, statements)


def copies() -> bool:
    """Say whether `copy_in` can be used now: on PostgreSQL, where nobody watches the statements."""
    database = connections[DEFAULT_DB_ALIAS]
    watched = (
        database.connection is None
        or database.queries_logged
        or len(database.execute_wrappers) > _own.get()
    )
    return database.vendor == "postgresql" and not watched


def copy_in(table: str, lines: Iterable[Sequence[Any]]) -> None:
    """Write many rows into a table (`name (columns)`) by COPY, which spares building and planning a
    long statement.

    Only where `copies()` says so. Raises what an INSERT of the rows would raise; triggers and
    constraints hold.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.validate_no_broken_transaction()
    with (
        database.wrap_database_errors,
        psycopg.Cursor(database.connection).copy(f"COPY {table} FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(line)


@contextmanager
def before_others(ready: Callable[[str], None]) -> Iterator[None]:
    """Call `ready` with every statement inside the block that does not come through `run`,
    before it is run."""

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


@lru_cache(maxsize=1024)
def _for_sqlite(statement: str) -> str:
    return statement.replace("%s", "?")
