"""Rows written and read by hand: what every act of the house pays for, without the ORM building each statement anew.

The statement of a table is made once per process from its model, and values go through the fields' own conversion, so
a row is the same as one written by `save()`. There are no signals and no `save()` overrides in the house to miss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BinaryField, DateField, DateTimeField, Expression, Field, JSONField, Model

from dengwen.ledger.driver import before_others, run

Row = TypeVar("Row", bound=Model)
Convert = Callable[[Any], Any]

MOST_VALUES = 30_000
"""Values of one statement: SQLite takes 32,766 and PostgreSQL 65,535."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The statements of one table: what comes before the values, one row of places, and what comes after."""

    columns: tuple[tuple[str, Convert], ...]
    head: str
    places: str
    returning: str
    numbered: bool


@cache
def _table(model: type[Model]) -> _Table:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    columns = tuple(field for field in meta.concrete_fields if field is not meta.auto_field)
    names = ", ".join(quote(str(field.column)) for field in columns)
    places = ", ".join(["%s"] * len(columns))
    return _Table(
        tuple((field.attname, _convert(field)) for field in columns),
        f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ",  # noqa: S608  # names of our own
        f"({places})",
        f" RETURNING {quote(str(meta.pk.column))}",
        meta.auto_field is not None,
    )


_PLAIN = frozenset({str, int, bool, type(None)})


def _convert(column: Field[object, object]) -> Convert:
    """Return what makes a value of a field one the database takes: the short way for usual values, else the field's."""
    usual: dict[type, Convert] = {}
    if isinstance(column, DateTimeField):
        usual = {datetime: connection.ops.adapt_datetimefield_value}
    elif isinstance(column, DateField):
        usual = {date: connection.ops.adapt_datefield_value}
    plain = frozenset({type(None)}) if isinstance(column, JSONField) else _PLAIN
    if isinstance(column, BinaryField):
        plain = _PLAIN | {bytes}

    def convert(value: object) -> Any:  # noqa: ANN401  # what a driver takes
        kind = type(value)
        if kind in plain:
            return value
        short = usual.get(kind)
        return short(value) if short else column.get_db_prep_save(value, connection)

    return convert


