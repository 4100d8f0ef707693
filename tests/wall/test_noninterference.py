"""Nobody on the accused side can tell two worlds apart that differ only in protected cases
(access model 10)."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests.wall.harness import (
    GROUPS_OF_A_TURN,
    HOT,
    PAIRS_A_GROUP,
    REQUESTS,
    Difference,
    Figures,
    Harness,
    cells,
)
from tests.wall.leak_search import search
from tests.wall.leaks import AIMS, LEAKS, planted
from tests.wall.routes import PROBES, routes
from tests.wall.shards import share, workers
from tests.wall.stage import Stage

pytestmark = [
    pytest.mark.wall,
    pytest.mark.django_db,
    pytest.mark.timeout(0),
]  # `make wall` takes hours on purpose
POSTGRES = os.environ.get("DENGWEN_TEST_DB") == "postgres"
PAIRS = int(os.environ.get("DENGWEN_WALL_PAIRS") or (20 if POSTGRES else 100))
ON_POSTGRES = (
    "search hits",
    "number of queries",
    "transferred official",
    "delegate of the accused",
    "linked case",
)
"""Leaks tried on PostgreSQL, too: those in questions to the database."""
TURN = PAIRS >= GROUPS_OF_A_TURN
"""Whether the groups are enough for every route × actor to have its turn (`make wall`)."""
ALL_LEAKS = PAIRS >= 5
"""Whether all leaks are planted (`.ci/run` and `make wall`)."""
A_GROUP = max(1, min(PAIRS_A_GROUP, PAIRS // GROUPS_OF_A_TURN))
"""Pairs of a group, so that few pairs still come to all groups."""
EVERY = 15
"""An ordinary run plants each fifteenth leak."""
HONEST = "nothing planted"
"""Stands among the leaks: the same worlds, asked everything, show no difference without one."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """404 and 403 are what is asked for: no log lines of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_route_has_a_probe_and_every_probe_a_route() -> None:
    known = set(routes())
    lacking = sorted(known - PROBES.keys())
    assert not lacking, f"routes without a probe: {lacking}; add one in tests/wall/routes.py"
    assert not PROBES.keys() - known, (
        f"probes of routes that are gone: {sorted(PROBES.keys() - known)}"
    )


def _play(
    stage: Stage, groups: Sequence[tuple[int, int]]
) -> list[tuple[Figures, Difference | None]]:
    """Compare the pairs of some groups; a difference ends this share."""
    harness = Harness(stage)
    for group, pairs in groups:
        found = harness.group(group, pairs)
        _progress(f"group {group}: {harness.figures.requests} requests, {found}")
        if found is not None:
            return [(harness.figures, found)]
    return [(harness.figures, None)]


def test_worlds_cannot_be_told_apart(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = [(n // A_GROUP, min(A_GROUP, PAIRS - n)) for n in range(0, PAIRS, A_GROUP)]
    begun = time.perf_counter()
    answers = share(stage, groups, _play, tmp_path)
    done, every = Figures.joined([figures for figures, _found in answers]), cells(stage)
    with capsys.disabled():
        print(
            f"\nwall: {done.pairs} pairs, {done.requests} compared requests, {len(every)} "
            "cells (route × actor), each "
            f"compared at least {min(done.cells[c] for c in every)} times, "
            f"{time.perf_counter() - begun:.0f} s, "
            f"{workers()} processes, answers {dict(sorted(done.statuses.items()))}"
        )
    found = min((f for _figures, f in answers if f is not None), key=lambda f: f.pair, default=None)
    assert found is None, str(found)
    assert not done.broken, "requests that ended in an error of the server: " + "; ".join(
        f"{ask}: {why}" for ask, why in list(done.broken.items())[:10]
    )
    assert done.requests >= REQUESTS * PAIRS
    if TURN:  # whole turns of the cells, each compared by every pair of its group
        least = PAIRS // (GROUPS_OF_A_TURN * A_GROUP) * A_GROUP
        missing = [f"{cell} ({done.cells[cell]})" for cell in every if done.cells[cell] < least]
        assert not missing, f"{len(missing)} cells compared less than {least} times: {missing[:20]}"
    # however few pairs: no route and nobody is left out
    assert {cell.route for cell in done.cells} == {cell.route for cell in every}
    assert {cell.actor for cell in done.cells} == {cell.actor for cell in every}


def _try(stage: Stage, names: Sequence[str]) -> list[tuple[str, Difference | None, float]]:
    """Plant each leak and look for it, no longer than CI does: in worlds written once for all,
    then in its own where it is awaited, by what is hot, by everything."""
    begun = time.perf_counter()
    aims = {HONEST: [asked for name in names for asked in AIMS[name]]}
    at_once = search(stage, aims | {name: AIMS[name] for name in names}, _planted_or_not)
    assert at_once[HONEST] is None, f"a difference without any leak: {at_once[HONEST]}"
    share_of_each = (time.perf_counter() - begun) / len(names)
    found = []
    for name in names:
        begun = time.perf_counter()
        seen = at_once[name] or _alone(stage, name)
        found.append((name, seen, time.perf_counter() - begun + share_of_each))
        _progress(f"{name}: {found[-1][1]}")
    return found


def _planted_or_not(name: str) -> AbstractContextManager[None]:
    return nullcontext() if name == HONEST else planted(name)


def _alone(stage: Stage, name: str) -> Difference | None:
    """Look for a leak in worlds that were written with it."""
    with planted(name):
        return (
            Harness(stage, only=AIMS[name]).run(PAIRS_A_GROUP)
            or Harness(stage, only=HOT).run(PAIRS_A_GROUP)
            or Harness(stage).run(min(PAIRS, 100))
        )


def _progress(line: str) -> None:
    """Say how far a long run is, in the file that DENGWEN_WALL_PROGRESS names."""
    if path := os.environ.get("DENGWEN_WALL_PROGRESS"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{time.monotonic():.0f} {time.process_time():.0f} s {line}\n")


def test_every_planted_leak_is_found(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = [n for n in os.environ.get("DENGWEN_WALL_LEAKS", "").split(",") if n] or list(
        ON_POSTGRES if POSTGRES else list(LEAKS)[:: 1 if ALL_LEAKS else EVERY]
    )
    answers = sorted(share(stage, wanted, _try, tmp_path), key=lambda a: wanted.index(a[0]))
    with capsys.disabled():
        print()
        for name, found, spent in answers:
            where = (
                f"pair {found.pair:3}  {found.aspect}: {found.where[:90]}" if found else "NOT FOUND"
            )
            print(f"leak  {name:30} {where}  ({spent:.1f} s)")
    missed = [name for name, found, _spent in answers if found is None]
    assert not missed, f"planted leaks that were not found: {missed}"
    assert len(answers) == len(wanted)
