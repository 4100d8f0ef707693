"""The look-up of one case by its number, asked on every page: the question of `wall.for_user`, its SQL made once.

Making SQL of the wall costs ten times what asking it costs. How the statement reads depends only on how many organs,
lines and officials a viewer brings along, so it is made once for each such shape, from stand-ins, and asked with the
values of the day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from dengwen.cases.models import Case

DAY = date(1000, 1, 1)
NUMBER = "\x00number"
Shape = tuple[int, ...]
Slots = tuple[tuple[bool, Any], ...]
"""Each parameter of a statement: whether it is a place to be filled, and which one or with what."""
Ask = Callable[[tuple[tuple[int, ...], ...], date], QuerySet[Case]]


class Statement:
    """A question about cases whose SQL is kept for each shape of the numbers it is asked with."""

    def __init__(self, ask: Ask, *shifts: Callable[[date], date]) -> None:
        """Keep the statements of `ask`, which may compare with the day itself and with the day under `shifts`."""
        self.ask = ask
        self.shifts = (lambda day: day, *shifts)
        self._made = lru_cache(maxsize=512)(self._make)

    def first(self, groups: tuple[tuple[int, ...], ...], day: date, number: str) -> Case | None:
        """Return the case with this number among those that `ask` names for the groups of ids, or None; one query."""
        made = self._made(connection.vendor, tuple(len(g) for g in groups))
        if made is None:
            return None
        sql, slots = made
        values = [*(n for group in groups for n in group), *self._days(day), number]
        return next(iter(Case.objects.raw(sql, [values[at] if filled else at for filled, at in slots])), None)

    def _days(self, day: date) -> list[Any]:
        return [connection.ops.adapt_datefield_value(shift(day)) for shift in self.shifts]

    def _make(self, _vendor: str, shape: Shape) -> tuple[str, Slots] | None:
        """Make the SQL with stand-ins for the values (ids no row has) and say where each stands; None: nobody sees."""
        groups, used = [], 0
        for length in shape:
            groups.append(tuple(-1 - used - n for n in range(length)))
            used += length
        stand_ins: list[Any] = [*(n for group in groups for n in group), *self._days(DAY), NUMBER]
        places = {(type(value), value): place for place, value in enumerate(stand_ins)}
        try:
            sql, params = self.ask(tuple(groups), DAY).filter(number=NUMBER).query.sql_with_params()
        except EmptyResultSet:
            return None
        return sql, tuple(
            (True, places[key]) if (key := (type(value), value)) in places else (False, value) for value in params
        )
