"""On which days somebody was away from which organ: one rule for finders and assessments.

A substitution for a recusal is no leave: whoever is recused from a matter keeps the post and all
other work. One that is made for an organ says nothing of the work in another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dengwen.cases.models import Act
from dengwen.organs.kinds import RECUSAL
from dengwen.organs.models import Substitute


@dataclass(frozen=True, slots=True)
class Absence:
    """The days on which somebody stands in for an official: first day, the day it ended
    (exclusive), when the registry got it, and in which organ (None: in every post)."""

    first: date
    end: date | None
    recorded: datetime
    organ: int | None = None

    def holds_on(self, day: date, organ: int | None) -> bool:
        """Say whether somebody stands in on a day in an organ."""
        here = self.organ is None or self.organ == organ
        return here and self.first <= day and (self.end is None or day < self.end)


def leaves() -> QuerySet[Substitute]:
    """Return the substitutions of those who were away."""
    return Substitute.objects.exclude(reason=RECUSAL)


def absences(entered: Q) -> dict[int, list[Absence]]:
    """Return by official the days on which somebody stands in, by the acts so `entered`."""
    rows = list(
        leaves()
        .order_by("pk")
        .values_list("official_id", "valid_from", "valid_to", "organ_id", "act")
    )
    acts = Act.objects.filter(entered, pk__in={row[-1] for row in rows})
    recorded = dict(acts.values_list("pk", "recorded_at"))
    found: dict[int, list[Absence]] = defaultdict(list)
    for official, first, end, organ, act in rows:
        if act in recorded:
            found[official].append(Absence(first, end, recorded[act], organ))
    return found
