"""What a scenario need not say: how the case stood before its first act, and particulars that
decide nothing.

    acts = [{at = 2025-01-24, act = "receive", by = "县住建局"}]

is about a matter that was sent to the county's housing bureau, for nothing else can be received.
What an act needs
beyond its state, its organ and its facts (an earlier act, an open duty) is not implied: such a
scenario says `given`.
Texts, digests and codes that become no fact of the case are filled in where the act requires them;
a scenario that is
about their absence says `refused`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import BY, TEXT_TYPES

ANY_STATE = frozenset({"*", "**"})
LEFT_OUT = "（略）"
_DIGEST = "0" * 64


def implied_given(rule: ActRule, raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `given` for a scenario whose first act is `raw` under `rule`; empty where that act
    can open a case."""
    states = [state for state in rule.after if state not in ANY_STATE]
    if not states or "new" in states:
        return {}
    given: dict[str, Any] = {"state": states[0]}
    relation = BY[rule.by][1]
    if relation in {"holder", "addressee", "sender"} and raw.get("by"):
        given[relation] = raw["by"]
    facts = {name: values[0] for name, values in rule.only_if.items() if values and name not in raw}
    if facts:
        given["facts"] = facts
    return given


def fill(rule: ActRule, fields: dict[str, FieldValue], texts: dict[str, str]) -> None:
    """Put something into the required particulars a scenario left out, if they can decide
    nothing."""
    for declared in rule.fields:
        if not declared.required or declared.name in fields or declared.name in texts:
            continue
        if declared.type in TEXT_TYPES:
            texts[declared.name] = LEFT_OUT
        elif (value := _anything(declared)) is not None:
            fields[declared.name] = value


def _anything(declared: FieldRule) -> FieldValue | None:
    """Return a value for a particular that becomes no fact; None for what a scenario must say
    (dates, organs …)."""
    match declared.type:
        case "digest":
            return _DIGEST
        case "digests":
            return (_DIGEST,)
        case "code" if not declared.fact and declared.options:
            return declared.options[0]
    return None
