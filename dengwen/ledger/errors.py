"""What the ledger raises when it must stop rather than go on."""

from __future__ import annotations


class LedgerError(Exception):
    """Something about the ledger needs a person. The message says what, where and the mend."""


class DamagedError(LedgerError):
    """Stored rows contradict each other; nothing is signed until it is cleared up."""


class RecoveryError(LedgerError):
    """The database is older than, or other than, what has been signed: a restored backup, or a
    fork."""


class KeyFileError(LedgerError):
    """A key file is missing, readable by others, or not what it should be."""
