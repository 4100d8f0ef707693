"""Downloading what was frozen of an assessment: recomputed elsewhere by whoever may read the
assessment.

Who assesses gets the whole; an organ assessed gets its own part, whatever the circular's scope
(figures of others below
ten stay unseen). Everybody else the wall lets read the case is told that there is nothing for him.
Each download leaves
a row in the read log.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_GET

from dengwen.access.read_log import open_logged
from dengwen.assessment.frozen.freeze import home
from dengwen.assessment.frozen.handout import archive, write_part
from dengwen.assessment.frozen.manifest import NAME, digest_of, read_file
from dengwen.desk.assessment.assessments import asked_one, frozen_href, is_own
from dengwen.desk.shell.case.protected_text import opening, role_for
from dengwen.desk.shell.frame.seat import Seat, at_desk


@require_GET
@at_desk
def frozen_files(seat: Seat, number: str) -> HttpResponseBase:
    """Send the frozen files as one archive: the whole to who assesses, its own part to an organ
    assessed."""
    one = asked_one(seat, number)
    if not frozen_href(seat, one):
        raise Http404
    folder, whole = home(number), is_own(seat, one)
    role = role_for(seat, "D3") or next(iter(sorted(seat.roles)))
    log_row = opening(
        seat, one.case, "D3", (f"frozen.{digest_of(read_file(folder / NAME))[:12]}",), role
    )
    organ = seat.organ.pk if seat.organ else 0
    with transaction.atomic(durable=True):
        file = open_logged(log_row, lambda: _packed(folder, None if whole else organ))
    answer = FileResponse(file, content_type="application/octet-stream")
    name = f"{number}.zip" if whole else f"{number}-{seat.organ.code if seat.organ else ''}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _packed(folder: Path, organ: int | None) -> tempfile.SpooledTemporaryFile[bytes]:
    """Return the archive of a folder, or of one organ's part of it, ready to be read."""
    file = tempfile.SpooledTemporaryFile(max_size=1 << 22)  # noqa: SIM115  # the answer closes it
    if organ is None:
        archive(folder, file)
    else:
        with tempfile.TemporaryDirectory(prefix="dengwen-part-") as part:
            write_part(folder, organ, Path(part))
            archive(Path(part), file)
    file.seek(0)
    return file
