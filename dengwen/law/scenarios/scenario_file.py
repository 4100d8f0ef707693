"""Scenario files: which words they know, and how they are read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.pack import read_toml
from dengwen.law.scenarios.question_scenario import QUESTION_KEYS

FORCE_KEYS = {"pack", "zh", "from", "until", "case", "sentence"}
SCENARIO_KEYS = {
    "case",
    "sentence",
    "zh",
    "en",
    "kind",
    "place",
    "given",
    "acts",
    "elsewhere",
    "petitioner",
    "others",
    "under",
    "expect",
    "today",
}
COUNT_KEYS = {
    "case",
    "sentence",
    "zh",
    "clock",
    "on",
    "extend",
    "exclude",
    "raw",
    "due",
    "provisional",
    "refused",
    "verified",
    "at_least",
}
ON_DUTY = "on_duty"
"""Which duty an act of the system (a breach, a lapse, a warning) is about: the newest of it that is
open."""
ACT_KEYS = {"at", "act", "by", "who", "as", "entered", "refused", "imported", "cites", ON_DUTY}
EXPECT_KEYS = {
    "duty",
    "opened",
    "raw",
    "due",
    "holder",
    "official",
    "state",
    "closed",
    "met",
    "absent",
    "count",
    "breach",
    "provisional",
    "case_state",
    "case_holder",
    "case_addressee",
    "case_sender",
    "case_handler",
    "can",
    "cannot",
    "why",
    "at",
    "by",
    "as",
    "who",
    "article",
    "law",
    "number",
    "fact",
    "is",
    "original",
    "right",
    "shared",
    "claimed",
    "paper",
    "prints",
}
BEARS_KEYS = {"duty", "zh", "on", "place", "of", "facts", "bears", "case", "sentence"}
BORDER_KEYS = {"fields", "zh", "on", "place", "facts", "also", "takes", "refuses", "asked", "kept"}
COLUMN_KEYS = {"file", "table", "word", "values", "zh", "case", "sentence"}
MAY_KEYS = {"as", "stands", "acts", "on", "place", "zh", "case", "sentence"}
CITED_KEYS = {"pack", "law", "article", "verified", "rests", "zh", "case", "sentence"}
SECTIONS = {
    "scenario": SCENARIO_KEYS,
    "count": COUNT_KEYS,
    "force": FORCE_KEYS,
    "cited": CITED_KEYS,
    "bears": BEARS_KEYS,
    "column": COLUMN_KEYS,
    "may": MAY_KEYS,
    "owes": {"who", "duties", "alone", "on", "place", "zh", "case", "sentence"},
    "border": BORDER_KEYS | {"case", "sentence"},
    **QUESTION_KEYS,
}
"""The tables of a scenario file, with the words each knows."""


def scenario_files(folder: Path) -> list[Path]:
    """Return every scenario file below a folder: TOML files in folders called `scenarios`, or
    the folder's own."""
    found = [path for path in folder.rglob("*.toml") if _is_played(path.relative_to(folder))]
    return sorted(found) or sorted(folder.glob("*.toml"))


def _is_played(path: Path) -> bool:
    """Say whether a file below a folder holds scenarios; those of the bad packs are for tests."""
    return "scenarios" in path.parts and "bad" not in path.parts


def read_scenarios(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Read all scenarios and counts below `folder`, each with the name of its file."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in scenario_files(folder):
        raw = read_toml(path)
        shown = path.relative_to(folder).as_posix()
        for section, keys in SECTIONS.items():
            for entry in raw.get(section, []):
                _only_known(entry, keys, shown)
                found.append((shown, {**entry, "section": section}))
    return found


def _only_known(entry: dict[str, Any], keys: Collection[str], file: str) -> None:
    """Refuse a word that no scenario of this section knows."""
    strange = sorted(set(entry).difference(keys))
    if not strange:
        return
    known = sorted(keys)
    raise PackError(
        "unknown-word",
        file=file,
        entry=str(entry.get("zh") or entry.get("clock") or entry.get("pack")),
        zh=f"不认识的词“{strange[0]}”",
        en=f"unknown word “{strange[0]}”",
        mend_zh="改用：" + "、".join(known),
        mend_en="use one of: " + ", ".join(known),
    )
