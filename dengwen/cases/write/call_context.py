"""What a running call of the write door has at hand for checks, papers and effects: cases it holds,
organs it read.

Whoever asks here outside a call reads the database. Nothing here is kept longer than the call.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case, Content, Duty
from dengwen.law.duties.act_record import ActRecord, CaseView
from dengwen.organs.models import Organ, Superior
from dengwen.store.row_queries import read


@dataclass
class Held:
    """A case in the hands of a running call: its row, its acts so far with their uids, how it
    stands after them, and its duty rows by rule and opening act (None until somebody needs them).

    `key` and `now` are under which key and at which instant the call writes it, `written` how many
    acts it wrote there.
    """

    case: Case
    records: list[ActRecord]
    view: CaseView
    duties: dict[tuple[str, int], Duty] | None = None
    uids: dict[int, str] = field(default_factory=dict)
    key: str = ""
    now: datetime | None = None
    written: int = 0


@dataclass(slots=True)
class Texts:
    """The texts of a case as one question found them: after which acts (ids), their rows, and
    what they say."""

    known: frozenset[int]
    rows: Sequence[Content]
    said: dict[str, str] | None = None
    """None until they are opened: that is done before anything of the step is written, or not
    from these rows."""


@dataclass(slots=True)
class _Kept:
    cases: MutableMapping[str, Held]
    organs: MutableMapping[int, Organ | None]
    texts: dict[int, Texts] = field(default_factory=dict)
    superiors: dict[int, Sequence[Superior]] = field(default_factory=dict)
    shown: bool = False


_call: ContextVar[_Kept | None] = ContextVar("dengwen_cases_within_call", default=None)


@contextmanager
def within_call(
    cases: MutableMapping[str, Held], organs: MutableMapping[int, Organ | None]
) -> Iterator[None]:
    """Let everybody inside the block ask for the cases a call holds, by number, and for organs
    it has read, by id."""
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


def keep_texts(case: int, texts: Texts) -> None:
    """Let a running call know the texts of a case, by its id."""
    if (kept := _call.get()) is not None:
        kept.texts[case] = texts


def texts_of(case: int) -> Texts | None:
    """Return the texts of a case that a running call has read; None where it has not."""
    kept = _call.get()
    return None if kept is None else kept.texts.get(case)


def keep_superiors(organ_id: int, rows: Sequence[Superior], above: Sequence[Organ]) -> None:
    """Let a running call know which organs stand above an organ, and rows of such organs."""
    if (kept := _call.get()) is not None:
        kept.superiors[organ_id] = rows
        for one in above:
            kept.organs.setdefault(one.pk, one)


def superiors_of(organ_id: int) -> Sequence[Superior]:
    """Return which organs stand above an organ for which purposes, read once in a call."""
    kept = _call.get()
    found = None if kept is None else kept.superiors.get(organ_id)
    if found is None:
        found = read(Superior, "organ", organ_id)
        keep_superiors(organ_id, found, ())
    return found


def organs_changed() -> None:
    """Forget what the running call knows of organs: an effect wrote one."""
    if (kept := _call.get()) is not None:
        kept.organs.clear()
        kept.superiors.clear()


def looked() -> None:
    """Note that the running call makes a paper before it writes, to see whether it is the one
    that was shown."""
    if (kept := _call.get()) is not None:
        kept.shown = True


def has_looked() -> bool:
    """Say whether the running call made a paper before it wrote."""
    kept = _call.get()
    return kept is not None and kept.shown


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
