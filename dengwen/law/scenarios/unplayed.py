"""Which acts and duties of the packs no scenario plays: nothing shows what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library, StatedEntry, source_of
from dengwen.law.packs.vocabulary import ONLY_REFUSED
from dengwen.law.scenarios.played_entries import PlayedEntries
from dengwen.law.scenarios.scenario import Outcome

SECTIONS = ("act", "duty")
"""What a scenario can play."""


def unplayed(library: Library, outcomes: Iterable[Outcome]) -> list[PackError]:
    """Return every act and duty of every edition that no scenario plays.

    A standing duty is a label that no act opens; an act may say why nobody does it (`unplayed`),
    and then a scenario has to show that it is refused.
    """
    done: set[StatedEntry] = set()
    refused: set[StatedEntry] = set()
    for outcome in outcomes:
        if outcome.passed:
            done |= outcome.played.done
            refused |= outcome.played.refused
    played = PlayedEntries(frozenset(done), frozenset(refused))
    return [
        error
        for entry, raw in _stated_entries(library)
        if (error := _refusal(entry, raw, played)) is not None
    ]


def _stated_entries(library: Library) -> Iterator[tuple[StatedEntry, Mapping[str, Any]]]:
    """Yield the acts and duties of every pack as it states them."""
    for pack in library.packs:
        for kind_id, kind in pack.kinds.items():
            for section in SECTIONS:
                for raw in kind.entries[section]:
                    yield StatedEntry(pack.id, kind_id, section, str(raw["id"])), raw


def _refusal(entry: StatedEntry, raw: Mapping[str, Any], played: PlayedEntries) -> PackError | None:
    """Return why an entry is refused, None where scenarios play it or have nothing to play."""
    if raw.get("standing"):
        return None
    if raw.get("unplayed") != ONLY_REFUSED:
        return None if entry in played.done else _not_played(entry, raw)
    if entry in played.done:
        return _played_after_all(entry, raw)
    return None if entry in played.refused else _never_refused(entry, raw)


def _not_played(entry: StatedEntry, raw: Mapping[str, Any]) -> PackError:
    return _error(
        "unplayed",
        entry,
        raw,
        (f"没有场景演到 {_named(entry)}", f"no scenario plays {_named(entry)}"),
        ("做出这个行为，或者开启这项责任", "does this act, or opens this duty"),
    )


def _never_refused(entry: StatedEntry, raw: Mapping[str, Any]) -> PackError:
    named = _named(entry)
    return _error(
        "unplayed",
        entry,
        raw,
        (
            f"{named} 写明只会被拒绝，却没有场景演到",
            f"{named} is said to be only ever refused, and no scenario shows it",
        ),
        ("写明 refused", "shows the refusal"),
    )


def _error(
    code: str,
    entry: StatedEntry,
    raw: Mapping[str, Any],
    why: tuple[str, str],
    scenario: tuple[str, str],
) -> PackError:
    """Return an error that is mended by a scenario of the pack."""
    folder = f"{entry.pack}/scenarios"
    return PackError(
        code,
        file=source_of(raw),
        entry=f"{entry.section} {entry.id}",
        zh=f"{entry.pack} 里，{why[0]}",
        en=f"in {entry.pack}, {why[1]}",
        mend_zh=f"在 {folder} 里写一个场景，{scenario[0]}",
        mend_en=f"write a scenario in {folder} that {scenario[1]}",
    )


def _played_after_all(entry: StatedEntry, raw: Mapping[str, Any]) -> PackError:
    return PackError(
        "played",
        file=source_of(raw),
        entry=f"{entry.section} {entry.id}",
        zh=f"{entry.pack} 写明 {_named(entry)} 只会被拒绝，却有场景做了",
        en=f"{entry.pack} says that {_named(entry)} is only ever refused, but a scenario does it",
        mend_zh="删去 unplayed，或者改正场景",
        mend_en="remove unplayed, or mend the scenario",
    )


def _named(entry: StatedEntry) -> str:
    return f"{entry.kind}.{entry.id}"
