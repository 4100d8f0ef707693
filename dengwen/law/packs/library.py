"""All packs together: which editions are in force on a day at a place, laid over each other into
one rulebook.

Place and time use the same mechanism: a pack `extends` families and states only what differs. An
entry that stands already may be restated only with `replaces = true` (whole) or `amends = true`
(the keys given; the entry keeps its own basis, and the basis given is that of the change; `more =
{closes = […]}` adds to its lists); two packs that restate the same entry without one extending the
other clash, and both are named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar, cast

from dengwen.law.errors import PackError
from dengwen.law.packs.builder import (
    build_act,
    build_document,
    build_duty,
    build_fact,
    build_interpretation,
    build_standalone_clock,
    build_state,
)
from dengwen.law.packs.entry import FILE_KEY, Entry
from dengwen.law.packs.pack import (
    ANY_KIND,
    REMOVE_KEYS,
    SECTIONS,
    Pack,
    RawKind,
    load_calendar,
    load_packs,
)
from dengwen.law.packs.rules import (
    ClockRule,
    DutyRule,
    Instrument,
    Interpretation,
    KindRule,
)
from dengwen.law.packs.soundness import check_rulebook
from dengwen.law.time.calendar import Calendar

_T = TypeVar("_T")
EntryKey = tuple[str, str, str]
"""Kind, section and id of an entry."""
_Sections = dict[str, dict[str, Mapping[str, Any]]]
"""The entries of one kind, by section and id."""


@dataclass(frozen=True, slots=True)
class StatedEntry:
    """An entry as one pack states it: the pack, the kind it is written under (`*`: every kind), its
    section and its id."""

    pack: str
    kind: str
    section: str
    id: str


@dataclass(frozen=True)
class Rulebook:
    """The rules in force on a day at a place: what acts are judged by, identified by a digest."""

    packs: tuple[str, ...]
    digest: str
    kinds: Mapping[str, KindRule]
    clocks: Mapping[str, ClockRule]
    instruments: Mapping[str, Instrument]
    interpretations: tuple[Interpretation, ...] = ()
    layers: Mapping[EntryKey, Sequence[Pack]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """The packs whose words make up each entry, the lowest first."""

    @property
    def title(self) -> str:
        """The editions that make it up, as shown to people."""
        return " + ".join(self.packs)

    def kind(self, kind: str) -> KindRule:
        """Return the procedure of that id; KeyError where these editions do not know it."""
        return self.kinds[kind]

    def stated(self, kind: str, section: str, name: str) -> tuple[StatedEntry, ...]:
        """Return the entries whose words make up an act or a duty of a kind: its own, or those of
        every kind."""
        for written in (kind, ANY_KIND):
            packs = self.layers.get((written, section, name))
            if packs:
                return tuple(StatedEntry(pack.id, written, section, name) for pack in packs)
        return ()

    def interpretations_of(self, rule: str) -> list[Interpretation]:
        """Return the answers attached to a rule (seed art. 19), oldest first."""
        return sorted((i for i in self.interpretations if rule in i.rules), key=lambda i: i.date)


def bound_here(packs: Iterable[Pack]) -> dict[str, Instrument]:
    """Return the instruments some packs cite, those of a place that none of them is for as not
    binding."""
    packs = tuple(packs)
    found = {name: one for pack in packs for name, one in pack.instruments.items()}
    places = [pack.place for pack in packs]
    for name, one in found.items():
        if one.place and not any(place.startswith(one.place) for place in places):
            found[name] = replace(one, binds=False)
    return found


class Workshop:
    """What was built of an entry, kept by the entry itself: most stand unchanged in many rulebooks.

    A library of mutants shares the workshop of the library it was changed from.
    """

    def __init__(self) -> None:
        """Begin with nothing built."""
        self._built: dict[tuple[int, str, str], tuple[Mapping[str, Any], Any]] = {}

    def built(self, build: Callable[..., _T], raw: Mapping[str, Any], *edition: str) -> _T:
        """Return what `build` makes of an entry (and the edition that states it); raises what
        `build` raises."""
        key = (id(raw), build.__name__, "".join(edition))
        if key not in self._built:
            self._built[key] = (
                raw,
                build(raw, *edition),
            )  # the entry is kept, so that its id stays its own
        return cast("_T", self._built[key][1])


@dataclass(frozen=True)
class Library:
    """Every pack and calendar of a folder, checked; rulebooks are composed on demand and kept."""

    packs: tuple[Pack, ...]
    calendar: Calendar
    effects: frozenset[str] | None = None
    workshop: Workshop = field(default_factory=Workshop, compare=False, repr=False)
    _made: dict[tuple[str, ...], Rulebook] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def load(root: Path, effects: Iterable[str] | None = None) -> Library:
        """Read and check all packs below `root`.

        `effects` are the names acts may use; None leaves them unchecked. Raises PackError for the
        first thing
        that cannot be, in any edition, place or combination that can be in force together.
        """
        known = None if effects is None else frozenset(effects)
        library = Library(tuple(load_packs(root)), load_calendar(root), known)
        library.check()
        return library

    def check(self) -> None:
        """Compose and check every combination of editions that is ever in force together."""
        self._check_families()
        for place in sorted({p.place for p in self.packs}):
            for day in sorted(
                {p.since for p in self.packs} | {p.until for p in self.packs if p.until}
            ):
                self.rulebook(day, place)

    def _check_families(self) -> None:
        families = {p.family for p in self.packs}
        for pack in self.packs:
            for parent in pack.extends:
                if parent not in families:
                    raise PackError(
                        "unknown-word",
                        file=f"{pack.id}/pack.toml",
                        entry="extends",
                        zh=f"没有名为“{parent}”的规则包",
                        en=f"there is no family “{parent}”",
                        mend_zh="改用：" + "、".join(sorted(families)),
                        mend_en="use one of: " + ", ".join(sorted(families)),
                    )

    def in_force(self, day: date, place: str = "") -> list[Pack]:
        """Return the editions in force, base first, then what extends it (newest edition of each
        family)."""
        newest: dict[str, Pack] = {}
        for pack in self.packs:
            if pack.covers(day, place) and (
                pack.family not in newest or newest[pack.family].since < pack.since
            ):
                newest[pack.family] = pack
        depth: dict[str, int] = {}

        def deep(family: str) -> int:
            if family not in depth:
                parents = newest[family].extends if family in newest else ()
                depth[family] = 1 + max((deep(p) for p in parents), default=0)
            return depth[family]

        return sorted(newest.values(), key=lambda p: (deep(p.family), p.family))

    def rulebook(self, day: date, place: str = "") -> Rulebook:
        """Return the rules in force on `day` in the division with code `place` ("" = nothing
        local)."""
        return self.compose(self.in_force(day, place))

    def compose(self, packs: Iterable[Pack]) -> Rulebook:
        """Lay packs over each other, in the order given."""
        packs = tuple(packs)
        key = tuple(p.id for p in packs)
        if key not in self._made:
            self._made[key] = _Composition(packs, self.effects, self.workshop).rulebook()
        return self._made[key]

    @cached_property
    def clocks(self) -> dict[str, tuple[ClockRule, Pack]]:
        """Every time limit of every pack by its id, with the pack that states it."""
        found: dict[str, tuple[ClockRule, Pack]] = {}
        for pack in self.packs:
            for clock in _clocks_of(pack, self.workshop):
                if clock.id in found and found[clock.id][0].basis != clock.basis:
                    clash = PackError(
                        "clash",
                        file=f"{pack.id}",
                        entry=f"clock {clock.id}",
                        zh="同一期限编号有两处不同的写法",
                        en=f"also stated in {found[clock.id][1].id}",
                        mend_zh="换一个编号，或删去一处",
                        mend_en="give it another id, or remove one",
                    )
                    raise clash.at(_file_of_clock(pack, clash) or pack.id)
                found.setdefault(clock.id, (clock, pack))
        return found


def _amended(entry: Entry, below: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry below with the keys of an amendment; what stands under `more` is added to
    its lists."""
    more = entry.table("more", "more")
    merged = {
        **below,
        **{k: v for k, v in entry.raw.items() if k != "more"},
        "basis": below["basis"],
    }
    for key, values in ({} if more is None else more.raw).items():
        if not isinstance(values, list):
            raise entry.refuse(
                "not-a-list",
                f"more 里的 {key} 应为列表",
                f"{key} under more must be a list",
                f'写成 more = {{{key} = ["…"]}}',
                f'write more = {{{key} = ["…"]}}',
            )
        merged[key] = [*below.get(key, ()), *values]
    return merged


