"""The parts of a page as tags: each takes a shape of `dengwen.ui.components`, renders one template.

The language is that of the page. Where a part has pictures, they are drawn here once and handed to
the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dengwen.law.bilingual import Bilingual, Language, words_in
from dengwen.ui import components, dates, form_fields, qr, term_bar, term_bar_large, year_strip
from dengwen.ui.term_words import day_words, start_word
from dengwen.ui.worklist_groups import UNFOLDED, grouped, ungrouped

if TYPE_CHECKING:
    from dengwen.ui.list_table import ListTable

register = template.Library()
BEIJING = ZoneInfo("Asia/Shanghai")
CJK_FROM = 0x2E80
"""Code points from here on are Chinese characters and their punctuation."""


def _drawn(picture: str) -> SafeString:
    """Mark a picture of ours as ready for the page: every text in it went through `svg.element`,
    which escapes."""
    return SafeString(picture)


# --- dates ----------------------------------------------------------------------------------------


@register.filter
def day(value: date | None) -> str:
    """Show a date for tables: 2026-11-30 周一, Mon 30 Nov 2026; — for none."""
    return dates.with_weekday(value, dates.page_language()) if value else "—"


@register.filter
def short_day(value: date | None) -> str:
    """Show month, day and weekday: 11-30 周一, Mon 30 Nov."""
    return dates.with_weekday(value, dates.page_language(), year=False) if value else "—"


@register.filter
def spoken_day(value: date | None) -> str:
    """Show a date in full words: 2026 年 11 月 30 日 星期一."""
    return dates.spoken(value, dates.page_language()) if value else "—"


@register.filter
def moment(value: datetime) -> str:
    """Show an instant in Beijing time, to the second; the page says whose time it is."""
    local = value.astimezone(BEIJING)
    return f"{dates.with_weekday(local.date(), dates.page_language())} {local:%H:%M:%S}"


@register.filter
def words(of: Bilingual) -> str:
    """Show the words of a rule, or of any other pair of Chinese and English, in the language of the
    page."""
    return words_in(of, dates.page_language())


@register.filter
def own_words(text: str) -> str:
    """Mark Chinese words on an English page as Chinese, so that they are read and drawn right;
    `text` stays escaped."""
    if dates.page_language() == "en" and any(ord(character) >= CJK_FROM for character in text):
        return format_html('<span lang="zh-Hans">{}</span>', text)
    return text


# --- the date at the top right --------------------------------------------------------------------


@register.inclusion_tag("ui/date_rail.html")
def date_rail(rail: components.DateRail) -> dict[str, Any]:
    """The next legal date: date, weekday, days left, how it was computed. Without a number in
    law: 无."""
    language = dates.page_language()
    shown = rail.due or rail.raw or rail.since
    left = dates.left(rail.due, rail.raw, rail.today, language)
    how = dates.state(rail.due, rail.raw, rail.today)
    return {
        "rail": rail,
        "shown": shown,
        "big": dates.big(shown, language) if shown else "",
        "weekday": dates.weekday(shown, language) if shown else "",
        "other_year": shown is not None and shown.year != rail.today.year,
        "left": "" if rail.since else left,
        "is_late": how in {"late", "last"},
        "provisional": rail.raw is not None and rail.due is None,
    }


# --- pictures -------------------------------------------------------------------------------------


@register.simple_tag
def term_bar_small(bar: components.TermBar, uid: str) -> SafeString:
    """The term bar for lists."""
    return _drawn(term_bar.small(bar, dates.page_language(), f"{uid}-bar"))


@register.simple_tag
def term_bar_big(bar: components.TermBar, uid: str) -> SafeString:
    """The term bar for the case page: wide and folded, ui.css shows the one that fits."""
    language = dates.page_language()
    wide = term_bar_large.wide(bar, language, f"{uid}-wide")
    return _drawn(wide + term_bar_large.folded(bar, language, f"{uid}-folded"))


@register.inclusion_tag("ui/term_key.html")
def term_key() -> dict[str, Any]:
    """What the signs of a term bar mean."""
    return {}


@register.inclusion_tag("ui/year_strip.html")
def year_strip_part(strip: components.YearStrip, *, opened: bool = False) -> dict[str, Any]:
    """The year strip, its key and the table behind it."""
    language = dates.page_language()
    return {
        "strip": strip,
        "wide": _drawn(year_strip.strip_wide(strip, language)),
        "narrow": _drawn(year_strip.strip_narrow(strip, language)),
        "rows": [_year_row(row) for row in strip.rows],
        "opened": opened,
    }


def _year_row(row: components.YearRow) -> dict[str, Any]:
    """Return a row of the table behind the strip, its marks by how they stand."""
    marks: dict[str, list[components.YearMark]] = {
        state: [] for state in ("met", "open", "missed", "slow")
    }
    for mark in row.marks:
        marks[mark.state].append(mark)
    return {"row": row, **marks, "bad": [*marks["missed"], *marks["slow"]]}


@register.simple_tag
def qr_code(text: str, name: str, uid: str, class_: str = "qr") -> SafeString:
    """A QR code."""
    return _drawn(qr.qr_svg(text, name, uid, class_=class_))


# --- duties ---------------------------------------------------------------------------------------


@register.inclusion_tag("ui/duty_list.html")
def duty_list(
    lines: Iterable[components.DutyLine], unfolded: int = UNFOLDED, *, in_order: str = ""
) -> dict[str, Any]:
    """All open duties by date, in groups; after the first rows the reasons are folded. Empty:
    says so. `in_order` are the words of another order, in which the lines come already."""
    if in_order:
        return {"groups": [(in_order, {"lines": ungrouped(lines)})]}
    names = {
        "late": gettext("已过期限"),
        "last": gettext("今天是末日"),
        "soon": gettext("7 天之内"),
        "later": gettext("以后"),
    }
    groups = [(names[g.group], g) for g in grouped(tuple(lines), unfolded)]
    return {"groups": groups}


@register.inclusion_tag("ui/duty_row.html")
def duty_row(
    line: components.DutyLine, *, unfolded: bool = False, level: int = 3
) -> dict[str, Any]:
    """One open duty: date, what, which case, why and by which article, term bar, what to do.
    `level` of its heading."""
    language = dates.page_language()
    bar = line.bar
    end = bar.end
    due = None if bar.open_ended else bar.due
    how = dates.state(due, bar.raw, bar.today)
    return {
        "line": line,
        "heading": f"h{min(max(level, 2), 6)}",
        "unfolded": unfolded,
        "end": end,
        "month": _month_of(end, language) if end else "",
        "weekday": dates.weekday(end, language) if end else "",
        "other_year": end is not None and end.year != bar.today.year,
        "left": dates.left(due, bar.raw, bar.today, language),
        "is_late": how in {"late", "last"},
        "provisional": bar.open_ended,
        "note": line.note or day_words(bar, language),
    }


def _month_of(day: date, language: Language) -> str:
    """Return the month that stands before the weekday of a row: 11 月, Nov,"""
    name = dates.month_name(day.month, language)
    return words_in((name, f"{name},"), language)


@register.inclusion_tag("ui/how_computed.html")
def how_computed(how: components.HowComputed) -> dict[str, Any]:
    """How a date was computed: the large bar, the steps with their articles, rules and calendar."""
    names = {
        "rule": gettext("规则"),
        "start": gettext("起算"),
        "term": gettext("期限"),
        "extension": gettext("延长"),
        "exclusion": gettext("扣除"),
        "roll": gettext("顺延"),
        "period": gettext("周期"),
        "none": gettext("没有天数"),
        "unverified": gettext("未核原文"),
        "kept": gettext("留存日历"),
        "fixed": gettext("指定日期"),
    }
    if how.bar:
        names["start"] = start_word(how.bar, dates.page_language())
    rows = [(names.get(line.step, line.step), line) for line in how.lines]
    return {"how": how, "rows": rows, "html_id": how.uid}


# --- the case page --------------------------------------------------------------------------------


@register.inclusion_tag("ui/requests_table.html")
def requests_table(lines: Iterable[components.RequestLine]) -> dict[str, Any]:
    """Everything asked for, one row each, with outcome and execution of its own."""
    return {"lines": tuple(lines)}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Iterable[components.TimelineEntry]) -> dict[str, Any]:
    """What happened, in order, with articles, breaches and marks of the ledger; the year is said
    where it changes."""
    listed = tuple(entries)
    rows = []
    year = None
    for entry, following in zip_longest(listed, listed[1:]):
        is_followed_by_next = following is not None and following.kind == "next"
        row = {
            "entry": entry,
            "year": entry.day.year if entry.day.year != year else None,
            "before_next": is_followed_by_next and entry.kind != "next",
        }
        rows.append(row)
        year = entry.day.year
    return {"rows": rows}


@register.inclusion_tag("ui/can_cannot.html")
def can_cannot(
    can: Sequence[components.Possible], cannot: Sequence[components.NotPossible]
) -> dict[str, Any]:
    """What can be done now, and what cannot and why, each with its article."""
    return {"can": can, "cannot": cannot}


@register.inclusion_tag("ui/refusal.html")
def refusal(refused: components.Refusal) -> dict[str, Any]:
    """A refused step: reason, article, next remedy with its last day."""
    return {"refused": refused}


@register.inclusion_tag("ui/document_link.html")
def document_link(document: components.DocumentLink) -> dict[str, Any]:
    """One document, as an item of `<ul class="plain papers">`."""
    return {"document": document}


@register.inclusion_tag("ui/empty.html")
def empty_state(text: str, link: components.Link | None = None) -> dict[str, Any]:
    """Nothing to show: says what is not there and what can be done."""
    return {"text": text, "link": link}


# --- lists ----------------------------------------------------------------------------------------


@register.inclusion_tag("ui/list_table.html", takes_context=True)
def list_table(context: template.Context, table: ListTable) -> dict[str, Any]:
    """A list: its filter, its heads that sort, its rows, its pages, and what is said of it."""
    return {"table": table, "body": table.body(context) if table.lines else ""}


@register.inclusion_tag("ui/list_filter.html")
def list_filter(table: ListTable) -> dict[str, Any]:
    """The filter of a list, and what of its address could not be answered."""
    return {"table": table}


@register.inclusion_tag("ui/list_orders.html")
def list_orders(table: ListTable) -> dict[str, Any]:
    """The orders of a list whose page draws its lines itself: a link for each, and which one
    holds."""
    return {"table": table}


@register.inclusion_tag("ui/list_pages.html")
def list_pages(table: ListTable) -> dict[str, Any]:
    """The ways to the page before and to the next one."""
    return {"table": table}


@register.inclusion_tag("ui/list_said.html")
def list_said(table: ListTable) -> dict[str, Any]:
    """How many rows a list has, how it is sorted, what it is narrowed to."""
    return {"table": table}


# --- forms ----------------------------------------------------------------------------------------


@register.inclusion_tag("ui/error_summary.html")
def error_summary(
    fields: Iterable[form_fields.AskedField],
) -> dict[str, Any]:
    """All errors of a form at its head, each a link to its field; nothing where there is none."""
    return {"errors": [(asked, error) for asked in fields for error in asked.errors]}


@register.inclusion_tag("ui/field.html")
def field(asked: form_fields.AskedField) -> dict[str, Any]:
    """One field: label, hint, errors and the input that fits its type."""
    return asked.get_context()


@register.inclusion_tag("ui/field_alone.html")
def field_alone(asked: form_fields.AskedField) -> dict[str, Any]:
    """The input of a field by itself, for the cell of a row: its label is heard, not seen."""
    return asked.get_context()


# --- receipt --------------------------------------------------------------------------------------


@register.inclusion_tag("ui/receipt.html")
def receipt(sheet: components.Receipt, *, practice: bool = False) -> dict[str, Any]:
    """The receipt as one A4 sheet, with its QR code and the strip to cut off."""
    language = dates.page_language()
    return {
        "sheet": sheet,
        "practice": practice,
        "first_big": dates.big(sheet.first_due, language),
        "first_weekday": dates.weekday(sheet.first_due, language),
    }
