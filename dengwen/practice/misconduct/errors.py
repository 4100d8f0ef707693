"""What can be wrong with a file of misconduct or an answer key."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class MisconductError(StatedError):
    """An order, a place for a key, or a key cannot be: file, entry, why and the mend, in both
    languages."""
