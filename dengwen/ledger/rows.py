"""Rows written and read by hand: what every act of the house pays for, without the ORM building each statement anew.

The statement of a table is made once per process from its model, and values go through the fields' own conversion, so
a row is the same as one written by `save()`. There are no signals and no `save()` overrides in the house to miss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Expression, Field, JSONField, Model

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class _Table:
    """The statements of one table: what comes before the values, one row of places, and what comes after."""

    columns: tuple[Field[object, object], ...]
    head: str
    places: str
    returning: str


@cache
def _table(model: type[Model]) -> _Table:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    columns = tuple(field for field in meta.concrete_fields if field is not meta.auto_field)
    names = ", ".join(quote(str(field.column)) for field in columns)
    returning = f" RETURNING {quote(str(meta.auto_field.column))}" if meta.auto_field else ""
    places = ", ".join(["%s"] * len(columns))
    head = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES "  # noqa: S608  # names of our own
    return _Table(columns, head, f"({places})", returning)


_PLAIN = frozenset({str, int, bool, type(None)})


def _value(column: Field[object, object], value: object) -> Any:  # noqa: ANN401  # what a driver takes
    """Return a value as the database takes it; plain ones need no conversion, save in JSON."""
    if type(value) in _PLAIN and not isinstance(column, JSONField):
        return value
    return column.get_db_prep_save(value, connection)


def insert(*rows: Model, or_nothing: bool = False) -> bool:
    """Write new rows of one table in one statement and give each its id; nothing for no rows.

    With `or_nothing` (for one row) a row that a constraint refuses is left out, and False says so; otherwise that is
    an `IntegrityError`. A handful of rows: databases bound the number of values in a statement.
    """
    if not rows:
        return True
    table = _table(type(rows[0]))
    values = [_value(column, getattr(row, column.attname)) for row in rows for column in table.columns]
    places = ", ".join([table.places] * len(rows))
    conflict = " ON CONFLICT DO NOTHING" if or_nothing else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{table.head}{places}{conflict}{table.returning}", values)
        ids = cursor.fetchall() if table.returning else [(None,)] * cursor.rowcount
    if len(ids) < len(rows):
        return False
    for row, (pk,) in zip(rows, ids, strict=True):
        if pk is not None:
            row.pk = pk
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  # what save() would say
    return True


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[tuple[Field[object, object], ...], str]:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    columns = tuple(field for field in meta.concrete_fields if field.attname in names or field.name in names)
    if len(columns) != len(names) or meta.pk is None:
        raise ValueError(f"{meta.label}: not all of {', '.join(names)} are columns")
    pairs = ", ".join(f"{quote(str(field.column))} = %s" for field in columns)
    return columns, f"UPDATE {quote(meta.db_table)} SET {pairs} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that exists."""
    columns, statement = _update(type(row), names)
    values = [_value(column, getattr(row, column.attname)) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])


@cache
def _find(model: type[Model], name: str) -> str:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    column = next(str(field.column) for field in meta.concrete_fields if field.name == name)
    return f"SELECT 1 FROM {quote(meta.db_table)} WHERE {quote(column)} = %s LIMIT 1"  # noqa: S608  # names of our own


def exists(model: type[Model], name: str, value: str | int) -> bool:
    """Say whether a row with this value in a column exists; the value as the database keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(_find(model, name), [value])
        return cursor.fetchone() is not None


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
    for place, field in enumerate(fields):
        column = field.get_col(meta.db_table)
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
    reading = _reading(model, name, order, lock=lock)
    with connection.cursor() as cursor:
        cursor.execute(reading.statement, [value])
        found = [list(row) for row in cursor.fetchall()]
    for row in found:
        for place, column, converters in reading.converters:
            for convert in converters:
                row[place] = convert(row[place], column, connection)
    return [model.from_db(connection.alias, reading.names, row) for row in found]


@cache
def _newest(model: type[Model]) -> str:
    return f"SELECT max(id) FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608, SLF001  # our own


def newest_id(model: type[Model]) -> int:
    """Return the highest id of a table, 0 where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(_newest(model))
        return int(cursor.fetchone()[0] or 0)
