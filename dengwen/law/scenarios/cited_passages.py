"""The section `[[cited]]` of a scenario file: which entries of a pack rest on a passage.

    [[cited]]
    pack = "national/2022-05-01"
    law = "R22"
    article = "22(1)(1)"
    rests = ["petition.act.forward", "petition.duty.route_reported"]

A pack is written procedure by procedure; this list is written passage by passage, by whoever reads
the law. Where both say the same, neither was moved by mistake. An entry is named by procedure,
section and id (a time limit of its own by `clock.` and its id), what it cites inside by its keys:
`petition.duty.sort.otherwise`, `petition.act.register.caps.0`. `verified = false` says that the
text was not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack
from dengwen.law.scenarios.changed_citations import citations

CITATIONS_FILE = "citations.toml"
"""The file of scenarios in which a pack keeps its lists."""

Cited = tuple[str, str, bool]
"""Instrument, article, and whether the text was seen."""


def passages_of(pack: Pack) -> dict[str, Cited]:
    """Return what each entry of a pack cites, by the name the entry has in these lists."""
    found: dict[str, Cited] = {}
    for name, raw in _named_entries(pack):
        for citation in citations(raw):
            said = f"{name}.{citation.named}" if citation.named else name
            cited = citation.raw
            found[said] = cited["law"], cited["article"], cited.get("verified", True)
    return found


def _named_entries(pack: Pack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for raw in pack.clocks:
        yield f"clock.{raw['id']}", raw
    for kind_id, kind in pack.kinds.items():
        for section, entries in kind.entries.items():
            for raw in entries:
                yield f"{kind_id}.{section}.{raw['id']}", raw
        for raw in kind.removed:
            yield f"{kind_id}.remove.{raw['section']}.{raw['id']}", raw


def _cited_by(pack: Pack, name: str) -> Cited | None:
    """Return what one entry of a pack cites, None where there is no such entry."""
    if name.startswith("clock."):
        return _cited_in(pack.clocks, name.removeprefix("clock."))
    kind_id, section, rest = name.split(".", 2)
    kind = pack.kinds.get(kind_id)
    if kind is None:
        return None
    if section == "remove":
        return _cited_in(kind.removed, rest.partition(".")[2])
    return _cited_in(kind.entries.get(section, ()), rest)


def _cited_in(entries: Iterable[Mapping[str, Any]], name: str) -> Cited | None:
    """Return the citation of an entry, or of what it says inside: its id, then the keys."""
    for raw in entries:
        if name != raw["id"] and not name.startswith(f"{raw['id']}."):
            continue
        inside = name.removeprefix(str(raw["id"])).removeprefix(".")
        for citation in citations(raw):
            if citation.named == inside:
                cited = citation.raw
                return cited["law"], cited["article"], cited.get("verified", True)
    return None


def run_cited(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what does not rest on the passage although the list says so."""
    pack = next((p for p in library.packs if p.id == entry["pack"]), None)
    if pack is None:
        yield f"没有规则包 {entry['pack']} / no such pack"
        return
    wanted = entry["law"], entry["article"], entry.get("verified", True)
    for name in entry["rests"]:
        found = _cited_by(pack, name)
        if found is None:
            yield f"{name}: 没有这个条目 / no such entry"
        elif found != wanted:
            yield f"{name}: {_told(found)}，应为 {_told(wanted)} / should rest on {_told(wanted)}"


def uncited(library: Library, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PackError]:
    """Return every citation of every pack that no list of the pack names."""
    listed: dict[str, set[str]] = {}
    for _, entry in entries:
        if entry["section"] == "cited":
            listed.setdefault(entry["pack"], set()).update(entry["rests"])
    return [
        _unlisted(pack.id, name, cited)
        for pack in library.packs
        for name, cited in passages_of(pack).items()
        if name not in listed.get(pack.id, ())
    ]


def _unlisted(pack: str, name: str, cited: Cited) -> PackError:
    file, told = f"{pack}/scenarios/{CITATIONS_FILE}", _told(cited)
    return PackError(
        "uncited",
        file=file,
        entry=name,
        zh=f"{name} 以 {told} 为依据，条文和条目的对照里没有它",
        en=f"{name} rests on {told}, and the list of what rests on this passage does not name it",
        mend_zh=f"核对条文以后，写进 {told} 那一节的 rests",
        mend_en=f"read the passage, then put it among what rests on {told}",
    )


def _told(cited: Cited) -> str:
    law, article, seen = cited
    return f"{law} {article}" + ("" if seen else "（未核原文）")
