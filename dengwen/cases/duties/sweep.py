"""The sweep: whatever is past its day becomes an act, once (design 1.6, 4 row 6).

Level-triggered: it asks what is due and not recorded, never what happened since last time. A week
without it loses nothing; two at once record nothing twice (the acts carry the duty they are about,
and are unique per duty); a clock put back finds nothing new to record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dengwen.cases.models import Case
from dengwen.cases.wall.system import due_before
from dengwen.cases.write.call_context import CallContext, outside
from dengwen.cases.write.perform import By, Call, perform_many
from dengwen.law.duties.act_record import BREACH, CHINA, LAPSE, DutyView, civil
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.duties.step import Step

BATCH = 50
"""Cases of one commit: it is shared, and nobody waits long for a case it holds."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep recorded: breaches, lapses, and cases that another worker had done first."""

    breaches: int = 0
    lapses: int = 0
    lost_races: int = 0

    def and_(self, other: Swept) -> Swept:
        """Return both counts together."""
        return Swept(
            self.breaches + other.breaches,
            self.lapses + other.lapses,
            self.lost_races + other.lost_races,
        )


def sweep(*, now: datetime, limit: int | None = None) -> Swept:
    """Record every breach and lapse that is due on the civil day of `now`; returns the counts.

    A breach is claimed on the day after the due day, whenever it is recorded (its right day).
    Registers are left to `registers.keep`, which first looks whether an act elsewhere has met the
    duty.
    """
    swept = Swept()
    seen: set[int] = set()
    while True:
        size = BATCH if limit is None else min(BATCH, limit - len(seen))
        cases = list(due_before(civil(now)).exclude(pk__in=seen).exclude(kind=REGISTER)[:size])
        if not cases:
            break
        seen.update(case.pk for case in cases)
        swept = swept.and_(_record(cases, now))
    return swept


def _record(cases: Sequence[Case], now: datetime) -> Swept:
    """Record what is due in some cases, in one commit."""
    # In order of id, as every call locks its cases, so that no two wait for each other.
    reading = outside()
    in_order = sorted(cases, key=lambda case: case.pk)
    due = [(case, pending_steps(case, now, reading)) for case in in_order]
    due = [(case, steps) for case, steps in due if steps]
    # The key names the duties, so two workers that saw the same thing make the same call.
    outcomes = perform_many(
        Call(tuple(steps), By.system(), now, _key(case, steps)) for case, steps in due
    )
    breaches = lapses = races = 0
    for (case, steps), outcome in zip(due, outcomes, strict=True):
        if outcome.performed is not None and not outcome.performed.repeated:
            breaches += sum(s.act == BREACH for s in steps)
            lapses += sum(s.act == LAPSE for s in steps)
        elif outcome.error is not None and pending_steps(case, now):
            raise outcome.error  # nobody else recorded it, so this is a fault and not a race
        else:
            races += 1
    return Swept(breaches, lapses, races)


def pending_steps(case: Case, now: datetime, reading: CallContext | None = None) -> list[Step]:
    """Return the breach and lapse acts that a case still lacks on the civil day of `now`.

    `reading` is what somebody has at hand who asks about many cases.
    """
    today = civil(now)
    view = (reading or outside()).view_of_case(case)
    breached = [_step(case, BREACH, d) for d in view.duties if d.unrecorded_breach(today)]
    return breached + [_step(case, LAPSE, d) for d in view.duties if d.unrecorded_lapse(today)]


def _step(case: Case, act: str, duty: DutyView) -> Step:
    last = duty.breached_on()
    if last is None:
        raise ValueError(f"{case.number}: duty {duty.rule.id} has no due day")
    day_after = datetime.combine(last + timedelta(days=1), time(0), CHINA)
    # A matter entered only after its time was over has its breach from the moment it is in the
    # record.
    return Step(
        act=act,
        case=case.number,
        occurred_at=max(day_after, case.opened_at),
        duty=duty.rule.id,
        opened_by=duty.opened_by,
    )


def _key(case: Case, steps: list[Step]) -> str:
    parts = [f"{s.act[0]}{s.opened_by}.{s.duty}" for s in steps]
    return f"sweep/{case.pk}/{'/'.join(parts)}"[:100]
