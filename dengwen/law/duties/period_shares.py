"""Who is judged for a period that changed hands.

No text says how a duty is divided between those who held a seat one after the other. Whoever held
it on the first and the last day is judged for it. Whoever came within the period owes a share by a
local rule, shown as such, or is not judged for it; who left within it is for people to find, unless
the local rule says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WHOLE, LEFT, CAME = "whole", "left", "came"
SHARE, LESS = "share", "less"
JUDGED, LOCAL = frozenset({WHOLE, SHARE}), frozenset({SHARE, LESS})
"""How somebody stands to a period: held it on its first and last day; left within it; came within
it and is not judged; is judged, or not, by the local share of its days."""
SETTING = "register.share"
"""The local setting: from how many percent of the days of a period on somebody who did not hold it
throughout is judged for it. Never law."""
MOST = 100
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Share:
    """On how many days of a period an official held it, of how many, and how they stand to it."""

    official: int
    days: int
    of: int
    standing: str

    @property
    def judged(self) -> bool:
        """Whether the official is judged for the period."""
        return self.standing in JUDGED


def local_share(value: str) -> int | None:
    """Return the percent a local setting names; None where it names none."""
    if not (value.isascii() and value.isdigit()):
        return None
    return int(value) if 0 < int(value) <= MOST else None


def shares(
    leaders: Sequence[tuple[int | None, date]], last: date, percent: int | None
) -> dict[int, Share]:
    """Return how everybody who held a seat in a period stands to it: `leaders` who from which day
    on, up to the `last`."""
    if not leaders:
        return {}
    first = leaders[0][1]
    length = (last - first).days + 1
    ends = [since for _, since in leaders[1:]] + [last + DAY]
    days: dict[int, int] = {}
    for (who, since), end in zip(leaders, ends, strict=True):
        if who is not None:
            days[who] = days.get(who, 0) + (end - since).days
    on_first, on_last = leaders[0][0], leaders[-1][0]
    return {
        who: Share(who, held, length, _standing(who, held, length, on_first, on_last, percent))
        for who, held in days.items()
    }


def _standing(
    who: int,
    held: int,
    length: int,
    on_first: int | None,
    on_last: int | None,
    percent: int | None,
) -> str:
    """Return how an official stands to a period."""
    if who == on_first == on_last:
        return WHOLE
    if percent is not None:
        return SHARE if held * MOST >= percent * length else LESS
    return LEFT if who == on_first else CAME
