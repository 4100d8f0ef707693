"""From integers to figures: ratio, interval, points, total and rank, in `Decimal`, half to even,
the same everywhere.

* ratio = good / denominator; `good` is the numerator where higher is better, the rest where lower
  is better. What was
  entered late and not proved in time (`late_entered = "unproved"`) stays in the denominator and
  earns nothing.
* interval = Wilson score interval with the `z` of the scheme.
* points = 100 · ratio. total = weighted mean of the points; an indicator below its floor counts
  with the part of its
  weight that it has of its floor, so that there is no edge at which one matter more or less drops a
  whole indicator.
* interval of the total = total ± 100 · √Σ(wᵢ·hᵢ)², hᵢ half the width of the indicator's interval,
  wᵢ its share.
* rank: organs of one group in the order of the published figure; a new place begins only below the
  first of the
  place before, with intervals that do not touch (and, for totals, a distance of at least the
  resolution).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

from dengwen.law.indicators.indicator import (
    APART,
    HIGHER,
    UNPROVED,
    Count,
    Indicator,
    Organ,
    Scheme,
)

CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)
"""The arithmetic of every figure, whatever the surrounding program has set."""
HUNDRED, ONE, ZERO = Decimal(100), Decimal(1), Decimal(0)
NOTHING, SMALL, RANKED = "nothing", "small", "ranked"
"""How a figure stands: nothing counted, shown but too small to rank, ranked."""


Interval = tuple[Decimal, Decimal, Decimal]
"""A value with the low and the high end of its interval."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one organ reached in one indicator, with the integers it comes from.

    `counted` and `good` are what the ratio is made of, after the scheme's rule for late-entered and
    imported facts.
    `rank` is None unless `standing` is `ranked`; `alike` are the organs of the group it cannot be
    told from.
    """

    organ: int
    group: str
    indicator: str
    numerator: int
    denominator: int
    late_numerator: int
    late_denominator: int
    imported_numerator: int
    imported_denominator: int
    good: int
    counted: int
    ratio: Decimal | None
    low: Decimal | None
    high: Decimal | None
    points: Decimal | None
    weight: Decimal
    standing: str
    saturated: bool = False
    rank: int | None = None
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """The weighted total of one organ: `covered` is the weight that counted: one where all reach
    their floor."""

    organ: int
    group: str
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    covered: Decimal
    standing: str
    rank: int | None = None
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures and totals of a run, sorted by organ (and indicator), with the scheme they
    were made by."""

    scheme: str
    edition: str
    digest: str
    figures: tuple[Figure, ...]
    totals: tuple[Total, ...]
    saturated: tuple[tuple[str, str], ...]

    def figure(self, organ: int, indicator: str) -> Figure:
        """Return one figure; KeyError where there is none."""
        for one in self.figures:
            if (one.organ, one.indicator) == (organ, indicator):
                return one
        raise KeyError((organ, indicator))

    def total(self, organ: int) -> Total:
        """Return the total of an organ; KeyError where it is not assessed."""
        for one in self.totals:
            if one.organ == organ:
                return one
        raise KeyError(organ)

    def canonical(self) -> bytes:
        """Return the scores as canonical JSON: sorted keys, no blanks, UTF-8, numbers with
        places as text."""
        return canonical_json(asdict(self))


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 — any tree of plain data
    """Return plain data as JSON whose bytes are the same everywhere; TypeError for a float,
    which has no place here."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _plain(value: Any) -> Any:  # noqa: ANN401 — any tree of plain data
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        raise TypeError(f"a float in a published figure: {value!r}")
    return value


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half to even to so many places."""
    return value.quantize(ONE.scaleb(-places), context=CONTEXT)


def ratio_of(good: int, counted: int) -> Decimal:
    """Return good / counted in 40 digits; ZeroDivisionError does not occur where `counted` > 0."""
    return CONTEXT.divide(Decimal(good), Decimal(counted))


def wilson(good: int, counted: int, z: Decimal) -> tuple[Decimal, Decimal]:
    """Return the Wilson score interval of good / counted (`counted` > 0), unrounded, within 0
    and 1."""
    with localcontext(CONTEXT):
        n, p, z2 = Decimal(counted), Decimal(good) / Decimal(counted), z * z
        variance = p * (ONE - p) / n
        added = z2 / (4 * (n * n))
        half = z * (variance + added).sqrt()
        middle = p + z2 / (2 * n)
        below = ONE + z2 / n
        low = max(ZERO, (middle - half) / below)
        high = min(ONE, (middle + half) / below)
    return ZERO if good == 0 else low, ONE if good == counted else high


