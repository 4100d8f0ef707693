"""Files of messages, row by row: encodings, JSON lines and CSV, and what a row says once it is
cleaned.

A row is read or refused by itself; nothing is guessed. What a row lacks stays unknown: no name is
not "anonymous",
no category is not "other". A day without an hour stands for noon in China of that day.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dengwen.law.duties.act_record import CHINA, civil
from dengwen.law.time.terms import EARLIEST

ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order; a mark at the beginning (utf-8-sig) is dropped. GBK and GB2312 are parts
of gb18030."""
MAX_LINE = 4_000_000
"""Bytes of one line of JSON; a longer one is refused as a row and passed over without being
held."""
MAX_NAME = 200
"""Characters of a name, telephone or number; the longest real name seen has 13."""
MAX_CATEGORY = 60
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "source_no",
        "source": "source",
        "subject": "subject",
        "content": "body",
        "received": "time",
        "reply": "reply",
        "replied": "reply_time",
        "category": "category",
        "petitioner": "user",
        "phone": "phone",
        "address": "address",
        "place": "place",
        "class": "class",
        "path": "path",
    }
)
"""What each target is called in a file when no map says otherwise."""
NEEDED = ("number", "content", "received")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HOUR = re.compile(
    r"[T\s]*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d+)?)?秒?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_SPACES = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")


class FileRefused(ValueError):  # noqa: N818  # an answer about a file, as `Refused` is about a step
    """A file that cannot be read at all: which, why, and the mend, in both languages."""

    def __init__(self, where: str, zh: str, en: str, mend_zh: str, mend_en: str) -> None:
        self.where, self.zh, self.en, self.mend_zh, self.mend_en = where, zh, en, mend_zh, mend_en
        super().__init__(f"{where}: {zh}。{mend_zh}。/ {en}. {mend_en}.")


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was not taken: its number (1 is the first message), the column, what is wrong
    and the mend."""

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
    code);
    `source` names the origin of a file that has no source column: with the number it identifies a
    row for ever.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: str = ""

    def column(self, target: str) -> str:
        """Return the name of the column that holds a target."""
        return self.columns.get(target, COLUMNS[target])


def read_map(path: Path) -> ColumnMap:
    """Read a map from TOML: `source`, `[columns]` and `[values.<target>]`; FileRefused for an
    unknown target."""
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
    unknown = sorted((set(columns) | set(values)) - set(COLUMNS)) + sorted(
        set(raw) - {"columns", "values", "source"}
    )
    if unknown:
        raise FileRefused(
            path.name,
            f"对照表里有不认识的项：{'、'.join(unknown)}",
            f"unknown names in the map: {', '.join(unknown)}",
            f"可用：{'、'.join(COLUMNS)}",
            f"known: {', '.join(COLUMNS)}",
        )
    return ColumnMap(columns, values, str(raw.get("source", "")))


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the file has it, cleaned. "" and None mean that the file does not say."""

    row: int
    source: str
    number: str
    subject: str
    content: str
    received: datetime
    reply: str
    replied: datetime | None
    category: str
    petitioner: str
    phone: str
    address: str
    place: str
    class_: str
    path: str

    @property
    def key(self) -> str:
        """The digest of source and number: the same row, whenever and from whichever file it
        comes."""
        return hashlib.sha256(f"{self.source}\x00{self.number}".encode()).hexdigest()

    @property
    def digest(self) -> str:
        """The digest of what was said and when; a reply may come later and is not part of it."""
        said = [self.subject, self.content, self.received.isoformat()]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


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
    CSV, separated as its
    heading shows (comma, semicolon or tab).
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
    return RowError(
        row,
        "",
        f"一行超过{MAX_LINE}字节",
        f"a line of more than {MAX_LINE} bytes",
        "核对文件是否缺换行",
        "see whether line ends are missing",
    )


def _json_row(row: int, text: str) -> Mapping[str, Any] | RowError:
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
    csv.field_size_limit(MAX_LINE)
    with path.open("rb") as raw, TextIOWrapper(raw, encoding, newline="") as file:
        heading = file.readline()
        mark = max(",;\t", key=heading.count)
        names = [name.strip() for name in next(csv.reader([heading], delimiter=mark), [])]
        lacking = [mapping.column(t) for t in NEEDED if mapping.column(t) not in names]
        if lacking:
            raise FileRefused(
                path.name,
                f"表头缺少：{'、'.join(lacking)}",
                f"the heading lacks: {', '.join(lacking)}",
                "补上表头，或者用对照表指明列名",
                "add the heading or name the columns in a map",
            )
        reader, row = csv.reader(file, delimiter=mark), 0
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield (
                    row,
                    RowError(
                        row,
                        "",
                        f"不是CSV的一行：{error}",
                        f"not a row of CSV: {error}",
                        "核对引号和分隔符",
                        "check its quotes",
                    ),
                )
                continue
            if not any(cells):
                row -= 1
            elif len(cells) != len(names):
                yield (
                    row,
                    RowError(
                        row,
                        "",
                        f"有{len(cells)}格，表头有{len(names)}格",
                        f"{len(cells)} cells, {len(names)} in the heading",
                        "核对引号和分隔符",
                        "check its quotes and separators",
                    ),
                )
            else:
                yield row, dict(zip(names, cells, strict=True))


