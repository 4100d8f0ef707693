"""Under which circumstances one step of a running call is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dengwen.cases.rulebooks import Installed
from dengwen.cases.write.call_context import Held
from dengwen.cases.write.second_person import Seconded
from dengwen.law.packs.library import Rulebook


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which circumstances a step is done: its case, the rules in force on the day it claims,
    and the instant at which the ledger gets it.

    `behalf` says that it is entered for a unit without accounts, `by_effect` that another act asked
    for it.
    """

    held: Held
    installed: Installed
    now: datetime
    day: date
    behalf: bool
    by_effect: bool
    seconded: Seconded | None = None

    @property
    def book(self) -> Rulebook:
        """The rules in force on the day of the step."""
        return self.installed.book

    @property
    def kind_id(self) -> str:
        """The id of the procedure of the case."""
        return self.held.case.kind
