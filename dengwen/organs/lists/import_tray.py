"""The tray for long division lists: rows wait here for the act that names their digest and count.

An act row holds codes, dates and digests only, never twelve thousand lines. So the list is staged,
shown as a preview, and the act `import_divisions` names what was shown: a list that was changed in
between is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dengwen.organs.models import Division, DivisionStage, HandlingEntry

Held = Mapping[str, Sequence[Division]]
"""What the registry holds of divisions: the rows of each code."""


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
        return (
            f"{self.code}|{self.name}|{self.level}|{self.parent_code}|"
            f"{self.valid_from.isoformat()}|{end}|{heirs}"
        )


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a row cannot follow on what the registry holds of its code, and the mend, in both
    languages."""

    code: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str


def held() -> dict[str, list[Division]]:
    """Return every row of every division that the registry holds, by code."""
    found: dict[str, list[Division]] = {}
    for row in Division.objects.order_by("valid_from", "pk"):
        found.setdefault(row.code, []).append(row)
    return found


def clash(row: StagedDivision, rows: Sequence[Division]) -> Clash | None:
    """Return why `row` cannot be taken over beside the `rows` held of its code; None where it can.

    Asked by the preview of a list and by the act that takes it over, so that both always say the
    same.
    """
    last = last_of(rows)
    if last is None or says_nothing_new(row, last):
        return None
    if last.valid_to is None and row.valid_from < last.valid_from:
        return Clash(
            "later_row",
            f"区划{row.code}已有自{last.valid_from}起的登记",
            f"division {row.code} has an entry from {last.valid_from} already",
            f"起日写{last.valid_from}或者以后的日期",
            f"let it begin on {last.valid_from} or later",
        )
    if last.valid_to is not None and row.valid_from < last.valid_to:
        return Clash(
            "overlaps",
            f"区划{row.code}登记到{last.valid_to}为止，与自{row.valid_from}起的重叠",
            f"division {row.code} is registered until {last.valid_to}, which overlaps with "
            f"one from {row.valid_from}",
            f"起日写{last.valid_to}或者以后的日期",
            f"let it begin on {last.valid_to} or later",
        )
    return None


def last_of(rows: Sequence[Division]) -> Division | None:
    """Return the last of the rows held of a code that ever applied: the one without an end,
    where there is one."""
    applied = [one for one in rows if one.valid_to is None or one.valid_to > one.valid_from]
    return max(applied, key=lambda one: one.valid_from, default=None)


def same(row: StagedDivision, held: Division) -> bool:
    """Say whether a row and what is held have the same name, level and parent."""
    return (held.name, held.level, held.parent_code) == (row.name, row.level, row.parent_code)


def says_nothing_new(row: StagedDivision, held: Division) -> bool:
    """Say whether all that a row says is held already, so that it changes nothing."""
    return same(row, held) and row.valid_to == held.valid_to


def digest_of(rows: Sequence[StagedDivision]) -> str:
    """Return the SHA-256 of the list in its order, as hex."""
    return hashlib.sha256("\n".join(row.line() for row in rows).encode()).hexdigest()


def stage(rows: Sequence[StagedDivision]) -> str:
    """Put the list in the tray, replacing the same list if it lies there, and return its digest."""
    digest = digest_of(rows)
    DivisionStage.objects.filter(digest=digest).delete()
    DivisionStage.objects.bulk_create(
        DivisionStage(
            digest=digest,
            row=number,
            code=row.code,
            name=row.name,
            level=row.level,
            parent_code=row.parent_code,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successors=list(row.successors),
        )
        for number, row in enumerate(rows, start=1)
    )
    return digest


def staged(digest: str) -> list[StagedDivision]:
    """Return the rows that wait under `digest`, in their order; an empty list where there are
    none."""
    return [
        StagedDivision(
            row.code,
            row.name,
            row.level,
            row.parent_code,
            row.valid_from,
            row.valid_to,
            tuple(row.successors),
        )
        for row in DivisionStage.objects.filter(digest=digest).order_by("row")
    ]


@dataclass(frozen=True, slots=True)
class StagedEntry:
    """One row of a list for classified handling: demand type, lawful path, procedure, time
    limit, basis."""

    category: str
    demand: str
    path: str
    procedure: str
    term: str
    basis: str

    def line(self) -> str:
        """Return the canonical line the digest covers."""
        return (
            f"{self.category}|{self.demand}|{self.path}|{self.procedure}|{self.term}|{self.basis}"
        )


def list_digest(rows: Sequence[StagedEntry]) -> str:
    """Return the SHA-256 of a handling list in its order, as hex."""
    return hashlib.sha256("\n".join(row.line() for row in rows).encode()).hexdigest()


def stage_list(rows: Sequence[StagedEntry]) -> str:
    """Put a handling list in its tray, unless it lies there, and return the digest that
    `publish_list` names."""
    digest = list_digest(rows)
    if not HandlingEntry.objects.filter(digest=digest).exists():
        HandlingEntry.objects.bulk_create(
            HandlingEntry(
                digest=digest,
                row=number,
                category=row.category,
                demand=row.demand,
                path=row.path,
                procedure=row.procedure,
                term=row.term,
                basis=row.basis,
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
