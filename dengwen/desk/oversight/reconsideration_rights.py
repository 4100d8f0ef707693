"""The right of an inspected organ to ask the government to reconsider what an inspection found."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from dengwen.cases.models import Duty
from dengwen.cases.read.case_view import read_file
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.frame.chapter import Right
from dengwen.desk.shell.frame.seat import Seat, case_href

OBJECTION, APPLY = "gdi_objection", "apply_reconsideration"


def reconsideration_rights(seat: Seat) -> Iterable[Right]:
    """Yield the conclusions of government inspections that this organ can still have
    reconsidered (GDI 17)."""
    if seat.organ is None:
        return
    rows = Duty.objects.filter(
        among(for_user(seat.viewer, seat.today)),
        holder_id=seat.organ.pk,
        rule=OBJECTION,
        state="open",
    )
    for duty in rows.select_related("case").order_by("sort_day", "pk"):
        if not may(seat, read_file(duty.case, seat.now), APPLY):
            continue
        yield Right(
            words=_("对督查结论申请复核"),
            number=duty.case.number,
            href=case_href(duty.case.number, APPLY),
            until=duty.due,
        )
