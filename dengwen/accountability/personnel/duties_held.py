"""How an official stood to their duties: registers period by period, matters as counts.

Nothing about a petitioner goes in: no case of a petition is named and no text of one is read (S
10(2)).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Act, Case, Duty, Party
from dengwen.cases.read.register_view import of_leader
from dengwen.cases.read.register_words import seat_words
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, LATE, OPEN, VOID, DutyView
from dengwen.law.duties.excuse import known_in_time
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.packs.rules import DutyRule
from dengwen.organs.models import Official, Substitute

DAY = timedelta(days=1)
MET, SLOW, MISSED, EXCUSED, AHEAD = "met", "late", "missed", "excused", "open"
STATES = (MET, SLOW, MISSED, EXCUSED, AHEAD)
"""How a duty stands: met, met late, not met, no longer owed (void), not due yet."""
FILES = (
    "personnel_notice",
    "personnel_opinion",
    "honour_query",
    "lead",
    "inquiry",
    "accountability",
    "accountability_appeal",
)
"""Kinds whose duties say nothing about how an official performed petition duties."""
BEHIND = ("accused_person", "accused_unit", "concerned_person", "concerned_unit", "recused")
"""Standings that put somebody behind the wall: matters that have one enter no count, whoever reads
it."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days asked, from `first` to `last`, as things stood on the day `on`."""

    first: date
    last: date
    on: date


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a duty: its days, how it stood, the days the official held it, and days
    somebody stood in: known by then (`stood_in`), or entered afterwards (`stood_in_claimed`)."""

    first: date
    last: date
    state: str
    held_first: date
    held_last: date
    shared: bool
    stood_in: int
    stood_in_claimed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """One duty of a register in one seat, with its article and periods."""

    rule: str
    zh: str
    en: str
    law: str
    article: str
    seat: str
    seat_en: str
    local: bool
    periods: tuple[Period, ...]

    def count(self, state: str) -> int:
        """Return how many periods stand so."""
        return len([period for period in self.periods if period.state == state])


@dataclass(frozen=True, slots=True)
class Counted:
    """Duties of one kind laid on the official in person in single matters: how many stand how, and
    nothing else."""

    rule: str
    zh: str
    en: str
    law: str
    article: str
    met: int
    late: int
    missed: int
    excused: int
    open: int


# --- registers ------------------------------------------------------------------------------------
def register_duties(official: Official, days: Days) -> Iterable[Kept]:
    """Yield the duties of the registers in which the official held a day within the days asked, by
    rule and seat."""
    found: dict[tuple[str, str], list[tuple[DutyView, Period]]] = defaultdict(list)
    for duty, period in _held_periods(official, days):
        found[duty.rule.id, duty.seat].append((duty, period))
    for (_, seat), pairs in sorted(found.items()):
        newest = pairs[-1][0]
        yield _kept(newest, seat, [period for _, period in pairs])


def _held_periods(official: Official, days: Days) -> Iterable[tuple[DutyView, Period]]:
    """Yield the periods that were the official's, with their duties, in the order of the
    registers."""
    registers = Case.objects.filter(
        kind=REGISTER, opened_on__lte=days.last, opened_on__year__gte=days.first.year - 1
    )
    away = _away(official, days)
    for case in of_leader(registers, official):
        for duty in view_of(case.kind, records_of(case)).duties:
            if duty.rule.of and not duty.rule.standing:
                for period in _periods(duty, official.pk, days, away):
                    yield duty, period


@dataclass(frozen=True, slots=True)
class _Away:
    """A substitution, and when it was entered."""

    row: Substitute
    recorded: datetime


def _away(official: Official, days: Days) -> list[_Away]:
    """Return who stood in for an official on the days asked, as far as it was entered by the day
    asked."""
    rows = list(Substitute.objects.within(days.first, days.last).filter(official=official))
    acts = Act.objects.filter(pk__in=[row.act for row in rows])
    recorded = dict(acts.values_list("pk", "recorded_at"))
    return [
        _Away(row, recorded[row.act])
        for row in rows
        if row.act in recorded and known_in_time(recorded[row.act], days.on)
    ]


def _kept(duty: DutyView, seat: str, periods: Iterable[Period]) -> Kept:
    """Return a duty of a register in one seat with its periods, oldest first."""
    rule = duty.rule
    return Kept(
        rule=rule.id,
        zh=rule.zh,
        en=rule.en,
        law=rule.basis.law,
        article=rule.basis.article,
        seat=seat_words(seat, "zh"),
        seat_en=seat_words(seat, "en"),
        local=rule.clock.none,
        periods=tuple(sorted(periods, key=lambda p: (p.first, p.held_first))),
    )


def _periods(duty: DutyView, official: int, days: Days, away: Sequence[_Away]) -> Iterable[Period]:
    """Yield the days a duty was the official's, as far as they touch the days asked."""
    ends = duty.due or duty.start
    state = _state(duty.state, duty.closed_on, duty.timeliness, duty.due, days.on)
    untils = [since - DAY for _, since in duty.leaders[1:]] + [ends]
    for (who, since), until in zip(duty.leaders, untils, strict=True):
        begin, end = max(since, days.first), min(until, days.last)
        if who == official and begin <= end:
            stood_in, claimed = _stood_in(away, begin, end)
            yield Period(
                first=duty.start,
                last=ends,
                state=state,
                held_first=since,
                held_last=until,
                shared=len(duty.leaders) > 1,
                stood_in=stood_in,
                stood_in_claimed=claimed,
            )


