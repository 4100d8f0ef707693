"""Two schemes over the same facts: what moves a total is taken apart without a rest, and named."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.law.indicators.comparison import Comparison, Move, Side, compare
from dengwen.law.indicators.indicator import Count, Organ, Scheme
from dengwen.law.indicators.scheme_file import build_scheme
from dengwen.law.packs.pack import read_toml

RAW = read_toml(Path(__file__).resolve().parents[2] / "packs" / "schemes" / "starting.toml")
ORGANS = [Organ(1, "示例区", "county"), Organ(2, "样本区", "county")]
Change = Callable[[dict[str, Any]], None]


def changed(change: Change) -> Scheme:
    """Return the starting scheme with something changed."""
    raw = deepcopy(RAW)
    change(raw)
    return build_scheme(raw, "schemes/other.toml")


STARTING = build_scheme(RAW, "schemes/starting.toml")


def named(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return next(i for i in raw["indicator"] if i["id"] == name)


def reweighed(raw: dict[str, Any]) -> None:
    """Move weight from conclusions in time to reviews upheld."""
    named(raw, "concluded_in_time")["weight"], named(raw, "upheld_in_review")["weight"] = (
        "0.02",
        "0.10",
    )


def shorter(raw: dict[str, Any]) -> None:
    """Drop reviews, and give their weight to conclusions."""
    raw["indicator"] = [i for i in raw["indicator"] if i["id"] != "upheld_in_review"]
    named(raw, "concluded_in_time")["weight"] = "0.12"


def lower_floor(raw: dict[str, Any]) -> None:
    named(raw, "upheld_in_review")["floor"] = 5


def two(concluded: tuple[int, int], reviewed: tuple[int, int], organ: int = 1) -> list[Count]:
    """Return the integers of one organ in two indicators."""
    return [
        Count(organ, "concluded_in_time", *concluded),
        Count(organ, "upheld_in_review", *reviewed),
    ]


def both(new: Scheme, counts: list[Count], old: Scheme = STARTING) -> Comparison:
    return compare(Side(old, counts, ORGANS), Side(new, counts, ORGANS))


def of(found: Comparison, organ: int = 1) -> Move:
    return next(m for m in found.moves if m.organ == organ)


def test_the_same_scheme_moves_nobody():
    found = both(STARTING, [*two((90, 100), (10, 40)), *two((50, 100), (30, 40), 2)])
    assert (found.settings, found.changed) == ((), ())
    assert [(m.change, m.causes, m.moves) for m in found.moves] == [
        (Decimal("0.00"), (), False)
    ] * 2


def test_weight_moved_to_what_an_organ_does_badly_costs_it_points_and_says_so():
    found = both(changed(reweighed), two((90, 100), (10, 40)))
    move = of(found)
    # shares were 2/3 and 1/3 of ratios 0.90 and 0.25, and are 1/6 and 5/6 now
    assert move.total == (Decimal("68.33"), Decimal("35.83"))
    assert move.change == Decimal("-32.50")
    assert [(c.indicator, c.points, c.by_counting, c.why) for c in move.causes] == [
        ("upheld_in_review", Decimal("-21.67"), Decimal("0.00"), ("weight",)),
        ("concluded_in_time", Decimal("-10.83"), Decimal("0.00"), ("weight",)),
    ]
    assert dict(found.changed) == {
        "concluded_in_time": ("weight",),
        "upheld_in_review": ("weight",),
    }


def test_who_was_ahead_falls_behind_and_the_places_say_so():
    counts = [*two((990, 1000), (400, 800)), *two((700, 1000), (780, 800), 2)]

    def lower(raw: dict[str, Any]) -> None:
        raw["scheme"]["least_weight"] = "0.1"

    def whole(raw: dict[str, Any]) -> None:
        reweighed(raw)
        lower(raw)

    found = both(changed(whole), counts, changed(lower))
    assert [(m.organ, m.rank, m.moves) for m in found.moves] == [
        (2, (2, 1), True),
        (1, (1, 2), True),
    ]


@pytest.mark.parametrize(
    ("change", "indicator", "why"),
    [
        (shorter, "upheld_in_review", ("removed",)),
        (lower_floor, "upheld_in_review", ("floor",)),
        (lower_floor, "concluded_in_time", ("others",)),
    ],
)
def test_every_kind_of_change_is_named(change: Change, indicator: str, why: tuple[str, ...]):
    causes = {c.indicator: c.why for c in of(both(changed(change), two((90, 100), (2, 6)))).causes}
    assert causes[indicator] == why


def test_another_rule_for_what_was_entered_late_is_counting_not_weight():
    counts = [Count(1, "concluded_in_time", 90, 100, 40, 45)]
    found = both(changed(lambda raw: raw["scheme"].update(late_entered="counted")), counts)
    cause = of(found).causes[0]
    assert (cause.why, cause.by_weight, cause.by_counting) == (
        ("rule",),
        Decimal("0.00"),
        Decimal("40.00"),
    )
    assert (cause.before, cause.after) == ((50, 100), (90, 100))
    assert [(s.name, s.before, s.after) for s in found.settings] == [
        ("late_entered", "unproved", "counted")
    ]


def test_what_is_counted_otherwise_is_said():
    def narrower(raw: dict[str, Any]) -> None:
        named(raw, "concluded_in_time")["denominator"]["sort"] = ["review"]

    changes = changed(narrower)
    found = compare(
        Side(STARTING, [Count(1, "concluded_in_time", 90, 100)], ORGANS),
        Side(changes, [Count(1, "concluded_in_time", 10, 20)], ORGANS),
    )
    assert [(c.why, c.points) for c in of(found).causes] == [(("definition",), Decimal("-40.00"))]


SHARES = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda p: (min(p), max(p)))


@given(
    st.lists(SHARES, min_size=14, max_size=14),
    st.lists(st.integers(1, 50), min_size=14, max_size=14),
    st.sampled_from(["counted", "unproved", "apart"]),
)
def test_the_causes_add_up_to_the_change(
    shares: list[tuple[int, int]], weights: list[int], late: str
):
    def other(raw: dict[str, Any]) -> None:
        hundredths = [w * 1000 // sum(weights) or 1 for w in weights]
        hundredths[0] += 1000 - sum(hundredths)
        for one, weight in zip(raw["indicator"], hundredths, strict=True):
            one["weight"] = f"0.{weight:03d}"
        raw["scheme"]["late_entered"] = late

    counts = [Count(1, i.id, *pair) for i, pair in zip(STARTING.indicators, shares, strict=True)]
    move = of(both(changed(other), counts))
    before, after = move.total
    assert before is not None
    assert after is not None
    assert move.change is not None
    half = Decimal("0.005")
    assert abs(move.change - (after - before)) <= 3 * half
    assert abs(sum((c.points for c in move.causes), Decimal(0)) - move.change) <= half * (
        len(move.causes) + 1
    )
    for cause in move.causes:
        assert abs(cause.by_weight + cause.by_counting - cause.points) <= 3 * half
