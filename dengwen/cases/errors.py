"""What can be wrong with who handles a case, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class CaseError(StatedError, ValueError):
    """Something about a case that cannot be: where, why, and the mend."""
