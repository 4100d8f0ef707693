"""Early warning (预警) on matters, places and organs, never on persons: three detectors over plain
values.

Each sees days in their order and knows only what came before, so that the same code warns in an
office and is tried on old messages (`backtest.py`). All thresholds are local settings: the text
(seed art. 4) names none.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from dengwen.petitions.intake.lookalikes import THRESHOLD, Pieces, containment

WEEK = 7
PAST_WEEKS = 26
"""How much of its own past a place and category is compared with: half a year of weeks."""
LEAST_PAST = 8
"""Weeks of past below which nothing is said: a new office has no ordinary level yet."""
QUANTILE = 0.95


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The local thresholds of the detectors; an office sets its own (`warning.*` settings)."""

    people: int = 4
    days: int = 30
    inflow_least: int = 5
    inflow_odds: int = 200
    unanswered_least: int = 5
    unanswered_share: int = 50
    unanswered_days: int = 30


STANDARD = Thresholds()
"""What holds where an office set nothing; shown as local like everything here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One matter as a detector sees it: a key of the caller's, its day, whose it is (a digest), its
    pieces.

    `persons` is how many people one letter speaks for (a joint letter counts them all).
    """

    key: int
    day: date
    who: str
    pieces: Pieces
    persons: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector found: on which day, about what (codes), the matters it rests on, the
    count and its threshold."""

    detector: str
    day: date
    subject: tuple[str, ...]
    keys: tuple[int, ...]
    count: int
    threshold: int
    days: int


# --- the same matter by many ----------------------------------------------------------------------
@dataclass
class SameMatter:
    """Warns where at least `people` people write about the same matter within `days` days.

    A matter that was warned of is not warned of again: whatever is alike joins it. `told` are keys
    of such matters.
    """

    people: int = STANDARD.people
    days: int = STANDARD.days
    alike: float = THRESHOLD
    told: set[int] = field(default_factory=set)
    _window: deque[Seen] = field(default_factory=deque)
    _posted: dict[int, deque[Seen]] = field(default_factory=dict)

    def see(self, matter: Seen) -> Finding | None:
        """Take the next matter in the order of days; return a finding if it makes its matter one
        of many people."""
        self._forget(matter.day)
        group = [*self._alike(matter), matter]
        self._window.append(matter)
        for piece in matter.pieces.kept:
            self._posted.setdefault(piece, deque()).append(matter)
        count = people_of(group)
        if count < self.people:
            return None
        keys = {m.key for m in group}
        known = bool(keys & self.told)
        self.told |= keys
        if known:
            return None
        return Finding(
            "same_matter", matter.day, (), tuple(sorted(keys)), count, self.people, self.days
        )

    def _alike(self, matter: Seen) -> list[Seen]:
        """Return the matters of the window that are alike, found by what pieces they share."""
        shared: Counter[int] = Counter()
        by_key: dict[int, Seen] = {}
        for piece in matter.pieces.kept:
            for other in self._posted.get(piece, ()):
                shared[other.key] += 1
                by_key[other.key] = other
        found = []
        for key, number in shared.items():
            if self._is_alike(matter, by_key[key], number):
                found.append(by_key[key])
        return found

    def _is_alike(self, matter: Seen, other: Seen, shared: int) -> bool:
        """Say whether two matters that share so many pieces are alike."""
        shorter = min(len(matter.pieces.kept), len(other.pieces.kept))
        # What shares less than half of it cannot reach the threshold once sketches are cut.
        if shared < self.alike / 2 * shorter:
            return False
        return containment(matter.pieces, other.pieces) >= self.alike

    def _forget(self, day: date) -> None:
        """Let the matters go that lie before the window that ends with a day."""
        while self._window and (day - self._window[0].day).days >= self.days:
            gone = self._window.popleft()
            for piece in gone.pieces.kept:
                posted = self._posted[piece]
                posted.popleft()  # whatever is oldest in the window is oldest in each of its lists
                if not posted:
                    del self._posted[piece]


def people_of(group: Iterable[Seen]) -> int:
    """Count the people behind matters: each once, a joint letter for all it speaks for."""
    most: dict[str, int] = {}
    for matter in group:
        most[matter.who] = max(most.get(matter.who, 1), matter.persons)
    return sum(most.values())


# --- inflow above the own past --------------------------------------------------------------------
def poisson_bar(mean: float, odds: int) -> int:
    """Return the smallest count that a Poisson source with this mean reaches less often than
    once in `odds` weeks."""
    term = math.exp(-mean)
    below, count = term, 0
    while 1 - below >= 1 / odds:
        count += 1
        term *= mean / count
        below += term
    return count + 1


def inflow_bar(past: Sequence[int], least: int, odds: int) -> int | None:
    """Return the weekly count from which an inflow is above its own past; None while the past is
    too short.

    Robust on purpose: the level is the median of the past weeks, which one flood does not move, and
    the bar is above what nearly all past weeks were (their 95 % quantile), so that a restless place
    is not warned of every month.
    """
    if len(past) < LEAST_PAST:
        return None
    ordered = sorted(past)
    weeks = len(ordered)
    usual = ordered[min(weeks - 1, math.ceil(QUANTILE * weeks) - 1)]
    level = max(median(ordered), sum(ordered) / weeks / 2, 1 / weeks)
    return max(least, poisson_bar(level, odds), usual + 1)


@dataclass
class Inflow:
    """Warns where one week of a place and category is above its own past. Not again within a
    week of weeks above."""

    least: int = STANDARD.inflow_least
    odds: int = STANDARD.inflow_odds
    began: date | None = None
    _days: dict[Hashable, Counter[date]] = field(default_factory=dict)
    _keys: dict[Hashable, deque[tuple[date, int]]] = field(default_factory=dict)
    _until: dict[Hashable, date] = field(default_factory=dict)

    def see(self, key: int, day: date, subject: tuple[str, ...]) -> Finding | None:
        """Take the next matter in the order of days; return a finding if it lifts its week above
        the past."""
        self.began = self.began or day
        days = self._days.setdefault(subject, Counter())
        days[day] += 1
        week = self._week(key, day, subject)
        bar = inflow_bar(self._past(days, day), self.least, self.odds)
        if bar is None or len(week) < bar:
            return None
        until = self._until.get(subject)
        self._until[subject] = day
        if until is not None and (day - until).days < WEEK:
            return None
        keys = tuple(one for _day, one in week)
        return Finding("inflow", day, subject, keys, len(keys), bar, WEEK)

    def _week(self, key: int, day: date, subject: tuple[str, ...]) -> deque[tuple[date, int]]:
        """Take the next matter of a subject; return those of the week that ends with its day."""
        matters = self._keys.setdefault(subject, deque())
        matters.append((day, key))
        oldest, _key = matters[0]
        while (day - oldest).days >= WEEK:
            matters.popleft()
            oldest, _key = matters[0]
        return matters

    def _past(self, days: Counter[date], day: date) -> list[int]:
        """Return the counts of the whole weeks before this one, as far as anything was kept at
        all."""
        assert self.began is not None
        days_kept = (day - self.began).days + 1
        weeks = min(PAST_WEEKS, days_kept // WEEK - 1)
        counts = [0] * max(0, weeks)
        for one, number in days.items():
            week = (day - one).days // WEEK - 1
            if 0 <= week < weeks:
                counts[week] += number
        return counts


# --- unanswered, and for how long -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Waiting:
    """One matter with an organ: since when, and on which day it first answered (None: not yet)."""

    key: int
    since: date
    answered: date | None


def unanswered(
    organ: str, matters: Collection[Waiting], day: date, limits: Thresholds | None = None
) -> Finding | None:
    """Return a finding where much of what an organ got `unanswered_days` or longer ago is still
    without any answer.

    Looked at are the matters of the half year before `day` that are old enough; the count is the
    share in per cent. A share, never the volume: whoever gets more petitions is not warned of for
    that (design 1.9).
    """
    limits = limits or STANDARD
    oldest = PAST_WEEKS * WEEK + limits.unanswered_days
    old = [one for one in matters if limits.unanswered_days <= (day - one.since).days < oldest]
    waiting = [one.key for one in old if one.answered is None or one.answered > day]
    open_still = sorted(waiting)
    if len(open_still) < limits.unanswered_least:
        return None
    share = round(100 * len(open_still) / len(old))
    if share < limits.unanswered_share:
        return None
    return Finding(
        "unanswered",
        day,
        (organ,),
        tuple(open_still),
        share,
        limits.unanswered_share,
        limits.unanswered_days,
    )
