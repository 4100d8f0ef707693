"""A matter that proves to belong elsewhere gets there, and whoever it is sent to receives it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import partial

from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.soundness.confirmation import confirmed
from dengwen.law.soundness.defect import Finding, Stand, Words, found
from dengwen.law.soundness.exploration import Exploration, Taken, starts, tested_by
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
        if _declared(stand, act, fact, setters):
            continue
        near = {s for setter in setters for s in starts(stand.kind, setter)}
        if not starts(stand.kind, act) & near:
            continue  # nobody can settle it there
        shown = confirmed(stand, tested_by(act) | {fact}, partial(_unknown, act, fact, near))
        if shown:
            yield _guesses(stand, act, fact, setters, shown[1])


def _declared(stand: Stand, act: ActRule, fact: str, setters: list[ActRule]) -> bool:
    """Say whether an act done before a fact is known declares that it is left open, and somebody
    has to settle it from then on; an act that ends the case leaves nothing to settle."""
    if fact not in act.must_be_unless:
        return False
    if stand.kind.ends(act.id):
        return bool(act.must_be)
    settle = {setter.id for setter in setters}
    return any(
        name in duty.where and settle & set(duty.closes)
        for name in act.must_be
        for duty in stand.kind.duties.values()
    )


def _unknown(
    act: ActRule, fact: str, near: Set[str], exploration: Exploration
) -> Iterator[list[Taken]]:
    """Yield a row of acts into each state in which an act can be done and a fact is not known."""
    if act.id not in exploration.guards:
        return
    unknown = exploration.space.where(fact, (UNSET,)) & exploration.guards[act.id]
    for state, bits in exploration.reach.items():
        if state in near and bits & unknown and act in exploration.possible.get(state, ()):
            yield exploration.path(state, unknown)


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
            f"用 only_if 写明可以的{rule.zh}，先“{setters[0].zh}”；或者用 must_be 让人声明留待以后认定，"
            "并由一项责任了结它",
            f"name the values it is for in only_if, so that “{setters[0].en}” comes first; or let "
            "must_be declare that it is left open, and a duty close the gap",
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
    shown = confirmed(stand, frozenset(followed), partial(_lost, stand, duty, way))
    if shown:
        state = stand.kind.states[shown[1][-1].state]
        yield found(
            stand,
            "no-way-over",
            "act",
            way.id,
            Words(
                f"办到“{state.zh}”才发现应走这一途径的，转不过去",
                f"a matter that proves to belong here once it is “{state.en}” cannot get here",
                "补一个在办理中改变途径的行为",
                "add an act that changes the path while the matter is handled",
            ),
            shown[1],
            state.id,
        )


def _lost(
    stand: Stand, duty: DutyRule, way: ActRule, exploration: Exploration
) -> Iterator[list[Taken]]:
    """Yield a row of acts into each state in which a duty of one path is open and the other path
    cannot be reached."""
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
        if rule is not None and not rule.final and lost:
            yield exploration.path(state, lost)


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
