"""What can be wrong with a supervision, a suggestion or a report, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class OversightError(StatedError, ValueError):
    """Something that oversight refuses: where, why, and the mend."""


def refused(
    code: str, where: str, zh: str, en: str, mend: tuple[str, str], *, under: str = ""
) -> OversightError:
    """Return the error by which an act of an inspection is refused; `mend` is in both languages,
    `under` the rule of the packs behind it."""
    return OversightError(
        code, where=where, zh=zh, en=en, mend_zh=mend[0], mend_en=mend[1], under=under
    )
