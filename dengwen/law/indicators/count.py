"""Counting facts to integers in plain Python: the reference that every engine is compared with.

A fact is a mapping with the columns id, kind, organ, case, day, outcome, sort, channel, entered.
The order of the
facts does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dengwen.law.indicators.indicator import (
    Count,
    Indicator,
    Organ,
    Period,
    Scheme,
    Selector,
    Watch,
)

Fact = Mapping[str, Any]
Measure = Indicator | Watch

_NUMERATOR, _DENOMINATOR = 0, 1
_STEP = {"timely": None, "late": 2, "imported": 4}


def count(
    scheme: Scheme,
    facts: Iterable[Fact],
    organs: Iterable[Organ],
    exclusions: Iterable[Fact],
    period: Period,
) -> tuple[Count, ...]:
    """Count every indicator of the scheme for every organ of its groups, zero where there is
    nothing.

    `exclusions` name facts (column `fact`) and the indicator they leave (`indicator`, "" = all).
    Facts of organs that
    are not assessed are passed over. Sorted by organ and indicator.
    """
    left_out = {(int(e["fact"]), str(e["indicator"])) for e in exclusions}
    return _count(scheme.indicators, facts, organs, left_out, period)


def count_watches(
    scheme: Scheme, facts: Iterable[Fact], organs: Iterable[Organ], period: Period
) -> tuple[Count, ...]:
    """Count every watch of the scheme; exclusions do not reach the watches, so nothing is hidden
    from them."""
    return _count(scheme.watches, facts, organs, set(), period)


def selects(selector: Selector, fact: Fact, first: date, last: date) -> bool:
    """Say whether a fact is one of those the selector counts between the two days (both
    included)."""
    return (
        fact["kind"] == selector.kind
        and first <= fact["day"] <= last
        and (not selector.outcome or fact["outcome"] in selector.outcome)
        and (not selector.sort or fact["sort"] in selector.sort)
        and (not selector.channel or fact["channel"] in selector.channel)
        and (not selector.entered or fact["entered"] in selector.entered)
    )


def _by_kind(
    measures: Sequence[Measure], period: Period
) -> Mapping[str, list[tuple[Measure, Selector, int, date]]]:
    """Group both sides of all measures by the kind they count, so that a fact meets only its
    own."""
    found: dict[str, list[tuple[Measure, Selector, int, date]]] = defaultdict(list)
    for measure in measures:
        for side, selector in (
            (_NUMERATOR, measure.numerator),
            (_DENOMINATOR, measure.denominator),
        ):
            found[selector.kind].append(
                (measure, selector, side, selector.first_day(period, measure.period))
            )
    return found


def _count(
    measures: Sequence[Measure],
    facts: Iterable[Fact],
    organs: Iterable[Organ],
    left_out: set[tuple[int, str]],
    period: Period,
) -> tuple[Count, ...]:
    sums = _empty_cells(measures, organs)
    wanted = _by_kind(measures, period)
    for fact in facts:
        for measure, selector, side, first in wanted.get(fact["kind"], ()):
            cell = sums.get((fact["organ"], measure.id))
            if cell is None or not selects(selector, fact, first, period.last):
                continue
            if left_out and _is_left_out(left_out, fact["id"], measure.id):
                continue
            for place in _places(side, fact["entered"]):
                cell[place] += 1
    return tuple(sorted(Count(organ, name, *cell) for (organ, name), cell in sums.items()))


def _empty_cells(
    measures: Sequence[Measure], organs: Iterable[Organ]
) -> dict[tuple[int, str], list[int]]:
    """Return six zeros for each organ and each measure that is taken of it."""
    groups = {one.organ: one.group for one in organs}
    cells: dict[tuple[int, str], list[int]] = {}
    for organ, group in groups.items():
        for measure in measures:
            if _for(measure, group):
                cells[organ, measure.id] = [0] * 6
    return cells


def _is_left_out(left_out: Container[tuple[int, str]], fact: int, measure: str) -> bool:
    """Say whether a fact is taken out of a measure, or of all."""
    return (fact, "") in left_out or (fact, measure) in left_out


def _places(side: int, entered: str) -> Iterator[int]:
    yield side
    step = _STEP[entered]
    if step is not None:
        yield step + side


def _for(measure: Measure, group: str) -> bool:
    return not measure.groups or group in measure.groups
