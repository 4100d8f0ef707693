"""At the door: what lengthens a term is entered late only with reason, paper and a second
person, and cures nothing."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Duty
from dengwen.cases.write.check import Refused
from dengwen.cases.write.late_check import WINDOW
from tests.world import PAPER, World, at

ACCEPTED = date(2025, 3, 3)
DUE, LONGER = date(2025, 5, 6), date(2025, 6, 3)
DAY = timedelta(days=1)
OPINION = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")
FINDINGS = dict.fromkeys(("findings", "opinion", "legal_basis"), "示例")
REASON: dict[str, Any] = {"texts": {"reason": "需委托检测（示例）"}, "told_petitioner": True}


def support(world: World, second: str = "YJ02-W") -> dict[str, Any]:
    """Return what a late entry rests on."""
    return {
        "late_reason": "停电期间纸质办理（示例）",
        "paper": PAPER,
        "second": world.official(second),
    }


def extend(world: World, number: str, on: str, entered: str, days: int = 30, **step: Any) -> None:
    """Let the head extend, claimed on one day and entered on another."""
    world.act("head", "extend", number, on=on, entered=entered, days=days, step=step, **REASON)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def breaches(number: str) -> int:
    return Act.objects.filter(case__number=number, act="breach", duty="handle").count()


@pytest.mark.parametrize("entered", ["2025-04-30", "2025-05-20"])
@pytest.mark.parametrize(
    ("missing", "code"),
    [(("late_reason",), "late-entry"), (("paper",), "late-entry"), (("second",), "second-person")],
)
def test_an_extension_entered_late_needs_all_three(
    world: World, entered: str, missing: tuple[str, ...], code: str
) -> None:
    number = world.to_accepted()
    given = {name: value for name, value in support(world).items() if name not in missing}
    with pytest.raises(Refused) as refused:
        extend(world, number, "2025-04-20", entered, **given)
    assert codes(refused) == {code}
    assert all(
        r.zh and r.en and r.basis and r.remedy_zh and r.remedy_en for r in refused.value.reasons
    )
    assert world.duty(number, "handle").due == DUE


def test_nobody_is_second_to_the_own_late_entry(world: World) -> None:
    number = world.to_accepted()
    head = world.office.users["head"].official_id
    with pytest.raises(Refused) as refused:
        extend(world, number, "2025-05-05", "2025-05-20", **{**support(world), "second": head})
    assert codes(refused) == {"second-person"}


def test_an_extension_entered_on_its_day_needs_nothing_more(world: World) -> None:
    number = world.to_accepted()
    world.act("head", "extend", number, on="2025-05-06", days=30, **REASON)
    assert world.duty(number, "handle").due == LONGER


def test_an_extension_entered_late_but_before_the_day_moves_it(world: World) -> None:
    number = world.to_accepted()
    extend(world, number, "2025-04-20", "2025-05-06", **support(world))
    assert world.duty(number, "handle").due == LONGER
    assert Act.objects.get(case__number=number, act="extend").data["second"] == world.official(
        "YJ02-W"
    )
    assert list(replay.check()) == []


@pytest.mark.parametrize("swept", [False, True])
def test_an_extension_entered_after_the_day_cures_no_breach(world: World, swept: bool) -> None:
    number = world.to_accepted()
    if swept:
        sweep(now=at("2025-05-07"))
    extend(world, number, "2025-05-05", "2025-05-20", **support(world))
    sweep(now=at("2025-05-20"))
    duty = world.duty(number, "handle")
    assert (duty.due, duty.breach_id is not None, breaches(number)) == (DUE, True, 1)
    assert Act.objects.get(case__number=number, act="breach").occurred_at == at("2025-05-07", 0)
    world.act("handler", "draft", number, on="2025-05-21", outcome="explain", texts=OPINION)
    world.act("checker", "check", number, on="2025-05-22")
    world.act("head", "sign", number, on="2025-05-23")
    duty = world.duty(number, "handle")
    assert (duty.state, duty.timeliness, duty.breach_id is not None) == ("closed", "by_claim", True)
    assert list(replay.check()) == []


def test_the_days_of_a_late_extension_are_used_up(world: World) -> None:
    number = world.to_accepted()
    extend(world, number, "2025-05-05", "2025-05-20", days=20, **support(world))
    with pytest.raises(Refused, match="合计不得超过30"):
        extend(world, number, "2025-05-05", "2025-05-21", days=20, **support(world))


@pytest.mark.parametrize("field", ["occurred_at", "days"])
def test_a_correction_that_moves_a_day_needs_paper_and_second_and_cures_nothing(
    world: World, field: str
) -> None:
    number = world.to_accepted()
    world.act("head", "extend", number, on="2025-05-05", days=1, **REASON)
    target = Act.objects.get(
        case__number=number, act="accept" if field == "occurred_at" else "extend"
    ).pk
    new = "2025-03-28" if field == "occurred_at" else "30"
    asked: dict[str, Any] = {
        "target": target,
        "field": field,
        "new": new,
        "texts": {"reason": "抄错"},
    }
    with pytest.raises(Refused) as refused:
        world.act("handler", "correct", number, on="2025-05-20", **asked)
    assert codes(refused) == {"late-entry", "second-person"}
    world.act(
        "handler",
        "correct",
        number,
        on="2025-05-20",
        step={"paper": PAPER},
        second=world.official("YJ02-W"),
        **asked,
    )
    assert (world.duty(number, "handle").due or ACCEPTED) > date(2025, 5, 20)
    sweep(now=at("2025-05-21"))
    assert Act.objects.get(case__number=number, act="breach", duty="handle").occurred_at == at(
        "2025-05-07", 0
    )
    world.act("handler", "draft", number, on="2025-05-21", outcome="explain", texts=OPINION)
    world.act("checker", "check", number, on="2025-05-21")
    world.act("head", "sign", number, on="2025-05-21")
    duty = world.duty(number, "handle")
    assert (duty.timeliness, duty.breach_id is not None, breaches(number)) == ("by_claim", True, 1)
    assert list(replay.check()) == []


def rechecked(world: World) -> str:
    """Lodge a re-examination on 2025-03-28 (thirty days: raw Sunday 27 April, a working day in
    lieu)."""
    number = world.to_accepted()
    world.act("handler", "draft", number, on="2025-03-04", outcome="explain", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-04")
    world.act("head", "sign", number, on="2025-03-04")
    world.act("handler", "serve", number, on="2025-03-04", way="direct", proof=PAPER)
    asked = {"request": "示例", "reasons": "示例"}
    world.act("clerk", "request_review", number, on="2025-03-10", texts=asked)
    review = Duty.objects.get(rule="review_decide").case.number
    world.act("reviewer", "draft", review, on="2025-03-20", outcome="uphold", texts=FINDINGS)
    world.act("review-checker", "check", review, on="2025-03-20")
    world.act("review-head", "sign", review, on="2025-03-20", outcome="uphold")
    world.act("reviewer", "serve", review, on="2025-03-20", way="direct", proof=PAPER)
    world.act("clerk", "request_recheck", review, on="2025-03-28", texts=asked)
    return Duty.objects.get(rule="recheck_decide").case.number


def test_hearing_days_entered_later_are_late_though_nothing_is_claimed_of_the_entry(
    world: World,
) -> None:
    number = rechecked(world)
    due = world.duty(number, "recheck_decide").due
    days = {"first": date(2025, 4, 7), "last": date(2025, 4, 9)}
    hearing: dict[str, Any] = {"texts": {"place_host": "示例"}, **days}
    holder = world.case(number).holder_id
    people = ((name, world.by(name)) for name in world.office.people)
    who = next(name for name, by in people if by.organ == holder and "reviewer" in by.capacities)
    with pytest.raises(Refused) as refused:
        world.act(who, "hold_hearing", number, on="2025-04-20", **hearing)
    assert codes(refused) == {"late-entry", "second-person"}
    rests = support(world, "SZF-D")
    world.act(who, "hold_hearing", number, on="2025-04-20", step=rests, **hearing)
    assert due is not None
    assert (world.duty(number, "recheck_decide").due or ACCEPTED) > due


@pytest.mark.parametrize("seed", range(6))
def test_no_order_of_acts_and_entries_parts_verdict_and_breach(world: World, seed: int) -> None:
    """Random acts, claimed and recorded on random days: rows equal replay, no extension moves a
    day that passed."""
    draw, number, today = random.Random(seed), world.to_accepted(), ACCEPTED
    rows: dict[int, int] = {}
    for _ in range(12):
        today += timedelta(days=draw.randrange(18))
        before = world.duty(number, "handle")
        act, supported = draw.choice(("extend", "correct", "close", "sweep")), draw.random() < 0.6
        with suppress(Refused):
            _try(world, number, act, draw, today, supported=supported)
        duty = world.duty(number, "handle")
        if act != "correct" and before.due is not None and before.due < today:
            assert duty.due == before.due
        if act in ("extend", "correct") and not supported:
            assert duty.due == before.due
        sweep(now=at(today, 12))
        for row in Duty.objects.filter(case__number=number, statutory=True, right=False):
            if row.state == "closed":
                assert (row.timeliness in ("late", "by_claim")) == (row.breach_id is not None)
            assert row.pk not in rows or rows[row.pk] == row.breach_id
            if row.breach_id:
                rows[row.pk] = row.breach_id
        assert list(replay.check()) == []


def _try(
    world: World, number: str, act: str, draw: random.Random, today: date, *, supported: bool
) -> None:
    """Ask for one act on a random earlier day, with or without what a late entry rests on."""
    claimed = max(ACCEPTED, today - timedelta(days=draw.choice((1, 5, 20, 40))))
    step = support(world) if supported else {}
    on, entered = claimed.isoformat(), today.isoformat()
    if act == "extend":
        extend(world, number, on, entered, days=draw.randrange(1, 16), **step)
    elif act == "correct":
        target = draw.choice(
            list(Act.objects.filter(case__number=number, act__in=("accept", "extend", "settle")))
        )
        fields: dict[str, Any] = {
            "target": target.pk,
            "field": "occurred_at",
            "new": on,
            "texts": {"reason": "抄错"},
        }
        world.act("handler", "correct", number, on=entered, step=step, **fields)
    elif act == "close" and draw.random() < 0.4:
        flags: dict[str, Any] = {
            "both_parties_agree": True,
            "lawful_terms": True,
            "paper_kind": "settlement",
        }
        texts = {"parties_text": "示例", "terms": "示例"}
        world.act(
            "handler", "settle", number, on=on, entered=entered, texts=texts, step=step, **flags
        )


@pytest.mark.parametrize("act", ["settle", "extend"])
def test_imported_history_neither_ends_nor_moves_what_is_owed_in_a_case_opened_here(
    world: World, act: str
) -> None:
    number = world.to_accepted()
    sweep(now=at("2025-05-10"))
    before = world.duty(number, "handle")
    flags: dict[str, Any] = {
        "both_parties_agree": True,
        "lawful_terms": True,
        "paper_kind": "settlement",
    }
    given = {
        "settle": {"texts": {"parties_text": "示例", "terms": "示例"}, **flags},
        "extend": {"days": 30, **REASON},
    }
    who = {"settle": "handler", "extend": "head"}[act]
    with pytest.raises(Refused) as refused:
        world.act(
            who,
            act,
            number,
            on="2025-05-05",
            entered="2025-05-20",
            step={"imported": True},
            **given[act],
        )
    assert "imported" in codes(refused)
    after = world.duty(number, "handle")
    assert (after.state, after.due, after.imported) == (before.state, before.due, False)


def correct_registration(
    world: World, number: str, on: str, field: str, new: str, who: str = "handler"
) -> None:
    target = Act.objects.get(case__number=number, act="register").pk
    other = "router" if who == "clerk" else "head"
    second = world.office.users[other].official_id
    fields: dict[str, Any] = {"target": target, "field": field, "new": new, "second": second}
    world.act(
        who, "correct", number, on=on, step={"paper": PAPER}, texts={"reason": "抄错"}, **fields
    )


@pytest.mark.parametrize("swept", [False, True])
def test_a_duty_that_a_correction_says_was_never_owed_keeps_its_breach(
    world: World, swept: bool
) -> None:
    number = world.register("2025-03-03", "handler", "organ")
    if swept:
        sweep(now=at("2025-03-25"))
    correct_registration(world, number, "2025-03-26", "address_clear", "false")
    sweep(now=at("2025-03-26"))
    row = world.duty(number, "direct_notice")
    assert (row.state, row.due, row.breach_id is not None) == ("void", date(2025, 3, 18), True)
    assert Act.objects.get(case__number=number, act="breach").occurred_at == at("2025-03-19", 0)
    assert list(replay.check()) == []


def test_a_duty_that_a_correction_undoes_in_time_is_void_and_owed_again_once_that_is_undone(
    world: World,
) -> None:
    number = world.register("2025-03-03", "handler", "organ")
    correct_registration(world, number, "2025-03-10", "address_clear", "false")
    row = world.duty(number, "direct_notice")
    assert (row.state, row.breach_id, str(row.closed_on)) == ("void", None, "2025-03-10")
    assert list(replay.check()) == []
    correct_registration(world, number, "2025-03-11", "address_clear", "true")
    assert world.duty(number, "direct_notice").state == "open"
    assert list(replay.check()) == []


def test_a_corrected_day_of_registration_is_the_day_of_the_case(world: World) -> None:
    number = world.register("2025-03-03")
    correct_registration(world, number, "2025-03-10", "occurred_at", "2025-02-28", "clerk")
    assert world.case(number).opened_on == date(2025, 2, 28)
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("who", "office", "new"),
    [("clerk", "petition_office", "organ"), ("handler", "organ", "petition_office")],
)
def test_no_correction_makes_an_office_another_kind_of_office(
    world: World, who: str, office: str, new: str
) -> None:
    """A petition department that called itself the competent organ would owe no sorting (R22 14,
    22, 23)."""
    number = world.register("2025-03-03", who, office)
    with pytest.raises(Refused) as refused:
        correct_registration(world, number, "2025-03-10", "office", new, who)
    assert codes(refused) == {"wrong-office"}
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("days", "late"), [("", 1), ("10", 11), ("0", 1), ("3", 4), ("many", 1)], ids=str
)
def test_the_local_window_is_as_long_as_it_is_set(world: World, days: str, late: int) -> None:
    """Within so many days after the claimed day an entry is none that needs support; without a
    setting, or with one that is no number, every later day is too late."""
    if days:
        world.act(
            "admin", "set_local_target", kind="edition", on="2025-01-02", key=WINDOW, value=days
        )
    claimed = date(2025, 4, 1)
    number = world.to_accepted()
    with pytest.raises(Refused) as refused:
        extend(world, number, claimed.isoformat(), (claimed + DAY * late).isoformat())
    assert codes(refused) == {"late-entry", "second-person"}
    extend(world, number, claimed.isoformat(), (claimed + DAY * (late - 1)).isoformat())
    assert world.duty(number, "handle").due == LONGER


def test_the_local_window_never_reaches_past_the_last_day(world: World) -> None:
    world.act("admin", "set_local_target", kind="edition", on="2025-01-02", key=WINDOW, value="90")
    number = world.to_accepted()
    with pytest.raises(Refused) as refused:
        extend(world, number, "2025-05-05", (DUE + DAY).isoformat())
    assert codes(refused) == {"late-entry", "second-person"}


@pytest.mark.parametrize(("after", "needs"), [(0, False), (10, False), (11, True)])
def test_a_correction_that_moves_a_day_needs_support_after_the_local_window(
    world: World, after: int, needs: bool
) -> None:
    world.act("admin", "set_local_target", kind="edition", on="2025-01-02", key=WINDOW, value="10")
    number, granted = world.to_accepted(), date(2025, 4, 1)
    world.act("head", "extend", number, on=granted.isoformat(), days=10, **REASON)
    longer = world.duty(number, "handle").due
    asked: dict[str, Any] = {
        "target": Act.objects.get(case__number=number, act="extend").pk,
        "field": "days",
        "new": "12",
        "texts": {"reason": "抄错"},
    }
    on = (granted + DAY * after).isoformat()
    if not needs:
        world.act("handler", "correct", number, on=on, **asked)
        assert world.duty(number, "handle").due != longer
        return
    with pytest.raises(Refused) as refused:
        world.act("handler", "correct", number, on=on, **asked)
    assert codes(refused) == {"late-entry", "second-person"}
    assert world.duty(number, "handle").due == longer
