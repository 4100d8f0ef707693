"""Leaves of leaders in a played year: another leader of the organ is registered as the substitute,
on the first day of the leave or afterwards, and holds the duties for that time.

Whoever stands in does the own duty first, so what either does in a period that a leave touches
counts as planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dengwen.practice.year.changes_of_leader import DELAYS, Correction, Held

EVERY, FIRST = 10, 4
"""One leader in so many is away once in the year, beginning with this one."""
FIRST_DAY, LAST_DAY = 20, 290
LONG = (12, 20, 33, 45)
"""Days of a leave."""


@dataclass(frozen=True, slots=True)
class Leave:
    """A leader who is away, and who stands in (staff codes): first day, the first day after it, and
    when it is entered."""

    seat: str
    away: str
    stands_in: str
    first: date
    end: date
    entered: date

    @property
    def late(self) -> bool:
        """Whether it is entered after its first day."""
        return self.entered > self.first

    @property
    def own_seat(self) -> str:
        """The seat of whoever stands in."""
        return seat_of(self.stands_in)

    def touches(self, first: date, last: date) -> bool:
        """Say whether a day of the leave lies in a period."""
        return self.first <= last and first < self.end

    def bars(self, last: date, made_up: date) -> bool:
        """Say whether nobody can make up on a day for a period that ended: it was another's at its
        end, as far as is known then."""
        return self._held_at(last, made_up) != self._held_at(made_up, made_up)

    def _held_at(self, day: date, as_of: date) -> str:
        away = self.first <= day < self.end and self.entered <= as_of
        return self.stands_in if away else self.away

    def expected(
        self, first: date, last: date, ids: Mapping[str, int]
    ) -> tuple[Held, list[Correction]]:
        """Return who held a period that ended on a day, and what was corrected in it."""
        away, other = ids[self.away], ids[self.stands_in]
        since = max(self.first, first)
        if not self.touches(first, last):
            return ((away, first),), []
        held: Held = ((other, since),) if since == first else ((away, first), (other, since))
        if self.end <= last:
            held = (*held, (away, self.end))
        late = self.entered > since
        return held, [(since, away, other, self.entered)] if late else []


def seat_of(code: str) -> str:
    """Return the seat of a leader of the played area."""
    return f"post:{code.split('-', maxsplit=1)[0]}-{code}"


def draw_leaves(
    codes: Iterable[str], taken: Collection[str], year: int, random: Random
) -> list[Leave]:
    """Draw who is away when, and when that is entered; nobody of an organ in which a leader is
    replaced (`taken`: their codes)."""
    every = sorted(codes)
    changing = {code.split("-")[0] for code in taken}
    found = []
    for code in every[FIRST::EVERY]:
        organ = code.split("-")[0]
        others = [one for one in every if one.split("-")[0] == organ and one != code]
        if organ in changing or not others:
            continue
        first = date(year, 1, 1) + timedelta(days=random.randrange(FIRST_DAY, LAST_DAY))
        end = first + timedelta(days=random.choice(LONG))
        entered = first + timedelta(days=random.choice(DELAYS))
        found.append(Leave(seat_of(code), code, random.choice(others), first, end, entered))
    return found
