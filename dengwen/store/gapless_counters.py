"""Gapless counters kept in tables of our own: the statements that take the next number and write
one that was counted on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counter:
    """A table of counters: how the next number of a key is taken, and how a number counted on
    by a unit of work is written."""

    take: str
    settle: str


def counter(table: str, *keys: str) -> Counter:
    """Return a gapless counter kept in a table of our own, one row a key."""
    names, places = ", ".join(keys), ", ".join(["%s"] * len(keys))
    take = (
        f"INSERT INTO {table} ({names}, last) VALUES ({places}, 1) "  # noqa: S608  # names of our own
        f"ON CONFLICT ({names}) DO UPDATE SET last = {table}.last + 1 RETURNING last"
    )
    where = " AND ".join(f"{name} = %s" for name in keys)
    return Counter(take, f"UPDATE {table} SET last = %s WHERE {where}")  # noqa: S608  # names of our own
