"""What a running call of the write door has at hand, handed down to checks, papers and effects:
its unit of work, its rules and keys, the cases it holds, organs it read.

Nothing here is kept longer than the call. Effects get it with `Facts` (`call_of`). Whoever makes a
paper or asks for a case outside a call takes one that holds nothing (`outside`) and reads the
database.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from dengwen.access.keys.sealed_values import CaseKeys
from dengwen.access.models import CaseKey
from dengwen.cases.act_records import record_of, view_of
from dengwen.cases.models import Act, Case, Content, Duty
from dengwen.cases.rulebooks import RulesOfCall
from dengwen.law.duties.act_record import ActRecord, CaseView
from dengwen.law.duties.step import Facts
from dengwen.organs.models import Organ, Superior
from dengwen.store.unit_of_work import UnitOfWork, unit_of_work


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


@dataclass(frozen=True, slots=True)
class _KeysOfCall:
    """The rows of case keys as a running call reads and writes them."""

    unit: UnitOfWork

    def of_case(self, case_id: int) -> list[CaseKey]:
        """Return all keys of a case, the oldest first."""
        return self.unit.read(CaseKey, "case_id", case_id)

    def add(self, row: CaseKey) -> None:
        """Put in the key of a case that the call opened."""
        self.unit.add(row)

    def add_unless_made(self, row: CaseKey) -> bool:
        """Write a key at once; False where another worker made it first."""
        return self.unit.insert(row, or_nothing=True)


@dataclass(eq=False)
class CallContext:
    """What one call has at hand. `unit`, `rules` and `organs` may be shared by calls of one commit;
    cases, texts and keys are its own."""

    unit: UnitOfWork = field(default_factory=UnitOfWork)
    rules: RulesOfCall = field(default_factory=RulesOfCall)
    organs: MutableMapping[int, Organ | None] = field(default_factory=dict)
    cases: dict[str, Held] = field(default_factory=dict)
    keys: CaseKeys = field(init=False)
    looked: bool = False
    """Whether the call made a paper before it wrote, to see whether it is the one shown."""
    _texts: dict[int, Texts] = field(default_factory=dict)
    _superiors: dict[int, Sequence[Superior]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read and write keys with the other rows."""
        self.keys = CaseKeys(_KeysOfCall(self.unit))

    # --- organs -----------------------------------------------------------------------------------
    def organ(self, pk: int | None) -> Organ | None:
        """Return an organ by its id, read once; None where there is none."""
        if pk is None:
            return None
        if pk not in self.organs:
            self.organs[pk] = next(iter(self.unit.read(Organ, "id", pk)), None)
        return self.organs[pk]

    def keep_superiors(
        self, organ_id: int, rows: Sequence[Superior], above: Sequence[Organ]
    ) -> None:
        """Keep which organs stand above an organ, and rows of such organs."""
        self._superiors[organ_id] = rows
        for one in above:
            self.organs.setdefault(one.pk, one)

    def superiors_of(self, organ_id: int) -> Sequence[Superior]:
        """Return which organs stand above an organ for which purposes, read once."""
        found = self._superiors.get(organ_id)
        if found is None:
            found = self.unit.read(Superior, "organ", organ_id)
            self.keep_superiors(organ_id, found, ())
        return found

    def organs_changed(self) -> None:
        """Forget what is known of organs: an effect wrote one."""
        self.organs.clear()
        self._superiors.clear()

    # --- texts ------------------------------------------------------------------------------------
    def keep_texts(self, case: int, texts: Texts) -> None:
        """Keep the texts of a case, by its id."""
        self._texts[case] = texts

    def texts_of(self, case: int) -> Texts | None:
        """Return the texts of a case that were read; None where they were not."""
        return self._texts.get(case)

    # --- cases ------------------------------------------------------------------------------------
    def case_numbered(self, number: str) -> Case | None:
        """Return a case by its number: one the call holds as it stands now, else its row."""
        held = self.cases.get(number)
        if held is not None:
            return held.case
        return next(iter(self.unit.read(Case, "number", number)), None)

    def opened_here(self, number: str) -> bool:
        """Say whether the call opened the case with this number."""
        held = self.cases.get(number)
        return held is not None and 0 < held.written == len(held.records)

    def acts_of(self, case: Case) -> Sequence[ActRecord]:
        """Return all acts of a case in the order they were recorded."""
        held = self.cases.get(case.number)
        if held is not None:
            return held.records
        rows = self.unit.read(Act, "case", case.pk, "seq")
        return [record_of(row, case.kind, self.rules) for row in rows]

    def view_of_case(self, case: Case) -> CaseView:
        """Return how a case stands; nobody may change what the call holds."""
        held = self.cases.get(case.number)
        if held is not None:
            return held.view
        return view_of(case.kind, self.acts_of(case), rules=self.rules)


def call_of(facts: Facts) -> CallContext:
    """Return the running call an effect belongs to."""
    if not isinstance(facts.call, CallContext):
        raise TypeError(f"act {facts.act_uid}: its effects run in no call of the write door")
    return facts.call


def outside() -> CallContext:
    """Return what somebody has at hand who runs no call: nothing is held or waits."""
    return CallContext()


def stored_organ(pk: int | None) -> Organ | None:
    """Return an organ by its id for a door that is about to call; None where there is none."""
    return outside().organ(pk)


@contextmanager
def writing_outside() -> Iterator[CallContext]:
    """Let a program write derived rows in its own transaction (`rederive`); the end of the block
    writes them."""
    with unit_of_work() as unit:
        yield CallContext(unit)
