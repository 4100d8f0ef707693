"""Why access is refused: what, where, why and the mend, without saying anything about what is
hidden."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class AccessError(StatedError):
    """Something is refused or cannot be opened; `code` is a stable word for tests and doors."""


class SealError(AccessError):
    """A sealed value cannot be opened: wrong place, damaged, erased, or the key is not here."""


class UnloggedReadError(AccessError):
    """Somebody tried to open protected data where the read log cannot hold: no row, no data."""
