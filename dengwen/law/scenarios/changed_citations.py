"""Every citation of a pack changed: another article, another paragraph, another instrument, another
word on whether its text was seen.

A pack holds citations in many places: of an entry, of its cap, of what follows otherwise, of a
longer term by another text. All of them are found by their form, a table with `law` and
`article`, so that none can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dengwen.law.packs.pack import Pack
from dengwen.law.scenarios.changed_conditions import Edit

Raw = Mapping[str, Any]
Passages = Mapping[str, Sequence[str]]
"""Articles by instrument, in order."""

_HEAD = re.compile(r"\d+")
_PARAGRAPH = re.compile(r"\((\d+)\)")


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation inside an entry: the keys and places that lead to it, and the citation."""

    path: tuple[str | int, ...]
    raw: Raw

    @property
    def named(self) -> str:
        """The path in words, "" for the citation of the entry itself."""
        return ".".join(str(step) for step in self.path if step != "basis")


def citations(raw: object, path: tuple[str | int, ...] = ()) -> Iterator[Citation]:
    """Yield every citation in an entry, its own first."""
    if isinstance(raw, Mapping):
        if {"law", "article"} <= set(raw):
            yield Citation(path, raw)
            return
        for key in sorted(raw, key=lambda key: (key != "basis", str(key))):
            yield from citations(raw[key], (*path, key))
    elif isinstance(raw, list):
        for place, one in enumerate(raw):
            yield from citations(one, (*path, place))


def known_passages(packs: Sequence[Pack]) -> Passages:
    """Return every article that some pack cites, by its instrument."""
    found: dict[str, set[str]] = {}
    for pack in packs:
        for raw in _entries(pack):
            for citation in citations(raw):
                found.setdefault(citation.raw["law"], set()).add(citation.raw["article"])
    return {law: sorted(found[law]) for law in sorted(found)}


def _entries(pack: Pack) -> Iterator[Raw]:
    yield from pack.clocks
    for kind in pack.kinds.values():
        for section in kind.entries.values():
            yield from section


def citation_edits(raw: Raw, passages: Passages) -> Iterator[Edit]:
    """Yield an entry with one of its citations changed."""
    for citation in citations(raw):
        law, article = citation.raw["law"], citation.raw["article"]
        for changed in _others(citation.raw, passages):
            told = f"{changed['law']} {changed['article']}"
            if changed.get("verified", True) != citation.raw.get("verified", True):
                told += " (seen or not)"
            detail = f"{citation.named} {law} {article} → {told}".strip()
            yield Edit("citation", detail, _replaced(raw, citation.path, changed))


def _others(cited: Raw, passages: Passages) -> Iterator[Raw]:
    """Yield the citation with another article, paragraph, instrument, or word on its text."""
    law, article = cited["law"], cited["article"]
    others = [one for one in passages.get(law, ()) if _head(one) != _head(article)]
    if others:
        place = sum(one < article for one in others) % len(others)
        yield {**cited, "article": others[place]}
    yield {**cited, "article": _next_paragraph(article)}
    laws = [one for one in passages if one != law]
    if laws:
        yield {**cited, "law": laws[sum(one < law for one in laws) % len(laws)]}
    yield {**cited, "verified": not cited.get("verified", True)}


def _head(article: str) -> str:
    """Return the number of an article without paragraph and item, or the words it is cited by."""
    found = _HEAD.match(article)
    return found.group() if found else article


def _next_paragraph(article: str) -> str:
    """Return the paragraph (or item) after the one cited, or the first where none is."""
    found = _PARAGRAPH.search(article)
    if found is None:
        return f"{article}(1)"
    following = int(found.group(1)) + 1
    return f"{article[: found.start()]}({following}){article[found.end() :]}"


def _replaced(raw: Any, path: Sequence[str | int], value: object) -> Any:  # noqa: ANN401 — TOML
    """Return a table or list with another value at the end of a path."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(raw, list):
        return [_replaced(one, rest, value) if n == step else one for n, one in enumerate(raw)]
    return {**raw, step: _replaced(raw[step], rest, value)}
