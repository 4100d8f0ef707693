"""Every word of the tables of accountability and of schemes of assessment changed, one at a time:
a number, a word gone or another in its place, a flag turned, a citation moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import read_toml
from dengwen.law.scenarios.changed_citations import citation_edits, known_passages
from dengwen.law.scenarios.changed_conditions import Edit
from dengwen.law.scenarios.table_columns import (
    CITED,
    SAID,
    Tables,
    entries_of,
    name_of,
    table_files,
)

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class TableMutant:
    """One change of one entry of a table: its class, the file, and the tables with the change."""

    change: str
    file: str
    entry: str
    detail: str
    tables: Tables


def table_mutants(library: Library) -> Iterator[TableMutant]:
    """Yield every mutant of every table."""
    passages = known_passages(library.packs)
    for file, path in table_files(library).items():
        tables = read_toml(path)
        for table in tables:
            for place, raw in enumerate(entries_of(tables, table)):
                for edit in chain(_word_edits(raw), citation_edits(raw, passages)):
                    changed = _with_entry(tables, table, place, edit.raw)
                    named = f"{table} {name_of(raw)}"
                    yield TableMutant(edit.change, file, named, edit.detail, changed)


def _with_entry(tables: Tables, table: str, place: int, raw: Mapping[str, Any]) -> Tables:
    held = tables[table]
    if isinstance(held, Mapping):
        return {**tables, table: raw}
    return {**tables, table: [*held[:place], raw, *held[place + 1 :]]}


def _word_edits(raw: Mapping[str, Any]) -> Iterator[Edit]:
    """Yield an entry with one of its words changed; what it is called and cites is left."""
    for word, value in raw.items():
        if word not in SAID and word != CITED:
            left = {key: old for key, old in raw.items() if key != word}
            yield Edit("table", f"without {word}", left)
            for detail, changed in _others(word, value):
                yield Edit("table", f"{word}{detail}", {**raw, word: changed})


def _others(word: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 — TOML
    """Yield other values of a word, each with what was changed."""
    if isinstance(value, Mapping):
        yield from _inside(value)
    elif isinstance(value, list):
        yield from _in_list(word, value)
    else:
        other = _other(value)
        yield f" {value} → {other}", other


def _inside(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a table with one of its words changed, but those that people are told."""
    for key, inner in table.items():
        if key not in SAID:
            for detail, changed in _others(key, inner):
                yield f".{key}{detail}", {**table, key: changed}


def _in_list(word: str, values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Yield a list without one of its values, or with one of its tables changed."""
    for place, one in enumerate(values):
        rest = [*values[:place], *values[place + 1 :]]
        yield f" without {one if isinstance(one, str) else place}", rest
        for detail, changed in _others(word, one) if isinstance(one, Mapping) else ():
            yield f".{place}{detail}", [*values[:place], changed, *values[place + 1 :]]


def _other(value: Any) -> Any:  # noqa: ANN401 — TOML
    """Return another value of the same sort: a flag turned, one more, a day later, another word."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    return _other_text(str(value))


def _other_text(value: str) -> str:
    """Return another number for one written as text, another word for a word."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        return f"{value}_"
    return str(int(value) + 1) if "." not in value else f"{value[:-1]}{(int(value[-1]) + 1) % 10}"
