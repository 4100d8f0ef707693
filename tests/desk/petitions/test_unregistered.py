"""An inspector writes on the form of a finding that a matter was found which nobody had
registered."""

from __future__ import annotations

import re

from dengwen.cases.models import Act
from tests.desk.conftest import Day, Sit
from tests.oversight.inspecting import examined
from tests.world import World


def test_a_finding_can_name_a_matter_that_was_not_registered(
    world: World, day: Day, sit: Sit
) -> None:
    number, _drawn = examined(world)
    world.act(
        "supervisor", "send_findings", number, on="2025-06-12", texts={"summary": "一件没有登记"}
    )
    day.set("2025-06-17")
    address = f"/desk/case/{number}/list_finding/"
    page = sit("supervisor").get(address).content.decode()
    assert "查出没有登记的来件" in page
    chosen = re.findall(r'<(?:select|input)[^>]*name="unregistered"', page)
    assert chosen
    assert "来访登记、门口记录" in page
    form = {
        "line": "1",
        "owner": str(world.organ("YJ02")),
        "until": "2025-07-01",
        "unregistered": "gate",
        "what": "来访没有登记",
    }
    done = sit("supervisor").post(address, form)
    assert done.status_code == 302
    [written] = Act.objects.filter(case__number=number, act="list_finding")
    assert written.data["unregistered"] == "gate"
    assert (
        "found a matter that was not registered"
        in sit("supervisor", "en").get(address).content.decode().lower()
    )
