"""A table that gives the rows it is told to give, for tests of a single function."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any


class Rows:
    """Answers every question of a query set with the same rows, also where columns are asked."""

    def __init__(self, *rows: Any) -> None:
        """Begin with these rows."""
        self.rows = list(rows)
        self.made: list[dict[str, Any]] = []
        self.asked: dict[str, Any] = {}
        """What was asked by name, the newest question of each name."""

    def __call__(self, *_: Any, **asked: Any) -> Rows:
        """Narrow nothing down."""
        self.asked |= asked
        return self

    filter = exclude = order_by = select_related = on = values_list = iterator = all = within = (
        __call__
    )
    using = distinct = reverse = __call__

    def __iter__(self) -> Iterator[Any]:
        """Give the rows."""
        return iter(self.rows)

    def first(self) -> Any:
        """Give the first of them."""
        return next(iter(self.rows), None)

    def last(self) -> Any:
        """Give the last of them."""
        return next(reversed(self.rows), None)

    def get(self, **asked: Any) -> Any:
        """Give the only one."""
        self.asked |= asked
        (only,) = self.rows
        return only

    def exists(self) -> bool:
        """Say whether there is one."""
        return bool(self.rows)

    def count(self) -> int:
        """Count them."""
        return len(self.rows)

    def create(self, **columns: Any) -> Any:
        """Note what was made."""
        self.made.append(columns)
        return SimpleNamespace(**columns)

    def bulk_create(self, rows: Any) -> None:
        """Note what was made."""
        self.made += list(rows)


def table(*rows: Any) -> Any:
    """Return what stands for a model whose table gives these rows."""
    return SimpleNamespace(objects=Rows(*rows))
