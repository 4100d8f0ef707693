"""The year strip: every mark is a link with a sentence, and the table behind it says the same."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from dengwen.ui.components import YearMark, YearRow, YearStrip
from dengwen.ui.year_strip import strip_narrow, strip_wide

marks = st.builds(
    YearMark,
    st.integers(1, 12),
    st.sampled_from(["met", "open", "missed", "slow"]),
    st.text("月接访", min_size=1),
)
rows = st.builds(
    YearRow,
    st.just("r1"),
    st.just("接访"),
    st.just("依据"),
    st.lists(marks, max_size=30).map(tuple),
    st.booleans(),
)
strips = st.builds(
    YearStrip,
    st.just("y"),
    st.just(2026),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    st.lists(rows, max_size=4).map(tuple),
)


@given(strips)
def test_every_drawing_is_sound(strip):
    for draw, wide in ((strip_wide, 1040), (strip_narrow, 328)):
        picture = draw(strip, "zh")
        assert "style=" not in picture
        root = ET.fromstring(picture)
        for element in root.iter("a"):
            assert element.attrib["aria-label"]
            assert element.attrib["href"] == "#r1"
            hit = element.find("rect[@class='hit']")
            assert hit is not None
            assert float(hit.attrib["width"]) >= 24  # WCAG 2.2, 2.5.8
            assert float(hit.attrib["height"]) >= 24
            assert -1 <= float(hit.attrib["x"]) <= wide
        said = " ".join(e.attrib["aria-label"] for e in root.iter("a"))
        assert all(mark.said in said for row in strip.rows for mark in row.marks)


def _strip(*marks: YearMark, local: bool = False, today: date = date(2026, 11, 24)) -> YearStrip:
    return YearStrip("y", 2026, today, (YearRow("r1", "接访", "依据", marks, local),))


def test_missed_has_a_cross_beside_its_colour():
    picture = strip_wide(_strip(YearMark(6, "missed", "6 月未接访")), "zh")
    assert 'class="missed"' in picture
    assert 'class="cross"' in picture


def test_done_late_has_a_bar_beside_its_colour_and_not_due_yet_has_none():
    assert 'class="slow-bar"' in strip_wide(_strip(YearMark(6, "slow", "6-10 → 6-12")), "zh")
    assert "slow-bar" not in strip_wide(
        _strip(YearMark(6, "open", "6 月"), YearMark(7, "met", "7 月")), "zh"
    )


def test_a_rule_is_a_circle_and_a_local_target_a_square():
    assert "<circle" in strip_wide(_strip(YearMark(6, "met", "x")), "zh")
    local = strip_wide(_strip(YearMark(6, "met", "x"), local=True), "zh")
    assert "<circle" not in local


def test_many_marks_of_one_month_become_one_with_the_worst_state_and_their_number():
    many = [YearMark(5, "met", f"5-{n}") for n in range(1, 6)] + [
        YearMark(5, "slow", "5-20 → 5-22")
    ]
    root = ET.fromstring(strip_wide(_strip(*many), "zh"))
    links = list(root.iter("a"))
    assert len(links) == 1
    assert links[0].find("circle[@class='slow']") is not None
    assert "×6" in [t.text for t in root.iter("text")]


def test_today_is_drawn_in_its_own_year_only():
    assert 'class="dash"' in strip_wide(_strip(), "zh")
    assert 'class="dash"' not in strip_wide(_strip(today=date(2025, 11, 24)), "zh")