def insert(*rows: Model, or_nothing: bool = False) -> bool:
    """Write new rows of one table in one statement and give each its id; nothing for no rows.

    With `or_nothing` (for one row) a row that a constraint refuses is left out, and False says so; otherwise that is
    an `IntegrityError`. Where there are more values than a database takes at once, there are more statements.
    """
    if not rows:
        return True
    table = _table(type(rows[0]))
    most = max(1, MOST_VALUES // len(table.columns))
    written = [_insert(table, rows[n : n + most], or_nothing=or_nothing) for n in range(0, len(rows), most)]
    return all(written)


def _insert(table: _Table, rows: Sequence[Model], *, or_nothing: bool) -> bool:
    values = [convert(getattr(row, name)) for row in rows for name, convert in table.columns]
    places = table.places if len(rows) == 1 else ", ".join([table.places] * len(rows))
    conflict = " ON CONFLICT DO NOTHING" if or_nothing else ""
    ids = run(f"{table.head}{places}{conflict}{table.returning}", values)
    if len(ids) < len(rows):
        return False
    for row, (pk,) in zip(rows, ids, strict=True):
        if table.numbered:
            row.pk = pk
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # what save() would say
    return True


# --- rows that wait for each other ------------------------------------------------------------------------------
@dataclass
class _Waiting:
    """Rows of a running transaction that are not written yet, by table, and changes of rows that are."""

    fresh: dict[type[Model], list[Model]] = field(default_factory=dict)
    changed: dict[tuple[type[Model], object], tuple[Model, dict[str, None]]] = field(default_factory=dict)

    def write(self) -> None:
        """Write what waits, one statement per table and per changed row."""
        fresh, self.fresh = self.fresh, {}
        changed, self.changed = self.changed, {}
        for rows in fresh.values():
            insert(*rows)
        for row, names in changed.values():
            update(row, *names)


_waiting: ContextVar[_Waiting | None] = ContextVar("dengwen_rows_waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Let rows wait for each other inside the block, which stands within a transaction; its end writes them.

    Whoever reads in between finds them all the same: they are written before any statement of Django's own and before
    `read` and `exists`. Where the block ends with an exception they are dropped, for the transaction goes back as well.
    A block inside another one is part of it.
    """
    if _waiting.get() is not None:
        yield
        return
    here = _Waiting()
    token = _waiting.set(here)
    try:
        with before_others(here.write):
            yield
            here.write()
    finally:
        _waiting.reset(token)


def later(*rows: Model) -> None:
    """Write new rows whose ids nobody needs yet; inside `together` they wait for others of their table."""
    waiting = _waiting.get()
    if waiting is None:
        insert(*rows)
    elif rows:
        waiting.fresh.setdefault(type(rows[0]), []).extend(rows)


def change(row: Model, *names: str) -> None:
    """Write these fields of a row; inside `together` that waits, and a row that waits itself keeps its new values."""
    waiting = _waiting.get()
    if waiting is None:
        update(row, *names)
    elif row.pk is not None:
        waiting.changed.setdefault((type(row), row.pk), (row, {}))[1].update(dict.fromkeys(names))


def write_waiting() -> None:
    """Write what waits, for a reader by hand."""
    waiting = _waiting.get()
    if waiting is not None and (waiting.fresh or waiting.changed):
        waiting.write()


# --- changing and reading ---------------------------------------------------------------------------------------
@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[tuple[tuple[str, Convert], ...], str]:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    columns = tuple(field for field in meta.concrete_fields if field.attname in names or field.name in names)
    if len(columns) != len(names) or meta.pk is None:
        raise ValueError(f"{meta.label}: not all of {', '.join(names)} are columns")
    pairs = ", ".join(f"{quote(str(field.column))} = %s" for field in columns)
    statement = f"UPDATE {quote(meta.db_table)} SET {pairs} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608
    return tuple((field.attname, _convert(field)) for field in columns), statement


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that exists."""
    columns, statement = _update(type(row), names)
    run(statement, [*(convert(getattr(row, name)) for name, convert in columns), row.pk])


@cache
def _find(model: type[Model], name: str) -> str:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    column = next(str(field.column) for field in meta.concrete_fields if field.name == name)
    return f"SELECT 1 FROM {quote(meta.db_table)} WHERE {quote(column)} = %s LIMIT 1"  # noqa: S608  # names of our own


def exists(model: type[Model], name: str, value: str | int) -> bool:
    """Say whether a row with this value in a column exists; the value as the database keeps it."""
    write_waiting()
    return bool(run(_find(model, name), [value]))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The statement that reads rows of a table by one column, and what makes its values those of the fields."""

    names: tuple[str, ...]
    statement: str
    converters: tuple[tuple[int, Expression, tuple[Callable[..., Any], ...]], ...]


@cache
def _reading(model: type[Model], name: str, order: str, *, lock: bool) -> _Reading:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    fields = meta.concrete_fields
    by_name = {key: quote(str(field.column)) for field in fields for key in (field.name, field.attname)}
    table, columns = quote(meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    locking = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    converters = []
    for place, one in enumerate(fields):
        column = one.get_col(meta.db_table)
        found = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if found:
            converters.append((place, column, tuple(found)))
    return _Reading(
        tuple(field.attname for field in fields),
        f"SELECT {columns} FROM {table} WHERE {by_name[name]} = %s ORDER BY {by_name[order]}{locking}",  # noqa: S608
        tuple(converters),
    )


def read(model: type[Row], name: str, value: str | int, order: str = "id", *, lock: bool = False) -> list[Row]:
    """Return the rows with this value in a column, in order; `lock` holds them until the transaction ends.

    (SQLite has no lock of a row: there a writing transaction holds the whole database.)
    """
    write_waiting()
    reading = _reading(model, name, order, lock=lock)
    found = [list(row) for row in run(reading.statement, [value])]
    for row in found:
        for place, column, converters in reading.converters:
            for convert in converters:
                row[place] = convert(row[place], column, connection)
    return [model.from_db(DEFAULT_DB_ALIAS, reading.names, row) for row in found]


@cache
def _newest(model: type[Model]) -> str:
    return f"SELECT max(id) FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608, SLF001  # our own


def newest_id(model: type[Model]) -> int:
    """Return the highest id of a table, 0 where it is empty."""
    return int(run(_newest(model))[0][0] or 0)
