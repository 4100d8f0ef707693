"""Downloading what was frozen of an assessment: recomputed elsewhere by whoever may read the
assessment.

Who assesses gets the whole; an organ assessed gets its own part, whatever the circular's scope
(figures of others below ten stay unseen). Everybody else the wall lets read the case is told that
there is nothing for them. Each download leaves a row in the read log.
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
from dengwen.assessment.inputs import Assessment
from dengwen.desk.assessment.assessment_page import asked_one, frozen_href, is_own
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
    whole = is_own(seat, one)
    organ, code = (seat.organ.pk, seat.organ.code) if seat.organ else (0, "")
    file = _opened(seat, one, None if whole else organ)
    answer = FileResponse(file, content_type="application/octet-stream")
    name = f"{number}.zip" if whole else f"{number}-{code}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _opened(seat: Seat, one: Assessment, organ: int | None) -> tempfile.SpooledTemporaryFile[bytes]:
    """Return the archive of the whole, or of one organ's part, once the read log says so."""
    folder = home(one.case.number)
    digest = digest_of(read_file(folder / NAME))
    name = f"frozen.{digest[:12]}"
    role = role_for(seat, "D3") or next(iter(sorted(seat.roles)))
    log_row = opening(seat, one.case, "D3", (name,), role)

    def packed() -> tempfile.SpooledTemporaryFile[bytes]:
        return _packed(folder, organ)

    with transaction.atomic(durable=True):
        return open_logged(log_row, packed)


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
