"""The Party committee and the government of an area: who bears the main-body responsibility
(seed art. 4 para. 2)."""

from __future__ import annotations

from datetime import date

from dengwen.organs.structure.lines import division_on, divisions_above, seated_in

COMMITTEE, GOVERNMENT = "committee", "government"
_KINDS = {COMMITTEE: "party_committee", GOVERNMENT: "government"}


def area_of(place: str, day: date) -> dict[str, int]:
    """Return the ids of committee and government of the smallest division around `place` that has
    one of them.

    An organ of a lower level that merely sits in the division does not answer for it.
    """
    for code in divisions_above(place, day) if place else ():
        found = _organs_of(code, day)
        if found:
            return found
    return {}


def _organs_of(code: str, day: date) -> dict[str, int]:
    """Return the ids of committee and government of one division, as far as they are on record."""
    organs = seated_in(code, day).order_by("pk")
    division = division_on(code, day)
    if division is not None:
        organs = organs.filter(level=division.level)
    found = {}
    for name, kind in _KINDS.items():
        organ = organs.filter(kind=kind).first()
        if organ is not None:
            found[name] = organ.pk
    return found
