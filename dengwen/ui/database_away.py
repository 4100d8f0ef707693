"""A database that is away, or has no connection to spare, is answered in words: 503, when to try
again, nothing lost.

The page asks no database: neither who reads it nor in which session. What a form held goes along in
the page, so that
one press sends it again; a form sent twice is registered once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

SERVICE_UNAVAILABLE = 503
RETRY_SECONDS = "5"
AWAY = ("08", "57P", "53300", "55P03", "40P01", "40001")
"""How PostgreSQL's own codes begin: connection lost, server stopping or starting, too many
connections, and what
a second try cures: a lock waited for in vain, two writers in each other's way."""
SAID = (
    "couldn't get a connection",
    "connection failed",
    "connection is closed",
    "connection already closed",
    "connection is bad",
    "connection refused",
    "server closed the connection",
    "terminating connection",
    "connection timeout",
    "the connection is lost",
    "consuming input failed",
    "sending query failed",
    "failed to enter pipeline mode",
    "requests waiting",
    "database is locked",
    "unable to open database file",
)
"""What drivers and pool say where there is no such word: also SQLite, when others write longer
than it waits."""
HIDDEN = re.compile("password", re.IGNORECASE)
"""A form with a field of such a name is not kept in a page."""


def away(error: BaseException | None) -> bool:
    """Say whether an error means that the database cannot be reached now, or lends no
    connection."""
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if isinstance(state, str) and state.startswith(AWAY):
            return True
        unsaid = isinstance(error, OperationalError | InterfaceError)
        if unsaid and any(word in str(error).lower() for word in SAID):
            return True
        error = error.__cause__ or error.__context__
    return False


class SpokenAbsence:
    """Answer what a page raises because the database is away; everything else goes on as it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer as it is."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of 503 where the database is away."""
        return (
            answer(request, exception) if isinstance(exception, Error) and away(exception) else None
        )


def answer(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """Return the page that says so, with what was written and the way to send it again."""
    logger.warning("503 %s: %s", request.path, type(error).__name__ if error else "closed")
    desk = request.path.startswith("/desk/")
    kept = list(_kept(request))
    context = {
        "desk": desk,
        "action": request.get_full_path(),
        "kept": kept,
        "files": _had_files(request),
        "practice": settings.PRACTICE,
    }
    page = HttpResponse(render_to_string("503.html", context), status=SERVICE_UNAVAILABLE)
    page["Retry-After"] = RETRY_SECONDS
    page["Cache-Control"] = "no-store"
    return page


def _kept(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield what a form held, unless it held a password or a code."""
    if request.method != "POST":
        return
    try:
        given = request.POST
    except Exception:  # noqa: BLE001  # a form that cannot be read any more holds nothing to give back
        return
    if any(HIDDEN.search(name) for name in given):
        return
    for name, values in given.lists():
        for value in values:
            yield name, str(value)


def _had_files(request: HttpRequest) -> bool:
    return request.method == "POST" and bool(getattr(request, "_files", None))
