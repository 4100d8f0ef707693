"""One run of the load: plans and scripts walked day by day, the sweep first.

It goes as the worker of an office would have gone; each matter moves at most once in a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Protocol

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Duty
from dengwen.cases.wall.system import due_before
from dengwen.cases.write.check import Refused, needs_second
from dengwen.cases.write.perform import By, Call, Outcome, Performed, perform_many
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.law.duties.act_record import CHINA, civil
from dengwen.law.errors import StatedError
from dengwen.practice.district.staff import Staff
from dengwen.practice.load.move_calls import RUNNING, Caller, Item
from dengwen.practice.load.roads import ANEW_CASE, LAPSED, NEW_CASE, PETITION, RECHECK, REVIEW, Move
from dengwen.practice.load.timetable_plan import Plan

OPENED_BY = {"lodge": "", "take_up_anew": ANEW_CASE, "register": NEW_CASE}


class Scripted(Protocol):
    """Something planned deed by deed that is written among the load, each deed one call on its
    instant."""

    uid: str
    done: int
    broken: str

    @property
    def instants(self) -> Sequence[datetime]:
        """When each deed is done, in order."""

    @property
    def matters(self) -> int:
        """How many petitions it registers."""

    def call(self, place: int) -> Call | None:
        """Return the call of a deed; None where it was done aside."""

    def after(self, place: int, performed: Performed) -> None:
        """Note what the door wrote."""

    def second(self, place: int) -> By:
        """Return who approves a deed that takes two."""


@dataclass
class Simulated:
    """What was written: petitions begun, acts, breaches and lapses, what was refused (expected
    to be empty)."""

    petitions: int = 0
    acts: int = 0
    breaches: int = 0
    lapses: int = 0
    refused: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)


class Run:
    """One run of plans and scripts over the days of a load."""

    def __init__(
        self,
        random: Random,
        staff: Staff,
        plans: Sequence[Plan],
        until: datetime,
        seed: int,
        scripts: Sequence[Scripted] = (),
    ) -> None:
        self.plans = plans
        self.until = until
        self.scripts = scripts
        self.caller = Caller(random, staff, seed)
        self.result = Simulated()

    def walk(self) -> Simulated:
        """Walk every day of the load; return what was written."""
        items = self._items()
        day = civil(items[0].instant) if items else civil(self.until)
        for today, group in groupby(items, key=lambda item: civil(item.instant)):
            day = self._sweep_up_to(day, today)
            for batch in _rounds(list(group)):
                self._batch(batch)
        self._sweep_up_to(day, civil(self.until))
        return self.result

    def _items(self) -> list[Item]:
        """Return what is to be done before the end of the load, in order of time.

        Scripts are numbered after the plans.
        """
        spans = [plan.instants for plan in self.plans]
        spans += [tuple(script.instants) for script in self.scripts]
        items: list[Item] = []
        for number, instants in enumerate(spans):
            for place, instant in enumerate(instants):
                if instant < self.until:
                    items.append(Item(instant, number, place))
        return sorted(items)

    def _sweep_up_to(self, day: date, last: date) -> date:
        """Sweep on every day after one up to another; return the last day swept."""
        while day < last:
            day += timedelta(days=1)
            self._sweep(day)
        return day

    def _sweep(self, day: date) -> None:
        """Sweep on one day, where anything is due before it."""
        if due_before(day).exists():
            swept = sweep(now=datetime.combine(day, time(0, 10), CHINA))
            self.result.breaches += swept.breaches
            self.result.lapses += swept.lapses

    def _batch(self, batch: Sequence[Item]) -> None:
        """Do the calls of a batch in one commit."""
        calls: list[tuple[Item, Call]] = []
        for item in batch:
            call = self._scripted(item) if self._is_scripted(item) else self._planned(item)
            if call is not None:
                calls.append((item, call))
        if not calls:
            return
        outcomes = perform_many([call for _, call in calls])
        for (item, call), outcome in zip(calls, outcomes, strict=True):
            self._after(item, self._by_two(item, call, outcome))

    def _by_two(self, item: Item, call: Call, outcome: Outcome) -> Outcome:
        """Let a second person approve a scripted act that was refused for want of one; every other
        outcome stays as it is."""
        error = outcome.error
        if not self._is_scripted(item) or not isinstance(error, Refused):
            return outcome
        if len(call.steps) > 1 or not all(map(needs_second, error.reasons)):
            return outcome
        step, uid = call.steps[0], call.uid
        try:
            waits = propose(step, by=call.by, now=call.now, uid=uid).acts[0].act_id
            by, seen = self._script(item).second(item.place), digest_of_proposal(waits)
            done = approve(step.case, waits, seen, by=by, now=call.now, uid=f"{uid}/second")
        except (Refused, StatedError) as refused:
            return Outcome(None, refused)
        return Outcome(Performed(done.acts[1:]))

    def _is_scripted(self, item: Item) -> bool:
        return item.number >= len(self.plans)

    def _script(self, item: Item) -> Scripted:
        return self.scripts[item.number - len(self.plans)]

    # --- calls ------------------------------------------------------------------------------------
    def _scripted(self, item: Item) -> Call | None:
        """Return the call of a scripted deed; None where an earlier one was refused or it was
        done aside."""
        script = self._script(item)
        if script.broken or script.done != item.place:
            return None
        return script.call(item.place)

    def _planned(self, item: Item) -> Call | None:
        """Return the call of a planned move; None where its plan is broken, or it was a split,
        which is done at once."""
        plan = self.plans[item.number]
        if plan.broken or item.place != plan.done:
            return None
        move = plan.road.moves[item.place]
        if self._comes_to_nothing(item, plan, move):
            plan.broken = True
            return None
        if move.special == "split":
            self._after(item, Outcome(self.caller.split(item, plan)))
            return None
        return self.caller.call(item, plan, move)

    def _comes_to_nothing(self, item: Item, plan: Plan, move: Move) -> bool:
        """Say whether a move has no object.

        A letter repeats nothing as long as nobody handles anything of the same petitioner, and a
        matter that waits for the notice of the year cannot lapse.
        """
        repeats = RUNNING in move.fields.values()
        if repeats and not self.caller.repeated(plan, civil(item.instant)):
            return True
        return move.act == LAPSED.act and _cannot_lapse(plan.numbers[move.on])

    # --- what came of them ------------------------------------------------------------------------
    def _after(self, item: Item, outcome: Outcome) -> None:
        """Note what the write door made of a call."""
        if self._is_scripted(item):
            self._after_scripted(item, outcome)
            return
        plan = self.plans[item.number]
        move = plan.road.moves[item.place]
        if outcome.performed is None:
            plan.broken = True
            self.result.refused.append(
                f"{plan.road.name} · {move.act} · {civil(item.instant)}: {outcome.error}"
            )
            return
        plan.done += 1
        self.result.acts += len(outcome.performed.acts)
        if item.place == 0:
            self._begun(item, plan, outcome.performed.case)
        else:
            _opened(plan, move, outcome.performed)

    def _after_scripted(self, item: Item, outcome: Outcome) -> None:
        """Note what the write door made of a scripted deed."""
        script = self._script(item)
        if outcome.performed is None:
            script.broken = f"{script.uid}/{item.place} · {civil(item.instant)}: {outcome.error}"
            self.result.refused.append(script.broken)
            return
        script.after(item.place, outcome.performed)
        acts = outcome.performed.acts
        self.result.acts += len(acts)
        self.result.petitions += len([written for written in acts if written.act == "register"])

    def _begun(self, item: Item, plan: Plan, number: str) -> None:
        """Note the number and the query code of a petition just registered."""
        plan.numbers[PETITION] = number
        self.result.petitions += 1
        claim = plan.road.matter in ("claim", "supported")
        self.caller.begun(number, item.number, claim=claim)
        code = self.caller.codes.pop(item.number, "")
        self.result.codes.append((number, code))


def _rounds(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Group the moves of a day so that each matter appears once in a batch, in its own order."""
    waiting = list(items)
    while waiting:
        seen: set[int] = set()
        batch: list[Item] = []
        rest: list[Item] = []
        for item in waiting:
            (rest if item.number in seen else batch).append(item)
            seen.add(item.number)
        yield batch
        waiting = rest


def _opened(plan: Plan, move: Move, performed: Performed) -> None:
    """Remember the number of a case that this move opened beside the one it was done in."""
    for written in performed.acts:
        if written.act not in OPENED_BY or (move.act == written.act != "lodge"):
            continue
        if written.act == "lodge":
            recheck = move.act == "request_recheck" or move.on == RECHECK
            plan.numbers[RECHECK if recheck else REVIEW] = written.case
        else:
            plan.numbers[OPENED_BY[written.act]] = written.case


def _cannot_lapse(number: str) -> bool:
    """Whether a right in a case has no last day, since the notice of its year is not published
    (design 1.6)."""
    return Duty.objects.filter(
        case__number=number, right=True, state="open", provisional=True
    ).exists()
