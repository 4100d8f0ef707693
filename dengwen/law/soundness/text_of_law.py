"""What packs cite is there, and what a place changes says by which article and why.

The index (`packs/instruments.toml`) lists the articles and paragraphs that were read or seen, with
source and day; a passage that it lacks was not found, and whoever cites it says `verified = false`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.library import Library, source_of
from dengwen.law.packs.pack import NOT_PACKS, Pack, read_toml
from dengwen.law.packs.rules import DutyRule
from dengwen.law.soundness.defect import Finding, Stand, Words, found

FILE = "instruments.toml"
KEYS = ("id", "last", "passages", "source", "checked")
PASSAGE = re.compile(r"\d{1,3}(?:\(\d{1,2}\))*")
NUMBERED = re.compile(r"^\d")
"""An article by its number; others are cited by the title of the text."""


@dataclass(frozen=True)
class Indexed:
    """The passages of an instrument that were read or seen; `last` is its last article where all
    are known."""

    last: int
    passages: frozenset[str]

    def has(self, article: str) -> bool:
        """Say whether a citation is in the index."""
        if article in self.passages:
            return True
        cited = PASSAGE.findall(article) if NUMBERED.match(article) else []
        return bool(cited) and all(self._has_passage(one) for one in cited)

    def _has_passage(self, passage: str) -> bool:
        number = int(passage.split("(", maxsplit=1)[0])
        whole = "(" not in passage and 0 < number <= self.last
        return whole or passage in self.passages


def read_index(folder: Path) -> dict[str, Indexed]:
    """Read the index of instruments of a folder of packs; empty where it has none."""
    path = folder / FILE
    if not path.is_file():
        return {}
    found_: dict[str, Indexed] = {}
    for raw in read_toml(path, FILE).get("instrument", []):
        entry = Entry(raw, "instrument", FILE)
        entry.known(KEYS)
        entry.text("source")
        if entry.day("checked") is None:
            raise entry.refuse(
                "missing",
                "没有写明核对日期",
                "no day on which it was checked",
                "写上 checked = 2026-01-31",
                "write checked = 2026-01-31",
            )
        found_[entry.text("id")] = Indexed(
            entry.number("last", 0), frozenset(entry.words("passages"))
        )
    return found_


def text_findings(library: Library, folder: Path) -> Iterator[Finding]:
    """Yield the citations of passages that are not there, and amendments that cite what no pack
    declares."""
    index = read_index(folder)
    declared = {name for pack in library.packs for name in pack.instruments}
    for pack in library.packs:
        yield from _undeclared(pack, declared)
        for file, entry, basis in _cited(pack) if index else ():
            known = index.get(str(basis["law"]))
            if basis.get("verified", True) and not (known and known.has(str(basis["article"]))):
                yield _not_there(file, entry, basis)


def _cited(pack: Pack) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield every citation of a pack with its file and the entry it stands in."""
    for path in sorted(pack.folder.glob("*.toml")):
        if path.parent.name in NOT_PACKS:
            continue
        file = f"{pack.id}/{path.name}"
        for section, entries in read_toml(path, file).items():
            for raw in entries if isinstance(entries, list) else [entries]:
                name = f"{section} {raw.get('id', raw.get('name', ''))}".strip()
                for basis in _bases(raw):
                    yield file, name, basis


def _bases(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if "law" in value and "article" in value:
            yield value
        for inner in value.values():
            yield from _bases(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _bases(inner)


def _not_there(file: str, entry: str, basis: Mapping[str, Any]) -> Finding:
    cited = f"{basis['law']} {basis['article']}"
    error = PackError(
        "no-such-article",
        file=file,
        entry=entry,
        zh=f"引用的 {cited} 不在文件索引里",
        en=f"{cited} is not in the index of instruments",
        mend_zh=f"改正条号；没有找到的写 verified = false；读到的补进 {FILE}（出处、日期）",
        mend_en=f"mend the number; say verified = false where it was not found; what was read goes "
        f"into {FILE} with its source and day",
    )
    return Finding(f"no-such-article {file} {entry} {cited}", error)


def _undeclared(pack: Pack, declared: set[str]) -> Iterator[Finding]:
    """Yield the amendments of a pack that cite an instrument no pack declares."""
    for kind_id, kind in pack.kinds.items():
        for section, entries in kind.entries.items():
            for raw in entries:
                basis = raw.get("basis", {})
                changes = raw.get("amends") or raw.get("replaces")
                if changes and basis.get("law") not in declared:
                    yield _without_instrument(raw, kind_id, section, basis)


def _without_instrument(
    raw: Mapping[str, Any], kind: str, section: str, basis: Mapping[str, Any]
) -> Finding:
    name = f"{section} {raw['id']}"
    error = PackError(
        "undeclared-instrument",
        file=source_of(raw),
        entry=name,
        zh=f"修改依据的文件“{basis.get('law')}”没有在任何规则包登记",
        en=f"the instrument “{basis.get('law')}” this change rests on is declared by no pack",
        mend_zh="在 pack.toml 里写 [[instrument]]",
        mend_en="add an [[instrument]] to pack.toml",
    )
    return Finding(f"undeclared-instrument {kind}.{raw['id']}", error)


# --- what a place changes -------------------------------------------------------------------------
def local_findings(stand: Stand) -> Iterator[Finding]:
    """Yield what a place makes longer for organs or smaller for petitioners without a reason."""
    if not stand.place:
        return
    national = stand.library.rulebook(stand.day).kinds.get(stand.kind.id)
    if national is None:
        return
    for duty in stand.kind.duties.values():
        base = national.duties.get(duty.id)
        if base is not None and _is_worse(duty, base) and not _reasoned(stand, "duty", duty.id):
            yield _worse(
                stand, "duty", duty.id, "longer-here" if not duty.right else "smaller-right"
            )
    for act in stand.kind.acts.values():
        was = national.acts.get(act.id)
        caps = {} if was is None else {cap.field: cap.most for cap in was.caps}
        for cap in act.caps:
            if cap.most < caps.get(cap.field, 0) and not _reasoned(stand, "act", act.id):
                yield _worse(stand, "act", act.id, "smaller-right")


def _is_worse(duty: DutyRule, base: DutyRule) -> bool:
    """Say whether a place gives an organ more time, or a petitioner less."""
    mine, theirs = duty.clock.term, base.clock.term
    if duty.right and duty.holder == "petitioner":
        return bool(mine and theirs and mine.unit == theirs.unit and mine.amount < theirs.amount)
    longer = bool(theirs and not mine) or bool(
        mine and theirs and (mine.unit != theirs.unit or mine.amount > theirs.amount)
    )
    return longer or _extended(duty) > _extended(base)


def _extended(duty: DutyRule) -> float:
    """Return by how much a duty may be extended."""
    extension = duty.clock.extension
    if extension is None or not extension.act:
        return 0
    return float("inf") if extension.most < 0 else extension.most


def _reasoned(stand: Stand, section: str, name: str) -> bool:
    """Say whether the change states its reason beside its article."""
    return bool(stand.raw(section, name).get("basis", {}).get("note"))


def _worse(stand: Stand, section: str, name: str, code: str) -> Finding:
    return found(
        stand,
        code,
        section,
        name,
        Words(
            "本地期限比全国的长，或者本地权利比全国的小，没有写明理由",
            "a local term is longer, or a local right smaller, than the national one, without a "
            "reason",
            "在这处修改的 basis 里写明条文和理由（note）",
            "state the article and the reason (note) in the basis of this change",
        ),
        detail=stand.place,
    )
