"""Lists of administrative divisions: read from CSV into a preview, staged, and taken over by one
act.

A row is checked alone, against the others, and against what the registry holds of its code. The act
names digest and number of the rows that were shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.act_fields import Entry
from dengwen.organs.kinds import code_of
from dengwen.organs.lists import import_tray
from dengwen.organs.lists.csv_table import ListRow, RowError, bad_cell, in_order, read_row
from dengwen.organs.lists.import_tray import Held, StagedDivision, clash, digest_of
from dengwen.organs.lists.list_checks import (
    check_identity,
    code_errors,
    list_of,
    none_in,
    unready,
)
from dengwen.organs.models import Division, DivisionStage
from dengwen.organs.row_periods import close

DIVISION_COLUMNS: dict[str, str] = {
    name: name
    for name in ("code", "name", "level", "parent", "valid_from", "valid_to", "successors")
}
"""What a division is made of, and the heading of its column; several successors are separated by a
semicolon."""
Numbered = tuple[int, StagedDivision]
"""A division with the number of its row."""


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
            raise unready(len(self.errors))
        fields: dict[str, FieldValue] = {"digest": digest_of(self.rows), "count": len(self.rows)}
        return Step(
            act="import_divisions",
            case=case,
            kind="" if case else "registry",
            fields=fields,
            imported=True,
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
    encoding, table, unread = list_of(data, columns, "name")
    errors = none_in(table)
    rows: list[Numbered] = []
    for number, cells in table:
        row = read_row(number, cells, columns, defaults or {})
        division = _division_row(row, day)
        errors += row.errors
        if division is not None:
            rows.append((number, division))
    errors += _row_errors(rows, known, held or {})
    divisions = tuple(division for _number, division in rows)
    return DivisionPreview(
        encoding,
        divisions,
        in_order(errors, columns),
        levels=Counter(division.level for division in divisions),
        unread=unread,
    )


def _division_row(row: ListRow, day: date) -> StagedDivision | None:
    """Return the division of a row; None where its values are wrong, which is noted."""
    before = len(row.errors)
    level = code_of("level", row.get("level"))
    start = row.day("valid_from") or day
    end = row.day("valid_to")
    check_identity(row, level, "name")
    if end and end <= start:
        row.note(
            "valid_to",
            "ends_before_it_begins",
            f"止日{end}不晚于起日{start}；写不再有效的第一天",
            f"the end {end} is not after {start}; give the first day on which it no longer holds",
            end.isoformat(),
        )
    if len(row.errors) > before:
        return None
    parts = [part.strip() for part in row.get("successors").split(";")]
    heirs = tuple(part for part in parts if part)
    return StagedDivision(
        row.get("code"), row.get("name"), level, row.get("parent"), start, end, heirs
    )


# --- rows against each other ----------------------------------------------------------------------
def _row_errors(rows: Sequence[Numbered], known: Collection[str], held: Held) -> Iterator[RowError]:
    """Yield what is wrong with the rows among themselves, and beside what the registry holds."""
    yield from code_errors(((number, row.code) for number, row in rows), ())
    yield from _link_errors(rows, {*known, *held})
    yield from _clashes(rows, held)


def _link_errors(rows: Sequence[Numbered], known: Collection[str]) -> Iterator[RowError]:
    """Yield parents and successors that nobody knows, and rows whose parents lead back to them."""
    codes = {row.code for _number, row in rows} | set(known)
    parent_of = {row.code: row.parent_code for _number, row in rows}
    for number, row in rows:
        yield from _unknown_codes(number, row, codes)
        if _leads_back(row, parent_of):
            yield bad_cell(
                number,
                "parent",
                "circle",
                f"{row.code}的上级又回到它自己；更正上级",
                f"the parents of {row.code} lead back to it; correct them",
            )


def _unknown_codes(number: int, row: StagedDivision, codes: Collection[str]) -> Iterator[RowError]:
    """Yield the parent and the successors of a row that are neither in the list nor registered."""
    named = [("parent", row.parent_code), *(("successors", code) for code in row.successors)]
    for column, code in named:
        if code and code not in codes:
            yield bad_cell(
                number,
                column,
                f"unknown_{column.rstrip('s')}",
                "不在表内也未登记；补上或更正",
                "is neither in the list nor registered; add or correct it",
                code,
            )


def _leads_back(row: StagedDivision, parent_of: Mapping[str, str]) -> bool:
    """Say whether going up from a row leads back to it."""
    above, seen = row.parent_code, {row.code}
    while above and above not in seen:
        seen.add(above)
        above = parent_of.get(above, "")
    return above == row.code


def _clashes(rows: Sequence[Numbered], held: Held) -> Iterator[RowError]:
    """Yield the rows that cannot follow on what the registry holds of their code."""
    for number, row in rows:
        why = clash(row, held.get(row.code, ()))
        if why is not None:
            zh, en = f"{why.zh}；{why.mend_zh}", f"{why.en}; {why.mend_en}"
            yield bad_cell(number, "code", why.code, zh, en, row.code)


# --- the act --------------------------------------------------------------------------------------
def import_divisions(step: Step, facts: Facts) -> Sequence[Step]:
    """Take a staged list of divisions over: the act names its digest and count, both are checked
    again here."""
    entry = Entry(step, facts)
    digest = entry.code("digest")
    rows = import_tray.staged(digest)
    if not rows or len(rows) != entry.number("count") or digest_of(rows) != digest:
        raise entry.refuse(
            "stage_differs",
            "digest",
            zh="暂存的区划表与行为所载的摘要、条数不符",
            en="the staged list does not match the digest and count of the act",
            mend_zh="重新上传并核对预览",
            mend_en="upload it again and check the preview",
        )
    held = import_tray.held()
    fresh = [row for row in rows if _needs_row(entry, row, held.get(row.code, ()))]
    Division.objects.bulk_create(_as_division(row, facts.act_id) for row in fresh)
    DivisionStage.objects.filter(digest=digest).delete()
    return ()


def _as_division(row: StagedDivision, act: int) -> Division:
    """Return the row of the registry for a staged one."""
    return Division(
        code=row.code,
        name=row.name,
        level=row.level,
        parent_code=row.parent_code,
        successors=list(row.successors),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        act=act,
    )


def _needs_row(entry: Entry, row: StagedDivision, held: Sequence[Division]) -> bool:
    """Say whether `row` needs a row of its own; end the open one where it says that it ended or
    changed."""
    if why := clash(row, held):
        raise entry.refuse(
            why.code, "digest", zh=why.zh, en=why.en, mend_zh=why.mend_zh, mend_en=why.mend_en
        )
    old = import_tray.last_of(held)
    if old is None:
        return True
    if import_tray.says_nothing_new(row, old):
        return False
    if old.valid_to is not None:
        return True
    if import_tray.same(row, old):
        old.successors = list(row.successors)
        old.save(update_fields=["successors"])
        close(old, row.valid_to or row.valid_from, entry.facts.act_id)
        return False
    close(old, row.valid_from, entry.facts.act_id)
    return True
