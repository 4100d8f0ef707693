"""The loops and how they run: one thread each, a clock handed in, stopped by an event.

A turn that fails is reported and tried again later with growing pauses; it never ends the loop, nor
the others.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections, connection

from dengwen.access.login import throttle
from dengwen.accountability.leads.lapsed_leads import lapse_leads
from dengwen.cases.duties.registers import keep
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.files import held_files
from dengwen.cases.read_log_act import seal
from dengwen.cases.wall.system import due_before
from dengwen.law.duties.act_record import civil
from dengwen.ledger import durability, sequencer
from dengwen.notices.channels import ScreenChannel
from dengwen.notices.outbox import Channel, send_due
from dengwen.prevention.watch import watch
from dengwen.ui.database_away import away
from dengwen.worker import night_check
from dengwen.worker.wall_check import cleared

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Turn = Callable[[datetime], Mapping[str, int]]
LONGEST_PAUSE = 300.0
LONGEST_AWAY = 15.0
"""Seconds between two tries while the database is away: it may be back at any moment."""
SEQUENCER = "sequencer"
NO_ROOM_PAUSE = 3.0
"""Seconds until a turn that met a full disk is tried again: once there is room, what is waited for
goes on within five. A loop with long pauses does much in a turn and takes a twentieth of its
pause."""
NO_ROOM = "磁盘写不下，腾出空间以后自己恢复 / the disk takes no more; this goes on by itself once there is room"
CASES_A_TURN = 500
"""How many cases one turn of the sweep takes, so that a stop is never far away."""
NOTICES_A_TURN = 200
CHANNELS: Mapping[str, Channel] = {ScreenChannel.code: ScreenChannel()}


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: its name, the seconds between two turns, and what a turn does; a turn returns
    counts of what it did."""

    name: str
    every: float
    turn: Turn


def turn_sweep(now: datetime) -> Mapping[str, int]:
    """Record the breaches and lapses that are due."""
    done = sweep(now=now, limit=CASES_A_TURN)
    return {"breaches": done.breaches, "lapses": done.lapses, "lost_races": done.lost_races}


def turn_registers(now: datetime) -> Mapping[str, int]:
    """Bring the registers of organs and leaders up to today."""
    return keep(now=now).as_dict()


def cases_behind(now: datetime) -> int:
    """Return how many cases have something to record that the sweep has not recorded yet."""
    return due_before(civil(now)).count()


def turn_sequencer(now: datetime) -> Mapping[str, int]:
    """Seal what waits and sign a checkpoint over it."""
    done = sequencer.tick(now=now)
    return {
        "sequenced": done.sequenced,
        "quarantined": done.quarantined,
        "checkpoints": int(done.checkpoint is not None),
    }


def turn_outbox(now: datetime) -> Mapping[str, int]:
    """Send what is due over the channels that need no hand; the wall is asked at the time of
    sending."""
    done = send_due(now, NOTICES_A_TURN, CHANNELS, lambda notice: cleared(notice, civil(now)))
    return {"sent": done.sent, "failed": done.failed, "withheld": done.withheld}


def turn_files(now: datetime) -> Mapping[str, int]:
    """Remove files that were sent and never handed in; one that an act names stays."""
    done = held_files.clear(now)
    return {"rows": done.rows, "files": done.files}


def turn_guesses(now: datetime) -> Mapping[str, int]:
    """Forget counters of wrong guesses that were quiet for a day, so that they do not pile up."""
    return {"forgotten": throttle.forget(now)}


def turn_read_log(now: datetime) -> Mapping[str, int]:
    """Seal the hours of the read log that have ended."""
    return {"readings_sealed": seal(now=now)}


def turn_leads(now: datetime) -> Mapping[str, int]:
    """Close the leads that nobody took within the local period."""
    turn = lapse_leads(now)
    return {"leads_lapsed": turn.done, "leads_failed": turn.failed}


def turn_watch(now: datetime) -> Mapping[str, int]:
    """Look at matters, places and organs, never at persons, and raise the warnings that follow."""
    return {"warnings": watch(now)}


LOOPS: tuple[Loop, ...] = (
    Loop("sweep", 60.0, turn_sweep),
    Loop("registers", 300.0, turn_registers),
    Loop(SEQUENCER, 0.5, turn_sequencer),
    Loop("outbox", 5.0, turn_outbox),
    Loop("files", 3600.0, turn_files),
    Loop("guesses", 3600.0, turn_guesses),
    Loop("read_log", 300.0, turn_read_log),
    Loop("leads", 3600.0, turn_leads),
    Loop("watch", 3600.0, turn_watch),
    Loop("nightly", 600.0, night_check.turn),
)


