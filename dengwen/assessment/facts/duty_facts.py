"""What facts are drawn from: days, ledger position, organs; and duties as they stood at that
position."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from dengwen.assessment.facts.entry_modes import entry_mode
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.cases.models import Act, Duty
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, LATE, OPEN, UNKNOWN, VOID
from dengwen.ledger.models import Event
from dengwen.oversight.statistics import span

SLOTS = 32
PORTION = 400
"""Rows read at once; also the keys of one look-up, below what SQLite takes."""
OWN = 0
"""The slot of facts that are an act."""


def _beyond(position: int) -> Q:
    """Return the condition that an event was not in the log at the position."""
    return Q(leaf__isnull=True) | Q(leaf__idx__gte=position)


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
        later = Event.objects.filter(_beyond(self.position))
        object.__setattr__(self, "everything", not later.exists())

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
        if self.organs is None:
            return Q(**{f"{path}__isnull": False})
        return Q(**{f"{path}__in": self.organs})

    def wants(self, organ: int) -> bool:
        """Say whether the organ is one of those assessed."""
        return self.organs is None or organ in self.organs


class DutyRow(NamedTuple):
    """The columns of a duty that facts are made of, named as they are read."""

    act: int
    case: int
    holder: int
    due: date
    opened_on: date
    state: str
    timeliness: str
    imported: bool
    closed_on: date | None
    closed_by: int | None
    breach: int | None
    by_claim: bool

    @property
    def claimed(self) -> bool:
        """Whether what speaks for its holder rests on what was entered late: for whoever judges."""
        return self.by_claim or self.timeliness == BY_CLAIM

    def answered(self, later: Collection[int]) -> bool:
        """Say whether the duty was met by an act that is not among the later ones."""
        return self.state == CLOSED and self.closed_by not in later

    def missed(self, later: Collection[int]) -> bool:
        """Say whether its day had passed unmet, by an act that is not among the later ones."""
        return self.breach is not None and self.breach not in later

    def fact(  # the columns of a fact that differ from kind to kind
        self,
        slot: int,
        kind: str,
        day: date,
        outcome: str,
        entered: str,
        *,
        sort: str = "",
        channel: str = "",
    ) -> Fact:
        """Return the fact that rests on this duty, known by the act that opened it."""
        return Fact(
            self.act * SLOTS + slot,
            kind,
            self.holder,
            self.case,
            day,
            outcome,
            sort,
            channel,
            entered,
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
    "by_claim",
)
"""What `DutyRow` names, in its order."""


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


def read(rows: QuerySet[Duty, tuple[Any, ...]]) -> Iterator[tuple[DutyRow, tuple[Any, ...]]]:
    """Yield each duty, read in portions, with the further columns that were asked for."""
    for row in rows.iterator(chunk_size=PORTION):
        yield DutyRow(*row[: len(COLUMNS)]), row[len(COLUMNS) :]


def ended(asked: Draw) -> set[int]:
    """Return acts that came after the position: what they closed or breached was still open
    then."""
    if asked.everything:
        return set()
    beyond = Event.objects.filter(_beyond(asked.position)).values("uid")
    return set(Act.objects.filter(uid__in=beyond).values_list("pk", flat=True))


def judged(duty: DutyRow, later: Collection[int]) -> tuple[str, str] | None:
    """Return (outcome, how entered) of a duty, or None where there is nothing to judge."""
    if duty.answered(later):
        if duty.timeliness == UNKNOWN:
            return None
        late = duty.timeliness == LATE
        entered = entry_mode(imported=duty.imported, late=duty.claimed and not late)
        return ("late" if late else "in_time"), entered
    if duty.state not in (OPEN, CLOSED) and not _ended_by_claim(duty, later):
        return None
    entered = entry_mode(imported=duty.imported, late=False)
    return ("missed" if duty.missed(later) else "open"), entered


def _ended_by_claim(duty: DutyRow, later: Collection[int]) -> bool:
    """Say whether a duty that had been missed was ended by a late entry alone: it is judged as it
    stood, for a claim takes nothing out of an assessment."""
    return duty.state == VOID and duty.by_claim and duty.missed(later)
