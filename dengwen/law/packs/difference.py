"""`law diff PACK PACK`: what changes from one edition to another, entry by entry, with the
articles of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dengwen.law.packs.entry import FILE_KEY
from dengwen.law.packs.pack import SECTIONS, Pack


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the entry, the key in it (or "" for a whole entry), and the value before
    and after."""

    entry: str
    key: str
    before: Any
    after: Any

    def line(self) -> str:
        """Return the change as one line of text."""
        if self.key:
            return f"~ {self.entry} · {self.key}: {self.before!r} → {self.after!r}"
        return f"+ {self.entry}" if self.before is None else f"- {self.entry}"


def differences(old: Pack, new: Pack) -> list[Change]:
    """Return every difference between two packs, in the order of the newer text, what is gone
    last."""
    before, after = _entries(old), _entries(new)
    changes: list[Change] = []
    for name, raw in after.items():
        if name not in before:
            changes.append(Change(name, "", None, _shown(raw)))
        else:
            changes += _keys(name, before[name], raw)
    changes += [
        Change(name, "", _shown(raw), None) for name, raw in before.items() if name not in after
    ]
    return changes


def _keys(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        if key != FILE_KEY and old.get(key) != new.get(key):
            yield Change(name, key, old.get(key), new.get(key))


def _entries(pack: Pack) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {f"clock {c['id']}": c for c in pack.clocks}
    for kind_id, kind in pack.kinds.items():
        for section in SECTIONS:
            found.update({f"{kind_id}.{section} {e['id']}": e for e in kind.entries[section]})
    return found


def _shown(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in raw.items() if k != FILE_KEY}
