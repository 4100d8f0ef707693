"""Since when this office keeps registers."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Min

from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.recurrence import OPEN_REGISTER, REGISTER


def began(now: datetime) -> date:
    """Return the day on which this office began to keep registers: that of the first register,
    else today."""
    first = Act.objects.filter(act=OPEN_REGISTER, case__kind=REGISTER).aggregate(
        first=Min("recorded_at")
    )["first"]
    return civil(now) if first is None else min(civil(first), civil(now))
