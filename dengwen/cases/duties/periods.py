"""Which periods of a recurring duty there are for a bearer: by the law's own period, or by the
local interval.

A period is opened once and never moved: a changed interval counts from the next one. Where an
office begins to keep registers in mid-year, the period that runs on that day is the first, never
one that was over before. Where a seat stood vacant and was filled afterwards for days that had
passed, the periods of that time are opened when that is learnt: their last day is the one they
would have had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.cases.duties.bearers import Bearer
from dengwen.editions.as_of import Settings
from dengwen.editions.models import LocalSetting
from dengwen.law.duties.recurrence import interval
from dengwen.law.packs.rules import DutyRule
from dengwen.law.time.terms import period_of

DAY = timedelta(days=1)
RulesOn = Callable[[date], dict[str, DutyRule]]
"""Returns the recurring duties of the edition in force on a day, by id."""
Opened = tuple[date, date]
"""The first and the last day of a period that was opened."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period to open: its days, and the local setting that gives its length where the law
    gives none."""

    first: date
    last: date
    local: LocalSetting | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The year asked about: from when registers are kept, its days, and the days on which an
    edition begins."""

    begun: date
    first: date
    last: date
    editions: tuple[date, ...]


def periods(
    rule: str,
    bearer: Bearer,
    span: Span,
    rules_on: RulesOn,
    settings: Settings,
    opened_to: date | None,
    opened: Sequence[Opened] = (),
) -> Iterator[Period]:
    """Yield the periods of one duty that begin in the span and are not opened yet, in order.

    `opened_to` is the last day of the newest period opened, None where there is none. `opened` are
    all that were opened, where the seat was vacant by the registry and was filled afterwards for
    days that had passed: what fell into that time is opened after all.
    """
    duty = _Duty(rule, bearer, span, rules_on, settings)
    for gap in _gaps(duty, opened):
        yield from _of_vacancy(duty, gap)
    begins = duty.first_day if opened_to is None else opened_to + DAY
    yield from _walk(duty, begins, span.last, is_fresh=opened_to is None)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Days between periods that were opened: the first, and the day on which the next one begins;
    `is_fresh` where none was opened before."""

    first: date
    before: date
    is_fresh: bool


def _gaps(duty: _Duty, opened: Sequence[Opened]) -> Iterator[_Gap]:
    """Yield the days of the span before and between the periods that were opened."""
    day, is_fresh = duty.first_day, True
    for first, last in sorted(opened):
        if day < first and day <= duty.span.last:
            yield _Gap(day, first, is_fresh)
        day, is_fresh = max(day, last + DAY), False


def _of_vacancy(duty: _Duty, gap: _Gap) -> Iterator[Period]:
    """Yield the periods of a gap in which the seat was vacant by the registry of that day, and was
    filled by an entry made later."""
    until = min(gap.before - DAY, duty.span.last)
    for period in _walk(duty, gap.first, until, is_fresh=gap.is_fresh):
        vacant = duty.bearer.known(period.first, period.first) is None
        if vacant and period.last < gap.before:
            yield period


def _walk(duty: _Duty, day: date | None, until: date, *, is_fresh: bool) -> Iterator[Period]:
    """Yield the periods that begin from a day up to another, in order."""
    bearer, settings = duty.bearer, duty.settings
    filled_late = bearer.filled_late()
    while day is not None:
        day = bearer.taken(day)
        if day is None or day > until:
            return
        known = duty.rule_on(day)
        if known is None:
            day = duty.next_edition(day)
            continue
        length = duty.length_on(known, day)
        if length is None:
            day = settings.next_change(known.local, bearer.organ.pk, day)
            continue
        per, setting = length
        first, last = period_of(per, day)
        lower = duty.begins_on(first, day) if is_fresh else day
        if filled_late:
            lower = max(lower, bearer.borne_from(lower, last) or lower)
        if is_fresh and duty.waits(first, lower, day, setting):
            day = last + DAY
            continue
        yield Period(max(first, lower), last, setting)
        day, is_fresh = last + DAY, False


@dataclass(frozen=True, slots=True)
class _Duty:
    """One duty of one bearer, with what says when it is owed."""

    id: str
    bearer: Bearer
    span: Span
    rules_on: RulesOn
    settings: Settings

    @property
    def first_day(self) -> date:
        """The first day on which a period may begin, where none was opened yet."""
        return max(self.span.begun, self.bearer.since, self.span.first)

    def rule_on(self, day: date) -> DutyRule | None:
        """Return the rule of the duty on a day; None where it is not law, or not this bearer's."""
        known = self.rules_on(day).get(self.id)
        if known is None or not self.bearer.bears(known, day):
            return None
        return known

    def next_edition(self, day: date) -> date | None:
        """Return the next day on which other rules begin, None where none do in the span."""
        return min((begins for begins in self.span.editions if begins > day), default=None)

    def length_on(self, known: DutyRule, day: date) -> tuple[str, LocalSetting | None] | None:
        """Return the length of a period: the law's own, or that of a local setting, with it; None
        where nobody says."""
        if known.clock.per:
            return known.clock.per, None
        setting = self.settings.on(known.local, self.bearer.organ.pk, day)
        per = interval(setting.value if setting else "")
        return (per, setting) if per else None

    def begins_on(self, first: date, day: date) -> date:
        """Return the first day of the period on which the bearer was there and the rule was law."""
        lower = max(first, self.bearer.occupied_since(day))
        for begins in (lower, *(one for one in self.span.editions if lower < one <= day)):
            if self.rule_on(begins) is not None:
                return begins
        return day

    def waits(self, first: date, lower: date, day: date, setting: LocalSetting | None) -> bool:
        """Say whether the first period to open is a later one: a new interval counts from the next
        period, and a week that began last year is last year's."""
        present = max(first, self.bearer.occupied_since(day))
        if setting is not None and setting.valid_from > present:
            return True
        return first < self.span.first and lower <= self.span.first - DAY
