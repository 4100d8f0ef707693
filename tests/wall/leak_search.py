"""Planted leaks looked for in worlds that are written once.

Most leaks show in what is read: two worlds are enough for all of them, the one with every protected
case and the one with none, each asked again with every leak where it is awaited. What shows only
where a leak lay already while the worlds were written is not found here and is looked for alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from django.conf import settings
from django.core.cache import cache

from tests.wall.harness import Asked, Difference, Harness, Planned, Seen, plan
from tests.wall.highs import Known, low_before
from tests.wall.stage import Stage, held_still, swept, undone

GROUP = 0
Plant = Callable[[str], AbstractContextManager[None]]


def search(
    stage: Stage, aims: Mapping[str, Sequence[Asked]], plant: Plant
) -> dict[str, Difference | None]:
    """Ask two worlds with each leak where it is awaited; the first difference of each, or None."""
    harness = Harness(stage)
    harness.pair = 1
    plans = {name: plan(stage, GROUP, only=asked) for name, asked in aims.items()}
    with held_still(), undone(), swept(settings.DATA / "files"):
        known = low_before(stage, random.Random(f"low/{GROUP}"), GROUP)
        harness.sign_in(GROUP, [one for planned in plans.values() for one in planned])
        worlds = [_asked(harness, n, known, plans, plant) for n in (0, 1)]
    return {
        name: _first_difference(harness, planned, worlds[0][name], worlds[1][name])
        for name, planned in plans.items()
    }


def _asked(
    harness: Harness, n: int, known: Known, plans: Mapping[str, list[Planned]], plant: Plant
) -> dict[str, list[Seen]]:
    """Write one world and return what is seen of it with each leak; none leaves a trace."""
    answers = {}
    with harness.written(GROUP, n, known, first=n == 0) as here:
        for name, planned in plans.items():
            cache.clear()
            with plant(name), undone(), swept(settings.DATA / "files"):
                answers[name] = [*harness.probes(GROUP, here, planned), *harness.outbox(planned)]
    return answers


def _first_difference(
    harness: Harness, planned: Sequence[Planned], one: Sequence[Seen], other: Sequence[Seen]
) -> Difference | None:
    for place, (expected, seen) in enumerate(zip(one, other, strict=True)):
        if seen != expected:
            return harness.difference(planned, place, expected, seen)
    return None
