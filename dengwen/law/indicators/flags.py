"""Signs of tricks: rates that moved, against the organ's own past and against how comparable organs
moved.

A flag is a question to a human being, never a finding and never a change of a score. It is raised
where all hold:

1. Fisher's exact test of (now, past), one-sided, is below the scheme's `alpha`; the past is first
   moved as the median
   of the comparable organs moved, in proportion or in points, whichever is further: so what befalls
   all of them (a
   late calendar; a new law, which adds the same share to an organ with a small rate as to one with
   a large) raises
   nothing;
2. the rate is at least `margin` away from the one expected; 3. and at least `ratio` times it (or it
   divided by that).

An organ without a past is compared with the others of its group in the same period. `joined` names
organs that were
merged into another: their past becomes the past of that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from dengwen.law.indicators.indicator import HIGHER, Count, Organ, Scheme, Watch
from dengwen.law.indicators.score import CONTEXT, ONE, ZERO, rounded

PLACES = 8
RATE_PLACES = 4
TENTH = Fraction(1, 10)
NEGLIGIBLE = Decimal("1e-45")
Rate = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """One rate that moved like a trick: integers now and before, rate expected, exact
    probability (8 places)."""

    organ: int
    watch: str
    trick: str
    numerator: int
    denominator: int
    past_numerator: int
    past_denominator: int
    rate: Decimal
    expected: Decimal
    probability: Decimal
    zh: str
    en: str


def fisher(k: int, n: int, past_k: int, past_n: int, upward: bool = True) -> Decimal:
    """Return the one-sided exact probability of `k` of `n` or more (fewer) when `past_k` of
    `past_n` had the same rate.

    Sums the hypergeometric weights outwards from the largest in 40 digits, so no factorial is ever
    made.
    """
    marked = k + past_k
    total = tail = ZERO
    for i, weight in sorted(_weights(n, marked, past_n).items()):
        total = CONTEXT.add(total, weight)
        if (i >= k) if upward else (i <= k):
            tail = CONTEXT.add(tail, weight)
    return CONTEXT.divide(tail, total)


def _weights(n: int, marked: int, past_n: int) -> dict[int, Decimal]:
    """Return how probable each number of marked ones among `n` is, the likeliest being one; what
    weighs next to nothing is left out."""
    lowest, highest = max(0, marked - past_n), min(n, marked)
    peak = min(highest, max(lowest, (n + 1) * (marked + 1) // (n + past_n + 2)))
    weights = {peak: ONE}
    for step, last in ((1, highest), (-1, lowest)):
        weight, i = ONE, peak
        while i != last and weight > NEGLIGIBLE:
            weight = CONTEXT.multiply(weight, _step(i, step, n, marked, past_n))
            i += step
            weights[i] = weight
    return weights


def _step(i: int, step: int, n: int, marked: int, past_n: int) -> Decimal:
    """Return weight(i + step) / weight(i) of the hypergeometric distribution."""
    if step > 0:
        over, under = (n - i) * (marked - i), (i + 1) * (past_n - marked + i + 1)
    else:
        over, under = i * (past_n - marked + i), (n - i + 1) * (marked - i + 1)
    return CONTEXT.divide(Decimal(over), Decimal(under))


def flags(
    scheme: Scheme,
    now: Iterable[Count],
    past: Iterable[Count],
    organs: Iterable[Organ],
    joined: Mapping[int, int] | None = None,
) -> tuple[Flag, ...]:
    """Return the flags of all organs, sorted.

    `now` and `past` are counts of the watches (`count_watches`) in the period assessed and in one
    or more periods
    before it; several counts of the same organ and watch are added up. `joined` maps a former organ
    to its successor.
    """
    found = []
    for watch, members, cells in _cells(scheme, now, past, organs, joined):
        found += [f for o in members if (f := _flag(scheme, watch, o, cells)) is not None]
    return tuple(sorted(found))


def too_few(
    scheme: Scheme,
    now: Iterable[Count],
    past: Iterable[Count],
    organs: Iterable[Organ],
    share: Fraction = TENTH,
) -> tuple[tuple[int, str], ...]:
    """Return the (organ, watch) where a trick on `share` of the matters could raise no flag: no
    flag proves nothing.

    Numbers too small, or a rate that is large already. Whoever has nothing to count is not named.
    """
    found = []
    for watch, members, cells in _cells(scheme, now, past, organs, None):
        found += [(o, watch.id) for o in members if _blind(scheme, watch, o, cells, share)]
    return tuple(sorted(found))


def _cells(
    scheme: Scheme,
    now: Iterable[Count],
    past: Iterable[Count],
    organs: Iterable[Organ],
    joined: Mapping[int, int] | None,
) -> Iterator[tuple[Watch, list[int], dict[int, tuple[Rate, Rate]]]]:
    """Yield each watch with the organs of one group and their (now, past)."""
    current, before = _sums(now, {}), _sums(past, joined or {})
    groups: dict[str, list[int]] = defaultdict(list)
    for organ in organs:
        groups[organ.group].append(organ.organ)
    for group, members in groups.items():
        for watch in scheme.watches:
            if not watch.groups or group in watch.groups:
                cell = {
                    o: (current.get((o, watch.id), (0, 0)), before.get((o, watch.id), (0, 0)))
                    for o in members
                }
                yield watch, members, cell


def _sums(counts: Iterable[Count], joined: Mapping[int, int]) -> dict[tuple[int, str], Rate]:
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in counts:
        cell = sums[joined.get(one.organ, one.organ), one.indicator]
        cell[0] += one.numerator
        cell[1] += one.denominator
    # a rate of one kind over another (extensions over conclusions) may pass one; the test needs a
    # share
    return {key: (k, max(k, n)) for key, (k, n) in sums.items()}


@dataclass(frozen=True, slots=True)
class _Past:
    """What a rate is compared with: the integers before, and the rate they and the comparable
    organs lead to expect."""

    numerator: int
    denominator: int
    expected: Fraction


def _past(watch: Watch, organ: int, cells: Mapping[int, tuple[Rate, Rate]]) -> _Past | None:
    """Return the past of an organ; that of its group in this period where it has none, None
    where there is nothing."""
    past_k, past_n = cells[organ][1]
    others = [pair for other, pair in cells.items() if other != organ]
    if not past_n:
        past_k, past_n = sum(now[0] for now, _ in others), sum(now[1] for now, _ in others)
        others = []
    if not past_n:
        return None
    return _Past(past_k, past_n, _expected(watch, Fraction(past_k, past_n), others))


def _chance(scheme: Scheme, watch: Watch, now: Rate, past: _Past) -> Decimal | None:
    """Return the exact probability of a rate that raises a flag; None where it raises none."""
    (k, n), expected = now, past.expected
    rate, upward = Fraction(k, n), watch.direction == HIGHER
    away = rate - expected if upward else expected - rate
    larger, smaller = (rate, expected) if upward else (expected, rate)
    if away < Fraction(watch.margin) or larger < smaller * Fraction(watch.ratio):
        return None
    chance = fisher(k, n, _towards(expected * past.denominator, upward), past.denominator, upward)
    return chance if chance < scheme.rounding.alpha else None


def _flag(
    scheme: Scheme, watch: Watch, organ: int, cells: Mapping[int, tuple[Rate, Rate]]
) -> Flag | None:
    (k, n), past = cells[organ][0], _past(watch, organ, cells)
    if not n or past is None:
        return None
    chance = _chance(scheme, watch, (k, n), past)
    if chance is None:
        return None
    rate = Fraction(k, n)
    return Flag(
        organ,
        watch.id,
        watch.trick,
        k,
        n,
        past.numerator,
        past.denominator,
        _decimal(rate),
        _decimal(past.expected),
        rounded(chance, PLACES),
        f"{watch.zh}：{k}/{n}，按以往和同组应为{_percent(past.expected)}%，实为{_percent(rate)}%，请核实原因",
        f"{watch.en}: {k}/{n}; {_percent(past.expected)} % expected from the past and the group, "
        f"{_percent(rate)} % found; ask why",
    )


def _blind(
    scheme: Scheme,
    watch: Watch,
    organ: int,
    cells: Mapping[int, tuple[Rate, Rate]],
    share: Fraction,
) -> bool:
    """Say whether a trick on `share` of the matters could stay unseen: at the unlucky end of the
    scheme's interval."""
    n, past = cells[organ][0][1], _past(watch, organ, cells)
    if not n:
        return False
    if past is None:
        return True
    upward = watch.direction == HIGHER
    moved = (
        min(Fraction(1), past.expected + share)
        if upward
        else max(Fraction(0), past.expected - share)
    )
    spread = scheme.rounding.z * (Decimal(n) * _decimal(moved * (1 - moved))).sqrt(CONTEXT)
    unlucky = int(moved * n) - int(spread) if upward else int(moved * n) + int(spread) + 1
    return _chance(scheme, watch, (min(n, max(0, unlucky)), n), past) is None


