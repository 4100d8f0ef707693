"""The worker on the pool that ships: every loop comes to its turn, and none keeps a connection
it does not use."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from dengwen.ledger.models import Checkpoint, Tree
from dengwen.ui.database_away import away
from dengwen.worker import loops
from tests.worker.test_loops import run_until
from tests.world import World, at

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2025-03-19")


def counting(turns: dict[str, int], every: float | None = None) -> tuple[loops.Loop, ...]:
    """Every loop with the pause it ships with, or `every`; its finished turns are counted."""

    def counted(loop: loops.Loop) -> loops.Loop:
        def turn(now: datetime) -> Mapping[str, int]:
            done = loop.turn(now)
            turns[loop.name] = turns.get(loop.name, 0) + 1
            return done

        return replace(loop, every=loop.every if every is None else every, turn=turn)

    return tuple(counted(loop) for loop in loops.LOOPS)


@pytest.mark.postgres
def test_all_loops_come_to_their_turn_on_the_pool_that_ships(
    durable_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] < len(loops.LOOPS)
    durable_world.register("2025-03-03")
    turns: dict[str, int] = {}
    connection.close()
    with caplog.at_level(logging.WARNING, logger="dengwen.worker.loops"):
        run_until(
            lambda: len(turns) == len(loops.LOOPS) and turns[loops.SEQUENCER] >= 3,
            NOW,
            1,
            counting(turns),
        )
    assert set(turns) == {
        loop.name for loop in loops.LOOPS
    }  # those that rest for an hour keep no connection
    assert turns[loops.SEQUENCER] >= 3
    assert "tried again" not in caplog.text


@pytest.mark.postgres
def test_long_turns_of_all_others_never_keep_the_sequencer_waiting(durable_world: World) -> None:
    durable_world.register("2025-03-03")
    ended, begun = threading.Event(), []

    def long(_now: datetime) -> Mapping[str, int]:
        Tree.objects.exists()
        begun.append(1)
        ended.wait(30)
        return {}

    sealed: list[int] = []

    def seal(now: datetime) -> Mapping[str, int]:
        done = loops.turn_sequencer(now)
        if len(begun) >= settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - 1:
            sealed.append(1)
        if len(sealed) >= 3:
            ended.set()
        return done

    chosen = [loops.Loop(f"long{n}", 0.05, long) for n in range(6)] + [
        loops.Loop(loops.SEQUENCER, 0.05, seal)
    ]
    began = time.monotonic()
    connection.close()
    run_until(lambda: len(sealed) >= 3, NOW, 1, tuple(chosen))
    assert len(sealed) >= 3
    assert time.monotonic() - began < 30
    assert Checkpoint.objects.exists()


@pytest.mark.postgres
def test_a_worker_whose_connections_were_cut_goes_on_with_new_ones(durable_world: World) -> None:
    turns: dict[str, int] = {}
    cut: list[int] = []

    def cut_once_then_wait() -> bool:
        if not cut and len(turns) == len(loops.LOOPS):
            cut.append(_cut_all())
            turns.clear()
        return bool(cut) and len(turns) == len(loops.LOOPS)

    connection.close()
    run_until(cut_once_then_wait, NOW, 1, counting(turns, 0.05))
    assert cut[0] >= 1
    assert set(turns) == {loop.name for loop in loops.LOOPS}


def _cut_all() -> int:
    """End every other connection to this database, as a server that goes down does; say how many
    there were."""
    said = connection.settings_dict
    where = {"host": said["HOST"], "port": said["PORT"], "dbname": said["NAME"]}
    with psycopg.connect(
        user=said["USER"], password=said["PASSWORD"], autocommit=True, **where
    ) as admin:
        ended = admin.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    return int(ended[0]) if ended else 0


def test_a_database_that_is_away_is_asked_again_soon_and_said_in_one_line(
    durable_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def gone(_now: datetime) -> Mapping[str, int]:
        tries.append(1)
        if (
            len(tries) < 9
        ):  # with pauses that double it would be asked for the ninth time after thirteen seconds
            raise OperationalError("couldn't get a connection after 5.00 sec")
        return {}

    began = time.monotonic()
    with caplog.at_level(logging.WARNING, logger="dengwen.worker.loops"):
        run_until(lambda: len(tries) >= 9, NOW, 1, (loops.Loop("gone", 0.05, gone),))
    assert time.monotonic() - began < 10
    assert "the database cannot be reached" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("couldn't get a connection after 5.00 sec"), True),
        (OperationalError("the connection is closed"), True),
        (OperationalError("database is locked"), True),
        (OperationalError("no such table: cases_case"), False),
        (OperationalError("database or disk is full"), False),
        (ValueError("connection refused"), False),
        (psycopg.errors.AdminShutdown("terminating"), True),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), True),
        (psycopg.errors.UndefinedTable("relation does not exist"), False),
        (psycopg.errors.DiskFull("could not extend file"), False),
    ],
)
def test_what_counts_as_a_database_that_is_away(error: Exception, expected: bool) -> None:
    assert away(error) is expected
