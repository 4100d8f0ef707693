"""What facts are drawn from: days, ledger position, organs; and duties as they stood at that
position."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dengwen.cases.models import Act, Duty
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, LATE, OPEN, UNKNOWN
from dengwen.ledger.models import Event
from dengwen.oversight.statistics import span

SLOTS = 32
PORTION = 400
"""Rows read at once; also the keys of one look-up, below what SQLite takes."""
OWN = 0
"""The slot of facts that are an act."""


@dataclass(frozen=True)
class Draw:
    """What to draw: the days of the period, the ledger position, the organs (None: all that have
    facts).

    With an `act` (its row id) only what rests on it need be drawn: one fact is looked up without
    drawing all of them.
    """

    first: date
    last: date
    position: int
    organs: frozenset[int] | None = None
    act: int | None = None
    everything: bool = field(init=False)

    def __post_init__(self) -> None:
        beyond = Q(leaf__isnull=True) | Q(leaf__idx__gte=self.position)
        object.__setattr__(self, "everything", not Event.objects.filter(beyond).exists())

    @property
    def begins(self) -> datetime:
        """The instant at which the first day begins."""
        return span(self.first, self.last)[0]

    def sealed(self, uid: str) -> Q:
        """Return the condition that the act with this uid (a path) was in the log at the
        position."""
        if self.everything:
            return Q()
        return Q(Exists(Event.objects.filter(uid=OuterRef(uid), leaf__idx__lt=self.position)))

    def resting(self, path: str) -> Q:
        """Return the condition that a row rests on the one act asked for, where only one is."""
        return Q() if self.act is None else Q(**{path: self.act})

    def whose(self, path: str) -> Q:
        """Return the condition that the organ of a row is one of those assessed."""
        return (
            Q(**{f"{path}__isnull": False})
            if self.organs is None
            else Q(**{f"{path}__in": self.organs})
        )


COLUMNS = (
    "opened_by_id",
    "case_id",
    "holder_id",
    "due",
    "opened_on",
    "state",
    "timeliness",
    "imported",
    "closed_on",
    "closed_by_id",
    "breach_id",
)


def duties(asked: Draw, rule: str, case: str, *more: str) -> QuerySet[Duty, tuple[Any, ...]]:
    """Return the duties of a rule that were opened by the position, in order of the act that
    opened them."""
    rows = Duty.objects.filter(
        asked.sealed("opened_by__uid"),
        asked.whose("holder"),
        asked.resting("opened_by"),
        rule=rule,
        case__kind=case,
        case__protected=False,
    )
    return rows.order_by("opened_by_id").values_list(*COLUMNS, *more)


def ended(asked: Draw) -> set[int]:
    """Return acts that came after the position: what they closed or breached was still open
    then."""
    if asked.everything:
        return set()
    beyond = Event.objects.filter(Q(leaf__isnull=True) | Q(leaf__idx__gte=asked.position)).values(
        "uid"
    )
    return set(Act.objects.filter(uid__in=beyond).values_list("pk", flat=True))


def judged(row: tuple[Any, ...], later: set[int]) -> tuple[str, str] | None:
    """Return (outcome, how entered) of a duty, or None where there is nothing to judge."""
    state, timeliness, imported, _closed_on, closed_by, breach = row[5:11]
    if state == CLOSED and closed_by not in later:
        if timeliness == UNKNOWN:
            return None
        entered = "imported" if imported else "late" if timeliness == BY_CLAIM else "timely"
        return ("late" if timeliness == LATE else "in_time"), entered
    if state not in (OPEN, CLOSED):
        return None
    entered = "imported" if imported else "timely"
    return ("missed" if breach is not None and breach not in later else "open"), entered
