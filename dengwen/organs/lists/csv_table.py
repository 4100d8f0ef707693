"""Reading the rows of a list from a CSV file: every bad cell is named, nothing is written.

A file is decoded (UTF-8 with or without mark, GB 18030) and read by its headings; what is wrong
with a cell is kept as a `RowError` with row, column, value and mend in both languages.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from dengwen.organs.errors import RegistryError

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_NAME = 100
LONGEST_CELL = 500
FORMULA_SIGNS = frozenset("=+-@")
SEPARATORS = (",", ";", "\t", "；")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
Table = list[tuple[int, dict[str, str]]]
"""The rows of a file, each with its number as a spreadsheet counts it and its cells by heading."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell: the row as a spreadsheet counts it, the column, what it
    holds, why, and the mend."""

    row: int
    column: str
    code: str
    why_zh: str
    why_en: str
    value: str = ""

    @property
    def zh(self) -> str:
        """The whole of it in Chinese: line, column, value, why and the mend."""
        said = f"＝“{self.value}”" if self.value and f"“{self.value}”" not in self.why_zh else ""
        return f"第{self.row}行“{self.column}”{said}：{self.why_zh}"

    @property
    def en(self) -> str:
        """The whole of it in English."""
        said = f" = {self.value!r}" if self.value and repr(self.value) not in self.why_en else ""
        return f"row {self.row}, {self.column}{said}: {self.why_en}"


def bad_cell(row: int, column: str, code: str, zh: str, en: str, value: str = "") -> RowError:
    """Return what is wrong with one cell, said with its row, column and value in both languages."""
    return RowError(row, column, code, zh, en, value[:LONGEST_NAME])


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list while it is read: its values by our names, and what is wrong with it."""

    number: int
    values: dict[str, str]
    errors: list[RowError] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return a value, "" where the row has none."""
        return self.values.get(name, "")

    def filled(self, names: Iterable[str]) -> dict[str, str]:
        """Return those of the values that the row has."""
        return {name: self.values[name] for name in names if self.values.get(name)}

    def note(self, column: str, code: str, zh: str, en: str, value: str = "") -> None:
        """Note what is wrong with a cell."""
        self.errors.append(bad_cell(self.number, column, code, zh, en, value))

    def day(self, name: str) -> date | None:
        """Return a date as lists write it; None where there is none, or one that is noted as
        wrong."""
        value = self.get(name)
        if not value:
            return None
        parts = DAY.fullmatch(value)
        try:
            return date(*map(int, parts.groups())) if parts else date.fromisoformat(value)
        except ValueError:
            self.note(
                name,
                "bad_date",
                f"“{value}”不是有这一天的日期；写成2025-11-06",
                f"{value!r} is no day there is; write 2025-11-06",
                value,
            )
            return None


def read_row(
    number: int, cells: Mapping[str, str], columns: Mapping[str, str], defaults: Mapping[str, str]
) -> ListRow:
    """Return the values of a row by our names, trimmed; formulas and cells far too long are
    noted as errors."""
    row = ListRow(number, dict(defaults))
    for name, heading in columns.items():
        value = (cells.get(heading) or "").strip()
        if value:
            row.values[name] = value
        if value[:1] in FORMULA_SIGNS:
            row.note(
                heading,
                "formula",
                f"“{value[:20]}”像表格公式；删去开头的符号",
                f"{value[:20]!r} looks like a formula; remove its first sign",
            )
        elif len(value) > _longest(name):
            row.note(
                heading,
                "too_long",
                f"有{len(value)}字；写规范名称",
                f"has {len(value)} characters; shorten it",
            )
    return row


def _longest(name: str) -> int:
    """Return how many characters a cell may have; an English name may be as long as any text."""
    is_name = name.startswith("name") and name != "name_en"
    return LONGEST_NAME if is_name else LONGEST_CELL


def in_order(errors: Sequence[RowError], columns: Mapping[str, str]) -> tuple[RowError, ...]:
    """Return errors by row, their columns as the list itself heads them."""
    named = [replace(one, column=columns.get(one.column, one.column)) for one in errors]
    return tuple(sorted(named, key=lambda one: one.row))


def decode(data: bytes) -> tuple[str, str]:
    """Return (encoding, text) of a CSV file; RegistryError for UTF-16, binary data and files
    that are too large."""
    if len(data) > MOST_BYTES:
        most = MOST_BYTES >> 20
        raise _unreadable("too_large", f"文件超过{most} MB", f"the file is over {most} MB")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise _unreadable("utf16", "文件是UTF-16编码", "the file is UTF-16")
    marked = data.startswith(b"\xef\xbb\xbf")
    for encoding in ("utf-8-sig" if marked else "utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(ch) < 32 and ch not in "\t\r\n" for ch in text):
            raise _unreadable(
                "binary",
                "文件含控制字符，不是文本表格",
                "the file holds control characters, it is no text",
            )
        return encoding, text
    raise _unreadable(
        "unknown_encoding", "文件既非UTF-8也非GB 18030", "the file is neither UTF-8 nor GB 18030"
    )


def table_of(data: bytes, needed: Sequence[str]) -> tuple[str, Table]:
    """Return encoding and numbered rows of a CSV file; RegistryError where it is none or lacks a
    needed column."""
    encoding, text = decode(data)
    if not text.strip():
        raise _unreadable("empty_file", "文件是空的", "the file is empty")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_separator(text, needed), strict=True)
    table: Table = []
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        _check_headings(headings, needed)
        for row in reader:
            if any(map(str.strip, row)):
                table.append((reader.line_num, _cells(headings, row, reader.line_num)))
    except csv.Error as error:
        line = reader.line_num
        zh, en = f"第{line}行不合CSV格式", f"line {line}: {error}"
        raise _unreadable("csv", zh, en) from error
    if len(table) > MOST_ROWS:
        raise _unreadable("too_many", f"超过{MOST_ROWS}行", f"more than {MOST_ROWS} rows")
    return encoding, table


def _check_headings(headings: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a list that lacks a column it needs."""
    missing = [name for name in needed if name not in headings]
    if missing:
        found = "、".join(heading for heading in headings if heading)[:LONGEST_CELL]
        raise _unreadable(
            "columns",
            f"第1行缺少列：{'、'.join(missing)}；现有的是：{found}",
            f"line 1 lacks the columns {', '.join(missing)}; it has: {found}",
        )


