"""No duty with a number of days stays open where its case has ended.

An open duty in a final state can be done by nobody: it breaches for ever, or hides that it was
never done. The states
and the facts on which acts depend are walked from every act that opens a duty; an act that ends the
case has to close
or void it, wait until it is closed, or the duty says in which final states it goes on (`outlives`).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from itertools import product

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import ActRule, DutyRule, KindRule
from dengwen.law.packs.soundness import states_after
from dengwen.law.packs.vocabulary import KEEP_STATE, OPENING_STATE

Value = str | None
Place = tuple[str, tuple[tuple[str, Value], ...]]
"""A state of the case, and the facts that matter for the duty, in order; None is a fact nobody
has settled."""


def everywhere(library: Library) -> list[PackError]:
    """Return every duty with a term that a case can end without, in any combination of editions
    ever in force."""
    found: dict[tuple[str, str, str], PackError] = {}
    for place in sorted({pack.place for pack in library.packs}):
        for day in sorted(
            {p.since for p in library.packs} | {p.until for p in library.packs if p.until}
        ):
            for kind in library.rulebook(day, place).kinds.values():
                for duty in kind.duties.values():
                    for state, path in _checked(kind, duty).items():
                        found.setdefault(
                            (kind.id, duty.id, state), _refuse(kind, duty, state, path)
                        )
    return list(found.values())


def _checked(kind: KindRule, duty: DutyRule) -> Mapping[str, tuple[str, ...]]:
    """Return where a duty with a number of days can be left open: rights lapse, recurring duties
    have a register."""
    if duty.clock.term is None or duty.right or duty.of:
        return {}
    return left_open(kind, duty)


def left_open(kind: KindRule, duty: DutyRule) -> dict[str, tuple[str, ...]]:
    """Return the final states in which a duty can still be open, each with a shortest row of
    acts that leads there."""
    tracked = _tracked(kind, duty)
    waiting: list[tuple[Place, tuple[str, ...]]] = []
    for name in duty.opens:
        waiting += [(place, (name,)) for place in _begins(kind, duty, kind.acts[name], tracked)]
    seen: set[Place] = set()
    found: dict[str, tuple[str, ...]] = {}
    while waiting:
        place, path = waiting.pop(0)
        if place in seen:
            continue
        seen.add(place)
        state = kind.states.get(place[0])
        if state is None or not state.final:
            waiting += _next_places(kind, duty, place, path, tracked)
        elif not duty.goes_on_in(state.id) and not duty.ends_with_case:
            found.setdefault(state.id, path)
    return found


def _next_places(
    kind: KindRule,
    duty: DutyRule,
    place: Place,
    path: tuple[str, ...],
    tracked: Mapping[str, tuple[Value, ...]],
) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield how the case can stand one act later, each with the acts that led there."""
    for act in kind.acts.values():
        if act.within and not set(kind.duties[act.within].opens) & set(path):
            continue  # the period within which alone it is possible never began
        for after in _goes(kind, duty, act, place, tracked):
            yield after, (*path, act.id)


def _tracked(kind: KindRule, duty: DutyRule) -> dict[str, tuple[Value, ...]]:
    """Return the facts known when the duty opens, each with the values it can have then."""
    known: dict[str, set[Value]] = {name: set(values) for name, values in duty.where.items()}
    openers = [kind.acts[name] for name in duty.opens]
    for act in openers:
        for fact, value in act.sets.items():
            known.setdefault(fact, set()).add(value)
        for fact, values in act.only_if.items():
            if fact not in duty.where and fact not in act.sets:
                known.setdefault(fact, set()).update(values)
    for act in openers:  # what another opener leaves open may have any value
        settled = {*duty.where, *act.sets, *act.only_if}
        for fact in known.keys() - settled:
            known[fact].add(None)
    return {name: tuple(sorted(values, key=str)) for name, values in known.items()}


def _begins(
    kind: KindRule, duty: DutyRule, act: ActRule, tracked: Mapping[str, tuple[Value, ...]]
) -> Iterator[Place]:
    """Yield how the case can stand right after an act that opens the duty."""
    states = {OPENING_STATE} if OPENING_STATE in act.after else states_after(kind, act)
    wanted = {**act.only_if, **duty.where}
    for values in product(*tracked.values()):
        facts = _with_set(act, dict(zip(tracked, values, strict=True)), tracked)
        fits = all(
            facts[name] in allowed or name in act.sets
            for name, allowed in wanted.items()
            if name in facts
        )
        if fits:
            for state in states:
                yield _place(act, state, facts)


def _with_set(
    act: ActRule, facts: Mapping[str, Value], tracked: Container[str]
) -> dict[str, Value]:
    """Return the facts with those an act settles by itself."""
    return {**facts, **{name: value for name, value in act.sets.items() if name in tracked}}


def _place(act: ActRule, state: str, facts: Mapping[str, Value]) -> Place:
    """Return how the case stands after an act done in a state."""
    return (state if act.to == KEEP_STATE else act.to), tuple(sorted(facts.items()))


def _goes(
    kind: KindRule,
    duty: DutyRule,
    act: ActRule,
    place: Place,
    tracked: Mapping[str, tuple[Value, ...]],
) -> Iterator[Place]:
    """Yield how the case can stand after an act that leaves the duty open."""
    state, facts = place[0], dict(place[1])
    if state not in states_after(kind, act) or duty.id in act.needs_closed:
        return
    if act.id in duty.closes or act.id in duty.voids or not _admits(act, facts):
        return
    for name, values in act.only_if.items():
        if name in tracked and len(values) == 1:
            facts[name] = values[0]
    for chosen in product(*_choices(act, facts, tracked)):
        yield _place(act, state, _with_set(act, {**facts, **dict(chosen)}, tracked))


def _admits(act: ActRule, facts: Mapping[str, Value]) -> bool:
    """Say whether the settled facts allow an act; one that nobody has settled forbids nothing."""
    for name, values in act.never_if.items():
        if facts.get(name) is not None and facts[name] in values:
            return False
    for name, values in act.only_if.items():
        if facts.get(name) is not None and facts[name] not in values:
            return False
    return True


def _choices(
    act: ActRule, facts: Mapping[str, Value], tracked: Container[str]
) -> Iterator[list[tuple[str, Value]]]:
    """Yield for each fact that a field of the act sets the values it can have afterwards."""
    for field in act.fields:
        if not field.fact or field.name not in tracked:
            continue
        flags: tuple[Value, ...] = ("true", "false") if field.type == "flag" else (None,)
        options: tuple[Value, ...] = field.options or flags
        choices = [(field.name, option) for option in options]
        if not field.required:
            choices.append((field.name, facts[field.name]))
        yield choices


def _refuse(kind: KindRule, duty: DutyRule, state: str, path: tuple[str, ...]) -> PackError:
    way = " → ".join(path)
    return PackError(
        "left-open",
        file=f"kind {kind.id}",
        entry=f"duty {duty.id}",
        zh=f"办理件可以到“{kind.states[state].zh}”而这项责任还开着：{way}",
        en=f"a case can end as “{kind.states[state].en}” with this duty open: {way}",
        mend_zh=f"让“{path[-1]}”了结（closes）或者取消（voids）它，或者写 needs_closed；确实不因此终结的写 outlives",
        mend_en=(
            f"let “{path[-1]}” close or void it, or say needs_closed; "
            "a duty that goes on says outlives"
        ),
    )
