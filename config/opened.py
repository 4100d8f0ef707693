"""Pages are served by an office that may be opened: tables of this program, keys of this database.
Asked at the start.

A database that is away at the start, or a disk that takes no more, is no reason to stay away: the
pages answer 503 or 507 by themselves, and the question is asked again until it was answered once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, connection

from dengwen.access.errors import AccessError
from dengwen.access.startup_check import open_office
from dengwen.ledger.durability import disk_full
from dengwen.ledger.errors import LedgerError
from dengwen.ui import database_away

logger = logging.getLogger("dengwen.opened")

Pages = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PAUSE = 5.0
"""Seconds between two questions while the database cannot be asked."""


class Opened:
    """The pages, once the office may be opened. A refusal at the start ends the program, with
    its words."""

    def __init__(self, pages: Pages) -> None:
        """Ask; SystemExit where the office is refused."""
        self._pages = pages
        self._lock = threading.Lock()
        self._asked = 0.0
        self._open = False
        self._refused = ""
        self._ask()
        if self._refused:
            raise SystemExit(1)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request; one that comes before the question was answered asks it, at most
        every few seconds."""
        if not self._open and self._lock.acquire(blocking=False):
            try:
                if time.monotonic() - self._asked >= PAUSE:
                    self._ask()
            finally:
                self._lock.release()
        if self._refused:
            return _closed(environ, start_response)
        return self._pages(environ, start_response)

    def _ask(self) -> None:
        self._asked = time.monotonic()
        self._refused = ""
        try:
            open_office(Path(settings.DATA), datetime.now(UTC))
            self._open = True
        except (AccessError, LedgerError) as error:
            self._refused = str(error)
            logger.error("%s", self._refused)  # words for people, no trace
        except (Error, OSError) as error:
            if disk_full(error):
                logger.warning("the disk takes no more; pages answer 507 until there is room")
            elif database_away.away(error):
                logger.warning("the database is away; pages answer 503 until it is back")
            else:
                raise
        finally:
            connection.close()


def _closed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer 503 for an office that turned out, after its database came back, not to be one that
    may be opened."""
    page = database_away.answer(WSGIRequest(environ))
    start_response(
        f"{page.status_code} Service Unavailable", [(k, str(v)) for k, v in page.items()]
    )
    return [page.content]
