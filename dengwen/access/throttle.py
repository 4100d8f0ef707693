"""Slowing down guessing without locking anybody else out.

A counter belongs to a key that already says who guesses what: an account from one address, a case number from one
address. Whoever guesses wrongly blocks only that key, for longer each time; another address, or a device on which
the account was signed in before, has keys of its own. Counters live in the database (access model; control C15).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from dengwen.access.models import Throttle

FREE = 5
"""Wrong guesses that cost nothing."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
FORGET_AFTER = timedelta(hours=24)
"""A key that was quiet for so long starts anew."""


def blocked_until(key: str, now: datetime) -> datetime | None:
    """Return until when `key` must wait, or None where it may try now."""
    row = Throttle.objects.filter(key=key, blocked_until__gt=now).first()
    return row.blocked_until if row else None


def failed(key: str, now: datetime) -> datetime | None:
    """Count a wrong guess and return until when the key must wait now, if at all."""
    with transaction.atomic():
        row, _ = Throttle.objects.select_for_update().get_or_create(key=key, defaults={"since": now})
        quiet_since = row.blocked_until or row.since
        if now - quiet_since > FORGET_AFTER:
            row.failures = 0
        if row.failures == 0:
            row.since = now
        row.failures += 1
        row.blocked_until = now + _wait(row.failures) if row.failures >= FREE else None
        row.save()
    return row.blocked_until


def succeeded(key: str) -> None:
    """Forget what `key` guessed wrongly."""
    Throttle.objects.filter(key=key).delete()


def forget(now: datetime) -> int:
    """Delete counters that were quiet long enough; returns how many. A housekeeping loop calls this."""
    limit = now - FORGET_AFTER
    old = Throttle.objects.filter(since__lt=limit, blocked_until__isnull=True)
    ended = Throttle.objects.filter(blocked_until__lt=limit)
    return old.delete()[0] + ended.delete()[0]


def _wait(failures: int) -> timedelta:
    """Return the wait after so many failures: a minute, then twice as long each time, at most a day."""
    doublings = min(failures - FREE, 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
