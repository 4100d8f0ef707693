"""Names of organs in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.organs.models import Organ


def organ_names(seat: Seat, organs: Iterable[int | None]) -> dict[int, str]:
    """Return the names of organs by id, in one query; what is no organ is left out."""
    wanted = {organ for organ in organs if organ}
    found = Organ.objects.filter(pk__in=wanted)
    return {organ.pk: organ_name(organ, seat.language) for organ in found}
