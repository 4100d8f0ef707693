"""A database that is away: a page in words, what was written still in it, and no restart once it
is back."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.db import OperationalError
from django.test import Client

from dengwen.cases.models import Case
from tests.cli.conftest import REPOSITORY
from tests.cli.test_keeping_on_postgres import Server, started
from tests.portal.petitioner import Petitioner, forms_of
from tests.world import World


def gone(*_args: object, **_more: object) -> None:
    raise OperationalError("couldn't get a connection after 5.00 sec")


def test_what_a_petitioner_wrote_is_sent_by_one_press_once_the_database_is_back(
    petitioner: Petitioner, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    petitioner.fill()
    with monkeypatch.context() as patch:
        patch.setattr("dengwen.portal.submit.submit", gone)
        page = petitioner.press("send")
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "5", "no-store")
    form = next(one for one in forms_of(page) if "story" in one.fields)
    assert form.fields["name"] == "王示例"
    assert Case.objects.filter(kind="petition").count() == 0
    petitioner.page = petitioner.client.post(form.action, form.fields)
    assert petitioner.page.status_code == 200
    assert Case.objects.filter(kind="petition").count() == 1


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "请稍后再试"), ("en", "try again shortly")]
)
def test_the_page_speaks_both_languages_and_asks_no_database(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setattr("dengwen.portal.reception.show", gone)
    page = Client(headers={"accept-language": language}).get("/reception/")
    assert page.status_code == 503
    assert words in page.content.decode()


def test_a_password_is_never_given_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dengwen.desk.shell.frame.sign_in.sign_in", gone)
    page = Client().post("/desk/sign-in/", {"username": "clerk", "password": "secret-words-here"})
    assert page.status_code == 503
    assert "secret-words-here" not in page.content.decode()
    assert "clerk" not in page.content.decode()


def test_a_session_that_cannot_be_read_is_the_same_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionBase, "is_empty", gone)
    client = Client(raise_request_exception=False)
    client.cookies["session"] = "x"
    page = client.get("/desk/")
    assert page.status_code == 503
    assert page["Retry-After"] == "5"


def test_a_fault_that_is_none_of_the_database_stays_a_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise OperationalError("no such column: cases_case.colour")

    monkeypatch.setattr("dengwen.portal.reception.show", broken)
    assert Client(raise_request_exception=False).get("/reception/").status_code == 500


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of our own with an office in its first database."""
    for made in started(tmp_path):
        made.on("first")("init", "--origin", "xf.yunjiang.example/2026")
        yield made


@pytest.mark.postgres
def test_the_pages_come_back_by_themselves_when_the_database_does(server: Server) -> None:
    port = _free_port()
    office = server.on("first")
    pages = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            "1",
            "--blocking-threads",
            "2",
            "--log-level",
            "warning",
            "config.wsgi:application",
        ],
        env={**office.environment, "DENGWEN_DATA": str(office.folder)},
        cwd=REPOSITORY,
    )
    try:
        assert _ask(port, "GET", "/", until=200) == (200, "")
        with psycopg.connect(server.address, autocommit=True) as admin:
            admin.execute("ALTER DATABASE first ALLOW_CONNECTIONS false")
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'first'"
            )
            assert _ask(port, "GET", "/") == (503, "5")
            told = office("ledger", "check", code=1).err
            assert "DENGWEN_DATABASE_URL" in told
            assert "Traceback" not in told
            assert "postgresql://127.0.0.1" in told
            admin.execute("ALTER DATABASE first ALLOW_CONNECTIONS true")
        assert _ask(port, "GET", "/", until=200) == (200, "")
    finally:
        pages.terminate()
        pages.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ask(
    port: int, method: str, path: str, given: dict[str, str] | None = None, until: int = 0
) -> tuple[int, str]:
    """Ask for a page; with `until` again and again for a minute, until it answers that."""
    latest = time.monotonic() + 60
    while True:
        try:
            answer = _once(port, method, path, urlencode(given or {}))
            if not until or answer.status == until or time.monotonic() > latest:
                return answer.status, answer.headers.get("Retry-After", "")
        except ConnectionError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.1)  # the program is still starting: nothing tells when it listens


def _once(port: int, method: str, path: str, body: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            method, path, body, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()
