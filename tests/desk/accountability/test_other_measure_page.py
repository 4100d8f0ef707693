"""Another measure (等) at the desk: asked apart from the menu, put before a second head, shown
once it is decided; and the same from the command line."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import RoleGrant
from dengwen.accountability.measures.queries import measures_in, read_file
from dengwen.cases.models import Act, Case
from tests.accountability.measuring import SAID, official, opened_on_organ
from tests.desk.conftest import Day, Sit
from tests.world import World

NAME = "责令公开道歉"
WHY = "影响已经扩散到群众"
PAGE = "/desk/approvals/"
FORM: dict[str, Any] = {
    "gravity": "light",
    "facts": SAID["facts"],
    "responsibility": SAID["responsibility"],
    "reasons": SAID["reasons"],
    "other_measure": NAME,
    "other_takes_post": "no",
    "other_reasons": WHY,
}


@pytest.fixture
def second(world: World) -> str:
    """Another head of the Party committee, by the name of the account."""
    RoleGrant.objects.create(
        user=world.office.users["committee"],
        role="R7",
        organ_id=world.organ("YJW"),
        compartment="account",
        valid_from=date(2025, 1, 1),
        act=1,
    )
    return "committee"


def press(client: Client) -> Any:
    """Approve the proposal on the page of the second person."""
    page = client.get(PAGE).content.decode()
    given = {}
    for name in ("uid", "number", "seq", "seen"):
        found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
        assert found is not None, name
        given[name] = found.group(1)
    return client.post(PAGE, {**given, "answer": "approve", "why": ""})


def decided(number: str) -> list[tuple[str, str]]:
    return [(m.measure, m.said) for m in measures_in(read_file(Case.objects.get(number=number)))]


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_another_measure_is_asked_apart_and_waits_for_a_second_head(
    world: World, sit: Sit, day: Day, second: str
) -> None:
    number = opened_on_organ(world)
    day.set("2025-04-01")
    path = f"/desk/accountability/measures/{number}/"
    page = text(sit("decider"), f"{path}decide/")
    assert "条文“等”字所指" in page
    assert 'name="other_measure"' in page
    assert 'value="other_organ_measure"' not in page  # never a menu item
    assert 'name="other_takes_post"' in page
    wrong = sit("decider").post(f"{path}decide/", FORM | {"other_measure": "内部 通报 批评"})
    assert wrong.status_code == 422
    assert "通报批评" in wrong.content.decode()
    assert not Act.objects.filter(case__number=number, act="propose_step").exists()
    taking = sit("decider").post(f"{path}decide/", FORM | {"other_takes_post": "yes"})
    assert taking.status_code == 422
    assert "责令辞职或者免职" in taking.content.decode()
    bare = sit("decider").post(f"{path}decide/", FORM | {"other_reasons": ""})
    assert bare.status_code == 422
    answer = sit("decider").post(f"{path}decide/", FORM)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert decided(number) == []
    page = text(sit(second), PAGE)
    for said in (number, NAME, WHY, "由批准的人一并判断"):
        assert said in page
    assert NAME not in text(sit("head"), PAGE)  # the bureau concerned learns nothing of it
    assert NAME not in text(sit("decider"), PAGE).split("您提出的")[0]  # nor does one approve alone
    done = press(sit(second))
    assert done.status_code == 302, done.content.decode()[-3000:]
    assert decided(number) == [("other_organ_measure", NAME)]
    page = text(sit("decider"), path)
    assert NAME in page
    assert WHY in page
    assert NAME in text(sit("decider"), "/desk/accountability/measures/")


def test_a_forged_list_or_name_is_refused_at_the_page(
    world: World, sit: Sit, day: Day, second: str
) -> None:
    number = opened_on_organ(world)
    day.set("2025-04-01")
    path = f"/desk/accountability/measures/{number}/decide/"
    for change in (
        {"measures": ["other_treatment"], "other_measure": "", "other_reasons": ""},
        {"measures": ["other_organ_measure"], "other_measure": "", "other_reasons": ""},
        {"other_measure": "道" * 201},
        {"other_measure": "……"},
        {"measures": ["other_treatment"]},
    ):
        answer = sit("decider").post(path, FORM | change)
        assert answer.status_code == 422, change
    assert decided(number) == []
    assert not Act.objects.filter(case__number=number, act="propose_step").exists()
    assert official("YJW-F") != official("YJW-S")
