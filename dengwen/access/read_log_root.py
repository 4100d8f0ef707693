"""The hourly root of the read log: bound into the ledger, it makes a removed or altered reading
visible.

An hour's rows in order of id are the leaves of an RFC 6962 tree; an act carries the root and the
count (access model 7, ledger.md). Whoever holds the rows recomputes the root; whoever changes one
needs a false ledger as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from dengwen.access.models import ReadLog
from dengwen.merkle.tree import leaf_hash, root_of

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LogRoot:
    """The root (hex) over `count` rows whose instants lie in [start, end)."""

    start: datetime
    end: datetime
    count: int
    root: str


def line_of(row: ReadLog) -> str:
    """Return what the root covers of a row: its columns as a JSON list, so that no separator can
    be forged."""
    parts = [
        row.pk,
        row.at.isoformat(),
        row.user_id,
        row.role,
        row.organ_id,
        row.case_number,
        row.data_class,
        row.fields,
        row.purpose,
        row.request_id,
        row.session_digest,
        row.result,
    ]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def hour_root(start: datetime) -> LogRoot:
    """Return the root of the hour that begins at `start`; ValueError unless that is a full hour.

    The caller waits until no transaction of that hour can still be open.
    """
    return root_between(start, start + HOUR)


def root_between(start: datetime, end: datetime) -> LogRoot:
    """Return the root of the full hours from `start` to `end`; ValueError unless both are full
    hours in that order.

    Several hours make one root where nothing was read, or nobody sealed, for a while.
    """
    if (
        any(instant.minute or instant.second or instant.microsecond for instant in (start, end))
        or end <= start
    ):
        raise ValueError(f"{start.isoformat()} to {end.isoformat()}: not one full hour or more")
    leaves = [leaf_hash(line_of(row).encode()) for row in readings(start, end).iterator()]
    return LogRoot(start, end, len(leaves), root_of(leaves).hex())


def readings(start: datetime, end: datetime) -> QuerySet[ReadLog]:
    """Return the readings with instants in [start, end), in the order in which a root covers
    them."""
    return ReadLog.objects.filter(at__gte=start, at__lt=end).order_by("id")


def first_reading() -> datetime | None:
    """Return the beginning of the hour of the first reading ever, or None where nothing was read
    yet."""
    first = ReadLog.objects.order_by("at").values_list("at", flat=True).first()
    return None if first is None else full_hour(first)


def full_hour(instant: datetime) -> datetime:
    """Return the beginning of the hour in which an instant lies."""
    return instant.replace(minute=0, second=0, microsecond=0)
