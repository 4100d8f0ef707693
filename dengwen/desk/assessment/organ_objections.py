"""The right of an assessed organ to object to a fact behind its score, while the window is open."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from dengwen.cases.models import Act, Duty, Party
from dengwen.cases.read.case_view import read_file
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.frame.chapter import Right
from dengwen.desk.shell.frame.seat import Seat

WINDOW = "objections"
"""The right that runs while an assessment is open to objection."""
ANSWERED = "no_objection"


def objection_rights(seat: Seat) -> Iterable[Right]:
    """Yield the assessments in which this organ stands, may object, and has not said that it has
    nothing to object to."""
    if seat.organ is None:
        return
    mine = Party.objects.filter(
        organ_id=seat.organ.pk, role="assisting_organ", case__kind="assessment", until__isnull=True
    )
    rows = Duty.objects.filter(
        among(for_user(seat.viewer, seat.today)),
        case__in=mine.values("case"),
        rule=WINDOW,
        state="open",
    )
    for duty in rows.select_related("case").order_by("sort_day", "pk"):
        answered = Act.objects.filter(
            case_id=duty.case_id, act=ANSWERED, organ_id=seat.organ.pk, pk__gt=duty.opened_by_id
        )
        if answered.exists() or not may(seat, read_file(duty.case, seat.now), "object"):
            continue
        yield Right(
            words=_("核对本单位的考核数字，提出异议"),
            number=duty.case.number,
            href=reverse("desk:assessment_organ", args=[duty.case.number, seat.organ.code]),
            until=duty.due,
            note=_("日期由考核机关写明，非法定"),
        )
