"""What packs say about accountability (责任追究): triggers, measures, rungs, periods, combinations,
ways to appeal.

    packs/chongqing/2017-05-23/accountability_rules.toml

    [[trigger]]
    id = "S.11.8"
    conduct = ["leak"]                       any one of these
    elements = ["retaliation_happened"]      and every one of these, each shown separately
    follows = ["ladder"]
    basis = {law = "S", article = "11(8)"}

Everything is chosen from the closed vocabulary of `breaches`. What is in force follows the
editions: grounds by the day
of the conduct, procedure by today.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from dengwen.law.liability import conduct_words as breaches
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import LIABILITY_FILE, Pack, read_toml
from dengwen.law.packs.rules import Basis, Instrument

T = TypeVar("T")
Words = tuple[str, str]
"""The same in Chinese and English."""


@dataclass(frozen=True)
class TriggerRule:
    """One circumstance for which somebody answers: the conduct, and every result element that
    must be shown too."""

    id: str
    zh: str
    en: str
    conduct: tuple[str, ...]
    elements: tuple[str, ...]
    follows: tuple[str, ...]
    with_serious: tuple[str, ...]
    open: bool
    who: str
    implements: str
    note: Words
    basis: Basis
    pack: str


@dataclass(frozen=True)
class MeasureRule:
    """A measure: on whom, of which legal kind, decided by whom."""

    id: str
    zh: str
    en: str
    on: tuple[str, ...]
    kind: str
    by: str
    basis: Basis


@dataclass(frozen=True)
class RungRule:
    """A step of the ladder: its measures, the gravity that opens it, the rung whose failure is a
    ground, what comes."""

    id: str
    zh: str
    en: str
    measures: tuple[str, ...]
    gravity: str
    after: str
    comes_with: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class PeriodRule:
    """How long a measure works on a person (影响期); `months` is None where no number was found."""

    id: str
    measures: tuple[str, ...]
    months: int | None
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class CombinationRule:
    """Two kinds of measures that do not go together for the same act (`minor`: only for a minor
    act)."""

    id: str
    first: str
    second: tuple[str, ...]
    minor: bool
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class RouteStep:
    """One instance of appeal, with the clocks for asking and for deciding ("" where no number is
    known)."""

    zh: str
    en: str
    apply: str
    decide: str


@dataclass(frozen=True)
class RouteRule:
    """A way to appeal, by kind of measure or measure and by status of the person ("" = all)."""

    id: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    statuses: tuple[str, ...]
    since: date | None
    steps: tuple[RouteStep, ...]
    basis: Basis


@dataclass(frozen=True)
class ReadingRule:
    """Words of an older text and how they are read today; the text itself keeps its words."""

    said: str
    read: str
    en: str
    since: date | None
    basis: Basis


@dataclass(frozen=True)
class Liability:
    """All rules on accountability in force on a day at a place, base first."""

    triggers: Mapping[str, TriggerRule]
    measures: Mapping[str, MeasureRule]
    rungs: Mapping[str, RungRule]
    periods: tuple[PeriodRule, ...]
    combinations: tuple[CombinationRule, ...]
    routes: tuple[RouteRule, ...]
    readings: tuple[ReadingRule, ...]
    instruments: Mapping[str, Instrument]


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
    top = Entry(raw, "(file)", f"{pack.id}/{LIABILITY_FILE}")
    top.known(("trigger", "measure", "rung", "period", "combination", "route", "reading"))

    def each(key: str, build: Callable[[Entry], T]) -> Iterator[T]:
        return (build(Entry(e.raw, key, top.file)) for e in top.tables(key, key))

    return Liability(
        _named(top, each("trigger", lambda entry: _trigger(entry, pack.id))),
        _named(top, each("measure", _measure)),
        _named(top, each("rung", _rung)),
        tuple(each("period", _period)),
        tuple(each("combination", _combination)),
        tuple(each("route", _route)),
        tuple(each("reading", _reading)),
        pack.instruments,
    )


def _named(top: Entry, rules: Iterable[Any]) -> dict[str, Any]:
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
    read = [read_pack(pack) for pack in library.in_force(on, place)]
    return Liability(
        {k: v for one in read for k, v in one.triggers.items()},
        {k: v for one in read for k, v in one.measures.items()},
        {k: v for one in read for k, v in one.rungs.items()},
        tuple(v for one in read for v in one.periods),
        tuple(v for one in read for v in one.combinations),
        tuple(v for one in read for v in one.routes if v.since is None or v.since <= on),
        tuple(v for one in read for v in one.readings if v.since is None or v.since <= on),
        {k: v for one in read for k, v in one.instruments.items()},
    )


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


def _namings(one: Liability, there: _Named) -> Iterator[_Naming]:
    """Yield what each entry of one edition names."""
    for rung in one.rungs.values():
        yield _Naming(rung.id, rung.measures, there.measures)
    for period in one.periods:
        yield _Naming(period.id, period.measures, there.measures)
    for route in one.routes:
        yield _Naming(route.id, route.measures, there.measures)
    for trigger in one.triggers.values():
        if trigger.implements:
            yield _Naming(trigger.id, (trigger.implements,), there.triggers)
    for rung in one.rungs.values():
        if rung.after:
            yield _Naming(rung.id, (rung.after,), one.rungs)
    for route in one.routes:
        yield _Naming(route.id, _clocks(route), there.clocks)


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


def _words_of(entry: Entry, key: str, known: Iterable[str]) -> tuple[str, ...]:
    known = tuple(known)
    found = entry.words(key)
    for word in found:
        if word not in known:
            raise entry.refuse(
                "unknown-word",
                f"{key} 里的“{word}”不在词表内",
                f"“{word}” in {key} is not a known word",
                "改用：" + "、".join(known),
                "use one of: " + ", ".join(known),
            )
    return found


def _note(entry: Entry) -> Words:
    inner = entry.table("note", "note")
    return ("", "") if inner is None else (inner.text("zh"), inner.text("en"))


def _trigger(entry: Entry, pack: str) -> TriggerRule:
    entry.known(
        (
            "id",
            "zh",
            "en",
            "conduct",
            "elements",
            "follows",
            "with_serious",
            "open",
            "who",
            "implements",
            "note",
            "basis",
        )
    )
    conduct = _words_of(entry, "conduct", breaches.CONDUCTS)
    if not conduct:
        raise entry.refuse(
            "missing", "没有写明行为", "no conduct", 'conduct = ["…"]', 'write conduct = ["…"]'
        )
    return TriggerRule(
        entry.text("id"),
        entry.text("zh"),
        entry.text("en"),
        conduct,
        _words_of(entry, "elements", breaches.ELEMENTS),
        _words_of(entry, "follows", breaches.CONSEQUENCES),
        _words_of(entry, "with_serious", breaches.CONSEQUENCES),
        entry.flag("open"),
        entry.choice("who", breaches.WHO, "any"),
        entry.text("implements", ""),
        _note(entry),
        entry.basis(),
        pack,
    )


def _measure(entry: Entry) -> MeasureRule:
    entry.known(("id", "zh", "en", "on", "kind", "by", "basis"))
    return MeasureRule(
        entry.text("id"),
        entry.text("zh"),
        entry.text("en"),
        _words_of(entry, "on", breaches.ON),
        entry.choice("kind", tuple(breaches.MEASURE_KINDS)),
        entry.choice("by", breaches.DECIDERS),
        entry.basis(),
    )


def _rung(entry: Entry) -> RungRule:
    entry.known(("id", "zh", "en", "measures", "gravity", "after", "comes_with", "basis"))
    return RungRule(
        entry.text("id"),
        entry.text("zh"),
        entry.text("en"),
        entry.words("measures"),
        entry.choice("gravity", breaches.GRAVITIES),
        entry.text("after", ""),
        _words_of(entry, "comes_with", breaches.COMES_WITH),
        entry.basis(),
    )


def _period(entry: Entry) -> PeriodRule:
    entry.known(("id", "measures", "months", "none", "zh", "en", "basis"))
    if entry.flag("none") == ("months" in entry.raw):
        raise entry.refuse(
            "bad-term",
            "没有数字的写 none = true，有数字的写 months",
            "either a number of months or none = true",
            "二者写一个",
            "write one of them",
        )
    months = None if entry.flag("none") else entry.number("months")
    return PeriodRule(
        entry.text("id"),
        entry.words("measures"),
        months,
        entry.text("zh"),
        entry.text("en"),
        entry.basis(),
    )


def _combination(entry: Entry) -> CombinationRule:
    entry.known(("id", "first", "second", "minor", "zh", "en", "basis"))
    return CombinationRule(
        entry.text("id"),
        entry.choice("first", tuple(breaches.MEASURE_KINDS)),
        _words_of(entry, "second", breaches.MEASURE_KINDS),
        entry.flag("minor"),
        entry.text("zh"),
        entry.text("en"),
        entry.basis(),
    )


def _route(entry: Entry) -> RouteRule:
    entry.known(("id", "zh", "en", "kinds", "measures", "statuses", "from", "steps", "basis"))
    steps = []
    for inner in entry.tables("steps", "step"):
        inner.known(("zh", "en", "apply", "decide"))
        steps.append(
            RouteStep(
                inner.text("zh"),
                inner.text("en"),
                inner.text("apply", ""),
                inner.text("decide", ""),
            )
        )
    return RouteRule(
        entry.text("id"),
        entry.text("zh"),
        entry.text("en"),
        _words_of(entry, "kinds", breaches.MEASURE_KINDS),
        entry.words("measures"),
        _words_of(entry, "statuses", breaches.STATUSES),
        entry.day("from"),
        tuple(steps),
        entry.basis(),
    )


def _reading(entry: Entry) -> ReadingRule:
    entry.known(("said", "read", "en", "from", "basis"))
    return ReadingRule(
        entry.text("said"), entry.text("read"), entry.text("en"), entry.day("from"), entry.basis()
    )
