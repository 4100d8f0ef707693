"""The section `[[column]]` of a scenario file: what a table says, read down one of its words.

    [[column]]
    file = "related/1949-10-01/accountability_rules.toml"
    table = "period"
    word = "months"
    values = {admonition = 6, demerit = 12, major_demerit = 18}

Tables of accountability and schemes of assessment are written entry by entry; a column says what
all entries say to one question, as a reader of the law tables it: so long after a demerit, so long
after a major one. `values` names every entry that has the word. A citation is written "R22 42(1)",
with "?" behind it where the text was not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import LIABILITY_FILE, read_toml

Tables = Mapping[str, Any]

SAID = frozenset({"id", "zh", "en", "note", "paper_zh", "paper_en"})
"""Words of an entry that say what people are told, or what it is called."""
CITED = "basis"


def table_files(library: Library) -> dict[str, Path]:
    """Return every file of tables by its name below the folder of packs."""
    found = {f"{pack.id}/{LIABILITY_FILE}": pack.folder / LIABILITY_FILE for pack in library.packs}
    for root in {folder_of(library)}:
        for path in sorted(root.glob("schemes/*.toml")):
            found[path.relative_to(root).as_posix()] = path
    return {name: path for name, path in found.items() if path.is_file()}


def folder_of(library: Library) -> Path:
    """Return the folder that holds the packs of a library."""
    return library.packs[0].folder.parents[1]


def run_column(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield in what a column differs from the table."""
    path = table_files(library).get(entry["file"])
    if path is None:
        yield f"没有这个文件 {entry['file']} / no such file"
        return
    yield from differences_of(read_toml(path), entry)


def differences_of(tables: Tables, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield each entry of a table that says another thing than the column."""
    found = column(tables, entry["table"], entry["word"])
    wanted = entry["values"]
    for name in sorted({*found, *wanted}):
        if found.get(name) != wanted.get(name):
            said = f"{entry['table']} {name}.{entry['word']}"
            yield f"{said} = {found.get(name)!r}，应为 {wanted.get(name)!r} / should be"


def column(tables: Tables, table: str, word: str) -> dict[str, Any]:
    """Return what each entry of a table says to one word, by the id of the entry."""
    return {
        name_of(raw): _told(word, raw[word]) for raw in entries_of(tables, table) if word in raw
    }


def entries_of(tables: Tables, table: str) -> list[Mapping[str, Any]]:
    """Return the entries of a table; a head is one entry."""
    held = tables.get(table, [])
    return [held] if isinstance(held, Mapping) else list(held)


def name_of(raw: Mapping[str, Any]) -> str:
    """Return by what an entry is known: its id, or the words it is about."""
    return str(raw.get("id") or raw.get("said") or "?")


def _told(word: str, value: object) -> object:
    """Return a value as a column writes it."""
    if isinstance(value, list):
        return [_without_words(one) for one in value]
    if word == CITED and isinstance(value, Mapping):
        seen = "" if value.get("verified", True) else "?"
        return f"{value['law']} {value['article']}{seen}"
    return value


def _without_words(value: object) -> object:
    """Return a table inside a list without what people are told."""
    if not isinstance(value, Mapping):
        return value
    return {key: inner for key, inner in value.items() if key not in SAID}
