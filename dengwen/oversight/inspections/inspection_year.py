"""The inspections of a year by month: planned for it, begun in it, concluded in it (S 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from dengwen.oversight.inspections.queries import Inspection


@dataclass(slots=True)
class Month:
    """One month, from 1, with the inspections that are planned for it, began in it, and were
    concluded in it."""

    number: int
    planned: list[Inspection] = field(default_factory=list)
    begun: list[Inspection] = field(default_factory=list)
    concluded: list[Inspection] = field(default_factory=list)


def planned_for(made: Inspection) -> date | None:
    """Return the day an inspection is planned to begin: the one its plan names, else that of the
    act."""
    told = next((t for t in made.acts if t.act == "plan"), None)
    if told is None:
        return None
    return date.fromisoformat(made.begins) if made.begins else told.day


def months_of(read: Sequence[Inspection], year: int) -> list[Month]:
    """Return the twelve months of a year with the inspections that belong to them."""
    months = [Month(n) for n in range(1, 13)]
    for made in read:
        ended = made.concluded.day if made.concluded else None
        for name, day in (
            ("planned", planned_for(made)),
            ("begun", made.begun),
            ("concluded", ended),
        ):
            if day is not None and day.year == year:
                getattr(months[day.month - 1], name).append(made)
    return months
