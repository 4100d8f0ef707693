"""Rule packs as text and back, so that a running case can be read by exactly the rules it was judged by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dengwen.law.calendar import Calendar
from dengwen.law.library import Library, Rulebook
from dengwen.law.pack import Pack, RawKind
from dengwen.law.rules import Instrument

_DAY = "$day"


def _plain(value: object) -> object:
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _lively(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict):
        if set(value) == {_DAY}:
            return date.fromisoformat(value[_DAY])
        return {k: _lively(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_lively(v) for v in value]
    return value


def to_text(packs: tuple[Pack, ...]) -> str:
    """Return the packs of one rulebook as canonical JSON."""
    return json.dumps(
        [_plain(_pack_dict(p)) for p in packs], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def _pack_dict(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "family": pack.family,
        "edition": pack.edition,
        "zh": pack.zh,
        "en": pack.en,
        "since": pack.since,
        "until": pack.until,
        "extends": pack.extends,
        "place": pack.place,
        "verified": pack.verified,
        "note": pack.note,
        "digest": pack.digest,
        "clocks": pack.clocks,
        "interpretations": pack.interpretations,
        "instruments": {
            k: {
                "id": i.id,
                "zh": i.zh,
                "en": i.en,
                "since": i.since,
                "until": i.until,
                "verified": i.verified,
                "items": i.items,
            }
            for k, i in pack.instruments.items()
        },
        "kinds": {k: {"head": r.head, "entries": r.entries, "removed": r.removed} for k, r in pack.kinds.items()},
    }


def from_text(text: str) -> Rulebook:
    """Rebuild the rulebook whose packs `to_text` wrote; its digest is the same again."""
    packs = tuple(_pack(_lively(raw)) for raw in json.loads(text))
    return Library(packs, Calendar()).compose(packs)


def _pack(raw: dict[str, Any]) -> Pack:
    instruments = {k: replace(Instrument(**v), items=tuple(v["items"])) for k, v in raw["instruments"].items()}
    kinds = {
        k: RawKind(v["head"], {s: tuple(e) for s, e in v["entries"].items()}, tuple(v["removed"]))
        for k, v in raw["kinds"].items()
    }
    return Pack(
        id=raw["id"],
        family=raw["family"],
        edition=raw["edition"],
        zh=raw["zh"],
        en=raw["en"],
        since=raw["since"],
        until=raw["until"],
        extends=tuple(raw["extends"]),
        place=raw["place"],
        verified=raw["verified"],
        note=raw["note"],
        folder=Path(),
        instruments=instruments,
        kinds=kinds,
        clocks=tuple(raw["clocks"]),
        interpretations=tuple(raw["interpretations"]),
        digest=raw["digest"],
    )
