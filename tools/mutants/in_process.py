"""Tries mutants without forks: the change is put in, tests run here, the change is taken out.

Ten to a hundred times as fast as a fork for each, above all where a test needs no database. Such
tests come first; those that commit for real are left out, for nothing would put their rows away.
What a changed program left behind in this process is found out: a test that notices a change must
pass once the change is out, else it counts for nothing and what the process keeps is dropped.
"""

from __future__ import annotations

import signal
import sys
import time
from importlib import import_module
from types import FrameType

import pytest
from _pytest.runner import runtestprotocol

from tools.mutants.exchange import ColdError
from tools.mutants.mutant import Mutant
from tools.mutants.trials import (
    ALLOWED,
    COLD,
    KILLED,
    PATIENCE,
    SURVIVED,
    UNTRIED,
    WARMED,
    WHY,
    Asked,
    Result,
    Trials,
)

COMMITS = frozenset({"transactional_db", "durable_world", "django_db_serialized_rollback"})
"""Fixtures of tests whose rows stay."""
PLAIN_AT_FIRST = 100
"""Tests without a database that are tried before those with one."""


class OverdueError(BaseException):
    """A changed program did not come to an end."""


class InProcess(Trials):
    """A plugin like `Trials` that forks for nothing."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant of the queue with the tests that leave no row behind."""
        session.items[:] = [item for item in session.items if not COMMITS & _asks(item)]
        self.plain = {item.nodeid for item in session.items if "db" not in _asks(item)}
        signal.signal(signal.SIGALRM, _overdue)
        return super().pytest_runtestloop(session)

    def _try(self, mutant: Mutant) -> Result:
        every = [one for one in self.choice.tests(mutant) if one.test in self.items]
        plain = [one for one in every if one.test in self.plain]
        others = [one for one in every if one.test not in self.plain]
        result, played = Result(UNTRIED), 0
        for some in (plain[:PLAIN_AT_FIRST], others):
            tests = self.choice.within_means(some)
            if tests and result.state != KILLED:
                for one in tests[:WARMED]:
                    self._keep_what_it_asks(one)
                result = self._fork(mutant, tests)
                played += result.tests
        result.tests, result.of = played, len(every)
        return result

    def _fork(self, mutant: Mutant | None, tests: list[Asked]) -> Result:
        """Run tests here with a change, or with none."""
        began = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE + ALLOWED * sum(t.seconds for t in tests))
        take_out = None
        try:
            if mutant is not None:
                take_out = self.process.put_in(mutant)
            result = self._play(tests)
        except (ColdError, KeyError) as error:  # not to be exchanged, or not imported
            result = Result(COLD, why=repr(error)[:WHY])
        except OverdueError:
            result = Result(KILLED, "time", len(tests))
        except Exception as error:  # noqa: BLE001  # whatever it is, the change did it
            result = Result(KILLED, type(error).__name__, why=str(error)[:WHY])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if take_out is not None:
                take_out()
        if mutant is None and result.state == KILLED:
            _drop_what_is_kept()
            result = self._play(tests)
        result.seconds = round(time.monotonic() - began, 2)
        return result

    def _play(self, tests: list[Asked]) -> Result:
        for n, one in enumerate(tests, start=1):
            if not one.kept:
                _drop_what_is_kept()
            reports = runtestprotocol(self.items[one.test], log=False, nextitem=self.session)  # type: ignore[arg-type]
            if not one.kept:
                _drop_what_is_kept()
            if failed := [report for report in reports if report.failed]:
                why = failed[0].longreprtext.rpartition("\nE ")[2][:WHY]
                return Result(KILLED, one.test, n, why=why)
        return Result(SURVIVED, tests=len(tests))

    def _put_away(self) -> None:
        """Nothing is left behind: every test takes back what it wrote."""

    def _is_sound(self, test: str) -> bool:  # noqa: ARG002  # every test is asked again
        """A test that noticed a change is asked each time whether it passes without."""
        return False


def _asks(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _drop_what_is_kept() -> None:
    """Let tests make anew what they keep, and the program what it has read of the rules."""
    sys.modules["tests.kept"]._LEFT.clear()  # noqa: SLF001  # nothing kept
    import_module("dengwen.cases.rulebooks").forget()


def _overdue(_signal: int, _frame: FrameType | None) -> None:
    raise OverdueError
