"""A petition as a random history tells it: its acts as a scenario writes them, what is owed, and
days counted by hand from the yearly notices alone (`tools.recount`)."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tools.recount import by_notices

PACKS = Path(__file__).resolve().parent.parent / "packs"
WORKS = by_notices(PACKS / "calendar")
TODAY = date(2026, 1, 15)
"""The day of the last sweep: within the last year whose days off are known."""


# --- counting, by hand ----------------------------------------------------------------------------
def rolled(day: date) -> date:
    """Return the day, or the first working day after it."""
    while not WORKS(day):
        day += timedelta(days=1)
    return day


def after_days(start: date, days: int) -> date:
    """Return the last day of a term of plain days: the day of the event is not counted."""
    return rolled(start + timedelta(days=days))


def after_working_days(start: date, days: int) -> date:
    """Return the last of so many working days after a day."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= bool(WORKS(day))
    return day


def after_months(start: date, count: int) -> date:
    """Return the corresponding day of a later month, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return rolled(date(year, month + 1, min(start.day, last)))


# --- the model ------------------------------------------------------------------------------------
@dataclass
class Owed:
    """A duty as the model has it: since when, until when (None: the text has no number), and what
    became of it."""

    duty: str
    opened: date
    due: date | None = None
    right: bool = False
    state: str = "open"
    closed: date | None = None

    def expectation(self) -> dict[str, Any]:
        """Return what a scenario expects of it after the last sweep."""
        wanted: dict[str, Any] = {"duty": self.duty, "opened": self.opened, "state": self.state}
        wanted["due"] = self.due or ""
        wanted["number"] = self.due is not None
        if self.state == "closed" and self.due is not None:
            wanted["closed"] = self.closed
            wanted["met"] = "in_time" if self.closed and self.closed <= self.due else "late"
        if self.due is None:
            return wanted
        over = (self.closed or TODAY) > self.due
        if self.right and over and self.state == "void":
            wanted.pop("state")  # it had run out before, or is void: nobody has it either way
        if self.right:
            return wanted | ({"state": "lapsed"} if over and self.state == "open" else {})
        return wanted | {"breach": over}


@dataclass
class Story:
    """A petition as it goes on: its acts as a scenario writes them, and what is owed."""

    dice: Random
    edition: str
    day: date
    acts: list[dict[str, Any]] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    holder: str = ""
    anonymous: bool = False
    kind_of: str = ""
    path: str = ""
    received: date = date.min
    accepted: date = date.min
    extended: int = 0
    channel: str = "letter"
    assigned: bool = False
    used: int = 0
    mine_since: date = date.min
    kind: str = "petition"

    # --- writing ---
    def wait(self, most: int = 30) -> None:
        """Let some days pass, at least one."""
        self.day += timedelta(days=self.dice.choice([1, 1, 2, 3, self.dice.randint(1, most)]))

    def do(self, act: str, by: str, **more: object) -> None:
        """Write a lawful act of this day."""
        self.acts.append({"at": self.day, "act": act, "by": by, **more})

    def refused(self, act: str, by: str, code: str, **more: object) -> None:
        """Write an act that the law does not allow now."""
        self.acts.append({"at": self.day, "act": act, "by": by, "refused": code, **more})

    def owe(self, duty: str, due: date | None = None, *, right: bool = False) -> Owed:
        """Begin a duty today."""
        self.owed.append(Owed(duty, self.day, due, right=right))
        return self.owed[-1]

    def end(self, state: str, *duties: str) -> None:
        """End the open duties of these names."""
        for one in self.owed:
            if one.state == "open" and (one.duty in duties or "*" in duties):
                one.state, one.closed = state, self.day

    def find(self, duty: str) -> Owed | None:
        """Return the open duty of a name."""
        return next((o for o in reversed(self.owed) if o.duty == duty and o.state == "open"), None)

    def entry(self) -> dict[str, Any]:
        """Return the story as a scenario."""
        return {
            "section": "scenario",
            "zh": "随机",
            "kind": self.kind,
            "acts": self.acts,
            "today": TODAY,
            "expect": [one.expectation() for one in self.owed],
        }
