"""The section `[[may]]` of a scenario file: by whose hands acts are done.

    [[may]]
    as = ["head"]
    stands = "holder"
    acts = ["petition.extend", "petition.sign"]

Each act may be done by every capacity named and by none but these, in an organ that stands to the
case as said (`any`: in whichever).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dengwen.law.packs.library import Library
from dengwen.law.packs.vocabulary import BY


def run_hands(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield each act that is done by other hands."""
    book = library.rulebook(entry["on"], entry.get("place", ""))
    wanted = frozenset(entry["as"]), entry["stands"]
    for name in entry["acts"]:
        kind, act = name.split(".")
        rule = book.kind(kind).acts[act]
        capacities, relation = BY[rule.by]
        if (capacities, relation) != wanted:
            yield f"{name}: {sorted(capacities)} {relation}，应为 {sorted(wanted[0])} {wanted[1]}"
