"""What can be wrong with minutes, a dispute or a record of responsibility, said in both
languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class PreventionError(StatedError, ValueError):
    """Something about prevention that cannot be: where, why, and the mend."""
