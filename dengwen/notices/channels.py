"""The two channels every office has: the list for printing and the petitioner's page. Neither
leaves the machine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dengwen.notices.models import Outbox
from dengwen.notices.outbox import Notice, due, mark_sent


class PrintChannel:
    """Letters by hand: a clerk prints the list, posts or hands over, and says so; no worker
    marks anything."""

    code = "print"
    by_hand = True

    def send(self, notice: Notice, now: datetime) -> None:
        """Refuse: only a person can print. `printed` marks what was."""
        raise TypeError(
            f"{notice.case_number} {now:%F}: a person prints this list; mark with `printed`"
        )

    def to_print(self, now: datetime, limit: int) -> list[Notice]:
        """Return the list for printing, the longest waiting first."""
        return [Notice.of(row) for row in due(now, limit, [self.code])]

    def printed(self, notices: Iterable[int], now: datetime) -> int:
        """Mark notices of the list printed; return how many were not marked before. Other
        channels' are left alone."""
        own = Outbox.objects.filter(channel=self.code, pk__in=list(notices)).values_list(
            "pk", flat=True
        )
        return sum(mark_sent(pk, now) for pk in own)


class ScreenChannel:
    """The page behind number and query code: sent means shown there from now on."""

    code = "screen"
    by_hand = False

    def send(self, notice: Notice, now: datetime) -> None:
        """Nothing to do: marking the notice sent is what shows it."""

    def shown(self, case_number: str, limit: int) -> list[Notice]:
        """Return what the petitioner of a case is shown, newest first; the door asks the wall
        before."""
        rows = Outbox.objects.filter(
            channel=self.code,
            case_number=case_number,
            recipient="petitioner",
            sent_at__isnull=False,
        )
        return [Notice.of(row) for row in rows.order_by("-sent_at", "-id")[:limit]]
