"""One running call of the write door: the cases it holds, and how each of its steps is done."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from dengwen.cases.act_records import record_of, view_of
from dengwen.cases.files.held_files import Paper, hand_in
from dengwen.cases.models import Act, Case, File
from dengwen.cases.write import call_keys
from dengwen.cases.write.call_context import CallContext, Held, Texts
from dengwen.cases.write.check import Refused, check, takes_two
from dengwen.cases.write.circumstances import Circumstances
from dengwen.cases.write.cited_law import cite_refusals
from dengwen.cases.write.correction import stated
from dengwen.cases.write.entry_on_behalf import actor_of, stand_in, with_writer
from dengwen.cases.write.first_query import Known, named_cases
from dengwen.cases.write.late_check import Entry
from dengwen.cases.write.late_verdict import rests_on_claim
from dengwen.cases.write.papers.draft import must_be_shown
from dengwen.cases.write.recipients import tell
from dengwen.cases.write.record import (
    Hand,
    Written,
    by_rule_and_opening,
    close_case_row,
    open_case,
    write_act,
)
from dengwen.cases.write.references import with_registry_flags
from dengwen.cases.write.second_person import (
    Asked,
    Decided,
    Overtaken,
    Seconded,
    admit,
    decide,
    inner_step,
)
from dengwen.law.duties.act_record import CORRECT, CaseView, civil
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.proposal import PROPOSAL_ACTS, PROPOSE
from dengwen.law.duties.step import NOBODY_YET, Effect, Facts, Step
from dengwen.law.packs.rules import ActRule
from dengwen.store.unit_of_work import unit_of_work

MAX_STEPS = 200
"""Steps of one call, effects included: more means effects that feed each other."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A step that waits for its turn: asked for by another act, approved by a second person, or
    neither."""

    step: Step
    by_effect: bool = False
    seconded: Seconded | None = None


@dataclass
class RunningCall:
    """One running call: what it has at hand, the cases it holds among it, and what it has
    written."""

    hand: Hand
    written: list[Written] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    about: str = ""
    """The case that keeps the caller's key: the first one named, else the first one opened."""
    further: int = 0
    instants: set[datetime] = field(default_factory=set)

    @property
    def context(self) -> CallContext:
        """What the call hands down to whoever works for it."""
        return self.hand.context

    def run(self, steps: Sequence[Step], known: Known | None = None) -> None:
        """Do the steps in order, each followed at once by the steps its effects ask for.

        `known` is the one case they name, for a caller that has locked and read it.
        """
        self.about = next((step.case for step in steps if step.case), "")
        if known is None:
            self.lock(steps)
        elif known.case is not None:
            self._hold_known(known.case, known)
        waiting = deque(_Waiting(step) for step in steps)
        while waiting:
            one = waiting.popleft()
            waiting.extendleft(reversed(self._take(one)))
            if len(self.written) + len(waiting) > MAX_STEPS:
                raise ValueError(
                    f"{one.step.act}: effects ask for more than {MAX_STEPS} steps; "
                    "they feed each other"
                )

    def run_one(self, step: Step, seconded: Seconded) -> None:
        """Do a step as approved by a second person, with all that its effects ask for."""
        waiting = deque([_Waiting(step, seconded=seconded)])
        while waiting:
            one = waiting.popleft()
            more = self.do(one.step, by_effect=one.by_effect, seconded=one.seconded)
            waiting.extendleft(reversed(more))

    def _take(self, one: _Waiting) -> list[_Waiting]:
        """Do one step and return what follows at once; an approved one is done in the name of
        whoever proposed it."""
        if one.seconded is None:
            return self.do(one.step, by_effect=one.by_effect)
        own = self.hand
        self.hand = replace(own, by=one.seconded.by)
        try:
            return self.do(one.step, by_effect=one.by_effect, seconded=one.seconded)
        except Refused as refused:
            raise Overtaken(
                refused.step, refused.reasons, refused.act_zh, refused.act_en
            ) from refused
        finally:
            self.hand = own

    def hand_in(self, papers: Sequence[Paper]) -> None:
        """Make the papers that acts name by their digests files of the first case touched."""
        if not papers:
            return
        first = self.context.cases[self.written[0].case]
        hand_in(first.case, first.key, papers, self.hand.now, self.context.keys)

    # --- cases ------------------------------------------------------------------------------------
    def lock(self, steps: Sequence[Step]) -> None:
        """Lock every existing case the steps name, in order of id, so that two calls never wait
        for each other."""
        numbers = named_cases(steps)
        if not numbers:
            return
        unit = self.context.unit
        if len(numbers) == 1:
            found = unit.read(Case, "number", numbers.pop(), lock=True)
        else:
            found = list(Case.objects.select_for_update().filter(number__in=numbers).order_by("id"))
        unit.drop_ids()
        for case in found:
            self._hold(case, unit.read(Act, "case", case.pk, "seq"))

    def _hold(self, case: Case, acts: Sequence[Act]) -> Held:
        """Take a case that is locked into the hands of the call, as it stands after its acts."""
        rules = self.context.rules
        records = [record_of(row, case.kind, rules) for row in acts]
        uids = {row.pk: row.uid for row in acts}
        held = Held(case, records, view_of(case.kind, records, rules=rules), uids=uids)
        self.context.cases[case.number] = held
        return held

    def _hold_known(self, case: Case, known: Known) -> None:
        """Take the case that the first look has read, with its duties, keys and texts."""
        call = self.context
        call.keys.keep(case.pk, known.keys)
        if known.texts is not None:
            acts = frozenset(row.pk for row in known.acts)
            call.keep_texts(case.pk, Texts(acts, known.texts))
            call.keep_superiors(case.holder_id or 0, known.superiors, known.above)
        held = self._hold(case, known.acts)
        held.duties = by_rule_and_opening(known.duties)

    def _find(self, step: Step, *, by_effect: bool) -> Held:
        """Return the case of a step, or a new one that is not written yet; `Refused` without it."""
        number = step.case or self.named.get(step.ref, "")
        if not number:
            return self._opened(step, by_effect=by_effect)
        cases = self.context.cases
        if number not in cases:
            self._lock_one(step, number)
        held = cases[number]
        if not held.key:
            hand = self.hand if number == self.about else self._next_hand(own_instant=False)
            held.key, held.now = hand.call, hand.now
        return held

    def _opened(self, step: Step, *, by_effect: bool) -> Held:
        """Return the case that a step opens, under the caller's key where it is the first."""
        first = not self.about and not self.written
        hand = self.hand if first else self._next_hand(own_instant=not by_effect)
        case = open_case(step, hand)
        return Held(case, [], CaseView(step.kind), key=hand.call, now=hand.now)

    def _lock_one(self, step: Step, number: str) -> None:
        """Lock and hold a case that only an effect named; `Refused` where there is none."""
        case = Case.objects.select_for_update().filter(number=number).first()
        unit = self.context.unit
        unit.drop_ids()
        if case is None:
            raise Refused.no_case(step, number)
        self._hold(case, unit.read(Act, "case", case.pk, "seq"))

    def _next_hand(self, *, own_instant: bool) -> Hand:
        """Return the hand for one more case: under a key of its own, and for a part at an
        instant of its own."""
        self.further += 1
        uid, instant = self.hand.call, self.hand.now
        self.instants.add(instant)
        if own_instant:
            instant = call_keys.instant_of(uid, self.further, instant, self.instants)
        return replace(self.hand, call=call_keys.key_of(uid, self.further), now=instant)

    # --- one step ---------------------------------------------------------------------------------
    def do(
        self, step: Step, *, by_effect: bool = False, seconded: Seconded | None = None
    ) -> list[_Waiting]:
        """Check one step, write it, run its effects, and return the steps they ask for.

        A step an effect asked for follows from law, not from the caller's capacity, so nobody's is
        asked for. `seconded` says who approved it, where it took two.
        """
        at = self._circumstances(step, by_effect=by_effect, seconded=seconded)
        if at.behalf:
            self._may_stand_in(step, at)
        organ, call = self._actor(step).organ, self.context
        step = with_registry_flags(step, at.held.view, at.book, at.kind_id, organ, at.day, call)
        decided = self._decided(step, at)
        step = decided.step if decided else step
        rule = self._checked(step, at)
        step = self._completed(step, rule, at)
        act = self._write(step, rule, at)
        asked = self._run_effects(rule, step, self._facts(act, at), at.held.case.place)
        case = at.held.case
        close_case_row(case, call.unit)
        tell(case, act, at.held.view, at.book.kind(case.kind), rule, call)
        if seconded is not None and not by_effect:
            seconded = replace(seconded, late=step.late_entry)
        more = [_Waiting(one, by_effect=True, seconded=seconded) for one in asked]
        if decided is not None and decided.act is not None:
            self._move_files(decided, case)
            more.insert(0, _Waiting(decided.act, seconded=decided.seconded))
        return more

    # --- two persons ------------------------------------------------------------------------------
    def _decided(self, step: Step, at: Circumstances) -> Decided | None:
        """Return what a decision on a proposal does, None for every other step; `Refused` for a
        proposal or a decision that is not possible."""
        if step.act not in PROPOSAL_ACTS:
            return None
        asked = Asked(at.held, at.book, self.hand.by, at.now, self.context)
        if step.act != PROPOSE:
            return decide(step, asked)
        inner = inner_step(step, asked)
        within = self._circumstances(inner, by_effect=False)
        if within.behalf:
            self._may_stand_in(inner, within)
        admit(
            step,
            inner,
            asked,
            alone=lambda: self._checked(inner, within),
            together=lambda: self._foreseen(inner, within),
        )
        self._rehearse(inner, within)
        return None

    def _rehearse(self, step: Step, at: Circumstances) -> None:
        """Do an act that is proposed as it would be done when approved now, and take it back: what
        its effects refuse is said to whoever proposes it, not only to whoever approves.

        Effects that look ahead (`_foreseen`) are not tried where the act takes two by what it
        says: they ask who the second one is, which nobody knows yet. What earlier steps of the
        same call wrote is written first, so that it is read.
        """
        rule = at.book.kind(at.kind_id).acts[step.act]
        looked_ahead = takes_two(step, rule) and not settings.FORESIGHTS.keys().isdisjoint(
            rule.effects
        )
        if looked_ahead or not rule.effects:
            return
        self.context.unit.flush()
        uid = self.hand.call[:LONGEST_TRIED] + TRIED
        try:
            with transaction.atomic(), unit_of_work() as unit:
                context = CallContext(unit, self.context.rules, dict(self.context.organs))
                trial = RunningCall(replace(self.hand, call=uid, context=context, events=[]))
                trial.about = at.held.case.number
                seconded = Seconded(self.hand.by, NOBODY_YET, None)
                trial.run_one(step, seconded)
                raise _Rehearsed
        except _Rehearsed:
            pass
        finally:
            self.context.rules.rolled_back()

    def _foreseen(self, inner: Step, at: Circumstances) -> None:
        """Check an act that will wait as if it were approved, and let its effects look ahead, so
        that nobody is asked to approve what cannot be."""
        rule = self._checked(inner, at, seconded=True)
        case, by = at.held.case, self.hand.by
        facts = Facts(
            act_id=NOT_WRITTEN,
            act_uid="",
            case_id=case.pk,
            case=case.number,
            organ=by.organ if inner.organ is None else inner.organ,
            actor=by.user,
            day=at.day,
            recorded_at=at.now,
            call=self.context,
        )
        for name in set(rule.effects) & set(settings.FORESIGHTS):
            with cite_refusals(facts.day, case.place):
                import_string(settings.FORESIGHTS[name])(inner, facts)

    def _move_files(self, decided: Decided, case: Case) -> None:
        """Let the files of a proposal come with the act it lets through."""
        key = self.context.cases[case.number].key
        File.objects.filter(case=case, call=decided.call).update(call=key)

    def _circumstances(
        self, step: Step, *, by_effect: bool, seconded: Seconded | None = None
    ) -> Circumstances:
        """Find the case of a step and the rules of its day; `Refused` for a case nobody has."""
        behalf = not by_effect and self._is_on_behalf(step)
        if behalf and not Case.objects.filter(number=step.case).exists():
            # as where it is another's: who may not know of a case learns nothing
            raise Refused.wrong_organ(step)
        held = self._find(step, by_effect=by_effect)
        now = held.now or self.hand.now
        day = civil(step.occurred_at or now)
        installed = self.context.rules.in_force(day, held.case.place, now)
        return Circumstances(held, installed, now, day, behalf, by_effect, seconded)

    def _is_on_behalf(self, step: Step) -> bool:
        """Say whether a step is done in the name of another organ than the caller's."""
        own = self.hand.by.organ
        return own is not None and step.organ not in (None, own)

    def _actor(self, step: Step) -> Actor:
        """Return who does a step, for the organ it names."""
        return self.hand.by.actor(step.organ)

    def _actor_at(self, step: Step, at: Circumstances) -> Actor:
        """Return who does a step, or the unit without accounts for which it is entered."""
        return actor_of(step.organ or 0) if at.behalf else self._actor(step)

    def _may_stand_in(self, step: Step, at: Circumstances) -> None:
        """Refuse an entry for another organ where it is not one for a unit without accounts."""
        by = self.hand.by
        kind = at.book.kinds.get(at.kind_id)
        rule = kind.acts.get(step.act) if kind else None
        why = stand_in(step, rule, by.organ, by.capacities, at.held.view, civil(at.now))
        if why:
            raise Refused(step, why)

    def _checked(self, step: Step, at: Circumstances, *, seconded: bool = False) -> ActRule:
        """Return the rule of a step that is possible, and whose draft was looked at; else
        `Refused`. `seconded` asks as if a second person had approved it."""
        held = at.held
        rule = check(
            self._entry(step, at),
            by_effect=at.by_effect,
            seconded=seconded or at.seconded is not None,
        )
        if rule.approves and not step.imported and not at.by_effect:
            must_be_shown(step, rule, held, at.book, at.day, self.context)
        return rule

    def _completed(self, step: Step, rule: ActRule, at: Circumstances) -> Step:
        """Return a checked step as it is written: with its writer, a correction with what it
        replaces."""
        if at.behalf:
            step = with_writer(step, self.hand.by.organ)
        if at.seconded is not None and not at.by_effect:
            step = _signed(step, rule, at.seconded)
        step = replace(step, late_entry=self._rests_on_claim(step, at))
        if step.act != CORRECT:
            return step
        kind, rules = at.book.kind(at.kind_id), self.context.rules
        return stated(step, kind, at.held.records, at.held.view, at.now, rules)

    def _rests_on_claim(self, step: Step, at: Circumstances) -> bool:
        """Say whether what a step changes is by claim: a late entry that was approved, and what
        follows from it on the day it claims."""
        if at.seconded is None or at.by_effect:
            return at.seconded is not None and at.seconded.late and at.day < civil(at.now)
        return rests_on_claim(self._entry(step, at))

    def _entry(self, step: Step, at: Circumstances) -> Entry:
        """Return a step as it is about to be entered."""
        held, actor = at.held, self._actor_at(step, at)
        stood = held.case, held.view, held.records, at.book
        return Entry(step, *stood, actor, at.now, self.context)

    def _write(self, step: Step, rule: ActRule, at: Circumstances) -> Act:
        """Write a step with all that follows from it, and keep its case and its answer."""
        held = at.held
        self.hand.wrote = True
        hand = replace(self.hand, call=held.key, now=at.now)
        uid = f"{held.key}/{held.written}"
        act, written = write_act(step, rule, held, at.installed, hand, uid)
        held.written += 1
        number = held.case.number
        self.context.cases[number] = held
        if step.open_as:
            self.named[step.open_as] = number
        self.written.append(written)
        return act

    def _facts(self, act: Act, at: Circumstances) -> Facts:
        """Return what the effects of an act may know of it."""
        case = at.held.case
        return Facts(
            act_id=act.pk,
            act_uid=act.uid,
            case_id=case.pk,
            case=case.number,
            organ=act.organ_id,
            actor=self.hand.by.user,
            day=civil(act.occurred_at),
            recorded_at=at.now,
            second=at.seconded.approver if at.seconded else None,
            call=self.context,
        )

    def _run_effects(self, rule: ActRule, step: Step, facts: Facts, place: str) -> list[Step]:
        """Run the effects of an act and return the steps they ask for; what they may have
        changed is asked anew.

        What one refuses is cited as the packs of the place state it.
        """
        more: list[Step] = []
        for name in rule.effects:
            with cite_refusals(facts.day, place):
                more += _effect(name)(step, facts)
        for name in rule.effects:
            if name.startswith("editions."):
                self.context.rules.calendars_changed()
            elif name.startswith("organs."):
                self.context.organs_changed()
        return more


class _Rehearsed(Exception):  # noqa: N818  # not a fault: what was tried is taken back
    """A proposed act was tried and nothing refused it."""


TRIED, LONGEST_TRIED = "/try", 90
"""What the key of a rehearsal ends with; keys are at most a hundred letters."""


NOT_WRITTEN = 2**62
"""The row id of an act that is only looked at: it comes after every act there is."""
APPROVER = "approver"
"""The field in which an act that always takes two keeps the account that approved it."""


def _signed(step: Step, rule: ActRule, seconded: Seconded) -> Step:
    """Return an approved step with who approved it, as its act keeps it."""
    step = replace(step, second=seconded.official)
    if rule.field_rule(APPROVER):
        step = replace(step, fields={**step.fields, APPROVER: seconded.approver})
    return step


def _effect(name: str) -> Effect:
    """Return the function that the settings name for an effect."""
    found: Effect = import_string(settings.EFFECTS[name])
    return found
