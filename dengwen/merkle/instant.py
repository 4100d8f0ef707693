"""Instants as they stand inside hashed and signed bytes: RFC 3339, UTC, milliseconds, one
spelling."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from dengwen.merkle.errors import RejectedError

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)


def to_millisecond(instant: datetime) -> datetime:
    """Cut an aware instant down to whole milliseconds in UTC, the precision the ledger records.

    Call it once at the door, so that the column, the disclosure and the promise hold the same
    instant.
    Raises ``ValueError`` for a naive instant.
    """
    if instant.tzinfo is None:
        raise ValueError(
            f"instant {instant.isoformat()} has no time zone; pass an aware UTC instant"
        )
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def format_instant(instant: datetime) -> str:
    """Write ``2026-11-24T01:30:00.000Z``.

    Raises ``ValueError`` for a naive instant and for one finer than a millisecond: what is hashed
    must
    equal what is stored, so nothing is cut off silently here (see ``to_millisecond``).
    """
    utc = to_millisecond(instant)
    if utc != instant:
        raise ValueError(
            f"instant {instant.isoformat()} is finer than a millisecond; "
            "cut it once with to_millisecond()"
        )
    return utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """Read what ``format_instant`` writes.

    Raise ``RejectedError`` for any other spelling or an impossible time.
    """
    if not _FORM.fullmatch(text):
        raise RejectedError(f"not an RFC 3339 UTC instant with milliseconds: {text[:40]!r}")
    try:
        whole = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise RejectedError(f"no such instant: {text!r}") from None
    return whole + timedelta(milliseconds=int(text[20:23]))
