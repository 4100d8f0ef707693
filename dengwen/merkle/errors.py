"""The one error of this package: evidence that does not hold."""

from __future__ import annotations


class RejectedError(ValueError):
    """A proof, note, receipt or disclosure that must not be believed; the message says why."""
