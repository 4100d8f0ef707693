"""What `law check --mutate` changes: one number, unit, day, act, state, holder, condition or
citation of one entry of one pack at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any

from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack
from dengwen.law.packs.rules import ActRule, DocumentRule, DutyRule
from dengwen.law.packs.vocabulary import BY, HOLDERS, KEEP_STATE, TERM_KEYS
from dengwen.law.scenarios.changed_citations import Passages, citation_edits, known_passages
from dengwen.law.scenarios.changed_conditions import Edit, condition_edits

Raw = Mapping[str, Any]

TURNING_POINTS = {"opens": "opener", "closes": "closer", "voids": "closer"}
"""Keys of a duty that name acts, with the class of a change in them."""


@dataclass(frozen=True)
class Mutant:
    """One change: its class, where, and the packs with the change in them.

    `words` are the names by which a scenario speaks of the entry; `cited` is its name in the lists
    of what rests on a passage.
    """

    change: str
    pack: str
    entry: str
    detail: str
    packs: tuple[Pack, ...]
    kind: str
    words: tuple[str, ...]
    cited: str = ""


def mutants(library: Library) -> Iterator[Mutant]:
    """Yield every mutant of every pack, one change each."""
    passages = known_passages(library.packs)
    for index, pack in enumerate(library.packs):
        for changed in _pack_changes(pack, passages):
            packs = (*library.packs[:index], changed.pack, *library.packs[index + 1 :])
            edit, place = changed.edit, changed.place
            yield Mutant(
                edit.change,
                pack.id,
                place.name,
                edit.detail,
                packs,
                place.kind,
                place.words,
                place.cited,
            )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a change is: the name of the entry, its procedure, and how scenarios name it."""

    name: str
    kind: str = ""
    words: tuple[str, ...] = ()
    cited: str = ""


@dataclass(frozen=True, slots=True)
class _Changed:
    """A pack with one change, where it is, and which."""

    place: _Place
    edit: Edit
    pack: Pack


def _pack_changes(pack: Pack, passages: Passages) -> Iterator[_Changed]:
    yield from _edition_changes(pack)
    for number, raw in enumerate(pack.clocks):
        name = str(raw["id"])
        place = _Place(f"clock {name}", words=(name,), cited=f"clock.{name}")
        for edit in chain(_term_changes(raw), citation_edits(raw, passages)):
            clocks = (*pack.clocks[:number], edit.raw, *pack.clocks[number + 1 :])
            yield _Changed(place, edit, replace(pack, clocks=clocks))
    for kind_id in pack.kinds:
        for section, changes in _CHANGES.items():
            yield from _entry_changes(pack, kind_id, section, changes, passages)


def _edition_changes(pack: Pack) -> Iterator[_Changed]:
    """Yield a pack in force a day later or earlier, and one that ends a day later."""
    for days in (1, -1):
        moved = replace(pack, since=pack.since + timedelta(days=days))
        yield _Changed(_Place("from"), Edit("edition", f"{days:+d} day", {}), moved)
    if pack.until:
        longer = replace(pack, until=pack.until + timedelta(days=1))
        yield _Changed(_Place("until"), Edit("edition", "+1 day", {}), longer)


_Changes = Callable[[Raw, Sequence[str]], Iterator[Edit]]


def _entry_changes(
    pack: Pack, kind_id: str, section: str, changes: _Changes, passages: Passages
) -> Iterator[_Changed]:
    """Yield every change of one section of one procedure."""
    kind = pack.kinds[kind_id]
    states = [state["id"] for state in kind.entries["state"]]
    for number, raw in enumerate(kind.entries[section]):
        place = _Place(
            f"{kind_id}.{section} {raw['id']}",
            kind_id,
            (str(raw["id"]), str(raw.get("clock", "")), *_list(raw.get("opens"))),
            f"{kind_id}.{section}.{raw['id']}",
        )
        for edit in chain(changes(raw, states), citation_edits(raw, passages)):
            yield _Changed(place, edit, _with_entry(pack, kind_id, section, number, edit.raw))


def _with_entry(pack: Pack, kind_id: str, section: str, number: int, raw: Raw) -> Pack:
    kind = pack.kinds[kind_id]
    entries = kind.entries[section]
    sections = {**kind.entries, section: (*entries[:number], raw, *entries[number + 1 :])}
    return replace(pack, kinds={**pack.kinds, kind_id: replace(kind, entries=sections)})


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(v) for v in value] if isinstance(value, list) else []


# --- numbers --------------------------------------------------------------------------------------
def _term_changes(raw: Raw) -> Iterator[Edit]:
    term = raw.get("term")
    if term:
        word, amount = next(iter(term.items()))
        for other in (amount + 1, amount - 1):
            if other > 0:
                yield Edit("number", f"{amount} → {other}", {**raw, "term": {word: other}})
        for other in TERM_KEYS:
            if other != word and {word, other} != {"days", "years"}:
                yield Edit("unit", f"{word} → {other}", {**raw, "term": {other: amount}})
    if raw.get("per"):
        other = "month" if raw["per"] != "month" else "quarter"
        yield Edit("unit", f"per {raw['per']} → {other}", {**raw, "per": other})
    if raw.get("per") and raw.get("at_least"):
        more = {**raw, "at_least": raw["at_least"] + 1}
        yield Edit("number", f"at least {raw['at_least']} → +1", more)
    yield from _stretch_changes(raw)


