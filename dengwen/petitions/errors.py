"""What can be wrong with an intake or a request, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class PetitionError(StatedError, ValueError):
    """Something about a petition that cannot be: where, why, and the mend."""
