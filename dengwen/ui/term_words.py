"""The text equivalent of a term bar: the whole computation in one reading, Chinese or English."""

from __future__ import annotations

from dengwen.law.bilingual import Language
from dengwen.ui.dates import days, left, with_weekday
from dengwen.ui.term_days import (
    TermBar,
    amount,
    day_number,
    exclusions,
    make_up_days,
    original_end,
    rest_spans,
)


def start_word(bar: TermBar, language: Language) -> str:
    """Return the word for the first event: 受理, or plain 起算."""
    return bar.start_word or ("起算" if language == "zh" else "start")


def day_words(bar: TermBar, language: Language) -> str:
    """Return which day of the term today is: 第 85 日, 第 4 个工作日; "" where that says nothing."""
    number = day_number(bar)
    if number is None or bar.unit == "fixed":
        return ""
    if bar.unit == "working":
        return f"第 {number} 个工作日" if language == "zh" else f"working day {number}"
    return f"第 {number} 日" if language == "zh" else f"day {number}"


def describe(bar: TermBar, language: Language) -> tuple[str, str]:
    """Return name and full description of the picture."""
    end = bar.end
    zh = language == "zh"
    if end is None:
        name = "期限条：到期日待定" if zh else "Term bar: due date not known yet"
    else:
        shown = with_weekday(end, language)
        remaining = left(bar.due if not bar.open_ended else None, bar.raw, bar.today, language)
        word = ("原算" if zh else "raw date") if bar.open_ended else ("到期" if zh else "due")
        name = (
            f"期限条：{word} {shown}，{remaining}"
            if zh
            else f"Term bar: {word} {shown}, {remaining}"
        )
    sentences = [*_counting(bar, language), *_ending(bar, language), *_standing(bar, language)]
    return name, "".join(f"{s}。" for s in sentences) if zh else " ".join(
        f"{s}." for s in sentences
    )


def _counting(bar: TermBar, language: Language) -> list[str]:
    """Start, length, extension and exclusion."""
    zh, whole, before = language == "zh", amount(bar), original_end(bar)
    first = with_weekday(bar.start, language)
    word = start_word(bar, language)
    said = [f"{first} {word}，当日不计入" if zh else f"{word} on {first}; that day is not counted"]
    if whole is not None:
        length = days(whole, language, bar.unit)
        to = f"{'，到' if zh else ', to'} {with_weekday(before, language)}" if before else ""
        said.append(f"期限 {length}{to}" if zh else f"the term is {length}{to}")
    if bar.extended and bar.unit != "fixed":
        more = days(bar.extended, language, bar.unit)
        said.append(
            f"延长 {more}，从原算日接着数"
            if zh
            else f"extended by {more}, counted on from the raw date"
        )
    if bar.excluded:
        more = days(bar.excluded, language)
        until = "至" if zh else "to"
        spans = [f"{a.first.isoformat()} {until} {a.last.isoformat()}" for a in exclusions(bar)]
        said.append(
            f"不计入 {more}（{'、'.join(spans)}）"
            if zh
            else f"{more} not counted ({', '.join(spans)})"
        )
    return said


def _ending(bar: TermBar, language: Language) -> list[str]:
    """Raw date, roll, due date, and what is not settled."""
    zh = language == "zh"
    if bar.raw is None and bar.due is None:
        return [
            "计算跨入放假安排尚未公布的年份，到期日待定"
            if zh
            else (
                "the count reaches a year without a published calendar; "
                "the due date is not known yet"
            )
        ]
    said = []
    if bar.open_ended and bar.raw:
        raw = with_weekday(bar.raw, language)
        said.append(
            f"原算末日 {raw}；该年放假安排尚未公布，到期日为当日或稍后，暂定"
            if zh
            else f"the last day as counted is {raw}; the calendar of that year is not published, "
            "so it is due on or just after that day, provisionally"
        )
    elif bar.due and bar.raw and bar.rolled:
        raw, due = with_weekday(bar.raw, language), with_weekday(bar.due, language)
        said.append(
            f"末日 {raw} 是休息日，顺延到 {due}"
            if zh
            else f"the last day {raw} is a rest day, so it moves to {due}"
        )
    elif bar.due:
        due = with_weekday(bar.due, language)
        said.append(f"{due} 到期，不顺延" if zh else f"it is due on {due}, without a roll")
    if not bar.statutory:
        said.append("日期不是法律规定的" if zh else "the date is not set by law")
    return said


def _standing(bar: TermBar, language: Language) -> list[str]:
    """Where today stands, and the days that are special on the way."""
    zh = language == "zh"
    today = with_weekday(bar.today, language)
    remaining = left(None if bar.open_ended else bar.due, bar.raw, bar.today, language)
    where = [part for part in (day_words(bar, language), remaining) if part]
    said = [f"今天 {today}，{'，'.join(where)}" if zh else f"today is {today}: {', '.join(where)}"]
    rest = sum(span.length for span in rest_spans(bar))
    made_up = make_up_days(bar)
    if rest:
        counts = bar.unit != "working"
        said.append(
            f"图中休息日 {rest} 天，{'照算' if counts else '不计'}"
            if zh
            else (
                f"{days(rest, 'en')} of rest in the picture, "
                f"{'counted' if counts else 'not counted'}"
            )
        )
    if made_up:
        listed = [d.isoformat() for d in made_up]
        said.append(
            f"调休上班日：{'、'.join(listed)}"
            if zh
            else f"make-up working days: {', '.join(listed)}"
        )
    return said
