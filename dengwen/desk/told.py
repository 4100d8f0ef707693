"""What this person and organ were told of: the newest notices sent, of cases the wall still lets through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dengwen.cases.wall import for_user
from dengwen.desk.seat import Seat, case_href
from dengwen.law.record import civil
from dengwen.notices.channels import ScreenChannel
from dengwen.notices.models import Outbox

MOST = 10


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: the number, the address of the case, the day it was sent."""

    number: str
    href: str
    day: date


def told(seat: Seat) -> list[Told]:
    """Return the newest notices to this account and to the organ sat down for, each case once."""
    mine = Q(recipient="official", recipient_ref=str(seat.user.pk))
    ours = Q(recipient="organ", recipient_ref=seat.organ.code if seat.organ else "")
    visible = for_user(seat.viewer, seat.today).values("number")
    rows = Outbox.objects.filter(
        mine | ours, channel=ScreenChannel.code, sent_at__isnull=False, case_number__in=visible
    ).order_by("-sent_at", "-pk")
    found: dict[str, Told] = {}
    for number, sent in rows.values_list("case_number", "sent_at")[: MOST * 3]:
        if sent is not None:
            found.setdefault(number, Told(number, case_href(number), civil(sent)))
    return list(found.values())[:MOST]
