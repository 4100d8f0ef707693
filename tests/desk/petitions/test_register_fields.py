"""What the rules of 2022 add to a registration: purpose, situation, suggestion, and a sealed ID
number."""

from __future__ import annotations

import pytest

from dengwen.cases.models import Case, Content
from tests.desk.conftest import Day, Sit
from tests.desk.petitions.test_register import LETTER
from tests.world import World

MORE = {
    "purpose": "求决",
    "situation": "屋面渗水三年",
    "suggests": "统一检修",
    "id_number": "500000199001010000",
}


@pytest.mark.sentence("P2.3")
def test_a_registration_holds_purpose_situation_suggestion_and_a_sealed_id_number(
    world: World, day: Day, sit: Sit
):
    client = sit("clerk")
    key = client.get("/desk/petitions/register/").context["uid"]
    assert client.post("/desk/petitions/register/", LETTER | MORE | {"uid": key}).status_code == 200
    case = Case.objects.get(kind="petition")
    readable = b"".join(
        bytes(c.body) for c in Content.objects.filter(case=case, sealed=False)
    ).decode()
    assert all(MORE[name] in readable for name in ("purpose", "situation", "suggests"))
    assert MORE["id_number"] not in readable
    opened = client.post(f"/desk/case/{case.number}/identity/open/", {"purpose": "register"})
    text = opened.content.decode()
    assert MORE["id_number"] not in text
    assert "5**" in text