def _towards(value: Fraction, upward: bool) -> int:
    """Round so that the test is the milder one."""
    floor = value.numerator // value.denominator
    return floor + 1 if upward and floor != value else floor


def _expected(watch: Watch, own: Fraction, others: Sequence[tuple[Rate, Rate]]) -> Fraction:
    """Return the rate to expect of an organ: its own past moved as the comparable organs moved,
    never against it.

    Moved by the median of their proportions or of their differences, whichever is further. The
    median, so that one
    organ with a trick of its own does not hide another's.
    """
    pairs = [(Fraction(*now), Fraction(*past)) for now, past in others if now[1] and past[1]]
    proportions = [now / past for now, past in pairs if past]
    moved = [own]
    if pairs:
        moved.append(own + Fraction(median(now - past for now, past in pairs)))
    if proportions:
        moved.append(own * Fraction(median(proportions)))
    return (
        min(Fraction(1), max(moved)) if watch.direction == HIGHER else max(Fraction(0), min(moved))
    )


def _decimal(value: Fraction) -> Decimal:
    return rounded(
        CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator)), RATE_PLACES
    )


def _percent(value: Fraction) -> str:
    return format(
        rounded(CONTEXT.divide(Decimal(100 * value.numerator), Decimal(value.denominator)), 1), "f"
    )
