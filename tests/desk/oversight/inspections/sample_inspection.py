"""An inspection of the invented district, planned or up to its drawn sample."""

from __future__ import annotations

from hashlib import sha256

from django.test import Client

from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.ledger.sequencer import tick
from tests.world import World, at

SECRET = bytes(range(32))
START = "2025-06-03"


def sit(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who))
    return client


def planned(world: World, cases: int = 4) -> str:
    for n in range(cases):
        world.to_accepted(f"2025-03-{3 + n:02}")
    form = {
        "to": world.organ("YJ02"),
        "depositor": world.organ("YJ04"),
        "type": "special",
        "subject": "信访工作",
        "until": "2025-07-01",
        "begins": START,
    }
    answer = sit("supervisor").post("/desk/oversight/inspections/new/", form)
    number = Case.objects.filter(kind="inspection").latest("pk").number
    assert answer["Location"] == f"/desk/oversight/inspections/{number}/"
    world.act("handler3", "deposit", number, on=START, secret_digest=sha256(SECRET).hexdigest())
    return number


PLAN = {
    "scope": "上半年",
    "first": "2025-01-01",
    "last": "2025-06-03",
    "size": "2",
    "open_by": "2025-06-10",
    "checklist": "第二十三条｜是否告知\n第三十四条｜是否按期",
}


def drawn(world: World) -> str:
    number = planned(world)
    assert (
        sit("supervisor").post(f"/desk/oversight/inspections/{number}/plan/", PLAN).status_code
        == 302
    )
    tick(now=at(START, 12))
    world.act("handler3", "open_secret", number, on="2025-06-04", secret=SECRET.hex())
    assert sit("supervisor").post(f"/desk/oversight/inspections/{number}/draw/").status_code == 302
    return number


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()
