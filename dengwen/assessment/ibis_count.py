"""Counting frozen facts: Ibis expressions that filter, join and count to integers.

The same two expressions run embedded in DuckDB or SQLite and, compiled for it, on Apache Spark
(`engines`). What comes back is a few thousand *cells* with the number of facts in each. Indicators
are added up of them in Python, so that no ratio and no rounding ever depends on an engine.
The result equals `law.indicators_counting`, which counts fact by fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import ibis
from ibis.expr.types import IntegerValue, Table

from dengwen.assessment.engines import DEFAULT, engine_of
from dengwen.assessment.frozen.frozen_tables import EXCLUSIONS, FACTS, SCHEMAS
from dengwen.law.indicators.indicator import (
    Count,
    Indicator,
    Organ,
    Period,
    Scheme,
    Selector,
    Watch,
)

CELL = ("organ", "kind", "outcome", "sort", "channel", "entered", "window")
"""What the facts of one cell have in common; `window` says how many of the first days asked for
are not after them."""
EVERYWHERE = ""
"""The indicator of an exclusion that leaves a fact out of all of them."""

_FACTS = ibis.table(ibis.schema(SCHEMAS[FACTS]), name="facts")
_EXCLUSIONS = ibis.table(ibis.schema(SCHEMAS[EXCLUSIONS]), name="exclusions")


@dataclass(frozen=True, slots=True)
class Cell:
    """Facts that no indicator can tell apart."""

    organ: int
    kind: str
    outcome: str
    sort: str
    channel: str
    entered: str
    window: int


@dataclass(frozen=True)
class Counted:
    """Cells with their numbers: of all facts, and by indicator what exclusions take out of it."""

    firsts: tuple[date, ...]
    cells: Mapping[Cell, int]
    left_out: Mapping[str, Mapping[Cell, int]]

    def without(self, indicator: str) -> dict[Cell, int]:
        """Return the numbers as an indicator counts them."""
        found = dict(self.cells)
        for name in {EVERYWHERE, indicator}:
            for cell, number in self.left_out.get(name, {}).items():
                found[cell] -= number
        return found


def first_days(scheme: Scheme, period: Period) -> tuple[date, ...]:
    """Return the first days from which the indicators and watches of a scheme count, in order."""
    measures: Sequence[Indicator | Watch] = (*scheme.indicators, *scheme.watches)
    found = set()
    for measure in measures:
        found.add(measure.numerator.first_day(period, measure.period))
        found.add(measure.denominator.first_day(period, measure.period))
    return tuple(sorted(found))


def expressions(firsts: Sequence[date], last: date) -> dict[str, Table]:
    """Return the two expressions over tables `facts` and `exclusions`: the cells, and what
    exclusions take out."""
    window: IntegerValue = ibis.literal(0, type="int32")
    for first in firsts:
        window = window + ibis.ifelse(_FACTS.day >= ibis.literal(first), 1, 0)
    seen = _FACTS.filter(_FACTS.day <= ibis.literal(last)).mutate(window=window)
    everywhere = _EXCLUSIONS.filter(_EXCLUSIONS.indicator == EVERYWHERE).select("fact").distinct()
    single = (
        _EXCLUSIONS.filter(_EXCLUSIONS.indicator != EVERYWHERE)
        .select("fact", "indicator")
        .distinct()
    )
    others = single.anti_join(everywhere, single.fact == everywhere.fact)
    every = everywhere.mutate(indicator=ibis.literal(EVERYWHERE)).union(
        others.select("fact", "indicator")
    )
    taken = seen.inner_join(every, seen.id == every.fact)
    return {
        "cells": seen.group_by(*CELL).agg(number=seen.count()),
        "left_out": taken.group_by("indicator", *CELL).agg(number=taken.count()),
    }


@lru_cache(maxsize=256)
def sql(firsts: tuple[date, ...], last: date, dialect: str = "duckdb") -> Mapping[str, str]:
    """Return the expressions as text of an engine's dialect (`duckdb`, `sqlite`, `pyspark`);
    putting them into words takes longer than counting a district's facts, and a page counts the
    same days again and again.
    """
    return {
        name: str(ibis.to_sql(one, dialect=dialect))
        for name, one in expressions(firsts, last).items()
    }


def gather(firsts: Sequence[date], rows: Mapping[str, Iterable[Sequence[object]]]) -> Counted:
    """Put together what an engine answered to the two expressions."""
    cells: dict[Cell, int] = {}
    for *cell, number in rows["cells"]:
        cells[_cell(cell)] = int(str(number))
    left_out: dict[str, dict[Cell, int]] = defaultdict(dict)
    for indicator, *cell, number in rows["left_out"]:
        left_out[str(indicator)][_cell(cell)] = int(str(number))
    return Counted(tuple(firsts), cells, left_out)


def _cell(row: Sequence[object]) -> Cell:
    """Return the cell of a row that an engine answered."""
    organ, kind, outcome, sort, channel, entered, window = row
    return Cell(
        int(str(organ)),
        str(kind),
        str(outcome),
        str(sort),
        str(channel),
        str(entered),
        int(str(window)),
    )


def count(
    folder: Path, scheme: Scheme, period: Period, engine: str = DEFAULT, file: str = FACTS
) -> Counted:
    """Count the frozen files of a folder with bounded memory; `file` holds the facts.

    Raises the engine's own error (`duckdb.Error`, …) where a file cannot be read, `EngineError`
    where it is not there.
    """
    firsts = first_days(scheme, period)
    ask, dialect = engine_of(engine)
    views = {"facts": (folder / file, FACTS), "exclusions": (folder / EXCLUSIONS, EXCLUSIONS)}
    return gather(firsts, ask(views, sql(firsts, period.last, dialect)))


# --- from cells to the integers of the scheme -----------------------------------------------------
def counts(
    counted: Counted, scheme: Scheme, organs: Iterable[Organ], period: Period
) -> tuple[Count, ...]:
    """Return the integers of every indicator and organ, as `law.indicators_counting.count` does."""
    return _counts(counted, scheme.indicators, list(organs), period, excluded=True)


def watches(
    counted: Counted, scheme: Scheme, organs: Iterable[Organ], period: Period
) -> tuple[Count, ...]:
    """Return the integers of every watch and organ; exclusions do not reach them."""
    return _counts(counted, scheme.watches, list(organs), period, excluded=False)


NUMERATOR, DENOMINATOR = 0, 1
NUMBERS = 6
"""Numerator and denominator; of them those entered late; of them those imported: as in `Count`."""


def _counts(
    counted: Counted,
    measures: Sequence[Indicator | Watch],
    organs: Sequence[Organ],
    period: Period,
    *,
    excluded: bool,
) -> tuple[Count, ...]:
    """Return the integers of measures for the organs of their groups."""
    found = []
    for measure in measures:
        cells = counted.without(measure.id) if excluded else counted.cells
        sums = {
            organ.organ: [0] * NUMBERS
            for organ in organs
            if not measure.groups or organ.group in measure.groups
        }
        for side, selector in ((NUMERATOR, measure.numerator), (DENOMINATOR, measure.denominator)):
            first = selector.first_day(period, measure.period)
            windows = counted.firsts.index(first) + 1
            _add_selected(sums, side, selector, cells, windows)
        found += [Count(organ, measure.id, *numbers) for organ, numbers in sums.items()]
    return tuple(sorted(found))


def _add_selected(
    sums: Mapping[int, list[int]],
    side: int,
    selector: Selector,
    cells: Mapping[Cell, int],
    windows: int,
) -> None:
    """Add what a selector counts to one side of the sums of each organ."""
    for cell, number in cells.items():
        if number and cell.organ in sums and _selects(selector, cell, windows):
            _add(sums[cell.organ], side, cell.entered, number)


def _selects(selector: Selector, cell: Cell, least: int) -> bool:
    """Say whether a selector counts the facts of a cell that lie in at least so many windows."""
    if cell.window < least or cell.kind != selector.kind:
        return False
    asked = (
        (selector.outcome, cell.outcome),
        (selector.sort, cell.sort),
        (selector.channel, cell.channel),
        (selector.entered, cell.entered),
    )
    return all(not wanted or value in wanted for wanted, value in asked)


def _add(sums: list[int], side: int, entered: str, number: int) -> None:
    """Add facts of a cell to one side (0 numerator, 1 denominator), apart where late or
    imported."""
    sums[side] += number
    if entered == "late":
        sums[2 + side] += number
    elif entered == "imported":
        sums[4 + side] += number
