"""Random histories: the packs and a small model of the law, written apart, judge them alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from tests.law.stage import LIBRARY
from tools import law_fuzz, law_story


def test_random_histories_are_judged_as_the_model_judges_them() -> None:
    wrong = list(law_fuzz.runs(LIBRARY, 15, lambda number: number < 60))
    assert not [law_fuzz.failures(LIBRARY, story) for _, story in wrong]


@pytest.mark.long
def test_many_random_histories_are_judged_as_the_model_judges_them() -> None:
    wrong = list(law_fuzz.runs(LIBRARY, 2026, lambda number: number < 5000))
    assert not [law_fuzz.failures(LIBRARY, story) for _, story in wrong]


def test_the_histories_reach_every_ending_the_model_knows() -> None:
    stories = [law_fuzz.history(Random(f"3 {n}")) for n in range(300)]
    acts = Counter(act["act"] for story in stories for act in story.acts if "refused" not in act)
    assert set(acts) >= {
        "forward",
        "assign",
        "object",
        "agree_return",
        "refuse_return",
        "withdraw",
        "forward_accusation",
        "forward_litigation",
        "guide_visitor",
        "reply_suggestion",
        "feed_back",
        "inform_duty",
        "extend",
        "settle",
        "serve",
        "request_review",
        "hold_hearing",
        "request_recheck",
    }
    refused = Counter(act["refused"] for story in stories for act in story.acts if "refused" in act)
    assert set(refused) == {
        "too-late",
        "facts",
        "state",
        "same-person",
        "extension",
        "must-be",
        "duty-open",
    }
    assert {story.edition for story in stories} == {"2005", "2022"}


def test_a_wrong_day_and_a_wrong_end_of_a_duty_are_noticed() -> None:
    story = law_fuzz.history(Random("15 1"))
    assert not law_fuzz.failures(LIBRARY, story)
    first = story.owed[0]
    story.owed[0] = replace(first, due=date(2030, 1, 1))
    assert law_fuzz.failures(LIBRARY, story)
    story.owed[0] = replace(first, state="void" if first.state == "closed" else "closed")
    assert law_fuzz.failures(LIBRARY, story)


def test_days_are_counted_by_hand_as_the_law_counts_them() -> None:
    assert law_story.after_days(date(2023, 10, 1), 60) == date(2023, 11, 30)  # A01
    assert law_story.after_days(date(2025, 9, 18), 15) == date(2025, 10, 9)  # A02
    assert law_story.after_working_days(date(2025, 1, 24), 5) == date(2025, 2, 7)  # A04
    assert law_story.after_months(date(2024, 12, 31), 2) == date(2025, 2, 28)
