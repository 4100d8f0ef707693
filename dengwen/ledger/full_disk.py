"""A disk that takes no more answers 507 in words at every door, and nothing is needed to say so but
memory.

The middleware answers for pages. What fails outside a page answers by `config.unanswered`, Django's
last door: a session that is saved after the page, a form that is read before it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation

from dengwen.ledger.durability import disk_full

logger = logging.getLogger(__name__)

FULL = 507
RETRY_SECONDS = "30"
PORTION = 1 << 16
"""Bytes read at once of what nobody wants."""


class FullDisk:
    """Answers 507 where a page met a disk that takes no more. Stands last, so that it hears of
    it first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a full disk; leave every other error to others."""
        return no_room(request, error) if disk_full(error) else None


def no_room(
    request: HttpRequest, error: BaseException | None, *, signing_out: bool = False
) -> HttpResponse:
    """Return the page that says that the disk takes no more, what became of the step, and the mend.

    Made from the template and the language of the request alone: no database, no session, no form
    is asked.
    """
    logger.error("507: %s %s: the disk takes no more (%s)", request.method, request.path, error)
    _read_to_the_end(request)
    with translation.override(translation.get_language_from_request(request)):
        desk = request.path.startswith("/desk/")
        said = {"desk": desk, "signing_out": signing_out, "practice": settings.PRACTICE}
        answer = HttpResponse(render_to_string("507.html", said), status=FULL)
        answer["Content-Language"] = translation.get_language()
    answer["Retry-After"] = RETRY_SECONDS
    answer["Cache-Control"] = "no-store"
    return answer


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in what is still being sent: a browser cut off in the middle of an upload shows no
    answer at all."""
    try:
        while request.read(PORTION):
            pass
    except OSError:  # nobody is there any more
        return
