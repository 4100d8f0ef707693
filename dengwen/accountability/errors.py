"""What can be wrong with a lead, an inquiry or a measure, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class AccountabilityError(StatedError, ValueError):
    """Something that accountability refuses: where, why, the rule, and the mend."""
