"""Signing in, choosing an organ, and what the desk says when something is wrong."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from dengwen.access.login.hash_budget import Budget, Caller
from dengwen.access.models import RoleGrant
from dengwen.practice.district.plan import PASSWORD
from tests.desk.conftest import Day, Sit
from tests.world import World


@pytest.fixture
def known(world: World) -> None:
    """A password for the handler."""
    user = world.office.users["handler"]
    user.set_password(PASSWORD)
    user.save()


def test_the_way_in_and_out(known: None, world: World, day: Day):
    client = Client()
    number = world.to_accepted("2025-03-03")
    form = {"username": "handler", "password": PASSWORD, "next": f"/desk/case/{number}/"}
    answer = client.post("/desk/sign-in/", form)
    assert answer.status_code == 302
    assert answer["Location"] == f"/desk/case/{number}/"
    cookie = answer.cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    kept = [name for name, _value in client.session.items() if not name.startswith("_auth_user")]
    assert kept == []
    assert client.get(f"/desk/case/{number}/").status_code == 200
    refused = client.get("/desk/sign-out/")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert "只收表单" in refused.content.decode()
    english = client.get("/follow/paper/", headers={"accept-language": "en"}).content.decode()
    assert "This address only takes forms" in english
    client.post("/desk/sign-out/")
    assert client.get("/desk/").status_code == 302


def test_a_wrong_password_and_an_unknown_name_read_the_same(known: None, world: World, day: Day):
    pages = [
        Client().post("/desk/sign-in/", {"username": name, "password": "wrong"}).content.decode()
        for name in ("handler", "nobody")
    ]
    assert "账号或者密码不对" in pages[0]
    assert pages[0].replace("handler", "X")[-400:] == pages[1].replace("nobody", "X")[-400:]
    assert "wrong" not in pages[0]


def test_many_wrong_guesses_must_wait(world: World, day: Day):
    client = Client()
    for _ in range(12):
        page = client.post("/desk/sign-in/", {"username": "handler", "password": "wrong"})
    assert "试得太多" in page.content.decode()
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 60


def test_the_owner_signs_in_while_a_guesser_waits(known: None, world: World, day: Day):
    for n in range(200):
        page = Client(REMOTE_ADDR="192.0.2.7").post(
            "/desk/sign-in/", {"username": "handler", "password": f"guess {n}"}
        )
    assert page.status_code == 429
    for address in ("192.0.2.7", "198.51.100.9", "2001:db8::1"):
        answer = Client(REMOTE_ADDR=address).post(
            "/desk/sign-in/", {"username": "handler", "password": PASSWORD}
        )
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/desk/")


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "登录的人太多"), ("en", "Too many people are signing in")]
)
def test_a_sign_in_that_finds_no_place_is_told_when_to_come_again(
    known: None, world: World, day: Day, monkeypatch: pytest.MonkeyPatch, language: str, words: str
):
    full = Budget(1, 0)
    monkeypatch.setattr("dengwen.access.login.sign_in.budget", lambda: full)
    with full.place(Caller("somebody")):
        for name in ("handler", "nobody"):
            client = Client(headers={"accept-language": language})
            page = client.post("/desk/sign-in/", {"username": name, "password": PASSWORD})
            assert (page.status_code, page["Retry-After"]) == (503, "2")
            assert words in page.content.decode()


OUTSIDE = ("https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org")


@pytest.mark.parametrize("outside", OUTSIDE)
def test_signing_in_leads_nowhere_else(known: None, world: World, day: Day, outside: str):
    answer = Client().post(
        "/desk/sign-in/", {"username": "handler", "password": PASSWORD, "next": outside}
    )
    assert answer["Location"] == "/desk/"


def test_somebody_who_works_in_two_organs_chooses_one(world: World, day: Day, sit: Sit):
    mine = world.to_accepted("2025-03-03")
    user = world.office.users["handler2"]
    RoleGrant.objects.create(
        user=user, role="R6", organ_id=world.organ("YJ02"), valid_from="2025-01-01", act=1
    )
    client = sit("handler2")
    assert client.get("/desk/")["Location"] == "/desk/organ/"
    page = client.get("/desk/organ/").content.decode()
    assert "云江区住房建设局" in page
    assert "云江区城市管理局" in page
    client.post("/desk/organ/", {"organ": str(world.organ("YJ02"))})
    assert mine in client.get("/desk/").content.decode()
    client.post("/desk/organ/", {"organ": str(world.organ("YJ03"))})
    assert mine not in client.get("/desk/").content.decode()
    client.post("/desk/organ/", {"organ": str(world.organ("YJ01"))})  # not his: the choice stays
    assert mine not in client.get("/desk/").content.decode()


def test_a_locked_database_asks_to_try_again(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch
):
    number = world.to_accepted("2025-03-03")
    client = sit("handler")

    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("dengwen.desk.shell.act.act_page.do_or_propose", locked)
    answer = client.post(f"/desk/case/{number}/note/", {"text": "备注"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "没有写入" in answer.content.decode()


def test_a_form_without_its_token_is_the_only_403(world: World, day: Day):
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        world.office.users["handler"], backend="dengwen.access.login.sign_in.PasswordBackend"
    )
    number = world.to_accepted("2025-03-03")
    assert client.post(f"/desk/case/{number}/note/", {"text": "x"}).status_code == 403
    assert client.get(f"/desk/case/{number}/note/").status_code == 200


def test_no_page_carries_style_or_script_of_its_own(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    client = sit("handler")
    for address in (
        "/desk/",
        f"/desk/case/{number}/",
        f"/desk/case/{number}/draft/",
        "/desk/petitions/register/",
        "/desk/petitions/find/",
    ):
        text = client.get(address).content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert " onclick" not in text
