"""The tray for long division lists: rows wait here for the act that names their digest and count.

An act row holds codes, dates and digests only, never twelve thousand lines. So the list is staged, shown as a
preview, and the act `import_divisions` names what was shown: a list that was changed in between is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dengwen.organs.models import DivisionStage, HandlingEntry


@dataclass(frozen=True, slots=True)
class StagedDivision:
    """One division of a list: code, name, level, parent, its period and what followed it."""

    code: str
    name: str
    level: str
    parent_code: str
    valid_from: date
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def line(self) -> str:
        """Return the canonical line the digest covers."""
        end = self.valid_to.isoformat() if self.valid_to else ""
        heirs = ",".join(self.successors)
        return f"{self.code}|{self.name}|{self.level}|{self.parent_code}|{self.valid_from.isoformat()}|{end}|{heirs}"


def digest_of(rows: Sequence[StagedDivision]) -> str:
    """Return the SHA-256 of the list in its order, as hex."""
    return hashlib.sha256("\n".join(row.line() for row in rows).encode()).hexdigest()


def stage(rows: Sequence[StagedDivision]) -> str:
    """Put the list in the tray, replacing the same list if it lies there, and return its digest."""
    digest = digest_of(rows)
    DivisionStage.objects.filter(digest=digest).delete()
    DivisionStage.objects.bulk_create(
        DivisionStage(
            digest=digest, row=number, code=row.code, name=row.name, level=row.level, parent_code=row.parent_code,
            valid_from=row.valid_from, valid_to=row.valid_to, successors=list(row.successors),
        )
        for number, row in enumerate(rows, start=1)
    )
    return digest


def staged(digest: str) -> list[StagedDivision]:
    """Return the rows that wait under `digest`, in their order; an empty list where there are none."""
    return [
        StagedDivision(
            row.code, row.name, row.level, row.parent_code, row.valid_from, row.valid_to, tuple(row.successors)
        )
        for row in DivisionStage.objects.filter(digest=digest).order_by("row")
    ]


@dataclass(frozen=True, slots=True)
class StagedEntry:
    """One row of a list for classified handling: demand type, lawful path, procedure, time limit, basis."""

    category: str
    demand: str
    path: str
    procedure: str
    term: str
    basis: str

    def line(self) -> str:
        """Return the canonical line the digest covers."""
        return f"{self.category}|{self.demand}|{self.path}|{self.procedure}|{self.term}|{self.basis}"


def list_digest(rows: Sequence[StagedEntry]) -> str:
    """Return the SHA-256 of a handling list in its order, as hex."""
    return hashlib.sha256("\n".join(row.line() for row in rows).encode()).hexdigest()


def stage_list(rows: Sequence[StagedEntry]) -> str:
    """Put a handling list in its tray, unless it lies there, and return the digest that `publish_list` names."""
    digest = list_digest(rows)
    if not HandlingEntry.objects.filter(digest=digest).exists():
        HandlingEntry.objects.bulk_create(
            HandlingEntry(
                digest=digest, row=number, category=row.category, demand=row.demand, path=row.path,
                procedure=row.procedure, term=row.term, basis=row.basis,
            )
            for number, row in enumerate(rows, start=1)
        )
    return digest


def staged_list(digest: str) -> list[StagedEntry]:
    """Return the rows under `digest` in their order; an empty list where there are none."""
    return [
        StagedEntry(row.category, row.demand, row.path, row.procedure, row.term, row.basis)
        for row in HandlingEntry.objects.filter(digest=digest).order_by("row")
    ]