def _clocks_of(pack: Pack, workshop: Workshop) -> list[ClockRule]:
    found = [workshop.built(build_standalone_clock, raw, pack.edition) for raw in pack.clocks]
    for kind in pack.kinds.values():
        for raw in kind.entries["duty"]:
            if raw.get("clock") and not raw.get("amends"):
                found.append(workshop.built(build_duty, raw, pack.edition).clock)
    return found


def _clock_entries(pack: Pack) -> Iterable[Mapping[str, Any]]:
    """Return every entry of a pack that states a time limit, with its own id and name or those
    of its limit."""
    yield from pack.clocks
    for kind in pack.kinds.values():
        for raw in kind.entries["duty"]:
            yield raw
            named = raw.get("clock", {})  # a limit of its own, or the id of a listed one
            yield {
                **(named if isinstance(named, Mapping) else {"id": named}),
                FILE_KEY: source_of(raw),
            }


def _file_of_clock(pack: Pack, error: PackError) -> str:
    """Return the file in which a pack states the time limit an error is about; "" where it does
    not."""
    for raw in _clock_entries(pack):
        named = error.entry.removeprefix("clock ") in (raw.get("id"), raw.get("zh"))
        if named and not (
            error.code == "invented-number" and raw.get("none")
        ):  # of the two the one with the number
            return source_of(raw)
    return ""


