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
from dengwen.law.duties.excuse import known_in_time
from dengwen.ledger.models import Event
from dengwen.oversight.statistics import span

SLOTS = 32
PORTION = 400
"""Rows read at once; also the keys of one look-up, below what SQLite takes."""
SENT_BACK = frozenset({"agree_return", "agree_return_within", "decide_dispute"})
"""The acts by which a matter leaves a body that objected to it."""
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
    closed_recorded: datetime | None
    ended_by: str | None

    @property
    def claimed(self) -> bool:
        """Whether what speaks for its holder rests on what was entered late: for whoever judges."""
        return self.by_claim or self.timeliness == BY_CLAIM

    @property
    def ended_too_late(self) -> bool:
        """Whether it ended without being done, and that was known only once its day was over."""
        if self.state != VOID or self.imported or self.due is None:
            return False
        return self.closed_recorded is not None and not known_in_time(
            self.closed_recorded, self.due
        )

    @property
    def moved_too_late(self) -> bool:
        """Whether it was done after its day, and in time only by a longer time claimed
        afterwards."""
        by_claim = self.state == CLOSED and self.timeliness == BY_CLAIM
        return by_claim and self.closed_on is not None and self.closed_on > self.due

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
    "closed_by__recorded_at",
    "closed_by__act",
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
    """Return (outcome, how entered) of a duty, or None where there is nothing to judge.

    What was entered after its day excuses nothing: a longer time leaves it late, and what ended it
    without its being done leaves it missed. Whoever judges sees both beside the fact (`excuse`).
    """
    if duty.answered(later):
        if duty.timeliness == UNKNOWN:
            return None
        if duty.moved_too_late:
            return "late", entry_mode(imported=duty.imported, late=False)
        late = duty.timeliness == LATE
        entered = entry_mode(imported=duty.imported, late=duty.claimed and not late)
        return ("late" if late else "in_time"), entered
    entered = entry_mode(imported=duty.imported, late=False)
    if duty.state == VOID and duty.closed_by not in later:
        return ("missed", entered) if _stays_missed(duty) else None
    if duty.state not in (OPEN, CLOSED, VOID):
        return None
    return ("missed" if duty.missed(later) else "open"), entered


def _stays_missed(duty: DutyRow) -> bool:
    """Say whether a duty that ended without being done was missed by then: unless the matter went
    back to its sender after an objection on record by the last day (R22 23(3))."""
    if not duty.ended_too_late:
        return False
    return duty.ended_by not in SENT_BACK or not _objected_in_time(duty)


def _objected_in_time(duty: DutyRow) -> bool:
    """Say whether the bearer had objected by the last day of a duty."""
    objections = Act.objects.filter(
        case=duty.case, act__in=("object", "refer_dispute"), organ=duty.holder
    )
    recorded = objections.values_list("recorded_at", flat=True)
    return any(known_in_time(one, duty.due) for one in recorded)
