"""May this recipient still hear of the case? The wall, asked at the time of sending (access model
4.4).

`recipient_ref` is an account's id for an official and an organ's code for an organ; a petitioner
needs none.
"""

from __future__ import annotations

from datetime import date

from dengwen.access.models import User
from dengwen.accountability.inquiry.disclosure_to_person import told_in
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import find, viewer_of, viewer_of_organ
from dengwen.notices.outbox import Notice
from dengwen.organs.models import Organ


def cleared(notice: Notice, day: date) -> bool:
    """Say whether a notice may go out on `day`; whoever cannot be identified hears nothing."""
    if notice.recipient == "petitioner":
        return Case.objects.filter(number=notice.case_number).exists()
    if notice.recipient == "organ":
        organ = Organ.objects.filter(code=notice.recipient_ref).first()
        viewer = viewer_of_organ(organ.pk, day) if organ else None
    else:
        user = (
            User.objects.filter(pk=notice.recipient_ref, is_active=True).first()
            if notice.recipient_ref.isdigit()
            else None
        )
        viewer = viewer_of(user, day) if user else None
        if (
            user is not None
            and user.official_id is not None
            and _was_told(notice, user.official_id)
        ):
            return True
    return viewer is not None and find(viewer, day, notice.case_number) is not None


def _was_told(notice: Notice, official: int) -> bool:
    """Say whether an official was told of this inquiry or file: behind its wall still, they answer
    it on their own page."""
    return told_in(official).filter(case__number=notice.case_number).exists()