def once(now: datetime, loops: Sequence[Loop] = LOOPS) -> dict[str, Mapping[str, int]]:
    """Do one turn of every loop, in order: one that fails keeps no other from its turn.

    Raises at the end what the first of them raised, so that the night is proved whatever happened
    before; at once where the database is away, for it is away for all.
    """
    done: dict[str, Mapping[str, int]] = {}
    failed: list[Exception] = []
    for loop in loops:
        try:
            done[loop.name] = loop.turn(now)
        except Exception as error:
            if away(error):
                raise
            logger.error("%s: this turn failed (%s: %s)", loop.name, type(error).__name__, error)
            failed.append(error)
    if failed:
        raise failed[0]
    return done


def run(stop: threading.Event, now: Clock, loops: Sequence[Loop] = LOOPS) -> None:
    """Run every loop until `stop` is set; returns once all have come to rest.

    Raises LedgerError at the start where the database would lose what it has answered.
    """
    durability.check(connection)
    _give_back()
    places = _places()
    threads = [
        threading.Thread(target=_keep, args=(loop, stop, now, places), name=loop.name)
        for loop in loops
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _keep(loop: Loop, stop: threading.Event, now: Clock, places: Places) -> None:
    pause = loop.every
    try:
        while not stop.is_set():
            close_old_connections()
            with places.taken_by(loop, stop) as has_place:
                if has_place:
                    pause = _turn(loop, now, pause)
            stop.wait(pause)
    finally:
        connection.close()


def _turn(loop: Loop, now: Clock, pause: float) -> float:
    """Do one turn and give the connection back; return the seconds to wait, more of them after a
    failure."""
    try:
        done = loop.turn(now())
        if any(done.values()):
            logger.info("%s: %s", loop.name, ", ".join(f"{k} {v}" for k, v in done.items() if v))
        return loop.every
    except Exception as error:  # whatever it is, the loop must go on and say so
        if durability.disk_full(error):
            pause = max(NO_ROOM_PAUSE, loop.every / 20)
            logger.error("%s: %s; tried again in %.0f s (%s)", loop.name, NO_ROOM, pause, error)
            return pause
        if away(error):
            pause = min(loop.every, LONGEST_AWAY)
            logger.warning(
                "%s: the database cannot be reached or lends no connection; tried again in %.0f s",
                loop.name,
                pause,
            )
            return pause
        logger.exception("%s: this turn failed and is tried again in %.0f s", loop.name, pause)
        return min(pause * 2, LONGEST_PAUSE)
    finally:
        _give_back()


def _give_back() -> None:
    """Give the connection back to the pool of PostgreSQL; SQLite's file stays open: to close it
    costs a checkpoint."""
    if connection.vendor == "postgresql":
        connection.close()


class Places:
    """How many loops may use the pool at once: one connection always stays for the sequencer, whose
    turns are short.

    A turn of the sweep or of the night may take minutes; four of them would otherwise keep every
    seal waiting.
    """

    def __init__(self, connections: int | None) -> None:
        """Share out so many connections; None where there is no pool, and everybody has a
        connection."""
        self._others = (
            None if connections is None else threading.BoundedSemaphore(max(1, connections - 1))
        )

    @contextmanager
    def taken_by(self, loop: Loop, stop: threading.Event) -> Iterator[bool]:
        """Wait for a place and hold it; false where the loops were stopped meanwhile."""
        if self._others is None or loop.name == SEQUENCER:
            yield True
            return
        while not self._others.acquire(timeout=0.5):
            if stop.is_set():
                yield False
                return
        try:
            yield True
        finally:
            self._others.release()


def _places() -> Places:
    """Return as many places as the pool of connections has."""
    pool = connection.settings_dict.get("OPTIONS", {}).get("pool")
    return Places(int(pool["max_size"]) if isinstance(pool, dict) and "max_size" in pool else None)


def stop_on_signals(stop: threading.Event) -> None:
    """Let SIGTERM and SIGINT end the loops after the turns that are under way; call it before
    `run`.

    A thread waits for the signals, for a handler that sets an event can interrupt itself and then
    wait for ever.
    """
    wanted = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)

    def wait() -> None:
        """Wait for a signal and let the loops end."""
        logger.info("stopping: %s", signal.Signals(signal.sigwait(wanted)).name)
        stop.set()

    threading.Thread(target=wait, name="signals", daemon=True).start()
