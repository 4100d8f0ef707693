"""Whoever a sealed matter accuses does nothing in it, however the call reached the write door.

Every page and command looks behind the wall before it asks for an act. Somebody may be recorded as
accused between that look and the act, so the door looks again with the case locked (R22 30(3)).
"""

from __future__ import annotations

from datetime import date

from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import (
    SUPERVISED_KINDS,
    not_walled,
    viewer_of,
    viewer_of_organ,
)
from dengwen.law.duties.admissibility import Actor


def is_walled_off(case: Case, actor: Actor, day: date) -> bool:
    """Say whether an actor stands on the accused side of a sealed matter; the system and the
    petitioner at the portal stand on none."""
    if not case.protected or case.kind not in SUPERVISED_KINDS or actor.organ is None:
        return False
    user = User.objects.filter(pk=actor.user or 0).first()
    viewer = viewer_of(user, day) if user else viewer_of_organ(actor.organ, day)
    return not Case.objects.filter(not_walled(viewer), pk=case.pk).exists()
