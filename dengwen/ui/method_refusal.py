"""An address that only takes forms answers in words when it is opened like a page, not with an
empty sheet."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

NOT_ALLOWED = 405


class SpokenRefusal:
    """Give the empty answer 405 of Django's method decorators a page: what, why and the way on,
    in both languages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer as it is, or with words where it refused the method and said
        nothing."""
        response = self.get_response(request)
        if (
            response.status_code == NOT_ALLOWED
            and isinstance(response, HttpResponse)
            and not response.content
        ):
            response.content = render_to_string("405.html", request=request)
            response["Content-Type"] = "text/html; charset=utf-8"
        return response
