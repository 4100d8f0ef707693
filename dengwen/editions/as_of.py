"""What held on a day and what the house knew at an instant: calendars, local settings,
interpretations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from dengwen.editions.models import CalendarNotice, Interpretation, LocalSetting
from dengwen.law.time.calendar import YearTable, expand


def calendars_as_of(instant: datetime | None = None) -> list[tuple[datetime, YearTable]]:
    """Return every calendar notice in the order of entry, each with the instant from which it
    counted.

    With `instant`, only what was known then. The list is what `law.calendar.CalendarHistory.of`
    takes.
    """
    notices = CalendarNotice.objects.all()
    if instant is not None:
        notices = notices.filter(entered_at__lte=instant)
    return [(notice.entered_at, _table(notice)) for notice in notices.order_by("entered_at", "id")]


def setting(key: str, organ: int | None, day: date) -> LocalSetting | None:
    """Return the local setting in force on `day`: the organ's own, else the installation's; the
    latest entry wins.

    None where nobody set one; the caller then has no target at all, for the law gives no number
    here.
    """
    mine = Q(organ__isnull=True) if organ is None else Q(organ__isnull=True) | Q(organ=organ)
    rows = LocalSetting.objects.filter(mine, key=key, valid_from__lte=day)
    return max(rows, key=lambda row: (row.organ is not None, row.valid_from, row.pk), default=None)


@dataclass(frozen=True, slots=True)
class Settings:
    """All local settings of some keys, read once: what held on a day, and when the next one
    begins."""

    rows: tuple[LocalSetting, ...]

    def on(self, key: str, organ: int | None, day: date) -> LocalSetting | None:
        """Return what `setting` would: the organ's own in force on `day`, else the
        installation's, newest entry."""
        found = [row for row in self._of(key, organ) if row.valid_from <= day]
        return max(
            found, key=lambda row: (row.organ is not None, row.valid_from, row.pk), default=None
        )

    def next_change(self, key: str, organ: int | None, day: date) -> date | None:
        """Return the first day after `day` on which a setting of this key begins for the organ."""
        return min(
            (row.valid_from for row in self._of(key, organ) if row.valid_from > day), default=None
        )

    def _of(self, key: str, organ: int | None) -> list[LocalSetting]:
        return [row for row in self.rows if row.key == key and row.organ in {None, organ}]


def settings_of(prefix: str) -> Settings:
    """Return every local setting whose key begins with `prefix`, in one query."""
    return Settings(tuple(LocalSetting.objects.filter(key__startswith=prefix).order_by("id")))


def interpretations(rule_ids: Iterable[str], day: date) -> tuple[Interpretation, ...]:
    """Return the interpretations given by `day` on any of these rules, oldest first, to be shown
    beside the rule."""
    wanted = set(rule_ids)
    rows = Interpretation.objects.filter(day__lte=day).order_by("day", "id")
    return tuple(row for row in rows if wanted & set(row.rules))


def years_without_notice(years: Iterable[int]) -> tuple[int, ...]:
    """Return those of `years` for which no notice was entered: their dates stay provisional
    (design 1.6)."""
    known = set(CalendarNotice.objects.values_list("year", flat=True))
    return tuple(year for year in years if year not in known)


def _table(notice: CalendarNotice) -> YearTable:
    return YearTable(
        year=notice.year,
        off=expand(notice.off),
        work=expand(notice.work),
        source=notice.source,
        version=notice.version,
    )
