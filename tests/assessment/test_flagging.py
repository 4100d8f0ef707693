"""Flags are computed with the same days of earlier years, frozen with them, and recomputed
elsewhere."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from dengwen.assessment.frozen import frozen_tables, manifest
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.assessment.frozen.recomputation import verify
from dengwen.law.indicators.indicator import Period
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.kept import once
from tests.world import World, at

PATH: dict[str, Any] = {"class": "claim", "path": "31(1)"}
MATTERS = 24


@once
def year(world: World, of: int, turned_away: int) -> None:
    """Register matters in March of a year and send so many of them elsewhere, all else alike."""
    for number in range(MATTERS):
        case = world.register(f"{of}-03-{number % 9 + 3:02d}", channel="visit")
        if number < turned_away:
            world.act("clerk", "classify", case, on=f"{of}-03-{number % 9 + 4:02d}", **PATH)
            world.act(
                "router",
                "guide_visitor",
                case,
                on=f"{of}-03-{number % 9 + 4:02d}",
                organ=world.organ("YJF"),
            )


def tried(body: str, folder: Path) -> Frozen:
    """Freeze the first half of 2025 at the newest position."""
    sequencer.tick(now=at("2025-07-01"))
    return freeze(Run(body, quarter.FIRST, quarter.LAST, newest_position()), folder)


def of(frozen: Frozen, watch: str) -> list[dict[str, object]]:
    return [f for f in frozen.manifest["flags"] if f["watch"] == watch]


def test_what_was_always_done_like_this_is_no_flag(world: World, body: str, tmp_path: Path) -> None:
    year(world, 2024, 12)
    year(world, 2025, 12)
    frozen = tried(body, tmp_path / "frozen")
    assert of(frozen, "redirected_share") == []
    assert sum(r[2] for r in frozen.manifest["past_watches"] if r[1] == "redirected_share") == 12


def test_a_rate_that_jumped_is_a_flag_with_its_integers(
    world: World, body: str, tmp_path: Path
) -> None:
    year(world, 2024, 1)
    year(world, 2025, 20)
    frozen = tried(body, tmp_path / "frozen")
    [flag] = of(frozen, "redirected_share")
    assert (flag["organ"], flag["trick"]) == (world.organ("YJ01"), "redirecting")
    assert (flag["numerator"], flag["past_numerator"], flag["past_denominator"]) == (20, 1, MATTERS)
    assert frozen.manifest["past"]["periods"][0] == ["2024-01-01", "2024-06-30"]


def test_a_flag_struck_out_or_a_past_rewritten_is_named_elsewhere(
    world: World, body: str, tmp_path: Path
) -> None:
    year(world, 2024, 1)
    year(world, 2025, 20)
    frozen = tried(body, tmp_path / "frozen")
    copy = Path(shutil.copytree(frozen.folder, tmp_path / "copy"))
    for engine in ("duckdb", "sqlite"):
        assert verify(copy / manifest.NAME, engine=engine).differences == ()
    said = json.loads((copy / manifest.NAME).read_bytes())
    (copy / manifest.NAME).write_bytes(manifest.text_of(said | {"flags": []}) + b"\n")
    found = {(d.what, d.where) for d in verify(copy / manifest.NAME).differences}
    assert found == {
        ("integers", f"flags {world.organ('YJ01')} redirected_share"),
        ("sealed", f"flags {world.organ('YJ01')}"),
    }
    past = [
        frozen_tables.Fact(**r)
        for r in frozen_tables.read(copy / frozen_tables.PAST, frozen_tables.PAST)
    ]
    frozen_tables.write(
        copy / frozen_tables.PAST, frozen_tables.PAST, [f for f in past if f.kind != "redirect"]
    )
    (copy / manifest.NAME).write_bytes(manifest.text_of(said) + b"\n")
    assert {d.what for d in verify(copy / manifest.NAME).differences} == {
        "facts",
        "past facts",
        "integers",
    }


def test_the_days_of_earlier_years_are_the_same_days(body: str) -> None:
    scheme = manifest.scheme_of(body)
    leap = Period(date(2024, 2, 29), date(2024, 12, 31))
    assert [(p.first.isoformat(), p.last.isoformat()) for p in scheme.past(leap)] == [
        ("2023-02-28", "2023-12-31"),
        ("2022-02-28", "2022-12-31"),
        ("2021-02-28", "2021-12-31"),
    ]
