"""The finder over days on which an organ closes far more than it ordinarily does (S 11(6)).

What chance and a rest explain is reckoned from the organ's own record; what is left over is worth a
look. Nothing is excused by the calendar alone: after a rest only so many closings are, as the days
lost to it and the first days after it would have brought.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import DAY, Did, Material

CLOSINGS = (
    "sign",
    "settle",
    "decide_simple",
    "inform_duty",
    "reply_suggestion",
    "close_lapsed",
    "finish",
)
ODDS = 1e-6
"""How seldom an ordinary day may reach a number for it to be no ordinary one. A year of forty
organs, each looked at in all and way by way, has some fifty thousand such days: chance alone would
name one in twenty years."""
LEAST_RATE = 0.5
"""Closings a day from which an organ is reckoned at least: with fewer a year no rate can be
told."""
AFTER_REST = 3
"""Working days after a rest on which what waited over it is closed."""
SATURDAY = 5
Days = Mapping[date, list[Did]]
Working = Callable[[date], bool | None]


def closing_burst(material: Material) -> list[Seen]:
    """Look for days on which an organ closed more matters, in all or in one way, than its ordinary
    days explain.

    Many settlements on one day are unlikely where settling is rare, however busy the organ is
    otherwise. On the first working days after a rest, the closings of the working days lost to it,
    and of these days together, are explained.
    """
    closed = _closed(material)
    working = material.calendar.is_working
    lost = lost_days(closed.values(), working)
    found = []
    for organ, days in sorted(closed.items()):
        for day, closings in sorted(bursts(days, working, lost).items()):
            found.append(_burst(material, organ, day, closings))
    return found


def _closed(material: Material) -> dict[int, dict[date, list[Did]]]:
    """Return the closings by organ and by the day of their entry; imported ones are left out."""
    closed: dict[int, dict[date, list[Did]]] = defaultdict(lambda: defaultdict(list))
    for did in material.acts(*CLOSINGS):
        if did.organ is not None and not did.imported:
            closed[did.organ][did.entered].append(did)
    return closed


def _burst(material: Material, organ: int, day: date, closings: Sequence[Did]) -> Seen:
    """Return what is seen of a day with more closings than are likely."""
    cases = tuple(dict.fromkeys(did.case for did in closings))
    evidence = [
        Evidence(material.matters[did.case].number, did.pk, None, "办结", "closed")
        for did in closings
    ]
    return Seen(
        cases=cases,
        unit=organ,
        day=day,
        zh=f"{day} 一天办结 {len(cases)} 件，超过本机关平常一天可能的数",
        en=f"{len(cases)} matters closed on {day}, more than this organ's ordinary "
        "days make likely",
        evidence=tuple(evidence),
        mark=f"burst/{day}",
        official=_most(material, closings),
        act=closings[0].pk,
    )


def lost_days(organs: Iterable[Days], working: Working) -> frozenset[date]:
    """Return the weekdays lost to a rest: days of rest on which the office did indeed close next to
    nothing.

    A day that a notice made a rest day only afterwards, when everybody had worked, was not lost.
    """
    totals: Counter[date] = Counter()
    for days in organs:
        totals.update({day: len(ones) for day, ones in days.items()})
    if not totals:
        return frozenset()
    span = _span(min(totals), max(totals))
    worked = [totals[day] for day in span if working(day) is not False]
    ordinary = sum(worked) / max(1, len(worked))
    return frozenset(
        day
        for day in span
        if working(day) is False and day.weekday() < SATURDAY and totals[day] * 2 < ordinary
    )


def bursts(days: Days, working: Working, lost: Collection[date]) -> dict[date, list[Did]]:
    """Return the days of an organ above what is explained, with their closings: of all ways
    together, or of one."""
    span = [day for day in _span(min(days), max(days)) if working(day) is not False]
    waited = {day: _waited(day, working, lost) for day in {*days, *span}}
    ordinary = [day for day in span if not waited[day]]
    found = _above(days, ordinary, waited)
    # what waited is worked off like with like: one way in a day says nothing then
    unrested = {day: closings for day, closings in days.items() if not waited[day]}
    for way in CLOSINGS:
        for day, closings in _above(_of_way(unrested, way), ordinary, waited).items():
            found.setdefault(day, closings)
    return found


def _of_way(days: Days, way: str) -> dict[date, list[Did]]:
    """Return the closings of one way by day."""
    found = {}
    for day, closings in days.items():
        found[day] = [did for did in closings if did.act == way]
    return found


def _above(
    days: Days, ordinary: Sequence[date], waited: Mapping[date, int]
) -> dict[date, list[Did]]:
    """Return the days with more closings than the rate of ordinary days explains.

    On a day after a rest, that rate also explains the days that were lost and those after it.
    """
    rate = _rate([len(days.get(day, ())) for day in ordinary])
    found = {}
    for day, closings in days.items():
        explained = rate * (waited[day] + AFTER_REST) if waited[day] else rate
        if len({did.case for did in closings}) >= _bar(explained):
            found[day] = list(closings)
    return found


def _span(first: date, last: date) -> list[date]:
    """Return every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _waited(day: date, working: Working, lost: Collection[date]) -> int:
    """Return how many working days were lost to rests just before a day; none where the day is one
    of rest itself."""
    if working(day) is False:
        return 0
    before, worked, found = day - DAY, 0, 0
    while worked < AFTER_REST:
        if working(before) is not False:
            worked += 1
        if before in lost:
            found += 1
        before -= DAY
    return found


def _rate(counts: list[int]) -> float:
    """Return how many an organ closes on an ordinary working day: days above the bar are left out
    until none is.

    A burst must not raise the bar for itself.
    """
    rate = LEAST_RATE
    while counts:
        rate = max(sum(counts) / len(counts), LEAST_RATE)
        bar = _bar(rate)
        ordinary = [count for count in counts if count < bar]
        if len(ordinary) == len(counts):
            break
        counts = ordinary
    return rate


def _bar(mean: float) -> int:
    """Return the least count that a day with this mean reaches less often than `ODDS` by chance
    (Poisson)."""
    term, count = math.exp(-mean), 0
    below = term
    while 1 - below >= ODDS and count < 10_000:
        count += 1
        term *= mean / count
        below += term
    return count + 1


def _most(material: Material, acts: Iterable[Did]) -> int | None:
    """Return the official behind all but a few of these acts, where there is one."""
    counts = Counter(material.official_of.get(did.actor or 0) for did in acts)
    who, count = counts.most_common(1)[0]
    return who if count * 10 >= 9 * counts.total() else None


FINDERS = (
    Finder(
        "closing_burst",
        "突击办结",
        "closed in a burst",
        ("fraud",),
        "如果情有可原，会看到：休假以后的头三个工作日，件数不多于假期耽误的和这三日本来会办结的；或者平常就每天办结这么多",
        "if it were innocent: the first three working days after a rest, and no more than "
        "the days lost to it and "
        "these three would have brought; or an organ that closes as many every day",
        "acts",
        closing_burst,
    ),
)
