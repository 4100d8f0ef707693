"""The sections `[[may]]` and `[[owes]]` of a scenario file: by whose hands acts are done, and who
owes.

    [[may]]
    as = ["head"]
    stands = "holder"
    acts = ["petition.extend", "petition.sign"]

    [[owes]]
    who = "addressee"
    duties = ["petition.assigned_report"]

Each act may be done by every capacity named and by none but these, in an organ that stands to the
case as said (`any`: in whichever); each duty is owed by the organ that stands to it as said.
`alone = true` says that only what its holder does ends it, `false` that others may do it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dengwen.law.packs.library import Library
from dengwen.law.packs.vocabulary import BY


def run_may(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield each act that is done by other hands."""
    book = library.rulebook(entry["on"], entry.get("place", ""))
    wanted = frozenset(entry["as"]), entry["stands"]
    for name in entry["acts"]:
        kind, act = name.split(".")
        rule = book.kind(kind).acts[act]
        capacities, relation = BY[rule.by]
        if (capacities, relation) != wanted:
            yield f"{name}: {sorted(capacities)} {relation}，应为 {sorted(wanted[0])} {wanted[1]}"


def run_owes(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield each duty that somebody else owes."""
    book = library.rulebook(entry["on"], entry.get("place", ""))
    for name in entry["duties"]:
        kind, duty = name.split(".")
        rule = book.kind(kind).duties[duty]
        if rule.holder != entry["who"]:
            yield f"{name}: {rule.holder}，应为 {entry['who']} / should be owed by {entry['who']}"
        if "alone" in entry and rule.close_by_holder != entry["alone"]:
            yield f"{name}: 是否只由承担者了结不符 / by whom it is ended is otherwise"
