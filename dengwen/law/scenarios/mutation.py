"""`law check --mutate`: does a scenario notice when one number, unit, opener, closer, state or
holder changes.

Each mutant is one change to one entry of one pack. It is *killed* when loading refuses it or a
scenario fails;
a survivor is a rule nobody's scenario holds fast. Scenarios that concern the changed entry run
first.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack, RawKind
from dengwen.law.packs.vocabulary import HOLDERS, KEEP_STATE, TERM_KEYS
from dengwen.law.scenarios.scenario import run

STRICT = ("number", "unit", "opener", "closer")
"""Classes of change of which none may survive."""
LENIENT_SHARE = 0.05
"""The share of all other changes that may survive."""

TURNING_POINTS = {"opens": "opener", "closes": "closer", "voids": "closer"}
"""Keys of a duty that name acts, with the class of a change in them."""

Scenario = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Mutant:
    """One change: its class, where, and the packs with the change in them."""

    change: str
    pack: str
    entry: str
    detail: str
    packs: tuple[Pack, ...]
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Counts by class of change and the survivors by name."""

    total: Mapping[str, int]
    survivors: tuple[tuple[str, str, str, str], ...]

    def sound(self) -> bool:
        """Whether no strict change survived, and at most a twentieth of the others."""
        strict = [s for s in self.survivors if s[0] in STRICT]
        others = sum(n for c, n in self.total.items() if c not in STRICT)
        return not strict and len(self.survivors) <= others * LENIENT_SHARE

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "total": dict(self.total),
            "mutants": sum(self.total.values()),
            "sound": self.sound(),
            "survivors": [
                dict(zip(("change", "pack", "entry", "detail"), s, strict=True))
                for s in self.survivors
            ],
        }


def mutate(library: Library, scenarios: Sequence[Scenario], *, every: int = 1) -> Report:
    """Run the scenarios against every mutant of the library's packs, or each nth one."""
    total: dict[str, int] = {}
    survivors: list[tuple[str, str, str, str]] = []
    for mutant in islice(mutants(library), 0, None, every):
        total[mutant.change] = total.get(mutant.change, 0) + 1
        if not killed(library, mutant, scenarios):
            survivors.append((mutant.change, mutant.pack, mutant.entry, mutant.detail))
    return Report(total, tuple(survivors))


def killed(library: Library, mutant: Mutant, scenarios: Sequence[Scenario]) -> bool:
    """Say whether loading or any scenario notices the mutant."""
    changed = Library(mutant.packs, library.calendar, library.effects, library.workshop)
    try:
        changed.clocks  # noqa: B018  # building every clock is part of loading
        return any(
            not run(changed, file, entry).passed
            for file, entry in _nearest_first(mutant, scenarios)
        )
    except PackError:
        return True


def _nearest_first(mutant: Mutant, scenarios: Sequence[Scenario]) -> Iterator[Scenario]:
    near = [s for s in scenarios if _concerns(mutant, s[1])]
    yield from near
    chosen = {id(s[1]) for s in near}
    yield from (s for s in scenarios if id(s[1]) not in chosen and _same_kind(mutant, s[1]))


def _same_kind(mutant: Mutant, entry: Mapping[str, Any]) -> bool:
    return entry["section"] == "scenario" and (
        not mutant.kind or mutant.kind in ("*", entry.get("kind", "petition"))
    )


def _concerns(mutant: Mutant, entry: Mapping[str, Any]) -> bool:
    """Say whether a scenario names the entry, so that it is tried first."""
    if entry["section"] == "force":
        return mutant.change == "edition" and entry["pack"] == mutant.pack
    if entry["section"] == "count":
        return entry.get("clock") in mutant.words
    if not _same_kind(mutant, entry):
        return False
    acts = {a.get(key) for a in entry["acts"] for key in ("act", "rule")}
    named = acts | {e.get("duty") for e in entry.get("expect", ())}
    return bool(named & set(mutant.words))


def mutants(library: Library) -> Iterator[Mutant]:
    """Yield every mutant of every pack, one change each."""
    for index, pack in enumerate(library.packs):
        for change, entry, detail, changed, kind, words in _pack_changes(pack):
            packs = (*library.packs[:index], changed, *library.packs[index + 1 :])
            yield Mutant(change, pack.id, entry, detail, packs, kind, words)


_Raw = Mapping[str, Any]
_Edit = tuple[str, str, _Raw]
_Change = tuple[str, str, str, Pack, str, tuple[str, ...]]


def _pack_changes(pack: Pack) -> Iterator[_Change]:
    yield from _edition_changes(pack)
    for place, raw in enumerate(pack.clocks):
        name = str(raw["id"])
        for change, detail, changed in _term_changes(raw):
            clocks = (*pack.clocks[:place], changed, *pack.clocks[place + 1 :])
            yield change, f"clock {name}", detail, replace(pack, clocks=clocks), "", (name,)
    for kind_id in pack.kinds:
        yield from _entry_changes(pack, kind_id, "duty", _duty_changes)
        yield from _entry_changes(pack, kind_id, "act", _act_changes)


def _edition_changes(pack: Pack) -> Iterator[_Change]:
    """Yield a pack in force a day later or earlier, and one that ends a day later."""
    for days in (1, -1):
        moved = replace(pack, since=pack.since + timedelta(days=days))
        yield "edition", "from", f"{days:+d} day", moved, "", ()
    if pack.until:
        longer = replace(pack, until=pack.until + timedelta(days=1))
        yield "edition", "until", "+1 day", longer, "", ()