@dataclass
class _Composition:
    """Work in progress: raw entries laid over each other, each remembering the packs that stated
    it."""

    packs: tuple[Pack, ...]
    effects: frozenset[str] | None
    workshop: Workshop
    kinds: dict[str, _Sections] = field(default_factory=dict)
    heads: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    layers: dict[EntryKey, list[Pack]] = field(default_factory=dict)
    """The packs whose words stand in each entry; whoever replaces one begins anew."""
    restated: dict[EntryKey, Pack] = field(default_factory=dict)

    def rulebook(self) -> Rulebook:
        """Lay the packs over each other and build the rules; PackError where they are unsound."""
        for pack in self.packs:
            for kind_id, raw in pack.kinds.items():
                self._lay_kind(pack, kind_id, raw)
        book = Rulebook(
            packs=tuple(pack.id for pack in self.packs),
            digest=self._digest(),
            kinds=self._kinds(),
            clocks=self._clocks(),
            instruments=self._instruments(),
            interpretations=self._interpretations(),
            layers=self.layers,
        )
        try:
            check_rulebook(book.kinds, book.clocks, book.instruments, self.effects)
        except PackError as error:
            raise error.at(self._file_of(error)) from None
        return book

    def _digest(self) -> str:
        """Return what tells these editions, as they are worded, from all others."""
        lines = [f"{pack.id} {pack.digest}" for pack in self.packs]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _instruments(self) -> dict[str, Instrument]:
        """Return the instruments all packs cite; the highest pack names them last.

        One of a place binds where a pack of that place is among them.
        """
        return bound_here(self.packs)

    def _interpretations(self) -> tuple[Interpretation, ...]:
        raws = chain.from_iterable(pack.interpretations for pack in self.packs)
        return tuple(map(build_interpretation, raws))

    def _file_of(self, error: PackError) -> str:
        """Return the file that states the entry an error is about: of several the one that
        restated it last."""
        kind, words = error.file.removeprefix("kind "), error.entry.replace(",", " ").split()
        for pack in reversed(self.packs):
            for name in (kind, ANY_KIND):
                if name in pack.kinds and len(words) > 1:
                    for raw in pack.kinds[name].entries.get(words[0], ()):
                        if raw.get("id") == words[1]:
                            return source_of(raw)
            if found := _file_of_clock(pack, error):
                return found
        return error.file

    # --- laying one over the other ---
    def _lay_kind(self, pack: Pack, kind: str, raw: RawKind) -> None:
        """Lay what a pack states for one kind over what stands already."""
        if kind not in self.heads or raw.head.get("zh"):
            self.heads.setdefault(kind, raw.head)
        self.kinds.setdefault(kind, {section: {} for section in SECTIONS})
        for section in SECTIONS:
            for entry in raw.entries[section]:
                self._lay(pack, kind, section, entry)
        for entry in raw.removed:
            self._remove(kind, entry)

    def _lay(self, pack: Pack, kind: str, section: str, raw: Mapping[str, Any]) -> None:
        """Lay one entry: it is new, replaces what stands, or amends it."""
        entry = Entry(raw, section)
        name, into = entry.text("id"), self.kinds[kind][section]
        key = (kind, section, name)
        if name not in into:
            _refuse_change_of_nothing(entry)
            into[name], self.layers[key] = raw, [pack]
            return
        self._refuse_clash(pack, entry, key)
        entry.basis()
        self.restated[key] = pack
        if entry.flag("amends"):
            into[name] = _amended(entry, into[name])
            self.layers[key].append(pack)
        else:
            into[name], self.layers[key] = raw, [pack]

    def _refuse_clash(self, pack: Pack, entry: Entry, key: EntryKey) -> None:
        """Refuse an entry that stands already: it says not how it changes that, or another pack
        changes it too."""
        name, lowest = key[2], self.layers[key][0]
        if not (entry.flag("replaces") or entry.flag("amends")):
            raise entry.refuse(
                "clash",
                f"“{name}”已由 {lowest.id} 规定",
                f"“{name}” is already stated by {lowest.id}",
                "换编号，或写明 replaces = true / amends = true",
                "use another id, or say replaces = true / amends = true",
            )
        other = self.restated.get(key)
        if other is not None and other.family not in pack.extends:
            raise entry.refuse(
                "clash",
                f"{other.id} 也改动了“{name}”，先后不明",
                f"{other.id} restates “{name}” too, and neither extends the other",
                "让其中一个 extends 另一个",
                "let one of them extend the other",
            )

    def _remove(self, kind: str, raw: Mapping[str, Any]) -> None:
        """Take out an entry of a lower pack."""
        entry = Entry(raw, "remove")
        entry.known(REMOVE_KEYS)
        entry.basis()
        section, name = entry.choice("section", SECTIONS), entry.text("id")
        if self.kinds[kind][section].pop(name, None) is None:
            raise entry.refuse(
                "clash",
                f"{kind} 里没有要删去的条目",
                f"{kind} has no such entry",
                "改正编号",
                "mend the id",
            )
        del self.layers[kind, section, name]

    # --- building ---
    def _kinds(self) -> dict[str, KindRule]:
        nothing: _Sections = {section: {} for section in SECTIONS}
        shared = self.kinds.get(ANY_KIND, nothing)
        return {
            kind: self._kind(kind, own, shared)
            for kind, own in self.kinds.items()
            if kind != ANY_KIND
        }

    def _kind(self, kind: str, own: _Sections, shared: _Sections) -> KindRule:
        """Build one procedure: its own entries, then those of every procedure."""
        head = Entry(self.heads[kind], "kind")
        entries = {section: {**own[section]} for section in SECTIONS}
        for section, held in entries.items():
            for name, raw in shared[section].items():
                held.setdefault(name, raw)
        return KindRule(
            id=kind,
            zh=head.text("zh"),
            en=head.text("en"),
            states=self._built(build_state, entries["state"]),
            acts=self._built(build_act, entries["act"]),
            duties=self._duties(kind, entries["duty"]),
            documents=self._built(build_document, entries["document"]),
            facts=self._built(build_fact, entries["fact"]),
            nobody_told=head.conditions("nobody_told"),
        )

    def _built(
        self, build: Callable[[Mapping[str, Any]], _T], raws: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, _T]:
        """Build the entries of one section."""
        return {name: self.workshop.built(build, raw) for name, raw in raws.items()}

    def _duties(self, kind: str, raws: Mapping[str, Mapping[str, Any]]) -> dict[str, DutyRule]:
        """Build the duties, each of the edition that states its time limit."""
        built = self.workshop.built
        return {
            name: built(build_duty, raw, self._edition(kind, name)) for name, raw in raws.items()
        }

    def _edition(self, kind: str, duty: str) -> str:
        packs = self.layers.get((kind, "duty", duty)) or self.layers.get((ANY_KIND, "duty", duty))
        return packs[0].edition if packs else ""

    def _clocks(self) -> dict[str, ClockRule]:
        found: dict[str, ClockRule] = {}
        for pack in self.packs:
            for clock in _clocks_of(pack, self.workshop):
                found[clock.id] = clock
        return found


def _refuse_change_of_nothing(entry: Entry) -> None:
    """Refuse an entry that says it replaces or amends one, where none stands."""
    if entry.flag("replaces") or entry.flag("amends"):
        raise entry.refuse(
            "clash",
            "要替换或修改的条目不存在",
            "the entry it replaces or amends does not exist",
            "去掉 replaces/amends，或改正编号",
            "remove replaces/amends or mend the id",
        )


def source_of(raw: Mapping[str, Any]) -> str:
    """Return the file an entry came from."""
    return str(raw.get(FILE_KEY, "?"))
