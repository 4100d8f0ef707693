"""How rows of a table become statements: columns and conversions from its model, made once a
process; new rows.

Values go through the fields' own conversion, so a row is the same as one written by `save()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BinaryField, DateField, DateTimeField, Field, JSONField, Model
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """How rows of a table are written: the plain columns, those with a conversion, and the
    statement around the values.

    `places` are one row of values; with an id of its own (given ahead) a row has one more, the
    first.
    """

    plain: tuple[str, ...]
    take: Callable[[dict[str, Any]], Sequence[Any]]
    others: tuple[tuple[str, Convert], ...]
    convert: tuple[Convert, ...]
    head: str
    places: str
    returning: str
    numbered: bool
    numbered_head: str
    numbered_places: str

    def values(self, row: Model) -> list[Any]:
        """Return the values of a row as the driver takes them, in the order of the statement."""
        held = row.__dict__
        found = list(self.take(held))
        if not _PLAIN.issuperset(map(type, found)):
            found = [convert(value) for convert, value in zip(self.convert, found, strict=True)]
        return found + [convert(held[name]) for name, convert in self.others]


@cache
def table_of(model: type[Model]) -> Table:
    """Return how rows of a table are written."""
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    plain = [field for field in fields if not isinstance(field, _CONVERTED)]
    others = [field for field in fields if isinstance(field, _CONVERTED)]
    names = [quote(str(field.column)) for field in [*plain, *others]]
    table, own = quote(meta.db_table), quote(str(meta.pk.column))
    return Table(
        plain=tuple(field.attname for field in plain),
        take=_taker([field.attname for field in plain]),
        others=tuple((field.attname, convert_of(field)) for field in others),
        convert=tuple(convert_of(field) for field in plain),
        head=_head(table, names),
        places=_places(names),
        returning=f" RETURNING {own}",
        numbered=meta.auto_field is not None,
        numbered_head=_head(table, [own, *names]),
        numbered_places=_places([own, *names]),
    )


def _taker(names: Sequence[str]) -> Callable[[dict[str, Any]], Sequence[Any]]:
    """Return what takes the values of these columns out of a row's dictionary."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda held: [held[name] for name in names]


def _head(table: str, names: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES "  # noqa: S608  # names of our own


def _places(names: Sequence[str]) -> str:
    return f"({', '.join(['%s'] * len(names))})"


_PLAIN = frozenset({str, int, bool, type(None)})
_CONVERTED = (DateField, JSONField, BinaryField)
"""Fields whose usual values the database does not take as they are (a `DateTimeField` is a
`DateField`)."""


def convert_of(column: Field[object, object]) -> Convert:
    """Return what makes a value of a field one the database takes: the short way for usual
    values, else the field's."""
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


@cache
def _blank(model: type[Model]) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]:
    """Return what a new row of a table holds: its plain defaults, and those that are made anew
    for each."""
    plain: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for column in model._meta.concrete_fields:  # noqa: SLF001  # documented by Django
        if column.has_default() and callable(column.default):
            made.append((column.attname, column.get_default))
        else:
            plain[column.attname] = column.get_default()
    return plain, tuple(made)


def new(model: type[Row], **values: Any) -> Row:  # noqa: ANN401  # whatever its columns hold
    """Return a new row, not written, as the model's constructor would, by the names of its columns
    (`case_id`).

    An act makes dozens of rows, and the constructor takes most of that time. TypeError for a name
    that is no column.
    """
    plain, made = _blank(model)
    row = model.__new__(model)
    held = row.__dict__
    held["_state"] = ModelState()
    held.update(plain)
    for name, make in made:
        held[name] = make()
    if values:
        if not values.keys() <= plain.keys() and (wrong := values.keys() - held.keys()):
            raise TypeError(f"{model.__name__} has no {', '.join(sorted(wrong))}")
        held.update(values)
    return row
