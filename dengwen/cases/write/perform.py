"""The one write door: `perform`. Everything that ever happens to a case passes here and nowhere
else.

    lock the cases → check every step → write acts, texts, parties, duties, documents → one ledger
    event per act

Whoever opens the transaction opens its unit of work (`store.unit_of_work`) and the rules of it
(`rulebooks.of_transaction`), and hands both down.
All of it in one transaction; the outermost call is durable, and nothing is acknowledged before its
commit. The same `uid` asked twice is answered twice with the same acts and written once. What
happens to one step is in `running_call`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model

from dengwen.cases import rulebooks
from dengwen.cases.files.held_files import Paper
from dengwen.cases.models import Act, Case
from dengwen.cases.rulebooks import RulesOfCall
from dengwen.cases.write import call_keys
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.check import Refused, check_call
from dengwen.cases.write.first_query import Learned, first_look, learn
from dengwen.cases.write.record import Hand, Written, to_ledger_precision
from dengwen.cases.write.running_call import MAX_STEPS, RunningCall
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.step import Step
from dengwen.law.errors import StatedError
from dengwen.ledger import event_log
from dengwen.organs.models import Organ
from dengwen.store.unit_of_work import UnitOfWork, unit_of_work

MANY = 500
"""Keys asked for in one statement."""
KEYS_ASKED = 16
"""Further cases of a call that are looked for in one statement."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: user and organ ids, and what they can be for the law in that organ
    (`words.CAPACITIES`)."""

    user: int | None
    organ: int | None
    capacities: frozenset[str]

    @staticmethod
    def system() -> By:
        """The worker itself: records breaches and lapses, never decides."""
        return By(None, None, frozenset({"system"}))

    def actor(self, organ: int | None) -> Actor:
        """Return the actor of a step done for `organ` (the own organ where the step names none)."""
        return Actor(self.user, self.organ if organ is None else organ, self.capacities)


@dataclass(frozen=True, slots=True)
class Performed:
    """What a call wrote (or had written before, `repeated`): the acts in order, each with its
    ledger promise."""

    acts: tuple[Written, ...]
    repeated: bool = False

    @property
    def case(self) -> str:
        """The number of the first case touched."""
        return self.acts[0].case


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the door: its steps, who asks for them, at which instant, under which key."""

    steps: tuple[Step, ...]
    by: By
    now: datetime
    uid: str