def _stretch_changes(raw: Raw) -> Iterator[Edit]:
    """Yield a time limit that can no longer be lengthened, or leaves nothing uncounted, by what an
    act says."""
    for key, change in (("extension", "cap"), ("exclusion", "condition")):
        if raw.get(key, {}).get("act"):
            left = {name: value for name, value in raw.items() if name != key}
            yield Edit(change, f"without {key}", left)
    extension = raw.get("extension")
    if extension and extension["most"] > 0:
        yield from _extension_changes(raw, extension)


def _extension_changes(raw: Raw, extension: Raw) -> Iterator[Edit]:
    """Yield the cap of an extension one higher and one lower."""
    for step in (1, -1):
        most = extension["most"] + step
        if most > 0:
            changed = {**raw, "extension": {**extension, "most": most}}
            yield Edit("cap", f"cap {extension['most']} {step:+d}", changed)


# --- duties ---------------------------------------------------------------------------------------
def _duty_changes(raw: Raw, _states: Sequence[str]) -> Iterator[Edit]:
    yield from _term_changes(raw)
    yield from _turning_changes(raw)
    yield from _closed_by_changes(raw)
    yield from condition_edits(DutyRule, raw)
    if raw.get("holder"):
        other = next(holder for holder in HOLDERS if holder != raw["holder"])
        yield Edit("holder", f"{raw['holder']} → {other}", {**raw, "holder": other})


def _turning_changes(raw: Raw) -> Iterator[Edit]:
    """Yield a duty without one of the acts that open, close or void it, its own or added ones."""
    for key, change in TURNING_POINTS.items():
        values = _list(raw.get(key))
        for value in values:
            without = {**raw, key: _without(values, value)}
            yield Edit(change, f"{key} without {value}", without)
    more = raw.get("more", {})
    for key, change in TURNING_POINTS.items():
        for value in more.get(key, ()):
            left = {**more, key: _without(more[key], value)}
            yield Edit(change, f"more {key} without {value}", {**raw, "more": left})


def _without(values: Iterable[str], left_out: str) -> list[str]:
    return [value for value in values if value != left_out]


def _closed_by_changes(raw: Raw) -> Iterator[Edit]:
    """Yield a recurring duty without one of the acts that close it."""
    closing = raw.get("closed_by", ())
    for number, one in enumerate(closing):
        left = [*closing[:number], *closing[number + 1 :]]
        if left:
            named = f"{one['kind']}.{one['act']}"
            yield Edit("closer", f"closed_by without {named}", {**raw, "closed_by": left})


# --- acts -----------------------------------------------------------------------------------------
def _act_changes(raw: Raw, states: Sequence[str]) -> Iterator[Edit]:
    yield from _target_changes(raw, states)
    yield from _start_changes(raw)
    yield from _actor_changes(raw)
    yield from _least_changes(raw)
    yield from condition_edits(ActRule, raw)
    for number, cap in enumerate(raw.get("caps", ())):
        for step in (1, -1):
            changed = {**cap, "most": cap["most"] + step}
            caps = [*raw["caps"][:number], changed, *raw["caps"][number + 1 :]]
            yield Edit("cap", f"{cap['field']} cap {cap['most']} {step:+d}", {**raw, "caps": caps})


def _target_changes(raw: Raw, states: Sequence[str]) -> Iterator[Edit]:
    """Yield an act that leads to another state."""
    to, after = raw.get("to", KEEP_STATE), _list(raw.get("after"))
    keeps_only_state = to == KEEP_STATE and len(after) == 1
    same = after[0] if keeps_only_state else to
    other = next((state for state in states if state not in (to, same)), None)
    if other:
        yield Edit("state", f"to {to} → {other}", {**raw, "to": other})


def _start_changes(raw: Raw) -> Iterator[Edit]:
    """Yield an act without one of the states it starts from."""
    after = _list(raw.get("after"))
    for value in after:
        left = _without(after, value)
        if left:
            yield Edit("state", f"after without {value}", {**raw, "after": left})


def _actor_changes(raw: Raw) -> Iterator[Edit]:
    """Yield an act for people of another capacity."""
    if "by" not in raw:
        return
    capacities, relation = BY[raw["by"]]
    for other, (others, stands) in BY.items():
        if not capacities & others and stands == relation:
            yield Edit("holder", f"by {raw['by']} → {other}", {**raw, "by": other})
            return


def _least_changes(raw: Raw) -> Iterator[Edit]:
    """Yield a field whose least number is one more."""
    declared = raw.get("fields", ())
    for number, field in enumerate(declared):
        if "least" in field:
            changed = {**field, "least": field["least"] + 1}
            left = [*declared[:number], changed, *declared[number + 1 :]]
            detail = f"{field['name']} least {field['least']} +1"
            yield Edit("number", detail, {**raw, "fields": left})


def _document_changes(raw: Raw, _states: Sequence[str]) -> Iterator[Edit]:
    return condition_edits(DocumentRule, raw)


_CHANGES: Mapping[str, _Changes] = {
    "duty": _duty_changes,
    "act": _act_changes,
    "document": _document_changes,
}
"""How the entries of each section are changed, beside their citations."""
