"""What a probe asks: requests by method and path, and the numbers it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dengwen.cases.case_numbers import make_number
from tests.wall.highs import Known
from tests.wall.stage import Stage

NOBODY = make_number("YJ01", 2025, "000000000")
UID = "0123456789abcdef" * 2


@dataclass(frozen=True)
class Ask:
    """One request: method, path with query, and what is posted."""

    method: str
    path: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.data) if self.data else ''}".strip()


Asks = Sequence[Ask]
Probe = Callable[[Stage, Known], Asks]


def get(*paths: str) -> list[Ask]:
    """Return reading requests."""
    return [Ask("GET", path) for path in paths]


def post(path: str, /, **data: Any) -> Ask:
    """Return a posted form."""
    return Ask("POST", path, data)


def numbers(known: Known) -> list[str]:
    """Return the numbers probes ask for: protected ones, low ones in turn, one of nobody."""
    *before, to_unit, accepted, elsewhere = known.low
    low = [
        accepted,
        before[0],
        to_unit,
        elsewhere,
        *before[1:],
    ]  # those written after the protected ones come early
    mixed = [n for pair in zip(known.high, low, strict=False) for n in pair]
    return [*mixed, *low[len(known.high) :], NOBODY]


def each(form: str) -> Probe:
    """Return a probe that reads an address for every number."""
    return lambda _stage, known: get(*(form.format(n) for n in numbers(known)))


def plain(*paths: str) -> Probe:
    """Return a probe of pages that take nothing."""
    return lambda _stage, _known: get(*paths)