def _separator(text: str, needed: Sequence[str]) -> str:
    """Return what separates the cells: the first sign that gives the heading the columns needed,
    else a comma."""
    head = text.lstrip().splitlines()[0]
    for sign in SEPARATORS:
        if set(needed) <= {heading.strip().strip('"') for heading in head.split(sign)}:
            return sign
    return ","


def _cells(headings: Sequence[str], row: Sequence[str], line: int) -> dict[str, str]:
    """Return a row by its headings; RegistryError where it holds more cells than there are
    headings."""
    over = [cell for cell in row[len(headings) :] if cell.strip()]
    if over:
        raise _unreadable(
            "extra_cells",
            f"第{line}行比列名多出“{over[0][:20]}”；名称里有逗号的，整格加引号",
            f"line {line} has {over[0][:20]!r} beyond the headings; "
            "put cells that hold a comma in quotes",
        )
    return dict(zip_longest(headings, row[: len(headings)], fillvalue=""))


def _unreadable(code: str, zh: str, en: str) -> RegistryError:
    """Return the refusal of a file as a whole."""
    return RegistryError(
        code,
        where="CSV",
        zh=zh,
        en=en,
        mend_zh="另存为UTF-8编码的CSV文件，首行为列名",
        mend_en="save it as CSV in UTF-8 with headings in the first row",
    )
