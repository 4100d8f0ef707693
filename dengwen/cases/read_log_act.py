"""Sealing the read log: an act every hour carries the root over its rows into the ledger (access
model 7).

Level-triggered: each act begins where the last one ended, so a worker that slept seals what it
missed in one act, and no stretch of time is left out. Two workers make the same call and it is
written once. A case holds one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dengwen.access.read_log_root import first_reading, full_hour, readings, root_between
from dengwen.cases.models import Act
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.ledger.findings import Finding
from dengwen.ledger.unreadable_rows import readable, unreadable

KIND, SEAL = "read_log", "access_log_root"
STILL_OPEN = timedelta(minutes=5)
"""How long after an hour a transaction that read in it may still be open."""
_FORM = "%Y-%m-%dT%H:%MZ"


def seal(*, now: datetime) -> int:
    """Seal the full hours that nobody sealed and that hold readings; return how many readings
    were sealed."""
    last = (
        Act.objects.filter(case__kind=KIND, act=SEAL).select_related("case").order_by("pk").last()
    )
    start = _instant(str(last.data["end"])) if last else first_reading()
    end = full_hour(now.astimezone(UTC) - STILL_OPEN)
    if start is None or end <= start:
        return 0
    found = root_between(start, end)
    if not found.count:
        return 0
    same_day = last is not None and civil(last.occurred_at) == civil(now)
    step = Step(
        act=SEAL,
        case=last.case.number if last and same_day else "",
        kind="" if same_day else KIND,
        fields={"start": _word(start), "end": _word(end), "count": found.count, "root": found.root},
    )
    perform(step, by=By.system(), now=now, uid=f"read-log/{_word(start)}")
    return found.count


def broken_roots() -> Iterator[str]:
    """Yield every sealed stretch whose rows no longer give its root: a reading was altered, removed
    or slipped in.

    An act or a reading that cannot be read is named, and the other stretches are compared.
    """
    for act in readable(Act.objects.filter(case__kind=KIND, act=SEAL)):
        if isinstance(act, Finding):
            yield str(act)
            continue
        try:
            yield from _broken_root(act)
        except Exception as error:  # noqa: BLE001  # the next stretch is compared whatever this one holds
            yield from _unreadable(act, error)


def _broken_root(act: Act) -> Iterator[str]:
    found = root_between(_instant(str(act.data["start"])), _instant(str(act.data["end"])))
    if (found.count, found.root) != (act.data["count"], act.data["root"]):
        yield f"access_readlog {act.data['start']} – {act.data['end']} root"


def _unreadable(act: Act, error: Exception) -> Iterator[str]:
    """Yield the readings of a stretch that cannot be read; where all can, the act that names the
    stretch."""
    try:
        stretch = readings(_instant(str(act.data["start"])), _instant(str(act.data["end"])))
        lost = [str(row) for row in readable(stretch) if isinstance(row, Finding)]
    except Exception:  # noqa: BLE001  # the act itself does not say which stretch it is about
        lost = []
    yield from lost or [str(unreadable("cases_act", act.pk, error, "data"))]


def _word(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime(_FORM)


def _instant(word: str) -> datetime:
    return datetime.strptime(word, _FORM).replace(tzinfo=UTC)
