"""Nothing is registered by accident: Enter reads back, an empty matter is asked about once, and
the reason stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page

from dengwen.cases.models import Act, Document
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import open_body
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.step import Step
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.petitions.models import Petition
from tests.desk.conftest import BACKEND, Day, Sit
from tests.world import World, at, prepare

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BLANK = {
    "go": "register",
    "channel": "letter",
    "petitioner": "王示例",
    "address": "示例路1号",
    "phone": "13800000000",
}
ADDRESS = "/desk/petitions/register/"


def registered() -> dict[str, Any]:
    """Return the fields of the only registration."""
    act: Act = Act.objects.get(act="register")
    return dict(act.data)


def test_an_empty_matter_is_asked_about_once_and_the_reason_is_recorded(
    world: World, day: Day, sit: Sit
):
    client = sit("clerk")
    asked = client.post(ADDRESS, BLANK)
    assert asked.status_code == 422
    text = asked.content.decode()
    assert "这件还没有内容" in text
    assert "信封里没有信" in text
    assert "本地" in text
    assert 'value="王示例"' in text  # nothing typed is lost
    assert not Petition.objects.exists()
    done = client.post(ADDRESS, BLANK | {"uid": asked.context["uid"], "no_content": "empty"})
    assert done.status_code == 200
    assert "number" in done.context
    assert registered()["no_content"] == "empty"
    again = client.post(ADDRESS, BLANK | {"uid": asked.context["uid"], "no_content": "empty"})
    assert again.context["number"] == done.context["number"]
    assert Petition.objects.count() == 1


def test_a_reason_that_is_none_is_refused(world: World, day: Day, sit: Sit):
    assert sit("clerk").post(ADDRESS, BLANK | {"no_content": "nonsense"}).status_code == 422
    assert not Petition.objects.exists()


@pytest.mark.parametrize("given", ["content", "subject", "requests", "history", "papers"])
def test_any_word_request_or_file_is_content(world: World, day: Day, sit: Sit, given: str):
    words: Any = SimpleUploadedFile("信.pdf", PDF) if given == "papers" else "屋面渗水"
    page = sit("clerk").post(ADDRESS, BLANK | {given: words})
    assert "number" in page.context
    assert registered().get("no_content", "") == ("requests" if given == "requests" else "")


def test_spaces_are_no_content_and_content_needs_no_reason(world: World, day: Day, sit: Sit):
    assert (
        "number"
        not in sit("clerk").post(ADDRESS, BLANK | {"content": " \n ", "requests": "\n"}).context
    )
    sit("clerk").post(ADDRESS, BLANK | {"content": "屋面渗水", "no_content": "left"})
    assert "no_content" not in registered()


UNSEEN = [
    "\u00a0",
    "\u3000",
    "\u200b",
    "\ufeff\u2060",
    "\u200e",
    "\u3164",
    "\u2800",
    "\u00ad",
    "\u0007",
]


@pytest.mark.parametrize("blank", UNSEEN)
def test_what_no_eye_sees_is_no_content(world: World, day: Day, sit: Sit, blank: str):
    client = sit("clerk")
    for name in ("content", "subject", "requests", "history"):
        asked = client.post(ADDRESS, BLANK | {name: blank})
        assert asked.status_code == 422, name
        assert "这件还没有内容" in asked.content.decode()
    group = client.post(
        "/desk/petitions/groups/", {"persons": "40", "subject": blank, "go": "register"}
    )
    assert group.status_code == 422
    fields: dict[str, Any] = {"channel": "letter", "office": "petition_office"}
    step = Step(act="register", kind="petition", fields=fields, texts={"content": blank})
    with pytest.raises(Refused) as refused:
        perform(step, by=world.by("clerk"), now=at("2025-03-03"), uid="t/unseen")
    assert refused.value.reasons[0].code == "nothing-given"
    assert not Petition.objects.exists()


def test_the_reason_of_the_system_is_none_where_there_are_no_requests(
    world: World, day: Day, sit: Sit
):
    asked = sit("clerk").post(ADDRESS, BLANK | {"no_content": "requests"})
    assert asked.status_code == 422
    assert "这件还没有内容" in asked.content.decode()
    empty = handed_in(channel="letter", content="", no_content="requests")
    with pytest.raises(Refused):
        register(empty, by=world.by("clerk"), now=at("2025-03-03"), uid="t/none")
    assert not Petition.objects.exists()


def test_the_reason_stands_on_the_registration_record_and_the_page_of_the_case(
    world: World, day: Day, sit: Sit
):
    number = sit("clerk").post(ADDRESS, BLANK | {"no_content": "empty"}).context["number"]
    record = open_body(Document.objects.get(case__number=number, rule="registration_record"))
    assert "没有内容的原因" in record
    assert "信封里没有信" in record
    page = sit("router").get(f"/desk/case/{number}/").content.decode()
    assert "信封里没有信" in page


@pytest.mark.parametrize("go", [{}, {"go": "look"}, {"go": ""}])
def test_only_the_button_that_says_so_registers(
    world: World, day: Day, sit: Sit, go: dict[str, str]
):
    form = {k: v for k, v in BLANK.items() if k != "go"} | {"content": "屋面渗水"} | go
    page = sit("clerk").post(ADDRESS, form)
    assert page.status_code == 200
    assert "还没有登记" in page.content.decode()
    assert "屋面渗水" in page.content.decode()
    group = {"persons": "40", "subject": "屋面渗水"} | go
    assert "还没有登记" in sit("clerk").post("/desk/petitions/groups/", group).content.decode()
    assert not Petition.objects.exists()


@pytest.mark.parametrize("texts", [{}, {"content": "  "}, {"petitioner": "王示例"}])
def test_the_write_door_refuses_it_with_words(world: World, texts: dict[str, str]):
    fields: dict[str, Any] = {"channel": "letter", "office": "petition_office"}
    step = Step(act="register", kind="petition", fields=fields, texts=texts)
    with pytest.raises(Refused) as refused:
        perform(step, by=world.by("clerk"), now=at("2025-03-03"), uid="t/empty")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("nothing-given", "no_content")
    assert "没有任何内容" in reason.zh
    assert "本地" in reason.remedy_zh
    with pytest.raises(Refused):
        register(
            handed_in(channel="letter", content=""),
            by=world.by("clerk"),
            now=at("2025-03-03"),
            uid="t/intake",
        )
    why = Step(act="register", kind="petition", fields=fields | {"no_content": "left"}, texts=texts)
    perform(why, by=world.by("clerk"), now=at("2025-03-03"), uid="t/said")
    assert registered()["no_content"] == "left"


# --- Enter, in a browser without scripts ----------------------------------------------------------
@pytest.fixture
def window(
    transactional_db: None,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    live_server: Any,
) -> Iterator[Page]:
    """A browser without scripts at the window, on 2025-03-03."""
    # The browser's driver runs a loop in this thread, which Django takes for asynchronous code.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    prepare(tmp_path, settings)
    world = World()
    monkeypatch.setattr(clock, "now", lambda: at("2025-03-03"))
    client = Client()
    client.force_login(world.office.users["clerk"], backend=BACKEND)
    context = browser.new_context(
        locale="zh-CN", java_script_enabled=False, base_url=live_server.url
    )
    cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": configured.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    yield context.new_page()
    context.close()


FIELDS = ":is(input:not([type=hidden]):not([type=file]):not([type=radio]):not([type=checkbox]))"


@pytest.mark.parametrize(
    ("path", "filled"),
    [
        (ADDRESS, {"petitioner": "王示例", "subject": "屋面渗水", "content": "三号楼屋面渗水"}),
        ("/desk/petitions/groups/", {"persons": "40", "subject": "屋面渗水"}),
    ],
)
def test_enter_in_any_field_registers_nothing(window: Page, path: str, filled: dict[str, str]):
    window.goto(path)
    names = window.locator(f"form:has([name=uid]) {FIELDS}").evaluate_all(
        "all => all.map(one => one.name)"
    )
    assert len(names) >= 2
    for name in names:
        window.goto(path)
        for field, words in filled.items():
            window.fill(f"form:has([name=uid]) [name={field}]", words)
        window.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        with window.expect_navigation():
            window.locator(f"form:has([name=uid]) {FIELDS}[name={name}]").first.press("Enter")
        assert window.locator("#unsent").count() == 1, name
        assert window.input_value("form:has([name=uid]) [name=subject]") == "屋面渗水", name
    assert not Petition.objects.exists()
    with window.expect_navigation():
        window.locator("button.main").click()
    assert Petition.objects.count() == 1
