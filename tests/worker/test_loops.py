"""The loops: what is due is done once, by however many workers, after however long a pause."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime

import pytest
from django.db import OperationalError, connection

from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import PartyEntry
from dengwen.ledger.models import Checkpoint, Leaf, Pending
from dengwen.notices.models import Outbox
from dengwen.notices.outbox import queue
from dengwen.worker import loops
from tests.world import World, at

pytestmark = pytest.mark.django_db(transaction=True)


def breaches() -> list[Act]:
    return list(Act.objects.filter(act="breach").order_by("id"))


def run_until(
    done: Callable[[], bool], now: datetime, workers: int, chosen: tuple[loops.Loop, ...]
) -> None:
    """Let `workers` workers run side by side until `done`, as two started by mistake would; a
    minute is too long."""
    stop = threading.Event()

    def work() -> None:
        try:
            loops.run(stop, lambda: now, chosen)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    latest = time.monotonic() + 60
    try:
        while not done() and time.monotonic() < latest:
            stop.wait(0.05)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)


def quick() -> tuple[loops.Loop, ...]:
    return tuple(loops.Loop(loop.name, 0.05, loop.turn) for loop in loops.LOOPS)


def test_two_workers_at_once_record_each_breach_once_and_seal_each_act_once(
    durable_world: World,
) -> None:
    numbers = [durable_world.register("2025-03-03") for _ in range(4)]
    run_until(lambda: len(breaches()) >= len(numbers), at("2025-03-19"), 2, quick())
    loops.once(at("2025-03-19"))
    assert sorted(act.case.number for act in breaches()) == sorted(numbers)
    assert Pending.objects.count() == 0
    assert Leaf.objects.count() == Act.objects.count()
    assert Checkpoint.objects.exists()


def test_a_week_without_a_worker_loses_nothing(durable_world: World) -> None:
    durable_world.register("2025-03-03")
    loops.once(at("2025-03-26"))
    assert [(civil(a.occurred_at), civil(a.recorded_at)) for a in breaches()] == [
        (date(2025, 3, 19), date(2025, 3, 26))
    ]


def test_a_clock_put_back_changes_nothing(durable_world: World) -> None:
    durable_world.register("2025-03-03")
    loops.once(at("2025-03-19"))
    before = Leaf.objects.count()
    loops.once(at("2025-03-10"))
    again = loops.once(at("2025-03-19"))
    assert len(breaches()) == 1
    assert Leaf.objects.count() == before
    assert not any(any(counts.values()) for counts in again.values())


def test_a_turn_that_fails_is_tried_again_and_stops_nobody_else(durable_world: World) -> None:
    seen: list[str] = []

    def failing(_now: datetime) -> Mapping[str, int]:
        seen.append("failed")
        if len(seen) < 3:
            raise RuntimeError("示例故障")
        return {}

    def steady(_now: datetime) -> Mapping[str, int]:
        seen.append("steady") if "steady" not in seen else None
        return {}

    chosen = loops.Loop("failing", 0.05, failing), loops.Loop("steady", 0.05, steady)
    run_until(lambda: seen.count("failed") >= 3, at("2025-03-19"), 1, chosen)
    assert seen.count("failed") >= 3
    assert "steady" in seen


def test_a_full_disk_is_asked_again_soon_however_long_it_was_full(
    durable_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loops, "NO_ROOM_PAUSE", 0.01)
    turns: list[int] = []

    def failing(_now: datetime) -> Mapping[str, int]:
        turns.append(len(turns))
        if len(turns) <= 12:  # with pauses that grow it would be minutes
            raise OperationalError("database or disk is full")
        return {}

    run_until(lambda: len(turns) > 12, at("2025-03-19"), 1, (loops.Loop("failing", 0.05, failing),))
    assert len(turns) > 12
    told = [record for record in caplog.records if loops.NO_ROOM in record.getMessage()]
    assert len(told) == 12
    assert not any(record.exc_info for record in told)


@pytest.mark.sentence("P7.2.5", "P12.1")
def test_a_notice_goes_out_once_and_never_to_the_accused_side(durable_world: World) -> None:
    number = durable_world.to_accepted()
    now = at("2025-03-04")
    organ = durable_world.organ("YJ03")
    parties = (
        PartyEntry(role="accused_unit", organ=organ),
        PartyEntry(role="assisting_organ", organ=organ),
    )
    accused = durable_world.act(
        "clerk",
        "register",
        kind="petition",
        on="2025-03-03",
        texts={"content": "反映示例情况"},
        step={"parties": parties},
        channel="letter",
        office="petition_office",
        received_on=date(2025, 3, 3),
    ).case
    queue(uid="n1", case_number=number, channel="screen", recipient="petitioner", now=now)
    queue(
        uid="n2",
        case_number=number,
        channel="screen",
        recipient="organ",
        recipient_ref="YJ02",
        now=now,
    )
    queue(
        uid="n3",
        case_number=accused,
        channel="screen",
        recipient="organ",
        recipient_ref="YJ03",
        now=now,
    )
    by_acts = Outbox.objects.filter(case_number=number).exclude(uid__in=("n1", "n2")).count()
    assert loops.once(now)["outbox"] == {"sent": 2 + by_acts, "failed": 0, "withheld": 1}
    assert loops.once(now)["outbox"] == {"sent": 0, "failed": 0, "withheld": 0}
    assert Outbox.objects.get(uid="n3").sent_at is None


PROGRAM = """
import os, threading, time, datetime
from dengwen.worker import loops
stop = threading.Event()
loops.stop_on_signals(stop)
print("ready", flush=True)
while not stop.wait(0.05):
    pass
print("ended", flush=True)
"""


@pytest.mark.parametrize(
    "signals", [(signal.SIGTERM,), (signal.SIGINT,), (signal.SIGINT, signal.SIGTERM)]
)
def test_signals_end_it_cleanly_also_two_at_once(signals: tuple[signal.Signals, ...]) -> None:
    program = "import django; django.setup()\n" + PROGRAM
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    for number in signals:
        child.send_signal(number)
    assert child.communicate(timeout=20)[0] == "ended\n"
    assert child.returncode == 0
