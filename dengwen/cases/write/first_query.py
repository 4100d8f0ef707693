"""What every call of the write door asks first, in one wait: was its key used, how do the rules
stand, its case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from dengwen.access.models import CaseKey
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Content, Duty
from dengwen.cases.write.call_context import has_looked
from dengwen.cases.write.issue import ABOVE
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ, Superior
from dengwen.store.driver import run_all
from dengwen.store.row_ids import Ids, ahead_statement
from dengwen.store.row_queries import Wanted
from dengwen.store.rows import ids_used

_FIRST_LOOK = f"SELECT EXISTS (SELECT 1 FROM cases_act WHERE call = %s), {rulebooks.NEWEST}"  # noqa: S608  # our own
"""Whether a key was used before, and how calendars and local settings stand: what every call
asks first."""
_OF_CASE = "(SELECT id FROM cases_case WHERE number = %s)"
_HOLDER = "(SELECT holder_id FROM cases_case WHERE number = %s)"
_ABOVE_HOLDER = ABOVE.replace("%s", _HOLDER)


@dataclass(frozen=True, slots=True)
class Known:
    """The one case a call names, locked and read with the first look: its row (None: no such case),
    acts, duties,
    keys."""

    case: Case | None
    acts: list[Act]
    duties: list[Duty]
    keys: list[CaseKey]
    texts: list[Content] | None = None
    """Read with the others where calls of these acts make a paper before they write; so are the
    superiors of the
    holder."""
    superiors: Sequence[Superior] = ()
    above: Sequence[Organ] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What a call sees first: whether its key was used, how calendars and settings stand, and
    the case it names."""

    used: bool
    notice: int
    settings: str
    known: Known | None = None
    ids: Mapping[type[Model], Ids] = field(default_factory=dict)
    organ: Organ | None = None


def first_look(steps: Sequence[Step], uid: str, organ: int | None) -> Look:
    """Ask everything a call needs to begin, together: on PostgreSQL it is waited for once; `organ`
    is who acts.

    What stands behind the lock of the case is read after it, in statements of their own.
    """
    named = named_cases(steps)
    asked: list[tuple[str, Sequence[Any]]] = [(_FIRST_LOOK, [uid])]
    taken = None if len(named) > 1 else ahead_statement(_usual(steps))
    if len(named) != 1:
        first, *ids = run_all([*asked, *([taken.asked] if taken else [])])
        used, notice, stand = first[0]
        return Look(bool(used), notice or 0, stand, ids=taken.ids(ids[0]) if taken else {})
    number = named.pop()
    case = Wanted(Case, "number", number, lock=True)
    acts = Wanted(Act, "case", number, "seq", via=_OF_CASE)
    duties = Wanted(Duty, "case", number, via=_OF_CASE)
    keys = Wanted(CaseKey, "case_id", number, via=_OF_CASE)
    office = Wanted(Organ, "id", organ or 0)
    texts = Wanted(Content, "case", number, "act", via=_OF_CASE)
    superiors, above = (
        Wanted(Superior, "organ", number, via=_HOLDER),
        Wanted(Organ, "id", number, via=_ABOVE_HOLDER),
    )
    shown = _key(steps) in _shown
    wanted: tuple[Wanted[Any], ...] = (
        case,
        acts,
        duties,
        keys,
        office,
        *((texts, superiors, above) if shown else ()),
    )
    answers = run_all(
        [*asked, *(one.statement() for one in wanted), *([taken.asked] if taken else [])]
    )
    used, notice, stand = answers[0][0]
    known = Known(
        next(iter(case.rows(answers[1])), None),
        acts.rows(answers[2]),
        duties.rows(answers[3]),
        keys.rows(answers[4]),
        *(
            (texts.rows(answers[6]), superiors.rows(answers[7]), above.rows(answers[8]))
            if shown
            else ()
        ),
    )
    return Look(
        bool(used),
        notice or 0,
        stand,
        known,
        taken.ids(answers[-1]) if taken else {},
        next(iter(office.rows(answers[5])), None),
    )


_Acts = tuple[tuple[str, str], ...]
_used: dict[_Acts, Mapping[type[Model], int]] = {}
"""Ids that the last call of the same acts needed, its effects included."""
_shown: set[_Acts] = set()
"""Calls whose acts make a paper before they write, to see whether it is the one that was shown."""
MOST_USED = 1000


def _usual(steps: Sequence[Step]) -> Mapping[type[Model], int]:
    """Return how many ids of which tables a call will probably need; those nobody uses are gaps."""
    return _used.get(_key(steps)) or {Act: len(steps)}


def _key(steps: Sequence[Step]) -> _Acts:
    return tuple((step.kind, step.act) for step in steps)


def remember(steps: Sequence[Step]) -> None:
    """Keep how many ids the running call needed, and whether it made a paper first."""
    if len(_used) >= MOST_USED:
        _used.clear()
        _shown.clear()
    _used[_key(steps)] = ids_used()
    if has_looked():
        _shown.add(_key(steps))


def named_cases(steps: Sequence[Step]) -> set[str]:
    """Return the numbers of the cases that steps name."""
    return {s.case for s in steps if s.case} | {n for s in steps for _, n in s.links if n}
