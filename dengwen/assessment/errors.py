"""What can be wrong with a scheme or a run of assessment, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class AssessmentError(StatedError, ValueError):
    """Something that assessment refuses: where, why, and the mend."""
