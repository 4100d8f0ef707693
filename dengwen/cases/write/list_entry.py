"""Lists of organs and divisions through the write door: a preview asks what the door asks, an entry
is whole or none.

Every row is asked what its act will ask of it (`founding.wanted`, `staging.clash`: the functions
the acts themselves use), and the door is asked once whether this account may enter such rows at
all. On confirming, all is asked again in the one transaction that writes: what changed in between
is found then, and one bad row leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, Call, Outcome, perform_all, stored
from dengwen.law.errors import StatedError
from dengwen.organs.lists import import_tray
from dengwen.organs.lists.csv_table import RowError, bad_cell, in_order
from dengwen.organs.lists.division_list import (
    DIVISION_COLUMNS,
    DivisionPreview,
    preview_divisions,
)
from dengwen.organs.lists.new_organ import Foreseen
from dengwen.organs.lists.organ_list import ORGAN_COLUMNS, OrganPreview, preview_organs, said
from dengwen.organs.models import Organ

Preview = OrganPreview | DivisionPreview
WHOLE = "code"
"""The column named where a refusal is about a row as a whole."""


@dataclass(frozen=True, slots=True)
class ListForm:
    """How a list is to be read; the mappings are those of `organs.importing`.

    `columns` names other headings, `kinds` the list's words for kinds of organs, `defaults` fills
    what it lacks, and with a `prefix` codes of our own are given.
    """

    divisions: bool = False
    columns: Mapping[str, str] | None = None
    kinds: Mapping[str, str] | None = None
    defaults: Mapping[str, str] | None = None
    prefix: str = ""

    @property
    def headings(self) -> dict[str, str]:
        """Our fields with the headings of the list."""
        usual = DIVISION_COLUMNS if self.divisions else ORGAN_COLUMNS
        return {**usual, **(self.columns or {})}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list: the preview with all that is wrong, and how many rows were entered
    (none where any is)."""

    preview: Preview
    entered: int = 0


def take_list(
    data: bytes, form: ListForm, *, by: By, now: datetime, day: date, uid: str, enter: bool
) -> Taken:
    """Read a list valid from `day` unless a row says otherwise, ask about all of it, and with
    `enter` write it.

    `uid` is the key of the whole list: the same again is answered as entered and written once.
    RegistryError where the file as a whole cannot be read.
    """
    preview = _read(data, form, day)
    if (
        enter and stored(_key(uid, 0, form)) is not None
    ):  # confirmed once already: its own codes are taken by itself
        return Taken(replace(preview, errors=()), len(preview.rows))
    if preview.errors:
        return Taken(preview)
    calls = _calls(preview, form, by, now, uid)
    if not enter:  # ten thousand rehearsed acts would keep an office on SQLite waiting for a minute
        calls = calls[:1]
    first = (
        partial(import_tray.stage, preview.rows) if isinstance(preview, DivisionPreview) else bool
    )
    outcomes = perform_all(calls, rehearse=not enter, first=first)
    errors = in_order(_refused(preview, calls, outcomes), form.headings)
    if errors:
        return Taken(replace(preview, errors=errors))
    return Taken(preview, len(preview.rows) if enter else 0)


def _key(uid: str, number: int, form: ListForm) -> str:
    return uid if form.divisions else f"{uid}/{number}"


def _read(data: bytes, form: ListForm, day: date) -> Preview:
    """Read a list beside what is registered."""
    held = import_tray.held()
    if form.divisions:
        return preview_divisions(
            data, day=day, columns=form.headings, defaults=form.defaults, held=held
        )
    return preview_organs(
        data,
        day=day,
        columns=form.headings,
        kinds=form.kinds,
        defaults=form.defaults,
        prefix=form.prefix,
        registry=Foreseen({organ.code: organ for organ in Organ.objects.all()}, held),
    )


def _calls(preview: Preview, form: ListForm, by: By, now: datetime, uid: str) -> list[Call]:
    steps = (preview.step(),) if isinstance(preview, DivisionPreview) else preview.steps()
    return [Call((step,), by, now, _key(uid, n, form)) for n, step in enumerate(steps)]


def _refused(
    preview: Preview, calls: Sequence[Call], outcomes: Sequence[Outcome]
) -> list[RowError]:
    """Return what the door refused, row by row; a row that only misses one refused above it is
    not named again."""
    found: list[RowError] = []
    gone: set[str] = set()
    for n, outcome in enumerate(outcomes):
        if outcome.error is None:
            continue
        row = preview.rows[n].row if isinstance(preview, OrganPreview) else 1
        one = _row_error(row, calls[n], outcome.error)
        if isinstance(preview, OrganPreview):
            gone.add(preview.rows[n].code)
        if not (one.code == "unknown" and one.value in gone):
            found.append(one)
    return found


def _row_error(row: int, call: Call, error: Exception) -> RowError:
    """Return a refusal of the door as the error of a row: its column, value, why and the mend."""
    step = call.steps[0]
    if isinstance(error, StatedError):
        return said(row, step, error)
    if isinstance(error, Refused):
        zh = "；".join(filter(None, (part for r in error.reasons for part in (r.zh, r.remedy_zh))))
        en = "; ".join(filter(None, (part for r in error.reasons for part in (r.en, r.remedy_en))))
        return bad_cell(row, WHOLE, "refused", zh, en, str(step.fields.get(WHOLE, "")))
    return bad_cell(row, WHOLE, "failed", str(error), str(error), str(step.fields.get(WHOLE, "")))
