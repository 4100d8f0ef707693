"""A kind of case explored to a fixpoint: every state, with all that can be known of the case there.

What an act needs and what it does is read from the same rules as the fold and the write door read;
each row of acts that leads to a finding is played through them afterwards (`rehearsal`), so that
nothing is refused that could not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from dengwen.law.packs.rules import ActRule, DutyRule, FieldRule, KindRule
from dengwen.law.packs.soundness import states_after
from dengwen.law.packs.vocabulary import ANY_STATE, EVERY_STATE, KEEP_STATE, OPENING_STATE
from dengwen.law.soundness.valuation import (
    NO,
    OTHER,
    UNSET,
    YES,
    Space,
    Value,
    done,
    is_open,
    lowest,
)

MOST_VALUATIONS = 1 << 20
"""Valuations one exploration may tell apart; one that needs more is refused, never cut short."""


class TooManyError(Exception):
    """An exploration would need more valuations than it may tell apart."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Valuations reached in a state by one act more."""

    state: str
    bits: int
    act: str = ""
    parent: int = -1


@dataclass(frozen=True, slots=True)
class Taken:
    """One act of a row of acts, and the valuation after it."""

    act: str
    state: str
    after: dict[str, Value]


@dataclass
class Exploration:
    """All that can become of a case of one kind, as far as the followed variables tell."""

    kind: KindRule
    followed: frozenset[str]
    told_apart: Mapping[str, tuple[str, ...]]
    """The values of each fact that some condition names, and one for all others."""
    reached: list[Reached] = field(default_factory=list)
    reach: dict[str, int] = field(default_factory=dict)

    @cached_property
    def space(self) -> Space:
        """The variables followed and their values."""
        if self.size > MOST_VALUATIONS:
            raise TooManyError(self.kind.id)
        return self._space

    @property
    def size(self) -> int:
        """How many valuations the followed variables have."""
        return self._space.size

    @cached_property
    def _space(self) -> Space:
        values: dict[str, tuple[Value, ...]] = {}
        for name in sorted(self.followed):
            values[name] = (NO, YES) if ":" in name else (UNSET, *self.told_apart[name])
        return Space(values)

    @cached_property
    def acts(self) -> tuple[ActRule, ...]:
        """The acts that change anything which is followed, or the state."""
        return tuple(a for a in self.kind.acts.values() if not a.history and self._changes(a))

    def _changes(self, act: ActRule) -> bool:
        if act.to != KEEP_STATE or done(act.id) in self.followed:
            return True
        if set(act.sets) & self.followed or any(
            f.fact and f.name in self.followed for f in act.fields
        ):
            return True
        duties = self._followed_duties
        return any(act.id in (*d.opens, *d.closes, *d.voids) for d in duties)

    @cached_property
    def guards(self) -> dict[str, int]:
        """Under which valuations each act is possible."""
        return {act.id: self._guard(act) for act in self.acts}

    def _guard(self, act: ActRule) -> int:
        space = self.space
        bits = space.meeting(act.only_if) & ~space.meeting_any(act.never_if)
        for name in act.needs_act:
            bits &= space.where(done(name), (YES,))
        for name in act.needs_closed:
            bits &= space.where(is_open(name), (NO,))
        for name in act.needs_open:
            bits &= space.where(is_open(name), (YES,))
        if act.within and not act.unless:
            bits &= space.where(is_open(act.within), (YES,))
        if act.not_twice:
            bits &= space.where(done(act.id), (NO,))
        return bits & space.all

    def explore(self) -> Exploration:
        """Walk every act from every valuation until nothing new is reached."""
        self._reach(Reached(OPENING_STATE, 1))
        place = 0
        while place < len(self.reached):
            here = self.reached[place]
            for act, after in self._onward(here.state, here.bits):
                self._reach(Reached(self._to(act, here.state), after, act.id, place))
            place += 1
        return self

    def _reach(self, found: Reached) -> None:
        fresh = found.bits & ~self.reach.get(found.state, 0)
        if fresh:
            self.reach[found.state] = self.reach.get(found.state, 0) | fresh
            self.reached.append(Reached(found.state, fresh, found.act, found.parent))

    def _onward(self, state: str, bits: int) -> Iterator[tuple[ActRule, int]]:
        for act in self.possible.get(state, ()):
            here = bits & self.guards[act.id]
            if here:
                yield act, self.after(act, here)

    @cached_property
    def possible(self) -> dict[str, list[ActRule]]:
        """The acts that start from each state."""
        found: dict[str, list[ActRule]] = {}
        for act in self.acts:
            for state in starts(self.kind, act):
                found.setdefault(state, []).append(act)
        return found

    @staticmethod
    def _to(act: ActRule, state: str) -> str:
        return state if act.to == KEEP_STATE else act.to

    def after(self, act: ActRule, bits: int) -> int:
        """Return the valuations after an act: its facts first, then what it ends, then what it
        opens."""
        space = self.space
        for name, values, kept in self._settled[act.id]:
            bits = space.assigned(bits, name, values) | (bits if kept else 0)
        for duty in self._ended[act.id]:
            bits = space.assigned(bits, is_open(duty.id), (NO,))
        for duty in self._opened[act.id]:
            opened = bits & self.opens_where(duty)
            bits = (bits & ~opened) | space.assigned(opened, is_open(duty.id), (YES,))
        if done(act.id) in self.followed:
            bits = space.assigned(bits, done(act.id), (YES,))
        return bits

    def before(self, act: ActRule, bits: int) -> int:
        """Return the valuations from which an act can lead into `bits`."""
        space = self.space
        if done(act.id) in self.followed:
            bits = space.before(bits, done(act.id), (YES,))
        for duty in reversed(self._opened[act.id]):
            opening = self.opens_where(duty)
            name = is_open(duty.id)
            bits = (bits & ~opening) | (space.before(bits, name, (YES,)) & opening)
        for duty in self._ended[act.id]:
            bits = space.before(bits, is_open(duty.id), (NO,))
        for name, values, kept in reversed(self._settled[act.id]):
            bits = space.before(bits, name, values) | (bits if kept else 0)
        return bits & self.guards[act.id]

    def settled(self, act: ActRule) -> list[tuple[str, tuple[Value, ...], bool]]:
        """Return the followed facts an act settles, with their possible values, and whether it may
        leave them as they were."""
        found: list[tuple[str, tuple[Value, ...], bool]] = []
        for rule in act.fields:
            if rule.fact and rule.name in self.followed:
                required = rule.required or rule.name in act.must_be
                found.append((rule.name, self._options(act, rule), not required))
        for name, value in act.sets.items():
            if name in self.followed:
                found.append((name, (self.space.known(name, value),), False))
        return found

    def _options(self, act: ActRule, rule: FieldRule) -> tuple[Value, ...]:
        codes = ("true",) if rule.name in act.must_be else codes_of(rule)
        if not codes:
            return self.space.values[rule.name][1:]
        return tuple(dict.fromkeys(self.space.known(rule.name, code) for code in codes))

    @cached_property
    def _followed_duties(self) -> tuple[DutyRule, ...]:
        duties = self.kind.duties.values()
        return tuple(duty for duty in duties if is_open(duty.id) in self.followed)

    @cached_property
    def _settled(self) -> dict[str, list[tuple[str, tuple[Value, ...], bool]]]:
        return {act.id: self.settled(act) for act in self.acts}

    @cached_property
    def _ended(self) -> dict[str, list[DutyRule]]:
        duties = self._followed_duties
        return {a.id: [d for d in duties if ends(self.kind, d, a)] for a in self.acts}

    @cached_property
    def _opened(self) -> dict[str, list[DutyRule]]:
        duties = self._followed_duties
        return {a.id: [d for d in duties if a.id in d.opens] for a in self.acts}

    def opens_where(self, duty: DutyRule) -> int:
        """Return the valuations in which a duty opens."""
        space = self.space
        return space.meeting(duty.where) & ~space.meeting_any(duty.where_not) & space.all

    def path(self, state: str, bits: int) -> list[Taken]:
        """Return a shortest row of acts into one of these valuations of a state."""
        first = next(one for one in self.reached if one.state == state and one.bits & bits)
        return self.path_to(first, bits)

    def path_to(self, reached: Reached, bits: int) -> list[Taken]:
        """Return the row of acts by which one of these valuations was reached."""
        place = self.reached.index(reached)
        bit = lowest(reached.bits & bits)
        found: list[Taken] = []
        while self.reached[place].parent >= 0:
            here = self.reached[place]
            found.append(Taken(here.act, here.state, self.space.read(bit)))
            source = self.reached[here.parent]
            into = self.before(self.kind.acts[here.act], 1 << bit)
            bit = lowest(source.bits & into)
            place = here.parent
        return found[::-1]

    def leading_to(
        self, goal: dict[str, int], may: Callable[[ActRule], bool] = lambda _: True
    ) -> dict[str, int]:
        """Return in which valuations of each state acts that `may` be done can lead to a goal."""
        found = dict(goal)
        changed = True
        while changed:
            changed = False
            for state, acts in self.possible.items():
                for act in acts:
                    target = found.get(self._to(act, state), 0)
                    if not target or not may(act):
                        continue
                    more = self.before(act, target) & ~found.get(state, 0)
                    if more:
                        found[state] = found.get(state, 0) | more
                        changed = True
        return found

    @property
    def nodes(self) -> int:
        """How many nodes were reached: states, each with every valuation it can have."""
        return sum(bits.bit_count() for bits in self.reach.values())


