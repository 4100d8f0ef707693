"""What can be wrong with a notice, a setting or an interpretation, said so that it can be
mended."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class EditionError(StatedError):
    """An entry is refused: what, where, why and the mend, in Chinese and English; `code` is for
    tests and doors."""
