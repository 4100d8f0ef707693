"""Files of messages, row by row: encodings, JSON lines and CSV, and the map of their columns.

A row is read or refused by itself; nothing is guessed. What it says is in `message_row`.
"""

from __future__ import annotations

import codecs
import csv
import json
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import Any

ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order; a mark at the beginning (utf-8-sig) is dropped. GBK and GB2312 are parts of
gb18030."""
MAX_LINE = 4_000_000
"""Bytes of one line of JSON; a longer one is refused as a row and passed over without being
held."""
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "source_no",
        "source": "source",
        "content": "body",
        "received": "time",
        "reply": "reply",
        "replied": "reply_time",
        "petitioner": "user",
        "class": "class",
        "path": "path",
    }
)
"""What a target is called in a file when no map says otherwise; a field of a registration that is
not among them has a column of its own name."""
NEEDED = ("number", "content", "received")


class FileRefused(ValueError):  # noqa: N818  # an answer about a file, as `Refused` is about a step
    """A file that cannot be read at all: which, why, and the mend, in both languages."""

    def __init__(self, where: str, zh: str, en: str, mend_zh: str, mend_en: str) -> None:
        self.where, self.zh, self.en, self.mend_zh, self.mend_en = where, zh, en, mend_zh, mend_en
        super().__init__(f"{where}: {zh}。{mend_zh}。/ {en}. {mend_en}.")


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was not taken: its number (1 is the first message), the column, what is wrong and
    the mend."""

    row: int
    field: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str

    def as_dict(self) -> dict[str, object]:
        """Return the error as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        return (
            f"第{self.row}行 {self.field}：{self.zh}。{self.mend_zh}。/ "
            f"row {self.row} {self.field}: {self.en}. {self.mend_en}."
        )


class RowRefused(ValueError):  # noqa: N818
    """Carries one `RowError` out of the reading of a row."""

    def __init__(self, error: RowError) -> None:
        self.error = error
        super().__init__(str(error))


@dataclass(frozen=True)
class ColumnMap:
    """Which column of a file holds what, and how its words read here.

    `columns` overrides `COLUMNS`; `values` turns words of the file into codes (target → word →
    code); `source` names the origin of a file that has no source column: with the number it
    identifies a row for ever.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: str = ""

    def column(self, target: str) -> str:
        """Return the name of the column that holds a target."""
        return self.columns.get(target) or COLUMNS.get(target, target)


def read_map(path: Path, known: Collection[str]) -> ColumnMap:
    """Read a map from TOML: `source`, `[columns]` and `[values.<target>]`; FileRefused for a target
    that is not `known`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileRefused(
            path.name,
            f"对照表不是TOML：{error}",
            f"the map is not TOML: {error}",
            "照文档改写",
            "write it as the documentation shows",
        ) from error
    columns, values = raw.get("columns", {}), raw.get("values", {})
    targets = set(columns) | set(values)
    unknown = sorted(targets - set(known))
    unknown += sorted(set(raw) - {"columns", "values", "source"})
    if unknown:
        raise FileRefused(
            path.name,
            f"对照表里有不认识的项：{'、'.join(unknown)}",
            f"unknown names in the map: {', '.join(unknown)}",
            f"可用：{'、'.join(sorted(known))}",
            f"known: {', '.join(sorted(known))}",
        )
    return ColumnMap(columns, values, str(raw.get("source", "")))


# --- files ----------------------------------------------------------------------------------------
def encoding_of(path: Path) -> str:
    """Return the encoding a whole file reads in, in bounded memory; FileRefused where none of
    `ENCODINGS` does."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused(
            path.name,
            "文件是UTF-16编码",
            "the file is encoded in UTF-16",
            "另存为UTF-8",
            "save it as UTF-8",
        )
    for name in ENCODINGS:
        if _reads(path, name):
            return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else name
    raise FileRefused(
        path.name,
        "既不是UTF-8也不是GB18030编码",
        "neither UTF-8 nor GB18030",
        "另存为UTF-8",
        "save it as UTF-8",
    )


