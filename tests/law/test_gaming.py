"""No trick raises the score unflagged, no honest change is flagged: the gaming table in small
(`make gaming` whole)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dengwen.law.indicators.scheme_file import load_schemes
from tools.gaming import SIZES, World, lines_of, play, table
from tools.gaming_changes import HONEST, TRICKS

SCHEME = load_schemes(Path(__file__).resolve().parents[2] / "packs")["starting"]


@pytest.fixture(scope="module")
def world() -> World:
    return World(SCHEME, seed=11, load=400)


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_pays_nothing_or_is_flagged(world: World, name: str):
    for size in SIZES:
        line = play(world, "trick", name, size)
        assert line.good, line
        if size == 0.50:  # half a load cannot be hidden, whether it pays or not
            assert line.flagged, line


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_change_is_not_flagged(world: World, name: str):
    for size in SIZES:
        line = play(world, "honest", name, size)
        assert line.good, line


def test_an_office_that_changes_nothing_is_not_flagged(world: World):
    assert world.steady[1] == ()


def test_a_scheme_without_watches_lets_tricks_pay():
    blind = load_schemes(Path(__file__).resolve().parents[2] / "packs")["starting"]
    unwatched = type(blind)(
        **{**{f: getattr(blind, f) for f in blind.__dataclass_fields__}, "watches": ()}
    )
    bare = World(unwatched, seed=11, load=400)
    assert not play(bare, "trick", "not_registering", 0.50).good


def test_the_table_says_for_each_what_happened():
    lines = lines_of(table(SCHEME, seeds=1, load=300, sizes=[0.50]))
    assert len(lines) == 2 + len(TRICKS) + 1 + len(HONEST)
    assert any("不登记" in line and "50%" in line and "1/1" in line for line in lines)
