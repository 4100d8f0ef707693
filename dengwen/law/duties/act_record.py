"""Acts as they were recorded, and the case as it stands after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, Basis, DutyRule
from dengwen.law.packs.vocabulary import OPENING_STATE
from dengwen.law.time.terms import Counted

CHINA = ZoneInfo("Asia/Shanghai")
BREACH, LAPSE, CORRECT = "breach", "lapse", "correct"
"""Acts every kind knows: a duty was not done in time; a right was not used; an earlier act is
corrected."""
OCCURRED = "occurred_at"
"""The field name by which `correct` moves the claimed instant of an act."""

OPEN, CLOSED, VOID, LAPSED = "open", "closed", "void", "lapsed"
IN_TIME, LATE, BY_CLAIM, IMPORTED, UNKNOWN = "in_time", "late", "by_claim", "imported", "unknown"
"""How a closed duty was met. `by_claim`: recorded after the due day with a claimed day on or
before it."""


def civil(instant: datetime) -> date:
    """Return the civil date in China of an aware instant: the day that counts in law."""
    return instant.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class ActRecord:
    """One recorded act. `occurred` is claimed, `recorded` is when the ledger got it; both are aware
    instants.

    `duty` and `opened_by` name the duty a breach or lapse is about (rule id and opening act id).
    """

    id: int
    act: str
    occurred: datetime
    recorded: datetime
    organ: int | None = None
    actor: int | None = None
    data: Mapping[str, FieldValue] = field(default_factory=dict)
    imported: bool = False
    rules: str = ""
    duty: str = ""
    opened_by: int | None = None

    @property
    def day(self) -> date:
        """The civil date on which the act says it happened."""
        return civil(self.occurred)


@dataclass(frozen=True, slots=True)
class Move:
    """An act that lengthens a running term: `amount` in the unit of the term, or a stretch that is
    not counted.

    `recorded` is when the ledger got the act. What was entered after the last day is a claim and
    moves nothing.
    """

    act: int
    recorded: datetime
    amount: int = 0
    span: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class HolderCorrection:
    """Who held a seat from a day on by an entry made afterwards (`learnt`), and who was held to be
    the holder until then; None where nobody."""

    since: date
    was: int | None
    leader: int | None
    learnt: date


@dataclass(slots=True)
class DutyView:
    """One duty of a case: identified by (rule, opening act), with its dates, holder and how it
    ended.

    `moves` are the extensions and uncounted stretches in the order they were recorded; those
    recorded by the last day
    make up `extended` (in the unit of the term), `spans` and `excluded` (days of the spans that
    fall into the term),
    the others are `claims`: they move no date, and `claimed_due` says when the term would end if
    they did. `opened_recorded` is when the ledger got what opened it, or what moved that; `since`
    is the day of that entry where a petitioner's period would have run out by then: it counts from
    there. `missed` is
    the last day in force that had passed when a correction, entered afterwards, moved it
    (`ran_out`: of a right).
    `original_due` is the due day before any extension and any correction (`first_start` and
    `first_fixed` are what a
    correction moved, None where none did); `holders` is who held it from which day. Recurring
    duties say
    in which `seat` (post or field of work) they are owed, which `leaders` held it, whether a
    warning was given, and by
    which act elsewhere (`evidence`) they were met; `corrections` are the holders entered
    afterwards.
    """

    rule: DutyRule
    opened_by: int
    opened_on: date
    start: date
    rules: str
    holder: int | None
    official: int | None = None
    imported: bool = False
    extended: int = 0
    excluded: int = 0
    spans: list[tuple[date, date]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    claims: list[Move] = field(default_factory=list)
    claimed_due: date | None = None
    missed: date | None = None
    ran_out: date | None = None
    fixed: date | None = None
    matched: str = ""
    counted: Counted | None = None
    original_due: date | None = None
    opened_recorded: datetime | None = None
    since: date | None = None
    first_start: date | None = None
    first_fixed: date | None = None
    state: str = OPEN
    closed_by: int | None = None
    closed_on: date | None = None
    closed_recorded: datetime | None = None
    breach: int | None = None
    breach_recorded: datetime | None = None
    timeliness: str = ""
    holders: list[tuple[int | None, date]] = field(default_factory=list)
    seat: str = ""
    leaders: list[tuple[int | None, date]] = field(default_factory=list)
    warned: int | None = None
    evidence: int | None = None
    corrections: list[HolderCorrection] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        """Day 0 of the count: the day claimed, or that of its entry (`since`)."""
        return self.since or self.start

    @property
    def raw(self) -> date | None:
        """The last day before rolling."""
        return self.counted.raw if self.counted else None

    @property
    def due(self) -> date | None:
        """The last day in law: in time on it, breached from the day after."""
        return self.counted.due if self.counted else None

    @property
    def provisional(self) -> bool:
        """Whether an unpublished calendar year leaves the due day open."""
        return bool(self.counted and self.counted.provisional)

    def verdict_at(self) -> datetime | None:
        """Return the instant the verdict on this duty fell: its breach or its closing, whichever
        was recorded first."""
        instants = [i for i in (self.closed_recorded, self.breach_recorded) if i is not None]
        return min(instants) if instants else None

    @property
    def granted(self) -> int:
        """All that was ever added to the term, claims included: what its cap is measured by."""
        return sum(move.amount for move in self.moves)

    def breached_on(self) -> date | None:
        """Return the last day that passed without the duty being done, as the breach names it:
        its right day."""
        return self.due if self.missed is None else self.missed

    def unrecorded_breach(self, today: date) -> bool:
        """Say whether this duty is past its day, or was recorded past its day, without an act that
        says so.

        What ended it later, or moved the day afterwards, cures nothing. Rights lapse instead;
        imported history is
        judged in reports and never breached after the fact.
        """
        if self.imported or self.breach is not None or self.rule.right:
            return False
        if self.missed is not None:
            return True
        if self.due is None:
            return False
        if self.state == OPEN:
            return self.due < today
        if self.closed_recorded is None or (self.state == VOID and self.rule.of):
            return False
        late = civil(self.closed_recorded) > self.due
        return late or (
            self.state == CLOSED and self.closed_on is not None and self.closed_on > self.due
        )

    def unrecorded_lapse(self, today: date) -> bool:
        """Say whether a petitioner's period has run out without an act that says so."""
        return self.rule.right and self.state == OPEN and self.due is not None and self.due < today


