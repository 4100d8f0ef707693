"""What a term bar shows, as days: where it begins and ends, which stretches it has. No drawing,
no clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from dengwen.law.time.calendar import DAY, SATURDAY, Calendar
from dengwen.law.time.terms import MONTHS_PER_YEAR, add_months

Unit = Literal["calendar", "working", "month", "year", "fixed"]


UNITS: dict[str, Unit] = {
    "calendar": "calendar",
    "working": "working",
    "month": "month",
    "year": "year",
}


def unit_of(word: str) -> Unit:
    """Return the unit of a term from its word in the law package; KeyError for a word the law
    does not know."""
    return UNITS[word]


@dataclass(frozen=True, slots=True)
class TermBar:
    """One term as a picture shows it. All dates are civil dates in Asia/Shanghai.

    `start` is the day of the event (not counted); `raw` the last day as counted, `due` after
    rolling (None where an unpublished year decides). `unit` is one of `law.packs.vocabulary.UNITS`,
    or `fixed` for a date set in a letter, a promise or a frequency. `extended` is in the unit of
    the term, `excluded` in calendar days (`excluded_spans` says which, where that is known).
    `statutory` is false for a date that no law sets. `start_word` names the event in the page's
    language, such as 受理.
    """

    start: date
    raw: date | None
    due: date | None
    today: date
    calendar: Calendar = field(repr=False)
    unit: Unit = "calendar"
    extended: int = 0
    excluded: int = 0
    statutory: bool = True
    provisional: bool = False
    start_word: str = ""
    excluded_spans: tuple[tuple[date, date], ...] = ()

    def __hash__(self) -> int:
        """Hash by the days and the calendar's version, so that a drawing can be kept and found
        again."""
        days = (self.start, self.raw, self.due, self.today, self.excluded_spans)
        return hash(
            (days, self.unit, self.extended, self.excluded, self.start_word, self.calendar.version)
        )

    @property
    def end(self) -> date | None:
        """The last day as far as it is known: due, else raw."""
        return self.due or self.raw

    @property
    def open_ended(self) -> bool:
        """Whether the end is not settled: a provisional date, or none at all."""
        return self.provisional or self.due is None

    @property
    def overdue(self) -> int:
        """Calendar days past the due date, 0 while it can be met or while it is provisional."""
        if self.due is None or self.open_ended:
            return 0
        return max(0, (self.today - self.due).days)

    @property
    def pressing(self) -> bool:
        """Whether today is the last day, or it is past; never while the end is not settled."""
        return self.overdue > 0 or (self.due == self.today and not self.open_ended)

    @property
    def rolled(self) -> int:
        """Calendar days between raw and due date."""
        if self.due is None or self.raw is None:
            return 0
        return max(0, (self.due - self.raw).days)


@dataclass(frozen=True, slots=True)
class Span:
    """Adjoining days, first and last included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield the days from first to last, both included."""
    for number in range((last - first).days + 1):
        yield first + DAY * number


def last_day(bar: TermBar) -> date:
    """Return the last day the picture has a cell for: the end, or today where that is later."""
    end = bar.end
    if end is None:  # a working-day term that runs into a year without a calendar
        end = date(bar.start.year, 12, 31)
    shown = bar.overdue or bar.open_ended
    return max(bar.start + DAY, end, bar.today if shown else end)


def merged(days: Iterator[date]) -> tuple[Span, ...]:
    """Join adjoining days of an ascending row into spans."""
    spans: list[Span] = []
    for day in days:
        if spans and spans[-1].last + DAY == day:
            spans[-1] = Span(spans[-1].first, day)
        else:
            spans.append(Span(day, day))
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class _Known:
    """A calendar that can be a key: the same version means the same days."""

    version: str
    calendar: Calendar = field(compare=False, repr=False)


@lru_cache(maxsize=4096)
def _special(known: _Known, first: date, last: date) -> tuple[tuple[Span, ...], tuple[date, ...]]:
    """Rest days joined to spans, and make-up days: asked several times for each picture, so
    kept."""
    calendar = known.calendar
    rest = merged(d for d in each_day(first, last) if calendar.is_working(d) is False)
    weekend = (d for d in each_day(first, last) if d.weekday() >= SATURDAY)
    return rest, tuple(d for d in weekend if calendar.is_working(d))


def rest_spans(bar: TermBar) -> tuple[Span, ...]:
    """Return the rest days of the picture, adjoining ones joined; none for years without a
    calendar."""
    return _special(_Known(bar.calendar.version, bar.calendar), bar.start, last_day(bar))[0]


def make_up_days(bar: TermBar) -> tuple[date, ...]:
    """Return the weekend days on which people work (调休上班)."""
    return _special(_Known(bar.calendar.version, bar.calendar), bar.start, last_day(bar))[1]


def counted_days(bar: TermBar) -> tuple[date, ...]:
    """Return the days that a working-day term counts, () for other terms."""
    if bar.unit != "working" or bar.raw is None:
        return ()
    return tuple(d for d in each_day(bar.start + DAY, bar.raw) if bar.calendar.is_working(d))


def amount(bar: TermBar) -> int | None:
    """Return the length of the term in its own unit, without extension; None where none was
    counted."""
    if bar.raw is None or bar.unit == "fixed":
        return None
    if bar.unit == "working":
        whole = len(counted_days(bar))
    elif bar.unit == "calendar":
        whole = (bar.raw - bar.start).days - bar.excluded
    else:
        end = bar.raw - DAY * bar.excluded
        whole = (end.year - bar.start.year) * MONTHS_PER_YEAR + end.month - bar.start.month
        whole = whole // MONTHS_PER_YEAR if bar.unit == "year" else whole
    return max(0, whole - bar.extended)


def original_end(bar: TermBar) -> date | None:
    """Return the last day before any extension or exclusion, None where nothing was extended or
    excluded."""
    plain = amount(bar)
    if plain is None or bar.raw is None or not (bar.extended or bar.excluded):
        return None
    if bar.unit == "working":
        days = counted_days(bar)
        return days[plain - 1] if 0 < plain <= len(days) else bar.start
    if bar.unit == "calendar":
        return bar.start + DAY * plain
    return add_months(bar.start, plain * (MONTHS_PER_YEAR if bar.unit == "year" else 1))


def extension(bar: TermBar) -> Span | None:
    """Return the days an extension added, rolled days included; None without one."""
    before, end = original_end(bar), bar.end
    if not bar.extended or before is None or end is None:
        return None
    first = before + DAY
    tail = 0 if bar.excluded_spans else bar.excluded
    last = end - DAY * tail
    return Span(first, last) if last >= first else None


def exclusions(bar: TermBar) -> tuple[Span, ...]:
    """Return the days that do not count: the known spans, else the tail of the term before its
    raw date."""
    last = last_day(bar)
    if bar.excluded_spans:
        spans = (Span(max(a, bar.start), min(b, last)) for a, b in bar.excluded_spans)
        return tuple(span for span in spans if span.last >= span.first)
    if not bar.excluded or bar.raw is None:
        return ()
    return (Span(max(bar.start + DAY, bar.raw - DAY * (bar.excluded - 1)), bar.raw),)


def day_number(bar: TermBar) -> int | None:
    """Return which day of the term today is (working days for such terms); None outside the
    term."""
    end = bar.end
    if bar.today <= bar.start or (end is not None and bar.today > end):
        return None
    if bar.unit == "working":
        if bar.calendar.is_working(bar.today) is None:
            return None
        return sum(1 for d in each_day(bar.start + DAY, bar.today) if bar.calendar.is_working(d))
    return (bar.today - bar.start).days
