"""Rows read by hand, without the ORM building each statement anew: what every act of the house asks
for.

A unit of work asks through these and knows by their tables whether it must write first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model

from dengwen.store.pipeline import Rows
from dengwen.store.row_tables import Row, new

Converters = tuple[int, Expression, tuple[Callable[..., Any], ...]]
"""The place of a column, the column as Django asks for it, and what its values go through."""


@cache
def _find(model: type[Model], name: str) -> str:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    column = next(str(field.column) for field in meta.concrete_fields if field.name == name)
    return f"SELECT 1 FROM {quote(meta.db_table)} WHERE {quote(column)} = %s LIMIT 1"  # noqa: S608  # names of our own


def existing(model: type[Model], name: str, value: str | int) -> tuple[str, Sequence[str | int]]:
    """Return the question whether a row with this value in a column exists; the value as the
    database keeps it."""
    return _find(model, name), [value]


@dataclass(frozen=True, slots=True)
class _Reading:
    """The statement that reads rows of a table by one column, and what makes its values those of
    the fields."""

    names: tuple[str, ...]
    statement: str
    converters: tuple[Converters, ...]


@cache
def _reading(model: type[Model], name: str, order: str, *, lock: bool, via: str = "") -> _Reading:
    """Return how rows of a table are read by one column in an order; `via` is a subselect around
    the value's place."""
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    fields = meta.concrete_fields
    columns = [quote(str(field.column)) for field in fields]
    by_name: dict[str, str] = {}
    for field, column in zip(fields, columns, strict=True):
        by_name[field.name] = by_name[field.attname] = column
    locking = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    statement = (
        f"SELECT {', '.join(columns)} FROM {quote(meta.db_table)} "  # noqa: S608  # names of our own
        f"WHERE {by_name[name]} = {via or '%s'} ORDER BY {by_name[order]}{locking}"
    )
    return _Reading(tuple(field.attname for field in fields), statement, _converters(model))


def _converters(model: type[Model]) -> tuple[Converters, ...]:
    """Return what makes values read from the database those of the fields, by their place."""
    meta = model._meta  # noqa: SLF001  # documented by Django
    converters: list[Converters] = []
    for place, field in enumerate(meta.concrete_fields):
        column = field.get_col(meta.db_table)
        found = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if found:
            converters.append((place, column, tuple(found)))
    return tuple(converters)


@dataclass(frozen=True, slots=True)
class Wanted(Generic[Row]):
    """Rows of a table to be read by one column, together with others; `via` is a subselect
    around the value's place.

    `lock` holds the rows until the transaction ends. (SQLite has no lock of a row: there a writing
    transaction holds the whole database.)
    """

    model: type[Row]
    name: str
    value: str | int
    order: str = "id"
    lock: bool = False
    via: str = ""

    def statement(self) -> tuple[str, Sequence[Any]]:
        """Return what is asked."""
        return self._reading().statement, [self.value]

    def rows(self, found: Rows) -> list[Row]:
        """Return the rows of an answer."""
        return _rows_of(self.model, self._reading(), found)

    def _reading(self) -> _Reading:
        return _reading(self.model, self.name, self.order, lock=self.lock, via=self.via)


def _rows_of(model: type[Row], reading: _Reading, answer: Rows) -> list[Row]:
    found = [list(row) for row in answer]
    for row in found:
        for place, column, converters in reading.converters:
            for convert in converters:
                row[place] = convert(row[place], column, connection)
    return [_as_read(model, zip(reading.names, row, strict=True)) for row in found]


def _as_read(model: type[Row], values: Iterable[tuple[str, Any]]) -> Row:
    """Return the row `from_db` would, without its detour over the arguments of the constructor."""
    row = new(model)
    row.__dict__.update(values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # what from_db says
    return row
