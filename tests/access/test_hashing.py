"""The budget of password hashing: bounded, with a place for known browsers, and fair among
strangers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from dengwen.access.login import hash_budget
from dengwen.access.login.hash_budget import Budget, BusyError, Caller
from dengwen.cli.office.demo import GRANIAN

A, B = Caller("a"), Caller("b")
KNOWN = Caller("a", known=True)
GUESSER = Caller("c", throttled=True)
PATIENCE = 60


class Window:
    """A budget, and people who come to it: each stays in its place until let go."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.budget, self.pool = Budget(2, 1), pool
        self.leave, self.begun = threading.Event(), threading.Semaphore(0)

    def _stay(self, caller: Caller) -> str:
        try:
            with self.budget.place(caller):
                self.begun.release()
                self.leave.wait(PATIENCE)
        except BusyError:
            return "busy"
        return "done"

    def comes(self, caller: Caller) -> Future[str]:
        """Let somebody come who finds a place at once."""
        came = self.pool.submit(self._stay, caller)
        assert self.begun.acquire(timeout=PATIENCE)
        return came

    def queues(self, caller: Caller, before: Callable[[], bool] = lambda: True) -> Future[str]:
        """Let somebody come who has to wait; returns once the line is as long again."""
        came = self.pool.submit(self._stay, caller)
        until(lambda: self.budget.in_line == 1 and before())
        return came


def until(so: Callable[[], bool]) -> None:
    """Ask until it is so."""
    pause, asked = threading.Event(), 0
    while not so():
        asked += 1
        assert asked < PATIENCE * 100
        pause.wait(0.01)


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setattr(hash_budget, "LONGEST_WAIT", float(PATIENCE))
    with ThreadPoolExecutor(16) as pool:
        made = Window(pool)
        yield made
        made.leave.set()


def test_strangers_leave_a_place_to_known_browsers(window: Window) -> None:
    stranger, second = window.comes(A), window.queues(B)
    assert (window.budget.running, window.budget.in_line) == (1, 1)
    known = window.comes(KNOWN)
    window.leave.set()
    assert [f.result(PATIENCE) for f in (stranger, second, known)] == ["done"] * 3
    assert (window.budget.running, window.budget.in_line) == (0, 0)


def test_who_comes_on_top_is_told_at_once(window: Window) -> None:
    first, second = window.comes(A), window.queues(A)
    with pytest.raises(BusyError), window.budget.place(A):
        pass
    window.leave.set()
    assert {first.result(PATIENCE), second.result(PATIENCE)} == {"done"}


def test_a_source_with_many_places_gives_way_to_another(window: Window) -> None:
    first, second = window.comes(A), window.queues(A)
    other = window.queues(B, before=second.done)
    assert second.result(PATIENCE) == "busy"
    window.leave.set()
    assert {first.result(PATIENCE), other.result(PATIENCE)} == {"done"}


def test_who_guessed_too_often_gives_way_and_takes_nobodys_place(window: Window) -> None:
    first, guesser = window.comes(A), window.queues(GUESSER)
    with pytest.raises(BusyError), window.budget.place(GUESSER):
        pass
    other = window.queues(B, before=guesser.done)
    assert guesser.result(PATIENCE) == "busy"
    with pytest.raises(BusyError), window.budget.place(GUESSER):
        pass
    window.leave.set()
    assert {first.result(PATIENCE), other.result(PATIENCE)} == {"done"}


def test_a_known_browser_goes_before_strangers_in_line(window: Window) -> None:
    held = [window.comes(KNOWN), window.comes(KNOWN)]
    stranger = window.queues(B)
    known = window.queues(KNOWN, before=stranger.done)
    assert stranger.result(PATIENCE) == "busy"
    window.leave.set()
    assert {f.result(PATIENCE) for f in (*held, known)} == {"done"}


def test_a_place_is_given_back_whatever_happens() -> None:
    budget = Budget(1, 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), budget.place(A):
            raise ZeroDivisionError
    assert budget.running == 0


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_budget, "LONGEST_WAIT", 0.0)
    budget = Budget(1, 1)
    with budget.place(A):
        with pytest.raises(BusyError), budget.place(B):
            pass
        assert budget.in_line == 0


def test_the_server_as_it_ships_has_a_thread_left_for_other_pages(settings) -> None:
    threads = int(GRANIAN[GRANIAN.index("--blocking-threads") + 1])
    assert threads > settings.HASHES_AT_ONCE + settings.HASHES_WAITING
