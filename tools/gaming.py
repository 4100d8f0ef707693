"""The gaming table: tricks beside honest changes of the same size, with score before, after and
flag. `make gaming`.

It plays the delivered starting scheme over invented organs: eight of one group, three past years
and the year assessed.
One of them does a trick (or meets an honest change) at 1, 10 and 50 % of its load. Acceptance: no
trick raises the
published total by the scheme's resolution or more without a flag; no honest change is flagged.

    python -m tools.gaming                      the whole, five seeds
    python -m tools.gaming --seeds 2 --load 300
    python -m tools.gaming --only leave_afterwards --only leave_in_time
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from dengwen.law.indicators.count import count, count_watches
from dengwen.law.indicators.flags import flags, too_few
from dengwen.law.indicators.indicator import Count, Organ, Period, Scheme
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.indicators.score import score
from tools.gaming_changes import FOR_ALL, HONEST, TRICKS, Year, copied, other_habits
from tools.gaming_world import NOW, ORGANS, PAST, Matter, facts_of, fixed, rates_of, year

ROOT = Path(__file__).resolve().parent.parent
SIZES = (0.01, 0.10, 0.50)
PLAYED = 1
FORMER = 99
LOAD, SEEDS, PAST_YEARS = 800, 5, 3


@dataclass(frozen=True)
class Line:
    """One cell of the table: what was done at which size in which world, totals before and
    after, flags raised."""

    sort: str
    name: str
    size: float
    seed: int
    before: Decimal
    after: Decimal
    flagged: tuple[str, ...]
    resolution: Decimal
    said: bool = False
    """Whether it was said that the numbers are too few to see a tenth of this trick (asked of
    misses alone)."""

    @property
    def raised(self) -> bool:
        """Whether the published total rose by the resolution or more."""
        return self.after - self.before >= self.resolution

    @property
    def good(self) -> bool:
        """Whether it is as accepted: a trick pays nothing or is flagged, an honest change is not
        flagged."""
        return bool(self.flagged) or not self.raised if self.sort == "trick" else not self.flagged


class World:
    """Eight comparable organs with a past and a present, drawn from one seed."""

    def __init__(self, scheme: Scheme, seed: int, load: int) -> None:
        self.scheme = scheme
        self.seed = seed
        random = Random(f"{seed}/{load}")
        self.rates = {organ.organ: rates_of(random, jitter=0.2) for organ in ORGANS}
        self.loads = _loads(random, load)
        # the total of an organ does not depend on the others, so only that of the organ played is
        # made
        self.past: list[Count] = []
        self.matters: dict[int, list[Matter]] = {}
        self.other: dict[int, list[dict[str, Any]]] = {}
        self.counted: dict[int, tuple[list[Count], list[Count]]] = {}
        for organ in ORGANS:
            self._draw_past(random, organ)
            self._draw_present(random, organ)
        self.steady = self.outcome({})

    def _draw_past(self, random: Random, organ: Organ) -> None:
        """Draw the former years of an organ; no two years are quite alike."""
        for _ in range(PAST_YEARS):
            rates = rates_of(random, self.rates[organ.organ], jitter=0.05)
            before = year(random, rates, self.loads[organ.organ], PAST)
            self.past += self.watched(facts_of(before, organ.organ), organ, PAST)

    def _draw_present(self, random: Random, organ: Organ) -> None:
        """Draw the year assessed of an organ, and count it."""
        rates = rates_of(random, self.rates[organ.organ], jitter=0.05)
        self.matters[organ.organ] = year(random, rates, self.loads[organ.organ], NOW)
        self.other[organ.organ] = fixed(random, organ.organ, NOW)
        self.counted[organ.organ] = self.count(organ, self.matters[organ.organ])

    def watched(self, facts: Iterable[dict[str, Any]], organ: Organ, period: Period) -> list[Count]:
        """Count the watches of one organ."""
        return list(count_watches(self.scheme, facts, [organ], period))

    def count(self, organ: Organ, matters: list[Matter]) -> tuple[list[Count], list[Count]]:
        """Count indicators and watches of one organ in the year assessed."""
        facts = [*facts_of(matters, organ.organ), *self.other[organ.organ]]
        return list(count(self.scheme, facts, [organ], [], NOW)), self.watched(facts, organ, NOW)

    def outcome(
        self,
        changed: dict[int, list[Matter]],
        past: Iterable[Count] = (),
        joined: dict[int, int] | None = None,
    ) -> tuple[Decimal, tuple[str, ...]]:
        """Return the total of the organ played and the watches that flag it, after its matters
        were changed."""
        counted = dict(self.counted)
        for organ in ORGANS:
            if organ.organ in changed:
                counted[organ.organ] = self.count(organ, changed[organ.organ])
        indicators, _ = counted[PLAYED]
        total = score(self.scheme, indicators, ORGANS[:1]).total(PLAYED).total
        if total is None:
            raise ValueError("the organ played has no total; take a larger load")
        now = [cell for _, watches in counted.values() for cell in watches]
        raised = flags(self.scheme, now, [*self.past, *past], ORGANS, joined)
        return total, tuple(flag.watch for flag in raised if flag.organ == PLAYED)


def _loads(random: Random, load: int) -> dict[int, int]:
    """Draw how many matters each organ has a year; the one played has those asked for."""
    loads: dict[int, int] = {}
    for organ in ORGANS:
        is_played = organ.organ == PLAYED
        loads[organ.organ] = load if is_played else round(load * random.uniform(0.5, 1.5))
    return loads


def warned(world: World, line: Line) -> bool:
    """Say whether the board said of this world that a tenth of the trick could stay unseen
    there."""
    now = [cell for _, watches in world.counted.values() for cell in watches]
    unseen = too_few(world.scheme, now, world.past, ORGANS)
    blind = {watch for organ, watch in unseen if organ == PLAYED}
    return any(watch.id in blind for watch in world.scheme.watches if watch.trick == line.name)


def play(world: World, sort: str, name: str, size: float) -> Line:
    """Play one trick or honest change."""
    before = world.steady[0]
    random = Random(f"{world.seed}/{name}/{size}")
    if sort == "trick":
        matters = copied(world.matters[PLAYED])
        TRICKS[name][2](matters, size)
        after, raised = world.outcome({PLAYED: matters})
    else:
        after, raised = _honest(world, random, name, size)
    return Line(
        sort, name, size, world.seed, before, after, raised, world.scheme.rounding.resolution
    )


def _honest(
    world: World, random: Random, name: str, size: float
) -> tuple[Decimal, tuple[str, ...]]:
    """Play an honest change; a merger brings the past of another organ along."""
    changed = {}
    for organ in ORGANS if name in FOR_ALL else ORGANS[:1]:
        drawn = Year(random, world.rates[organ.organ], copied(world.matters[organ.organ]), size)
        changed[organ.organ] = HONEST[name][2](drawn)
    if name != "merger":
        return world.outcome(changed)
    former = year(
        random, other_habits(world.rates[PLAYED]), round(size * world.loads[PLAYED]), PAST
    )
    past = world.watched(facts_of(former, FORMER), Organ(FORMER, "原示例局", "county"), PAST)
    return world.outcome(changed, past * PAST_YEARS, {FORMER: PLAYED})


def table(
    scheme: Scheme,
    seeds: int = SEEDS,
    load: int = LOAD,
    sizes: Iterable[float] = SIZES,
    first: int = 1,
    only: Collection[str] = (),
) -> list[Line]:
    """Play everything, or `only` what is named, in so many worlds, of seeds `first` and on."""
    chosen = [name for name in TRICKS if not only or name in only]
    beside = [name for name in HONEST if not only or name in only]
    found = []
    for seed in range(first, first + seeds):
        world = World(scheme, seed, load)
        total, raised = world.steady
        found.append(
            Line("honest", "nothing", 0, seed, total, total, raised, scheme.rounding.resolution)
        )
        for size in sizes:
            tricks = [play(world, "trick", name, size) for name in chosen]
            found += [
                line if line.good else replace(line, said=warned(world, line)) for line in tricks
            ]
            found += [play(world, "honest", name, size) for name in beside]
    return found


def _names(sort: str, name: str) -> tuple[str, str]:
    """Return the Chinese and the English name of a trick or change."""
    if name == "nothing":
        return "没有变化", "no change"
    zh, en, _ = (TRICKS if sort == "trick" else HONEST)[name]
    return zh, en


def lines_of(found: list[Line]) -> list[str]:
    """Return the table as Markdown, the worlds put together: mean before and after, largest
    gain, how often flagged."""
    rows = [
        "| | | size | before | after | largest gain | flagged | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    cells: dict[tuple[str, str, float], list[Line]] = {}
    for one in found:
        cells.setdefault((one.sort, one.name, one.size), []).append(one)
    return [*rows, *(_row(cells[key]) for key in sorted(cells, key=_shown_at))]


def _shown_at(key: tuple[str, str, float]) -> tuple[bool, int, float]:
    """Return where sort, name and size stand in the table: tricks first, in their own order."""
    sort, name, size = key
    return sort != "trick", list(_all(sort)).index(name), size


def _row(cells: list[Line]) -> str:
    """Return the line of one change at one size, over all worlds."""
    one = cells[0]
    zh, en = _names(one.sort, one.name)
    sort = "trick 花招" if one.sort == "trick" else "honest 如实"
    before = sum((cell.before for cell in cells), Decimal(0)) / len(cells)
    after = sum((cell.after for cell in cells), Decimal(0)) / len(cells)
    gain = max(cell.after - cell.before for cell in cells)
    flagged = len([cell for cell in cells if cell.flagged])
    verdict = "✓" if all(cell.good for cell in cells) else "✗"
    return (
        f"| {sort} | {zh} {en} | {one.size:.0%} | {before:.2f} | {after:.2f} | {gain:+.2f} |"
        f" {flagged}/{len(cells)} "
        f"| {verdict} |"
    )


def _all(sort: str) -> Iterable[str]:
    return TRICKS if sort == "trick" else ["nothing", *HONEST]


def main() -> int:
    """Print the table; 1 where a trick pays unflagged or an honest change is flagged."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scheme", default="starting")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--load", type=int, default=LOAD)
    parser.add_argument("--only", action="append", default=[], choices=[*TRICKS, *HONEST])
    args = parser.parse_args()
    scheme = load_schemes(ROOT / "packs")[args.scheme]
    found = table(scheme, args.seeds, args.load, first=args.first, only=args.only)
    print("\n".join(lines_of(found)))
    bad = [line for line in found if not line.good]
    for line in bad:
        print(_complaint(line))
    said = [line for line in bad if line.said]
    print(f"{len(found) - len(bad)} of {len(found)} as accepted; {len(said)} of the others said so")
    return 1 if bad else 0


def _complaint(line: Line) -> str:
    """Return what is not as accepted, and whether the board had said it could not tell."""
    text = (
        f"✗ {line.sort} {line.name} {line.size:.0%} seed {line.seed}: {line.before} → "
        f"{line.after} {line.flagged}"
    )
    return f"{text} 已说明件数少、看不出 / said: too few to tell" if line.said else text


if __name__ == "__main__":
    sys.exit(main())
