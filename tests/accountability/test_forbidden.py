"""Every line of `forbidden.toml` is refused alike at the write door, on the command line and over
HTTP, by its article, and nothing is written; every sound act it departs from is taken."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

import pytest

from dengwen.desk.shell.frame import clock
from tests.accountability import inquiry_states as _inquiry_states  # noqa: F401  # enters its facts
from tests.accountability.forbidden import (
    REFUSED_PAGE,
    Tried,
    acts_written,
    cited,
    codes,
    lines,
    undone,
    words,
)
from tests.accountability.forbidden_facts import FACTS
from tests.world import World, at

GROUPED = {
    name: list(some)
    for name, some in groupby(sorted(lines(), key=lambda one: one.facts), lambda one: one.facts)
}


def test_the_table_is_whole() -> None:
    """No line twice, each of facts there are, with its code."""
    every = lines()
    assert len(every) >= 120
    assert [name for name, n in Counter(one.id for one in every).items() if n > 1] == []
    assert {one.facts for one in every} <= FACTS.keys()
    assert all(one.code for one in every)


@pytest.mark.parametrize("facts", sorted({one.facts for one in lines(sound=True)}))
def test_the_sound_acts_are_taken(world: World, facts: str) -> None:
    named = FACTS[facts](world)
    for line in lines(sound=True):
        if line.facts == facts:
            with undone():
                assert Tried(line, world, named).at_the_door() is None, line.id


@pytest.mark.parametrize("facts", sorted(GROUPED))
def test_what_lacks_a_condition_is_refused_alike_at_every_door(
    world: World, monkeypatch: pytest.MonkeyPatch, facts: str
) -> None:
    named = FACTS[facts](world)

    def hold(day: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(day))

    wrong = [
        f"{line.id}: {why}"
        for line in GROUPED[facts]
        for why in _wrong(Tried(line, world, named), hold)
    ]
    assert wrong == [], "\n".join(wrong)


def _wrong(tried: Tried, hold: Any) -> list[str]:
    """Return what is not refused as the line says."""
    line, before = tried.line, acts_written()
    with undone():
        error = tried.at_the_door()
    if error is None:
        return ["let through"]
    found = []
    if line.code not in codes(error):
        found.append(f"refused as {codes(error)}: {words(error)}")
    if line.article not in cited(error, tried.rule):
        found.append(f"cites {cited(error, tried.rule)}")
    with undone():
        ended, told = tried.at_the_command_line()
    if ended == 0 or not _says(told, line.cli, error):
        found.append(f"command line {ended}: {told[:300]}")
    with undone():
        status, page = tried.over_http(hold)
    if status != line.http:
        found.append(f"HTTP {status}")
    elif status == REFUSED_PAGE and not _says(page, line.page, error):
        found.append(f"HTTP says something else than {words(error)}")
    if acts_written() != before:
        found.append("something was written")
    return found


def _says(page: str, said: str, error: Any) -> bool:
    """Say whether a page says why something is refused, or what the line has it say instead."""
    return any(one in page for one in ([said] if said else words(error)))
