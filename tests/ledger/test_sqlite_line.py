"""Writers of one process go in the order they came, and nobody keeps the place of somebody who
is gone."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction

from dengwen.store.sqlite.base import Line, line_of

LONG = 60.0
"""Seconds nobody waits in vain."""


def in_thread(work: Callable[[], object]) -> threading.Thread:
    """Start a thread."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def queued(line: Line, many: int) -> None:
    """Come back when so many stand in line."""
    while line.waiting < many:
        os.sched_yield()


def test_everybody_goes_in_the_order_they_came() -> None:
    line, went = Line(), []
    assert line.take(LONG)

    def go(who: int) -> None:
        assert line.take(LONG)
        went.append(who)
        line.leave()

    threads = []
    for who in range(6):
        threads.append(in_thread(partial(go, who)))
        queued(line, who + 1)
    line.leave()
    for thread in threads:
        thread.join(LONG)
    assert went == list(range(6))
    assert line.take(0)


def test_who_gives_up_keeps_no_place() -> None:
    line = Line()
    assert line.take(LONG)
    assert not line.take(0)
    assert line.waiting == 0
    line.leave()
    assert line.take(0), "the place went to somebody who is gone"


def test_a_turn_that_comes_as_somebody_goes_away_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = Line()
    assert line.take(LONG)

    class Late(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  # Event's signature
            line.leave()  # the turn comes after the time was up and before the place was given back
            return False

    monkeypatch.setattr("dengwen.store.sqlite.base.threading.Event", Late)
    assert line.take(0)
    monkeypatch.undo()
    assert not line.take(0)
    line.leave()
    assert line.take(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_process_split_off_waits_for_nobody() -> None:
    assert line_of("a file").take(0)
    child = os.fork()
    if child == 0:
        os._exit(0 if line_of("a file").take(0) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    line_of("a file").leave()


def held(line: Line) -> bool:
    """Whether somebody writes now."""
    if line.take(0):
        line.leave()
        return False
    return True


@pytest.fixture
def line(transactional_db: None) -> Line:
    """The line before the database of the tests, which is a file: in memory, threads would share
    one connection."""
    assert Path(str(connection.settings_dict["NAME"])).is_file()
    return line_of(str(connection.settings_dict["NAME"]))


def test_it_is_held_for_a_transaction_and_not_for_its_parts(line: Line) -> None:
    with transaction.atomic():
        assert held(line)
        with transaction.atomic():
            assert held(line)
        assert held(line)
    assert not held(line)


def test_a_failed_transaction_gives_it_back(line: Line) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    assert not held(line)


def test_a_transaction_that_cannot_begin_gives_it_back(line: Line) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(str(connection.settings_dict["NAME"]))
    try:
        other.execute("BEGIN IMMEDIATE")  # as another process does
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
        assert not held(line)
    finally:
        other.close()
        connection.close()  # whoever comes next waits as long as the settings say


def test_a_connection_closed_inside_gives_it_back(line: Line) -> None:
    with transaction.atomic():
        assert held(line)
        connection.close()
        assert not held(line)


def test_eight_writers_lose_nothing(line: Line) -> None:
    """What each reads inside its transaction is still so when it writes."""
    rounds, before, failed = 10, ContentType.objects.count(), []

    def write(who: int) -> None:
        try:
            for n in range(rounds):
                with transaction.atomic():
                    seen = ContentType.objects.count()
                    ContentType.objects.create(app_label="line", model=f"{who}-{n}")
                    assert ContentType.objects.count() == seen + 1
        except BaseException as error:  # noqa: BLE001  # told to the test, which fails by it
            failed.append(error)
        finally:
            connection.close()

    threads = [in_thread(partial(write, who)) for who in range(8)]
    for thread in threads:
        thread.join(LONG)
    assert failed == []
    assert ContentType.objects.count() == before + 8 * rounds
    assert not held(line)
