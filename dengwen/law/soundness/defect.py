"""What is unsound in a pack: which entry, by which row of acts, and the mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library, Rulebook, source_of
from dengwen.law.packs.pack import ANY_KIND
from dengwen.law.packs.rules import KindRule
from dengwen.law.soundness.exploration import Taken, values_told_apart
from dengwen.law.time.calendar import DAY

ENOUGH = 500
"""Days after which every term of a duty has run out."""


@dataclass(frozen=True)
class Stand:
    """One kind of case under the editions in force on a day at a place."""

    library: Library
    place: str
    day: date
    book: Rulebook
    kind: KindRule

    @cached_property
    def told_apart(self) -> Mapping[str, tuple[str, ...]]:
        """The values of each fact of the kind that its conditions tell apart."""
        return values_told_apart(self.kind)

    @cached_property
    def last_day(self) -> date:
        """The last day on which these editions are in force together: at most a year and a half
        on."""
        packs = self.library.packs
        changes = {pack.since for pack in packs} | {pack.until for pack in packs if pack.until}
        later = [day for day in sorted(changes) if day > self.day]
        for day in later:
            if self.library.rulebook(day, self.place).packs != self.book.packs:
                return min(day - DAY, self.day + DAY * ENOUGH)
        return self.day + DAY * ENOUGH

    def raw(self, section: str, name: str) -> Mapping[str, Any]:
        """Return an entry as the pack states it that restated it last."""
        for pack in reversed(self.library.in_force(self.day, self.place)):
            for kind in (self.kind.id, ANY_KIND):
                if kind not in pack.kinds:
                    continue
                for raw in pack.kinds[kind].entries.get(section, ()):
                    if raw.get("id") == name:
                        return raw
        return {}


@dataclass(frozen=True)
class Finding:
    """One way in which a pack is unsound; `key` tells it from all others whatever its words."""

    key: str
    error: PackError
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as people read it."""
        return str(self.error)


@dataclass(frozen=True)
class Words:
    """Why something is unsound and how it is mended, in both languages."""

    zh: str
    en: str
    mend_zh: str
    mend_en: str


def found(
    stand: Stand,
    code: str,
    section: str,
    name: str,
    words: Words,
    path: Sequence[Taken] = (),
    detail: str = "",
) -> Finding:
    """Return a finding about an entry of a kind of case."""
    acts = tuple(taken.act for taken in path)
    names = [stand.kind.acts[act] for act in acts]
    way_zh = f"（{' → '.join(act.zh for act in names)}）" if acts else ""
    way_en = f" ({' → '.join(acts)})" if acts else ""
    raw = stand.raw(section, name)
    error = PackError(
        code,
        file=source_of(raw) if raw else f"kind {stand.kind.id}",
        entry=f"{section} {name}",
        zh=words.zh + way_zh,
        en=words.en + way_en,
        mend_zh=words.mend_zh,
        mend_en=words.mend_en,
    )
    key = " ".join(filter(None, (code, f"{stand.kind.id}.{name}", detail)))
    return Finding(key, error, acts)


def too_many(stand: Stand) -> Finding:
    """Return the finding that a kind of case has more to tell apart than is explored."""
    error = PackError(
        "too-many-nodes",
        file=f"kind {stand.kind.id}",
        entry="(kind)",
        zh="条件牵涉的情况太多，超过探索的上限；没有走遍，不算通过",
        en="its conditions tell apart more than is explored; what was not walked is not sound",
        mend_zh="减少一个行为里同时成立的条件，或者分成几步",
        mend_en="ask fewer facts in one act, or make it several acts",
    )
    return Finding(f"too-many-nodes {stand.kind.id}", error)
