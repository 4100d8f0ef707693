"""Entries of days that have passed: the very day, the day before and the day after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write import late_holders, proposal_doors, second_person
from dengwen.cases.write.check import Refused
from dengwen.cases.write.running_call import RunningCall
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.late_entry import LATE_ENTRY, SECOND_PERSON
from dengwen.law.duties.step import Step
from tests.cases.bare_rules import bare_act, codes
from tests.invented_rows import table

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
LONG_AGO = TODAY - 90 * DAY
ANYBODY: Any = None


def is_late(
    patch: pytest.MonkeyPatch,
    *,
    first: date = TODAY - 30 * DAY,
    until: date | None = None,
    begun: date = LONG_AGO,
    days: int = 0,
    kept: bool = True,
) -> bool:
    """Whether an entry of the registry is late: from which day to which, registers kept since when,
    by which local window, in an organ that keeps registers or none."""
    patch.setattr(late_holders, "began", lambda _now: begun)
    patch.setattr(late_holders, "Case", table(*([1] if kept else [])))
    patch.setattr(late_holders, "_organs", lambda *_: {5})
    step = Step(act="appoint", fields={} if until is None else {"to": until})
    return late_holders._is_late(step, bare_act("appoint"), first, NOW, days)


def test_an_entry_is_late_from_the_day_after_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_late(monkeypatch, first=TODAY - DAY)
    assert not is_late(monkeypatch, first=TODAY)
    assert not is_late(monkeypatch, first=TODAY - 10 * DAY, days=10)
    assert is_late(monkeypatch, first=TODAY - 11 * DAY, days=10)


def test_an_entry_about_days_before_there_were_registers_is_not_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_late(monkeypatch, begun=TODAY - DAY)
    assert not is_late(monkeypatch, begun=TODAY)
    assert not is_late(monkeypatch, begun=TODAY + DAY)
    assert not is_late(monkeypatch, until=LONG_AGO)
    assert not is_late(monkeypatch, until=LONG_AGO - DAY)
    assert is_late(monkeypatch, until=LONG_AGO + DAY)


def test_an_entry_where_no_register_is_kept_is_not_late(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_late(monkeypatch, kept=False)


@pytest.mark.parametrize(
    ("lacking", "paper"),
    [((LATE_ENTRY,), True), ((SECOND_PERSON,), False), ((SECOND_PERSON, LATE_ENTRY), True)],
)
def test_a_late_entry_lacks_its_paper_where_more_than_a_second_person_is_missing(
    lacking: tuple[str, ...], *, paper: bool
) -> None:
    refused = Refused(Step(act="extend"), [Refusal(code, "", "") for code in lacking])
    assert proposal_doors._lacks_paper(refused) == paper


@pytest.mark.parametrize(
    ("claimed", "late", "by_effect", "by_claim"),
    [
        (TODAY - DAY, True, True, True),
        (TODAY, True, True, False),
        (TODAY + DAY, True, True, False),
        (TODAY - DAY, False, True, False),
        (TODAY - DAY, None, True, False),
        (TODAY - DAY, None, False, False),
    ],
)
def test_what_follows_from_an_approved_late_entry_is_by_claim_on_an_earlier_day(
    claimed: date, late: bool | None, *, by_effect: bool, by_claim: bool
) -> None:
    seconded = None if late is None else SimpleNamespace(late=late)
    at: Any = SimpleNamespace(seconded=seconded, by_effect=by_effect, day=claimed, now=NOW)
    assert RunningCall._rests_on_claim(ANYBODY, Step(act="forward"), at) == by_claim


@pytest.mark.parametrize(
    ("act", "about", "code"),
    [
        ("appoint", True, ["own-holding"]),
        ("divide_work", True, ["own-holding"]),
        ("appoint", False, []),
        ("extend", True, []),
    ],
)
def test_nobody_approves_a_late_entry_about_their_own_post(
    act: str, code: list[str], monkeypatch: pytest.MonkeyPatch, *, about: bool
) -> None:
    monkeypatch.setattr(second_person, "_same_person", lambda user, other: user == other)
    monkeypatch.setattr(late_holders, "is_about", lambda *_: about)
    by = SimpleNamespace(user=1, organ=5, capacities=frozenset({"handler"}))
    held = SimpleNamespace(case=SimpleNamespace(number="N1"))
    asked: Any = SimpleNamespace(by=by, rule=lambda _act: bare_act(act), held=held)
    proposed: Any = SimpleNamespace(
        act=act,
        row=SimpleNamespace(actor=2, organ_id=5),
        step=lambda _rule, case: Step(act=act, case=case),
    )
    assert codes(second_person._against(proposed, asked)) == code
