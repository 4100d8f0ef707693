"""The invented district says where its online petitions arrive and what it set itself, as local
settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dengwen.editions.as_of import setting
from dengwen.editions.models import LocalSetting
from dengwen.petitions.intake.online_submission import receiving_office
from dengwen.portal.reach import reach_of
from dengwen.practice.district.settings import OFFICE, TARGETS, set_targets
from dengwen.practice.year.registers_office import INTERVALS
from tests.world import FOUNDED, World, at, prepare


@pytest.mark.django_db(transaction=True)
def test_the_district_names_its_office_and_its_targets_once(tmp_path: Path, settings: Any) -> None:
    prepare(tmp_path, settings)
    world = World()
    day = at("2026-05-06").date()
    office = receiving_office(day)
    assert office is not None
    assert not reach_of(office, day).known()

    assert set_targets(FOUNDED) == 4 + len(TARGETS) + len(INTERVALS)
    assert set_targets(FOUNDED) == 0

    office = receiving_office(day)
    assert office is not None
    assert office.pk == world.organ(OFFICE)
    reach = reach_of(office, day)
    assert reach.address
    assert reach.phone
    assert reach.hours
    row = setting("service.days", world.organ("YJ02"), day)
    assert row is not None
    assert row.value == str(TARGETS["service.days"])
    assert LocalSetting.objects.filter(key="service.days").count() == 1
