"""The text equivalent of a term bar: the whole computation in one reading, Chinese or English.

The language is that of the picture, which need not be that of the page being answered; hence pairs.
"""

from __future__ import annotations

from dengwen.law.bilingual import Language, words_in
from dengwen.ui.dates import days, left, with_weekday
from dengwen.ui.term_days import (
    Span,
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
    return bar.start_word or words_in(("起算", "start"), language)


def day_words(bar: TermBar, language: Language) -> str:
    """Return which day of the term today is: 第 85 日, 第 4 个工作日; "" where that says nothing."""
    number = day_number(bar)
    if number is None or bar.unit == "fixed":
        return ""
    if bar.unit == "working":
        return words_in((f"第 {number} 个工作日", f"working day {number}"), language)
    return words_in((f"第 {number} 日", f"day {number}"), language)


def describe(bar: TermBar, language: Language) -> tuple[str, str]:
    """Return name and full description of the picture."""
    sentences = [*_counting(bar, language), *_ending(bar, language), *_standing(bar, language)]
    chinese = "".join(f"{sentence}。" for sentence in sentences)
    english = " ".join(f"{sentence}." for sentence in sentences)
    return _name(bar, language), words_in((chinese, english), language)


def _name(bar: TermBar, language: Language) -> str:
    """Return the name of the picture: its end, and how many days are left."""
    if bar.end is None:
        return words_in(("期限条：到期日待定", "Term bar: due date not known yet"), language)
    if bar.open_ended:
        due, word = None, words_in(("原算", "raw date"), language)
    else:
        due, word = bar.due, words_in(("到期", "due"), language)
    shown = with_weekday(bar.end, language)
    remaining = left(due, bar.raw, bar.today, language)
    pair = (f"期限条：{word} {shown}，{remaining}", f"Term bar: {word} {shown}, {remaining}")
    return words_in(pair, language)


# --- how it is counted ----------------------------------------------------------------------------
def _counting(bar: TermBar, language: Language) -> list[str]:
    """Start, length, extension and exclusion."""
    said = [_start(bar, language)]
    whole = amount(bar)
    if whole is not None:
        said.append(_length(bar, whole, language))
    if bar.extended and bar.unit != "fixed":
        more = days(bar.extended, language, bar.unit)
        pair = (
            f"延长 {more}，从原算日接着数",
            f"extended by {more}, counted on from the raw date",
        )
        said.append(words_in(pair, language))
    if bar.excluded:
        said.append(_excluded(bar, language))
    return said


def _start(bar: TermBar, language: Language) -> str:
    """The day of the event, and that it is not counted."""
    first, word = with_weekday(bar.start, language), start_word(bar, language)
    pair = (f"{first} {word}，当日不计入", f"{word} on {first}; that day is not counted")
    return words_in(pair, language)


def _length(bar: TermBar, whole: int, language: Language) -> str:
    """The length of the term, and its last day before any extension."""
    length = days(whole, language, bar.unit)
    before = original_end(bar)
    if before is None:
        return words_in((f"期限 {length}", f"the term is {length}"), language)
    until = with_weekday(before, language)
    pair = (f"期限 {length}，到 {until}", f"the term is {length}, to {until}")
    return words_in(pair, language)


def _excluded(bar: TermBar, language: Language) -> str:
    """How many days are not counted, and which."""
    more = days(bar.excluded, language)
    spans = [_span_words(span, language) for span in exclusions(bar)]
    pair = (f"不计入 {more}（{'、'.join(spans)}）", f"{more} not counted ({', '.join(spans)})")
    return words_in(pair, language)


def _span_words(span: Span, language: Language) -> str:
    """The first and the last day of a span."""
    first, last = span.first.isoformat(), span.last.isoformat()
    return words_in((f"{first} 至 {last}", f"{first} to {last}"), language)


# --- where it ends --------------------------------------------------------------------------------
def _ending(bar: TermBar, language: Language) -> list[str]:
    """Raw date, roll, due date, and what is not settled."""
    if bar.raw is None and bar.due is None:
        pair = (
            "计算跨入放假安排尚未公布的年份，到期日待定",
            "the count reaches a year without a published calendar; the due date is not known yet",
        )
        return [words_in(pair, language)]
    pairs = [pair for pair in (_end_pair(bar, language), _statutory_pair(bar)) if pair]
    return [words_in(pair, language) for pair in pairs]


def _end_pair(bar: TermBar, language: Language) -> tuple[str, str] | None:
    """The last day: provisional, rolled over rest days, or as counted."""
    if bar.open_ended and bar.raw:
        raw = with_weekday(bar.raw, language)
        return (
            f"原算末日 {raw}；该年放假安排尚未公布，到期日为当日或稍后，暂定",
            (
                f"the last day as counted is {raw}; the calendar of that year is not published, "
                "so it is due on or just after that day, provisionally"
            ),
        )
    if bar.due is None:
        return None
    due = with_weekday(bar.due, language)
    if bar.raw and bar.rolled:
        raw = with_weekday(bar.raw, language)
        return (
            f"末日 {raw} 是休息日，顺延到 {due}",
            f"the last day {raw} is a rest day, so it moves to {due}",
        )
    return f"{due} 到期，不顺延", f"it is due on {due}, without a roll"


def _statutory_pair(bar: TermBar) -> tuple[str, str] | None:
    """That no law sets the date, None where one does."""
    return None if bar.statutory else ("日期不是法律规定的", "the date is not set by law")


# --- where today stands ---------------------------------------------------------------------------
def _standing(bar: TermBar, language: Language) -> list[str]:
    """Where today stands, and the days that are special on the way."""
    said = [_today(bar, language)]
    rest = sum(span.length for span in rest_spans(bar))
    if rest:
        said.append(_rest(rest, language, counts=bar.unit != "working"))
    made_up = make_up_days(bar)
    if made_up:
        listed = [day.isoformat() for day in made_up]
        pair = (
            f"调休上班日：{'、'.join(listed)}",
            f"make-up working days: {', '.join(listed)}",
        )
        said.append(words_in(pair, language))
    return said


def _today(bar: TermBar, language: Language) -> str:
    """Today, which day of the term it is, and what is left."""
    today = with_weekday(bar.today, language)
    due = None if bar.open_ended else bar.due
    remaining = left(due, bar.raw, bar.today, language)
    where = [part for part in (day_words(bar, language), remaining) if part]
    pair = (f"今天 {today}，{'，'.join(where)}", f"today is {today}: {', '.join(where)}")
    return words_in(pair, language)


def _rest(number: int, language: Language, *, counts: bool) -> str:
    """How many rest days the picture has, and whether the term counts them."""
    if counts:
        pair = (
            f"图中休息日 {number} 天，照算",
            f"{days(number, 'en')} of rest in the picture, counted",
        )
    else:
        pair = (
            f"图中休息日 {number} 天，不计",
            f"{days(number, 'en')} of rest in the picture, not counted",
        )
    return words_in(pair, language)
