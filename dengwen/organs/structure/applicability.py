"""Who is bound by what: an organ by its kind and level, a petitioner, each as the packs say
(`[[binding]]`).

Pure: the rules of a day at a place in, how each instrument grips out. What an instrument says of
whatever it does not list is the binding without groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dengwen.law.liability.stated_rules import BindingRule
from dengwen.organs.kinds import KINDS, LEVELS

CITIZEN, FOREIGNER = "citizen", "foreigner"
"""Petitioners, as articles on scope speak of them."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How one instrument grips: its short name, the degree, the article, and one sentence why."""

    instrument: str
    degree: str
    article: str
    zh: str
    en: str


def binding(rules: Iterable[BindingRule], kind: str, level: str = "county") -> tuple[Bound, ...]:
    """Return how every instrument that speaks of organs binds one of `kind` and `level`.

    An instrument that does not list the kind is returned with what it says of all others. KeyError
    for an unknown kind, ValueError for an unknown level.
    """
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is not one of {', '.join(LEVELS)}")
    stated = [rule for rule in rules if not {CITIZEN, FOREIGNER} & {*rule.groups}]
    return _grips(stated, KINDS[kind].group, level)


def bound_by(
    rules: Iterable[BindingRule], kind: str, instrument: str, level: str = "county"
) -> Bound | None:
    """Return how one instrument binds, or None where these rules do not know it."""
    found = binding(rules, kind, level)
    return next((bound for bound in found if bound.instrument == instrument), None)


def petitioner_binding(rules: Iterable[BindingRule], *, foreign: bool) -> Bound | None:
    """Return how petitioners are reached: directly, a foreigner by reference (case B27).

    None where no text on it was read; nothing is invented.
    """
    who = FOREIGNER if foreign else CITIZEN
    stated = [rule for rule in rules if who in rule.groups]
    return next(iter(_grips(stated, who, "")), None)


def _grips(rules: Iterable[BindingRule], group: str, level: str) -> tuple[Bound, ...]:
    """Return of each instrument the binding that lists the group, else that of all others."""
    found: dict[str, BindingRule] = {}
    for rule in rules:
        listed = group in rule.groups and (not rule.levels or level in rule.levels)
        if listed or (not rule.groups and rule.law not in found):
            found[rule.law] = rule
    return tuple(
        Bound(law, rule.degree, rule.basis.article, rule.zh, rule.en) for law, rule in found.items()
    )
