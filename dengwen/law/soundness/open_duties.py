"""Every duty that opens can be closed by whoever holds it, and none outlasts its case unsaid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.soundness.closing_organs import admits
from dengwen.law.soundness.confirmation import MOST_ROUNDS, in_the_way
from dengwen.law.soundness.defect import Finding, Stand, Words, found
from dengwen.law.soundness.exploration import (
    Exploration,
    Taken,
    TooManyError,
    ends,
    starts,
    tested_by,
)
from dengwen.law.soundness.openings import opening_findings
from dengwen.law.soundness.rehearsal import Rehearsal
from dengwen.law.soundness.valuation import NO, YES, is_open

WIDE = 1 << 14
"""Valuations up to which everything that decides about the acts around a duty is followed."""


@dataclass
class DutyWalk:
    """One duty of a kind followed from its opening to all that can become of it."""

    stand: Stand
    duty: DutyRule
    nodes: int = 0
    unconfirmed: list[str] = field(default_factory=list)

    def findings(self) -> Iterator[Finding]:
        """Yield what is unsound about the duty."""
        if self.duty.outlives and self.duty.outlives_basis is None:
            yield self._without_article()
        followed = self._followed()
        for state, path in self._confirmed(followed, self._open_at_end):
            yield self._left_open(state, path)
        shut = set()
        for state, path in self._confirmed(followed, self._no_exit):
            shut.add(state)
            yield self._without_exit(state, path)
        if self.dated:
            for state, path in self._confirmed(followed, self._holder_cannot):
                if state not in shut:
                    yield self._not_by_holder(state, path)
        yield from opening_findings(self.stand, self.duty, self._explored(followed))

    @property
    def dated(self) -> bool:
        """Whether the duty has a last day."""
        return not self.duty.clock.none

    def _followed(self) -> frozenset[str]:
        """Return what decides whether the duty opens and ends, and what decides about the acts
        around it."""
        kind, duty = self.stand.kind, self.duty
        names = frozenset({is_open(duty.id), *duty.where, *duty.where_not})
        near = [a for a in kind.acts.values() if a.id in duty.opens or ends(kind, duty, a)]
        names = self._widened(names, near)
        exploration = self._explored(names)
        is_there = exploration.space.where(is_open(duty.id), (YES,))
        around = {state for state, bits in exploration.reach.items() if bits & is_there}
        leaving = [
            act for act in exploration.acts if act.to != KEEP_STATE and starts(kind, act) & around
        ]
        return self._widened(names, leaving)

    def _widened(self, names: frozenset[str], acts: Iterable[ActRule]) -> frozenset[str]:
        """Return the variables with those that decide about acts, as far as they stay few."""
        for act in acts:
            wider = names | tested_by(act)
            if Exploration(self.stand.kind, wider, self.stand.told_apart).size <= WIDE:
                names = wider
        return names

    def _explored(self, followed: frozenset[str]) -> Exploration:
        exploration = Exploration(self.stand.kind, followed, self.stand.told_apart).explore()
        self.nodes = max(self.nodes, exploration.nodes)
        return exploration

    def _confirmed(
        self, followed: frozenset[str], wrong: Callable[[Exploration], dict[str, int]]
    ) -> Iterator[tuple[str, list[Taken]]]:
        """Yield the states in which something is wrong, each with a row of acts that can happen."""
        for state in [s for s, bits in wrong(self._explored(followed)).items() if bits]:
            path = self._confirmed_in(state, followed, wrong)
            if path:
                yield state, path

    def _confirmed_in(
        self, state: str, followed: frozenset[str], wrong: Callable[[Exploration], dict[str, int]]
    ) -> list[Taken]:
        """Return a row of acts after which something is wrong in a state; none where it cannot
        happen.

        Where the rules refuse an act of the row, what decides about that act is followed as well.
        """
        said = ""
        for _ in range(MOST_ROUNDS):
            try:
                exploration = self._explored(followed)
            except TooManyError:
                said = "too many valuations"
                break
            bits = wrong(exploration).get(state, 0)
            if not bits:
                return []
            path = exploration.path(state, bits)
            rehearsal = self._rehearsed(exploration, path)
            if not rehearsal.refused_act:
                if rehearsal.case.view().find_open(self.duty.id):
                    return path
                said = f"closed by {[taken.act for taken in path]}"
                break
            more = in_the_way(rehearsal, followed) - followed
            if not more:
                codes = [f"{refusal.code} {refusal.field}" for refusal in rehearsal.refused]
                said = f"{rehearsal.refused_act} refused: {codes}"
                break
            followed |= more
        self.unconfirmed.append(f"{self.duty.id} {state}: {said}")
        return []

    def _rehearsed(self, exploration: Exploration, path: list[Taken]) -> Rehearsal:
        rehearsal = Rehearsal.of(self.stand, exploration)
        rehearsal.play(path)
        return rehearsal

    # --- what can be wrong ------------------------------------------------------------------------
    def _open(self, exploration: Exploration, state: str) -> int:
        reached = exploration.reach.get(state, 0)
        return reached & exploration.space.where(is_open(self.duty.id), (YES,))

    def _open_at_end(self, exploration: Exploration) -> dict[str, int]:
        """Return where the case has ended and the duty is open."""
        return {
            state.id: self._open(exploration, state.id)
            for state in self.stand.kind.states.values()
            if state.final and not self.duty.goes_on_in(state.id)
        }

    def _no_exit(self, exploration: Exploration) -> dict[str, int]:
        """Return where the duty is open and no acts of anybody lead to its end."""
        return self._stuck(exploration, lambda _: True)

    def _holder_cannot(self, exploration: Exploration) -> dict[str, int]:
        """Return where the duty is open and no acts of its holder lead to its end."""
        return self._stuck(exploration, self._may_be_the_holders)

    def _stuck(self, exploration: Exploration, may: Callable[[ActRule], bool]) -> dict[str, int]:
        space = exploration.space
        closed = space.where(is_open(self.duty.id), (NO,))
        goal = dict.fromkeys(self.stand.kind.states, closed)
        leads = exploration.leading_to(goal, may)
        return {
            state.id: self._open(exploration, state.id) & ~leads.get(state.id, 0)
            for state in self.stand.kind.states.values()
            if not state.final or self.duty.goes_on_in(state.id)
        }

    def _may_be_the_holders(self, act: ActRule) -> bool:
        """Say whether whoever holds the duty can do an act."""
        return admits(self.stand.kind, self.duty, act)

    # --- in words ---------------------------------------------------------------------------------
    def _left_open(self, state: str, path: list[Taken]) -> Finding:
        rule = self.stand.kind.states[state]
        return found(
            self.stand,
            "open-at-end",
            "duty",
            self.duty.id,
            Words(
                f"办理件到了“{rule.zh}”就终结，这项责任还开着",
                f"the case ends as “{rule.en}” with this duty open",
                "让最后一步了结（closes）或者取消（voids）它，或者写 ends_with_case；"
                "确实不因此终结的，写 outlives 和它的条文 outlives_basis",
                "let the last act close or void it, or say ends_with_case; "
                "a duty that goes on says outlives and its article, outlives_basis",
            ),
            path,
            state,
        )

    def _without_article(self) -> Finding:
        return found(
            self.stand,
            "goes-on-without-article",
            "duty",
            self.duty.id,
            Words(
                "写了 outlives，没有写明凭哪一条在终结以后仍要做",
                "says outlives, and not by which article it goes on after the end",
                '写上 outlives_basis = {law = "R22", article = "25"}',
                'write outlives_basis = {law = "R22", article = "25"}',
            ),
        )

    def _without_exit(self, state: str, path: list[Taken]) -> Finding:
        rule = self.stand.kind.states[state]
        return found(
            self.stand,
            "no-exit",
            "duty",
            self.duty.id,
            Words(
                f"到了“{rule.zh}”，再没有任何行为能了结这项责任",
                f"once the case is “{rule.en}”, no act of anybody leads to the end of this duty",
                "给这个状态一个了结它的行为，或者让进入这个状态的行为取消它",
                "give this state an act that closes it, or let the act that leads here void it",
            ),
            path,
            state,
        )

    def _not_by_holder(self, state: str, path: list[Taken]) -> Finding:
        rule = self.stand.kind.states[state]
        return found(
            self.stand,
            "holder-cannot-close",
            "duty",
            self.duty.id,
            Words(
                f"“{rule.zh}”时期限照走，而负有这项责任的人没有行为可以了结它",
                f"while the case is “{rule.en}” time runs on and whoever owes this duty has no act "
                "to close it",
                "让了结它的行为在这个状态也可以做，或者让进入这个状态的行为取消它",
                "let an act that closes it be possible in this state, or let the act that leads "
                "here void it",
            ),
            path,
            state,
        )
