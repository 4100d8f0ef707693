"""What a check hands back, and what packages hand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant (ledger.md section 4) with the place where it shows."""

    invariant: str
    table: str
    row: str
    field: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.table} {self.row} {self.field}: {self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Projection:
    """What the columns of one row say about its event.

    ``columns`` maps the names of disclosures to values as stored; ``sealed`` holds the event's
    sealed disclosures where the package can open them, so that their columns are compared too.
    """

    uid: str
    table: str
    row: object
    columns: Mapping[str, object]
    sealed: tuple[str, ...] = field(default=())
