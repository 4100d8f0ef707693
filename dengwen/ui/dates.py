"""Dates and days left in words, Chinese and English. Dates are civil dates in Asia/Shanghai;
nothing asks a clock."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import get_language

from dengwen.law.bilingual import Language

State = Literal["late", "last", "soon", "later", "lapsed_raw"]

SOON = 7
"""Days ahead that count as "soon" in work lists; a matter of order on the page, not of law."""

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def language_of(code: str | None) -> Language:
    """Return the language of a page from Django's language code: English for en…, otherwise
    Chinese."""
    return "en" if (code or "").lower().startswith("en") else "zh"


def page_language() -> Language:
    """Return the language of the page being answered."""
    return language_of(get_language())


def weekday(day: date, language: Language) -> str:
    """Return the short weekday: 周一, Mon."""
    return (
        f"周{_WEEKDAYS['zh'][day.weekday()]}"
        if language == "zh"
        else _WEEKDAYS["en"][day.weekday()]
    )


def month_name(month: int, language: Language) -> str:
    """Return the short month: 11 月, Nov."""
    return f"{month} 月" if language == "zh" else _MONTHS[month - 1][:3]


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
    return (
        f"{text} {weekday(day, language)}"
        if language == "zh"
        else f"{weekday(day, language)} {text}"
    )


def big(day: date, language: Language) -> str:
    """Return month and day as the one large date of a page: 11月30日, 30 Nov."""
    return f"{day.month}月{day.day}日" if language == "zh" else short(day, language)


def spoken(day: date, language: Language) -> str:
    """Return the date in full words: 2026 年 11 月 30 日 星期一, Monday 30 November 2026."""
    if language == "zh":
        return f"{day.year} 年 {day.month} 月 {day.day} 日 星期{_WEEKDAYS['zh'][day.weekday()]}"
    return f"{_LONG_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def days(number: int, language: Language, unit: str = "calendar") -> str:
    """Return a number with its unit of the law (`words.UNITS`): 5 个工作日, 5 working days."""
    zh = {"calendar": "日", "working": "个工作日", "month": "个月", "year": "年"}[unit]
    if language == "zh":
        return f"{number} {zh}"
    en = {"calendar": "day", "working": "working day", "month": "month", "year": "year"}[unit]
    return f"{number} {en}{'' if number == 1 else 's'}"


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
    zh = language == "zh"
    day = due or raw
    if day is None:
        return "到期日待定" if zh else "due date not known yet"
    number = abs((day - today).days)
    how = state(due, raw, today)
    if how == "late":
        return f"逾期 {number} 日" if zh else f"{days(number, 'en')} late"
    if how == "last":
        return "今天是末日" if zh else "last day today"
    if how == "lapsed_raw":
        return (
            f"原算日已过 {number} 日，暂不记逾期"
            if zh
            else f"{days(number, 'en')} past the raw date, not late yet"
        )
    if due is None:
        return f"约 {number} 天" if zh else f"about {days(number, 'en')} left"
    return f"还有 {number} 天" if zh else f"{days(number, 'en')} left"
