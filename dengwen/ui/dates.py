"""Dates and days left in words, Chinese and English; nothing asks a clock.

Dates are civil dates in Asia/Shanghai. Order and signs of a date differ between the languages, so
each has its own form here.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import get_language

from dengwen.law.bilingual import MONTHS, Language, words_in

State = Literal["late", "last", "soon", "later", "lapsed_raw"]

SOON = 7
"""Days ahead that count as "soon" in work lists; a matter of order on the page, not of law."""

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def language_of(code: str | None) -> Language:
    """Return the language of a page from Django's language code: English for en…, otherwise
    Chinese."""
    return "en" if (code or "").lower().startswith("en") else "zh"


def page_language() -> Language:
    """Return the language of the page being answered."""
    return language_of(get_language())


def weekday(day: date, language: Language) -> str:
    """Return the short weekday: 周一, Mon."""
    if language == "zh":
        return f"周{_WEEKDAYS['zh'][day.weekday()]}"
    return _WEEKDAYS["en"][day.weekday()]


def month_name(month: int, language: Language) -> str:
    """Return the short month: 11 月, Nov."""
    return f"{month} 月" if language == "zh" else MONTHS[month - 1][:3]


def short(day: date, language: Language) -> str:
    """Return month and day for lists of one year: 11-30, 30 Nov."""
    return f"{day:%m-%d}" if language == "zh" else f"{day.day} {month_name(day.month, language)}"


def numeric(day: date, language: Language) -> str:
    """Return the full date for tables: 2026-11-30, 30 Nov 2026."""
    return day.isoformat() if language == "zh" else f"{short(day, language)} {day.year}"


def with_weekday(day: date, language: Language, *, year: bool = True) -> str:
    """Return the date with its weekday: 2026-11-30 周一, Mon 30 Nov 2026; without the year if so
    asked."""
    text = numeric(day, language) if year else short(day, language)
    name = weekday(day, language)
    return f"{text} {name}" if language == "zh" else f"{name} {text}"


def big(day: date, language: Language) -> str:
    """Return month and day as the one large date of a page: 11月30日, 30 Nov."""
    return f"{day.month}月{day.day}日" if language == "zh" else short(day, language)


def spoken(day: date, language: Language) -> str:
    """Return the date in full words: 2026 年 11 月 30 日 星期一, Monday 30 November 2026."""
    if language == "zh":
        return f"{day.year} 年 {day.month} 月 {day.day} 日 星期{_WEEKDAYS['zh'][day.weekday()]}"
    return f"{_LONG_WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


_UNITS = {
    "calendar": ("日", "day"),
    "working": ("个工作日", "working day"),
    "month": ("个月", "month"),
    "year": ("年", "year"),
}


def days(number: int, language: Language, unit: str = "calendar") -> str:
    """Return a number with its unit of the law (`law.packs.vocabulary.UNITS`): 5 个工作日, 5 working
    days."""
    chinese, english = _UNITS[unit]
    if language == "zh":
        return f"{number} {chinese}"
    return f"{number} {english}" if number == 1 else f"{number} {english}s"


def state(due: date | None, raw: date | None, today: date) -> State:
    """Return how a date stands: late, last (its last day is today), soon (within 7 days) or later.

    `lapsed_raw` is a provisional date whose raw day is over: no breach before the calendar is
    published.
    """
    day = due or raw
    if day is None:
        return "later"
    if day < today:
        return "late" if due else "lapsed_raw"
    if day == today and due:
        return "last"
    return "soon" if (day - today).days <= SOON else "later"


def left(due: date | None, raw: date | None, today: date, language: Language) -> str:
    """Return the days left in words, "" without any date. A provisional date is said to be one."""
    day = due or raw
    if day is None:
        return words_in(("到期日待定", "due date not known yet"), language)
    number = abs((day - today).days)
    how = state(due, raw, today)
    return words_in(_left_pair(number, how, provisional=due is None), language)


def _left_pair(number: int, how: State, *, provisional: bool) -> tuple[str, str]:
    """Return so many days in words: late, left, or past the raw date."""
    counted = days(number, "en")
    if how == "late":
        return f"逾期 {number} 日", f"{counted} late"
    if how == "last":
        return "今天是末日", "last day today"
    if how == "lapsed_raw":
        return f"原算日已过 {number} 日，暂不记逾期", f"{counted} past the raw date, not late yet"
    if provisional:
        return f"约 {number} 天", f"about {counted} left"
    return f"还有 {number} 天", f"{counted} left"
