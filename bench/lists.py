"""The work list, the sweep and the checks over a hundred thousand cases."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date

from django.test import Client

from bench.limits import page_of_duties
from bench.office import World, at
from bench.seeding import TODAY
from dengwen.cases import projections, replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import duties_for_user, viewer_of
from dengwen.desk.shell.worklist.duty_pages import PAGE, page_of
from dengwen.ledger.tamper_check import check

EARLY = date(2018, 6, 1)
"""After the founding of the office and before anything was handed in."""
READERS = ("clerk", "handler", "handler2", "handler3")
"""The petition office and three bureaus, the first of which is accused in every hundredth case."""


def times(work: Callable[[int], object], count: int) -> tuple[float, float]:
    """Return median and 99th percentile of repeated work, in milliseconds."""
    found = []
    for n in range(count):
        begun = time.perf_counter()
        work(n)
        found.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(found), sorted(found)[int(len(found) * 0.99)]


def work_list(world: World, count: int) -> tuple[float, float]:
    """Read the first page of the open duties of one organ after another, the wall asked anew
    each time."""
    users = [world.office.users[name] for name in READERS]

    def read(number: int) -> None:
        page = page_of(duties_for_user(viewer_of(users[number % len(users)], TODAY)), "")
        if len(page.duties) != PAGE:
            raise RuntimeError(f"the work list shows {len(page.duties)} lines")

    for number in range(len(users)):
        read(number)
    return times(read, count)


def bare_list(world: World, count: int) -> tuple[float, float]:
    """Read the same rows by one statement without wall and models: the limit."""
    pages = [
        page_of_duties([world.organ(world.office.people[name][1])], PAGE + 1) for name in READERS
    ]
    return times(lambda n: pages[n % len(pages)](), count)


def home_page(world: World, count: int) -> tuple[float, float]:
    """Read the whole page of the desk, through the middleware, without a socket."""
    clients = []
    for name in READERS:
        client = Client(headers={"accept-language": "zh-hans", "host": "localhost"})
        client.force_login(world.office.users[name])
        clients.append(client)

    def read(number: int) -> None:
        answer = clients[number % len(clients)].get("/desk/")
        if answer.status_code != 200:
            raise RuntimeError(
                f"the desk answers {answer.status_code} {answer.headers.get('Location', '')}"
            )

    for number in range(len(clients)):
        read(number)
    return times(read, count)


def due() -> int:
    """Return how many cases have something to record today."""
    return Case.objects.filter(next_due__lt=TODAY).count()


def swept(limit: int) -> int:
    """Record what is past its day in so many cases; returns the number of acts."""
    done = sweep(now=at(TODAY), limit=limit)
    return done.breaches + done.lapses


def nothing_due() -> float:
    """Return the milliseconds of a sweep that finds nothing."""
    begun = time.perf_counter()
    sweep(now=at(EARLY))
    return (time.perf_counter() - begun) * 1e3


def replayed(sample: int) -> tuple[int, Sequence[str]]:
    """Replay a sample of all cases; returns how many, and the differences found."""
    keys = list(Case.objects.values_list("pk", flat=True))
    chosen = random.Random(11).sample(keys, min(sample, len(keys)))
    found = [str(d) for pk in chosen for d in replay.differences(Case.objects.get(pk=pk))]
    return len(chosen), found


def ledger_findings() -> list[str]:
    """Check the whole ledger against the rows of cases."""
    return [
        f"{f.invariant} {f.table} {f.row} {f.field}"
        for f in check(projections.projections(), limit=20)
    ]
