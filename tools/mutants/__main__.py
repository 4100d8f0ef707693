"""`make mutate`: try mutants and print the table; 1 where too many survive."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator

from tools.mutants import lines_by_test, verdict
from tools.mutants.edits import all_mutants
from tools.mutants.in_process import InProcess
from tools.mutants.mutant import ROOT, Mutant, files
from tools.mutants.trials import (
    COLD,
    SECONDS,
    UNTRIED,
    Choice,
    Result,
    Trials,
    run,
    run_cold,
    sources,
)
from tools.mutants.verdict import ALIVE

COLD_TESTS = 12
COLD_SECONDS = 300.0


def asked() -> argparse.Namespace:
    """Read what is asked."""
    reader = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    reader.add_argument("places", nargs="*", help="packages, folders or files; all without one")
    reader.add_argument("--list", action="store_true", help="only list the mutants")
    reader.add_argument("--measure", action="store_true", help="places are folders of tests")
    reader.add_argument("--guards", action="store_true", help="only guarding comparisons")
    reader.add_argument("--survivors", action="store_true", help="only survivors, once more")
    reader.add_argument("--cold", action="store_true", help="survivors in a process of their own")
    reader.add_argument("--quick", action="store_true", help="in one process, without forks")
    reader.add_argument("--draw", type=int, metavar="N", help="all that guards and N of the rest")
    reader.add_argument("--seed", type=int, default=1, help="of the draw and the order")
    reader.add_argument("--minutes", type=float, default=0, help="stop after that long")
    reader.add_argument("--seconds", type=float, default=SECONDS, help="of tests for a mutant")
    reader.add_argument("--names", nargs="*", default=[], help="only mutants of these names")
    reader.add_argument("--table", action="store_true", help="try nothing, print the table")
    reader.add_argument("--record", metavar="DAY", help="write the result of a day into the page")
    return reader.parse_args()


def chosen(mutants: list[Mutant], wish: argparse.Namespace) -> list[Mutant]:
    """Return what is to be tried, guarding comparisons first, the rest in a drawn order."""
    found = verdict.results()
    if wish.names:
        by_name = {mutant.name: mutant for mutant in mutants}
        return [by_name[name] for name in wish.names if name in by_name]
    if wish.survivors or wish.cold:
        some = [m for m in mutants if m.name in found and found[m.name].state in (*ALIVE, COLD)]
        return [m for m in some if m.guards or not wish.guards]
    order = random.Random(wish.seed)
    rest = [mutant for mutant in mutants if not mutant.guards]
    order.shuffle(rest)
    first = [mutant for mutant in mutants if mutant.guards]
    if wish.guards:
        rest = []
    elif wish.draw is not None:
        rest = rest[: wish.draw]
    return [mutant for mutant in first + rest if mutant.name not in found]


def measured(wish: argparse.Namespace) -> int:
    """Measure the portions of tests asked for, each in a process of its own."""
    for portion in wish.places or lines_by_test.PORTIONS:
        words = [sys.executable, "-m", "tools.mutants.lines_by_test", portion]
        code = subprocess.run(words, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


def until(queue: list[Mutant], minutes: float) -> Iterator[Mutant]:
    """Yield what is to be tried as long as there is time; what stands in a file that changed since
    it was listed is left out."""
    began = time.monotonic()
    for n, mutant in enumerate(queue, start=1):
        if minutes and time.monotonic() - began > minutes * 60:
            sys.stderr.write(f"time is up: {len(queue) - n + 1} left\n")
            return
        if mutant.is_as_listed():
            yield mutant
        else:
            say_changed(mutant)


def say_changed(mutant: Mutant) -> None:
    """Say that a mutant is not judged, for its file is another one than it was listed from."""
    sys.stderr.write(f"{mutant.name} left: {mutant.file} changed since its mutants were listed\n")


def tell(mutant: Mutant, result: Result) -> None:
    """Keep a result and say it; nothing is kept where the file changed since it was listed."""
    if not mutant.is_as_listed():
        say_changed(mutant)
        return
    verdict.keep(mutant, result)
    mark = "guards" if mutant.guards and result.state in ALIVE else ""
    sys.stderr.write(
        f"{mutant.name} {result.state:8} {result.seconds:6.2f} s {result.tests:3}/{result.of:<4}"
        f" {mutant.file.removeprefix('dengwen/')}:{mutant.line} {mutant.change} {mark}\n"
    )
    sys.stderr.flush()


def try_cold(queue: Iterator[Mutant], choice: Choice) -> None:
    """Try each in a process of its own."""
    for mutant in queue:
        every = choice.tests(mutant)
        tests = every[:COLD_TESTS]
        result = run_cold(mutant, tests, COLD_SECONDS) if tests else Result(UNTRIED)
        result.of = len(every)
        tell(mutant, result)


def try_all(mutants: list[Mutant], wish: argparse.Namespace) -> None:
    """Try what is chosen, with what earlier runs found out."""
    if not lines_by_test.read().seconds and measured(argparse.Namespace(places=[])):
        raise SystemExit(1)
    choice = Choice(lines_by_test.read(), sources(), wish.seconds)
    before = verdict.results()
    for mutant in mutants:
        if mutant.name in before and "::" in before[mutant.name].by:
            choice.learn(mutant, before[mutant.name].by)
    queue = until(chosen(mutants, wish), wish.minutes)
    if wish.cold:
        try_cold(queue, choice)
    else:
        run(queue, choice, tell, InProcess if wish.quick else Trials)


def list_all(mutants: list[Mutant]) -> None:
    """Print what there is."""
    for one in mutants:
        sys.stdout.write(f"{one.name} {one.file}:{one.line} {one.within} {one.change}\n")
    sys.stdout.write(f"{len(mutants)} mutants, {sum(m.guards for m in mutants)} guarding\n")


def main() -> int:
    """Do what is asked."""
    wish = asked()
    if wish.measure:
        return measured(wish)
    places = () if wish.record else tuple(wish.places)
    mutants = all_mutants(files(places))
    if wish.list:
        list_all(mutants)
        return 0
    if not (wish.table or wish.record):
        try_all(mutants, wish)
    found = verdict.results()
    told = verdict.summary(mutants, found)
    sys.stdout.write("\n".join(verdict.number_lines(told)) + "\n")
    if wish.record:
        verdict.record(told, wish.record)
    wrong = [] if places else [*verdict.failures(told), *verdict.stale(mutants, found)]
    for line in wrong:
        sys.stderr.write(f"mutate: {line}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
