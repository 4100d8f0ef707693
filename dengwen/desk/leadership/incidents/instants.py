"""Instants of an incident at the desk: said as day and time in China, asked for, and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dengwen.desk.shell.act.forms import RuledForm
from dengwen.desk.shell.frame.seat import CHINA, Seat
from dengwen.ui.dates import numeric
from dengwen.ui.form_fields import Asked, AskedField, Day, Word, day_words

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


class Hour(Word):
    """A time of day in hours and minutes."""

    def nothing(self) -> None:
        """Return no time."""
        return

    def value_of(self, text: str) -> time:
        """Return the time that was typed."""
        try:
            return time.fromisoformat(text.replace("：", ":"))
        except ValueError:
            raise ValidationError(_("时间请写成 09:00 这样。")) from None


def moment_asked(seat: Seat, moment: Moment, day_label: str, hour_label: str) -> dict[str, Asked]:
    """Return the two fields of an instant, which begins with now."""
    now = seat.now.astimezone(CHINA)
    return {
        moment.day: Day(
            day_label,
            needed=True,
            missing=day_words(),
            initial=now.date().isoformat(),
        ),
        moment.hour: Hour(
            hour_label,
            needed=True,
            missing=_("时间请写成 09:00 这样。"),
            initial=f"{now:%H:%M}",
            hint=_("二十四小时制，如 09:00"),
        ),
    }


def moment_fields(form: RuledForm, moment: Moment) -> tuple[AskedField, ...]:
    """Return the two fields of an instant as the page asks them."""
    return form.asked((moment.day, moment.hour))


def read_instant(form: RuledForm, moment: Moment) -> datetime | None:
    """Return the instant that was typed; nothing readable, or the minute that is now, means now."""
    day, hour = form.cleaned_data.get(moment.day), form.cleaned_data.get(moment.hour)
    if day is None or hour is None:
        return None
    now = form.seat.now
    instant = datetime.combine(day, hour, CHINA).astimezone(UTC)
    if instant > now:
        form.wrong(moment.hour, _("这个时刻还没有到。请填实际获悉、报告的时刻。"))
    this_minute = timedelta(0) <= now - instant < MINUTE
    return None if this_minute else instant
