"""Reading lists of organs and of divisions from CSV: every bad row is named, nothing is written.

A list is decoded (UTF-8 with or without mark, GB 18030), each row is checked alone and against the others, and the
result is a preview: what would be registered, in an order in which every parent comes before its children, and what
is wrong where. Only a preview without errors can be turned into steps.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dengwen.law.steps import FieldValue, Step
from dengwen.organs.entries import CODE
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import KINDS, LEVELS
from dengwen.organs.staging import StagedDivision, digest_of

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_NAME = 100
LONGEST_CELL = 500
FORMULA_SIGNS = frozenset("=+-@")

ORGAN_COLUMNS: dict[str, str] = {
    name: name
    for name in (
        "code", "name_zh", "name_en", "short_name", "kind", "level", "division", "territorial_parent",
        "vertical_parent", "petition_office", "joint_conference", "valid_from",
    )
}
"""What an organ is made of, and the heading of its column; pass another mapping for a list with other headings."""

DIVISION_COLUMNS: dict[str, str] = {
    name: name for name in ("code", "name", "level", "parent", "valid_from", "valid_to", "successors")
}
"""The same for divisions; several successors are separated by a semicolon."""

LINKING = ("code", "territorial_parent", "vertical_parent")
"""The fields that tie the rows of an organ list together."""

TRUE_WORDS = frozenset({"1", "true", "yes", "是", "y"})


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell: the row as a spreadsheet counts it, the column, why, and the mend."""

    row: int
    column: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OrganRow:
    """One organ of a list."""

    row: int
    code: str
    fields: Mapping[str, FieldValue]
    texts: Mapping[str, str]
    parents: tuple[str, ...]


@dataclass(frozen=True)
class OrganPreview:
    """What an organ list would do. `rows` are in the order of registration, parents first."""

    encoding: str
    rows: tuple[OrganRow, ...]
    errors: tuple[RowError, ...]
    kinds: Mapping[str, int] = field(default_factory=dict)
    depth: int = 0

    def steps(self) -> tuple[Step, ...]:
        """Return one `found_organ` step per organ; RegistryError while there are errors."""
        if self.errors:
            raise _unready(len(self.errors))
        return tuple(
            Step(act="found_organ", kind="registry", fields=row.fields, texts=row.texts, imported=True)
            for row in self.rows
        )


@dataclass(frozen=True)
class DivisionPreview:
    """What a division list would do; stage `rows`, then ask for `step()`."""

    encoding: str
    rows: tuple[StagedDivision, ...]
    errors: tuple[RowError, ...]
    levels: Mapping[str, int] = field(default_factory=dict)

    def step(self, case: str = "") -> Step:
        """Return the one step, in the registry case given, that names digest and count of the rows.

        RegistryError while there are errors.
        """
        if self.errors:
            raise _unready(len(self.errors))
        fields: dict[str, FieldValue] = {"digest": digest_of(self.rows), "count": len(self.rows)}
        return Step(act="import_divisions", case=case, kind="" if case else "registry", fields=fields, imported=True)


def preview_organs(
    data: bytes,
    *,
    day: date,
    columns: Mapping[str, str] = ORGAN_COLUMNS,
    kinds: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    known: Collection[str] = (),
    prefix: str = "",
) -> OrganPreview:
    """Read a list of organs valid from `day` unless a row says otherwise.

    `columns` maps our fields to the list's headings, `kinds` the list's words to our kinds, `defaults` fills fields
    the list does not have, `known` are codes already registered (they may be parents and may not come again). With
    a `prefix` the list's own ids only tie its rows together and codes are given in row order: RC0001, RC0002 …
    RegistryError where the file as a whole cannot be read.
    """
    encoding, table = table_of(data, [columns["code"], columns["name_zh"]])
    given = _numbered([cells.get(columns["code"], "") for _, cells in table], prefix) if prefix else {}
    errors: list[RowError] = []
    rows: list[OrganRow] = []
    for number, cells in table:
        found = read_cells(number, cells, columns, defaults or {}, errors)
        found |= {name: given.get(found[name], found[name]) for name in LINKING if name in found}
        if row := _organ_row(number, found, kinds or {}, day, errors):
            rows.append(row)
    _check_codes(((row.row, row.code) for row in rows), known, errors)
    ordered, depth = _parents_first(rows, set(known), errors)
    return OrganPreview(
        encoding, tuple(ordered), tuple(sorted(errors, key=lambda e: e.row)),
        Counter(str(row.fields["kind"]) for row in rows), depth,
    )


