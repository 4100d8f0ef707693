"""Instants of an incident at the desk: said as day and time in China, asked for, and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from dengwen.desk.shell.act.forms import Filled, read_day
from dengwen.desk.shell.frame.seat import CHINA, Seat
from dengwen.ui.components import FormField
from dengwen.ui.dates import numeric

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """The names of the two fields that ask for one instant: its day and its time of day."""

    day: str
    hour: str


KNOWN = Moment("known_on", "known_time")
REPORTED = Moment("told_on", "told_time")


def when(instant: datetime, seat: Seat) -> str:
    """Return an instant as day and time in China."""
    local = instant.astimezone(CHINA)
    return f"{numeric(local.date(), seat.language)} {local:%H:%M}"


def moment_fields(
    seat: Seat, filled: Filled | None, moment: Moment, day_label: str, hour_label: str
) -> tuple[FormField, FormField]:
    """Return the two fields of an instant, with what was typed, or with now."""
    now = seat.now.astimezone(CHINA)
    day = FormField(moment.day, "date", day_label, required=True, value=now.date().isoformat())
    hour = FormField(
        moment.hour,
        "word",
        hour_label,
        required=True,
        value=f"{now:%H:%M}",
        hint=_("二十四小时制，如 09:00"),
    )
    return _as_typed(seat, filled, day), _as_typed(seat, filled, hour)


def _as_typed(seat: Seat, filled: Filled | None, field: FormField) -> FormField:
    """Return a field with what was typed, and with what is wrong."""
    if filled is None:
        return field
    return replace(
        field,
        value=seat.request.POST.get(field.name, field.value),
        errors=tuple(filled.errors.get(field.name, ())),
    )


def read_instant(seat: Seat, filled: Filled, moment: Moment) -> datetime | None:
    """Read a day and a time of day; nothing typed, or the minute that is now, means now."""
    day = _day(seat, filled, moment.day)
    hour = _hour(seat, filled, moment.hour)
    if day is None or hour is None:
        return None
    instant = datetime.combine(day, hour, CHINA).astimezone(UTC)
    if instant > seat.now:
        filled.wrong(moment.hour, _("这个时刻还没有到。请填实际获悉、报告的时刻。"))
    this_minute = timedelta(0) <= seat.now - instant < MINUTE
    return None if this_minute else instant


def _day(seat: Seat, filled: Filled, name: str) -> date | None:
    """Read the day, or note that it is none."""
    found = read_day(seat.request.POST.get(name, ""))
    if found is None:
        filled.wrong(name, _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
    return found


def _hour(seat: Seat, filled: Filled, name: str) -> time | None:
    """Read the time of day, or note that it is none."""
    try:
        return time.fromisoformat(seat.request.POST.get(name, "").strip().replace("：", ":"))
    except ValueError:
        filled.wrong(name, _("时间请写成 09:00 这样。"))
        return None
