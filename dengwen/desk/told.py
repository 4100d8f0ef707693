"""What this person and organ were told of: the newest notices sent, of cases the wall still lets through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dengwen.cases.wall import among, for_user
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
    mine = _newest(seat, "official", str(seat.user.pk))
    ours = _newest(seat, "organ", seat.organ.code if seat.organ else "")
    found: dict[str, Told] = {}
    for sent, _, number in sorted([*mine, *ours], reverse=True)[: MOST * 3]:
        found.setdefault(number, Told(number, case_href(number), civil(sent)))
    return list(found.values())[:MOST]


def _newest(seat: Seat, recipient: str, ref: str) -> list[tuple[datetime, int, str]]:
    """Return instant, row and number of the newest notices to one recipient, in the order of an index."""
    seen = among(for_user(seat.viewer, seat.today), "case_number", by="number")
    rows = Outbox.objects.filter(
        seen, recipient=recipient, recipient_ref=ref, channel=ScreenChannel.code, sent_at__isnull=False
    ).order_by("-sent_at", "-pk")
    newest = rows.values_list("sent_at", "pk", "case_number")[: MOST * 3]
    return [(sent, pk, number) for sent, pk, number in newest if sent is not None]