def preview_divisions(
    data: bytes,
    *,
    day: date,
    columns: Mapping[str, str] = DIVISION_COLUMNS,
    defaults: Mapping[str, str] | None = None,
    known: Collection[str] = (),
) -> DivisionPreview:
    """Read a list of divisions valid from `day` unless a row says otherwise; parameters as for organs."""
    encoding, table = table_of(data, [columns["code"], columns["name"]])
    errors: list[RowError] = []
    rows: list[tuple[int, StagedDivision]] = []
    for number, cells in table:
        found = read_cells(number, cells, columns, defaults or {}, errors)
        if row := _division_row(number, found, day, errors):
            rows.append((number, row))
    _check_codes(((number, row.code) for number, row in rows), (), errors)
    _check_division_links(rows, known, errors)
    kept = tuple(row for _, row in rows)
    return DivisionPreview(
        encoding, kept, tuple(sorted(errors, key=lambda e: e.row)), Counter(row.level for row in kept)
    )


# --- the file ---------------------------------------------------------------------------------------------------
def decode(data: bytes) -> tuple[str, str]:
    """Return (encoding, text) of a CSV file; RegistryError for UTF-16, binary data and files that are too large."""
    if len(data) > MOST_BYTES:
        raise _unreadable("too_large", f"文件超过{MOST_BYTES >> 20} MB", f"the file is over {MOST_BYTES >> 20} MB")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise _unreadable("utf16", "文件是UTF-16编码", "the file is UTF-16")
    for encoding in ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(ch) < 32 and ch not in "\t\r\n" for ch in text):
            raise _unreadable("binary", "文件含控制字符，不是文本表格", "the file holds control characters, it is no text")
        return encoding, text
    raise _unreadable("unknown_encoding", "文件既非UTF-8也非GB 18030", "the file is neither UTF-8 nor GB 18030")


def table_of(data: bytes, needed: Sequence[str]) -> tuple[str, list[tuple[int, dict[str, str]]]]:
    """Return encoding and numbered rows of a CSV file; RegistryError where it is none or lacks a needed column."""
    encoding, text = decode(data)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            names = "、".join(missing)
            raise _unreadable("columns", f"缺少列：{names}", f"columns are missing: {', '.join(missing)}")
        table = [
            (reader.line_num, {key: value or "" for key, value in row.items() if isinstance(key, str)})
            for row in reader
        ]
    except csv.Error as error:
        raise _unreadable("csv", f"第{reader.line_num}行不合CSV格式", f"line {reader.line_num}: {error}") from error
    if len(table) > MOST_ROWS:
        raise _unreadable("too_many", f"超过{MOST_ROWS}行", f"more than {MOST_ROWS} rows")
    return encoding, table


def _numbered(ids: Sequence[str], prefix: str) -> dict[str, str]:
    """Return a code of ours for every id of the list, in the order of first appearance."""
    width = max(4, len(str(len(ids))))
    return {one: f"{prefix}{number:0{width}d}" for number, one in enumerate(dict.fromkeys(ids), start=1) if one}


