"""Which periods of a recurring duty there are for a bearer: by the law's own period, or by the
local interval.

A period is opened once and never moved: a changed interval counts from the next one. Where an
office begins to keep
registers in mid-year, the period that runs on that day is the first, never one that was over
before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
) -> Iterator[Period]:
    """Yield the periods of one duty that begin in the span and are not opened yet, in order.

    `opened_to` is the last day of the newest period opened, None where there is none.
    """
    day = max(span.begun, bearer.since, span.first) if opened_to is None else opened_to + DAY
    fresh = opened_to is None
    while (begins := bearer.taken(day)) is not None and begins <= span.last:
        day = begins
        known = rules_on(day).get(rule)
        if known is None or not bearer.bears(known, day):
            after = min((d for d in span.editions if d > day), default=None)
            if after is None:
                return
            day = after
            continue
        setting = None if known.clock.per else settings.on(known.local, bearer.organ.pk, day)
        per = known.clock.per or interval(setting.value if setting else "")
        if not per:
            after = settings.next_change(known.local, bearer.organ.pk, day)
            if after is None:
                return
            day = after
            continue
        first, last = period_of(per, day)
        lower = _lower(rule, bearer, span, rules_on, first, day) if fresh else day
        wait = (
            fresh
            and setting is not None
            and setting.valid_from > max(first, bearer.occupied_since(day))
        )
        if wait or (fresh and first < span.first and lower <= span.first - DAY):
            day = (
                last + DAY
            )  # a new interval counts from the next period; a week of last year is last year's
            continue
        yield Period(max(first, lower), last, setting)
        day, fresh = last + DAY, False


def _lower(
    rule: str, bearer: Bearer, span: Span, rules_on: RulesOn, first: date, day: date
) -> date:
    """Return the first day of the period on which the bearer was there and the rule was law."""
    lower = max(first, bearer.occupied_since(day))
    for begins in (lower, *(d for d in span.editions if lower < d <= day)):
        known = rules_on(begins).get(rule)
        if known is not None and bearer.bears(known, begins):
            return begins
    return day
