"""Rows equal replay: derive every case again from its acts and name each difference by table, row and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from dengwen.cases.models import Case, Duty
from dengwen.cases.records import records_of, view_of
from dengwen.cases.system import all_cases
from dengwen.cases.within_call import Held
from dengwen.cases.writing import close_case_row, duty_columns, settle, write_duties
from dengwen.law.record import CaseView

CASE_FIELDS = ("state", "holder_id", "handler_id", "next_due", "opened_on", "seq")
MANY_ACTS = 200
"""More acts in one case than this is a design error, which the nightly job reports (design 3)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of a row that is not what the acts say."""

    table: str
    row: int
    field: str
    stored: Any
    derived: Any

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.field}: 存 {self.stored!r}，应为 {self.derived!r} / stored, should be"


def check() -> Iterator[Difference]:
    """Yield every difference between the rows and the replay of all acts."""
    for case in all_cases():
        yield from differences(case)


def differences(case: Case) -> Iterator[Difference]:
    """Yield the differences of one case and its duties."""
    records = records_of(case)
    view = view_of(case.kind, records)
    wanted = {
        "state": view.state, "holder_id": view.holder, "handler_id": view.handler, "next_due": view.next_due(),
        "opened_on": view.opened_on, "seq": len(records),
    }
    for name in CASE_FIELDS:
        if getattr(case, name) != wanted[name]:
            yield Difference("cases_case", case.pk, name.removesuffix("_id"), getattr(case, name), wanted[name])
    yield from _duties(case, view)


def _duties(case: Case, view: CaseView) -> Iterator[Difference]:
    rows = {(d.rule, d.opened_by_id): d for d in Duty.objects.filter(case=case)}
    for duty in view.duties:
        row = rows.pop((duty.rule.id, duty.opened_by), None)
        if row is None:
            yield Difference("cases_duty", 0, f"{case.number}/{duty.rule.id}/{duty.opened_by}", None, "row")
            continue
        for name, value in duty_columns(duty, view).items():
            if getattr(row, name) != value:
                yield Difference("cases_duty", row.pk, name.removesuffix("_id"), getattr(row, name), value)
    for row in rows.values():
        yield Difference("cases_duty", row.pk, "row", row.rule, None)


def rewrite(case_id: int) -> None:
    """Make the rows of a case what its acts say (`rederive` without --check): acts are never touched."""
    with transaction.atomic(durable=True):
        case = Case.objects.select_for_update().get(pk=case_id)
        view = view_of(case.kind, records_of(case))
        keep = {(d.rule.id, d.opened_by) for d in view.duties}
        for row in Duty.objects.filter(case=case):
            if (row.rule, row.opened_by_id) not in keep:
                row.delete()
        case.opened_on = view.opened_on or case.opened_on
        write_duties(Held(case, [], view))
        settle(case, view)
        close_case_row(case)


def follow_calendar(cases: Iterable[Case] | None = None) -> int:
    """Move open duties after a calendar notice was entered or amended; returns how many cases changed.

    Verdicts that had fallen stay with the calendar of their day (design 1.6). `cases` limits it where the caller knows
    which have open duties.
    """
    moved = 0
    for case in all_cases() if cases is None else cases:
        if next(differences(case), None) is not None:
            rewrite(case.pk)
            moved += 1
    return moved
