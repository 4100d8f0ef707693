"""Which comparisons are of dates, persons or rights: decided by words of the names on their sides,
which stand in `guards.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import libcst as cst


@cache
def words() -> frozenset[str]:
    """Return the words that tell a date, a person or a right."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return frozenset(word for kind in read.values() for word in kind)


def guards(comparison: cst.Comparison) -> bool:
    """Whether one side of a comparison names a date, a person or a right."""
    sides = [comparison.left, *(target.comparator for target in comparison.comparisons)]
    if any(isinstance(side, cst.Name) and side.value == "None" for side in sides):
        return False
    return any(words() & set(name.lower().split("_")) for side in sides for name in _names(side))


def _names(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Name):
        yield node.value
    for child in node.children:
        yield from _names(child)