def score(scheme: Scheme, counts: Iterable[Count], organs: Iterable[Organ]) -> Scores:
    """Return every figure and total of the organs from the integers alone.

    Counts of organs or indicators that are not in the scheme or the list are passed over; a missing
    count is zero.
    """
    by_cell = {(c.organ, c.indicator): c for c in counts}
    listed = sorted(organs, key=lambda o: o.organ)
    figures, saturated = _ranked_figures(scheme, _figures(scheme, listed, by_cell))
    of_organ: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        of_organ[figure.organ].append(figure)
    sums = [_total(scheme, organ, of_organ[organ.organ]) for organ in listed]
    totals = _ranked_totals(scheme, sums)
    return Scores(
        scheme.id, scheme.edition, scheme.digest, tuple(figures), tuple(totals), saturated
    )


def _figures(
    scheme: Scheme, listed: Iterable[Organ], by_cell: Mapping[tuple[int, str], Count]
) -> list[Figure]:
    """Return each indicator's figure for each organ it is asked of; a missing count is zero."""
    indicators = sorted(scheme.indicators, key=lambda one: one.id)
    found = []
    for organ in listed:
        for one in indicators:
            if one.groups and organ.group not in one.groups:
                continue
            nothing = Count(organ.organ, one.id, 0, 0)
            cell = by_cell.get((organ.organ, one.id), nothing)
            found.append(_figure(scheme, one, organ, cell))
    return found


def _counted(scheme: Scheme, indicator: Indicator, cell: Count) -> tuple[int, int]:
    """Return (good, counted) after the scheme's rule for late-entered and imported facts."""
    late, late_all = (
        _good(indicator, cell.late_numerator, cell.late_denominator),
        cell.late_denominator,
    )
    brought, brought_all = (
        _good(indicator, cell.imported_numerator, cell.imported_denominator),
        cell.imported_denominator,
    )
    good, counted = _good(indicator, cell.numerator, cell.denominator), cell.denominator
    if scheme.late_entered in {UNPROVED, APART}:
        good -= late
    if scheme.late_entered == APART:
        counted -= late_all
    if scheme.imported == APART:
        good, counted = good - brought, counted - brought_all
    return good, counted


def _good(indicator: Indicator, numerator: int, denominator: int) -> int:
    return numerator if indicator.direction == HIGHER else denominator - numerator


def _figure(scheme: Scheme, indicator: Indicator, organ: Organ, cell: Count) -> Figure:
    good, counted = _counted(scheme, indicator, cell)
    if not 0 <= good <= counted:
        raise ValueError(
            f"{organ.organ} {indicator.id}: {good} of {counted} is no share; the counts are wrong"
        )
    rules = scheme.rounding
    ratio = low = high = points = None
    if counted:
        ratio = rounded(ratio_of(good, counted), rules.ratio_places)
        points = _as_points(ratio_of(good, counted), rules.point_places)
        low, high = (rounded(x, rules.ratio_places) for x in wilson(good, counted, rules.z))
    return Figure(
        organ.organ,
        organ.group,
        indicator.id,
        cell.numerator,
        cell.denominator,
        cell.late_numerator,
        cell.late_denominator,
        cell.imported_numerator,
        cell.imported_denominator,
        good,
        counted,
        ratio,
        low,
        high,
        points,
        indicator.weight,
        _standing(indicator, counted),
    )


def _standing(indicator: Indicator, counted: int) -> str:
    if not counted:
        return NOTHING
    return SMALL if counted < indicator.floor else RANKED


def _weight(scheme: Scheme, one: Figure) -> Decimal:
    """Return the weight with which a figure counts: whole at its floor, in proportion below."""
    floor = scheme.indicator(one.indicator).floor
    return CONTEXT.divide(
        CONTEXT.multiply(one.weight, Decimal(min(one.counted, floor))), Decimal(floor)
    )


def _total(scheme: Scheme, organ: Organ, figures: Sequence[Figure]) -> Total:
    counted = [one for one in figures if one.counted]
    weights = {one.indicator: _weight(scheme, one) for one in counted}
    covered = sum(weights.values(), ZERO)
    published = rounded(covered, scheme.rounding.ratio_places)
    if not covered:
        return Total(organ.organ, organ.group, None, None, None, published, NOTHING)
    shares = {name: CONTEXT.divide(weight, covered) for name, weight in weights.items()}
    mean, half = _weighted_mean(counted, shares, scheme.rounding.z)
    low = max(ZERO, CONTEXT.subtract(mean, half))
    high = min(ONE, CONTEXT.add(mean, half))
    places = scheme.rounding.point_places
    return Total(
        organ.organ,
        organ.group,
        _as_points(mean, places),
        _as_points(low, places),
        _as_points(high, places),
        published,
        RANKED if covered >= scheme.rounding.least_weight else SMALL,
    )


