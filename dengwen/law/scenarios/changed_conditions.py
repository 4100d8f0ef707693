"""Every condition of an entry deleted, and negated where the format has its opposite.

Which words are conditions is not listed here: the dataclasses of the format say it. Whatever
field a rule has, it is changed by its type, unless it stands in `NO_CONDITION` with another class
of change of its own, or because it decides nothing a scenario could see. A word added to the
format is so changed from its first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from dengwen.law.packs.rules import (
    ActRule,
    Basis,
    Cap,
    ClosedBy,
    DocumentRule,
    DutyRule,
    FieldRule,
    LimitRule,
)

Raw = Mapping[str, Any]

NAMES = frozenset({"id", "zh", "en", "remedy_zh", "remedy_en", "otherwise_zh", "otherwise_en"})
"""What an entry is called, and what people are told."""

NO_CONDITION: Mapping[type, Mapping[str, str]] = {
    ActRule: {
        "by": "changed as a holder",
        "after": "changed as a state",
        "to": "changed as a state",
        "documents": "papers are issued at the write door (tests/cases, tests/petitions)",
        "effects": "carried out at the write door, each with tests of its own package",
        "approves": "the digest of what was shown is compared at the write door (tests/cases)",
        "one_of": "a rule of the house, asked at the write door alone (tests/desk)",
        "history": "asked at the write door alone, of imported history (tests/petitions)",
        "tells": "read by the check of soundness alone (tests/law)",
        "two_persons": "a rule of the house, asked at the write door alone (tests/cases)",
        "own_paper": "a rule of the house, asked at the write door alone (tests/cases)",
        "two_persons_if": "a rule of the house, asked at the write door (tests/accountability)",
        "unplayed": "says why no scenario plays it",
    },
    DutyRule: {
        "clock": "changed as a number, a unit, a cap",
        "holder": "changed as a holder",
        "named_by": "goes with holder = named; loading refuses one without the other",
        "opens": "changed as an opener",
        "closes": "changed as a closer",
        "voids": "changed as a closer",
        "of": "a duty that is not recurring has no other opener: loading refuses it",
        "local": "names a local setting, which is no law and shown as local (tests/cases)",
        "alongside": "sorts a list, decides nothing (tests/desk)",
        "jointly": "read by the check of soundness alone (tests/law)",
        "tells": "read by the check of soundness alone (tests/law)",
        "outlives": "read by the check for duties left open alone (tests/law/test_left_open.py)",
    },
    FieldRule: {
        "name": "what it is called",
        "type": "loading and every scenario that fills it in know its type",
        "data_class": "who may read it (tests/access)",
        "options": "loading refuses a condition on an option that is gone",
        "option_names": "what people are told",
        "second": "asked at the write door, of corrections (tests/cases)",
        "stands": "needs the registry of organs, asked at the write door (tests/cases)",
        "section": "form of a registration",
        "asked_at": "form of a registration",
        "printed": "form of a registration",
    },
    DocumentRule: {
        "number": "its place in the list of documents",
        "needs": "what a paper must hold is asked where it is made (tests/cases)",
        "layout": "how it looks",
        "to": "what people are told",
        "in_law": "whether its name stands in the law",
        "declared": "said by the code, not by packs",
    },
    LimitRule: {"clock": "gone with its limit"},
    Cap: {"most": "changed as a cap", "field": "names its field"},
    ClosedBy: {"kind": "changed as a closer", "act": "changed as a closer"},
}
"""Fields of the format that are no conditions, each with why."""

OPPOSITES = {
    "only_if": "never_if",
    "never_if": "only_if",
    "where": "where_not",
    "where_not": "where",
}
"""Conditions whose opposite has a word of its own."""

RAW_LISTS: Mapping[str, type] = {
    "caps": Cap,
    "fields": FieldRule,
    "closed_by": ClosedBy,
    "limits": LimitRule,
}
"""Lists of tables inside an entry, with the rule each table becomes."""

RAW_NAMES = {"since": "from"}
"""Fields of rules that packs call otherwise."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of an entry: its class, what was changed, and the entry with it."""

    change: str
    detail: str
    raw: Raw