def _stood_in(away: Sequence[_Away], begin: date, end: date) -> tuple[int, int]:
    """Return on how many of these days somebody stood in: known by then, and entered only
    afterwards; why is not said (it has codes only)."""
    known = claimed = 0
    for day in (begin + n * DAY for n in range((end - begin).days + 1)):
        there = [one for one in away if one.row.holds_on(day)]
        if any(known_in_time(one.recorded, day) for one in there):
            known += 1
        elif there:
            claimed += 1
    return known, claimed


def _state(state: str, closed: date | None, timeliness: str, due: date | None, on: date) -> str:
    """Return how a duty stood on the day `on`: what was done later was not done yet, and a longer
    time entered after its day is a claim."""
    if state == VOID:
        return EXCUSED
    if state == CLOSED and closed is not None and closed <= on:
        by_claim = timeliness == BY_CLAIM and due is not None and closed > due
        return SLOW if timeliness == LATE or by_claim else MET
    return MISSED if due is not None and due < on else AHEAD


def _ended_in_time(recorded: datetime | None, due: date | None) -> bool:
    """Say whether what ended a duty without its being done was known by its last day."""
    return recorded is None or due is None or known_in_time(recorded, due)


# --- single matters -------------------------------------------------------------------------------
COUNTED_BY = (
    "case__kind",
    "rule",
    "rules_id",
    "state",
    "closed_on",
    "timeliness",
    "due",
    "closed_by__recorded_at",
)
"""Columns of a duty by which it is counted."""


def counted_duties(official: Official, days: Days) -> Iterable[Counted]:
    """Yield the counts of duties laid on the official in person, by duty; protected matters and
    files never count."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    books: dict[tuple[str, str], int] = {}
    rows = _in_person(official, days).order_by("pk").values_list(*COUNTED_BY)
    for kind, rule, book, state, closed, timeliness, due, recorded in rows:
        ended_late = state == VOID and not _ended_in_time(recorded, due)
        stood = OPEN if ended_late else state
        counts[kind, rule][_state(stood, closed, timeliness, due, days.on)] += 1
        books[kind, rule] = book
    for kind, name in sorted(counts):
        rulebook = rulebooks.by_row(books[kind, name])
        yield _counted(rulebook.kind(kind).duties[name], counts[kind, name])


def _counted(rule: DutyRule, counts: Mapping[str, int]) -> Counted:
    """Return the counts of one duty with its words and article."""
    return Counted(
        rule=rule.id,
        zh=rule.zh,
        en=rule.en,
        law=rule.basis.law,
        article=rule.basis.article,
        met=counts[MET],
        late=counts[SLOW],
        missed=counts[MISSED],
        excused=counts[EXCUSED],
        open=counts[AHEAD],
    )


def _in_person(official: Official, days: Days) -> QuerySet[Duty]:
    """Return the duties laid on the official in person that ran on the days asked."""
    hidden = Party.objects.filter(case=OuterRef("case"), role__in=BEHIND)
    return Duty.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=days.first),
        ~Exists(hidden),
        official=official,
        right=False,
        opened_on__lte=days.last,
        case__protected=False,
        imported=False,
    ).exclude(case__kind__in=(REGISTER, *FILES))
