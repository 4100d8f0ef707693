"""What a running call of the write door has at hand for checks, papers and effects: cases it holds, organs it read.

Whoever asks here outside a call reads the database. Nothing here is kept longer than the call.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from dengwen.cases.models import Case, Duty
from dengwen.cases.records import records_of, view_of
from dengwen.law.record import ActRecord, CaseView
from dengwen.ledger.row_reading import read
from dengwen.organs.models import Organ


@dataclass
class Held:
    """A case in the hands of a running call: its row, its acts so far with their uids, how it stands after them, and
    its duty rows by rule and opening act (None until somebody needs them).

    `key` and `now` are under which key and at which instant the call writes it, `written` how many acts it wrote there.
    """

    case: Case
    records: list[ActRecord]
    view: CaseView
    duties: dict[tuple[str, int], Duty] | None = None
    uids: dict[int, str] = field(default_factory=dict)
    key: str = ""
    now: datetime | None = None
    written: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    cases: MutableMapping[str, Held]
    organs: MutableMapping[int, Organ | None]


_call: ContextVar[_Kept | None] = ContextVar("dengwen_cases_within_call", default=None)


@contextmanager
def within_call(cases: MutableMapping[str, Held], organs: MutableMapping[int, Organ | None]) -> Iterator[None]:
    """Let everybody inside the block ask for the cases a call holds, by number, and for organs it has read, by id."""
    token = _call.set(_Kept(cases, organs))
    try:
        yield
    finally:
        _call.reset(token)


def organ(pk: int | None) -> Organ | None:
    """Return an organ by its id, read once in a call; None where there is none."""
    if pk is None:
        return None
    kept = _call.get()
    if kept is None:
        return next(iter(read(Organ, "id", pk)), None)
    if pk not in kept.organs:
        kept.organs[pk] = next(iter(read(Organ, "id", pk)), None)
    return kept.organs[pk]


def case_numbered(number: str) -> Case | None:
    """Return a case by its number: one the call holds as it stands now, else its row."""
    kept = _call.get()
    held = kept.cases.get(number) if kept is not None else None
    return held.case if held is not None else next(iter(read(Case, "number", number)), None)


def opened_here(number: str) -> bool:
    """Say whether the running call opened the case with this number."""
    kept = _call.get()
    held = kept.cases.get(number) if kept is not None else None
    return held is not None and 0 < held.written == len(held.records)


def acts_of(case: Case) -> Sequence[ActRecord]:
    """Return all acts of a case in the order they were recorded."""
    kept = _call.get()
    held = kept.cases.get(case.number) if kept is not None else None
    return records_of(case) if held is None else held.records


def view_of_case(case: Case) -> CaseView:
    """Return how a case stands; nobody may change what the call holds."""
    kept = _call.get()
    held = kept.cases.get(case.number) if kept is not None else None
    return view_of(case.kind, records_of(case)) if held is None else held.view
