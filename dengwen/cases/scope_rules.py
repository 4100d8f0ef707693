"""Which rules say whom an instrument binds, on a day at a place (`[[binding]]` of the packs)."""

from __future__ import annotations

from datetime import date

from dengwen.cases import rulebooks
from dengwen.law.liability.provisions import in_force
from dengwen.law.liability.stated_rules import BindingRule
from dengwen.law.packs.library import Library

MOST = 10_000
"""Days and places kept; a sweep asks of one organ after the other, day by day."""
_known: dict[tuple[date, str], tuple[BindingRule, ...]] = {}
_of: list[Library] = []
"""The packs from which what is known was read."""


def bindings_on(day: date, place: str) -> tuple[BindingRule, ...]:
    """Return the bindings in force on a day at a place, base first; kept while the packs stay the
    same."""
    library = rulebooks.library()
    if not _of or _of[0] is not library or len(_known) >= MOST:
        _known.clear()
        _of[:] = [library]
    found = _known.get((day, place))
    if found is None:
        found = tuple(in_force(library, day, place).bindings.values())
        _known[day, place] = found
    return found
