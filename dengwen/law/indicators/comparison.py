"""Two schemes over the same facts: who moves, and why, exactly (a change of a scheme says so before
it is approved).

The total of an organ is Σ sᵢ·rᵢ, with sᵢ the share of weight that indicator i has for this organ
(its weight, cut in
proportion below its floor, divided by the sum of these) and rᵢ its ratio. From the old scheme (s,
r, total T) to the
new one (s′, r′, T′) the difference is taken apart without a rest:

    T′ − T  =  Σ (s′ᵢ − sᵢ)·(rᵢ − T)  +  Σ s′ᵢ·(r′ᵢ − rᵢ)

The first sum is what moving weight does: more weight on what an organ does worse than its own
average costs it points.
The second is what counting otherwise does. An indicator that only one scheme has counts with its
ratio in that scheme.
Everything is computed with fractions and rounded once, half to even.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dengwen.law.indicators.indicator import Count, Indicator, Organ, Scheme
from dengwen.law.indicators.score import CONTEXT, Figure, Scores, rounded, score

ADDED, REMOVED = "added", "removed"
WEIGHT, FLOOR, DEFINITION, RULE, OTHERS = "weight", "floor", "definition", "rule", "others"
"""Why an indicator moves a total: it is new or gone; its weight, its floor, what it counts, or how
late-entered and
imported facts count was changed; or nothing of its own was, and the weights of others moved its
share."""
SETTINGS = ("resolution", "z", "saturation", "least_weight")


@dataclass(frozen=True, slots=True)
class Cause:
    """What one indicator contributes to the change of a total, in points; `by_weight` is the
    part of the weights."""

    indicator: str
    points: Decimal
    by_weight: Decimal
    by_counting: Decimal
    why: tuple[str, ...]
    before: tuple[int, int] | None
    after: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Move:
    """How one organ stands under both schemes; `causes` by size, without those that contribute
    nothing."""

    organ: int
    group: tuple[str, str]
    total: tuple[Decimal | None, Decimal | None]
    change: Decimal | None
    rank: tuple[int | None, int | None]
    standing: tuple[str, str]
    causes: tuple[Cause, ...]

    @property
    def moves(self) -> bool:
        """Whether its place, its group or whether it is ranked differs."""
        return (
            self.rank[0] != self.rank[1]
            or self.group[0] != self.group[1]
            or self.standing[0] != self.standing[1]
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the whole scheme that differs: its name, the old and the new value."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who moves from one scheme to another, and what differs between them."""

    moves: tuple[Move, ...]
    settings: tuple[Setting, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    """Indicators that differ, with why."""


@dataclass(frozen=True)
class Side:
    """One scheme with the integers counted by it, over the same facts as the other."""

    scheme: Scheme
    counts: Sequence[Count]
    organs: Sequence[Organ]

    @property
    def scores(self) -> Scores:
        """The scores that follow."""
        return score(self.scheme, self.counts, self.organs)


def compare(old: Side, new: Side) -> Comparison:
    """Return who moves between two schemes and why, organs in order of what they gain, those
    that lose most last."""
    before, after = old.scores, new.scores
    changed = {
        name: why
        for name in _names(old.scheme, new.scheme)
        if (why := differs(old.scheme, new.scheme, name))
    }
    organs = sorted({t.organ for t in before.totals} & {t.organ for t in after.totals})
    moves = [_move((old.scheme, before), (new.scheme, after), organ, changed) for organ in organs]
    moves.sort(key=lambda m: (m.change is None, -(m.change or Decimal(0)), m.organ))
    return Comparison(
        tuple(moves), settings_that_differ(old.scheme, new.scheme), tuple(sorted(changed.items()))
    )


def _names(old: Scheme, new: Scheme) -> list[str]:
    return sorted({i.id for i in old.indicators} | {i.id for i in new.indicators})


def differs(old: Scheme, new: Scheme, name: str) -> tuple[str, ...]:
    """Say in which ways an indicator differs between two schemes; empty where it is the same."""
    first, second = _of(old, name), _of(new, name)
    if first is None or second is None:
        return (ADDED,) if first is None else (REMOVED,)
    found = []
    if first.weight != second.weight:
        found.append(WEIGHT)
    if first.floor != second.floor:
        found.append(FLOOR)
    if _counting(first) != _counting(second):
        found.append(DEFINITION)
    if (old.late_entered, old.imported) != (new.late_entered, new.imported):
        found.append(RULE)
    return tuple(found)


def _of(scheme: Scheme, name: str) -> Indicator | None:
    return next((i for i in scheme.indicators if i.id == name), None)


def _counting(one: Indicator) -> tuple[object, ...]:
    return one.numerator, one.denominator, one.period, one.direction, one.groups


def settings_that_differ(old: Scheme, new: Scheme) -> tuple[Setting, ...]:
    """Return what differs in the whole of two schemes: tolerances, rules for late and imported
    facts, groups."""
    pairs = [(name, getattr(old.rounding, name), getattr(new.rounding, name)) for name in SETTINGS]
    pairs += [
        (name, getattr(old, name), getattr(new, name)) for name in ("late_entered", "imported")
    ]
    pairs.append(("groups", _groups(old), _groups(new)))
    return tuple(
        Setting(name, str(first), str(second)) for name, first, second in pairs if first != second
    )


def _groups(scheme: Scheme) -> str:
    """Return the groups with whom they name."""
    parts = []
    for one in scheme.groups:
        named = " ".join((*one.organs, *one.kinds, *one.levels))
        parts.append(f"{one.id} ({named})" if named else one.id)
    return ", ".join(parts)


# --- one organ ------------------------------------------------------------------------------------
def _move(
    old: tuple[Scheme, Scores],
    new: tuple[Scheme, Scores],
    organ: int,
    changed: Mapping[str, tuple[str, ...]],
) -> Move:
    first, second = old[1].total(organ), new[1].total(organ)
    causes: tuple[Cause, ...] = ()
    change = None
    if first.total is not None and second.total is not None:
        places = new[0].rounding.point_places
        before, after = _shares_of(old, organ), _shares_of(new, organ)
        causes = tuple(_causes(before, after, changed, places))
        change = _points(_total(after) - _total(before), places)
    return Move(
        organ,
        (first.group, second.group),
        (first.total, second.total),
        change,
        (first.rank, second.rank),
        (first.standing, second.standing),
        causes,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """An indicator as it counts for one organ: its share of weight, its ratio, the integers of
    the ratio."""

    share: Fraction
    ratio: Fraction
    good: int
    counted: int


def _shares_of(side: tuple[Scheme, Scores], organ: int) -> dict[str, _Share]:
    scheme, scores = side
    return _shares(scheme, [figure for figure in scores.figures if figure.organ == organ])


def _shares(scheme: Scheme, figures: Iterable[Figure]) -> dict[str, _Share]:
    counted = [f for f in figures if f.counted]
    weights = {}
    for one in counted:
        floor = scheme.indicator(one.indicator).floor
        weights[one.indicator] = Fraction(one.weight) * Fraction(min(one.counted, floor), floor)
    whole = sum(weights.values(), Fraction(0))
    return {
        f.indicator: _Share(
            weights[f.indicator] / whole, Fraction(f.good, f.counted), f.good, f.counted
        )
        for f in counted
    }


def _total(shares: Mapping[str, _Share]) -> Fraction:
    return sum((one.share * one.ratio for one in shares.values()), Fraction(0))


def _causes(
    old: Mapping[str, _Share],
    new: Mapping[str, _Share],
    changed: Mapping[str, tuple[str, ...]],
    places: int,
) -> list[Cause]:
    """Return what each indicator contributes, the largest contribution first."""
    average = _total(old)
    found = []
    for name in sorted({*old, *new}):
        first, second = old.get(name), new.get(name)
        by_weight, by_counting = _contribution(first, second, average)
        if not by_weight and not by_counting:
            continue
        whole = by_weight + by_counting
        cause = Cause(
            name,
            _points(whole, places),
            _points(by_weight, places),
            _points(by_counting, places),
            changed.get(name, (OTHERS,)),
            _integers(first),
            _integers(second),
        )
        found.append((-abs(whole), name, cause))
    found.sort(key=lambda one: one[:2])
    return [cause for _size, _name, cause in found]


def _contribution(
    first: _Share | None, second: _Share | None, average: Fraction
) -> tuple[Fraction, Fraction]:
    """Return what moving weight and what counting otherwise does, for an indicator before and
    after."""
    before = first or second
    after = second or first
    if before is None or after is None:
        return Fraction(0), Fraction(0)
    share = first.share if first else Fraction(0)
    further = second.share if second else Fraction(0)
    by_weight = (further - share) * (before.ratio - average)
    return by_weight, further * (after.ratio - before.ratio)


def _integers(one: _Share | None) -> tuple[int, int] | None:
    return None if one is None else (one.good, one.counted)


def _points(value: Fraction, places: int) -> Decimal:
    return rounded(
        CONTEXT.divide(Decimal(100 * value.numerator), Decimal(value.denominator)), places
    )
