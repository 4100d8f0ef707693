"""Pages of a list of duties: the earliest day first, each beginning after a key that counts
nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.db.models import Q, QuerySet

from dengwen.cases.models import Act, Duty

PAGE = 20
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the key after which the next one begins ("" on the last)."""

    duties: list[Duty]
    after: str


def page_of(
    duties: QuerySet[Duty], after: str, size: int = PAGE, *, holders: Collection[int] = ()
) -> Page:
    """Return the page that begins after a key: dated duties by day, then those without any day.

    A key names the last line shown by day, case, rule and opening act. `holders` are the organs
    whose duties these are, where that is so: one scan over (holder, day) for each of them, for no
    index holds the days of two organs in order.
    """
    day, pk = _key(after, duties)
    wanted = size + 1  # one more than is shown says whether there is another page
    among_dated = day is not None or not after
    found = _dated(duties, day, pk, wanted, holders) if among_dated else []
    if len(found) < wanted:
        undated = duties.filter(sort_day__isnull=True, pk__gt=0 if among_dated else pk)
        found += _first(undated, ("pk",), wanted - len(found), holders)
    if len(found) < wanted:
        return Page(found, "")
    return Page(found[:size], _after(found[size - 1]))


def _dated(
    duties: QuerySet[Duty], day: date | None, pk: int, count: int, holders: Collection[int]
) -> list[Duty]:
    """Return the first dated duties after a day and row; from the beginning where no day is
    given."""
    dated = duties.filter(sort_day__isnull=False)
    if day is not None:
        dated = dated.filter(Q(sort_day__gt=day) | Q(sort_day=day, pk__gt=pk))
    return _first(dated, ("sort_day", "pk"), count, holders)


def _first(
    duties: QuerySet[Duty], order: Sequence[str], count: int, holders: Collection[int]
) -> list[Duty]:
    """Return the first duties in an order; those of each holder are asked for by themselves."""
    if len(holders) < 2:
        return list(duties.order_by(*order)[:count])
    found: list[Duty] = []
    for one in sorted(holders):
        found += duties.filter(holder_id=one).order_by(*order)[:count]
    return sorted(found, key=attrgetter(*order))[:count]


def _after(last: Duty) -> str:
    """Return the key of a line. Never the row id, which counts hidden cases too (access model
    4.2)."""
    opener = Act.objects.filter(pk=last.opened_by_id).values_list("seq", flat=True).get()
    day = last.sort_day.isoformat() if last.sort_day else "none"
    return "_".join((day, last.case.number, str(opener), last.rule))


def _key(after: str, duties: QuerySet[Duty]) -> tuple[date | None, int]:
    """Return the day and row of a key, found among `duties`; a line that is gone stands for the
    day's beginning."""
    day, number, seq, rule = (after.split("_", 3) + [""] * 3)[:4]
    try:
        begins = None if day == "none" else date.fromisoformat(day)
    except ValueError:
        return None, 0
    if not seq.isdecimal() or len(seq) > MOST_DIGITS:
        return begins, 0
    named = duties.filter(case__number=number, rule=rule, opened_by__seq=int(seq))
    row = named.values_list("pk", flat=True).first()
    return begins, row or 0
