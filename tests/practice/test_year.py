"""A small year of registers: four organs, twelve leaders; what the script planned is what the
worker found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dengwen.cases import replay
from dengwen.cases.models import Case
from dengwen.practice.year.played_year import FATES, PERS, once_each, play
from tests.world import prepare


def test_the_year_ends_as_planned(
    db: None, tmp_path: Path, settings: Any
) -> None:  # pytest-django's settings wrapper
    prepare(tmp_path, settings)
    played = play(4, 12, 2025, 7, every=15)
    assert played.agrees, f"\n{played.table()}\n{played.other}\n{played.holders.wrong}"
    assert {fate for _, fate in played.found} == set(FATES)
    assert {rule for rule, _ in played.found} == set(PERS)
    assert sum(played.found.values()) == 4 * (1 + 4 + 2 + 2) + 12 * (12 + 12 + 4 + 4)
    assert played.holders.changed > 0
    assert played.holders.corrected > 0
    assert played.leaves > 0
    assert once_each()
    assert list(replay.check()) == []
    longest = max(Case.objects.filter(kind="register").values_list("seq", flat=True))
    assert longest <= replay.MANY_ACTS
