"""What finders see in closings and corrections that look better than they are, and what they leave
alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from dengwen.accountability.finders import (
    bursts,
    contradictions,
)
from dengwen.accountability.finders.contradictions import _Entry
from dengwen.accountability.finders.found import Seen
from tests.accountability.finder_material import (
    DAY,
    HERE,
    LI,
    THERE,
    TODAY,
    WANG,
    did,
    material,
    owed,
)
from tests.invented_rows import table
from tests.world import at


def cases(found: Iterable[Seen]) -> list[tuple[int, ...]]:
    return [one.cases for one in found]


# --- closed, never contacted ----------------------------------------------------------------------
SUPPORTED = did(1, "draft", data={"outcome": "support"})
SIGNED, RATED = did(2, "sign"), did(3, "rate", case=8, data={"contacted": False})


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        ([SUPPORTED, SIGNED, RATED], True),
        ([SIGNED, RATED], False),
        ([did(1, "draft", data={"outcome": "reject"}), SIGNED, RATED], False),
        ([did(2, "settle"), RATED], True),
        ([did(2, "decide_simple", data={"outcome": "support"}), RATED], True),
        ([did(2, "decide_simple", data={"outcome": "reject"}), RATED], False),
        ([SUPPORTED, SIGNED], False),
        ([SUPPORTED, SIGNED, did(3, "rate", case=8, data={"contacted": True})], False),
        ([SUPPORTED, SIGNED, did(3, "rate", case=8)], False),
        ([SUPPORTED, SIGNED, RATED, did(4, "explain_talk")], False),
        ([SUPPORTED, SIGNED, RATED, did(4, "hold_hearing")], False),
        ([SUPPORTED, SIGNED, RATED, did(4, "mediate")], False),
        ([SUPPORTED, SIGNED, RATED, did(4, "mediate", case=6)], True),
        ([SUPPORTED, did(2, "sign", organ=None), RATED], False),
    ],
)
def test_a_matter_closed_as_solved_of_which_the_petitioner_heard_nothing_is_seen(
    acts: list[Any], monkeypatch: pytest.MonkeyPatch, *, found: bool
) -> None:
    monkeypatch.setattr(contradictions, "Evaluation", table((8, 5), (9, 7)))
    seen = contradictions.closed_never_contacted(material(acts))
    assert bool(seen) is found
    if found:
        assert (seen[0].cases, seen[0].official, seen[0].act) == ((5,), WANG, 2)
        assert [one.case for one in seen[0].evidence] == ["N5", "N8"]


# --- entered late in numbers ----------------------------------------------------------------------
def entry(pk: int, days: int = 1, **more: Any) -> _Entry:
    done = did(pk, "sign", TODAY, case=pk, recorded=at(TODAY + days * DAY), **more)
    return _Entry(done, owed(case=pk), TODAY)


def entered(patch: pytest.MonkeyPatch, entries: list[_Entry], **more: Any) -> list[Seen]:
    patch.setattr(contradictions, "_entries", lambda _material: iter(entries))
    return contradictions.late_entered(material(**more))


def test_many_entries_of_one_handler_just_after_their_days_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def of(n: int, **more: Any) -> list[_Entry]:
        return [entry(pk, **more) for pk in range(1, n + 1)]

    (seen,) = entered(monkeypatch, of(5))
    assert (seen.cases, seen.unit, seen.official, seen.act) == ((1, 2, 3, 4, 5), HERE, WANG, 1)
    assert seen.zh.startswith("同一经办人 5 项")
    assert len(seen.evidence) == 5
    assert entered(monkeypatch, of(4)) == []
    assert entered(monkeypatch, of(5, imported=True)) == []
    assert entered(monkeypatch, of(5, organ=None)) == []
    assert entered(monkeypatch, of(5, actor=None)) == []
    assert entered(monkeypatch, of(5, days=11)) == []
    assert entered(monkeypatch, of(5), away=lambda *_: True) == []
    assert (
        len(entered(monkeypatch, of(5), official_of={}, away=lambda *_: True)) == 1
    )  # nobody known
    assert entered(monkeypatch, [*of(4), entry(5, actor=2)]) == []
    assert entered(monkeypatch, [*of(4), entry(5, organ=THERE)]) == []


def test_a_late_entry_closes_a_duty_by_its_claim() -> None:
    claimed = [
        owed(pk=1, closed_by=2),
        owed(pk=2, closed_by=None),
        owed(pk=3, closed_by=4, due=None),
        owed(pk=5, closed_by=6),
    ]
    acts = {2: did(2, "sign"), 6: did(6, "sign")}

    def late(wanted: Any) -> list[Any]:
        return [one for pk, one in acts.items() if pk in wanted]

    known = material(claimed=lambda: claimed, entered_late=late)
    found = list(contradictions._entries(known))
    assert [(one.did.pk, one.duty.pk, one.due) for one in found] == [(2, 1, TODAY), (6, 5, TODAY)]


# --- a visit that shrank --------------------------------------------------------------------------
VISIT = did(1, "register", data={"channel": "visit"})


def corrected(
    days: int = 9, field: str = "persons", old: str = "12", new: str = "3", **more: Any
) -> Any:
    data = {"target": 1, "field": field, "old": old, "new": new, **more.pop("data", {})}
    return did(2, "correct", TODAY + days * DAY, data=data, **more)


@pytest.mark.parametrize(
    ("acts", "listed", "found"),
    [
        ([VISIT, corrected()], 0, "来访改为“3”"),
        ([VISIT, corrected(new="13")], 0, ""),  # more of them
        ([VISIT, corrected(new="12")], 0, ""),
        ([VISIT, corrected(old="许多")], 0, "来访改为“3”"),
        ([VISIT, corrected(new="几个")], 0, ""),
        ([VISIT, corrected(field="visit_kind", old="group", new="single")], 0, "改为“single”"),
        ([VISIT, corrected(field="visit_kind", old="", new="single")], 0, "改为“single”"),
        ([VISIT, corrected(field="visit_kind", old="single", new="group")], 0, ""),
        ([VISIT, corrected(field="subject")], 0, ""),
        ([VISIT, corrected(organ=None)], 0, ""),
        ([VISIT, corrected(data={"target": 7})], 0, ""),
        ([VISIT, corrected(data={"target": None})], 0, ""),
        ([did(1, "register", data={"channel": "letter"}), corrected()], 0, ""),
        (
            [VISIT, corrected(days=1, data={"second": LI})],
            3,
            "",
        ),  # put right at once, as the list says
        ([VISIT, corrected(days=1, data={"second": LI})], 4, "名单有 4 人"),
        ([VISIT, corrected(days=1, new="0", data={"second": LI})], 4, ""),
        ([VISIT, corrected()], 4, "名单有 4 人"),
        ([VISIT, corrected()], 3, "改为“3”"),
    ],
)
def test_a_visit_made_smaller_is_seen(
    acts: list[Any], listed: int, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contradictions, "Member", table(*[5] * listed))
    seen = contradictions.visit_recoded(material(acts))
    assert bool(seen) is bool(found)
    for one in seen:
        assert found in one.zh
        assert ("名单" in one.zh) is ("名单" in found)
        assert ("the list has" in one.en) is ("名单" in found)
        assert (one.official, one.act) == (WANG, 2)
        assert [proof.act for proof in one.evidence] == [1, 2]


# --- answers that are none ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("acts", "texts", "last"),
    [
        ([did(1, "reply_suggestion")], [(5, 1, "reply_suggestion", {"reply": "答"})], "答"),
        ([did(1, "note")], [(5, 1, "reply_suggestion", {"reply": "答"})], None),
        ([did(1, "draft")], [(5, 1, "draft", {"opinion": "答"})], None),  # nobody signed it
        ([did(1, "draft"), did(2, "sign")], [(5, 1, "draft", {"opinion": "答"})], "\n答\n"),
        (
            [did(1, "draft"), did(2, "sign")],
            [
                (
                    5,
                    1,
                    "draft",
                    {"facts_reasons": "一", "opinion": "二", "legal_basis": "三", "note": "四"},
                )
            ],
            "一\n二\n三",
        ),
        ([did(1, "reply_suggestion")], [(5, 1, "reply_suggestion", {"reply": " "})], None),
        (
            [did(1, "feed_back"), did(2, "inform_duty")],
            [(5, 1, "feed_back", {"reply": "先"}), (5, 2, "inform_duty", {"reply": "后"})],
            "后",
        ),
        *(
            ([did(1, act)], [(5, 1, act, {"reply": "答"})], "答")
            for act in ("inform_duty", "feed_back", "decide_simple", "import_reply")
        ),
    ],
)
def test_the_last_reply_of_a_matter_is_the_last_that_was_given(
    acts: list[Any], texts: list[Any], last: str | None
) -> None:
    def of(*names: str) -> list[Any]:
        return [one for one in texts if one[2] in names]

    found = contradictions._last_replies(material(acts, texts=of))
    assert {case: reply for case, (_did, reply) in found.items()} == (
        {} if last is None else {5: last}
    )


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("您反映的问题已转交水务局处理。", True),
        ("您的意见已转告经办人员。", False),  # told to somebody, not sent on
        ("经查，屋顶确有漏水，已于3月1日修好。", False),
    ],
)
def test_a_reply_that_says_no_more_than_that_it_was_sent_on(reply: str, *, says: bool) -> None:
    assert (contradictions._says_forwarded(reply) is not None) is says


@pytest.mark.parametrize(
    ("act", "data", "organ"),
    [
        ("reply_suggestion", {"replied_by": THERE}, HERE),
        ("import_reply", {"replied_by": THERE}, THERE),
        ("import_reply", {}, HERE),
    ],
)
def test_a_reply_is_the_organs_that_gave_it(act: str, data: Any, organ: int) -> None:
    assert contradictions._replied_by(did(1, act, data=data)) == organ


# --- satisfied from the own network ---------------------------------------------------------------
def test_satisfaction_from_the_own_network_is_gathered_by_organ_and_month(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        (HERE, TODAY, 40, 50),
        (HERE, TODAY + 31 * DAY, 41, 51),
        (HERE, TODAY + 32 * DAY, 42, 52),
        (HERE, None, 43, 53),
        (THERE, TODAY, 44, 54),
    ]
    monkeypatch.setattr(contradictions, "Evaluation", table(*rows))
    acts = [did(7, "rate", case=51), did(8, "rate", case=54)]
    seen = contradictions.network_satisfaction(material(acts))
    assert [(one.unit, one.cases, one.act) for one in seen] == [
        (HERE, (40, 41), 7),
        (HERE, (42,), None),
        (THERE, (44,), 8),
    ]
    assert seen[0].zh.startswith("2 次")
    assert [proof.act for proof in seen[0].evidence] == [None, 7]


# --- bursts ---------------------------------------------------------------------------------------
def closings(day: date, n: int, act: str = "sign", first: int = 0, **more: Any) -> list[Any]:
    return [did(first + k, act, day, case=first + k, **more) for k in range(n)]


def test_closings_are_counted_by_organ_and_day_of_entry_less_what_was_imported() -> None:
    acts = [
        did(1, "sign", TODAY - 9 * DAY, recorded=at(TODAY)),
        did(2, "settle", TODAY),
        did(3, "sign", TODAY, organ=None),
        did(4, "sign", TODAY, imported=True),
        did(5, "note", TODAY),
        *(
            did(6 + n, act, TODAY)
            for n, act in enumerate(
                ("decide_simple", "inform_duty", "reply_suggestion", "close_lapsed", "finish")
            )
        ),
    ]
    found = bursts._closed(material(acts))
    assert {
        organ: {day: len(some) for day, some in days.items()} for organ, days in found.items()
    } == {HERE: {TODAY: 7}}


def always(_day: date) -> bool | None:
    return True


def test_a_day_is_no_ordinary_one_where_chance_makes_it_less_likely_than_once_in_a_million() -> (
    None
):
    """For a mean of one half, P(X >= 8) is 1.0e-6 more than P(X >= 9) (Poisson)."""
    for mean in (0.5, 1.0, 4.0, 20.0):
        bar = bursts._bar(mean)

        def tail(least: int, mean: float = mean) -> float:
            return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(least))

        assert tail(bar) < bursts.ODDS <= tail(bar - 1)


def test_a_burst_does_not_raise_the_bar_for_itself() -> None:
    assert bursts._rate([]) == bursts.LEAST_RATE
    assert bursts._rate([0, 0, 0]) == bursts.LEAST_RATE
    assert bursts._rate([2, 2, 2, 2]) == 2
    assert bursts._rate([1, 1, 1, 1, 60]) == 1
    assert bursts._rate([1] * 30 + [60, 25]) == 1


def test_a_day_after_a_rest_explains_what_waited_and_the_days_after() -> None:
    rest = {TODAY - DAY, TODAY - 2 * DAY}

    def working(day: date) -> bool | None:
        return day not in rest

    waited = [bursts._waited(TODAY + n * DAY, working, rest) for n in range(-1, 5)]
    assert waited == [0, 2, 2, 2, 0, 0]  # three working days, and none of rest itself


def test_many_closings_in_one_way_are_seen_where_that_way_is_rare() -> None:
    """An organ that signs eight a day and settles nothing: eight settlements on a day stand out,
    eight signings do not."""
    ordinary = {TODAY + n * DAY: closings(TODAY + n * DAY, 8, first=100 * n) for n in range(30)}
    assert bursts.bursts(ordinary, always, frozenset()) == {}
    day = TODAY + 30 * DAY
    settled = {**ordinary, day: closings(day, 12, "settle", 5_000)}
    assert set(bursts.bursts(settled, always, frozenset())) == {day}
    assert bursts.bursts(settled, always, {day - DAY}) == {}  # like with like after a rest
    many = {**ordinary, day: closings(day, 60, "sign", 5_000)}
    assert {one: len(some) for one, some in bursts.bursts(many, always, frozenset()).items()} == {
        day: 60
    }


def test_the_same_matter_closed_twice_on_a_day_counts_once() -> None:
    days = {TODAY + n * DAY: closings(TODAY + n * DAY, 1, first=n) for n in range(20)}
    twice = [did(900 + n, "sign", case=7) for n in range(40)]
    assert bursts._above({**days, TODAY: twice}, list(days), dict.fromkeys(days, 0)) == {}


@pytest.mark.parametrize(
    ("actors", "who"),
    [
        ((1,) * 10, WANG),
        ((1,) * 9 + (2,), WANG),
        ((1,) * 8 + (2,) * 2, None),
        ((1,) * 9 + (None,), WANG),
        ((None,) * 3, None),
    ],
)
def test_a_burst_names_whoever_did_all_but_a_few(
    actors: tuple[int | None, ...], who: int | None
) -> None:
    acts = [did(n, "sign", actor=actor) for n, actor in enumerate(actors)]
    assert bursts._most(material(), acts) == who
