"""One rule for who was away: a recusal is no leave, and a leave from one organ is none from
another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from dengwen.cases.duties.leave_records import absences
from dengwen.organs.models import Organ
from tests.world import World

ON = date(2025, 5, 6)


@pytest.mark.parametrize(
    ("reason", "where", "asked", "away"),
    [
        ("leave", "", "YJ02", True),
        ("leave", "YJ02", "YJ02", True),
        ("leave", "YJ03", "YJ02", False),
        ("recusal", "", "YJ02", False),
        ("recusal", "YJ02", "YJ02", False),
    ],
)
def test_who_is_recused_is_not_away(
    world: World, reason: str, where: str, asked: str, away: bool
) -> None:
    registry = Organ.objects.get(code="YJ02").registry_case
    fields: dict[str, Any] = {
        "official": "YJ02-L",
        "substitute": "YJ02-W",
        "reason": reason,
        "from": ON,
    }
    fields |= {"organ": where} if where else {}
    world.act("admin", "substitute", registry, on="2025-05-01", **fields)
    found = absences(Q()).get(world.official("YJ02-L"), [])
    assert any(one.holds_on(ON, world.organ(asked)) for one in found) is away
