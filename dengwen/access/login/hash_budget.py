"""A budget for password hashing, so that signing in starves nobody: neither the other pages nor
each other.

One hash is dear on purpose (Argon2id: a tenth of a second, a hundred megabytes). Only so many are
computed at once in a process, and only so many wait; whoever comes on top is asked to come again in
a moment, and has cost nothing. So there is always a thread of the server left for pages that hash
nothing.

A browser in which the account was signed in before has a place that strangers cannot take. Among
strangers who wait, a newcomer takes the place of one who has guessed too often, or whose source
holds more places than the newcomer's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

RETRY_SECONDS = 2
"""What somebody is asked to wait who found no place: many times what a hash takes."""
LONGEST_WAIT = 10.0
"""Seconds after which somebody who stands in line is asked to come again, whatever holds the
others up."""


class BusyError(Exception):
    """There is no place: too many passwords are being tried at this moment."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose password is to be tried: from where, whether the browser is known, whether wrong
    guesses went before."""

    source: str
    known: bool = False
    throttled: bool = False


@dataclass(eq=False, slots=True)
class _Turn:
    caller: Caller
    called: threading.Event = field(default_factory=threading.Event)
    runs: bool = False


class Budget:
    """Places to hash: `at_once` are computed, one of them for known browsers alone, and
    `waiting` stand in line."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.at_once, self.waiting = at_once, waiting
        self._guard = threading.Lock()
        self._running: list[_Turn] = []
        self._line: list[_Turn] = []

    @property
    def running(self) -> int:
        """How many hashes are being computed."""
        return len(self._running)

    @property
    def in_line(self) -> int:
        """How many wait for their turn."""
        return len(self._line)

    @contextmanager
    def place(self, caller: Caller) -> Iterator[None]:
        """Hold a place while hashing; BusyError where there is none, or where one's place was
        given to another."""
        turn = _Turn(caller)
        with self._guard:
            self._line.append(turn)
            self._call()
            self._keep_length(turn)
        turn.called.wait(LONGEST_WAIT)
        with self._guard:
            if not turn.runs:
                if turn in self._line:
                    self._line.remove(turn)
                raise BusyError
        try:
            yield
        finally:
            with self._guard:
                self._running.remove(turn)
                self._call()

    def _call(self) -> None:
        """Let begin whoever may: known browsers first, then in the order they came."""
        for turn in sorted(self._line, key=lambda one: not one.caller.known):
            if self._may_begin(turn):
                self._line.remove(turn)
                self._running.append(turn)
                turn.runs = True
                turn.called.set()

    def _may_begin(self, turn: _Turn) -> bool:
        strangers = sum(not one.caller.known for one in self._running)
        most_strangers = max(1, self.at_once - 1)
        return len(self._running) < self.at_once and (
            turn.caller.known or strangers < most_strangers
        )

    def _keep_length(self, newcomer: _Turn) -> None:
        """Send away who stands in line beyond its length, the newcomer or another: of those alike
        whoever came last."""
        if newcomer not in self._line or len(self._line) <= self.waiting:
            return
        worst = max(reversed(self._line), key=self._weight)
        self._line.remove(worst)
        worst.called.set()

    def _weight(self, turn: _Turn) -> tuple[bool, bool, int]:
        """Say how much sooner somebody gives way: strangers, those who guessed too often,
        sources with many places."""
        places = sum(
            one.caller.source == turn.caller.source for one in (*self._running, *self._line)
        )
        return (not turn.caller.known, turn.caller.throttled, places)


_budget: Budget | None = None
_making = threading.Lock()


def budget() -> Budget:
    """Return the budget of this process, as the settings have it."""
    global _budget  # noqa: PLW0603  # one for the process, made when it is first asked for
    with _making:
        if _budget is None:
            _budget = Budget(settings.HASHES_AT_ONCE, settings.HASHES_WAITING)
        return _budget
