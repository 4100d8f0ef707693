"""A value that a correction sets, as people type it: options by their words, days as they are
written."""

from __future__ import annotations

import re

from dengwen.law.duties.field_values import LISTED
from dengwen.law.packs.rules import FieldRule
from dengwen.law.time.typed_day import day_typed

_BETWEEN = re.compile(r"[、，,；;]")
"""What stands between several values."""
_FLAGS = {"是": "true", "否": "false", "yes": "true", "no": "false"}


def as_kept(declared: FieldRule | None, text: str) -> str:
    """Return a typed value as a correction keeps it: codes, and days in ISO form; what is none
    stays as it is, and is refused. Without a rule it is the day of the act."""
    bare = text.strip()
    if declared is None or declared.type == "date":
        day = day_typed(bare)
        return day.isoformat() if day else bare
    if declared.type == "flag":
        return _FLAGS.get(bare.casefold(), bare)
    if declared.type not in LISTED:
        return _code(declared, bare)
    items = [item.strip() for item in _BETWEEN.split(bare)]
    return ",".join(_code(declared, item) for item in items if item)


def _code(declared: FieldRule, text: str) -> str:
    """Return the code of an option that is called so, in Chinese or English; where two are, or
    none is, the text."""
    if text in declared.option_names:
        return text
    wanted = text.casefold()
    found = [
        code
        for code, names in declared.option_names.items()
        if wanted in {name.casefold() for name in names}
    ]
    return found[0] if len(found) == 1 else text
