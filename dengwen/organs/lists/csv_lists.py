"""Reading lists of organs and of divisions from CSV: every bad row is named, nothing is written.

A list is decoded (UTF-8 with or without mark, GB 18030), each row is checked alone and against the
others, and the
result is a preview: what would be registered, in an order in which every parent comes before its
children, and what
is wrong where. Only a preview without errors can be turned into steps.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.errors import StatedError
from dengwen.organs.act_fields import CODE
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import KINDS, LEVELS, accepted, code_of
from dengwen.organs.lists.import_tray import Held, StagedDivision, clash, digest_of
from dengwen.organs.lists.new_organ import Foreseen

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_NAME = 100
LONGEST_CELL = 500
FORMULA_SIGNS = frozenset("=+-@")

ORGAN_COLUMNS: dict[str, str] = {
    name: name
    for name in (
        "code",
        "name_zh",
        "name_en",
        "short_name",
        "kind",
        "level",
        "division",
        "territorial_parent",
        "vertical_parent",
        "petition_office",
        "joint_conference",
        "valid_from",
    )
}
"""What an organ is made of, and the heading of its column; pass another mapping for a list with
other headings."""

DIVISION_COLUMNS: dict[str, str] = {
    name: name
    for name in ("code", "name", "level", "parent", "valid_from", "valid_to", "successors")
}
"""The same for divisions; several successors are separated by a semicolon."""

LINKING = ("code", "territorial_parent", "vertical_parent")
"""The fields that tie the rows of an organ list together."""

TRUE_WORDS = frozenset({"1", "true", "yes", "是", "y"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "否", "n"})
SEPARATORS = (",", ";", "\t", "；")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


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


@dataclass(frozen=True, slots=True)
class OrganRow:
    """One organ of a list."""

    row: int
    code: str
    fields: Mapping[str, FieldValue]
    texts: Mapping[str, str]
    parents: tuple[str, ...]

    @property
    def step(self) -> Step:
        """The act that registers it."""
        return Step(
            act="found_organ", kind="registry", fields=self.fields, texts=self.texts, imported=True
        )


@dataclass(frozen=True)
class OrganPreview:
    """What an organ list would do. `rows` are in the order of registration, parents first.

    `unread` are the headings of the list that nothing was taken from.
    """

    encoding: str
    rows: tuple[OrganRow, ...]
    errors: tuple[RowError, ...]
    kinds: Mapping[str, int] = field(default_factory=dict)
    depth: int = 0
    unread: tuple[str, ...] = ()

    def steps(self) -> tuple[Step, ...]:
        """Return one `found_organ` step per organ; RegistryError while there are errors."""
        if self.errors:
            raise _unready(len(self.errors))
        return tuple(row.step for row in self.rows)


@dataclass(frozen=True)
class DivisionPreview:
    """What a division list would do; stage `rows`, then ask for `step()`. `unread` as for
    organs."""

    encoding: str
    rows: tuple[StagedDivision, ...]
    errors: tuple[RowError, ...]
    levels: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def step(self, case: str = "") -> Step:
        """Return the one step, in the registry case given, that names digest and count of the rows.

        RegistryError while there are errors.
        """
        if self.errors:
            raise _unready(len(self.errors))
        fields: dict[str, FieldValue] = {"digest": digest_of(self.rows), "count": len(self.rows)}
        return Step(
            act="import_divisions",
            case=case,
            kind="" if case else "registry",
            fields=fields,
            imported=True,
        )


def preview_organs(
    data: bytes,
    *,
    day: date,
    columns: Mapping[str, str] = ORGAN_COLUMNS,
    kinds: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    known: Collection[str] = (),
    prefix: str = "",
    registry: Foreseen | None = None,
) -> OrganPreview:
    """Read a list of organs valid from `day` unless a row says otherwise.

    `columns` maps our fields to the list's headings, `kinds` the list's words to our kinds,
    `defaults` fills fields
    the list does not have, `known` are codes already registered (they may be parents and may not
    come again). With
    a `prefix` the list's own ids only tie its rows together and codes are given in row order:
    RC0001, RC0002 …
    With a `registry` every row is asked what its act will ask; it replaces `known`.
    RegistryError where the file as a whole cannot be read.
    """
    encoding, table, unread = _list_of(data, columns, "name_zh")
    known = registry.organs.keys() if registry else known
    given = (
        _numbered([cells.get(columns["code"], "") for _, cells in table], prefix) if prefix else {}
    )
    errors = _none_in(table)
    rows: list[OrganRow] = []
    for number, cells in table:
        found = read_cells(number, cells, columns, defaults or {}, errors)
        found |= {name: given.get(found[name], found[name]) for name in LINKING if name in found}
        if row := _organ_row(number, found, kinds or {}, day, errors):
            rows.append(row)
    _check_codes(((row.row, row.code) for row in rows), known, errors)
    ordered, depth = _parents_first(rows, set(known), errors)
    if registry is not None and not errors:
        errors += _asked(ordered, registry, day)
    return OrganPreview(
        encoding,
        tuple(ordered),
        in_order(errors, columns),
        Counter(str(row.fields["kind"]) for row in rows),
        depth,
        unread,
    )


def preview_divisions(
    data: bytes,
    *,
    day: date,
    columns: Mapping[str, str] = DIVISION_COLUMNS,
    defaults: Mapping[str, str] | None = None,
    held: Held | None = None,
    known: Collection[str] = (),
) -> DivisionPreview:
    """Read a list of divisions valid from `day` unless a row says otherwise; parameters as for
    organs.

    `held` is what the registry holds (`staging.held`): each row is asked what the act will ask of
    it.
    """
    encoding, table, unread = _list_of(data, columns, "name")
    known = {*known, *(held or {})}
    errors = _none_in(table)
    rows: list[tuple[int, StagedDivision]] = []
    for number, cells in table:
        found = read_cells(number, cells, columns, defaults or {}, errors)
        if row := _division_row(number, found, day, errors):
            rows.append((number, row))
    _check_codes(((number, row.code) for number, row in rows), (), errors)
    _check_division_links(rows, known, errors)
    for number, row in rows:
        if why := clash(row, (held or {}).get(row.code, ())):
            errors.append(
                bad_cell(
                    number,
                    "code",
                    why.code,
                    f"{why.zh}；{why.mend_zh}",
                    f"{why.en}; {why.mend_en}",
                    row.code,
                )
            )
    kept = tuple(row for _, row in rows)
    return DivisionPreview(
        encoding, kept, in_order(errors, columns), Counter(row.level for row in kept), unread
    )


def _list_of(
    data: bytes, columns: Mapping[str, str], name: str
) -> tuple[str, list[tuple[int, dict[str, str]]], tuple[str, ...]]:
    """Return encoding, rows, and the headings nothing is read from, of a list that must have a
    code and a name."""
    encoding, table = table_of(data, [columns["code"], columns[name]])
    first = table[0][1] if table else {}
    return (
        encoding,
        table,
        tuple(heading for heading in first if heading and heading not in set(columns.values())),
    )


def _none_in(table: Sequence[object]) -> list[RowError]:
    """Return the error of a list that has a heading and no rows, or none."""
    if table:
        return []
    return [
        bad_cell(
            2,
            "code",
            "empty",
            "没有一行；列名下面至少写一行",
            "there is no row; give at least one below the headings",
        )
    ]


def in_order(errors: Sequence[RowError], columns: Mapping[str, str]) -> tuple[RowError, ...]:
    """Return errors by row, their columns as the list itself heads them."""
    named = [replace(one, column=columns.get(one.column, one.column)) for one in errors]
    return tuple(sorted(named, key=lambda one: one.row))


# --- the file -------------------------------------------------------------------------------------
def decode(data: bytes) -> tuple[str, str]:
    """Return (encoding, text) of a CSV file; RegistryError for UTF-16, binary data and files
    that are too large."""
    if len(data) > MOST_BYTES:
        raise _unreadable(
            "too_large", f"文件超过{MOST_BYTES >> 20} MB", f"the file is over {MOST_BYTES >> 20} MB"
        )
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise _unreadable("utf16", "文件是UTF-16编码", "the file is UTF-16")
    for encoding in ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
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


def table_of(data: bytes, needed: Sequence[str]) -> tuple[str, list[tuple[int, dict[str, str]]]]:
    """Return encoding and numbered rows of a CSV file; RegistryError where it is none or lacks a
    needed column."""
    encoding, text = decode(data)
    if not text.strip():
        raise _unreadable("empty_file", "文件是空的", "the file is empty")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_separator(text, needed), strict=True
    )
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        missing = [name for name in needed if name not in headings]
        if missing:
            found = "、".join(heading for heading in headings if heading)[:LONGEST_CELL]
            raise _unreadable(
                "columns",
                f"第1行缺少列：{'、'.join(missing)}；现有的是：{found}",
                f"line 1 lacks the columns {', '.join(missing)}; it has: {found}",
            )
        table = [
            (reader.line_num, _cells(headings, row, reader.line_num))
            for row in reader
            if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise _unreadable(
            "csv", f"第{reader.line_num}行不合CSV格式", f"line {reader.line_num}: {error}"
        ) from error
    if len(table) > MOST_ROWS:
        raise _unreadable("too_many", f"超过{MOST_ROWS}行", f"more than {MOST_ROWS} rows")
    return encoding, table


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
    return {heading: row[n] if n < len(row) else "" for n, heading in enumerate(headings)}


def _numbered(ids: Sequence[str], prefix: str) -> dict[str, str]:
    """Return a code of ours for every id of the list, in the order of first appearance."""
    width = max(4, len(str(len(ids))))
    return {
        one: f"{prefix}{number:0{width}d}"
        for number, one in enumerate(dict.fromkeys(ids), start=1)
        if one
    }


# --- cells and rows -------------------------------------------------------------------------------
def read_cells(
    number: int,
    cells: Mapping[str, str],
    columns: Mapping[str, str],
    defaults: Mapping[str, str],
    errors: list[RowError],
) -> dict[str, str]:
    """Return the values of a row by our names, trimmed; formulas and cells far too long are
    noted as errors."""
    found: dict[str, str] = dict(defaults)
    for name, heading in columns.items():
        value = (cells.get(heading) or "").strip()
        if value:
            found[name] = value
        if value[:1] in FORMULA_SIGNS:
            errors.append(
                bad_cell(
                    number,
                    heading,
                    "formula",
                    f"“{value[:20]}”像表格公式；删去开头的符号",
                    f"{value[:20]!r} looks like a formula; remove its first sign",
                )
            )
        elif len(value) > (
            LONGEST_NAME if name.startswith("name") and name != "name_en" else LONGEST_CELL
        ):
            errors.append(
                bad_cell(
                    number,
                    heading,
                    "too_long",
                    f"有{len(value)}字；写规范名称",
                    f"has {len(value)} characters; shorten it",
                )
            )
    return found


def _asked(rows: Sequence[OrganRow], registry: Foreseen, day: date) -> Iterator[RowError]:
    """Yield what the act of each row would refuse; a row that only misses one refused above it
    is not named again."""
    gone: set[str] = set()
    for row in rows:
        try:
            registry.look(row.step, day)
        except RegistryError as error:
            found = said(row.row, row.step, error)
            if not (found.code == "unknown" and found.value in gone):
                yield found
            gone.add(row.code)


def said(row: int, step: Step, error: StatedError) -> RowError:
    """Return a refusal of the registry as the error of a row: its column, value, why and the
    mend."""
    named = error.where.rpartition(" · ")[2]
    column = named if named in step.fields or named in step.texts else "code"
    value = str(step.fields.get(column, step.texts.get(column, "")))
    return bad_cell(
        row,
        column,
        error.code,
        f"{error.zh}；{error.mend_zh}",
        f"{error.en}; {error.mend_en}",
        value,
    )


def _organ_row(
    number: int, found: dict[str, str], kinds: Mapping[str, str], day: date, errors: list[RowError]
) -> OrganRow | None:
    before = len(errors)
    code, level = found.get("code", ""), code_of("level", found.get("level", ""))
    kind = code_of("kind", kinds.get(found.get("kind", ""), found.get("kind", "")))
    start = _day(number, "valid_from", found.get("valid_from", ""), errors) or day
    _common(number, code, found.get("name_zh", ""), level, "name_zh", errors)
    if kind not in KINDS:
        errors.append(_unlisted(number, "kind", "unknown_kind", kind))
    for flag in ("petition_office", "joint_conference"):
        if (said := found.get(flag, "").lower()) not in TRUE_WORDS | FALSE_WORDS:
            errors.append(
                bad_cell(
                    number, flag, "bad_flag", "写“是”或者“否”", "write yes or no (是, 否)", said
                )
            )
    if len(errors) > before:
        return None
    fields: dict[str, FieldValue] = {"code": code, "kind": kind, "level": level, "from": start}
    above = {
        name: found[name] for name in ("territorial_parent", "vertical_parent") if found.get(name)
    }
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
    code, name, level = (
        found.get("code", ""),
        found.get("name", ""),
        code_of("level", found.get("level", "")),
    )
    start = _day(number, "valid_from", found.get("valid_from", ""), errors) or day
    end = _day(number, "valid_to", found.get("valid_to", ""), errors)
    _common(number, code, name, level, "name", errors)
    if end and end <= start:
        errors.append(
            bad_cell(
                number,
                "valid_to",
                "ends_before_it_begins",
                f"止日{end}不晚于起日{start}；写不再有效的第一天",
                f"the end {end} is not after {start}; give the first day on which it no "
                "longer holds",
                end.isoformat(),
            )
        )
    if len(errors) > before:
        return None
    heirs = tuple(part.strip() for part in found.get("successors", "").split(";") if part.strip())
    return StagedDivision(code, name, level, found.get("parent", ""), start, end, heirs)


def _common(
    number: int, code: str, name: str, level: str, named: str, errors: list[RowError]
) -> None:
    """Note what is wrong with what organs and divisions both have: code, name (in the column
    `named`), level."""
    if not CODE.fullmatch(code):
        errors.append(
            bad_cell(
                number,
                "code",
                "bad_code",
                f"代码“{code}”应为2至20位大写字母和数字；如 YJ01",
                f"code {code!r} is not 2–20 capitals and digits; such as YJ01",
                code,
            )
        )
    if not name:
        errors.append(
            bad_cell(number, named, "missing", "没有名称；填写规范名称", "has no name; give it")
        )
    if level not in LEVELS:
        errors.append(_unlisted(number, "level", "unknown_level", level))


def _unlisted(number: int, column: str, code: str, value: str) -> RowError:
    """Return the error of a word that stands in no closed list, with what may be written there."""
    zh, en = accepted(column)
    return bad_cell(
        number,
        column,
        code,
        f"“{value}”不在词表内；改用：{zh}",
        f"{value!r} is none we know; use: {en}",
        value,
    )


# --- rows against each other ----------------------------------------------------------------------
def _check_codes(
    rows: Iterator[tuple[int, str]], known: Collection[str], errors: list[RowError]
) -> None:
    seen: dict[str, int] = {}
    taken = set(known)
    for number, code in rows:
        if code in seen:
            errors.append(
                bad_cell(
                    number,
                    "code",
                    "duplicate",
                    f"与第{seen[code]}行重复；改用另一代码",
                    f"is also in row {seen[code]}; give another",
                    code,
                )
            )
        if code in taken:
            errors.append(
                bad_cell(
                    number,
                    "code",
                    "taken",
                    "这个代码已登记或者登记过；删去此行，或者改用另一代码",
                    "this code is or was registered; drop the row, or give another code",
                    code,
                )
            )
        seen.setdefault(code, number)


def _parents_first(
    rows: Sequence[OrganRow], known: set[str], errors: list[RowError]
) -> tuple[list[OrganRow], int]:
    """Order the rows so that parents precede children; name unknown parents and circles."""
    listed = {row.code for row in rows}
    for row in rows:
        for axis in LINKING[1:]:
            parent = row.fields.get(axis)
            if isinstance(parent, str) and parent not in listed and parent not in known:
                errors.append(
                    bad_cell(
                        row.row,
                        axis,
                        "unknown_parent",
                        "这个上级不在表内也未登记；补上或更正",
                        "this parent is neither in the list nor registered; add or correct it",
                        parent,
                    )
                )
    placed, ordered, waiting, depth = set(known), [], list(rows), 0
    while waiting:
        ready = [row for row in waiting if all(p in placed or p not in listed for p in row.parents)]
        if not ready:
            for row in waiting:
                errors.append(
                    bad_cell(
                        row.row,
                        LINKING[1],
                        "circle",
                        f"{row.code}的上级最终又回到它自己或其下级；更正上级",
                        f"the parents of {row.code} lead back in a circle; correct them",
                    )
                )
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
                    errors.append(
                        bad_cell(
                            number,
                            column,
                            f"unknown_{column.rstrip('s')}",
                            "不在表内也未登记；补上或更正",
                            "is neither in the list nor registered; add or correct it",
                            other,
                        )
                    )
        above, seen = row.parent_code, {row.code}
        while above and above not in seen:
            seen.add(above)
            above = parent_of.get(above, "")
        if above == row.code:
            errors.append(
                bad_cell(
                    number,
                    "parent",
                    "circle",
                    f"{row.code}的上级又回到它自己；更正上级",
                    f"the parents of {row.code} lead back to it; correct them",
                )
            )


def _day(number: int, column: str, value: str, errors: list[RowError]) -> date | None:
    if not value:
        return None
    said = DAY.fullmatch(value)
    try:
        return date(*map(int, said.groups())) if said else date.fromisoformat(value)
    except ValueError:
        errors.append(
            bad_cell(
                number,
                column,
                "bad_date",
                f"“{value}”不是有这一天的日期；写成2025-11-06",
                f"{value!r} is no day there is; write 2025-11-06",
                value,
            )
        )
        return None


def bad_cell(row: int, column: str, code: str, zh: str, en: str, value: str = "") -> RowError:
    """Return what is wrong with one cell, said with its row, column and value in both languages."""
    return RowError(row, column, code, zh, en, value[:LONGEST_NAME])


def _unreadable(code: str, zh: str, en: str) -> RegistryError:
    return RegistryError(
        code,
        where="CSV",
        zh=zh,
        en=en,
        mend_zh="另存为UTF-8编码的CSV文件，首行为列名",
        mend_en="save it as CSV in UTF-8 with headings in the first row",
    )


def _unready(count: int) -> RegistryError:
    return RegistryError(
        "errors_left",
        where="CSV",
        zh=f"还有{count}处错误",
        en=f"{count} errors are left",
        mend_zh="按预览逐行更正后重新上传",
        mend_en="correct the rows the preview names and upload again",
    )
