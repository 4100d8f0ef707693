"""A matter that proves to belong elsewhere gets there, and whoever it is sent to receives it."""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.soundness.defect import Finding, Stand, Words, found
from dengwen.law.soundness.exploration import Exploration, Taken, starts, tested_by
from dengwen.law.soundness.rehearsal import Rehearsal
from dengwen.law.soundness.valuation import UNSET, YES, is_open


def way_findings(stand: Stand) -> Iterator[Finding]:
    """Yield the acts that guess at what nobody has found yet, and the matters that cannot change
    their path."""
    settled = _settled_later(stand)
    for fact, setters in settled.items():
        yield from _before_known(stand, fact, setters)
        yield from _no_way_over(stand, fact)
    yield from _not_received(stand)


def _settled_later(stand: Stand) -> dict[str, list[ActRule]]:
    """Return the facts that decide about a path and that an act after the first must settle."""
    found_: dict[str, list[ActRule]] = {}
    opening = {f.name for a in stand.kind.acts.values() if "new" in a.after for f in a.fields}
    deciding = {
        name
        for act in stand.kind.acts.values()
        if act.to != KEEP_STATE
        for name in (*act.only_if, *act.never_if)
    }
    for act in stand.kind.acts.values():
        for rule in act.fields:
            path = rule.fact and rule.required and rule.type == "code" and act.to == KEEP_STATE
            if path and rule.name in deciding - opening and "new" not in act.after:
                found_.setdefault(rule.name, []).append(act)
    return found_


# --- before it is known ---------------------------------------------------------------------------
def _before_known(stand: Stand, fact: str, setters: list[ActRule]) -> Iterator[Finding]:
    """Yield the acts that depend on a fact and can be done before anybody settled it."""
    for act in stand.kind.acts.values():
        if fact not in act.never_if or fact in act.only_if or act.to == KEEP_STATE:
            continue
        near = {s for setter in setters for s in starts(stand.kind, setter)}
        if not starts(stand.kind, act) & near:
            continue  # nobody can settle it there
        followed = tested_by(act) | {fact}
        exploration = Exploration(stand.kind, followed, stand.told_apart).explore()
        unknown = exploration.space.where(fact, (UNSET,)) & exploration.guards[act.id]
        state = next(
            (s for s in exploration.reach if s in near and exploration.reach[s] & unknown), ""
        )
        if state and act in exploration.possible.get(state, ()):
            path = exploration.path(state, unknown)
            if Rehearsal.of(stand, exploration).play(path):
                yield _guesses(stand, act, fact, setters, path)


def _guesses(
    stand: Stand, act: ActRule, fact: str, setters: list[ActRule], path: list[Taken]
) -> Finding:
    rule = next(f for f in setters[0].fields if f.name == fact)
    return found(
        stand,
        "class-unknown",
        "act",
        act.id,
        Words(
            f"取决于“{rule.zh}”，却可以在认定之前做",
            f"depends on “{rule.en}” and can be done before that is known",
            f"用 only_if 写明可以的{rule.zh}，先“{setters[0].zh}”",
            f"name the values it is for in only_if, so that “{setters[0].en}” comes first",
        ),
        path,
        fact,
    )


# --- the way over ---------------------------------------------------------------------------------
def _no_way_over(stand: Stand, fact: str) -> Iterator[Finding]:
    """Yield the states in which the path of a matter is found wrong and cannot be changed."""
    ways = [
        act
        for act in stand.kind.acts.values()
        if fact in act.only_if and (act.addresses and stand.kind.ends(act.id))
    ]
    binding = [
        duty
        for duty in stand.kind.duties.values()
        if duty.opens
        and not duty.clock.none
        and any(_chooses(stand.kind.acts[name], fact) for name in duty.opens)
    ]
    for duty in binding:
        for way in ways:
            yield from _shut_off(stand, fact, duty, way)


def _chooses(act: ActRule, fact: str) -> bool:
    """Say whether an act on a running case binds it to one path."""
    return fact in act.only_if and "new" not in act.after


def _shut_off(stand: Stand, fact: str, duty: DutyRule, way: ActRule) -> Iterator[Finding]:
    """Yield where a duty of one path is open and the other path cannot be reached."""
    followed = {is_open(duty.id), fact}
    for name in duty.opens:
        followed |= set(stand.kind.acts[name].only_if)
    exploration = Exploration(stand.kind, frozenset(followed), stand.told_apart).explore()
    goal = {
        s: exploration.guards[way.id] & exploration.space.all
        for s in starts(stand.kind, way)
        if way.id in exploration.guards
    }
    leads = exploration.leading_to(goal)
    there = exploration.space.where(is_open(duty.id), (YES,))
    for state, bits in exploration.reach.items():
        rule = stand.kind.states.get(state)
        lost = bits & there & ~leads.get(state, 0)
        if rule is None or rule.final or not lost:
            continue
        path = exploration.path(state, lost)
        if Rehearsal.of(stand, exploration).play(path):
            yield found(
                stand,
                "no-way-over",
                "act",
                way.id,
                Words(
                    f"办到“{rule.zh}”才发现应走这一途径的，转不过去",
                    f"a matter that proves to belong here once it is “{rule.en}” cannot get here",
                    "补一个在办理中改变途径的行为",
                    "add an act that changes the path while the matter is handled",
                ),
                path,
                state,
            )
            return


# --- handed to another body -----------------------------------------------------------------------
def _not_received(stand: Stand) -> Iterator[Finding]:
    """Yield the acts that end a case by handing it to somebody whom no duty binds from then on."""
    for act in stand.kind.acts.values():
        if not act.addresses or not stand.kind.ends(act.id) or "new" in act.after:
            continue
        bound = [
            duty
            for duty in stand.kind.duties.values()
            if act.id in duty.opens
            and (duty.holder == "addressee" or duty.named_by == act.addresses)
            and duty.goes_on_in(act.to)
        ]
        if not bound:
            yield found(
                stand,
                "handed-to-nobody",
                "act",
                act.id,
                Words(
                    "本件就此终结，而收到的机关、单位没有任何责任",
                    "the case ends here and whoever it is handed to owes nothing",
                    "写一项由它开启、holder = “addressee”、在这个状态 outlives 的责任；没有天数的写 none",
                    "add a duty it opens, held by the addressee, that outlives this state; "
                    "without a number it says none",
                ),
            )
