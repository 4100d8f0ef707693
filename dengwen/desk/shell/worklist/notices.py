"""What this person and organ were told of: the newest notices sent, of cases the wall still lets
through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dengwen.access.statements import Groups, Statement
from dengwen.cases.wall.visibility import AFTER_HAND_OVER, among, as_groups, for_user, of_groups
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.law.duties.act_record import civil
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
    groups = as_groups(seat.viewer)
    mine = _TO_PERSON.rows(Outbox, groups, seat.today, str(seat.user.pk))
    ours = _TO_ORGAN.rows(Outbox, groups, seat.today, seat.organ.code if seat.organ else "")
    newest = [
        (row.sent_at, row.pk, row.case_number) for row in (*mine, *ours) if row.sent_at is not None
    ]
    found: dict[str, Told] = {}
    for sent, _, number in sorted(newest, reverse=True)[: MOST * 3]:
        found.setdefault(number, Told(number, case_href(number), civil(sent)))
    return list(found.values())[:MOST]


def _newest(recipient: str) -> Statement:
    """Return the question for the newest notices to one recipient of a sort, in the order of an
    index."""

    def ask(groups: Groups, day: date, ref: str) -> QuerySet[Outbox]:
        seen = among(for_user(of_groups(groups), day), "case_number", by="number")
        rows = Outbox.objects.filter(
            seen,
            recipient=recipient,
            recipient_ref=ref,
            channel=ScreenChannel.code,
            sent_at__isnull=False,
        )
        return rows.only("sent_at", "case_number").order_by("-sent_at", "-pk")[: MOST * 3]

    return Statement(ask, AFTER_HAND_OVER)


_TO_PERSON, _TO_ORGAN = _newest("official"), _newest("organ")
