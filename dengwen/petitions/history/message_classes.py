"""How messages of the past are sorted: a file of source number, class, and path of a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dengwen.cases import rulebooks
from dengwen.law.packs.rules import KindRule
from dengwen.petitions.history.message_file import ColumnMap, FileRefused, RowError, raw_rows

KIND = "petition"
CLASS_FILE = ColumnMap({"number": "class", "content": "class", "received": "class"})
"""What the heading of a CSV of classes must have; the number may stand under either name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a message was sorted: its class, and the path of a claim where it is known."""

    class_: str
    path: str = ""


def read_classes(path: Path, day: date) -> dict[str, Choice]:
    """Read a file of classes (JSON lines or CSV: number or source_no, class, path) into source
    number → choice.

    Classes by id or Chinese name, as the rules in force on `day` know them. FileRefused names the
    row of an unknown one.
    """
    kind = rulebooks.library().rulebook(day).kind(KIND)
    classes, paths = words_of(kind, "classify", "class"), words_of(kind, "classify", "path")
    found: dict[str, Choice] = {}
    for row, raw in raw_rows(path, CLASS_FILE):
        if isinstance(raw, RowError):
            raise FileRefused(path.name, str(raw), str(raw), raw.mend_zh, raw.mend_en)
        number = _cell(raw, "number") or _cell(raw, "source_no")
        choice = _choice(raw, classes, paths)
        if not number or choice is None:
            raise _unknown_class(path, row, number, raw, sorted(classes))
        found[number] = choice
    return found


def _choice(
    raw: Mapping[str, Any], classes: Mapping[str, str], paths: Mapping[str, str]
) -> Choice | None:
    """Return the class and path of a raw row, None for words that are not known."""
    class_, path = _cell(raw, "class"), _cell(raw, "path")
    if class_ not in classes or (path and path not in paths):
        return None
    return Choice(classes[class_], paths.get(path, ""))


def _cell(raw: Mapping[str, Any], name: str) -> str:
    """Return a cell of a raw row without blanks at its ends, "" where there is none."""
    return str(raw.get(name) or "").strip()


def _unknown_class(
    path: Path, row: int, number: str, raw: Mapping[str, Any], known: Sequence[str]
) -> FileRefused:
    """Return the refusal of a row of classes, with its number, class and path cut short."""
    number, class_, way = number[:40], _cell(raw, "class")[:20], _cell(raw, "path")[:20]
    return FileRefused(
        path.name,
        f"第{row}行：编号“{number}”、类别“{class_}”、途径“{way}”",
        f"row {row}: number “{number}”, class “{class_}”, path “{way}”",
        f"类别用：{'、'.join(known)}",
        f"classes: {', '.join(known)}",
    )


def words_of(kind: KindRule, act: str, name: str) -> dict[str, str]:
    """Return the words a code field may be given by: its ids and their Chinese names, each with the
    id."""
    rule = kind.acts[act].field_rule(name) if act in kind.acts else None
    words: dict[str, str] = {}
    if rule is not None:
        for code, (chinese, _) in rule.option_names.items():
            words[code] = code
            words[chinese] = code
    return words
