"""What every call of the write door asks first, in one wait: was its key used, how do the rules
stand, its case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model

from dengwen.access.models import CaseKey
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Content, Duty
from dengwen.cases.write.papers.issue import ABOVE
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ, Superior
from dengwen.store.driver import kept
from dengwen.store.row_ids import Ids, ahead_statement
from dengwen.store.row_queries import Wanted
from dengwen.store.unit_of_work import UnitOfWork

_FIRST_LOOK = f"SELECT EXISTS (SELECT 1 FROM cases_act WHERE call = %s), {rulebooks.STAND}"  # noqa: S608  # our own
"""Whether a key was used before, and how calendars and local settings stand: what every call
asks first."""
_OF_CASE = "(SELECT id FROM cases_case WHERE number = %s)"
_HOLDER = "(SELECT holder_id FROM cases_case WHERE number = %s)"
_ABOVE_HOLDER = ABOVE.replace("%s", _HOLDER)


@dataclass(frozen=True, slots=True)
class Known:
    """The one case a call names, locked and read with the first look: its row (None: no such case),
    acts, duties, keys."""

    case: Case | None
    acts: list[Act]
    duties: list[Duty]
    keys: list[CaseKey]
    texts: list[Content] | None = None
    """Read with the others where calls of these acts make a paper before they write; so are the
    superiors of the holder."""
    superiors: Sequence[Superior] = ()
    above: Sequence[Organ] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What a call sees first: whether its key was used, how calendar notices and settings stand,
    and the case it names."""

    used: bool
    notices: str
    settings: str
    known: Known | None = None
    ids: Mapping[type[Model], Ids] = field(default_factory=dict)
    organ: Organ | None = None


def first_look(unit: UnitOfWork, steps: Sequence[Step], uid: str, organ: int | None) -> Look:
    """Ask everything a call needs to begin, together: on PostgreSQL it is waited for once; `organ`
    is who acts.

    What stands behind the lock of the case is read after it, in statements of their own.
    """
    named = named_cases(steps)
    habits = kept(_Habits)
    taken = None if len(named) > 1 else ahead_statement(habits.usual(steps))
    wanted: list[Wanted[Any]] = []
    if len(named) == 1:
        wanted = _of_case(named.pop(), organ, makes_paper=_key(steps) in habits.look_first)
    statements: list[tuple[str, Sequence[Any]]] = [(_FIRST_LOOK, [uid])]
    statements += [one.statement() for one in wanted]
    if taken is not None:
        statements.append(taken.asked)
    answers = unit.run_all(statements)
    used, notices, settings = answers[0][0]
    ids = taken.ids(answers[-1]) if taken is not None else {}
    look = Look(bool(used), notices, settings, ids=ids)
    if not wanted:
        return look
    rows = [one.rows(answer) for one, answer in zip(wanted, answers[1:], strict=False)]
    return _with_case(look, rows)


def _of_case(number: str, organ: int | None, *, makes_paper: bool) -> list[Wanted[Any]]:
    """Return what is asked about the one case a call names, its lock first; `_with_case` reads the
    answers in the same order."""
    wanted: list[Wanted[Any]] = [
        Wanted(Case, "number", number, lock=True),
        Wanted(Act, "case", number, "seq", via=_OF_CASE),
        Wanted(Duty, "case", number, via=_OF_CASE),
        Wanted(CaseKey, "case_id", number, via=_OF_CASE),
        Wanted(Organ, "id", organ or 0),
    ]
    if makes_paper:
        wanted += [
            Wanted(Content, "case", number, "act", via=_OF_CASE),
            Wanted(Superior, "organ", number, via=_HOLDER),
            Wanted(Organ, "id", number, via=_ABOVE_HOLDER),
        ]
    return wanted


def _with_case(look: Look, rows: Sequence[list[Any]]) -> Look:
    """Return the look with the case that was read, in the order of `_of_case`."""
    cases, acts, duties, keys, organs, *of_paper = rows
    case = next(iter(cases), None)
    known = Known(case, acts, duties, keys, *of_paper)
    return replace(look, known=known, organ=next(iter(organs), None))


_Acts = tuple[tuple[str, str], ...]
MOST_USED = 1000
"""Sorts of calls a connection remembers before it begins anew."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a call teaches of calls of the same acts: how many ids of which tables it needed, its
    effects included, and whether it made a paper before it wrote."""

    ids: Mapping[type[Model], int]
    looked: bool


@dataclass(slots=True)
class _Habits:
    """What a connection has learned of calls that were committed: it spares waits and decides
    nothing."""

    used: dict[_Acts, Mapping[type[Model], int]] = field(default_factory=dict)
    look_first: set[_Acts] = field(default_factory=set)

    def usual(self, steps: Sequence[Step]) -> Mapping[type[Model], int]:
        """Return how many ids of which tables a call will probably need; those nobody uses are
        gaps."""
        return self.used.get(_key(steps)) or {Act: len(steps)}


def _key(steps: Sequence[Step]) -> _Acts:
    return tuple((step.kind, step.act) for step in steps)


def learn(steps: Sequence[Step], learned: Learned) -> None:
    """Keep what a call that is committed taught, with the connection it ran on."""
    habits = kept(_Habits)
    if len(habits.used) >= MOST_USED:
        habits.used.clear()
        habits.look_first.clear()
    habits.used[_key(steps)] = learned.ids
    if learned.looked:
        habits.look_first.add(_key(steps))


def named_cases(steps: Sequence[Step]) -> set[str]:
    """Return the numbers of the cases that steps name."""
    named = {step.case for step in steps if step.case}
    for step in steps:
        named.update(number for _, number in step.links if number)
    return named
