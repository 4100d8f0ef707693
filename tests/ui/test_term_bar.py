"""The term bar: whatever the term, the drawing is sound and its text says the whole computation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.law.time.terms import Term, count
from dengwen.ui import svg, term_bar, term_bar_large
from dengwen.ui.components import TermBar
from dengwen.ui.dates import numeric
from dengwen.ui.term_days import (
    amount,
    day_number,
    extension,
    last_day,
    make_up_days,
    original_end,
    rest_spans,
)
from dengwen.ui.term_words import describe
from tests.ui.gallery import bar, calendar

TODAY = date(2026, 11, 24)
DRAWINGS = (term_bar.small, term_bar_large.wide, term_bar_large.folded)
SVG_WIDTHS = {term_bar.small: 232, term_bar_large.wide: 1040, term_bar_large.folded: 328}


@dataclass(frozen=True)
class Asked:
    """A term somebody may ask for; short to print, unlike the bar with its calendar."""

    unit: str
    length: int
    start: date
    today: date
    extend: int
    exclude: int
    statutory: bool

    def bar(self) -> TermBar:
        """Count it with the law package."""
        if self.unit == "fixed":
            end = self.start + timedelta(days=self.length)
            return bar(None, self.start, self.today, end=end, statutory=self.statutory)
        term = Term(self.length, self.unit)
        return bar(
            term,
            self.start,
            self.today,
            extend=self.extend,
            exclude=self.exclude,
            statutory=self.statutory,
        )


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Any term the law can set, looked at on any day."""
    unit = draw(st.sampled_from(["calendar", "working", "month", "year", "fixed"]))
    most = {"calendar": 120, "working": 60, "month": 14, "year": 3, "fixed": 400}[unit]
    start = draw(st.dates(date(2015, 1, 1), date(2026, 12, 31)))
    today = start + timedelta(days=draw(st.integers(-5, 500)))
    extend = draw(st.integers(0, most // 3))
    exclude = draw(st.integers(0, 15)) if unit == "calendar" else 0
    return Asked(
        unit, draw(st.integers(1, most)), start, today, extend, exclude, draw(st.booleans())
    )


def numbers(element: ET.Element, *names: str) -> list[float]:
    return [float(element.attrib[name]) for name in names if name in element.attrib]


@given(asked())
def test_every_drawing_is_sound(one):
    term = one.bar()
    for draw in DRAWINGS:
        picture = draw(term, "zh", "u1")
        root = ET.fromstring(picture)
        assert "style=" not in picture
        ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
        assert root.attrib["aria-labelledby"].split() == ids
        for element in root.iter():
            assert all(value >= 0 for value in numbers(element, "width", "height", "r", "x"))
            if element.tag == "rect":
                x, width = numbers(element, "x", "width")
                assert x + width <= SVG_WIDTHS[draw] + 9, element.attrib
        assert draw.__wrapped__(one.bar(), "zh", "u1") == picture  # nothing but the term decides


@given(asked())
def test_the_text_says_the_whole_computation(one):
    term = one.bar()
    for language in ("zh", "en"):
        name, said = describe(term, language)
        assert numeric(term.start, language) in said
        assert numeric(term.today, language) in said
        for day in (term.raw, term.due):
            if day:
                assert numeric(day, language) in said
        if term.end:
            assert numeric(term.end, language) in name
        if term.overdue:
            assert str(term.overdue) in said
            assert ("逾期" if language == "zh" else "late") in said
        if term.open_ended:
            assert "逾期" not in name.replace("暂不记逾期", "")
        assert all(day.isoformat() in said for day in make_up_days(term))


@given(asked())
def test_no_two_labels_meet(one):
    term = one.bar()
    scale = term_bar.Scale(
        term.start, (term_bar_large.WIDE - 22) / ((last_day(term) - term.start).days + 1)
    )
    placed = term_bar_large.place(term_bar_large.labels(term, scale, "zh"), term_bar_large.WIDE)
    if placed[0].anchor == "key":  # too close: a list, one below the other
        assert [p.row for p in placed] == sorted({p.row for p in placed})
    else:
        assert not [(a, b) for n, a in enumerate(placed) for b in placed[:n] if a.meets(b)]
    assert all(p.edges()[0] >= -1 and p.edges()[1] <= term_bar_large.WIDE + 1 for p in placed)


@given(asked())
def test_the_days_agree_with_the_law(one):
    """What the picture infers (length, first end, rest days) is what the law package counted
    from."""
    term = one.bar()
    whole, before = amount(term), original_end(term)
    if whole is not None and term.unit in {"calendar", "working"}:
        again = count(
            Term(whole, term.unit),
            term.start,
            calendar(),
            extend=term.extended,
            exclude=term.excluded,
        )
        assert again.raw == term.raw
        if before:
            assert count(Term(whole, term.unit), term.start, calendar()).raw == before
    rests = rest_spans(term)
    assert all(a.last + timedelta(days=1) < b.first for a, b in pairwise(rests)), "not joined"
    added = extension(term)
    assert added is None or added.last <= (term.end or date.max)


def classes(picture: str, class_: str) -> list[ET.Element]:
    return [
        e
        for e in ET.fromstring(picture).iter()
        if e.attrib.get("class", "").split()[:1] == [class_]
    ]


def width_of(picture: str, class_: str) -> float:
    return sum(float(e.attrib["width"]) for e in classes(picture, class_))


def test_sixty_days_and_thirty_more_end_on_the_ninetieth_and_roll():
    """R22 art. 34: 60 days, extended by 30 from the raw date; day 90 is a Sunday and rolls to
    Monday."""
    term = bar(Term(60, "calendar"), date(2026, 8, 31), TODAY, extend=30)
    assert (original_end(term), term.raw, term.due) == (
        date(2026, 10, 30),
        date(2026, 11, 29),
        date(2026, 11, 30),
    )
    assert (amount(term), day_number(term), term.rolled, term.overdue) == (60, 85, 1, 0)
    assert make_up_days(term) == (date(2026, 9, 20), date(2026, 10, 10))
    picture = term_bar_large.wide(term, "zh", "u1")
    cell = (1040 - 22) / 92
    assert width_of(picture, "run") == pytest.approx(60 * cell, abs=0.1)
    assert width_of(picture, "ext-past") == pytest.approx(
        24 * cell, abs=0.1
    )  # days 61 to 84: today is not over
    assert width_of(picture, "ext-ahead") == pytest.approx(
        7 * cell, abs=0.1
    )  # days 85 to 90 and the rolled one
    assert len(classes(picture, "rest")) == 13
    assert "顺延到 2026-11-30 周一" in describe(term, "zh")[1]
    assert "it moves to Mon 30 Nov 2026" in describe(term, "en")[1]


def test_a_late_duty_is_vermilion_from_its_due_day_to_today():
    """R22 art. 23(3): 15 days from receipt on 6 November end on a Saturday, roll to Monday 23;
    one day late."""
    term = bar(Term(15, "calendar"), date(2026, 11, 6), TODAY)
    assert (term.raw, term.due, term.overdue) == (date(2026, 11, 21), date(2026, 11, 23), 1)
    picture = term_bar.small(term, "zh", "u1")
    assert width_of(picture, "over") == pytest.approx(222 / 19, abs=0.1)
    assert [e.attrib["class"] for e in classes(picture, "due")] == ["due late"]
    assert [e.attrib["class"] for e in classes(picture, "tick")] == ["tick dotted"]


def test_five_working_days_have_five_cut_marks():
    """R22 art. 23(3): five working days to object, over a weekend that does not count."""
    term = bar(Term(5, "working"), date(2026, 11, 17), TODAY)
    assert term.due == TODAY
    assert len(classes(term_bar.small(term, "zh", "u1"), "cut")) == 5
    assert "不计" in describe(term, "zh")[1]


def test_a_date_no_law_sets_ends_in_a_hollow_square_and_says_so():
    term = bar(None, date(2026, 10, 20), TODAY, end=date(2026, 12, 4), statutory=False)
    assert [e.tag for e in classes(term_bar.small(term, "zh", "u1"), "ring")] == ["circle", "rect"]
    assert "日期不是法律规定的" in describe(term, "zh")[1]
    assert "第" not in term_bar_large.today_words(term, "zh")


def test_a_year_without_a_calendar_has_no_shade_no_due_line_and_no_lateness():
    term = bar(Term(60, "calendar"), date(2026, 11, 9), date(2027, 2, 1))
    assert (term.raw, term.due, term.overdue) == (date(2027, 1, 8), None, 0)
    assert all(span.last.year == 2026 for span in rest_spans(term))
    for draw in DRAWINGS:
        picture = draw(term, "zh", "u1")
        assert classes(picture, "dash")
        assert not classes(picture, "due")
        assert not classes(picture, "over")
        assert "late" not in picture
    assert "暂定" in describe(term, "zh")[1]


def test_dense_bars_shade_only_long_rests_and_the_one_that_rolls():
    term = bar(Term(60, "calendar"), date(2026, 8, 31), TODAY, extend=30)
    shaded = classes(term_bar.small(term, "zh", "u1"), "rest")
    assert len(shaded) == 3  # Mid-Autumn, National Day and the weekend of the raw date
    assert len(rest_spans(term)) == 13


def test_long_terms_fold_into_at_most_twelve_lines():
    term = bar(Term(3, "year"), date(2024, 2, 29), TODAY)
    assert term.raw == date(2027, 2, 28)
    lines = classes(term_bar_large.folded(term, "zh", "u1"), "track")
    assert len(lines) <= 12


def test_svg_refuses_style_and_negative_lengths():
    with pytest.raises(ValueError, match="style attributes are refused"):
        svg.element("rect", style="fill:red")
    with pytest.raises(ValueError, match="cannot be negative"):
        svg.box("rest", 0, 0, -1, 2)
    assert svg.words("<&>", 0, 0, "t2") == '<text class="t2" x="0" y="0">&lt;&amp;&gt;</text>'


def test_a_start_word_cannot_break_the_picture():
    term = bar(Term(15, "calendar"), date(2026, 11, 6), TODAY, start_word='<script>"&')
    for draw in DRAWINGS:
        root = ET.fromstring(draw(term, "zh", "u1"))
        assert not [e for e in root.iter() if e.tag == "script"]


def test_a_kept_drawing_is_not_that_of_another_calendar():
    """Entering a notice changes the picture of a term although its own days stay."""
    start, end = date(2026, 11, 9), date(2026, 12, 4)
    table = calendar().years[2026]
    amended = calendar().with_year(replace(table, off=table.off | {date(2026, 11, 12)}, version=2))
    before = bar(None, start, TODAY, end=end)
    after = replace(before, calendar=amended)
    assert before == bar(None, start, TODAY, end=end)
    assert before != after
    assert term_bar.small(before, "zh", "u1") != term_bar.small(after, "zh", "u1")
