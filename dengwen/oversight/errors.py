"""What can be wrong with a supervision, a suggestion or a report, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class OversightError(StatedError, ValueError):
    """Something that oversight refuses: where, why, and the mend."""
