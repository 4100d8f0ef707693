"""The clock of this door: asked once per request, handed down from there."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the instant at the door, aware, in UTC."""
    return datetime.now(tz=UTC)
