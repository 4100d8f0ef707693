"""Changes of leader in a played year: on any day, entered on that day or afterwards, and what each
register must say of them at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Protocol

from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case
from dengwen.law.duties.act_record import CLOSED, DutyView
from dengwen.law.duties.recurrence import REGISTER
from dengwen.organs.models import Official

DELAYS = (0, 0, 0, 3, 11, 25, 40)
"""Days after a change on which it is entered: half of them are late, all the same day otherwise."""
EVERY = 10
"""One leader in so many is replaced."""
FIRST_DAY, LAST_DAY = 5, 355
DAY = timedelta(days=1)
Held = tuple[tuple[int | None, date], ...]
"""Who held a period from which day on."""
Correction = tuple[date, int, int, date]
"""From which day a holder was corrected, who it was and is, and when that was learnt."""


@dataclass(frozen=True, slots=True)
class Change:
    """A leader who is replaced: who leaves and who comes (staff codes), from which day, and when it
    is entered."""

    seat: str
    leaves: str
    comes: str
    day: date
    entered: date

    @property
    def late(self) -> bool:
        """Whether it is entered after its day."""
        return self.entered > self.day

    def bars(self, last: date, made_up: date) -> bool:
        """Say whether nobody can make up on a day for a period that ended: whoever held it at its
        end has left, and that was entered."""
        return last < self.day and self.entered <= made_up

    def expected(
        self, first: date, last: date, ids: Mapping[str, int]
    ) -> tuple[Held, list[Correction]]:
        """Return who held a period that ended on a day, and what was corrected in it."""
        old, new = ids[self.leaves], ids[self.comes]
        since = max(self.day, first)
        if self.day > last:
            return ((old, first),), []
        held: Held = ((new, first),) if since == first else ((old, first), (new, since))
        late = self.entered > since
        return held, [(since, old, new, self.entered)] if late else []


class Turnover(Protocol):
    """What changes who holds a seat in the year, for good or for a time."""

    def bars(self, last: date, made_up: date) -> bool:
        """Say whether nobody can make up on a day for a period that ended."""
        ...

    def expected(
        self, first: date, last: date, ids: Mapping[str, int]
    ) -> tuple[Held, list[Correction]]:
        """Return who held a period that ended on a day, and what was corrected in it."""
        ...


def draw_changes(codes: Iterable[str], year: int, random: Random) -> dict[str, Change]:
    """Draw who is replaced on which day, and when that is entered, by seat."""
    found = {}
    for code in sorted(codes)[::EVERY]:
        day = date(year, 1, 1) + timedelta(days=random.randrange(FIRST_DAY, LAST_DAY))
        entered = min(day + timedelta(days=random.choice(DELAYS)), date(year + 1, 1, 20))
        seat = f"post:{code.split('-')[0]}-{code}"
        found[seat] = Change(seat, code, f"{code}-N", day, entered)
    return found


@dataclass(frozen=True, slots=True)
class Holders:
    """How many periods changed hands, how many were corrected afterwards, and what is said of them
    otherwise than planned."""

    changed: int = 0
    corrected: int = 0
    wrong: tuple[str, ...] = ()


def compare_holders(changes: Mapping[str, Turnover], year: int) -> Holders:
    """Compare the holders in the registers with the script, period by period."""
    ids = dict(Official.objects.values_list("code", "pk"))
    changed = corrected = 0
    wrong = []
    for case in Case.objects.filter(kind=REGISTER).order_by("pk"):
        for duty in view_of(case.kind, records_of(case)).duties:
            change = changes.get(duty.seat)
            if change is None or duty.due is None or duty.due.year != year:
                continue
            held, corrections = change.expected(duty.start, _ended(duty), ids)
            changed += len(held) > 1
            corrected += len(corrections)
            said = [(one.since, one.was, one.leader, one.learnt) for one in duty.corrections]
            if tuple(duty.leaders) != held or said != corrections:
                wrong.append(f"{duty.seat} {duty.rule.id} {duty.start}: {duty.leaders} {said}")
    return Holders(changed, corrected, tuple(wrong))


def _ended(duty: DutyView) -> date:
    """Return the last day on which it mattered who held a period."""
    last = duty.due or duty.start
    if duty.state == CLOSED and duty.closed_on is not None:
        last = min(last, duty.closed_on)
    return last
