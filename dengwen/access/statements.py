"""Questions asked at every request, their SQL made once: whose account it is, which roles it holds,
the wall's look-ups and what they need to know.

Making the SQL of such a question costs ten times what asking it costs. How it reads depends only on
how many ids of each sort are named, so it is made once for each such shape, from stand-ins, and
asked with the values of the day. The question itself stays written as a query set, in the place
that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

Groups = tuple[tuple[int, ...], ...]
"""Ids by sort. Of a sort that is only asked whether it is there, the length says it."""
Ask = Callable[[Groups, date, str], QuerySet[Any]]
Row = TypeVar("Row", bound=Model)
DAY, TEXT = date(1900, 1, 1), "\x00text"
Made = TypeVar("Made")
_kept: list[Callable[[], None]] = []


def kept(most: int) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    """Keep what a function made for the last `most` things it was asked with: of what is asked,
    never of an answer."""

    def keeping(make: Callable[..., Made]) -> Callable[..., Made]:
        keeper = lru_cache(maxsize=most)(make)
        _kept.append(keeper.cache_clear)
        return keeper

    return keeping


def forget() -> None:
    """Drop every question kept, for whoever puts another one in the place of a guard (tests that
    plant a leak)."""
    for clear in _kept:
        clear()


@kept(128)
def _converters(
    _vendor: str, model: type[Model], names: tuple[str, ...]
) -> tuple[tuple[int, Any, Callable[..., Any]], ...]:
    """Return what makes the values of these fields, as the database has them, those of a row, each
    with its place. Django looks it up anew for each query."""
    meta, link = model._meta, connections[DEFAULT_DB_ALIAS]  # noqa: SLF001  # documented by Django
    fields = {field.attname: field for field in meta.concrete_fields}
    converters = []
    for place, name in enumerate(names):
        column = fields[name].get_col(meta.db_table)
        of_backend = link.ops.get_db_converters(column)
        for convert in (*of_backend, *column.get_db_converters(link)):
            converters.append((place, column, convert))
    return tuple(converters)


def _answer(link: BaseDatabaseWrapper, made: tuple[str, list[Any]]) -> list[tuple[Any, ...]]:
    """Ask a statement with its values, and return what was found."""
    with link.cursor() as cursor:
        cursor.execute(*made)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


class Statement:
    """A question whose SQL is kept for each shape of the groups of ids it is asked with."""

    def __init__(self, ask: Ask, *back: timedelta) -> None:
        """Keep the SQL of `ask`, which may compare with a day, with that day less each of
        `back`, and with a text."""
        self.ask = ask
        self.back = (timedelta(0), *back)
        self._made = kept(512)(self._make)

    def first(
        self, model: type[Row], groups: Groups, day: date = DAY, text: str = ""
    ) -> Row | None:
        """Return the first row that the question names, or None; one query."""
        return next(iter(self.rows(model, groups, day, text)), None)

    def rows(self, model: type[Row], groups: Groups, day: date = DAY, text: str = "") -> list[Row]:
        """Return the rows that the question names, which asks for columns of `model`; one
        query."""
        link = connections[DEFAULT_DB_ALIAS]
        made = self._filled(link, groups, day, text)
        if made is None:
            return []
        names = made[2]
        converters = _converters(link.vendor, model, names)
        found = []
        for values in _answer(link, made[:2]):
            row = list(values)
            for place, column, convert in converters:
                row[place] = convert(row[place], column, link)
            found.append(model.from_db(DEFAULT_DB_ALIAS, names, row))
        return found

    def ids(self, groups: Groups, day: date, text: str = "") -> frozenset[int]:
        """Return the ids in the first column of what the question names; one query."""
        link = connections[DEFAULT_DB_ALIAS]
        made = self._filled(link, groups, day, text)
        return frozenset() if made is None else frozenset(row[0] for row in _answer(link, made[:2]))

    def _filled(
        self, link: BaseDatabaseWrapper, groups: Groups, day: date, text: str
    ) -> tuple[str, list[Any], tuple[str, ...]] | None:
        made = self._made(link.vendor, tuple([len(group) for group in groups]))
        if made is None:
            return None
        sql, slots, names = made
        values = self._values(link, groups, day, text)
        return sql, [values[slot] if at else slot for at, slot in slots], names

    def _values(self, link: BaseDatabaseWrapper, groups: Groups, day: date, text: str) -> list[Any]:
        days = [link.ops.adapt_datefield_value(day - back) for back in self.back]
        return [*[one for group in groups for one in group], *days, text]

    def _make(
        self, _vendor: str, shape: tuple[int, ...]
    ) -> tuple[str, tuple[tuple[bool, Any], ...], tuple[str, ...]] | None:
        """Return the SQL, its parameters, each a place in the values or what stands there always,
        and the fields whose columns it asks for.

        The stand-ins are ids no row has, a day and a text nobody writes. None: for this shape
        nothing can be found.
        """
        groups, used = [], 0
        for length in shape:
            groups.append(tuple(-1 - used - n for n in range(length)))
            used += length
        values = self._values(connections[DEFAULT_DB_ALIAS], tuple(groups), DAY, TEXT)
        places = {(type(value), value): n for n, value in enumerate(values)}
        try:
            query = self.ask(tuple(groups), DAY, TEXT).query
            compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        targets = [getattr(column, "target", None) for column, _sql, _alias in compiler.select]
        names = tuple([target.attname if target is not None else "" for target in targets])
        found = [places.get((type(value), value)) for value in params]
        slots = tuple(
            (False, value) if place is None else (True, place)
            for place, value in zip(found, params, strict=True)
        )
        return sql, slots, names
