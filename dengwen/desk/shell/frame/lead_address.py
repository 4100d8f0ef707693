"""Who raises leads (追责线索), about which organs, and at which address: asked by several chapters."""

from __future__ import annotations

from django.urls import reverse

from dengwen.cases.wall.visibility import ACCOUNT
from dengwen.desk.shell.frame.seat import Seat
from dengwen.organs.structure.relations import supervised_by


def may_raise(seat: Seat) -> bool:
    """Say whether this seat raises and decides leads: cleared for accountability in a petition
    department."""
    cleared = ACCOUNT in seat.viewer.compartments and "router" in seat.capacities
    return cleared and seat.organ is not None and seat.organ.is_petition_office


def area_of(seat: Seat) -> frozenset[int]:
    """Return the organs about which this seat can raise a lead, by row id; none where it raises
    none."""
    return (
        supervised_by(seat.organ, seat.today)
        if seat.organ is not None and may_raise(seat)
        else frozenset()
    )


def raise_href(*, line: str = "", case: str = "") -> str:
    """Return the address of the form that raises a lead from a late line, or from a case."""
    return f"{reverse('desk:lead_new')}?{'line=' + line if line else 'case=' + case}"
