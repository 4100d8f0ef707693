"""The lint refuses schemes that reward turning people away; flags find tricks and leave honest
change alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dengwen.law.indicators.flags import fisher, flags, too_few
from dengwen.law.indicators.indicator import Count, Organ
from dengwen.law.indicators.lint import FLAG, REFUSE, lint, refused
from dengwen.law.indicators.scheme_file import build_scheme, load_schemes
from dengwen.law.indicators.tricks import TRICKS, simulate
from dengwen.law.packs.pack import read_toml

PACKS = Path(__file__).resolve().parents[2] / "packs"
SCHEMES = load_schemes(PACKS)
SCHEME = SCHEMES["starting"]
RAW = read_toml(PACKS / "schemes" / "starting.toml")
ORGANS = [Organ(i, f"示例{i}区", "county") for i in range(1, 6)]


def changed(harm: Callable[[dict[str, Any]], object]) -> Any:
    raw = deepcopy(RAW)
    harm(raw)
    return build_scheme(raw, "schemes/tried.toml")


def indicator(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return next(i for i in raw["indicator"] if i["id"] == name)


def sides(
    raw: dict[str, Any],
    name: str,
    numerator: dict[str, Any],
    denominator: dict[str, Any],
    **more: Any,
) -> None:
    indicator(raw, name).update(numerator=numerator, denominator=denominator, **more)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_the_delivered_schemes_pass_their_own_lint(scheme: Any):
    assert lint(scheme) == ()


PERVERSE: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "fewer registrations": (
        "scores-watched",
        lambda raw: sides(
            raw,
            "registered_in_time",
            {"kind": "registration"},
            {"kind": "contact"},
            direction="lower",
        ),
    ),
    "volume per organ": (
        "volume",
        lambda raw: sides(
            raw,
            "registered_in_time",
            {"kind": "registration"},
            {"kind": "notification"},
            direction="lower",
        ),
    ),
    "fewer visits": (
        "channel",
        lambda raw: sides(
            raw,
            "registered_in_time",
            {"kind": "registration", "channel": ["visit"]},
            {"kind": "registration"},
            direction="lower",
        ),
    ),
    "fewer visits upward": (
        "composition",
        lambda raw: sides(
            raw,
            "registered_in_time",
            {"kind": "registration", "sort": ["upward"]},
            {"kind": "registration"},
            direction="lower",
        ),
    ),
    "small backlog": (
        "scores-watched",
        lambda raw: sides(
            raw,
            "concluded_in_time",
            {"kind": "backlog"},
            {"kind": "registration"},
            direction="lower",
        ),
    ),
    "no refusals": (
        "scores-watched",
        lambda raw: sides(
            raw,
            "concluded_in_time",
            {"kind": "refusal"},
            {"kind": "registration"},
            direction="higher",
        ),
    ),
    "what was missed is left out": (
        "failures-left-out",
        lambda raw: sides(
            raw,
            "concluded_in_time",
            {"kind": "conclusion", "outcome": ["in_time"]},
            {"kind": "conclusion", "outcome": ["in_time", "late"]},
        ),
    ),
    "late is better": (
        "direction",
        lambda raw: indicator(raw, "concluded_in_time").update(direction="lower"),
    ),
    "always full": (
        "volume",
        lambda raw: sides(raw, "concluded_in_time", {"kind": "conclusion"}, {"kind": "conclusion"}),
    ),
    "only imported": (
        "entered",
        lambda raw: sides(
            raw,
            "concluded_in_time",
            {"kind": "conclusion", "outcome": ["in_time"], "entered": ["late"]},
            {"kind": "conclusion", "outcome": ["in_time", "late", "missed"]},
        ),
    ),
    "both rated sides in one": (
        "rated-sides",
        lambda raw: sides(
            raw, "satisfied", {"kind": "rating", "outcome": ["satisfied"]}, {"kind": "rating"}
        ),
    ),
    "what lies open counts as settled": (
        "direction",
        lambda raw: sides(
            raw,
            "settled_at_once",
            {"kind": "resolution", "outcome": ["settled", "open"]},
            {"kind": "resolution", "outcome": ["settled", "open", "reviewed", "repeated"]},
        ),
    ),
    "what lies open counts as in time": (
        "direction",
        lambda raw: sides(
            raw,
            "concluded_in_time",
            {"kind": "conclusion", "outcome": ["in_time", "open"]},
            {"kind": "conclusion", "outcome": ["in_time", "open", "late", "missed"]},
        ),
    ),
    "what lies open makes failures few": (
        "direction",
        lambda raw: sides(
            raw,
            "forwarding_objected",
            {"kind": "objection", "outcome": ["upheld"]},
            {"kind": "objection", "outcome": ["upheld", "refused", "open"]},
        ),
    ),
    "only the last month counts": (
        "last-days",
        lambda raw: sides(
            raw,
            "concluded_in_time",
            {"kind": "conclusion", "outcome": ["in_time"], "last_days": 30},
            {"kind": "conclusion", "outcome": ["in_time", "late", "missed"], "last_days": 30},
        ),
    ),
    "one case is a cliff": ("cliff", lambda raw: indicator(raw, "settled_at_once").update(floor=5)),
}


@pytest.mark.parametrize("name", PERVERSE)
def test_a_perverse_indicator_is_found_and_says_why(name: str):
    code, harm = PERVERSE[name]
    found = [f for f in lint(changed(harm)) if f.code == code]
    assert found, name
    assert found[0].zh
    assert found[0].mend_en
    assert found[0].basis.law
    assert refused(tuple(found)) == (code != "cliff")


def test_total_satisfaction_and_satisfaction_without_participation_are_refused():
    def worship(raw: dict[str, Any]) -> None:
        indicator(raw, "satisfied")["weight"] = "0.24"
        raw["indicator"] = [i for i in raw["indicator"] if i["id"] != "settled_at_once"]

    def unasked(raw: dict[str, Any]) -> None:
        raw["indicator"] = [i for i in raw["indicator"] if i["id"] != "participation"]
        indicator(raw, "satisfied")["weight"] = "0.07"

    assert {f.code for f in lint(changed(worship)) if f.grade == REFUSE} == {"satisfaction"}
    assert {f.code for f in lint(changed(unasked)) if f.grade == REFUSE} == {"participation"}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_that_pays_and_has_no_watch_is_flagged(trick: str):
    bare = changed(lambda raw: raw.update(watch=[w for w in raw["watch"] if w["trick"] != trick]))
    codes = {(f.grade, f.code, f.entry) for f in lint(bare)}
    pays = any(g.gain >= SCHEME.rounding.resolution for g in simulate(SCHEME) if g.trick == trick)
    assert ((FLAG, "unwatched", trick) in codes) == pays


def test_no_trick_at_one_percent_pays_a_point():
    assert all(
        g.gain < SCHEME.rounding.resolution for g in simulate(SCHEME) if g.share == Decimal("0.01")
    )


def test_a_scheme_of_speed_shows_who_would_gain_by_extending_all():
    def speed(raw: dict[str, Any]) -> None:
        (
            indicator(raw, "concluded_in_time")["weight"],
            indicator(raw, "settled_at_once")["weight"],
        ) = "0.22", "0.06"

    def gain(scheme: Any) -> Decimal:
        return next(
            g.gain for g in simulate(scheme) if (g.trick, g.share) == ("extending", Decimal("0.10"))
        )

    assert gain(SCHEME) < SCHEME.rounding.resolution < gain(changed(speed))


# Flags
# --------------------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(1, 30), st.data())
@settings(max_examples=100, deadline=None)
def test_the_exact_test_is_the_sum_of_binomials(n: int, past_n: int, data: Any):
    k, past_k = data.draw(st.integers(0, n)), data.draw(st.integers(0, past_n))
    marked, whole = k + past_k, n + past_n
    ways = [
        comb(n, i) * comb(past_n, marked - i) if 0 <= marked - i <= past_n else 0
        for i in range(n + 1)
    ]
    up, down = (Decimal(sum(part)) / comb(whole, marked) for part in (ways[k:], ways[: k + 1]))
    assert abs(fisher(k, n, past_k, past_n) - up) < Decimal("1e-20")
    assert abs(fisher(k, n, past_k, past_n, upward=False) - down) < Decimal("1e-20")


def extended(*parts: tuple[int, int]) -> list[Count]:
    return [Count(organ, "extended_share", k, n) for organ, (k, n) in enumerate(parts, start=1)]


def raised(now: list[Count], past: list[Count], **more: Any) -> list[int]:
    return [
        f.organ for f in flags(SCHEME, now, past, ORGANS, **more) if f.watch == "extended_share"
    ]


STEADY = extended((40, 400), (38, 400), (44, 400), (41, 400), (39, 400))


def test_one_organ_that_extends_all_is_flagged_and_the_flag_says_what_moved():
    now = extended((200, 400), (38, 400), (44, 400), (41, 400), (39, 400))
    assert raised(now, STEADY) == [1]
    flag = next(f for f in flags(SCHEME, now, STEADY, ORGANS) if f.watch == "extended_share")
    assert (flag.numerator, flag.denominator, flag.rate) == (200, 400, Decimal("0.5000"))
    assert flag.probability < SCHEME.rounding.alpha


def test_what_befalls_all_of_them_flags_nobody():
    assert raised(extended((95, 400), (90, 400), (99, 400), (94, 400), (92, 400)), STEADY) == []


def test_one_organ_cannot_hide_behind_the_trick_of_another():
    assert raised(extended((200, 400), (210, 400), (44, 400), (41, 400), (39, 400)), STEADY) == [
        1,
        2,
    ]


def test_a_merged_organ_brings_its_past_along():
    past = [*STEADY, Count(9, "extended_share", 280, 400)]
    now = extended((330, 800), (38, 400), (44, 400), (41, 400), (39, 400))
    assert raised(now, past) == [1]
    assert raised(now, past, joined={9: 1}) == []


def test_an_organ_without_a_past_is_compared_with_its_group():
    past = [c for c in STEADY if c.organ != 1]
    now = extended((200, 400), (38, 400), (44, 400), (41, 400), (39, 400))
    assert raised(now, past) == [1]
    assert raised(STEADY, past) == []


def test_what_adds_the_same_share_to_all_flags_not_the_one_whose_share_was_small():
    past = extended((8, 400), (60, 400), (66, 400), (62, 400), (58, 400))
    now = extended(
        (68, 400), (120, 400), (126, 400), (122, 400), (118, 400)
    )  # fifteen points more with each of them
    assert raised(now, past) == []
    assert raised(extended((68, 400), (60, 400), (66, 400), (62, 400), (58, 400)), past) == [1]


def test_where_the_numbers_are_too_few_it_is_said_that_no_flag_proves_nothing():
    def blind(times: int) -> list[int]:
        whole = [
            Count(c.organ, "redirected_share", c.numerator * times, c.denominator * times)
            for c in STEADY
        ]
        return [
            o for o, watch in too_few(SCHEME, whole, whole, ORGANS) if watch == "redirected_share"
        ]

    assert blind(3) == []
    assert raised_small() == []  # a tenth more of forty: no flag
    small = [
        Count(c.organ, "redirected_share", c.numerator // 10, c.denominator // 10) for c in STEADY
    ]
    assert [
        o for o, watch in too_few(SCHEME, small, small, ORGANS) if watch == "redirected_share"
    ] == [1, 2, 3, 4, 5]
    assert too_few(SCHEME, [], small, ORGANS) == ()  # nothing was counted, nothing is said


def raised_small() -> list[int]:
    past = [
        Count(c.organ, "redirected_share", c.numerator // 10, c.denominator // 10) for c in STEADY
    ]
    now = [Count(1, "redirected_share", 8, 40), *past[1:]]
    return [f.organ for f in flags(SCHEME, now, past, ORGANS)]


def found(scheme: Any) -> set[tuple[str, str, str]]:
    return {(f.grade, f.code, f.entry) for f in lint(scheme)}


@pytest.mark.parametrize(("margin", "ratio"), [("0.99", "1"), ("0.30", "50"), ("0.01", "50")])
def test_watches_too_lax_to_flag_a_trick_are_as_none(margin: str, ratio: str):
    def harm(raw: dict[str, Any]) -> None:
        for watch in raw["watch"]:
            watch.update(margin=margin, ratio=ratio)

    named = {entry for _grade, code, entry in found(changed(harm)) if code == "unwatched"}
    assert {"extending", "pushing_on", "redirecting"} <= named
    if margin == "0.99":
        assert named == {*TRICKS, "importing", "entering_late"}


def test_what_is_imported_and_scores_is_watched():
    def harm(raw: dict[str, Any]) -> None:
        raw["watch"] = [w for w in raw["watch"] if w["trick"] != "importing"]

    assert (FLAG, "unwatched", "importing") in found(changed(harm))


@pytest.mark.parametrize("said", ["counted", "apart"])
def test_entering_late_must_not_pay(said: str):
    assert (FLAG, "late-entered", "scheme") in found(
        changed(lambda raw: raw["scheme"].update(late_entered=said))
    )


def test_a_watch_on_the_last_days_alone_is_looked_at():
    def harm(raw: dict[str, Any]) -> None:
        one = next(w for w in raw["watch"] if w["id"] == "extended_share")
        one["numerator"]["last_days"] = one["denominator"]["last_days"] = 30

    assert (FLAG, "last-days", "extended_share") in found(changed(harm))


def test_only_comparable_organs_share_a_group():
    organs = [
        ("government", "county"),
        ("party_committee", "county"),
        ("government_department", "county"),
        ("government_department", "prefecture"),
        ("petition_office", "county"),
        ("party_organ", "county"),
        ("discipline", "county"),
        ("government", "township"),
        ("villagers_committee", "village"),
    ]
    groups = [SCHEME.group_of("", kind, level) for kind, level in organs]
    assert groups == [
        "county",
        "county",
        "county_department",
        "city_department",
        "petition_office",
        "party_organ/county",
        "discipline/county",
        "township",
        "villagers_committee/village",
    ]
