"""What packs say about accountability (责任追究), and what of it is in force on a day at a place.

    packs/chongqing/2017-05-23/accountability_rules.toml

    [[trigger]]
    id = "S.11.8"
    conduct = ["leak"]                       any one of these
    elements = ["retaliation_happened"]      and every one of these, each shown separately
    follows = ["ladder"]
    basis = {law = "S", article = "11(8)"}

Everything is chosen from the closed vocabulary of `conduct_words`. Grounds follow the edition of
the day of the conduct, procedure that of today. An entry that stands below may be stated again only
with `replaces = true`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from dengwen.law.liability.provision_tables import LISTED, NAMED, read_trigger
from dengwen.law.liability.stated_rules import (
    Liability,
    MeasureRule,
    PeriodRule,
    RouteRule,
    RungRule,
    TriggerRule,
    Words,
)
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.library import Library, bound_here
from dengwen.law.packs.pack import LIABILITY_FILE, Pack, read_toml

__all__ = [
    "Liability",
    "MeasureRule",
    "PeriodRule",
    "RouteRule",
    "RungRule",
    "TriggerRule",
    "Words",
    "check",
    "in_force",
    "read_pack",
    "said_today",
]

_read: dict[tuple[str, Path], tuple[tuple[int, int], Liability]] = {}
"""What editions say, by id and file, with the time and size of the file as it was read."""


def read_pack(pack: Pack) -> Liability:
    """Read what one edition says; empty where it says nothing. PackError for a word outside the
    vocabulary.

    A file that has not changed since is not read again: pages and finders ask for the rules of many
    days.
    """
    path = pack.folder / LIABILITY_FILE
    stamp = (path.stat().st_mtime_ns, path.stat().st_size) if path.is_file() else (0, 0)
    known = _read.get((pack.id, path))
    if known is None or known[0] != stamp:
        known = stamp, _read_file(pack, path)
        _read[pack.id, path] = known
    return replace(known[1], instruments=pack.instruments)


def _read_file(pack: Pack, path: Path) -> Liability:
    raw = read_toml(path) if path.is_file() else {}
    file = f"{pack.id}/{LIABILITY_FILE}"
    top = Entry(raw, "(file)", file)
    top.known(("trigger", *NAMED, *LISTED))
    found: dict[str, Any] = {
        "triggers": _by_id(top, [read_trigger(e, pack.id) for e in _entries(top, "trigger")])
    }
    found["replaced"] = {}
    for key, (name, build) in NAMED.items():
        entries = _entries(top, key)
        found[name] = _by_id(top, [build(entry) for entry in entries])
        for entry in entries:
            if entry.flag("replaces"):
                found["replaced"][f"{name} {entry.text('id')}"] = key
    for key, (name, build) in LISTED.items():
        found[name] = tuple(build(entry) for entry in _entries(top, key))
    return Liability(**found)


def _entries(top: Entry, key: str) -> list[Entry]:
    """Return the entries of one table, each under its own name."""
    return [Entry(entry.raw, key, top.file) for entry in top.tables(key, key)]


def _by_id(top: Entry, rules: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rule in rules:
        if rule.id in found:
            raise top.refuse(
                "clash",
                f"编号 {rule.id} 有两处",
                f"the id {rule.id} comes twice",
                "换一个编号",
                "use another id",
            )
        found[rule.id] = rule
    return found


def in_force(library: Library, on: date, place: str = "") -> Liability:
    """Return the rules in force on a day at a place, laid over each other in the order of the
    packs."""
    packs = library.in_force(on, place)
    read = [read_pack(pack) for pack in packs]
    found: dict[str, Any] = {}
    for one in fields(Liability):
        said = [getattr(liability, one.name) for liability in read]
        if any(isinstance(table, Mapping) for table in said):
            found[one.name] = {key: rule for table in said for key, rule in table.items()}
        else:
            found[one.name] = tuple(rule for table in said for rule in table if _begun(rule, on))
    return Liability(**{**found, "instruments": bound_here(packs)})


def _begun(rule: object, on: date) -> bool:
    """Say whether a rule that has a first day of its own has begun."""
    since = getattr(rule, "since", None)
    return since is None or since <= on


def said_today(liability: Liability, text: str) -> str:
    """Return a text of the rules with old words read as today's; the text of the rule itself
    stays as it is."""
    for reading in liability.readings:
        text = text.replace(reading.said, reading.read)
    return text


@dataclass(frozen=True, slots=True)
class _Naming:
    """What an entry of the rules names, and all there is of that sort."""

    entry: str
    words: tuple[str, ...]
    known: Collection[str]


@dataclass(frozen=True, slots=True)
class _Named:
    """What rules of any edition may name: measures, triggers and time limits."""

    measures: frozenset[str]
    triggers: frozenset[str]
    clocks: frozenset[str]


def check(library: Library) -> None:
    """Read every edition and see that what rules name exists; PackError for the first thing that
    does not."""
    read = [(pack, read_pack(pack)) for pack in library.packs]
    there = _Named(
        measures=frozenset(chain.from_iterable(one.measures for _, one in read)),
        triggers=frozenset(chain.from_iterable(one.triggers for _, one in read)),
        clocks=frozenset(library.clocks),
    )
    for pack, one in read:
        for naming in _namings(one, there):
            _refuse_unknown(pack, naming)
        _refuse_restated(pack, one, read)


def _refuse_restated(pack: Pack, one: Liability, read: list[tuple[Pack, Liability]]) -> None:
    """Refuse an entry that stands below already and does not say that it replaces it."""
    below = [other for lower, other in read if _lies_below(lower, pack)]
    for key, (name, _build) in NAMED.items():
        for entry in getattr(one, name):
            stands = any(entry in getattr(other, name) for other in below)
            if stands and f"{name} {entry}" not in one.replaced:
                raise Entry({}, f"{key} {entry}", f"{pack.id}/{LIABILITY_FILE}").refuse(
                    "clash",
                    f"编号 {entry} 在下层规则包里已有",
                    f"the id {entry} stands in a pack below already",
                    "写 replaces = true，或者换一个编号",
                    "write replaces = true, or use another id",
                )


def _lies_below(lower: Pack, pack: Pack) -> bool:
    """Say whether a pack holds everywhere where another does, and is of another family."""
    wider = pack.place.startswith(lower.place) and len(lower.place) < len(pack.place)
    named = lower.family in pack.extends or (pack.place != "" and wider)
    return lower.family != pack.family and named


def _namings(one: Liability, there: _Named) -> Iterator[_Naming]:
    """Yield what each entry of one edition names."""
    for rung in one.rungs.values():
        yield _Naming(rung.id, rung.measures, there.measures)
    for period in one.periods:
        yield _Naming(period.id, period.measures, there.measures)
    for route in one.routes:
        yield _Naming(route.id, route.measures, there.measures)
    for trigger in one.triggers.values():
        yield _Naming(trigger.id, _given(trigger.implements), there.triggers)
    yield from _namings_within(one)
    for route in one.routes:
        yield _Naming(route.id, _clocks(route), there.clocks)


def _namings_within(one: Liability) -> Iterator[_Naming]:
    """Yield what an entry names of its own edition: rungs and periods."""
    periods = {period.id for period in one.periods}
    for rung in one.rungs.values():
        failed = tuple(entrance.failed for entrance in rung.opens if entrance.failed)
        yield _Naming(rung.id, failed, one.rungs)
    for period in one.periods:
        yield _Naming(period.id, _given(period.follows), periods)
    for stated in one.open_lists.values():
        yield _Naming(stated.id, _given(stated.rung), one.rungs)


def _given(name: str) -> tuple[str, ...]:
    """Return a name as a list, empty where none is given."""
    return (name,) if name else ()


def _refuse_unknown(pack: Pack, naming: _Naming) -> None:
    """Refuse an entry for the first word, in order, that names nothing."""
    for word in sorted(naming.words):
        if word not in naming.known:
            raise Entry({}, naming.entry, f"{pack.id}/{LIABILITY_FILE}").refuse(
                "unknown-word",
                f"没有名为“{word}”的措施、情形、阶梯或者期限",
                f"there is no measure, trigger, rung or clock “{word}”",
                "改正名称",
                "mend the name",
            )


def _clocks(route: RouteRule) -> tuple[str, ...]:
    return tuple(c for step in route.steps for c in (step.apply, step.decide) if c)
