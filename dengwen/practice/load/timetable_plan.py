"""When things happen in practice: which roads are taken, from which day, at which pace. Pure but
for the calendar.

Seasons, rest days, busy organs and ordinary lateness come from here; everything from one seeded
generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dengwen.law.duties.act_record import CHINA
from dengwen.law.time.calendar import Calendar
from dengwen.practice.load.roads import ASK_RECHECK, ASK_REVIEW, LAPSED, Move, Road

CHANGE = date(2022, 5, 1)
"""The day the regulation of 2022 came into force (R22, art. 50): roads of the old one are at
their tail by then."""
SEASONS = (7, 9, 12, 10, 9, 10, 11, 11, 9, 7, 9, 10)
"""How many write in each month, in relation: few around the Spring Festival, many after it and
in summer storms."""
LATE_SHARE = 0.09
LATENESS = {"forward": (14, 25), "accept": (14, 24), "draft": (45, 80)}
"""Which acts come late now and then, and by how many days more."""
TAILS = frozenset({LAPSED.act, ASK_REVIEW.act, ASK_RECHECK.act})
WINDOW = timedelta(days=30)


@dataclass
class Plan:
    """One matter: its road, organs, and the instant of every move."""

    road: Road
    organ: str
    other: str
    instants: tuple[datetime, ...]
    numbers: dict[str, str] = field(default_factory=dict)
    done: int = 0
    broken: bool = False


class Planner:
    """Draws plans. The same seed, calendar and span give the same plans. A `calm` one plans
    nothing that comes late."""

    def __init__(
        self,
        random: Random,
        calendar: Calendar,
        organs: Sequence[str],
        first: date,
        last: date,
        *,
        calm: bool = False,
    ) -> None:
        self.random, self.calendar, self.organs, self.calm = random, calendar, tuple(organs), calm
        self.first, self.last = first, last
        self.pace = {code: random.uniform(0.75, 1.15) for code in self.organs}
        self.seen: dict[str, list[date]] = {code: [] for code in self.organs}

    def plan(
        self, road: Road, span: tuple[date, date], *, whole: bool = False, halt: bool = False
    ) -> Plan:
        """Plan one road that begins within `span`.

        `halt` lets it end just before the last day, `whole` begins it early enough to be walked to
        its end.
        """
        organ = self.random.choices(self.organs, weights=range(len(self.organs), 0, -1))[0]
        other = self.random.choice([code for code in self.organs if code != organ])
        days = [self._days(move, organ) for move in road.moves]
        if not self.calm and not halt and self.random.random() < LATE_SHARE:
            days = self._slower(road, days)
        begin = self._begin(span)
        if halt:
            begin = self._ending(days, self.last - timedelta(days=self.random.randrange(4)))
        elif whole:
            begin = min(begin, self._ending(days, self._end_of(span)))
        self.seen[organ].append(begin)
        return Plan(road, organ, other, self._instants(begin, days))

    def _end_of(self, span: tuple[date, date]) -> date:
        """Return the day by which a road of a span is walked: its own edition's end, or the
        load's."""
        return span[1] if span[1] < CHANGE else self.last

    def _days(self, move: Move, organ: str) -> int:
        """Draw how many days after the move before a move is done; a busy organ drafts slower."""
        low, high = move.days
        if self.calm:  # the lower half of what is usual leaves room for every holiday
            return self.random.randint(low, (low + high) // 2)
        drawn = self.random.randint(low, high)
        if move.act != "draft":
            return drawn
        busy = len([day for day in self.seen[organ][-12:] if day >= self.last - WINDOW])
        return round(drawn * self.pace[organ] * (1 + min(busy, 10) * 0.03))

    def _slower(self, road: Road, days: list[int]) -> list[int]:
        """Let one of the moves that come late now and then come late."""
        late = [
            n for n, move in enumerate(road.moves) if move.act in LATENESS and move.on == "petition"
        ]
        if not late:
            return days
        chosen = self.random.choice(late)
        more = self.random.randint(*LATENESS[road.moves[chosen].act])
        return [d + more if n == chosen else d for n, d in enumerate(days)]

    def _begin(self, span: tuple[date, date]) -> date:
        """Draw a day by season; later days are likelier, as an office that grows receives more."""
        length = max((span[1] - span[0]).days, 1)
        for _ in range(200):
            share = self.random.random() ** 0.6
            day = span[0] + timedelta(days=int(share * length))
            if self.random.randrange(max(SEASONS)) < SEASONS[day.month - 1] and self._works(day):
                return day
        return span[0]

    def _ending(self, days: Sequence[int], last: date) -> date:
        """Return the latest first day from which all moves end by `last`."""
        begin = last - timedelta(days=sum(days))
        while self._instants(begin, days)[-1].astimezone(CHINA).date() > last:
            begin -= timedelta(days=1)
        return begin

    def _instants(self, begin: date, days: Sequence[int]) -> tuple[datetime, ...]:
        """Return the instants of moves that wait so many days each; all fall on working days."""
        found: list[datetime] = []
        day = begin
        for number, wait in enumerate(days):
            day = self._working(day + timedelta(days=wait))
            minutes = (
                5 + number * 11 + self.random.randrange(10) if number else self.random.randrange(12)
            )
            found.append(
                datetime.combine(day, time(9), CHINA).astimezone(UTC) + timedelta(minutes=minutes)
            )
        return tuple(found)

    def _working(self, day: date) -> date:
        while not self._works(day):
            day += timedelta(days=1)
        return day

    def _works(self, day: date) -> bool:
        known = self.calendar.is_working(day)
        return day.weekday() < 5 if known is None else known

    def core_ends(self, road: Road) -> int:
        """Return after how many moves a road is at its tail: what follows reads the same in both
        editions."""
        moves = list(enumerate(road.moves, 1))
        return next((n - 1 for n, move in moves if move.act in TAILS), len(road.moves))


def months_before(day: date, months: int) -> date:
    """Return the first of the month `months` before `day`."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
