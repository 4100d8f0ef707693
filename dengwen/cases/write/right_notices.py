"""Notices of a right: whoever may answer, object or appeal since an act hears of it the same day.

A duty tells its holder by itself (`recipients`); a right is nobody's duty, so the effect that gives
it says whom it is told to. The sentence is the neutral one, with the number alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.access.models import User
from dengwen.cases.write.recipients import CHANNEL
from dengwen.law.duties.step import Facts
from dengwen.notices.outbox import queue
from dengwen.organs.models import Organ


def tell_of_right(facts: Facts, officials: Iterable[int] = (), organs: Iterable[int] = ()) -> None:
    """Queue a notice to the accounts of these officials and to these organs, in the transaction of
    the act; nobody is told of their own act."""
    users = User.objects.filter(official_id__in=list(officials), is_active=True)
    for user in users.exclude(pk=facts.actor or 0).order_by("pk"):
        _queue(facts, "official", str(user.pk))
    for organ in Organ.objects.filter(pk__in=list(organs)).exclude(pk=facts.organ or 0):
        _queue(facts, "organ", organ.code)


def _queue(facts: Facts, recipient: str, ref: str) -> None:
    """Queue one notice, once for each act."""
    queue(
        uid=f"{facts.act_uid}/{recipient}/{ref}",
        case_number=facts.case,
        channel=CHANNEL,
        recipient=recipient,
        recipient_ref=ref,
        now=facts.recorded_at,
    )