def _weighted_mean(
    figures: Iterable[Figure], shares: Mapping[str, Decimal], z: Decimal
) -> tuple[Decimal, Decimal]:
    """Return the mean of the ratios by their shares, and half the width of its interval."""
    c = CONTEXT
    mean, square = ZERO, ZERO
    for one in figures:
        share = shares[one.indicator]
        mean = c.add(mean, c.multiply(share, ratio_of(one.good, one.counted)))
        low, high = wilson(one.good, one.counted, z)
        half = c.multiply(share, c.divide(c.subtract(high, low), Decimal(2)))
        square = c.add(square, c.multiply(half, half))
    return mean, c.sqrt(square)


def _as_points(ratio: Decimal, places: int) -> Decimal:
    return rounded(CONTEXT.multiply(HUNDRED, ratio), places)


def _apart(upper: Interval, lower: Interval, least: Decimal) -> bool:
    """Say whether (value, low, high) stands surely above another: intervals apart and at least
    so far away."""
    return upper[1] > lower[2] and upper[0] - lower[0] >= least


def places_of(
    values: Mapping[int, Interval], least: Decimal
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Return place and indistinguishable organs for (value, low, high) by organ; higher values
    first.

    Organs that cannot be told from the first of a place share it; equal values always share it.
    """
    order = sorted(values, key=lambda organ: (-values[organ][0], organ))
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    first = 0
    for position, organ in enumerate(order):
        own, above = values[organ], values[order[max(position - 1, 0)]]
        if own[0] != above[0] and _apart(values[order[first]], own, least):
            first = position
        found[organ] = (first + 1, _alike(organ, values, least))
    return found


def _alike(organ: int, values: Mapping[int, Interval], least: Decimal) -> tuple[int, ...]:
    """Return the other organs that stand surely neither above nor below an organ."""
    own, alike = values[organ], []
    for other, value in values.items():
        if other != organ and not _apart(own, value, least) and not _apart(value, own, least):
            alike.append(other)
    return tuple(sorted(alike))


def _ranked_figures(
    scheme: Scheme, figures: list[Figure]
) -> tuple[list[Figure], tuple[tuple[str, str], ...]]:
    """Return the figures with their ranks, and the cells (group, indicator) in which all reach the
    top."""
    cells = _cells_of(figures)
    least = scheme.rounding.saturation
    saturated = {cell for cell, values in cells.items() if _all_reach(values, least)}
    places = {cell: places_of(values, ZERO) for cell, values in cells.items()}
    done = []
    for one in figures:
        if one.standing != RANKED:
            done.append(one)
            continue
        cell = _cell_of(one)
        rank, alike = places[cell][one.organ]
        done.append(replace(one, rank=rank, alike=alike, saturated=cell in saturated))
    return done, tuple(sorted(saturated))


def _cell_of(figure: Figure) -> tuple[str, str]:
    return figure.group, figure.indicator


def _cells_of(figures: Iterable[Figure]) -> dict[tuple[str, str], dict[int, Interval]]:
    """Return the ranked figures by cell and organ, each with its interval."""
    cells: dict[tuple[str, str], dict[int, Interval]] = defaultdict(dict)
    for one in figures:
        if one.ratio is None or one.low is None or one.high is None:
            continue
        if one.standing == RANKED:
            cells[_cell_of(one)][one.organ] = (one.ratio, one.low, one.high)
    return cells


def _all_reach(values: Mapping[int, Interval], least: Decimal) -> bool:
    return all(value >= least for value, _, _ in values.values())


def _ranked_totals(scheme: Scheme, totals: list[Total]) -> list[Total]:
    cells: dict[str, dict[int, Interval]] = defaultdict(dict)
    for one in totals:
        if (
            one.standing == RANKED
            and one.total is not None
            and one.low is not None
            and one.high is not None
        ):
            cells[one.group][one.organ] = (one.total, one.low, one.high)
    places = {
        group: places_of(values, scheme.rounding.resolution) for group, values in cells.items()
    }
    return [
        replace(one, rank=places[one.group][one.organ][0], alike=places[one.group][one.organ][1])
        if one.standing == RANKED
        else one
        for one in totals
    ]