# --- cells and rows ---------------------------------------------------------------------------------------------
def read_cells(
    number: int, cells: Mapping[str, str], columns: Mapping[str, str], defaults: Mapping[str, str],
    errors: list[RowError],
) -> dict[str, str]:
    """Return the values of a row by our names, trimmed; formulas and cells far too long are noted as errors."""
    found: dict[str, str] = dict(defaults)
    for name, heading in columns.items():
        value = (cells.get(heading) or "").strip()
        if value:
            found[name] = value
        if value[:1] in FORMULA_SIGNS:
            errors.append(bad_cell(
                number, heading, "formula", f"“{value[:20]}”像表格公式；删去开头的符号",
                f"{value[:20]!r} looks like a formula; remove its first sign",
            ))
        elif len(value) > (LONGEST_NAME if name.startswith("name") and name != "name_en" else LONGEST_CELL):
            errors.append(bad_cell(
                number, heading, "too_long", f"有{len(value)}字；写规范名称", f"has {len(value)} characters; shorten it",
            ))
    return found


def _organ_row(
    number: int, found: dict[str, str], kinds: Mapping[str, str], day: date, errors: list[RowError]
) -> OrganRow | None:
    code = found.get("code", "")
    kind = kinds.get(found.get("kind", ""), found.get("kind", ""))
    level = found.get("level", "")
    start = _day(number, "valid_from", found.get("valid_from", ""), errors) or day
    before = len(errors)
    if not CODE.fullmatch(code):
        errors.append(bad_cell(number, "code", "bad_code", f"代码“{code}”应为2至20位大写字母和数字",
                           f"code {code!r} is not 2–20 capitals and digits"))
    if not found.get("name_zh"):
        errors.append(bad_cell(number, "name_zh", "missing", "没有名称；填写规范名称", "has no name; give it"))
    if kind not in KINDS:
        errors.append(bad_cell(number, "kind", "unknown_kind", f"机构性质“{kind}”不在词表内：{'、'.join(KINDS)}",
                           f"kind {kind!r} is not one of {', '.join(KINDS)}"))
    if level not in LEVELS:
        errors.append(bad_cell(number, "level", "unknown_level", f"层级“{level}”不在词表内：{'、'.join(LEVELS)}",
                           f"level {level!r} is not one of {', '.join(LEVELS)}"))
    if len(errors) > before:
        return None
    fields: dict[str, FieldValue] = {"code": code, "kind": kind, "level": level, "from": start}
    above = {name: found[name] for name in ("territorial_parent", "vertical_parent") if found.get(name)}
    fields |= above
    if found.get("division"):
        fields["division"] = found["division"]
    for flag in ("petition_office", "joint_conference"):
        if found.get(flag, "").lower() in TRUE_WORDS:
            fields[flag] = True
    texts = {name: found[name] for name in ("name_zh", "name_en", "short_name") if found.get(name)}
    return OrganRow(number, code, fields, texts, tuple(above.values()))


def _division_row(
    number: int, found: dict[str, str], day: date, errors: list[RowError]
) -> StagedDivision | None:
    before = len(errors)
    code, name, level = found.get("code", ""), found.get("name", ""), found.get("level", "")
    start = _day(number, "valid_from", found.get("valid_from", ""), errors) or day
    end = _day(number, "valid_to", found.get("valid_to", ""), errors)
    if not CODE.fullmatch(code):
        errors.append(bad_cell(number, "code", "bad_code", f"代码“{code}”应为2至20位大写字母和数字",
                           f"code {code!r} is not 2–20 capitals and digits"))
    if not name:
        errors.append(bad_cell(number, "name", "missing", "没有名称；填写规范名称", "has no name; give it"))
    if level not in LEVELS:
        errors.append(bad_cell(number, "level", "unknown_level", f"层级“{level}”不在词表内：{'、'.join(LEVELS)}",
                           f"level {level!r} is not one of {', '.join(LEVELS)}"))
    if end and end <= start:
        errors.append(bad_cell(number, "valid_to", "ends_before_it_begins", f"止日{end}不晚于起日{start}",
                           f"the end {end} is not after {start}"))
    if len(errors) > before:
        return None
    heirs = tuple(part.strip() for part in found.get("successors", "").split(";") if part.strip())
    return StagedDivision(code, name, level, found.get("parent", ""), start, end, heirs)


