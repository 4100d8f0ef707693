"""What lists of organs and of divisions ask of their rows alike: code, name, level, and no code
twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from dengwen.organs.act_fields import CODE
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import LEVELS, accepted
from dengwen.organs.lists.csv_table import ListRow, RowError, Table, bad_cell, table_of


def list_of(
    data: bytes, columns: Mapping[str, str], name: str
) -> tuple[str, Table, tuple[str, ...]]:
    """Return encoding, rows, and the headings nothing is read from, of a list that must have a
    code and a name."""
    encoding, table = table_of(data, [columns["code"], columns[name]])
    read = set(columns.values())
    headings = table[0][1] if table else {}
    unread = tuple(heading for heading in headings if heading and heading not in read)
    return encoding, table, unread


def none_in(table: Sequence[object]) -> list[RowError]:
    """Return the error of a list that has headings and no rows, or none."""
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


def check_identity(row: ListRow, level: str, named: str) -> None:
    """Note what is wrong with what organs and divisions both have: code, name (in the column
    `named`), level."""
    code = row.get("code")
    if not CODE.fullmatch(code):
        row.note(
            "code",
            "bad_code",
            f"代码“{code}”应为2至20位大写字母和数字；如 YJ01",
            f"code {code!r} is not 2–20 capitals and digits; such as YJ01",
            code,
        )
    if not row.get(named):
        row.note(named, "missing", "没有名称；填写规范名称", "has no name; give it")
    if level not in LEVELS:
        note_unlisted(row, "level", "unknown_level", level)


def note_unlisted(row: ListRow, column: str, code: str, value: str) -> None:
    """Note a word that stands in no closed list, with what may be written there."""
    zh, en = accepted(column)
    row.note(
        column,
        code,
        f"“{value}”不在词表内；改用：{zh}",
        f"{value!r} is none we know; use: {en}",
        value,
    )


def code_errors(rows: Iterable[tuple[int, str]], known: Collection[str]) -> list[RowError]:
    """Return what is wrong with codes, given as (row, code): used twice in the list, or known
    already."""
    errors: list[RowError] = []
    first_row: dict[str, int] = {}
    taken = set(known)
    for number, code in rows:
        if code in first_row:
            zh = f"与第{first_row[code]}行重复；改用另一代码"
            en = f"is also in row {first_row[code]}; give another"
            errors.append(bad_cell(number, "code", "duplicate", zh, en, code))
        if code in taken:
            zh = "这个代码已登记或者登记过；删去此行，或者改用另一代码"
            en = "this code is or was registered; drop the row, or give another code"
            errors.append(bad_cell(number, "code", "taken", zh, en, code))
        first_row.setdefault(code, number)
    return errors


def unready(count: int) -> RegistryError:
    """Return the refusal to make acts of a list that has errors."""
    return RegistryError(
        "errors_left",
        where="CSV",
        zh=f"还有{count}处错误",
        en=f"{count} errors are left",
        mend_zh="按预览逐行更正后重新上传",
        mend_en="correct the rows the preview names and upload again",
    )
