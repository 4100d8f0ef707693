"""Slowing down guessing without locking anybody out.

A door verifies first: what is right is taken at once, whatever was guessed before, and only what is
wrong is counted and answered with a wait. So nobody can lock out the owner of a code or password,
not even from the same address. Guessing stays hopeless: a code has 99 bits, and passwords are tried
within the budget of `hashing`.

A counter belongs to a key that says who guesses what: an account from one address, a case number
from one address, or all that comes from one address. While a key waits nothing more is written for
it, so a flood of guesses costs a few rows; `forget` deletes those that were quiet. Counters live in
the database (access model; control C15).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from dengwen.access.models import Throttle

FREE = 5
"""Wrong guesses that cost nothing."""

FREE_OF_A_SOURCE = 50
"""The same for all that comes from one address: many people may stand behind it."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
FORGET_AFTER = timedelta(hours=24)
"""A key that was quiet for so long starts anew."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What came of a wrong guess: whether it was counted, and until when the next wrong one is
    told to wait."""

    counted: bool
    until: datetime | None


def blocked_until(key: str, now: datetime) -> datetime | None:
    """Return until when wrong guesses of `key` are told to wait, or None where they are counted."""
    row = Throttle.objects.filter(key=key, blocked_until__gt=now).first()
    return row.blocked_until if row else None


def wrong(keys: Mapping[str, int], now: datetime) -> Wrong:
    """Judge a wrong guess against its keys, each with the guesses it has free: count it, or let it
    wait.

    While one of the keys waits, nothing is counted. What is said depends on the guesses only, never
    on what they were.
    """
    waits = Throttle.objects.filter(key__in=keys, blocked_until__gt=now).values_list(
        "blocked_until", flat=True
    )
    if until := max((moment for moment in waits if moment), default=None):
        return Wrong(counted=False, until=until)
    counted = [failed(key, now, free) for key, free in keys.items()]
    return Wrong(counted=True, until=max((moment for moment in counted if moment), default=None))


def failed(key: str, now: datetime, free: int = FREE) -> datetime | None:
    """Count a wrong guess and return until when the key must wait now, if at all."""
    with transaction.atomic():
        row, _ = Throttle.objects.select_for_update().get_or_create(
            key=key, defaults={"since": now}
        )
        quiet_since = row.blocked_until or row.since
        if now - quiet_since > FORGET_AFTER:
            row.failures = 0
        if row.failures == 0:
            row.since = now
        row.failures += 1
        row.blocked_until = now + _wait(row.failures - free) if row.failures >= free else None
        row.save()
    return row.blocked_until


def succeeded(key: str) -> None:
    """Forget what `key` guessed wrongly."""
    Throttle.objects.filter(key=key).delete()


def forget(now: datetime) -> int:
    """Delete counters that were quiet long enough; returns how many. A housekeeping loop calls
    this."""
    limit = now - FORGET_AFTER
    old = Throttle.objects.filter(since__lt=limit, blocked_until__isnull=True)
    ended = Throttle.objects.filter(blocked_until__lt=limit)
    return old.delete()[0] + ended.delete()[0]


def _wait(beyond: int) -> timedelta:
    """Return the wait so many failures after the last free one: a minute, then twice as long
    each time, to a day."""
    return min(FIRST_WAIT * (1 << min(beyond, 20)), LONGEST_WAIT)
