"""Counting of periods: day 0, raw and rolled date, extensions, exclusions, and the explanation of
each.

Conventions (law/clocks.toml): the day of the event is not counted (Civil Code art. 201); a last day
on a
rest day moves to the next working day (art. 203); a month ends on the corresponding day, else on
the last day
of the month (art. 202). R22 and R05 are silent, so these apply by analogy; the explanation says so.
"""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.law.time.calendar import DAY, Calendar

MONTHS_PER_YEAR = 12
EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Term:
    """A period of the law: `amount` of `unit` (calendar or working days, months, years)."""

    amount: int
    unit: str

    def plus(self, more: int) -> Term:
        """Return the term lengthened by `more` of its own unit (an extension counts from the raw
        date)."""
        return Term(self.amount + more, self.unit)


@dataclass(frozen=True, slots=True)
class Traced:
    """One line of the computation: a word for the step, the day it leads to, and the reason in
    both languages."""

    step: str
    day: date | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted period. `raw` before, `due` after rolling; None where an unpublished year
    decides."""

    start: date
    raw: date | None
    due: date | None
    provisional: bool
    trace: tuple[Traced, ...]
    calendar: str


def add_months(day: date, months: int) -> date:
    """Return the corresponding day `months` later, else the last day of that month (Civil Code
    art. 202)."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def count(
    term: Term, start: date, calendar: Calendar, *, extend: int = 0, exclude: int = 0
) -> Counted:
    """Count `term` from the event on `start` and roll its end.

    `extend` is in the unit of the term and counts from the raw date; `exclude` is a number of
    calendar days
    that the text says are not counted (only where it does: hearings in re-examination, R22 36(2)).
    """
    trace = [
        Traced(
            "start",
            start,
            "当日为第0日，不计入（《民法典》第二百零一条，类推）",
            "the day of the event is day 0 and is not counted (Civil Code art. 201, by analogy)",
        )
    ]
    whole = term.plus(extend)
    if term.unit == "working":
        return _count_working(
            whole, extend, start + timedelta(days=exclude), start, calendar, trace
        )
    raw = _plain_end(whole, start) + timedelta(days=exclude)
    trace.extend(_plain_trace(term, extend, exclude, start, raw))
    due = calendar.roll(raw)
    trace.append(_rolled(raw, due))
    return Counted(start, raw, due, due is None, tuple(trace), calendar.version)


def _plain_end(term: Term, start: date) -> date:
    if term.unit == "calendar":
        return start + timedelta(days=term.amount)
    months = term.amount * (MONTHS_PER_YEAR if term.unit == "year" else 1)
    return add_months(start, months)


def _plain_trace(term: Term, extend: int, exclude: int, start: date, raw: date) -> list[Traced]:
    zh_unit = {"calendar": "日", "month": "个月", "year": "年"}[term.unit]
    en_unit = {"calendar": "calendar days", "month": "months", "year": "years"}[term.unit]
    plain = _plain_end(term, start)
    lines = [
        Traced(
            "term",
            plain,
            f"{term.amount}{zh_unit}，自次日起算，休息日照计",
            f"{term.amount} {en_unit} from the next day; rest days count",
        )
    ]
    if extend:
        lines.append(
            Traced(
                "extension",
                _plain_end(term.plus(extend), start),
                f"延长{extend}{zh_unit}，自原算日期接续计算",
                f"extended by {extend} {en_unit}, counted from the raw date",
            )
        )
    if exclude:
        lines.append(
            Traced(
                "exclusion",
                raw,
                f"听证所需{exclude}日不计算",
                f"{exclude} days of hearing are not counted",
            )
        )
    return lines


def _count_working(
    whole: Term, extend: int, begin: date, start: date, calendar: Calendar, trace: list[Traced]
) -> Counted:
    raw = calendar.add_working_days(begin, whole.amount)
    if raw is None:
        trace.append(
            Traced(
                "term",
                None,
                f"{whole.amount}个工作日跨入放假安排尚未公布（或未收录）的年份，无法计算",
                f"{whole.amount} working days reach a year without a published calendar: not "
                "computable",
            )
        )
        return Counted(start, None, None, True, tuple(trace), calendar.version)
    rest = calendar.rest_days(begin, raw)
    shown = "、".join(d.isoformat() for d in rest) or "无"
    more = f"（含延长{extend}）" if extend else ""
    trace.append(
        Traced(
            "term",
            raw,
            f"{whole.amount}个工作日{more}；跳过休息日：{shown}",
            f"{whole.amount} working days; rest days skipped: "
            f"{', '.join(d.isoformat() for d in rest) or 'none'}",
        )
    )
    return Counted(start, raw, raw, False, tuple(trace), calendar.version)


def _rolled(raw: date, due: date | None) -> Traced:
    if due is None:
        return Traced(
            "roll",
            None,
            f"{raw}当日或稍后：该年放假安排尚未公布（或未收录），到期日待定",
            f"on or just after {raw}: the calendar of that year is not published (or not held)",
        )
    if due == raw:
        return Traced("roll", due, "末日为工作日，不顺延", "the last day is a working day: no roll")
    days = [(raw + DAY * n).isoformat() for n in range((due - raw).days)]
    return Traced(
        "roll",
        due,
        f"末日{raw}逢休息日，顺延至其后第一个工作日（《民法典》第二百零三条，类推）；跳过休息日：{'、'.join(days)}",
        f"the last day {raw} is a rest day: moved to the next working day (Civil Code art. "
        "203, by analogy); "
        f"rest days skipped: {', '.join(days)}",
    )


def period_of(per: str, day: date) -> tuple[date, date]:
    """Return first and last day of the calendar period (week, month, quarter, half_year, year)
    containing `day`."""
    if per == "week":
        first = day - DAY * day.weekday()
        return first, first + DAY * 6
    width = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[per]
    month = (day.month - 1) // width * width + 1
    first = date(day.year, month, 1)
    return first, add_months(first, width) - DAY


def count_period(per: str, day: date, calendar: Calendar) -> Counted:
    """Answer a frequency: the last day of the period that contains `day`. Frequencies never
    roll."""
    _, last = period_of(per, day)
    line = Traced(
        "period",
        last,
        f"频次：{day}所在周期的最后一日，不顺延",
        f"a frequency: last day of the period containing {day}, not rolled",
    )
    return Counted(day, last, last, False, (line,), calendar.version)


def parse_day(text: str) -> date:
    """Read an ISO day between 1949-10-01 and 2199-12-31; ValueError says in both languages what
    is wrong."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"“{text[:40]}”不是日期，请写成 2025-01-31 / not a date, write 2025-01-31"
        ) from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{day}超出可用范围{EARLIEST}至{LATEST} / outside {EARLIEST} to {LATEST}")
    return day
