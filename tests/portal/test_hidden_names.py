"""A name that only the registering office may know: kept from every other desk, by click and by
search."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.desk.shell.frame import clock as desk_clock
from tests.portal.petitioner import CLAIM, Petitioner
from tests.world import World, at

BACKEND = "dengwen.access.login.sign_in.PasswordBackend"


@pytest.fixture
def at_desk(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock of the desk, held on 2025-03-05."""
    now = at("2025-03-05")
    monkeypatch.setattr(desk_clock, "now", lambda: now)
    return now


def desk(world: World, username: str) -> Client:
    """Sit somebody down at the desk."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(world.office.users[username], backend=BACKEND)
    return client


def received(world: World, number: str) -> None:
    """Hand the matter to the housing bureau."""
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")


@pytest.mark.wall
@pytest.mark.parametrize(("identity", "seen"), [("hidden", False), ("open", True)])
def test_the_handling_organ_opens_only_an_open_name(
    petitioner: Petitioner, world: World, at_desk: datetime, identity: str, seen: bool
) -> None:
    number, _ = petitioner.submit(identity=identity, name="赵示例甲", phone="13811112222")
    received(world, number)
    page = desk(world, "handler").post(f"/desk/case/{number}/identity/open/", {"purpose": "handle"})
    assert page.status_code == 200
    assert ("赵示例甲" in page.content.decode()) is seen
    row = ReadLog.objects.filter(case_number=number, data_class="D2").order_by("id").last()
    assert row is not None
    assert (row.result == "granted") is seen


@pytest.mark.wall
@pytest.mark.parametrize(("identity", "found"), [("hidden", False), ("open", True)])
def test_the_handling_organ_finds_only_an_open_name(
    petitioner: Petitioner, world: World, at_desk: datetime, identity: str, found: bool
) -> None:
    number, _ = petitioner.submit(identity=identity, name="赵示例甲", phone="13811112222")
    received(world, number)
    page = desk(world, "handler").post(
        "/desk/petitions/find/", {"name": "赵示例甲", "phone": "13811112222"}
    )
    assert (number in page.content.decode()) is found


def test_the_registering_office_may_know(
    petitioner: Petitioner, world: World, at_desk: datetime
) -> None:
    number, _ = petitioner.submit(identity="hidden", name="赵示例甲")
    page = desk(world, "clerk").post(f"/desk/case/{number}/identity/open/", {"purpose": "register"})
    assert "赵" in page.content.decode()
