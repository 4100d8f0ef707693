"""How what is counted came in: late entries (补录) and imports are counted apart beside every
figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dengwen.law.indicators.indicator import ENTERED


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are, and how many of these were entered late and how many imported."""

    number: int = 0
    late: int = 0
    imported: int = 0

    def more(self, entered: str) -> Tally:
        """Return the tally with one more, which came in like this."""
        return Tally(
            self.number + 1,
            self.late + (entered == "late"),
            self.imported + (entered == "imported"),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """How many went well, of how many."""

    good: int = 0
    every: Tally = Tally()

    def more(self, good: bool, entered: str) -> Share:
        """Return the share with one more, which went well or not and came in like this."""
        return Share(self.good + good, self.every.more(entered))


def tally(entered: Iterable[str]) -> Tally:
    """Return the tally of things that came in like this."""
    found = Tally()
    for one in entered:
        found = found.more(one)
    return found


def soonest(entered: Iterable[str]) -> str:
    """Return how something came in that rests on several facts: at the time where one of them
    did."""
    return min(entered, key=ENTERED.index)
