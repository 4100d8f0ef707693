"""The load of the practice office on days whose year has no notice yet: what cannot lapse waits,
nothing is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Act, Duty
from dengwen.practice.district.office import open_office
from dengwen.practice.load.simulate import simulate
from tests.world import FOUNDED, at, prepare

pytestmark = pytest.mark.any_day


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2027-12-31", "2028-02-29"])
def test_a_right_whose_last_day_is_not_known_is_not_closed_as_lapsed(
    day: str, tmp_path: Path, settings: Any
) -> None:
    prepare(tmp_path / "office", settings)
    open_office(FOUNDED)
    done = simulate(petitions=4, months=24, seed=5, until=at(day))
    assert done.refused == []
    assert done.petitions == 4
    waiting = Duty.objects.filter(right=True, state="open", provisional=True).values_list(
        "case", flat=True
    )
    assert waiting.exists()
    assert not Act.objects.filter(act="close_lapsed", case__in=waiting).exists()
    assert list(replay.check()) == []
