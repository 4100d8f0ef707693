"""Who may do what in which state: nobody decides own disputes, and nothing reaches the accused."""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.law.packs.rules import ActRule, DutyRule, KindRule
from dengwen.law.packs.vocabulary import (
    ANEW,
    ASKED_EFFECTS,
    BY,
    OPENING_STATE,
    POWER_EFFECTS,
    WALL_EFFECTS,
)
from dengwen.law.soundness.defect import Finding, Stand, Words, found

DECIDES = "superior"
"""Who decides over the organ that holds a case: an organ named in an earlier act."""
ACCUSED = "D4"
"""The class of data that says who is accused."""


def power_findings(stand: Stand) -> Iterator[Finding]:
    """Yield the acts by whom the text gives no power, and those that could reach the accused."""
    for act in stand.kind.acts.values():
        yield from _by_a_party(stand, act)
        yield from _to_the_accused(stand, act)
        yield from _upheld(stand, act)
    for duty in stand.kind.duties.values():
        yield from _unasked(stand, duty)


def _by_a_party(stand: Stand, act: ActRule) -> Iterator[Finding]:
    """Yield that any organ named in the case may decide, the parties to a dispute among them."""
    held = act.named_in or set(act.effects) & set(POWER_EFFECTS)
    if act.by != DECIDES or held or _only_one_named(stand.kind):
        return
    yield found(
        stand,
        "decided-by-a-party",
        "act",
        act.id,
        Words(
            "本件里载明的任何机关、单位都可以做，争议的一方也可以",
            "any organ named in the case can do it, a party to the dispute as well",
            "写 named_in = “字段名”，说明由哪一项载明的机关、单位来做",
            "say named_in = “…”, the field that names the organ which does it",
        ),
    )


def _only_one_named(kind: KindRule) -> bool:
    """Say whether the acts of a kind name organs in one field only."""
    named = {
        field.name
        for act in kind.acts.values()
        for field in act.fields
        if field.type in ("organ", "organs") and field.data_class != ACCUSED
    }
    return len(named) < 2


def _unasked(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that a decision about somebody can be made before anybody asked for it."""
    if not duty.matching or not duty.clock.none:
        return
    for name in duty.closes:
        act = stand.kind.acts[name]
        decides = "head" in BY[act.by][0] and len(BY[act.by][0]) == 1
        held = duty.id in act.needs_open or set(act.effects) & set(ASKED_EFFECTS)
        if decides and not held:
            yield found(
                stand,
                "decided-unasked",
                "act",
                act.id,
                Words(
                    f"没有人提出，或者提出的是别人，也可以作出：它答复的是“{duty.zh}”",
                    f"can be made before anybody asked, or about somebody else: it answers "
                    f"“{duty.en}”",
                    f"写 needs_open = [“{duty.id}”]",
                    f"say needs_open = [“{duty.id}”]",
                ),
                detail=duty.id,
            )


def _to_the_accused(stand: Stand, act: ActRule) -> Iterator[Finding]:
    """Yield that an act can send a case to whom it accuses, or ask something of them."""
    naming = [a for a in stand.kind.acts.values() if _names_accused(a)]
    turned_to = act.addresses or any(
        act.id in duty.opens and duty.holder == "named" for duty in stand.kind.duties.values()
    )
    if not turned_to or not naming or set(act.effects) & set(WALL_EFFECTS):
        return
    said = {name: value for a in naming for name, value in a.sets.items()}
    if any(value in act.never_if.get(name, ()) for name, value in said.items()):
        return
    yield found(
        stand,
        "to-the-accused",
        "act",
        act.id,
        Words(
            "可以把本件送给被检举控告的单位",
            "can send the case to the unit it accuses",
            f"effects 写上 {WALL_EFFECTS[0]}，或者 never_if 写上记明被检举人的事实",
            f"let effects say {WALL_EFFECTS[0]}, or never_if the fact that somebody is accused",
        ),
    )


def _names_accused(act: ActRule) -> bool:
    """Say whether an act names who is accused."""
    named = [f for f in act.fields if f.data_class == ACCUSED]
    return any(f.type in ("organs", "official") for f in named) and bool(act.sets)


def _upheld(stand: Stand, act: ActRule) -> Iterator[Finding]:
    """Yield that a matter can be handled anew although no review ordered it."""
    if act.sets.get(ANEW) != "true" or OPENING_STATE not in act.after:
        return
    if any("ordered_anew" in field.stands and field.required for field in act.fields):
        return
    yield found(
        stand,
        "upheld-anew",
        "act",
        act.id,
        Words(
            "复查、复核维持的，也可以重新办理",
            "a matter that a review upheld can be handled anew",
            "载明复查、复核件的一项写 required = true, stands = [“ordered_anew”]",
            "let the field that names the review say required = true, stands = [“ordered_anew”]",
        ),
    )
