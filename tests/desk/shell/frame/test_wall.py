"""What is hidden is missing: the accused side reads the same bytes with and without the hidden
case."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dengwen.access.models import ReadLog
from dengwen.cases.case_numbers import make_number
from dengwen.cases.models import Case
from dengwen.law.duties.step import PartyEntry
from tests.desk.conftest import Day, Sit
from tests.world import World

pytestmark = pytest.mark.wall
CSRF = re.compile(rb'(csrfmiddlewaretoken" value|X-CSRFToken)[^>]{1,90}')
UID = re.compile(rb"desk/\d+/[0-9a-f]{32}")


def bytes_of(
    client: Client, address: str, data: dict[str, str] | None = None
) -> tuple[int, bytes, int]:
    """What somebody gets to see of an answer, without the tokens that differ in every answer,
    and its queries."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address) if data is None else client.post(address, data)
    return answer.status_code, UID.sub(b"", CSRF.sub(b"", answer.content)), len(queries)


def hidden(world: World) -> str:
    """An accusation of the housing bureau's head, sent to the discipline organ, with words that
    occur elsewhere."""
    parties = [PartyEntry(role="accused_unit", organ=world.organ("YJ02"))]
    number = world.act(
        "sealed",
        "register",
        kind="petition",
        on="2025-03-03",
        channel="letter",
        office="petition_office",
        received_on=date(2025, 3, 3),
        step={"parties": parties},
        texts={
            "subject": "示例小区屋面渗水",
            "content": "三号楼屋面渗水多年，局长收受好处。",
            "petitioner": "王示例",
            "phone": "13800000000",
        },
    ).case
    assert Case.objects.get(number=number).protected
    return number


PROBES: tuple[tuple[str, dict[str, str] | None], ...] = (
    ("/desk/", None),
    ("/desk/?who=all", None),
    ("/desk/petitions/find/?q=屋面渗水", None),
    ("/desk/petitions/find/?q=局长", None),
    ("/desk/petitions/find/", {"name": "王示例", "phone": "13800000000"}),
    (
        "/desk/petitions/register/",
        {"channel": "letter", "content": "三号楼屋面渗水多年，请求修复。", "alike": "1"},
    ),
    ("/desk/registry/organ/YJ02/", None),
)


def people(world: World) -> list[str]:
    return ["handler", "checker", "head", "reviewer", "clerk", "router", "supervisor"]


def test_the_accused_side_and_the_uncleared_see_the_same_bytes(world: World, day: Day, sit: Sit):
    world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    seats = {name: sit(name) for name in people(world)}
    for client in seats.values():
        for address, data in PROBES:
            bytes_of(client, address, data)  # what a first look installs is installed
    start = ReadLog.objects.count()
    before = {(n, a): bytes_of(c, a, d) for n, c in seats.items() for a, d in PROBES}
    middle = ReadLog.objects.count()
    number = hidden(world)
    after = {(n, a): bytes_of(c, a, d) for n, c in seats.items() for a, d in PROBES}
    assert {k for k in before if before[k] != after[k]} == set()
    assert ReadLog.objects.count() - middle == middle - start
    for client in seats.values():
        assert (
            client.get(f"/desk/petitions/find/?q={number}").status_code == 200
        )  # not a redirect to the case


def test_hidden_and_missing_are_the_same_404(world: World, day: Day, sit: Sit):
    number = hidden(world)
    free = make_number("YJ01", 2025, "000000000")
    for name in people(world):
        client = sit(name)
        for tail in (
            "",
            "classify/",
            "draft/",
            "note/",
            "proof/1/",
            "documents/1/",
            f"files/{'a' * 64}/",
        ):
            one = bytes_of(client, f"/desk/case/{number}/{tail}")
            other = bytes_of(client, f"/desk/case/{free}/{tail}")
            assert one[0] == other[0] == 404
            assert one[1].replace(number.encode(), b"N") == other[1].replace(free.encode(), b"N")
            assert one[2] == other[2]
        one = bytes_of(client, f"/desk/case/{number}/identity/open/", {"purpose": "handle"})
        other = bytes_of(client, f"/desk/case/{free}/identity/open/", {"purpose": "handle"})
        assert one[0] == other[0] == 404
        assert one[2] == other[2]
    assert not ReadLog.objects.filter(case_number=number).exists()


def test_a_number_typed_into_another_case_finds_nothing_hidden(world: World, day: Day, sit: Sit):
    number = hidden(world)
    mine = world.to_accepted("2025-03-03")
    free = make_number("YJ01", 2025, "000000000")
    client = sit("handler")
    said = [
        bytes_of(client, f"/desk/case/{mine}/link/", {"other": n, "how": "concerns"})[1].replace(
            n.encode(), b"N"
        )
        for n in (number, free)
    ]
    assert said[0] == said[1]
    assert "没有这个编号的办理件" in said[0].decode()


def test_those_cleared_see_it_and_their_reading_is_logged_as_protected(
    world: World, day: Day, sit: Sit
):
    number = hidden(world)
    client = sit("sealed")
    assert number in client.get("/desk/").content.decode()
    page = client.get(f"/desk/case/{number}/")
    assert "局长收受好处" in page.content.decode()
    assert set(ReadLog.objects.filter(case_number=number).values_list("data_class", flat=True)) == {
        "D4"
    }


def test_the_accused_side_is_never_offered_as_an_organ_to_go_to(world: World, day: Day, sit: Sit):
    number = hidden(world)
    page = sit("sealed").get(f"/desk/case/{number}/correct/").content.decode()
    assert "云江区住房建设局" not in page
    client = sit("sealed")
    for act in ("forward_accusation", "refer_dispute"):
        text = client.get(f"/desk/case/{number}/{act}/").content.decode()
        assert f'value="{world.organ("YJ02")}"' not in text
        assert f'value="{world.organ("YJ09")}"' in text


def test_nobody_gets_in_without_signing_in(world: World, day: Day, db: None):
    client = Client()
    number = world.to_accepted("2025-03-03")
    for address in (
        "/desk/",
        f"/desk/case/{number}/",
        "/desk/case/nothing/",
        "/desk/petitions/find/?q=x",
        "/desk/oversight/breaches/",
    ):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/desk/sign-in/")


def test_those_without_working_roles_see_no_case(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    for name in ("admin", "security", "auditor"):
        client = sit(name)
        assert client.get(f"/desk/case/{number}/").status_code == 404
        assert number not in client.get("/desk/").content.decode()