def starts(kind: KindRule, act: ActRule) -> frozenset[str]:
    """Return the states an act starts from, the opening one among them."""
    found = states_after(kind, act)
    return found - {ANY_STATE, EVERY_STATE}


def ends(kind: KindRule, duty: DutyRule, act: ActRule) -> bool:
    """Say whether an act closes or voids a duty."""
    return act.id in (*duty.closes, *duty.voids) or (duty.ends_with_case and kind.ends(act.id))


def codes_of(rule: FieldRule) -> tuple[str, ...]:
    """Return the codes a field can hold, none where it may hold anything."""
    if rule.type == "code":
        return rule.options
    return ("true", "false") if rule.type == "flag" else ()


def tested_by(act: ActRule) -> frozenset[str]:
    """Return the variables that decide whether an act is possible."""
    names = {*act.only_if, *act.never_if}
    names |= {done(name) for name in act.needs_act}
    names |= {is_open(name) for name in (*act.needs_closed, *act.needs_open)}
    if act.within and not act.unless:
        names.add(is_open(act.within))
    if act.not_twice:
        names.add(done(act.id))
    return frozenset(names)


def values_told_apart(kind: KindRule) -> dict[str, tuple[str, ...]]:
    """Return the values of each fact that some condition names, and one for all others."""
    named: dict[str, dict[str, None]] = {}
    for conditions in _conditions(kind):
        for name, values in conditions.items():
            named.setdefault(name, {}).update(dict.fromkeys(values))
    found = {}
    for name, codes in named.items():
        possible = _possible_codes(kind, name)
        more = (OTHER,) if possible is None or possible - set(codes) else ()
        found[name] = (*codes, *more)
    return found


def _conditions(kind: KindRule) -> Iterator[dict[str, tuple[str, ...]]]:
    yield dict(kind.nobody_told)
    for act in kind.acts.values():
        yield dict(act.only_if)
        yield dict(act.never_if)
    for duty in kind.duties.values():
        yield dict(duty.where)
        yield dict(duty.where_not)


def _possible_codes(kind: KindRule, name: str) -> Set[str] | None:
    """Return the codes a fact can have; None where it can have any value."""
    found: set[str] = set()
    for act in kind.acts.values():
        if name in act.sets:
            found.add(act.sets[name])
        for rule in act.fields:
            if rule.fact and rule.name == name:
                codes = codes_of(rule)
                if not codes:
                    return None
                found |= set(codes)
    return found
