"""The printed pack: numbered, signed for, late when it is out too long."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from dengwen.cases.models import Duty
from tests.desk.oversight.inspections.sample_inspection import drawn, sit, text
from tests.world import World


def test_packs_are_numbered_and_one_that_is_out_too_long_is_late(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    for day in ("2025-06-12", "2025-06-30"):
        assert inspector.post(f"{path}pack/", {"return_by": day}).status_code == 302
    assert f"{number} / 2" in text(inspector, f"{path}pack/2/")
    assert "逾期未交还" not in text(inspector, path)
    now("2025-06-13")
    page = text(inspector, path)
    assert page.count("逾期未交还") == 1
    link = re.findall(r'href="([^"]+return_pack/\?copy=1)"', page)[0]
    assert 'value="1"' in text(inspector, link)
    assert (
        inspector.post(link, {"copy": "1", "complete": "true", "carried": ["copy"]}).status_code
        == 302
    )
    duties = list(Duty.objects.filter(case__number=number, rule="return_pack").order_by("id"))
    assert [(d.closed_by_id is None, d.due) for d in duties] == [
        (False, date(2025, 6, 12)),
        (True, date(2025, 6, 30)),
    ]
    page = text(inspector, path)
    assert ("逾期交还" in page, "逾期未交还" in page) == (True, False)
    assert "return_pack/?copy=1" not in page
