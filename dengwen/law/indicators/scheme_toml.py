"""Writing the tables of a scheme as TOML again, so that a draft can be read and changed as the
files of schemes are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from dengwen.law.indicators.scheme_file import (
    GROUP_KEYS,
    INDICATOR_KEYS,
    SCHEME_KEYS,
    SELECTOR_KEYS,
    WATCH_KEYS,
)

PLAIN_DAYS = ("from", "until")
ORDER = {
    name: place
    for place, name in enumerate(
        dict.fromkeys((*SCHEME_KEYS, *GROUP_KEYS, *INDICATOR_KEYS, *WATCH_KEYS, *SELECTOR_KEYS))
    )
}
"""Entries in the order of a scheme file; a kept text has them by the alphabet."""
TABLES = ("group", "indicator", "watch")


def scheme_text(raw: Mapping[str, Any]) -> str:
    """Return the tables of a scheme as TOML; read again it is the same scheme, with the same
    digest.

    Days kept as text (`from`, `until`) are written as days. Remarks of a file are no part of a
    scheme and are lost.
    """
    lines = ["[scheme]", *_entries(raw.get("scheme", {}))]
    for name in TABLES:
        for one in raw.get(name, ()):
            lines += ["", f"[[{name}]]", *_entries(one)]
    return "\n".join(lines) + "\n"


def _entries(table: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} = {value if key in PLAIN_DAYS else _value(value)}" for key, value in _ordered(table)
    ]


def _ordered(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(table.items(), key=lambda entry: (ORDER.get(entry[0], len(ORDER)), entry[0]))


def _value(value: object) -> str:
    """Return one value of TOML; a text of JSON is a text of TOML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_value(inner)}" for key, inner in _ordered(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
