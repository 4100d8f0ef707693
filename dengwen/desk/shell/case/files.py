"""Handing out files: only as a download, only after the read log, under a name that says
nothing."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from dengwen.access.read_log import open_logged
from dengwen.cases.files.held_files import body_of, find_file
from dengwen.desk.shell.case.protected_text import opening, role_for
from dengwen.desk.shell.frame.seat import Seat, at_desk


@require_GET
@at_desk
def download(seat: Seat, number: str, name: str) -> HttpResponse:
    """Send the bytes of a file of a case as an attachment of no particular type."""
    seat, case = seat.to_read(number)
    row = find_file(case, name)
    role = role_for(seat, "D3", protected=case.protected)
    if row is None or not role:
        raise Http404
    log_row = opening(
        seat, case, "D4" if case.protected else "D3", (f"file.{row.digest[:12]}",), role
    )
    with transaction.atomic(durable=True):
        body = open_logged(log_row, lambda: body_of(row))
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = (
        f'attachment; filename="{case.number}-{row.digest[:8]}.{row.extension}"'
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
