"""How what is counted came in: late entries (补录) and imports are counted apart beside every
figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dengwen.law.indicators.indicator import ENTERED

TIMELY, LATE, IMPORTED = "timely", "late", "imported"
"""Entered when it happened, entered late from a paper, or imported from history."""


def entry_mode(*, imported: bool, late: bool) -> str:
    """Return how something came in, `late` being what was entered late; an import stays one."""
    if imported:
        return IMPORTED
    return LATE if late else TIMELY


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are, and how many of these were entered late and how many imported."""

    number: int = 0
    late: int = 0
    imported: int = 0

    def more(self, entered: str) -> Tally:
        """Return the tally with one more, which came in like this."""
        late, imported = self.late, self.imported
        if entered == LATE:
            late += 1
        elif entered == IMPORTED:
            imported += 1
        return Tally(self.number + 1, late, imported)


@dataclass(frozen=True, slots=True)
class Share:
    """How many went well, of how many."""

    good: int = 0
    every: Tally = Tally()

    def more(self, good: bool, entered: str) -> Share:
        """Return the share with one more, which went well or not and came in like this."""
        went_well = self.good + 1 if good else self.good
        return Share(went_well, self.every.more(entered))


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
