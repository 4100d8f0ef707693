"""What a duty counts as that was moved, ended or excused: the last day itself and the day after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import interim_figures
from dengwen.assessment.facts import duty_facts, excuse_facts
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, IN_TIME, VOID
from tests.assessment.test_drawn_duties import duty
from tests.world import at

DAY = timedelta(days=1)
LAST = date(2025, 3, 31)
HERE, THERE = 1, 2


@pytest.mark.parametrize(("after", "late"), [(-1, False), (0, False), (1, True)])
def test_what_was_done_after_its_day_is_late_though_a_longer_time_is_claimed(
    after: int, *, late: bool
) -> None:
    closed = {"state": CLOSED, "closed_on": LAST + after * DAY, "due": LAST}
    assert duty(timeliness=BY_CLAIM, **closed).moved_too_late == late
    assert not duty(timeliness=IN_TIME, **closed).moved_too_late


@pytest.mark.parametrize(
    ("ended_by", "objected", "missed"),
    [
        ("agree_return", True, False),
        ("agree_return_within", True, False),
        ("decide_dispute", True, False),
        ("agree_return", False, True),
        ("withdraw", True, True),
        (None, True, True),
    ],
)
def test_only_what_went_back_after_an_objection_in_time_is_not_missed(
    ended_by: str | None, monkeypatch: pytest.MonkeyPatch, *, objected: bool, missed: bool
) -> None:
    monkeypatch.setattr(duty_facts, "_objected_in_time", lambda _duty: objected)
    ended = duty(state=VOID, due=LAST, ended_by=ended_by, closed_recorded=at(LAST + 9 * DAY))
    assert duty_facts._stays_missed(ended) == missed
    in_time = duty(state=VOID, due=LAST, ended_by=ended_by, closed_recorded=at(LAST))
    assert not duty_facts._stays_missed(in_time)


@pytest.mark.parametrize(
    ("ended_by", "entered", "claimed"),
    [
        ("withdraw", LAST + DAY, 1),
        ("withdraw", LAST, 0),
        ("correct", LAST + DAY, 0),
        (None, LAST + DAY, 0),
    ],
)
def test_a_withdrawal_entered_after_the_day_is_told_as_a_claim(
    ended_by: str | None, entered: date, claimed: int
) -> None:
    one = duty(state=VOID, due=LAST, ended_by=ended_by, closed_recorded=at(entered))
    found = list(excuse_facts._claimed(one, (), {}, {}))
    assert found == [(excuse_facts.WITHDRAWAL, at(entered))] * claimed


def test_excuses_are_those_of_the_organ_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"kind": kind, "organ": organ, "case": case, "day": LAST}
        for kind, organ, case in (
            ("excuse", HERE, 5),
            ("excuse", THERE, 6),
            ("duty", HERE, 7),
            ("duty", THERE, 8),
        )
    ]

    def read(*_: Any) -> Iterator[dict[str, Any]]:
        yield from rows

    naming = SimpleNamespace(reveal=lambda case, _sort: case)
    monkeypatch.setattr(interim_figures, "read", read)
    monkeypatch.setattr(interim_figures, "Fact", SimpleNamespace)
    monkeypatch.setattr(
        interim_figures, "Naming", SimpleNamespace(of_manifest=lambda _manifest: naming)
    )
    frozen: Any = SimpleNamespace(manifest=None, folder=Path())
    assert list(interim_figures.excuses_of(frozen, HERE)) == [(5, LAST)]
