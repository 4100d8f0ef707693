"""Lists for lawful classified handling (依法分类处理信访诉求清单, seed art. 5): published by version, read by
day.

A list is read from CSV with its row errors, staged, and put in force by the act `publish_list` from
that day or a later one. Nothing is sorted again when a list changes: a matter keeps the list of the
day on which its path was proposed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts, Step
from dengwen.organs.act_fields import Entry
from dengwen.organs.lists.csv_table import ListRow, RowError, bad_cell, read_row, table_of
from dengwen.organs.lists.import_tray import StagedEntry, list_digest, staged_list
from dengwen.organs.models import HandlingEntry, HandlingList, Organ

COLUMNS = ("category", "demand", "path", "procedure", "term", "basis")
"""The headings of a list: demand type by category and words → lawful path → procedure → time
limit → basis."""
LONGEST = {"category": 24, "path": 24, "term": 60}
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a file would publish: its rows, and what is wrong in which row."""

    rows: tuple[StagedEntry, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list in force on a day: whose list, which version, which row."""

    organ: Organ
    version: int
    since: date
    entry: HandlingEntry

    @property
    def code(self) -> str:
        """The short word by which an act says which entry it followed: organ, version, row."""
        return f"{self.organ.code}/{self.version}/{self.entry.row}"


def preview_list(data: bytes, paths: Collection[str] = ()) -> ListPreview:
    """Read a list from CSV; every bad cell is named. `paths` are the known lawful paths, if given.

    RegistryError where the file as a whole cannot be read.
    """
    _encoding, table = table_of(data, COLUMNS)
    headings = {name: name for name in COLUMNS}
    errors: list[RowError] = []
    rows: list[StagedEntry] = []
    first_row: dict[tuple[str, str], int] = {}
    for number, cells in table:
        row = read_row(number, cells, headings, {})
        entry = _entry_row(row, paths, first_row)
        errors += row.errors
        if entry is not None:
            rows.append(entry)
    if not table:
        zh, en = "没有一行；至少写一行", "no row; give at least one"
        errors.append(bad_cell(1, "demand", "empty", zh, en))
    return ListPreview(tuple(rows), tuple(errors))


def _entry_row(
    row: ListRow, paths: Collection[str], first_row: dict[tuple[str, str], int]
) -> StagedEntry | None:
    """Return the entry of a row; None where its values are wrong, which is noted.

    `first_row` holds the row of every category and demand seen so far; this one is added.
    """
    before = len(row.errors)
    for name in COLUMNS:
        _check_filled(row, name)
    _check_path(row, paths)
    key = row.get("category"), row.get("demand")
    if key in first_row:
        zh = f"与第{first_row[key]}行相同；合并为一行"
        en = f"the same as row {first_row[key]}; make them one"
        row.note("demand", "duplicate", zh, en)
    first_row.setdefault(key, row.number)
    if len(row.errors) > before:
        return None
    return StagedEntry(*(row.values[name] for name in COLUMNS))


def _check_filled(row: ListRow, name: str) -> None:
    """Note a cell that is empty or longer than it may be."""
    length, most = len(row.get(name)), LONGEST.get(name, LONGEST_TEXT)
    if not length:
        zh, en = "没有填写；五项和分类都要有", "is empty; every column is needed"
        row.note(name, "missing", zh, en)
    elif length > most:
        zh, en = f"有{length}字，最多{most}字", f"has {length} characters, at most {most}"
        row.note(name, "too_long", zh, en)


def _check_path(row: ListRow, paths: Collection[str]) -> None:
    """Note a path that is none of the known ones."""
    path = row.get("path")
    if path and paths and path not in paths:
        known = sorted(paths)
        row.note(
            "path",
            "unknown_path",
            f"没有途径“{path}”；改用：{'、'.join(known)}",
            f"there is no path {path}; use one of {', '.join(known)}",
        )


def publish_list(step: Step, facts: Facts) -> Sequence[Step]:
    """Put a staged list in force from a day on; the list before ends that day (an effect of
    `publish_list`).

    RegistryError where the rows in the tray are not those the act names, or the day lies before the
    act was entered.
    """
    entry = Entry(step, facts)
    start = entry.day()
    organ = entry.organ(on=start)
    digest = _staged_digest(entry)
    if start < max(facts.day, civil(facts.recorded_at)):
        raise entry.refuse(
            "back_dated",
            "from",
            zh=f"{start}已过，清单不追溯",
            en=f"{start} is past; a list never reaches back",
            mend_zh="写今天或者以后的日期",
            mend_en="give today or a later day",
        )
    _end_list_before(entry, organ, start)
    version = organ.handling_lists.count() + 1
    HandlingList.objects.create(
        organ=organ, version=version, digest=digest, valid_from=start, act=facts.act_id
    )
    return ()


def _staged_digest(entry: Entry) -> str:
    """Return the digest an act names; refuse where the rows in the tray are not those it names."""
    digest = entry.code("digest")
    rows = staged_list(digest)
    if rows and list_digest(rows) == digest and entry.number("count") == len(rows):
        return digest
    raise entry.refuse(
        "not_staged",
        "digest",
        zh="清单与所写的摘要、条数不符",
        en="the staged list is another one",
        mend_zh="重新预览后公布",
        mend_en="preview it again, then publish",
    )


def _end_list_before(entry: Entry, organ: Organ, start: date) -> None:
    """End the list in force on a day; refuse where one begins later."""
    for old in organ.handling_lists.filter(valid_to__isnull=True):
        if old.valid_from > start:
            raise entry.refuse(
                "later_list",
                "from",
                zh=f"已有自{old.valid_from}起的清单",
                en=f"a list from {old.valid_from} exists",
                mend_zh="从那天以后公布",
                mend_en="publish from a later day",
            )
        old.valid_to, old.end_act = start, entry.facts.act_id
        old.save(update_fields=["valid_to", "end_act"])


def list_on(organ: Organ, day: date) -> HandlingList | None:
    """Return the list of an organ in force on `day`."""
    return HandlingList.objects.on(day).filter(organ=organ).first()


def entries_on(organs: Sequence[Organ], category: str, day: date) -> list[Listed]:
    """Return the entries for a category in the lists of organs in force on `day`, in the order
    of the organs."""
    found = []
    for organ in organs:
        held = list_on(organ, day)
        if held is not None and category:
            rows = HandlingEntry.objects.filter(digest=held.digest, category=category)
            for row in rows.order_by("row"):
                found.append(Listed(organ, held.version, held.valid_from, row))
    return found


def entry_of(code: str) -> Listed | None:
    """Return the entry that an act names by its short word, None where it names none."""
    organ, version, row = [*code.split("/"), "", ""][:3]
    if not version.isdecimal() or not row.isdecimal():
        return None
    held = (
        HandlingList.objects.filter(organ__code=organ, version=int(version))
        .select_related("organ")
        .first()
    )
    if held is None:
        return None
    entry = HandlingEntry.objects.filter(digest=held.digest, row=int(row)).first()
    return None if entry is None else Listed(held.organ, held.version, held.valid_from, entry)