# --- rows against each other ------------------------------------------------------------------------------------
def _check_codes(rows: Iterator[tuple[int, str]], known: Collection[str], errors: list[RowError]) -> None:
    seen: dict[str, int] = {}
    taken = set(known)
    for number, code in rows:
        if code in seen:
            errors.append(bad_cell(number, "code", "duplicate", f"代码{code}与第{seen[code]}行重复；改用另一代码",
                               f"code {code} is also in row {seen[code]}; give another"))
        if code in taken:
            errors.append(bad_cell(number, "code", "taken", f"代码{code}已登记；删去此行", f"code {code} is registered; drop it"))
        seen.setdefault(code, number)


def _parents_first(
    rows: Sequence[OrganRow], known: set[str], errors: list[RowError]
) -> tuple[list[OrganRow], int]:
    """Order the rows so that parents precede children; name unknown parents and circles."""
    listed = {row.code for row in rows}
    for row in rows:
        for parent in row.parents:
            if parent not in listed and parent not in known:
                errors.append(bad_cell(row.row, "parent", "unknown_parent", f"上级{parent}不在表内也未登记；补上或更正",
                                   f"parent {parent} is neither in the list nor registered; add or correct it"))
    placed, ordered, waiting, depth = set(known), [], list(rows), 0
    while waiting:
        ready = [row for row in waiting if all(p in placed or p not in listed for p in row.parents)]
        if not ready:
            for row in waiting:
                errors.append(bad_cell(row.row, "parent", "circle", f"{row.code}的上级最终又回到它自己或其下级；更正上级",
                                   f"the parents of {row.code} lead back in a circle; correct them"))
            break
        depth += 1
        ordered += ready
        placed |= {row.code for row in ready}
        still = {id(row) for row in ready}
        waiting = [row for row in waiting if id(row) not in still]
    return ordered, depth


def _check_division_links(
    rows: Sequence[tuple[int, StagedDivision]], known: Collection[str], errors: list[RowError]
) -> None:
    codes = {row.code for _, row in rows} | set(known)
    parent_of = {row.code: row.parent_code for _, row in rows}
    for number, row in rows:
        for column, others in (("parent", (row.parent_code,)), ("successors", row.successors)):
            for other in others:
                if other and other not in codes:
                    errors.append(bad_cell(number, column, f"unknown_{column.rstrip('s')}", f"{other}不在表内也未登记；补上或更正",
                                       f"{other} is neither in the list nor registered; add or correct it"))
        above, seen = row.parent_code, {row.code}
        while above and above not in seen:
            seen.add(above)
            above = parent_of.get(above, "")
        if above == row.code:
            errors.append(bad_cell(number, "parent", "circle", f"{row.code}的上级又回到它自己；更正上级",
                               f"the parents of {row.code} lead back to it; correct them"))


def _day(number: int, column: str, value: str, errors: list[RowError]) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        errors.append(bad_cell(number, column, "bad_date", f"“{value}”不是日期；写成2025-11-06",
                           f"{value!r} is no date; write 2025-11-06"))
        return None


def bad_cell(row: int, column: str, code: str, zh: str, en: str) -> RowError:
    """Return what is wrong with one cell, said with its row and column in both languages."""
    return RowError(row, column, code, f"第{row}行“{column}”：{zh}", f"row {row}, {column}: {en}")


def _unreadable(code: str, zh: str, en: str) -> RegistryError:
    return RegistryError(
        code, where="CSV", zh=zh, en=en, mend_zh="另存为UTF-8编码的CSV文件，首行为列名",
        mend_en="save it as CSV in UTF-8 with headings in the first row",
    )


def _unready(count: int) -> RegistryError:
    return RegistryError(
        "errors_left", where="CSV", zh=f"还有{count}处错误", en=f"{count} errors are left",
        mend_zh="按预览逐行更正后重新上传", mend_en="correct the rows the preview names and upload again",
    )
