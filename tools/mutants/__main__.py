"""`make mutate`: try mutants and print the table; 1 where too many survive."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

from tools.mutants import lines_by_test, verdict
from tools.mutants.edits import all_mutants
from tools.mutants.mutant import ROOT, Mutant, files
from tools.mutants.trials import COLD, SECONDS, UNTRIED, Choice, Result, run, run_cold, sources
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
    reader.add_argument("--draw", type=int, metavar="N", help="all that guards and N of the rest")
    reader.add_argument("--seed", type=int, default=1, help="of the draw and the order")
    reader.add_argument("--minutes", type=float, default=0, help="stop after that long")
    reader.add_argument("--seconds", type=float, default=SECONDS, help="of tests for a mutant")
    reader.add_argument("--names", nargs="*", default=[], help="only mutants of these names")
    reader.add_argument("--table", action="store_true", help="try nothing, print the table")
    reader.add_argument("--record", action="store_true", help="write the result into the page")
    reader.add_argument("--date", default="", help="the day the record bears")
    return reader.parse_args()


def chosen(mutants: list[Mutant], wish: argparse.Namespace) -> list[Mutant]:
    """Return what is to be tried, guarding comparisons first, the rest in a drawn order."""
    found = verdict.results()
    if wish.names:
        return [mutant for mutant in mutants if mutant.name in wish.names]
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
    """Yield what is to be tried as long as there is time."""
    began = time.monotonic()
    for n, mutant in enumerate(queue, start=1):
        if minutes and time.monotonic() - began > minutes * 60:
            sys.stderr.write(f"time is up: {len(queue) - n + 1} left\n")
            return
        yield mutant


def tell(mutant: Mutant, result: Result) -> None:
    """Keep a result and say it."""
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


def main() -> int:
    """Do what is asked."""
    wish = asked()
    if wish.measure:
        return measured(wish)
    places = () if wish.record else tuple(wish.places)
    mutants = all_mutants(files(places))
    if wish.list:
        for one in mutants:
            sys.stdout.write(f"{one.name} {one.file}:{one.line} {one.within} {one.change}\n")
        sys.stdout.write(f"{len(mutants)} mutants, {sum(m.guards for m in mutants)} guarding\n")
        return 0
    if not (wish.table or wish.record):
        if not lines_by_test.read().seconds and measured(argparse.Namespace(places=[])):
            return 1
        queue = chosen(mutants, wish)
        choice = Choice(lines_by_test.read(), sources(), wish.seconds)
        before = verdict.results()
        for mutant in mutants:
            old = before.get(mutant.name)
            if old and "::" in old.by:
                choice.learn(mutant, old.by)
        if wish.cold:
            try_cold(until(queue, wish.minutes), choice)
        else:
            run(until(queue, wish.minutes), choice, tell)
    found = verdict.results()
    told = verdict.summary(mutants, found)
    sys.stdout.write("\n".join(verdict.number_lines(told)) + "\n")
    wrong = [*verdict.failures(told), *verdict.stale(mutants, found)] if not places else []
    if wish.record:
        how = verdict.how(told)
        record = {"date": wish.date or date.today().isoformat(), "how": how, **told}  # house: clock: the day of a record
        verdict.RECORDED.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
        verdict.PAGE.write_text(verdict.page(record), "utf-8")
    for line in wrong:
        sys.stderr.write(f"mutate: {line}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
