"""The one write door: `perform`. Everything that ever happens to a case passes here and nowhere
else.

    lock the cases → check every step → write acts, texts, parties, duties, documents → one ledger
    event per act

All of it in one transaction; the outermost call is durable, and nothing is acknowledged before its
commit. The
same `uid` asked twice is answered twice with the same acts and written once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.module_loading import import_string

from dengwen.access.keys import sealed_values
from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, view_of
from dengwen.cases.files.held_files import Paper, hand_in
from dengwen.cases.models import Act, Case
from dengwen.cases.write import call_keys
from dengwen.cases.write.call_context import (
    Held,
    Texts,
    keep_superiors,
    keep_texts,
    organs_changed,
    within_call,
)
from dengwen.cases.write.check import Refused, check, check_call
from dengwen.cases.write.correction import stated
from dengwen.cases.write.draft import must_be_shown
from dengwen.cases.write.entry_on_behalf import actor_of, stand_in, with_writer
from dengwen.cases.write.first_query import Known, first_look, named_cases, remember
from dengwen.cases.write.recipients import tell
from dengwen.cases.write.record import Hand, Written, close_case_row, open_case, write_act
from dengwen.cases.write.references import by_registry
from dengwen.law.duties.act_record import CORRECT, CaseView, civil
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.step import Effect, Facts, Step
from dengwen.law.errors import StatedError
from dengwen.law.packs.rules import ActRule
from dengwen.ledger import event_log
from dengwen.organs.models import Organ
from dengwen.store.row_queries import read
from dengwen.store.rows import given, locked, together

MAX_STEPS = 200
"""Steps of one call, effects included: more means effects that feed each other."""
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
    repeated call
    returns the stored acts. `papers` are the files that the acts name by their digests: they become
    files of the first
    case touched, in the same transaction. Raises `Refused` with every reason and its article,
    `FileError` where a file
    is no longer here; nothing is written then. `organs` are rows the caller has just read, by id.
    Never called inside itself: effects return steps instead.
    """
    check_call(steps, now, uid)
    try:
        with rulebooks.until_commit(), transaction.atomic(durable=True):
            return _once(steps, by, now, uid, papers, organs, hopeful=True)
    except IntegrityError:
        # Two identical calls raced and the other one won: its acts are the answer. Else a row was
        # refused that hardly
        # ever is; done row by row, it is known which and why.
        earlier = stored(uid)
        if earlier is not None:
            return earlier
    with rulebooks.until_commit(), transaction.atomic(durable=True):
        return _once(steps, by, now, uid, papers, organs, hopeful=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One independent call of `perform_many`."""

    steps: tuple[Step, ...]
    by: By
    now: datetime
    uid: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call: the acts, or the exception that rolled it back to its savepoint."""

    performed: Performed | None
    error: Exception | None = None


def perform_many(calls: Iterable[Call]) -> list[Outcome]:
    """Do many independent calls in one commit, for importer, simulator and sweep.

    A call that is refused or fails is rolled back and reported; the others stand. Few fail, so they
    are first done
    without savepoints; where one fails after it wrote something, all are rolled back and done again
    with them.
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
    any case: a preview
    asks the door itself. `first` runs inside the transaction before the calls, for rows that an act
    names by digest.
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
        with rulebooks.until_commit(), transaction.atomic(durable=True), rulebooks.within_call():
            first()
            outcomes = _batched(calls, savepoints=savepoints)
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
    with rulebooks.until_commit(), transaction.atomic(durable=True), rulebooks.within_call():
        return _batched(calls, savepoints=savepoints)


def _batched(calls: Sequence[Call], *, savepoints: bool) -> list[Outcome]:
    """Do calls in the transaction that is open."""
    batch = _Batch(savepoints, _done_before(calls))
    with nullcontext() if savepoints else together(hopeful=True, expected=_expected(calls)):
        outcomes = [batch.take(call) for call in calls]
    batch.write_events()
    return outcomes


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
        found.update(
            Act.objects.filter(call__in=keys[start : start + MANY]).values_list("call", flat=True)
        )
    return found


@dataclass
class _Batch:
    """Calls that share a commit: the keys of those done before, what they read of organs, their
    unwritten events."""

    savepoints: bool
    done: set[str]
    organs: dict[int, Organ | None] = field(default_factory=dict)
    events: list[event_log.Prepared] = field(default_factory=list)

    def take(self, call: Call) -> Outcome:
        """Do one call and say what became of it; `_Spoiled` where that cannot be undone by
        itself."""
        running = _Call(Hand(call.by, _millis(call.now), call.uid, self.organs))
        try:
            check_call(call.steps, call.now, call.uid)
            if call.uid in self.done:
                self.write_events()
                return Outcome(stored(call.uid))
            with (
                transaction.atomic() if self.savepoints else nullcontext(),
                sealed_values.within_call(),
                within_call(running.open, self.organs),
                together(),
            ):
                running.run(call.steps)
        except (Refused, StatedError, ValueError, IntegrityError) as error:
            if self.savepoints:
                rulebooks.rolled_back()
                self.organs.clear()
            elif running.hand.wrote or isinstance(
                error, IntegrityError
            ):  # perhaps of a row of another call
                raise _Spoiled from error
            return Outcome(None, error)
        self.done.add(call.uid)
        self.events += running.hand.events
        return Outcome(Performed(tuple(running.written)))

    def write_events(self) -> None:
        """Write the events of the calls done so far."""
        event_log.write(self.events)
        self.events.clear()


def stored(uid: str) -> Performed | None:
    """Return what a call with this key wrote earlier, in all its cases, or None."""
    rows = read(Act, "call", uid)
    if not rows:
        return None
    rows = sorted([*rows, *_further(uid)], key=lambda row: row.pk)
    numbers = dict(
        Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "number")
    )
    return Performed(
        tuple(Written.of_row(row, numbers[row.case_id]) for row in rows), repeated=True
    )


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


def _once(
    steps: Sequence[Step],
    by: By,
    now: datetime,
    uid: str,
    papers: Sequence[Paper],
    organs: Mapping[int, Organ] | None,
    *,
    hopeful: bool,
) -> Performed:
    look = first_look(steps, uid, by.organ)
    earlier = stored(uid) if look.used else None
    if earlier is not None:
        return earlier
    call = _Call(Hand(by, _millis(now), uid, dict(organs or {})))
    if look.organ is not None:
        call.hand.organs.setdefault(look.organ.pk, look.organ)
    expected = _expected([Call(tuple(steps), by, now, uid)]) if hopeful else {}
    with (
        rulebooks.within_call(look.notice, look.settings),
        sealed_values.within_call(),
        within_call(call.open, call.hand.organs),
        together(hopeful=hopeful, expected=expected),
    ):
        given(look.ids)
        call.run(steps, look.known)
        if papers:
            first = call.open[call.written[0].case]
            hand_in(first.case, first.key, papers, call.hand.now)
        event_log.write(call.hand.events)
        remember(steps)
    return Performed(tuple(call.written))


def _millis(now: datetime) -> datetime:
    """Cut an instant to what the ledger records."""
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass
class _Call:
    """One running call: what it has at hand, the cases it holds, and what it has written."""

    hand: Hand
    written: list[Written] = field(default_factory=list)
    open: dict[str, Held] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    about: str = ""
    """The case that keeps the caller's key: the first one named, else the first one opened."""
    further: int = 0
    instants: set[datetime] = field(default_factory=set)

    def run(self, steps: Sequence[Step], known: Known | None = None) -> None:
        """Do the steps in order, each followed at once by the steps its effects ask for.

        `known` is the one case they name, for a caller that has locked and read it.
        """
        self.about = next((step.case for step in steps if step.case), "")
        if known is None:
            self.lock(steps)
        elif known.case is not None:
            self._hold(known.case, known)
        waiting = deque((step, 0) for step in steps)
        while waiting:
            step, depth = waiting.popleft()
            more = self.do(step, by_effect=depth > 0)
            waiting.extendleft((m, depth + 1) for m in reversed(more))
            if len(self.written) + len(waiting) > MAX_STEPS:
                raise ValueError(
                    f"{step.act}: effects ask for more than {MAX_STEPS} steps; they feed each other"
                )

    def lock(self, steps: Sequence[Step]) -> None:
        """Lock every existing case the steps name, in order of id, so that two calls never wait
        for each other."""
        numbers = named_cases(steps)
        if not numbers:
            return
        if len(numbers) == 1:
            found = read(Case, "number", numbers.pop(), lock=True)
        else:
            found = list(Case.objects.select_for_update().filter(number__in=numbers).order_by("id"))
        locked()
        for case in found:
            self._hold(case)

    def _hold(self, case: Case, known: Known | None = None) -> Held:
        acts = read(Act, "case", case.pk, "seq") if known is None else known.acts
        records, uids = (
            [record_of(row, case.kind) for row in acts],
            {row.pk: row.uid for row in acts},
        )
        duties = None
        if known is not None:
            duties = {(d.rule, d.opened_by_id): d for d in known.duties}
            sealed_values.keys_read(case.pk, known.keys)
            if known.texts is not None:
                keep_texts(case.pk, Texts(frozenset(uids), known.texts))
                keep_superiors(case.holder_id or 0, known.superiors, known.above)
        self.open[case.number] = Held(case, records, view_of(case.kind, records), duties, uids)
        return self.open[case.number]

    def _find(self, step: Step, *, by_effect: bool) -> Held:
        number = step.case or self.named.get(step.ref, "")
        if not number:
            first = not self.about and not self.written
            hand = self.hand if first else self._next_hand(own_instant=not by_effect)
            return Held(open_case(step, hand), [], CaseView(step.kind), key=hand.call, now=hand.now)
        if number not in self.open:
            case = Case.objects.select_for_update().filter(number=number).first()
            locked()
            if case is None:
                raise Refused.no_case(step, number)
            self._hold(case)
        held = self.open[number]
        if not held.key:
            hand = self.hand if number == self.about else self._next_hand(own_instant=False)
            held.key, held.now = hand.call, hand.now
        return held

    def _next_hand(self, *, own_instant: bool) -> Hand:
        """Return the hand for one more case: under a key of its own, and for a part at an
        instant of its own."""
        self.further += 1
        uid, now = self.hand.call, self.hand.now
        self.instants.add(now)
        instant = (
            call_keys.instant_of(uid, self.further, now, self.instants) if own_instant else now
        )
        return replace(self.hand, call=call_keys.key_of(uid, self.further), now=instant)

    def do(self, step: Step, *, by_effect: bool = False) -> Sequence[Step]:
        """Check one step, write it, run its effects, and return the steps they ask for.

        A step an effect asked for follows from law, not from the caller's capacity, so nobody's is
        asked for.
        """
        by = self.hand.by
        behalf = not by_effect and by.organ is not None and step.organ not in (None, by.organ)
        if behalf and not Case.objects.filter(number=step.case).exists():
            raise Refused.wrong_organ(
                step
            )  # as where it is another's: who may not know of a case learns nothing
        held = self._find(step, by_effect=by_effect)
        now = held.now or self.hand.now
        day = civil(step.occurred_at or now)
        installed = rulebooks.in_force(day, held.case.place, now)
        if behalf:
            kind = installed.book.kinds.get(held.case.kind)
            named = kind.acts.get(step.act) if kind else None
            if why := stand_in(step, named, by.organ, by.capacities, held.view, civil(now)):
                raise Refused(step, why)
        step = by_registry(
            step, held.view, installed.book, held.case.kind, by.actor(step.organ).organ, day
        )
        rule = check(
            step,
            held.view,
            held.records,
            held.case,
            installed.book,
            actor_of(step.organ or 0) if behalf else by.actor(step.organ),
            now,
            by_effect=by_effect,
            writer=by.user,
        )
        if rule.approves and not step.imported and not by_effect:
            must_be_shown(step, rule, held, installed.book, day)
        step = with_writer(step, by.organ) if behalf else step
        if step.act == CORRECT:
            step = stated(step, installed.book.kind(held.case.kind), held.records, held.view, now)
        self.hand.wrote = True
        hand = replace(self.hand, call=held.key, now=now)
        act, written = write_act(step, rule, held, installed, hand, f"{held.key}/{held.written}")
        held.written += 1
        self.open[held.case.number] = held
        if step.open_as:
            self.named[step.open_as] = held.case.number
        self.written.append(written)
        facts = Facts(
            act_id=act.pk,
            act_uid=act.uid,
            case_id=held.case.pk,
            case=held.case.number,
            organ=act.organ_id,
            actor=by.user,
            day=civil(act.occurred_at),
            recorded_at=now,
        )
        more = self._run_effects(rule, step, facts)
        close_case_row(held.case)
        tell(held.case, act, held.view, installed.book.kind(held.case.kind), rule)
        return more

    def _run_effects(self, rule: ActRule, step: Step, facts: Facts) -> list[Step]:
        """Run the effects of an act and return the steps they ask for; what they may have
        changed is asked anew."""
        more = [m for name in rule.effects for m in _effect(name)(step, facts)]
        for name in rule.effects:
            if name.startswith("editions."):
                rulebooks.calendars_changed()
            elif name.startswith("organs."):
                self.hand.organs.clear()
                organs_changed()
        return more


def _effect(name: str) -> Effect:
    found: Effect = import_string(settings.EFFECTS[name])
    return found
