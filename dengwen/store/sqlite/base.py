# house: name: Django asks the package of a database backend for a module of this name
"""Writers of one process stand in line instead of asking SQLite again and again whether it is their
turn.

SQLite lets one write at a time. Whoever comes in between sleeps and asks anew, up to a tenth of a
second each time, and whoever asks at the right moment goes first, so that at a busy window somebody
waits for half a second behind people who came later. Here each thread is woken when those who came
before it have committed. SQLite's own lock stays what decides: it is what holds between processes,
and whoever waited in vain for the time of a lock asks it directly.
"""

from __future__ import annotations

import os
import threading
from collections import deque

from django.db.backends.sqlite3 import base

SECONDS = 5.0
"""How long a lock is waited for where the settings give no `timeout`: what SQLite's module takes
then."""


class Line:
    """Who writes next: one at a time, in the order they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._waiting)

    def take(self, seconds: float) -> bool:
        """Wait for one's turn, at most some seconds; returns whether it came. Whoever got it
        must `leave`."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        came = False
        try:
            came = turn.wait(seconds)
        finally:
            if not came:
                came = self._go_away(turn)
        return came

    def _go_away(self, turn: threading.Event) -> bool:
        """Stop waiting; returns whether the turn came at this very moment."""
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True

    def leave(self) -> None:
        """Let the next one write."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_lines: dict[str, Line] = {}
_guard = threading.Lock()


def line_of(file: str) -> Line:
    """Return the line before a database, the same for every connection of this process."""
    with _guard:
        return _lines.setdefault(file, Line())


def _forget() -> None:
    """Begin anew in a process that was split off: those who stood in line are not in it."""
    global _guard  # noqa: PLW0603  # somebody of the other process may hold the old one for ever
    _guard = threading.Lock()
    _lines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in line before it begins a transaction, and leaves when that has
    ended."""

    _line: Line | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if self._line is None:
            line = line_of(str(self.settings_dict["NAME"]))
            if line.take(float(self.settings_dict["OPTIONS"].get("timeout", SECONDS))):
                self._line = line
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave these out
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # where it fails, Django takes it back or closes
        self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _leave(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.leave()