def perform(
    *steps: Step,
    by: By,
    now: datetime,
    uid: str,
    papers: Sequence[Paper] = (),
    organs: Mapping[int, Organ] | None = None,
) -> Performed:
    """Do steps, all or none, and return their acts with the signed promises of the ledger.

    `now` is the instant the ledger gets them (aware, UTC); `uid` is the caller's idempotency key: a
    repeated call returns the stored acts. `papers` are the files that the acts name by their
    digests: they become files of the first case touched, in the same transaction. Raises `Refused`
    with every reason and its article, `FileError` where a file is no longer here; nothing is
    written then. `organs` are rows the caller has just read, by id. Never called inside itself:
    effects return steps instead.
    """
    check_call(steps, now, uid)
    call = Call(steps, by, now, uid)
    try:
        return _committed(call, papers, organs, hopeful=True)
    except IntegrityError:
        # Two identical calls raced and the other one won: its acts are the answer. Else a row was
        # refused that hardly ever is; done row by row, it is known which and why.
        earlier = stored(uid)
        if earlier is not None:
            return earlier
    return _committed(call, papers, organs, hopeful=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call: the acts, or the exception that rolled it back to its savepoint."""

    performed: Performed | None
    error: Exception | None = None


def perform_many(calls: Iterable[Call]) -> list[Outcome]:
    """Do many independent calls in one commit, for importer, simulator and sweep.

    A call that is refused or fails is rolled back and reported; the others stand. Few fail, so they
    are first done without savepoints; where one fails after it wrote something, all are rolled back
    and done again with them.
    """
    wanted = list(calls)
    try:
        return _together(wanted, savepoints=False)
    except (_Spoiled, IntegrityError):
        return _together(wanted, savepoints=True)


def perform_all(
    calls: Iterable[Call], *, rehearse: bool = False, first: Callable[[], object] = bool
) -> list[Outcome]:
    """Do the calls of one list in one commit, all or none: where one fails, nothing of any is
    written.

    Every call is asked, so that the outcomes name all that fail. With `rehearse` nothing stays in
    any case: a preview asks the door itself. `first` runs inside the transaction before the calls,
    for rows that an act names by digest.
    """
    wanted = list(calls)
    try:
        return _all_or_none(wanted, rehearse, first, savepoints=False)
    except (_Spoiled, IntegrityError):
        return _all_or_none(wanted, rehearse, first, savepoints=True)


def _all_or_none(
    calls: Sequence[Call], rehearse: bool, first: Callable[[], object], *, savepoints: bool
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    try:
        with rulebooks.of_transaction() as rules, transaction.atomic(durable=True):
            rules.begin()
            first()
            outcomes = _batched(calls, rules, savepoints=savepoints)
            if rehearse or any(outcome.error for outcome in outcomes):
                raise _Undone
    except _Undone:
        pass
    return outcomes


class _Undone(Exception):  # noqa: N818  # not a fault: the list is taken back as a whole
    """A list was only rehearsed, or one of its calls failed."""


class _Spoiled(Exception):  # noqa: N818  # not a fault: the calls are done again
    """A call of a batch failed after it had written something, and there was no savepoint to go
    back to."""


def _together(calls: Sequence[Call], *, savepoints: bool) -> list[Outcome]:
    with rulebooks.of_transaction() as rules, transaction.atomic(durable=True):
        rules.begin()
        return _batched(calls, rules, savepoints=savepoints)


def _batched(calls: Sequence[Call], rules: RulesOfCall, *, savepoints: bool) -> list[Outcome]:
    """Do calls in the transaction that is open: one unit of work for all, or one behind each
    savepoint."""
    done = _done_before(calls)
    if savepoints:
        return _Batch(rules, done).take_all(calls)
    with unit_of_work(hopeful=True, expected=_expected(calls)) as unit:
        return _Batch(rules, done, unit).take_all(calls)


def _expected(calls: Sequence[Call]) -> Mapping[type[Model], int]:
    """Return how many cases and acts calls will write at least, where that is worth asking for
    their ids at once.

    Calls that lock a case ask for themselves, for an id taken before a lock may be lower than the
    last one of the case.
    """
    if any(step.case for call in calls for step in call.steps):
        return {}
    acts = sum(len(call.steps) for call in calls)
    opened = sum(not step.ref for call in calls for step in call.steps)
    return {Case: opened, Act: acts} if acts > 1 else {}


def _done_before(calls: Sequence[Call]) -> set[str]:
    """Return the keys of calls that were done earlier."""
    keys = [call.uid for call in calls]
    found: set[str] = set()
    for start in range(0, len(keys), MANY):
        acts = Act.objects.filter(call__in=keys[start : start + MANY])
        found.update(acts.values_list("call", flat=True))
    return found


@dataclass
class _Batch:
    """Calls that share a commit: the rules of it, the keys of those done before, their unit of work
    (None: each has one behind a savepoint), what they read of organs, their unwritten events."""

    rules: RulesOfCall
    done: set[str]
    unit: UnitOfWork | None = None
    organs: dict[int, Organ | None] = field(default_factory=dict)
    events: list[event_log.Prepared] = field(default_factory=list)

    def take_all(self, calls: Sequence[Call]) -> list[Outcome]:
        """Do calls in their order and write their events at the end."""
        outcomes = [self._take(call) for call in calls]
        self._write_events()
        return outcomes

    def _take(self, call: Call) -> Outcome:
        """Do one call and say what became of it; `_Spoiled` where that cannot be undone by
        itself."""
        wrote = False
        try:
            check_call(call.steps, call.now, call.uid)
            if call.uid in self.done:
                self._write_events()
                return Outcome(stored(call.uid))
            with self._own_unit() as unit:
                running = _begun(call, CallContext(unit, self.rules, self.organs))
                try:
                    running.run(call.steps)
                finally:
                    wrote = running.hand.wrote
        except (Refused, StatedError, ValueError, IntegrityError) as error:
            self._failed(error, wrote=wrote)
            return Outcome(None, error)
        self.done.add(call.uid)
        self.events += running.hand.events
        return Outcome(Performed(tuple(running.written)))

    @contextmanager
    def _own_unit(self) -> Iterator[UnitOfWork]:
        """Give the unit of work of a call: that of the batch, or one behind a savepoint."""
        if self.unit is not None:
            yield self.unit
            return
        with transaction.atomic(), unit_of_work() as unit:
            yield unit

    def _failed(self, error: Exception, *, wrote: bool) -> None:
        """Forget what a failed call read; `_Spoiled` where it may have written without a
        savepoint."""
        if self.unit is None:
            self.rules.rolled_back()
            self.organs.clear()
            return
        of_another_call = isinstance(error, IntegrityError)  # perhaps of a row of another call
        if wrote or of_another_call:
            raise _Spoiled from error

    def _write_events(self) -> None:
        """Write the events of the calls done so far."""
        if self.unit is None:
            with unit_of_work() as unit:
                event_log.write(self.events, unit)
        else:
            event_log.write(self.events, self.unit)
        self.events.clear()


def stored(uid: str) -> Performed | None:
    """Return what a call with this key wrote earlier, in all its cases, or None."""
    rows = UnitOfWork().read(Act, "call", uid)
    if not rows:
        return None
    rows = sorted([*rows, *_further(uid)], key=lambda row: row.pk)
    cases = Case.objects.filter(pk__in={row.case_id for row in rows})
    numbers = dict(cases.values_list("pk", "number"))
    acts = tuple(Written.of_row(row, numbers[row.case_id]) for row in rows)
    return Performed(acts, repeated=True)


def _further(uid: str) -> list[Act]:
    """Return the acts that a call wrote in further cases, each under a key derived from the
    call's."""
    rows: list[Act] = []
    for start in range(1, MAX_STEPS, KEYS_ASKED):
        keys = [call_keys.key_of(uid, place) for place in range(start, start + KEYS_ASKED)]
        found = list(Act.objects.filter(call__in=keys))
        rows += found
        if all(row.call != keys[-1] for row in found):
            break
    return rows


def _committed(
    call: Call,
    papers: Sequence[Paper],
    organs: Mapping[int, Organ] | None,
    *,
    hopeful: bool,
) -> Performed:
    """Do one call in a transaction of its own, and learn from it once it is committed."""
    with rulebooks.of_transaction() as rules, transaction.atomic(durable=True):
        performed, learned = _once(call, papers, organs, rules, hopeful=hopeful)
    if learned is not None:
        learn(call.steps, learned)
    return performed


def _once(
    call: Call,
    papers: Sequence[Paper],
    organs: Mapping[int, Organ] | None,
    rules: RulesOfCall,
    *,
    hopeful: bool,
) -> tuple[Performed, Learned | None]:
    """Do one call in the transaction that is open, or return what it wrote earlier."""
    expected = _expected([call]) if hopeful else {}
    with unit_of_work(hopeful=hopeful, expected=expected) as unit:
        look = first_look(unit, call.steps, call.uid, call.by.organ)
        earlier = stored(call.uid) if look.used else None
        if earlier is not None:
            return earlier, None
        known_organs: dict[int, Organ | None] = dict(organs or {})
        if look.organ is not None:
            known_organs.setdefault(look.organ.pk, look.organ)
        rules.begin(look.notices, look.settings)
        context = CallContext(unit, rules, known_organs)
        running = _begun(call, context)
        unit.take_ids(look.ids)
        running.run(call.steps, look.known)
        running.hand_in(papers)
        event_log.write(running.hand.events, unit)
    return Performed(tuple(running.written)), Learned(unit.ids_used(), context.looked)


def _begun(call: Call, context: CallContext) -> RunningCall:
    """Return a call that has done nothing yet."""
    return RunningCall(Hand(call.by, to_ledger_precision(call.now), call.uid, context))
