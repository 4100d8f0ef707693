"""Rows as the statements that write them: new rows one by one, many at once or by COPY, plain
lines, changes.

The statement of a table is made once per process from its model, and values go through the fields'
own conversion, so a row is the same as one written by `save()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from dengwen.store.driver import copies, copy_in, run, run_all
from dengwen.store.pipeline import Rows
from dengwen.store.row_ids import ids_ahead
from dengwen.store.row_tables import Convert, Table, convert_of, table_of

MOST_VALUES = 30_000
"""Values of one statement: SQLite takes 32,766 and PostgreSQL 65,535."""
FEW = 12
"""Rows of one table that PostgreSQL gets as a statement; more go by COPY."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its values and the rows it writes; `numbers` says whether its answer is
    their ids."""

    statement: str
    values: list[Any]
    rows: Sequence[Model] = ()
    numbers: bool = False

    def done(self, ids: Rows) -> int:
        """Tell the rows that they are written, and their ids; returns how many are."""
        if self.numbers:
            for row, (pk,) in zip(self.rows, ids, strict=False):
                row.pk = pk
        for row in self.rows[: len(ids)] if self.numbers else self.rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # what save() would say
        return len(ids)


def run_one(one: Statement) -> int:
    """Run a statement and tell its rows; returns how many were written."""
    return one.done(run(one.statement, one.values))


def run_statements(statements: Sequence[Statement]) -> None:
    """Run statements in their order, together, and tell the rows of each that they are written."""
    answers = run_all([(one.statement, one.values) for one in statements])
    for one, ids in zip(statements, answers, strict=True):
        one.done(ids)


def portions(table: Table, rows: Sequence[Model]) -> Iterator[Sequence[Model]]:
    """Yield rows in portions a statement can take."""
    most = max(1, MOST_VALUES // (len(table.convert) + len(table.others) + 1))
    for n in range(0, len(rows), most):
        yield rows[n : n + most]


def insert_rows(rows: Sequence[Model], *, or_nothing: bool = False) -> bool:
    """Write new rows of one table now and give each its id; nothing for no rows.

    With `or_nothing` (for one row) a row that a constraint refuses is left out, and False says so;
    otherwise that is an `IntegrityError`. Where there are more values than a database takes at
    once, there are more statements.
    """
    if not rows:
        return True
    table = table_of(type(rows[0]))
    if len(rows) > FEW and not or_nothing and copies():
        copy_rows(table, rows)
        return True
    written = 0
    for some in portions(table, rows):
        written += run_one(insert_plain(table, some, or_nothing=or_nothing))
    return written == len(rows)


def insert_plain(table: Table, rows: Sequence[Model], *, or_nothing: bool = False) -> Statement:
    """Return the statement that writes new rows and answers their ids; with `or_nothing` what a
    constraint refuses is left out."""
    values = [value for row in rows for value in table.values(row)]
    places = table.places if len(rows) == 1 else ", ".join([table.places] * len(rows))
    conflict = " ON CONFLICT DO NOTHING" if or_nothing else ""
    # A key that is another table's comes back as it was.
    statement = f"{table.head}{places}{conflict}{table.returning}"
    return Statement(statement, values, rows, numbers=True)


def insert_numbered(table: Table, rows: Sequence[Model]) -> Statement:
    """Return the statement that writes rows which have their ids already."""
    values: list[Any] = []
    for row in rows:
        values.append(row.pk)
        values += table.values(row)
    places = ", ".join([table.numbered_places] * len(rows))
    return Statement(table.numbered_head + places, values, rows)


def insert_around(around: str, table: Table, rows: Sequence[Model]) -> Statement:
    """Return a statement around (`{}`) the one that writes new rows."""
    places = ", ".join([table.places] * len(rows))
    inner = f"{table.head}{places}{table.returning}"
    values = [value for row in rows for value in table.values(row)]
    return Statement(around.format(inner), values, rows)


def copy_rows(table: Table, rows: Sequence[Model]) -> None:
    """Write many rows of a table at PostgreSQL, and give ids to those that have none."""
    without = [row for row in rows if row.pk is None] if table.numbered else []
    if without:
        model = type(without[0])
        ids = ids_ahead({model: len(without)})[model]
        for row, pk in zip(without, ids, strict=True):
            row.pk = pk
    if table.numbered:
        copy_in(_after_into(table.numbered_head), ((row.pk, *table.values(row)) for row in rows))
    else:
        copy_in(_after_into(table.head), map(table.values, rows))
    Statement("", [], rows).done([])


def _after_into(head: str) -> str:
    """Return `table (columns)` of `INSERT INTO table (columns) VALUES`."""
    return head.strip().removeprefix("INSERT INTO ").removesuffix(" VALUES")


def insert_lines(head: str, lines: Sequence[Sequence[str | int]]) -> Iterator[Statement]:
    """Yield the statements that write rows of plain values after `INSERT INTO … VALUES`."""
    if not lines:
        return
    if connection.vendor == "postgresql":
        yield _insert_columns(head, lines)
        return
    width = len(lines[0])
    places, most = f"({', '.join(['%s'] * width)})", MOST_VALUES // width
    for n in range(0, len(lines), most):
        some = lines[n : n + most]
        statement = f"{head} {', '.join([places] * len(some))}"
        yield Statement(statement, [value for line in some for value in line])


def _insert_columns(head: str, lines: Sequence[Sequence[str | int]]) -> Statement:
    """Return the statement that writes lines at PostgreSQL: the same for any number of them, as a
    column is one value."""
    columns = [list(column) for column in zip(*lines, strict=True)]
    kinds = ["bigint" if isinstance(column[0], int) else "text" for column in columns]
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    words = head.removesuffix("VALUES")
    return Statement(f"{words}SELECT * FROM unnest({arrays})", columns)  # noqa: S608  # names of our own


@dataclass(frozen=True, slots=True)
class _Update:
    """An UPDATE of some fields of one row, and the attributes its values come from."""

    sql: str
    attributes: tuple[tuple[str, Convert], ...]


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> _Update:
    """Return the UPDATE of these fields of one row.

    Raises ValueError where a name is no column, or two names are of one column.
    """
    meta = model._meta  # noqa: SLF001  # documented by Django
    quote = connection.ops.quote_name
    columns = [
        field for field in meta.concrete_fields if field.attname in names or field.name in names
    ]
    if len(columns) != len(names) or meta.pk is None:
        raise ValueError(f"{meta.label}: not all of {', '.join(names)} are columns of their own")
    assignments = ", ".join(f"{quote(str(field.column))} = %s" for field in columns)
    key_column = quote(str(meta.pk.column))
    sql = f"UPDATE {quote(meta.db_table)} SET {assignments} WHERE {key_column} = %s"  # noqa: S608  # names of our own
    return _Update(sql, tuple((field.attname, convert_of(field)) for field in columns))


def updating(row: Model, *names: str) -> Statement:
    """Return the statement that writes these fields of a row that exists."""
    update = _update(type(row), names)
    values = [convert(getattr(row, name)) for name, convert in update.attributes]
    return Statement(update.sql, [*values, row.pk])
