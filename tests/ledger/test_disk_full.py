"""What counts as a full disk, by whatever it is told, and the page that says so."""

from __future__ import annotations

import errno
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.test import RequestFactory

from config import unanswered
from dengwen.access.login.sessions import SessionStore
from dengwen.ledger import durability, full_disk
from dengwen.ledger.durability import disk_full, has_room


def raised(*errors: Exception) -> Exception:
    """Return the last of errors that were raised one while the other was being answered."""
    caught: Exception | None = None
    for error in errors:
        try:
            try:
                if caught is not None:
                    raise caught
            finally:
                raise error
        except Exception as last:  # noqa: BLE001  # whichever it is
            caught = last
    assert caught is not None
    return caught


FULL = OperationalError("database or disk is full")


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError(errno.EFBIG, "File too large"),
        FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"),
        psycopg.errors.DiskFull("could not extend file"),
        raised(OperationalError("database or disk is full"), UpdateError()),
        raised(
            OSError(errno.ENOSPC, "No space left on device"), OSError("close"), ValueError("later")
        ),
    ],
)
def test_a_full_disk_is_known_by_whatever_tells_it(error: Exception) -> None:
    assert disk_full(error)


def test_what_postgresql_says_is_known_behind_what_django_makes_of_it() -> None:
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file")
    assert disk_full(error)


@pytest.mark.parametrize("text", ["disk I/O error", "unable to open database file"])
def test_what_may_be_a_broken_disk_is_a_full_one_only_where_there_is_no_room(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not disk_full(OperationalError(text))
    monkeypatch.setattr(durability, "ROOM", 1 << 62)
    monkeypatch.setattr(has_room, "__defaults__", (1 << 62,))
    assert disk_full(OperationalError(text))


def test_other_errors_are_none() -> None:
    circle = ValueError("database is locked")
    circle.__context__ = RuntimeError("x")
    circle.__context__.__context__ = circle
    for error in (
        None,
        circle,
        OSError(errno.EACCES, "Permission denied"),
        OperationalError("database is locked"),
    ):
        assert not disk_full(error)
    apart = KeyError("raised from None")
    apart.__context__, apart.__suppress_context__ = FULL, True
    assert not disk_full(apart)


@pytest.mark.django_db
def test_a_session_that_cannot_be_saved_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    session = SessionStore()
    session["x"] = 1
    session.save()
    monkeypatch.setattr("django.contrib.sessions.models.Session.save", full)
    with pytest.raises(OperationalError):
        session.save()
    monkeypatch.undo()
    SessionStore(session.session_key).delete()
    with pytest.raises(UpdateError):  # somebody signed out meanwhile
        session.save()


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "磁盘写不下"), ("en", "The disk is full")]
)
@pytest.mark.parametrize("path", ["/submit/", "/desk/sign-out/"])
def test_the_page_needs_nothing_but_the_request(language: str, words: str, path: str) -> None:
    request = RequestFactory().post(path, {"story": "x"}, headers={"accept-language": language})
    answer = full_disk.no_room(request, FULL)  # no database in this test
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
        507,
        "30",
        "no-store",
    )
    text = answer.content.decode()
    assert words in text
    assert ("/desk/" in text.split("<main")[1]) is path.startswith("/desk/")


def test_any_other_fault_has_the_page_it_had() -> None:
    try:
        raise ValueError("x")
    except ValueError:
        answer = unanswered.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