def _reads(path: Path, encoding: str) -> bool:
    """Say whether a whole file reads in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def raw_rows(path: Path, mapping: ColumnMap) -> Iterator[tuple[int, Mapping[str, Any] | RowError]]:
    """Yield each row of a file by number as a mapping, or the error why it is none; memory holds
    one row.

    JSON lines by the name (.jsonl, .ndjson, .json) or a first character "{"; everything else is
    CSV, separated as its heading shows (comma, semicolon or tab).
    """
    if not path.is_file():
        raise FileRefused(path.name, "没有这个文件", "no such file", "核对路径", "check the path")
    encoding = encoding_of(path)
    with path.open("rb") as file:
        first = file.read(200).decode(encoding, "replace").lstrip()
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json") or first.startswith("{"):
        yield from _json_rows(path, encoding)
    else:
        yield from _csv_rows(path, encoding, mapping)


def _json_rows(path: Path, encoding: str) -> Iterator[tuple[int, Mapping[str, Any] | RowError]]:
    """Yield the rows of a file of JSON lines; of a line too long the rest is passed over."""
    row = 0
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE):
            whole = line.endswith(b"\n") or len(line) < MAX_LINE
            while not whole and (rest := file.readline(MAX_LINE)):
                if rest.endswith(b"\n"):
                    break
            text = line.decode(encoding if row == 0 else encoding.removesuffix("-sig"), "replace")
            if not text.strip():
                continue
            row += 1
            yield row, _json_row(row, text) if whole else _too_long(row)


def _too_long(row: int) -> RowError:
    """Return what is said of a line longer than `MAX_LINE`."""
    return RowError(
        row,
        "",
        f"一行超过{MAX_LINE}字节",
        f"a line of more than {MAX_LINE} bytes",
        "核对文件是否缺换行",
        "see whether line ends are missing",
    )


def _json_row(row: int, text: str) -> Mapping[str, Any] | RowError:
    """Return a line as an object of JSON, or the error that it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    return RowError(
        row, "", "不是一个JSON对象", "not an object of JSON", "核对这一行", "check this line"
    )


def _csv_rows(
    path: Path, encoding: str, mapping: ColumnMap
) -> Iterator[tuple[int, Mapping[str, Any] | RowError]]:
    """Yield the rows of a CSV file; empty lines are no rows."""
    csv.field_size_limit(MAX_LINE)
    with path.open("rb") as raw, TextIOWrapper(raw, encoding, newline="") as file:
        heading = file.readline()
        mark = max(",;\t", key=heading.count)
        names = [name.strip() for name in next(csv.reader([heading], delimiter=mark), [])]
        _refuse_lacking(path, names, mapping)
        row = 0
        for cells in _lines(csv.reader(file, delimiter=mark)):
            if isinstance(cells, csv.Error):
                row += 1
                yield row, _not_csv(row, cells)
            elif any(cells):
                row += 1
                yield row, _csv_row(row, cells, names)


def _refuse_lacking(path: Path, names: Sequence[str], mapping: ColumnMap) -> None:
    """Refuse a file whose heading does not name every needed column."""
    needed = [mapping.column(target) for target in NEEDED]
    lacking = [column for column in needed if column not in names]
    if lacking:
        raise FileRefused(
            path.name,
            f"表头缺少：{'、'.join(lacking)}",
            f"the heading lacks: {', '.join(lacking)}",
            "补上表头，或者用对照表指明列名",
            "add the heading or name the columns in a map",
        )


def _lines(reader: Iterator[list[str]]) -> Iterator[list[str] | csv.Error]:
    """Yield the cells of each line, or the error why it has none; reading goes on after it."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield error


def _not_csv(row: int, error: csv.Error) -> RowError:
    """Return what is said of a line that is no CSV."""
    return RowError(
        row,
        "",
        f"不是CSV的一行：{error}",
        f"not a row of CSV: {error}",
        "核对引号和分隔符",
        "check its quotes",
    )


def _csv_row(row: int, cells: Sequence[str], names: Sequence[str]) -> Mapping[str, Any] | RowError:
    """Return a line by the names of the heading, or the error that their numbers differ."""
    if len(cells) == len(names):
        return dict(zip(names, cells, strict=True))
    return RowError(
        row,
        "",
        f"有{len(cells)}格，表头有{len(names)}格",
        f"{len(cells)} cells, {len(names)} in the heading",
        "核对引号和分隔符",
        "check its quotes and separators",
    )
