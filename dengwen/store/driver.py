"""A statement straight to the driver: what the hand-written rows of every act go through.

Django's cursor asks, converts and wraps anew for each statement; an act has dozens of them. Here a
statement goes to the driver as it is, and what must not be lost is kept: Django's exceptions, its
refusal to go on in a transaction that failed, and its own cursor wherever somebody watches the
statements (query logs of tests, wrappers). On PostgreSQL it goes by `pipeline`. A statement that is
not a unit of work's own lets the units that are open write first, as it would through Django's
cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from dengwen.store.pipeline import Rows, send

Kept = TypeVar("Kept")


class BeforeOthers:
    """What a unit of work puts around the statements of a connection (Django's `execute_wrapper`):
    `ready` is called before every one that is not its own.

    The unit's own are those run inside `with` this. Nobody looks at what a statement says.
    """

    __slots__ = ("_own", "_ready")

    def __init__(self, ready: Callable[[], None]) -> None:
        """Begin with nothing of the unit's own running."""
        self._ready, self._own = ready, 0

    def __enter__(self) -> None:
        """Begin a statement of the unit's own."""
        self._own += 1

    def __exit__(self, *_error: object) -> None:
        """End a statement of the unit's own."""
        self._own -= 1

    # As Django hands them on.
    def __call__(self, execute: Callable[..., Any], statement: Any, *words: Any) -> Any:  # noqa: ANN401
        """Run a statement that goes through Django's cursor."""
        self.before()
        return execute(statement, *words)

    def before(self) -> None:
        """Let the unit write, unless the statement that comes is its own."""
        if not self._own:
            self._ready()


def kept(kind: type[Kept]) -> Kept:
    """Return what this connection keeps of a kind, made at first use: no other thread has it, and
    it goes with the connection."""
    own = vars(connections[DEFAULT_DB_ALIAS])
    found = own.get(kind.__qualname__)
    if not isinstance(found, kind):
        found = own[kind.__qualname__] = kind()
    return found


def run(statement: str, values: Sequence[Any] = ()) -> Rows:
    """Run a statement with `%s` places and return all its rows, none where it has none to return.

    Values are as the driver takes them (see `row_tables`). Raises what Django's cursor would raise.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if _watched(database):
        with database.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []
    _before(database)
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
    if database.vendor != "postgresql" or len(statements) < 2 or _watched(database):
        return [run(statement, values) for statement, values in statements]
    _before(database)
    with database.wrap_database_errors:
        return send(database.connection, statements)


def copies() -> bool:
    """Say whether `copy_in` can be used now: on PostgreSQL, where nobody watches the statements."""
    database = connections[DEFAULT_DB_ALIAS]
    return database.vendor == "postgresql" and not _watched(database)


def copy_in(table: str, lines: Iterable[Sequence[Any]]) -> None:
    """Write many rows into a table (`name (columns)`) by COPY, which spares building and planning a
    long statement.

    Only where `copies()` says so. Raises what an INSERT of the rows would raise; triggers and
    constraints hold.
    """
    database = connections[DEFAULT_DB_ALIAS]
    _before(database)
    with (
        database.wrap_database_errors,
        psycopg.Cursor(database.connection).copy(f"COPY {table} FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(line)


def _watched(database: BaseDatabaseWrapper) -> bool:
    """Say whether a statement must go through Django's cursor: not connected yet, or somebody
    looks on."""
    if database.connection is None or database.queries_logged:
        return True
    return not all(isinstance(one, BeforeOthers) for one in database.execute_wrappers)


def _before(database: BaseDatabaseWrapper) -> None:
    """Do what Django's cursor does before a statement."""
    database.validate_no_broken_transaction()
    for one in database.execute_wrappers:
        if isinstance(one, BeforeOthers):
            one.before()


@lru_cache(maxsize=1024)
def _for_sqlite(statement: str) -> str:
    return statement.replace("%s", "?")
