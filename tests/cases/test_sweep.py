"""Breaches and lapses: each becomes exactly one act, whenever and by however many workers they
are found."""

from __future__ import annotations

import threading
from datetime import date, timedelta

from django.db import connection

from dengwen.cases import replay
from dengwen.cases.duties.sweep import Swept, sweep
from dengwen.cases.models import Act, Duty
from dengwen.law.duties.act_record import civil
from tests.world import CLAIM, PAPER, World, at


def breaches(number: str) -> list[Act]:
    """Return the breach acts of a case."""
    return list(Act.objects.filter(case__number=number, act="breach"))


def test_a_breach_is_recorded_the_day_after_and_once(world: World) -> None:
    number = world.register("2025-03-03")  # sort: 15 days, raw and due Tue 2025-03-18
    assert sweep(now=at("2025-03-18", 23)) == Swept()
    assert sweep(now=at("2025-03-19", 0)) == Swept(breaches=1)
    assert sweep(now=at("2025-03-20")) == Swept()
    found = breaches(number)
    assert [(a.duty, civil(a.occurred_at)) for a in found] == [("sort", date(2025, 3, 19))]
    assert world.duty(number, "sort").breach_id == found[0].pk


def test_a_week_without_a_worker_loses_nothing_and_keeps_the_right_day(world: World) -> None:
    number = world.register("2025-03-03")
    sweep(now=at("2025-03-26"))
    act = breaches(number)[0]
    assert (civil(act.occurred_at), civil(act.recorded_at)) == (
        date(2025, 3, 19),
        date(2025, 3, 26),
    )


def test_what_was_entered_after_its_time_is_breached_from_its_entry(world: World) -> None:
    number = world.register("2025-03-28", received_on=date(2025, 3, 3))
    assert sweep(now=at("2025-03-29")) == Swept(breaches=1)
    assert civil(breaches(number)[0].occurred_at) == date(2025, 3, 28)


def test_a_clock_put_back_finds_nothing_new(world: World) -> None:
    number = world.register("2025-03-03")
    sweep(now=at("2025-03-19"))
    sweep(now=at("2025-03-10"))
    sweep(now=at("2025-03-19"))
    assert len(breaches(number)) == 1


def test_a_rest_day_moves_the_due_day_and_so_the_breach(world: World) -> None:
    number = world.register("2025-01-20")  # raw Tue 02-04 in the Spring Festival, due Wed 02-05
    assert sweep(now=at("2025-02-05", 23)).breaches == 0
    assert sweep(now=at("2025-02-06")).breaches == 1
    assert world.duty(number, "sort").due == date(2025, 2, 5)


def test_two_workers_racing_record_it_once(durable_world: World) -> None:
    numbers = [durable_world.register("2025-03-03") for _ in range(4)]
    barrier = threading.Barrier(2)

    def work() -> None:
        try:
            barrier.wait()
            sweep(now=at("2025-03-19"))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [len(breaches(n)) for n in numbers] == [1, 1, 1, 1]
    assert list(replay.check()) == []


def test_a_duty_done_late_is_breached_even_if_the_sweep_comes_after(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-20", **CLAIM)
    world.act("router", "forward", number, on="2025-03-20", to=world.organ("YJ02"))
    assert world.duty(number, "sort").timeliness == "late"
    assert sweep(now=at("2025-03-21")).breaches == 1
    assert sweep(now=at("2025-03-22")).breaches == 0


def test_an_act_entered_late_closes_by_claim_only_and_the_breach_stays(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-04", **CLAIM)
    sweep(now=at("2025-03-19"))
    world.act(
        "router",
        "forward",
        number,
        on="2025-03-05",
        entered="2025-03-24",
        to=world.organ("YJ02"),
        step={
            "late_reason": "断网期间纸质办理",
            "paper": PAPER,
            "second": world.official("YJ01-Q"),
        },
    )
    duty = world.duty(number, "sort")
    assert (duty.state, duty.timeliness, duty.closed_on) == ("closed", "by_claim", date(2025, 3, 5))
    assert duty.breach_id is not None
    assert len(breaches(number)) == 1


def test_a_right_lapses_and_is_no_breach(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act(
        "handler", "receive", number, on="2025-03-03"
    )  # five working days to object: Mon 2025-03-10
    assert sweep(now=at("2025-03-10", 23)) == Swept()
    assert sweep(now=at("2025-03-11")) == Swept(lapses=1)
    assert Duty.objects.filter(case__number=number, right=True, state="lapsed").count() == 1
    assert breaches(number) == []


def test_nothing_due_costs_one_query(world: World, django_assert_num_queries: object) -> None:
    world.register("2025-03-03")
    with django_assert_num_queries(1):  # type: ignore[operator]
        sweep(now=at(date(2025, 3, 3) + timedelta(days=1)))
