"""One unreadable row ends no check: it becomes a finding that names table and row, and the check
goes on.

What an exception says may quote what the row holds, sealed content among it; so a finding names its
class alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from dengwen.ledger.findings import Finding

_M = TypeVar("_M", bound=Model)
_T = TypeVar("_T")
UNREADABLE = "L0"
"""The invariant that every row can be read and every check comes to its end."""
_STEP = 500


def unreadable(table: str, row: object, error: BaseException | str, field: str = "row") -> Finding:
    """Return the finding for a row that cannot be read; `error` is named by its class alone."""
    why = error if isinstance(error, str) else type(error).__name__
    return Finding(
        UNREADABLE,
        table,
        str(row),
        field,
        f"这一行读不出（{why}），其余的照常核对",
        f"this row cannot be read ({why}); everything else was checked",
    )


def stopped(check: str, error: BaseException) -> Finding:
    """Return the finding for a check that broke off although none of its rows was to blame."""
    return Finding(
        UNREADABLE,
        check,
        "-",
        "check",
        f"这一项核对中断（{type(error).__name__}），没有做完",
        f"this check broke off ({type(error).__name__}), unfinished",
    )


def guarded(
    check: str, found: Callable[[], Iterable[_T]], said: Callable[[Finding], _T]
) -> Iterator[_T]:
    """Yield what a check finds; where it breaks off, that is found as well, in the words of
    `said`."""
    try:
        yield from found()
    except Exception as error:  # noqa: BLE001  # whatever it is, the other checks must run and this one is named
        yield said(stopped(check, error))


def readable(found: QuerySet[_M], step: int = _STEP) -> Iterator[_M | Finding]:
    """Yield every row of a query set in order of its key, in bounded memory; unreadable ones as
    findings.

    A row that a join lost, because the row it names is gone, is among the unreadable.
    """
    table = found.model._meta.db_table  # noqa: SLF001  # documented by Django
    keys, last = found.order_by("pk").values_list("pk", flat=True), None
    while batch := list((keys if last is None else keys.filter(pk__gt=last))[:step]):
        yield from _batch(found, table, batch)
        last = batch[-1]


def _batch(found: QuerySet[_M], table: str, keys: Sequence[object]) -> Iterator[_M | Finding]:
    """Yield the rows of a batch, one by one where reading them together fails or loses one."""
    try:
        rows = {row.pk: row for row in found.filter(pk__in=keys)}
    except Exception:  # noqa: BLE001  # one of them; which, is asked below
        rows = {}
    if len(rows) == len(keys):
        yield from (rows[key] for key in keys)
        return
    for key in keys:
        if key in rows:
            yield rows[key]
            continue
        try:
            yield found.get(pk=key)
        except ObjectDoesNotExist:
            yield unreadable(table, key, "a row it names is gone")
        except Exception as error:  # noqa: BLE001  # found, named, and the next row is read
            yield unreadable(table, key, error)
