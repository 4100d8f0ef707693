"""Ids of rows before the rows: so that whatever refers to a row can be written with it, one
statement a table.

PostgreSQL gives them from the sequence of the table, for nobody else. On SQLite the running
transaction holds the whole database, so they are counted on from the table's last one. An id nobody
used is a gap, like that of a call rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Model

from dengwen.store.driver import run
from dengwen.store.pipeline import Rows

Ids = Iterator[int]
FEW = 8
"""Ids of one table that are taken one by one."""


def ids_ahead(wanted: Mapping[type[Model], int]) -> dict[type[Model], Ids]:
    """Return ids for that many rows of each table, ascending and higher than all that are visible,
    in one statement.

    For a running transaction; on SQLite one that has begun to write, and until another row of the
    table is written.
    """
    models = [model for model, number in wanted.items() if number > 0]
    if connection.vendor == "sqlite":
        names = [_name(model) for model in models]
        places = ", ".join(["%s"] * len(names))
        found = run(f"SELECT name, seq FROM sqlite_sequence WHERE name IN ({places})", names)  # noqa: S608
        last: dict[str, int] = dict(found)
        return {
            model: count(last.get(name, 0) + 1) for model, name in zip(models, names, strict=True)
        }
    asked = _from_sequences(wanted)
    return asked.ids(run(*asked.asked))


@dataclass(frozen=True, slots=True)
class Ahead:
    """A statement that gives out ids, and how its answer reads."""

    models: tuple[type[Model], ...]
    asked: tuple[str, Sequence[Any]]

    def ids(self, answer: Rows) -> dict[type[Model], Ids]:
        """Return the ids of each table."""
        return {model: iter(ids) for model, ids in zip(self.models, answer[0], strict=True)}


def ahead_statement(wanted: Mapping[type[Model], int]) -> Ahead | None:
    """Return what `ids_ahead` would run, to be sent with other statements; None on SQLite, which
    gains nothing."""
    return None if connection.vendor == "sqlite" else _from_sequences(wanted)


def _from_sequences(wanted: Mapping[type[Model], int]) -> Ahead:
    models = tuple(model for model, number in wanted.items() if number > 0)
    values: list[Any] = []
    parts: list[str] = []
    for model in models:
        if wanted[model] <= FEW:  # planned once by the server, which a series is not
            one = f"nextval('{_sequence(model)}'::regclass)"
            parts.append(f"ARRAY[{', '.join([one] * wanted[model])}]")
        else:
            parts.append("ARRAY(SELECT nextval(%s::regclass) FROM generate_series(1, %s))")
            values += [_sequence(model), wanted[model]]
    return Ahead(models, (f"SELECT {', '.join(parts)}", values))


def _name(model: type[Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001  # documented by Django


@cache
def _sequence(model: type[Model]) -> str:
    """Return the sequence behind the ids of a table, as PostgreSQL calls it."""
    found = run(
        "SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(_name(model)), "id"]
    )
    return str(found[0][0])
