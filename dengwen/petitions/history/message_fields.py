"""What a row of messages says in the fields of a registration: each read by the type the pack
gives it.

A column named like a field that the pack lets an import ask (`asked_at`) is taken; what a pack does
not name there no column sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dengwen.cases import rulebooks
from dengwen.cases.placed_fields import CHANNEL, asked_at
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.petitions.history.message_file import COLUMNS, ColumnMap, RowRefused
from dengwen.petitions.history.message_row import (
    MessageRow,
    RawRow,
    instant_in,
    one_line,
    short_in,
    text_in,
    word_in,
)
from dengwen.petitions.intake.intake import KIND, REGISTER

DOOR = "import"
READ_WITH_THE_ROW = frozenset({*COLUMNS, "subject", "place"}) - {"petitioner"}
"""What says which row it is and whose rules bind it: read before the rules are known."""
LENIENT = "category"
"""The field whose unknown words are counted and left out: unknown stays unknown."""
MOST_DIGITS = 11
YES, NO = frozenset({"true", "1", "是", "yes"}), frozenset({"false", "0", "否", "no"})
_BETWEEN = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, slots=True)
class SaidInRow:
    """What a row says by field, and a word of it that is no category here."""

    values: Mapping[str, FieldValue]
    unknown_category: str = ""


def targets() -> frozenset[str]:
    """Return what a map of columns may name: the parts of a message, and what any installed
    edition lets an import ask."""
    found = set(COLUMNS)
    for rule in _registrations():
        found |= {field.name for field in asked_at(DOOR, rule)}
    return frozenset(found)


def channels() -> dict[str, tuple[str, str]]:
    """Return how messages can have come, as any installed edition has it: codes with their words;
    what the edition of a row does not know is refused with the row."""
    found: dict[str, tuple[str, str]] = {}
    for rule in _registrations():
        asked = rule.field_rule(CHANNEL)
        found |= asked.option_names if asked is not None else {}
    return found


def _registrations() -> Iterator[ActRule]:
    """Yield the registration of every installed edition and place."""
    library = rulebooks.library()
    for day in sorted({pack.since for pack in library.packs}):
        for place in sorted({pack.place for pack in library.packs}):
            kind = library.rulebook(day, place).kinds.get(KIND)
            if kind is not None and REGISTER in kind.acts:
                yield kind.acts[REGISTER]


def read_fields(row: MessageRow, mapping: ColumnMap, rule: ActRule) -> SaidInRow:
    """Return what a row says in the fields of its edition; RowRefused names the column, what is
    wrong and the mend."""
    values: dict[str, FieldValue] = {}
    unknown = ""
    for field in asked_at(DOOR, rule):
        if field.name in READ_WITH_THE_ROW:
            continue
        raw = RawRow(row.row, {field.name: row.cells.get(mapping.column(field.name))}, mapping)
        try:
            value = _READERS[field.type](raw, field)
        except _UnknownWord as word:
            if field.name != LENIENT:
                raise _no_option(raw, field, word.text) from None
            unknown = word.text
            continue
        if value not in ("", (), None):
            values[field.name] = value
    return SaidInRow(values, unknown)


class _UnknownWord(Exception):  # noqa: N818  # caught where the field says what follows
    """Carries a word that is no option of its field."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


def _code(raw: RawRow, field: FieldRule) -> FieldValue:
    word = word_in(raw, field.name)
    return _option(field, word) if word else ""


def _codes(raw: RawRow, field: FieldRule) -> FieldValue:
    known = raw.mapping.values.get(field.name, {})
    return tuple(_option(field, known.get(word, word)) for word in _split(raw, field))


def _option(field: FieldRule, word: str) -> str:
    """Return the code a word stands for: an id, or the Chinese name of an option."""
    for code, (chinese, _english) in field.option_names.items():
        if word in (code, chinese):
            return code
    raise _UnknownWord(word)


def _words(raw: RawRow, field: FieldRule) -> FieldValue:
    return tuple(_split(raw, field))


def _split(raw: RawRow, field: FieldRule) -> list[str]:
    return [word for word in _BETWEEN.split(one_line(raw.said[field.name])) if word]


def _date(raw: RawRow, field: FieldRule) -> FieldValue:
    instant = instant_in(raw, field.name, None)
    return "" if instant is None else civil(instant)


def _number(raw: RawRow, field: FieldRule) -> FieldValue:
    text = one_line(raw.said[field.name])
    if not text or (text.isdecimal() and len(text) <= MOST_DIGITS):
        return int(text) if text else ""
    raise raw.refuse(
        field.name,
        f"“{text[:30]}”不是整数",
        f"“{text[:30]}” is not a whole number",
        "写成 3 这样",
        "write it as 3",
    )


def _flag(raw: RawRow, field: FieldRule) -> FieldValue:
    text = one_line(raw.said[field.name]).lower()
    if not text or text in NO:
        return ""
    if text in YES:
        return True
    raise raw.refuse(
        field.name,
        f"“{text[:30]}”既不是“是”也不是“否”",
        f"“{text[:30]}” is neither yes nor no",
        "写“是”或者“否”，也可以空着",
        "write 是 or 否, or leave it empty",
    )


def _no_option(raw: RawRow, field: FieldRule, word: str) -> RowRefused:
    names = field.option_names
    return raw.refuse(
        field.name,
        f"“{field.zh}”没有“{word[:30]}”这一项",
        f"“{field.en}” has no option “{word[:30]}”",
        f"可用：{'、'.join(chinese for chinese, _ in names.values())}",
        f"known: {', '.join(names)}",
    )


_READERS: Mapping[str, Callable[[RawRow, FieldRule], FieldValue]] = {
    "text": lambda raw, field: text_in(raw.said[field.name]),
    "person": lambda raw, field: short_in(raw, field.name),
    "word": lambda raw, field: short_in(raw, field.name),
    "division": lambda raw, field: short_in(raw, field.name),
    "code": _code,
    "codes": _codes,
    "words": _words,
    "date": _date,
    "number": _number,
    "flag": _flag,
}
"""How a cell is read, by type of field: those of `vocabulary.DOORS["import"]`."""
