"""Days of a hearing are not counted, each once, and only while the term of re-examination runs
(R22 36(2))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.law.duties.running_terms import united
from tests.law.stage import Played

LODGED = date(2025, 3, 3)
DAY = timedelta(days=1)
STRETCHES = st.lists(st.tuples(st.integers(-20, 60), st.integers(-5, 20)), max_size=6)


def days_of(stretches: list[tuple[int, int]]) -> list[tuple[date, date]]:
    """Return stretches given as first day after the request and length as dates."""
    return [(LODGED + DAY * first, LODGED + DAY * (first + length)) for first, length in stretches]


@pytest.mark.sentence("P9.6")
@given(STRETCHES)
def test_each_day_is_left_out_once(stretches: list[tuple[int, int]]) -> None:
    spans = days_of(stretches)
    plain = {a + DAY * n for a, b in spans for n in range((b - a).days + 1) if a + DAY * n > LODGED}
    found = [a + DAY * n for a, b in united(spans, LODGED + DAY) for n in range((b - a).days + 1)]
    assert sorted(plain) == found


@pytest.mark.sentence("P9.6")
@given(STRETCHES)
def test_the_term_is_thirty_days_that_were_not_hearing_days(
    stretches: list[tuple[int, int]],
) -> None:
    """A recount day by day that knows nothing of stretches: 30 days that no hearing took, in
    order."""
    spans = days_of(stretches)
    case = Played("recheck").do("lodge", str(LODGED), review_case="X-1")
    for first, last in spans:
        case.do("hold_hearing", str(LODGED), first=first, last=last)
    duty = case.view().find_open("recheck_decide")
    assert duty is not None
    day, left = LODGED, 30
    while left:
        day += DAY
        left -= not any(a <= day <= b for a, b in spans)
    assert duty.raw == day