# --- what a row says ------------------------------------------------------------------------------
def read_row(row: int, raw: Mapping[str, Any], mapping: ColumnMap, today: date) -> MessageRow:
    """Return a raw row cleaned and checked; RowRefused names the column, what is wrong and the
    mend."""
    said = {target: raw.get(mapping.column(target)) for target in COLUMNS}
    received = _instant(row, mapping.column("received"), said["received"], today)
    if received is None:
        raise _refuse(
            row,
            mapping.column("received"),
            "没有来信时间",
            "no time of the message",
            "补上日期",
            "give its day",
        )
    replied = _instant(row, mapping.column("replied"), said["replied"], today)
    reply = _text(said["reply"])
    if reply and replied is None:
        raise _refuse(
            row,
            mapping.column("replied"),
            "有答复而没有答复时间",
            "a reply without its day",
            "补上答复日期，或者去掉答复",
            "give its day or leave the reply out",
        )
    if replied is not None and replied < received:
        raise _refuse(
            row,
            mapping.column("replied"),
            f"答复（{civil(replied)}）早于来信（{civil(received)}）",
            f"the reply ({civil(replied)}) is earlier than the message ({civil(received)})",
            "核对两个时间",
            "check both times",
        )
    content = _text(said["content"])
    subject = _SPACES.sub(" ", _text(said["subject"])).strip()
    if not content and not subject:
        raise _refuse(
            row, mapping.column("content"), "没有内容", "no content", "补上正文", "give the text"
        )
    short = {
        n: _short(row, mapping.column(n), said[n])
        for n in ("number", "petitioner", "phone", "address", "place")
    }
    if not short["number"]:
        raise _refuse(
            row,
            mapping.column("number"),
            "没有来源编号，无法防止重复登记",
            "no source number, so that a repeat could not be noticed",
            "补上编号",
            "give it a number",
        )
    return MessageRow(
        row=row,
        subject=subject,
        content=content,
        received=received,
        reply=reply,
        replied=replied,
        source=_short(row, mapping.column("source"), said["source"]) or mapping.source,
        category=_word(said["category"], mapping.values.get("category", {})),
        class_=_word(said["class"], mapping.values.get("class", {})),
        path=_word(said["path"], mapping.values.get("path", {})),
        **short,
    )


def _refuse(row: int, column: str, zh: str, en: str, mend_zh: str, mend_en: str) -> RowRefused:
    return RowRefused(RowError(row, column, zh, en, mend_zh, mend_en))


def _text(value: object) -> str:
    """Return a text without what spreadsheets leave in it (`_x000D_`, stray control and
    zero-width characters)."""
    if value is None:
        return ""
    text = (
        str(value)
        .replace("_x000D_\n", "\n")
        .replace("_x000D_", "\n")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
    return _UNPRINTABLE.sub("", text.replace("\u00a0", " ")).strip(" \t\n\u3000")


def _short(row: int, column: str, value: object) -> str:
    text = _SPACES.sub(" ", _text(value)).strip()
    if len(text) > MAX_NAME:
        raise _refuse(
            row,
            column,
            f"有{len(text)}个字，最多{MAX_NAME}个",
            f"{len(text)} characters, at most {MAX_NAME}",
            "核对是否串列",
            "see whether columns are mixed up",
        )
    return text


def _word(value: object, words: Mapping[str, str]) -> str:
    text = _SPACES.sub("", _text(value))[:MAX_CATEGORY]
    return words.get(text, text)


def _instant(row: int, column: str, value: object, today: date) -> datetime | None:
    """Return the instant (UTC) a cell stands for, None for an empty one; a time without a zone
    is China's."""
    text = _SPACES.sub(" ", _text(value)).strip()
    if not text:
        return None
    found = _DAY.match(text)
    hour = _HOUR.fullmatch(text, found.end()) if found and found.end() < len(text) else None
    try:
        if found is None or (hour is None and found.end() < len(text)):
            raise ValueError(text)
        day = date(int(found[1]), int(found[2]), int(found[3]))
        instant = _at(day, hour)
    except ValueError:
        raise _refuse(
            row,
            column,
            f"“{text[:30]}”不是日期",
            f"“{text[:30]}” is not a date",
            "写成 2019-04-24 或者 2019-04-24 16:03:40",
            "write 2019-04-24 or 2019-04-24 16:03:40",
        ) from None
    if civil(instant) > today:
        raise _refuse(
            row,
            column,
            f"{civil(instant)}在今天之后",
            f"{civil(instant)} is after today",
            "核对年份",
            "check it",
        )
    if day < EARLIEST:
        raise _refuse(
            row,
            column,
            f"{day}早于{EARLIEST}",
            f"{day} is before {EARLIEST}",
            "核对年份",
            "check the year",
        )
    return instant


def _at(day: date, hour: re.Match[str] | None) -> datetime:
    if hour is None:
        return datetime.combine(day, time(12), CHINA).astimezone(UTC)
    clock = time(int(hour[1]), int(hour[2]), int(hour[3] or 0))
    if hour[4]:
        zone = hour[4].replace("Z", "+00:00")
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{zone}").astimezone(
            UTC
        )
    return datetime.combine(day, clock, CHINA).astimezone(UTC)
