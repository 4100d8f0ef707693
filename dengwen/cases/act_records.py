"""Act rows to the records the law core reads, and field values to what an act row can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from dengwen.access.statements import Statement
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.rulebooks import Rules
from dengwen.law.duties.act_record import ActRecord, CaseView
from dengwen.law.duties.fold import derive
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule

Stored = str | int | bool | list[str] | list[int]


def to_row(value: FieldValue) -> Stored:
    """Return a field value as JSON keeps it: dates in ISO form, lists as lists."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [v if isinstance(v, int) else str(v) for v in value]  # type: ignore[return-value]  # one kind a list
    return value


def from_row(rule: ActRule, data: Mapping[str, Any]) -> dict[str, FieldValue]:
    """Return the stored fields of an act as the law core reads them: dates as dates, lists as
    tuples."""
    found: dict[str, FieldValue] = {}
    for name, value in data.items():
        declared = rule.field_rule(name)
        if declared is not None and declared.type == "date":
            found[name] = date.fromisoformat(value)
        else:
            found[name] = tuple(value) if isinstance(value, list) else value
    return found


def record_of(row: Act, kind: str, rules: Rules = rulebooks) -> ActRecord:
    """Return one act row as a record; a running call reads it by its own `rules`."""
    rule = rules.by_row(row.rules_id).kind(kind).acts[row.act]
    return ActRecord(
        id=row.pk,
        act=row.act,
        occurred=row.occurred_at,
        recorded=row.recorded_at,
        organ=row.organ_id,
        actor=row.actor,
        data=from_row(rule, row.data),
        imported=row.imported,
        rules=str(row.rules_id),
        duty=row.duty,
        opened_by=row.opened_by_id,
    )


def acts_of(case: Case) -> list[Act]:
    """Return the rows of all acts of a case in the order they were recorded."""
    return _ACTS.rows(Act, ((case.pk,),))


def records_of(case: Case) -> list[ActRecord]:
    """Return all acts of a case in the order they were recorded."""
    return [record_of(row, case.kind) for row in acts_of(case)]


_ACTS = Statement(
    lambda groups, _day, _text: Act.objects.filter(case_id=groups[0][0]).order_by("seq")
)


def view_of(
    kind: str,
    records: Iterable[ActRecord],
    *,
    begin: CaseView | None = None,
    rules: Rules = rulebooks,
) -> CaseView:
    """Return the case as it stands after these acts, by the rules they were judged by and all
    calendars entered.

    `begin` is how it stood before them, and becomes what is returned; `rules` are those of a
    running call.
    """
    return derive(kind, records, rules.by_row, rules.calendars(), begin=begin)
