"""Rows equal replay: derive every case again from its acts and name each difference by table,
row and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from dengwen.cases.act_records import record_of, records_of, view_of
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.wall.system import cases_to_check
from dengwen.cases.write.call_context import Held, writing_outside
from dengwen.cases.write.record import close_case_row, duty_columns, settle, write_duties
from dengwen.law.duties.act_record import CaseView, civil
from dengwen.ledger.findings import Finding
from dengwen.ledger.unreadable_rows import readable, unreadable

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
    unread: Finding | None = None
    """The finding, where the row cannot be read at all and nothing can be compared."""

    @staticmethod
    def of(finding: Finding) -> Difference:
        """Return a row that cannot be read as the difference it is."""
        number = int(finding.row) if finding.row.isdecimal() else 0
        return Difference(finding.table, number, finding.field, None, None, finding)

    def __str__(self) -> str:
        if self.unread is not None:
            return str(self.unread)
        return (
            f"{self.table} {self.row} {self.field}: 存 {self.stored!r}，应为 {self.derived!r} / "
            "stored, should be"
        )


def check() -> Iterator[Difference]:
    """Yield every difference between the rows and the replay of all acts; what cannot be read is
    one of them."""
    for case in cases_to_check():
        if isinstance(case, Finding):
            yield Difference.of(case)
            continue
        try:
            yield from differences(case)
        except Exception as error:  # noqa: BLE001  # the next case is compared whatever this one holds
            yield from _unread(case, error)


def _unread(case: Case, error: Exception) -> Iterator[Difference]:
    """Yield the acts of a case that cannot be read or belong to no pack; where all can, the case
    itself."""
    lost = []
    for act in readable(Act.objects.filter(case=case)):
        if isinstance(act, Finding):
            lost.append(act)
            continue
        try:
            record_of(act, case.kind)
            _ = (
                civil(act.occurred_at),
                civil(act.recorded_at),
            )  # SQLite gives None for a time that is none
        except Exception as why:  # noqa: BLE001  # named like one that cannot be read
            lost.append(unreadable("cases_act", act.pk, why))
    yield from map(Difference.of, lost or [unreadable("cases_case", case.pk, error)])


def differences(case: Case) -> Iterator[Difference]:
    """Yield the differences of one case and its duties."""
    records = records_of(case)
    view = view_of(case.kind, records)
    wanted = {
        "state": view.state,
        "holder_id": view.holder,
        "handler_id": view.handler,
        "next_due": view.next_due(),
        "opened_on": view.opened_on,
        "seq": len(records),
    }
    for name in CASE_FIELDS:
        if getattr(case, name) != wanted[name]:
            yield Difference(
                "cases_case", case.pk, name.removesuffix("_id"), getattr(case, name), wanted[name]
            )
    yield from _duties(case, view)


def _duties(case: Case, view: CaseView) -> Iterator[Difference]:
    found = list(readable(Duty.objects.filter(case=case)))
    yield from (Difference.of(one) for one in found if isinstance(one, Finding))
    rows = {(d.rule, d.opened_by_id): d for d in found if isinstance(d, Duty)}
    for duty in view.duties:
        row = rows.pop((duty.rule.id, duty.opened_by), None)
        if row is None:
            yield Difference(
                "cases_duty", 0, f"{case.number}/{duty.rule.id}/{duty.opened_by}", None, "row"
            )
            continue
        for name, value in duty_columns(duty, view).items():
            if getattr(row, name) != value:
                yield Difference(
                    "cases_duty", row.pk, name.removesuffix("_id"), getattr(row, name), value
                )
    for row in rows.values():
        yield Difference("cases_duty", row.pk, "row", row.rule, None)


def rewrite(case_id: int) -> None:
    """Make the rows of a case what its acts say (`rederive` without --check): acts are never
    touched."""
    with transaction.atomic(durable=True), writing_outside() as call:
        case = Case.objects.select_for_update().get(pk=case_id)
        view = view_of(case.kind, records_of(case))
        keep = {(d.rule.id, d.opened_by) for d in view.duties}
        for row in Duty.objects.filter(case=case):
            if (row.rule, row.opened_by_id) not in keep:
                row.delete()
        write_duties(Held(case, [], view), call)
        settle(case, view, call.unit)
        close_case_row(case, call.unit)


def follow_calendar(cases: Iterable[Case] | None = None) -> int:
    """Move open duties after a calendar notice was entered or amended; returns how many cases
    changed.

    A case that cannot be read is left as it is. Verdicts that had fallen stay with the calendar of
    their day (design 1.6). `cases` limits it where the caller knows which have open duties.
    """
    moved = 0
    for case in cases_to_check() if cases is None else cases:
        if isinstance(case, Case) and _can_be_rewritten(case):
            rewrite(case.pk)
            moved += 1
    return moved


def _can_be_rewritten(case: Case) -> bool:
    """Say whether a case differs and all of it can be read; what cannot be read is left to
    `check`, which names it."""
    try:
        found = list(differences(case))
    except Exception:  # noqa: BLE001  # one case that cannot be read must not hold up a calendar for all others
        return False
    return bool(found) and not any(one.unread for one in found)
