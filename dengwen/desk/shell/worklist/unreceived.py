"""What was sent to this organ and waits to be received: no duty runs before receipt, so no work
list would show it.

Until the receiver takes it the sender holds the matter (R22 23(3)); the fifteen days begin with the
receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from dengwen.access.statements import Groups, Statement
from dengwen.cases.models import Case, Party
from dengwen.cases.wall.visibility import (
    AFTER_HAND_OVER,
    VIEWER_GROUPS,
    as_groups,
    for_user,
    of_groups,
)
from dengwen.desk.shell.frame.seat import Seat, case_href

MOST = 20
SENT = "forwarded"


@dataclass(frozen=True, slots=True)
class Incoming:
    """Matters waiting to be received: each with its address, whether there are more, and the
    words of the part."""

    lines: list[tuple[Case, str]]
    more: bool
    title: str
    note: str


def incoming(seat: Seat) -> Incoming | None:
    """Return what waits for the organ of this seat, the longest wait first; None where nothing
    does."""
    if seat.organ is None:
        return None
    found = _WAITING.rows(Case, (*as_groups(seat.viewer), (seat.organ.pk,)), seat.today)
    if not found:
        return None
    return Incoming(
        [(case, case_href(case.number)) for case in found[:MOST]],
        len(found) > MOST,
        _("转来、待签收"),
        _("签收之前由转送的机关负责；期限自签收起算。"),
    )


def _ask(groups: Groups, day: date, _: str) -> QuerySet[Case]:
    """Return what was sent to the organ named last, and was sent on to no other since."""
    organ = groups[VIEWER_GROUPS][0]
    newest = (
        Party.objects.filter(case=OuterRef("pk"), role="addressee")
        .order_by("-pk")
        .values("organ_id")[:1]
    )
    sent = Party.objects.filter(organ_id=organ, role="addressee").values("case_id")
    waiting = (
        for_user(of_groups(groups), day)
        .filter(state=SENT, pk__in=sent)
        .alias(addressed=Subquery(newest))
    )
    return waiting.filter(addressed=organ).order_by("opened_at", "pk")[: MOST + 1]


_WAITING = Statement(_ask, AFTER_HAND_OVER)
