"""A case played on the pure core: acts in order, without a door or a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from config.effects import EFFECTS
from dengwen.law.duties.act_record import CHINA, ActRecord, CaseView, DutyView
from dengwen.law.duties.fold import derive
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.time.calendar import CalendarHistory

PACKS = Path(__file__).resolve().parents[2] / "packs"
LIBRARY = Library.load(PACKS, EFFECTS)
OFFICE, BUREAU, OTHER = 1, 2, 3


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), CHINA)


@dataclass
class Played:
    """Acts of one case and the rulebooks they were judged by."""

    kind: str = "petition"
    place: str = ""
    history: CalendarHistory = field(default_factory=lambda: CalendarHistory.of(LIBRARY.calendar))
    acts: list[ActRecord] = field(default_factory=list)
    books: dict[str, Rulebook] = field(default_factory=dict)

    def do(
        self,
        act: str,
        on: str,
        organ: int = BUREAU,
        *,
        entered: str = "",
        imported: bool = False,
        also: Mapping[str, FieldValue] | None = None,
        **data: FieldValue,
    ) -> Played:
        """Do an act; `also` holds fields whose names Python keeps for itself."""
        book = self.rules_of(on)
        self.acts.append(
            ActRecord(
                id=len(self.acts) + 1,
                act=act,
                occurred=noon(on),
                recorded=noon(entered or on),
                organ=organ,
                actor=organ,
                data={**data, **(also or {})},
                imported=imported,
                rules=book.digest,
            )
        )
        return self

    def mark(self, act: str, on: str, duty: DutyView) -> Played:
        """Record a breach or a lapse, as the sweep does."""
        book = self.rules_of(on)
        self.acts.append(
            ActRecord(
                len(self.acts) + 1,
                act,
                noon(on),
                noon(on),
                rules=book.digest,
                duty=duty.rule.id,
                opened_by=duty.opened_by,
            )
        )
        return self

    def view(self) -> CaseView:
        return derive(self.kind, self.acts, self.book, self.history)

    def duty(self, rule: str) -> DutyView:
        return next(d for d in reversed(self.view().duties) if d.rule.id == rule)

    def rules_of(self, day: str) -> Rulebook:
        """Return the rules of a day, and remember them as those an act was judged by."""
        found = LIBRARY.rulebook(date.fromisoformat(day), self.place)
        self.books[found.digest] = found
        return found

    def book(self, digest: str) -> Rulebook:
        return self.books[digest]
