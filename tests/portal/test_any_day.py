"""The portal on the days at an edge of the calendar: a matter comes in a minute before midnight,
and is followed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from tests import days
from tests.portal.petitioner import Petitioner
from tests.world import World

pytestmark = pytest.mark.any_day
SORT = 15


@pytest.mark.parametrize("edge", days.SENSITIVE)
@pytest.mark.parametrize("hour", [0, 23])
def test_a_matter_is_received_on_its_day_and_followed(
    edge: str, hour: int, petitioner: Petitioner, world: World, today: Any
) -> None:
    day = date.fromisoformat(edge)
    today(edge, hour)
    number, code = petitioner.submit()
    assert number.split("-")[1] == edge[:4]
    assert civil(Act.objects.get(case__number=number, act="register").occurred_at) == day
    duty = world.duty(number, "sort")
    assert duty.raw == day + timedelta(days=SORT)
    assert (duty.due is None) == (duty.raw.year > 2026)
    today((day + timedelta(days=1)).isoformat())
    assert number in petitioner.follow(number, code)
