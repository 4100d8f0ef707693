"""Look-alikes while a letter is typed: the list alone, of what this seat may see; nothing is kept
and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import ReadLog, User
from dengwen.cases.models import Act, Case
from tests.desk.conftest import BACKEND, Day, Sit
from tests.desk.petitions.test_register import LETTER
from tests.world import World

PATH = "/desk/petitions/register/alike/"
REGISTER = "/desk/petitions/register/"
TYPED = {name: LETTER[name] for name in ("subject", "content", "petitioner", "phone")}


@pytest.fixture
def known(world: World, day: Day, sit: Sit) -> str:
    """A letter that was registered before."""
    sit("clerk").post(REGISTER, LETTER)
    return Case.objects.get(kind="petition").number


def typed(client: Client, **more: Any) -> str:
    """What stands beside the form after something was typed."""
    answer = client.post(PATH, {**TYPED, **more}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_alone_says_what_the_whole_page_says(known: str, sit: Sit):
    acts, reads = Act.objects.count(), ReadLog.objects.count()
    found = typed(sit("clerk"))
    assert known in found
    assert "<html" not in found
    whole = sit("clerk").post(REGISTER, LETTER | {"alike": "1"}).content.decode()
    assert found.strip() in whole
    assert (Act.objects.count(), ReadLog.objects.count()) == (acts, reads)
    assert "No similar" not in typed(sit("clerk", "en"))


def test_what_is_like_nothing_is_said_and_a_few_words_are_not_compared(known: str, sit: Sit):
    other = "申请在公园增设路灯，晚上很暗，老人散步不便，请研究。"
    assert "没有找到" in typed(sit("clerk"), subject="", content=other, petitioner="", phone="")
    assert typed(sit("clerk"), subject="屋面", content="渗水").strip() == ""
    assert typed(sit("clerk"), subject="", content="").strip() == ""


@pytest.mark.wall
def test_what_is_hidden_is_not_found(known: str, sit: Sit):
    Case.objects.filter(number=known).update(protected=True)
    assert "没有找到" in typed(sit("clerk"))


@pytest.mark.parametrize("said", [{"accusation": "true"}, {"class": "accusation"}])
def test_an_accusation_is_compared_with_nothing(known: str, sit: Sit, said: dict[str, str]):
    assert typed(sit("clerk"), **said).strip() == ""


@pytest.mark.parametrize("who", ["handler", "head", "supervisor", "admin"])
def test_who_registers_nothing_asks_for_nothing(known: str, sit: Sit, who: str):
    expected = 200 if sit(who).get(REGISTER).status_code == 200 else 404
    answer = sit(who).post(PATH, TYPED)
    assert answer.status_code == expected
    assert known not in answer.content.decode() or who != "head"


@pytest.mark.parametrize(
    "hostile",
    [
        {"content": "\x00" * 40},
        {"content": "屋面渗水" * 50_000},
        {"content": ["屋面渗水多年，请求修复屋面。", "屋面渗水多年，请求赔偿损失。"]},
        {"place": "没有这样的地方"},
        {"phone": "9" * 500},
        {"accusation": "也许"},
    ],
)
def test_hostile_texts_are_answered(known: str, sit: Sit, hostile: dict[str, Any]):
    typed(sit("clerk"), **hostile)
    assert Case.objects.filter(kind="petition").count() == 1


def test_it_is_only_asked_by_a_form_and_a_session_that_ended_loses_nothing(known: str, sit: Sit):
    assert sit("clerk").get(PATH).status_code == 405
    away = Client().post(PATH, TYPED, headers={"hx-request": "true"})
    assert (away.status_code, away.content) == (204, b"")
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(User.objects.get(username="clerk"), backend=BACKEND)
    assert guarded.post(PATH, TYPED).status_code == 403


def test_the_page_asks_once_nobody_types_on_and_works_without_script(
    world: World, day: Day, sit: Sit
):
    page = " ".join(sit("clerk").get(REGISTER).content.decode().split())
    assert f'hx-post="{PATH}"' in page
    assert "input delay:800ms from:#f-content" in page
    assert 'name="alike" value="1" formnovalidate' in page
    assert 'aria-live="polite"' in page
    assert "papers" not in page.split('hx-include="')[1].split('"')[0]