@cache
def condition_words(rule: type) -> tuple[str, ...]:
    """Return the fields of a rule that are conditions: all but those said to be none, and what it
    cites, which is changed as a citation."""
    left_out = {*NAMES, *NO_CONDITION.get(rule, {}), *cited_words(rule)}
    names = [f.name for f in fields(rule) if f.name not in left_out]
    return tuple(RAW_NAMES.get(name, name) for name in names)


def cited_words(rule: type) -> set[str]:
    """Return the fields of a rule that hold a citation."""
    hints = get_type_hints(rule)
    return {name for name, hint in hints.items() if Basis in (hint, *get_args(hint))}


def condition_edits(rule: type, raw: Raw) -> Iterator[Edit]:
    """Yield an entry without one condition, or with its opposite, also of what it adds below
    `more`."""
    for word in condition_words(rule):
        yield from _edits_of(rule, word, raw, "")
        more = raw.get("more", {})
        for edit in _edits_of(rule, word, more, "more ") if word in more else ():
            yield Edit(edit.change, edit.detail, {**raw, "more": edit.raw})


def _edits_of(rule: type, word: str, raw: Raw, said: str) -> Iterator[Edit]:
    """Yield the changes of one word of a table."""
    if word not in raw:
        return
    value = raw[word]
    if word in RAW_LISTS:
        yield from _inner_edits(word, raw, said)
    elif isinstance(value, Mapping):
        yield from _mapping_edits(rule, word, raw, said)
    elif isinstance(value, list):
        for one in value:
            left = [other for other in value if other != one]
            yield _edit(f"{said}{word} without {one}", raw, word, left)
    else:
        yield _edit(f"{said}without {word}", raw, word, None)


def _edit(detail: str, raw: Raw, word: str, value: object) -> Edit:
    """Return an entry with another value of a word; nothing left means that the word is gone."""
    left = {key: old for key, old in raw.items() if key != word}
    return Edit("condition", detail, {**left, word: value} if value not in (None, [], {}) else left)


def _inner_edits(word: str, raw: Raw, said: str) -> Iterator[Edit]:
    """Yield the changes inside each table of a list of an entry."""
    tables = raw[word]
    for place, table in enumerate(tables):
        named = next((table[key] for key in ("name", "field", "act", "clock") if key in table), "")
        if word == "limits":
            left = [*tables[:place], *tables[place + 1 :]]
            yield _edit(f"{said}{word} without {named}", raw, word, left)
        for edit in condition_edits(RAW_LISTS[word], table):
            changed = [*tables[:place], edit.raw, *tables[place + 1 :]]
            detail = f"{said}{word} {named}: {edit.detail}"
            yield Edit(edit.change, detail, {**raw, word: changed})


def _mapping_edits(rule: type, word: str, raw: Raw, said: str) -> Iterator[Edit]:
    """Yield conditions on facts: one gone, one value of several gone, one turned round."""
    conditions = raw[word]
    for fact, wanted in conditions.items():
        others = {name: value for name, value in conditions.items() if name != fact}
        yield _edit(f"{said}{word} without {fact}", raw, word, others)
        values = wanted if isinstance(wanted, list) else [wanted]
        for value in values if len(values) > 1 else ():
            left = {**conditions, fact: [other for other in values if other != value]}
            yield _edit(f"{said}{word} {fact} without {value}", raw, word, left)
        opposite = OPPOSITES.get(word, "")
        if opposite in {field.name for field in fields(rule)}:
            yield _turned(word, opposite, fact, raw, said)


def _turned(word: str, opposite: str, fact: str, raw: Raw, said: str) -> Edit:
    """Return an entry in which one condition on a fact says the opposite."""
    without = _edit("", raw, word, {k: v for k, v in raw[word].items() if k != fact}).raw
    turned = {**without, opposite: {**raw.get(opposite, {}), fact: raw[word][fact]}}
    return Edit("condition", f"{said}{word} {fact} → {opposite}", turned)


def unclassified(rule: type) -> set[str]:
    """Return the words said to be no condition that the format does not have (any more)."""
    hints = get_type_hints(rule)
    strange = set(NO_CONDITION.get(rule, {})) - set(hints)
    inner = {name for name, hint in hints.items() if any(map(is_dataclass, get_args(hint)))}
    known = {*RAW_LISTS, *NO_CONDITION.get(rule, {}), *cited_words(rule)}
    return strange | (inner - known)
