"""How to reach the office without the network: local settings of the office, shown only where
somebody entered them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dengwen.cases import rulebooks
from dengwen.organs.models import Organ


@dataclass(frozen=True, slots=True)
class Reach:
    """Address, telephone and hours of a reception place; "" for what nobody entered."""

    address: str = ""
    phone: str = ""
    hours: str = ""

    def known(self) -> bool:
        """Say whether anything is known."""
        return bool(self.address or self.phone or self.hours)


def reach_of(organ: Organ | None, day: date) -> Reach:
    """Return how an office is reached on a day, from the settings `reach.address`,
    `reach.phone`, `reach.hours`."""
    if organ is None:
        return Reach()
    kept = rulebooks.every_setting()
    found = {
        name: kept.on(f"reach.{name}", organ.pk, day) for name in ("address", "phone", "hours")
    }
    return Reach(**{name: row.value for name, row in found.items() if row is not None})
