"""The detectors on plain values, and on real messages in time order without looking ahead."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from dengwen.access.keys.keyring import KeyRing
from dengwen.petitions.intake.lookalikes import pieces_of
from dengwen.prevention import backtest
from dengwen.prevention.detectors import (
    Finding,
    Inflow,
    SameMatter,
    Seen,
    Thresholds,
    Waiting,
    inflow_bar,
    people_of,
    poisson_bar,
    unanswered,
)

RING = KeyRing("00", {}, {"index": b"k" * 32})
DAY = date(2025, 3, 3)
ROOF = (
    "示例小区三号楼屋面渗水多年，请求尽快修复屋面",
    "我们示例小区三号楼的屋面渗水多年无人管，请修复屋面",
)
ROAD = "滨江大道路灯坏了半个月，夜间行人摔倒，希望尽快更换灯具"


def roof(key: int, day: int, who: str, persons: int = 1, text: str = "") -> Seen:
    """Return a letter about the roof, in one of two wordings."""
    words = text or ROOF[key % 2]
    return Seen(key, DAY + timedelta(days=day), who, pieces_of(words, RING), persons)


def told(detector: SameMatter, *seen: Seen) -> list[Finding]:
    """Return what a detector says about matters in their order."""
    return [f for one in seen if (f := detector.see(one))]


@pytest.mark.sentence("S4.11")
def test_the_same_matter_is_warned_of_once_by_the_nth_person() -> None:
    seen = [roof(n, n, f"p{n}") for n in range(8)]
    found = told(SameMatter(people=4, days=30), *seen)
    assert [(f.day, f.count, f.keys) for f in found] == [(DAY + timedelta(days=3), 4, (0, 1, 2, 3))]
    assert told(SameMatter(people=9, days=30), *seen) == []


def test_people_count_not_letters() -> None:
    same = [roof(n, n, "p") for n in range(9)]
    assert told(SameMatter(people=2, days=30), *same) == []
    assert people_of([roof(0, 0, "a", persons=5), roof(1, 1, "b")]) == 6
    assert (
        len(told(SameMatter(people=6, days=30), roof(0, 0, "a", persons=5), roof(1, 1, "b"))) == 1
    )


def test_what_lies_too_far_apart_or_is_another_matter_does_not_count() -> None:
    assert told(SameMatter(people=2, days=30), roof(0, 0, "a"), roof(1, 30, "b")) == []
    assert len(told(SameMatter(people=2, days=30), roof(0, 0, "a"), roof(1, 29, "b"))) == 1
    others = [roof(0, 0, "a"), Seen(1, DAY, "b", pieces_of(ROAD, RING))]
    assert told(SameMatter(people=2, days=30), *others) == []


def test_a_matter_told_before_is_not_told_again() -> None:
    detector = SameMatter(people=2, days=30, told={0})
    assert told(detector, roof(0, 0, "a"), roof(1, 1, "b"), roof(2, 2, "c")) == []


def test_the_bar_of_an_inflow_is_above_its_own_past() -> None:
    assert inflow_bar([2] * 7, 5, 200) is None
    assert (
        poisson_bar(2.0, 200) == 7
    )  # a Poisson source of 2 a week gives 7 or more once in 221 weeks
    assert inflow_bar([2] * 26, 5, 200) == 7
    assert inflow_bar([0] * 26, 5, 200) == 5
    restless = [1, 9] * 13
    assert inflow_bar(restless, 5, 200) == max(poisson_bar(5.0, 200), 10)
    assert inflow_bar([2] * 25 + [40], 5, 200) == 7  # one flood of the past does not hide the next


def test_an_inflow_is_warned_of_when_it_rises_and_once_for_that_rise() -> None:
    detector, found, key = Inflow(least=5, odds=200), [], 0
    for week in range(20):
        for n in range(12 if week >= 18 else 2):
            key += 1
            day = DAY + timedelta(days=7 * week + min(n, 6))
            found += [f for f in [detector.see(key, day, ("500199", "c01"))] if f]
    assert [(f.subject, f.count, (f.day - DAY).days // 7) for f in found] == [
        (("500199", "c01"), 7, 18)
    ]
    assert detector.see(10_000, DAY + timedelta(days=300), ("500199", "c04")) is None


def test_unanswered_looks_at_shares_of_what_is_old_enough() -> None:
    limits = Thresholds(unanswered_least=3, unanswered_share=50, unanswered_days=30)
    old = [Waiting(n, DAY - timedelta(days=40), None if n < 3 else DAY) for n in range(6)]
    fresh = [Waiting(100 + n, DAY - timedelta(days=29), None) for n in range(50)]
    found = unanswered("YJ02", [*old, *fresh], DAY, limits)
    assert found is not None
    assert (found.keys, found.count, found.subject) == ((0, 1, 2), 50, ("YJ02",))
    more = [Waiting(200 + n, DAY - timedelta(days=40), DAY) for n in range(5)]
    assert unanswered("YJ02", [*old, *more], DAY, limits) is None
    assert unanswered("YJ02", old[:2], DAY, limits) is None


# --- real messages --------------------------------------------------------------------------------
def test_old_messages_in_time_order(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages = backtest.read_messages(shared / "data/messages/teddy_hot.jsonl")
    tried = [backtest.try_same_matter(messages), backtest.try_inflow(messages)]
    with capsys.disabled():
        for one in tried:
            print(
                f"\nwarnings, {one.detector}: {one.warnings} in {one.months:.1f} months, "
                f"{one.false} false "
                f"({one.false_a_month:.2f} a month)"
            )
            for hot in one.hot if one.detector == "same_matter" else ():
                early = (
                    "not warned of"
                    if hot.days_before is None
                    else f"warned {hot.days_before} days before its peak"
                )
                print(
                    f"  {hot.name}: {hot.messages} messages, {hot.in_window} in 30 days by "
                    f"{hot.peak}: {early}"
                )
    same = tried[0]
    ahead = {h.name: h.days_before for h in same.hot if h.in_window >= 8}
    assert ahead, "no named matter with eight messages in thirty days"
    assert all(days is not None and days > 0 for days in ahead.values()), ahead
    assert same.false_a_month <= 1


def test_nothing_is_looked_at_before_its_day(shared: Path) -> None:
    messages = backtest.read_messages(shared / "data/messages/teddy_hot.jsonl")
    cut = date(2019, 8, 20)
    known = [m for m in messages if m.day <= cut]
    early = {h.name: h.warned for h in backtest.try_same_matter(known).hot if h.warned}
    whole = {
        h.name: h.warned
        for h in backtest.try_same_matter(messages).hot
        if h.warned and h.warned <= cut
    }
    assert early
    assert early == whole
