"""What can be wrong with an entry in the registry, said so that the person at the desk can mend
it."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class RegistryError(StatedError):
    """The registry refuses an entry: what, where, why and the mend, in Chinese and English.

    `code` is a stable word for tests and doors; `zh`/`en` say what and why, `mend_zh`/`mend_en`
    what to do.
    """
