"""A row of acts that can really happen: where the rules refuse one, what decides about it is
followed as well, and the exploration begins anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dengwen.law.soundness.defect import Stand
from dengwen.law.soundness.exploration import Exploration, Taken, tested_by
from dengwen.law.soundness.rehearsal import Rehearsal
from dengwen.law.soundness.valuation import done, is_open

MOST_ROUNDS = 16
"""How often an exploration may begin anew because a row of acts could not happen as it said."""
Explored = tuple[Exploration, list[Taken]]


def confirmed(
    stand: Stand,
    followed: frozenset[str],
    wanted: Callable[[Exploration], Iterable[list[Taken]]],
    holds: Callable[[Rehearsal], bool] = lambda _: True,
    explored: Exploration | None = None,
) -> Explored | None:
    """Return a row of acts that can happen, with the exploration it was found in; none where the
    rules refuse every one of them for what is followed already."""
    exploration = explored
    for _ in range(MOST_ROUNDS):
        if exploration is None:
            exploration = Exploration(stand.kind, followed, stand.told_apart).explore()
        more: set[str] = set()
        for path in wanted(exploration):
            rehearsal = Rehearsal.of(stand, exploration)
            if not rehearsal.play(path):
                more |= in_the_way(rehearsal, followed)
            elif holds(rehearsal):
                return exploration, path
        if more <= followed:
            return None
        followed, exploration = followed | more, None
    return None


def in_the_way(rehearsal: Rehearsal, followed: frozenset[str]) -> frozenset[str]:
    """Return what has to be followed as well so that no row of acts meets this refusal again: the
    conditions that were not met, else all that decide about the act."""
    act, view = rehearsal.rules.acts[rehearsal.refused_act], rehearsal.case.view()
    unmet = {name for name, wanted in act.only_if.items() if not view.matches({name: wanted})}
    unmet |= {name for name, barred in act.never_if.items() if view.matches({name: barred})}
    unmet |= {done(name) for name in act.needs_act if name not in view.done}
    unmet |= {is_open(name) for name in act.needs_closed if view.find_open(name)}
    unmet |= {is_open(name) for name in act.needs_open if not view.find_open(name)}
    if act.within and not act.unless and not view.find_open(act.within):
        unmet.add(is_open(act.within))
    fresh = frozenset(unmet) - followed
    return fresh or tested_by(act)
