"""Ending dated rows and making room for others: what every act of the registry does to periods.

A change ends one row and begins another; beginning on the very day a row began corrects that row,
which stays behind with an empty period.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet

from dengwen.organs.act_fields import Entry
from dengwen.organs.dated_rows import Dated
from dengwen.organs.errors import RegistryError

_D = TypeVar("_D", bound=Dated)


def close(row: Dated, day: date, act: int) -> None:
    """End a row on a day: the first on which it no longer holds."""
    row.valid_to, row.end_act = max(day, row.valid_from), act
    row.save(update_fields=["valid_to", "end_act"])


def end_all(rows: QuerySet[Any], day: date, act: int) -> None:
    """End every row that would still hold on a day."""
    for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)):
        close(row, day, act)


def running(rows: QuerySet[_D], start: date, entry: Entry) -> list[_D]:
    """Return the rows still running at `start`; refuse where one begins later, for then the
    order is unclear."""
    applied = Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=start)
    found = list(rows.filter(applied).filter(still))
    for row in found:
        if row.valid_from > start:
            raise _later_row(entry, "from", row)
    return found


def make_way(entry: Entry, rows: QuerySet[_D], start: date) -> None:
    """End what still runs on the day another row begins; refuse where one begins later."""
    for row in running(rows, start, entry):
        close(row, start, entry.facts.act_id)


def end_existing(entry: Entry, rows: QuerySet[_D], start: date, field: str) -> None:
    """End the row that runs on a day; refuse where there is none."""
    found = running(rows, start, entry)
    if not found:
        raise entry.refuse(
            "nothing_to_end",
            field,
            zh=f"{start}没有可终止的登记",
            en=f"nothing is registered that could end on {start}",
            mend_zh="核对人员、岗位和日期",
            mend_en="check the person, the post and the day",
        )
    for row in found:
        close(row, start, entry.facts.act_id)


def free(entry: Entry, rows: QuerySet[_D], start: date, end: date | None, field: str) -> None:
    """Refuse where one of `rows` shares a day with [start, end)."""
    sharing = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start))
    if end:
        sharing = sharing.filter(valid_from__lt=end)
    for row in sharing:
        applied = row.valid_to is None or row.valid_to > row.valid_from
        if applied:
            raise entry.refuse(
                "overlaps",
                field,
                zh=f"与{row.valid_from}起的登记重叠",
                en=f"overlaps with the entry from {row.valid_from}",
                mend_zh="先终止原登记",
                mend_en="end that entry first",
            )


def _later_row(entry: Entry, field: str, row: Dated) -> RegistryError:
    return entry.refuse(
        "later_row",
        field,
        zh=f"已有自{row.valid_from}起的登记",
        en=f"an entry from {row.valid_from} exists already",
        mend_zh="先更正较晚的登记",
        mend_en="correct the later entry first",
    )