@dataclass(slots=True)
class CaseView:
    """A case after its acts: state, holder, facts, duties, and who did what last. The same acts
    give the same view."""

    kind: str
    state: str = OPENING_STATE
    holder: int | None = None
    sender: int | None = None
    addressee: int | None = None
    handler: int | None = None
    named: set[int] = field(default_factory=set)
    named_in: dict[str, tuple[int, ...]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    duties: list[DutyView] = field(default_factory=list)
    last_actor: dict[str, int | None] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    opened_on: date | None = None
    moved_on: date | None = None
    """The latest day of an act that changed the state: what follows from that state cannot have
    been before it."""

    def open_duties(self) -> list[DutyView]:
        """Return the open duties, earliest day first (raw where the due day is not known, none
        last)."""
        found = [d for d in self.duties if d.state == OPEN]
        return sorted(found, key=lambda d: d.due or d.raw or date.max)

    def find_open(self, rule: str) -> DutyView | None:
        """Return the newest open duty of a rule, or None."""
        return next(
            (d for d in reversed(self.duties) if d.rule.id == rule and d.state == OPEN), None
        )

    def matches(self, conditions: Mapping[str, tuple[str, ...]]) -> bool:
        """Say whether the facts of the case meet all conditions."""
        return all(self.facts.get(name) in wanted for name, wanted in conditions.items())

    def meets_any(self, conditions: Mapping[str, tuple[str, ...]]) -> bool:
        """Say whether the facts of the case meet at least one condition."""
        return any(self.facts.get(name) in barred for name, barred in conditions.items())

    def next_due(self) -> date | None:
        """Return the earliest day after which the sweep has something to record about this case."""
        days = [
            duty.breached_on()
            for duty in self.duties
            if not duty.imported
            and duty.breach is None
            and (duty.state == OPEN or duty.unrecorded_breach(date.max))
        ]
        return min((day for day in days if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not possible: the rule that refuses it, in both languages, and what is
    possible instead."""

    code: str
    zh: str
    en: str
    basis: Basis | None = None
    remedy_zh: str = ""
    remedy_en: str = ""
    field: str = ""


def refusal_under(rule: ActRule, code: str, zh: str, en: str, field: str = "") -> Refusal:
    """Return a refusal by the rule of an act: its basis is cited, its remedy named."""
    return Refusal(code, zh, en, rule.basis, rule.remedy_zh, rule.remedy_en, field)


def fact_text(value: FieldValue) -> str:
    """Return a field value as facts are compared: flags as true/false, dates in ISO form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
