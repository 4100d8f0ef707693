"""Lists of organs: read from CSV into a preview of what would be registered, parents before
children.

Each row is checked alone, against the others and, with the registry at hand, as its act will be
checked. Only a preview without errors can be turned into steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.errors import StatedError
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import KINDS, code_of
from dengwen.organs.lists.csv_table import (
    ListRow,
    RowError,
    Table,
    bad_cell,
    in_order,
    read_row,
)
from dengwen.organs.lists.list_checks import (
    check_identity,
    code_errors,
    list_of,
    none_in,
    note_unlisted,
    unready,
)
from dengwen.organs.lists.new_organ import Foreseen

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

LINKING = ("code", "territorial_parent", "vertical_parent")
"""The fields that tie the rows of an organ list together."""

TRUE_WORDS = frozenset({"1", "true", "yes", "是", "y"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "否", "n"})
PARENTS = LINKING[1:]
FLAGS = ("petition_office", "joint_conference")
TEXTS = ("name_zh", "name_en", "short_name")


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
            raise unready(len(self.errors))
        return tuple(row.step for row in self.rows)


def _organ_rows(row: ListRow, kinds: Mapping[str, str], day: date) -> list[OrganRow]:
    """Return the organ of a row; none where something is wrong with it, which the row says."""
    organ = _organ_row(row, kinds, day)
    return [] if organ is None else [organ]


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
    `defaults` fills fields the list does not have, `known` are codes already registered (they may
    be parents and may not come again). With a `prefix` the list's own ids only tie its rows
    together and codes are given in row order: RC0001, RC0002 … With a `registry` every row is asked
    what its act will ask; it replaces `known`. RegistryError where the file as a whole cannot be
    read.
    """
    encoding, table, unread = list_of(data, columns, "name_zh")
    known = registry.organs.keys() if registry else known
    our_codes = _with_our_codes(table, columns["code"], prefix)
    errors = none_in(table)
    rows: list[OrganRow] = []
    for number, cells in table:
        row = read_row(number, cells, columns, defaults or {})
        _give_codes(row, our_codes)
        rows += _organ_rows(row, kinds or {}, day)
        errors += row.errors
    ordered, depth, wrong_links = _linked(rows, known)
    errors += wrong_links
    if registry is not None and not errors:
        errors += _asked(ordered, registry, day)
    return OrganPreview(
        encoding,
        tuple(ordered),
        in_order(errors, columns),
        kinds=Counter(str(row.fields["kind"]) for row in rows),
        depth=depth,
        unread=unread,
    )


def _with_our_codes(table: Table, heading: str, prefix: str) -> dict[str, str]:
    """Return a code of ours for every id of the list, in the order of first appearance; none
    without a prefix."""
    if not prefix:
        return {}
    ids = [cells.get(heading, "") for _number, cells in table]
    width = max(4, len(str(len(ids))))
    codes = {}
    for number, one in enumerate(dict.fromkeys(ids), start=1):
        if one:
            codes[one] = f"{prefix}{number:0{width}d}"
    return codes


def _give_codes(row: ListRow, our_codes: Mapping[str, str]) -> None:
    """Put our codes in the place of the ids by which the list ties its rows together."""
    for name in LINKING:
        if name in row.values:
            row.values[name] = our_codes.get(row.values[name], row.values[name])


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


def _organ_row(row: ListRow, kinds: Mapping[str, str], day: date) -> OrganRow | None:
    """Return the organ a row registers; None where its values are wrong, which is noted."""
    before = len(row.errors)
    level = code_of("level", row.get("level"))
    kind = code_of("kind", kinds.get(row.get("kind"), row.get("kind")))
    start = row.day("valid_from") or day
    check_identity(row, level, "name_zh")
    if kind not in KINDS:
        note_unlisted(row, "kind", "unknown_kind", kind)
    _check_flags(row)
    if len(row.errors) > before:
        return None
    code = row.get("code")
    fields: dict[str, FieldValue] = {"code": code, "kind": kind, "level": level, "from": start}
    fields |= row.filled((*PARENTS, "division"))
    fields |= {flag: True for flag in FLAGS if row.get(flag).lower() in TRUE_WORDS}
    parents = tuple(row.filled(PARENTS).values())
    return OrganRow(row.number, code, fields, row.filled(TEXTS), parents)


def _check_flags(row: ListRow) -> None:
    """Note a yes or no that is neither."""
    for flag in FLAGS:
        word = row.get(flag).lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            row.note(flag, "bad_flag", "写“是”或者“否”", "write yes or no (是, 否)", word)


# --- rows against each other ----------------------------------------------------------------------
def _linked(
    rows: Sequence[OrganRow], known: Collection[str]
) -> tuple[list[OrganRow], int, list[RowError]]:
    """Order the rows so that parents precede children; return them, how many levels there are,
    and what is wrong with codes and parents."""
    errors = code_errors(((row.row, row.code) for row in rows), known)
    errors += _unknown_parents(rows, known)
    ordered, depth, circling = _parents_first(rows, known)
    errors += [_in_a_circle(row) for row in circling]
    return ordered, depth, errors


def _unknown_parents(rows: Sequence[OrganRow], known: Collection[str]) -> Iterator[RowError]:
    """Yield the parents that are neither in the list nor registered."""
    codes = {row.code for row in rows} | set(known)
    for row in rows:
        for axis in PARENTS:
            parent = row.fields.get(axis)
            if isinstance(parent, str) and parent not in codes:
                yield bad_cell(
                    row.row,
                    axis,
                    "unknown_parent",
                    "这个上级不在表内也未登记；补上或更正",
                    "this parent is neither in the list nor registered; add or correct it",
                    parent,
                )


def _parents_first(
    rows: Sequence[OrganRow], known: Collection[str]
) -> tuple[list[OrganRow], int, list[OrganRow]]:
    """Order the rows so that parents precede children; return them, how many levels there are,
    and the rows that stand in a circle."""
    not_listed = _parents_outside(rows)
    placed = {*known, *not_listed}
    ordered: list[OrganRow] = []
    waiting = list(rows)
    depth = 0
    while waiting:
        ready = [row for row in waiting if placed.issuperset(row.parents)]
        if not ready:
            break
        depth += 1
        ordered += ready
        waiting = [row for row in waiting if not placed.issuperset(row.parents)]
        placed |= {row.code for row in ready}
    return ordered, depth, waiting


def _parents_outside(rows: Sequence[OrganRow]) -> set[str]:
    """Return the parents that are no row of the list."""
    listed = {row.code for row in rows}
    outside: set[str] = set()
    for row in rows:
        outside |= set(row.parents) - listed
    return outside


def _in_a_circle(row: OrganRow) -> RowError:
    """Return that the parents of a row lead back to it."""
    return bad_cell(
        row.row,
        PARENTS[0],
        "circle",
        f"{row.code}的上级最终又回到它自己或其下级；更正上级",
        f"the parents of {row.code} lead back in a circle; correct them",
    )
