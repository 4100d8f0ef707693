"""What no page answered, sessions saved after it and forms read before it included: Django's
last door."""

from __future__ import annotations

import sys

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import defaults

from dengwen.ledger import full_disk
from dengwen.ledger.durability import disk_full
from dengwen.ui import database_away


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer 507 for a full disk, 503 for a database that is away, else the page of an error
    (`handler500`)."""
    error = sys.exc_info()[1]
    if disk_full(error):
        return full_disk.no_room(request, error)
    if database_away.away(error):
        return database_away.answer(request, error)
    return defaults.server_error(request)
