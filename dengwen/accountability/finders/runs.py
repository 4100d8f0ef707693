"""Occurrences that lie close together: what turns single acts into a pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")


def runs(
    ones: Iterable[T],
    within: timedelta,
    when: Callable[[T], date] | Callable[[T], datetime],
    least: int,
) -> list[list[T]]:
    """Return the dense runs: a first one and all that follow within `within` of it, where they are
    so many at least.

    Runs do not overlap: what belongs to one begins no other. An occurrence that reaches the number
    with none is left out, so that few and scattered ones never add up over a year.
    """
    ordered = sorted(ones, key=when)
    found, begin = [], 0
    while begin < len(ordered):
        end = begin
        while end < len(ordered) and when(ordered[end]) - when(ordered[begin]) <= within:
            end += 1
        if end - begin >= least:
            found.append(ordered[begin:end])
            begin = end
        else:
            begin += 1
    return found