def _entry_changes(
    pack: Pack,
    kind_id: str,
    section: str,
    changes: Callable[[_Raw, list[str]], Iterator[_Edit]],
) -> Iterator[_Change]:
    """Yield every change of the duties, or of the acts, of one procedure."""
    kind = pack.kinds[kind_id]
    states = [state["id"] for state in kind.entries["state"]]
    for place, raw in enumerate(kind.entries[section]):
        name = f"{kind_id}.{section} {raw['id']}"
        words = (str(raw["id"]), str(raw.get("clock", "")), *_list(raw.get("opens")))
        for change, detail, entry in changes(raw, states):
            changed = _with_entry(pack, kind_id, kind, section, place, entry)
            yield change, name, detail, changed, kind_id, words


def _with_entry(
    pack: Pack, kind_id: str, kind: RawKind, section: str, place: int, entry: Mapping[str, Any]
) -> Pack:
    entries = kind.entries[section]
    changed = replace(
        kind, entries={**kind.entries, section: (*entries[:place], entry, *entries[place + 1 :])}
    )
    return replace(pack, kinds={**pack.kinds, kind_id: changed})


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(v) for v in value] if isinstance(value, list) else []


def _term_changes(raw: _Raw) -> Iterator[_Edit]:
    term = raw.get("term")
    if term:
        word, amount = next(iter(term.items()))
        yield "number", f"{amount} → {amount + 1}", {**raw, "term": {word: amount + 1}}
        for other in TERM_KEYS:
            if other != word and {word, other} != {"days", "years"}:
                yield "unit", f"{word} → {other}", {**raw, "term": {other: amount}}
    if raw.get("per"):
        other = "month" if raw["per"] != "month" else "quarter"
        yield "unit", f"per {raw['per']} → {other}", {**raw, "per": other}
    extension = raw.get("extension")
    if extension and extension["most"] > 0:
        yield from _cap_changes(raw, extension)


def _cap_changes(raw: _Raw, extension: _Raw) -> Iterator[_Edit]:
    """Yield the cap of an extension one higher and one lower."""
    for step in (1, -1):
        most = extension["most"] + step
        if most > 0:
            changed = {**raw, "extension": {**extension, "most": most}}
            yield "cap", f"cap {extension['most']} {step:+d}", changed


def _duty_changes(raw: _Raw, _states: list[str]) -> Iterator[_Edit]:
    yield from _term_changes(raw)
    yield from _turning_changes(raw)
    yield from _closed_by_changes(raw)
    if raw.get("per") and raw.get("at_least"):
        yield "number", f"at least {raw['at_least']} → +1", {**raw, "at_least": raw["at_least"] + 1}
    if raw.get("holder"):
        other = next(holder for holder in HOLDERS if holder != raw["holder"])
        yield "holder", f"{raw['holder']} → {other}", {**raw, "holder": other}


def _turning_changes(raw: _Raw) -> Iterator[_Edit]:
    """Yield a duty without one of the acts that open, close or void it, its own or added ones."""
    for key, change in TURNING_POINTS.items():
        values = _list(raw.get(key))
        for value in values:
            yield change, f"{key} without {value}", {**raw, key: _without(values, value)}
    more = raw.get("more", {})
    for key, change in TURNING_POINTS.items():
        for value in more.get(key, ()):
            left = {**more, key: _without(more[key], value)}
            yield change, f"more {key} without {value}", {**raw, "more": left}


def _without(values: Iterable[str], left_out: str) -> list[str]:
    return [value for value in values if value != left_out]


def _closed_by_changes(raw: _Raw) -> Iterator[_Edit]:
    """Yield a recurring duty without one of the acts that close it, or without its condition."""
    closing = raw.get("closed_by", ())
    for place, one in enumerate(closing):
        before, after = closing[:place], closing[place + 1 :]
        if before or after:
            named = f"{one['kind']}.{one['act']}"
            changed = {**raw, "closed_by": [*before, *after]}
            yield "closer", f"closed_by without {named}", changed
        if one.get("where"):
            bare = {key: value for key, value in one.items() if key != "where"}
            changed = {**raw, "closed_by": [*before, bare, *after]}
            yield "closer", f"closed_by {one['kind']} without its condition", changed


def _act_changes(raw: _Raw, states: list[str]) -> Iterator[_Edit]:
    yield from _target_changes(raw, states)
    yield from _start_changes(raw)
    for place, cap in enumerate(raw.get("caps", ())):
        higher = {**cap, "most": cap["most"] + 1}
        caps = [*raw["caps"][:place], higher, *raw["caps"][place + 1 :]]
        yield "cap", f"{cap['field']} cap {cap['most']} +1", {**raw, "caps": caps}


def _target_changes(raw: _Raw, states: list[str]) -> Iterator[_Edit]:
    """Yield an act that leads to another state."""
    to, after = raw.get("to", KEEP_STATE), _list(raw.get("after"))
    keeps_only_state = to == KEEP_STATE and len(after) == 1
    same = after[0] if keeps_only_state else to
    other = next((state for state in states if state not in (to, same)), None)
    if other:
        yield "state", f"to {to} → {other}", {**raw, "to": other}


def _start_changes(raw: _Raw) -> Iterator[_Edit]:
    """Yield an act without one of the states it starts from."""
    after = _list(raw.get("after"))
    for value in after:
        left = _without(after, value)
        if left:
            changed = copy.deepcopy(dict(raw))
            changed["after"] = left
            yield "state", f"after without {value}", changed
