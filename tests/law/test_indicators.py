"""Indicators: counting to integers, figures in Decimal, scheme files that say what is wrong with
them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dengwen.law.errors import PackError
from dengwen.law.indicators.count import count
from dengwen.law.indicators.indicator import Count, Organ, Period, Scheme
from dengwen.law.indicators.scheme_file import build_scheme, load_schemes
from dengwen.law.indicators.score import RANKED, SMALL, canonical_json, places_of, score, wilson
from dengwen.law.packs.pack import read_toml

PACKS = Path(__file__).resolve().parents[2] / "packs"
SCHEME = load_schemes(PACKS)["starting"]
RAW = read_toml(PACKS / "schemes" / "starting.toml")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
ORGANS = [
    Organ(1, "示例区", "county"),
    Organ(2, "样本区", "county"),
    Organ(3, "示例局", "department"),
]


def fact(number: int, **said: Any) -> dict[str, Any]:
    return {
        "id": number,
        "kind": "conclusion",
        "organ": 1,
        "case": number,
        "day": date(2026, 5, 1),
        "outcome": "in_time",
        "sort": "",
        "channel": "",
        "entered": "timely",
        **said,
    }


FACTS = st.lists(
    st.builds(
        fact,
        st.integers(1, 10_000),
        organ=st.integers(1, 4),
        outcome=st.sampled_from(["in_time", "late", "missed", "open"]),
        entered=st.sampled_from(["timely", "late", "imported"]),
        day=st.dates(date(2025, 12, 1), date(2027, 1, 31)),
        kind=st.sampled_from(["conclusion", "registration"]),
    ),
    max_size=60,
    unique_by=lambda f: f["id"],
)


def one(counts: tuple[Count, ...], organ: int = 1, indicator: str = "concluded_in_time") -> Count:
    return next(c for c in counts if (c.organ, c.indicator) == (organ, indicator))


def test_counts_of_a_small_year_by_hand():
    facts = [
        fact(1),
        fact(2, outcome="late"),
        fact(3, outcome="open"),
        fact(4, entered="late"),
        fact(5, entered="imported", outcome="missed"),
        fact(6, day=date(2027, 1, 1)),
        fact(7, organ=9),
        fact(8),
    ]
    counts = count(SCHEME, facts, ORGANS, [{"fact": 8, "indicator": "concluded_in_time"}], YEAR)
    assert one(counts) == Count(1, "concluded_in_time", 2, 4, 1, 1, 0, 1)


@given(FACTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_facts_changes_nothing(facts: list[dict[str, Any]], random: Any):
    shuffled = list(facts)
    random.shuffle(shuffled)
    ahead, behind = (count(SCHEME, f, ORGANS, [], YEAR) for f in (facts, shuffled))
    assert ahead == behind
    assert (
        score(SCHEME, ahead, ORGANS).canonical()
        == score(SCHEME, behind[::-1], ORGANS[::-1]).canonical()
    )


@given(FACTS, st.data())
@settings(max_examples=60, deadline=None)
def test_an_exclusion_takes_out_its_fact_from_its_indicator_alone(
    facts: list[dict[str, Any]], data: Any
):
    if not facts:
        return
    gone = data.draw(st.sampled_from(facts))
    named = data.draw(st.sampled_from(["", "concluded_in_time"]))
    with_it = count(SCHEME, facts, ORGANS, [{"fact": gone["id"], "indicator": named}], YEAR)
    without = count(SCHEME, [f for f in facts if f is not gone], ORGANS, [], YEAR)
    whole = count(SCHEME, facts, ORGANS, [], YEAR)
    for cell in with_it:
        touched = named in {"", cell.indicator}
        assert cell == one(without if touched else whole, cell.organ, cell.indicator)


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_more_good_results_never_lower_a_figure(good: int, more: int, bad: int):
    def total(numerator: int) -> Any:
        counts = [Count(1, "concluded_in_time", numerator, good + more + bad)]
        return score(SCHEME, counts, ORGANS).figure(1, "concluded_in_time")

    before, after = total(good), total(good + more)
    assert before.ratio <= after.ratio
    assert before.low <= after.low
    assert before.high <= after.high
    assert after.low <= after.ratio <= after.high


@given(st.integers(0, 100), st.integers(0, 100))
@settings(max_examples=100, deadline=None)
def test_lower_is_the_mirror_of_higher(upheld: int, refused: int):
    figure = score(
        SCHEME, [Count(1, "forwarding_objected", upheld, upheld + refused)], ORGANS
    ).figure(1, "forwarding_objected")
    assert figure.good == refused
    assert figure.counted == upheld + refused


def test_wilson_interval_equals_the_printed_one():
    # 81 of 263, 95 %: (0.2553, 0.3662) in Newcombe, Statistics in Medicine 17 (1998), table I
    low, high = wilson(81, 263, Decimal("1.96"))
    assert (round(low, 4), round(high, 4)) == (Decimal("0.2553"), Decimal("0.3662"))
    low, high = wilson(15, 148, Decimal("1.96"))
    assert (round(low, 4), round(high, 4)) == (Decimal("0.0624"), Decimal("0.1605"))


def test_what_was_entered_late_keeps_its_place_and_earns_nothing():
    figure = score(SCHEME, [Count(1, "concluded_in_time", 90, 100, 40, 45)], ORGANS).figure(
        1, "concluded_in_time"
    )
    assert (figure.good, figure.counted, figure.ratio) == (50, 100, Decimal("0.5000"))
    assert (figure.numerator, figure.late_numerator) == (90, 40)


def test_small_numbers_are_shown_and_not_ranked():
    counts = [Count(1, "concluded_in_time", 29, 29), Count(2, "concluded_in_time", 25, 30)]
    scores = score(SCHEME, counts, ORGANS)
    small, large = (scores.figure(o, "concluded_in_time") for o in (1, 2))
    assert (small.standing, small.rank, small.ratio) == (SMALL, None, Decimal("1.0000"))
    assert (large.standing, large.rank) == (RANKED, 1)
    assert (scores.total(1).standing, scores.total(1).rank) == (SMALL, None)
    assert scores.total(3).total is None


@given(st.integers(1, 60), st.integers(0, 60), st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_single_matter_is_a_cliff(counted: int, good: int, better: bool):
    def total(good: int, counted: int) -> Decimal:
        counts = [
            Count(1, i.id, 900, 1000) for i in SCHEME.indicators if i.id != "upheld_in_review"
        ]
        found = (
            score(SCHEME, [*counts, Count(1, "upheld_in_review", good, counted)], ORGANS[:1])
            .total(1)
            .total
        )
        assert found is not None
        return found

    good = min(good, counted)
    moved = abs(total(good + better, counted + 1) - total(good, counted))
    assert moved <= SCHEME.rounding.resolution


def test_ties_are_ties_and_what_cannot_be_told_apart_says_so():
    def cell(value: str, width: str) -> tuple[Decimal, Decimal, Decimal]:
        v, w = Decimal(value), Decimal(width)
        return v, v - w, v + w

    places = places_of(
        {1: cell("90", "1"), 2: cell("90", "1"), 3: cell("89.5", "1"), 4: cell("80", "1")},
        Decimal(1),
    )
    assert {o: p[0] for o, p in places.items()} == {1: 1, 2: 1, 3: 1, 4: 4}
    assert places[1][1] == (2, 3)
    assert places[4][1] == ()
    # closer than the resolution, though the intervals are points
    assert places_of({1: cell("90", "0"), 2: cell("89.2", "0")}, Decimal(1))[2][0] == 1


def test_an_indicator_in_which_all_are_near_the_top_says_so():
    counts = [Count(o, "concluded_in_time", 980 + o, 1000) for o in (1, 2)]
    scores = score(SCHEME, counts, ORGANS)
    assert scores.saturated == (("county", "concluded_in_time"),)
    assert scores.figure(1, "concluded_in_time").saturated


def test_one_case_never_moves_a_total_by_more_than_the_resolution():
    for indicator in SCHEME.indicators:
        assert 100 * indicator.weight / indicator.floor <= SCHEME.rounding.resolution, indicator.id


def test_a_float_has_no_place_in_a_published_figure():
    with pytest.raises(TypeError, match="float"):
        canonical_json({"ratio": 0.5})


def test_canonical_bytes_stand_as_they_are():
    counts = [Count(1, "concluded_in_time", 2, 3)]
    text = score(SCHEME, counts, ORGANS[:1]).canonical().decode()
    assert '"ratio":"0.6667"' in text
    assert '"low":"0.2077"' in text
    assert " " not in text.replace("starting scheme", "")


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["indicator"][0].pop(key)


BROKEN: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("unknown-word", lambda raw: raw["indicator"][0].update(volume=True)),
    ("unknown-word", lambda raw: raw["indicator"][0]["numerator"].update(kind="visits")),
    ("unknown-word", lambda raw: raw["indicator"][0]["numerator"].update(outcome=["fast"])),
    ("unknown-word", lambda raw: raw["indicator"][0].update(groups=["planet"])),
    ("missing", _without("denominator")),
    ("missing-basis", _without("basis")),
    ("not-a-decimal", lambda raw: raw["indicator"][0].update(weight=0.08)),
    ("weights", lambda raw: raw["indicator"][0].update(weight="0.09")),
    ("clash", lambda raw: raw["indicator"][1].update(id="registered_in_time")),
    ("out-of-range", lambda raw: raw["indicator"][0].update(floor=0)),
    ("clash", lambda raw: raw["scheme"].update(until=date(2025, 1, 1))),
    ("missing", lambda raw: raw.pop("scheme")),
]


@pytest.mark.parametrize(("code", "harm"), BROKEN)
def test_a_bad_scheme_is_refused_with_file_entry_reason_and_mend(
    code: str, harm: Callable[[dict[str, Any]], object]
):
    raw = deepcopy(RAW)
    harm(raw)
    with pytest.raises(PackError) as refused:
        build_scheme(raw, "schemes/bad.toml")
    assert refused.value.code == code
    assert refused.value.file == "schemes/bad.toml"
    assert refused.value.entry
    assert refused.value.zh
    assert refused.value.mend_en


def test_the_digest_changes_with_one_weight():
    raw = deepcopy(RAW)
    raw["indicator"][0]["weight"], raw["indicator"][1]["weight"] = "0.07", "0.09"
    assert build_scheme(raw, "x").digest != SCHEME.digest
    assert build_scheme(deepcopy(RAW), "elsewhere").digest == SCHEME.digest


def test_every_indicator_of_the_delivered_schemes_names_its_duty_or_its_paper():
    def named(scheme: Scheme) -> bool:
        return all(i.basis or i.local for i in scheme.indicators)

    assert all(named(s) for s in load_schemes(PACKS).values())
