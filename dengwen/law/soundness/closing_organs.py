"""How whoever holds a duty stands to the acts of a case: which are theirs, which another's."""

from __future__ import annotations

from dengwen.law.packs.rules import ActRule, DutyRule, KindRule
from dengwen.law.packs.vocabulary import BY

NOT_AN_ORGANS = frozenset({"petitioner", "system", "registrar"})
"""Whose acts the organ that holds a duty cannot do."""
THEIRS = {
    "holder": ("any", "holder"),
    "actor": ("any", "holder", "sender"),
    "addressee": ("any", "addressee", "holder", "named"),
    "sender": ("any", "sender"),
    "named": ("any", "named"),
}
"""How an act must relate to the case so that whoever holds a duty can do it."""
STRANGERS = {
    "holder": ("addressee", "sender", "named"),
    "actor": ("addressee", "named"),
    "addressee": ("any", "named", "sender"),
    "sender": ("any", "named", "holder", "addressee"),
    "named": ("any", "named", "holder", "sender"),
}
"""Acts of these relations can be done by somebody else than whoever holds the duty."""
MIRRORS = frozenset({"system", "petitioner"})
"""Acts of the system record what happened elsewhere; the petitioner's ends a duty by itself."""


def admits(kind: KindRule, duty: DutyRule, act: ActRule) -> bool:
    """Say whether whoever holds a duty can do an act."""
    if act.by in NOT_AN_ORGANS:
        return False
    theirs = THEIRS.get(duty.holder, ("any",))
    if duty.holder == "actor":
        theirs = (*theirs, *(BY[kind.acts[name].by][1] for name in duty.opens))
    if duty.holder == "named" and _also_addressed(kind, duty):
        theirs = (*theirs, "addressee", "holder")
    return BY[act.by][1] in theirs


def _also_addressed(kind: KindRule, duty: DutyRule) -> bool:
    """Say whether the acts that open a duty send the case to whom they name."""
    return all(kind.acts[name].addresses == duty.named_by for name in duty.opens)


def closes_for_another(duty: DutyRule, act: ActRule) -> bool:
    """Say whether an act that closes a duty can be another organ's than its holder's."""
    if duty.close_by_holder or duty.jointly or act.by in MIRRORS:
        return False
    if act.named_in and act.named_in == duty.named_by:
        return False
    if duty.official and act.own_hand:
        return False  # whoever owes it signs in person
    return BY[act.by][1] in STRANGERS.get(duty.holder, ())
