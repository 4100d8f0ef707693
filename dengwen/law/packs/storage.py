"""Rule packs as text and back, so that a running case can be read by exactly the rules it was
judged by."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.pack import DAY, Pack, RawKind
from dengwen.law.packs.rules import Instrument
from dengwen.law.time.calendar import Calendar


def _lively(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict):
        if set(value) == {DAY}:
            return date.fromisoformat(value[DAY])
        return {k: _lively(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_lively(v) for v in value]
    return value


def to_text(packs: tuple[Pack, ...]) -> str:
    """Return the packs of one rulebook as canonical JSON."""
    return f"[{','.join(pack.text for pack in packs)}]"


def from_text(text: str) -> Rulebook:
    """Rebuild the rulebook whose packs `to_text` wrote; its digest is the same again."""
    packs = tuple(_pack(_lively(raw)) for raw in json.loads(text))
    return Library(packs, Calendar()).compose(packs)


def _pack(raw: dict[str, Any]) -> Pack:
    instruments = {name: _instrument(held) for name, held in raw["instruments"].items()}
    kinds = {name: _kind(held) for name, held in raw["kinds"].items()}
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


def _instrument(raw: dict[str, Any]) -> Instrument:
    return replace(Instrument(**raw), items=tuple(raw["items"]))


def _kind(raw: dict[str, Any]) -> RawKind:
    entries = {section: tuple(held) for section, held in raw["entries"].items()}
    return RawKind(raw["head"], entries, tuple(raw["removed"]))
