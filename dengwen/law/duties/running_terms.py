"""Running terms: the last day of each duty, and whether what closed it was in time.

A term is counted by the calendar of the verdict on its duty, with every extension and every stretch
that the text does not count; what was entered after the last day then in force is a claim only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from dengwen.law.duties import recurrence
from dengwen.law.duties.act_record import (
    BY_CLAIM,
    CLOSED,
    IMPORTED,
    IN_TIME,
    LATE,
    UNKNOWN,
    CaseView,
    DutyView,
    civil,
)
from dengwen.law.duties.late_entry import PETITIONER
from dengwen.law.packs.rules import ClockRule, DutyRule
from dengwen.law.time.calendar import DAY, Calendar, CalendarHistory
from dengwen.law.time.terms import Counted, Term, Traced, count, count_period


def count_clock(
    clock: ClockRule,
    start: date,
    calendar: Calendar,
    *,
    extend: int = 0,
    exclude: int = 0,
    fixed: date | None = None,
) -> Counted | None:
    """Count a time limit of any mode from `start`; None for a duty to which the text gives no
    number.

    A date fixed in the act itself (指定办理期限) is taken as it stands and never rolled.
    """
    if clock.term:
        return count(clock.term, start, calendar, extend=extend, exclude=exclude)
    if clock.per:
        return count_period(clock.per, start, calendar)
    if fixed is not None:
        due = fixed + timedelta(days=extend)
        line = Traced(
            "fixed",
            due,
            "期限由该行为指定，非法定天数",
            "the date was set in the act itself; the text has no number",
        )
        return Counted(start, due, due, False, (line,), calendar.version)
    return None


def recount(duty: DutyView, calendars: CalendarHistory) -> None:
    """Count again with all extensions, by the calendar of the verdict, or by the newest one
    while it is open."""
    verdict = duty.verdict_at()
    calendar = calendars.newest if verdict is None else calendars.at(verdict)
    if duty.rule.of:
        duty.counted = recurrence.counted(duty, calendar)
        duty.original_due = duty.due
        return
    duty.since = None
    _weigh(duty, calendars, calendar)
    _leave_out(duty, calendar)
    plain = _count(duty, calendar, 0)
    first = plain
    if duty.first_start is not None:
        uncorrected = replace(duty, start=duty.first_start, fixed=duty.first_fixed)
        first = _count(uncorrected, calendar, 0)
    duty.original_due = first.due if first else None
    duty.counted = _count(duty, calendar, duty.extended) if duty.extended else plain
    if _ran_out_before_entry(duty):
        duty.since = civil(duty.opened_recorded) if duty.opened_recorded else None
        duty.counted = _count(duty, calendar, duty.extended)
    duty.claimed_due = _claimed(duty, calendar)
    duty.unclaimed_due = _unclaimed(duty, calendar) if duty.by_claim else duty.due


def continued_duty(view: CaseView, rule: DutyRule) -> DutyView | None:
    """Return the duty whose time a duty goes on with: the newest that its own holder had first,
    since nobody goes on with the time of another organ; else the newest."""
    earlier = [duty for duty in view.duties if duty.rule.id in rule.continues]
    own = [duty for duty in earlier if duty.holders and duty.holders[0][0] == view.holder]
    return next(reversed(own or earlier), None)


def foreseen(view: CaseView, rule: DutyRule, day: date) -> date | None:
    """Return the last day a duty would have if an act of `day` opened it; None where nobody can
    tell."""
    continued = continued_duty(view, rule)
    if view.calendar is None or rule.clock.term is None:
        return None
    counted = count(rule.clock.term, continued.start if continued else day, view.calendar)
    return counted.due


def _ran_out_before_entry(duty: DutyView) -> bool:
    """Say whether a petitioner's period would have run out before anybody entered what began it:
    nobody loses a right by somebody else's late entry."""
    if not duty.rule.right or duty.rule.holder != PETITIONER or duty.imported:
        return False
    if duty.due is None or duty.opened_recorded is None:
        return False
    return duty.due < civil(duty.opened_recorded)


def _weigh(duty: DutyView, calendars: CalendarHistory, known: Calendar) -> None:
    """Part what moves the date from what only claims to: an act entered after the last day then in
    force moves nothing.

    The day in force is counted by the calendar in use when the act was entered, so that replay
    finds the same. Where no
    notice had fixed that day yet, it is the one which `known`, the calendar of the verdict or the
    newest, fixes.
    """
    duty.extended, duty.excluded, duty.spans, duty.claims = 0, 0, [], []
    for move in duty.moves:
        in_force = _day_in_force(duty, calendars.at(move.recorded), known)
        too_late = in_force is not None and civil(move.recorded) > in_force
        if too_late and not duty.imported:
            duty.claims.append(move)
            continue
        duty.extended += move.amount
        if move.span is not None:
            duty.spans.append(move.span)


def _day_in_force(duty: DutyView, calendar: Calendar, known: Calendar) -> date | None:
    """Return the last day as far as it is lengthened now, by `calendar`, or by `known` where that
    one had no notice."""
    _leave_out(duty, calendar)
    counted = _count(duty, calendar, duty.extended)
    if counted and counted.due is None:
        _leave_out(duty, known)
        counted = _count(duty, known, duty.extended)
    return counted.due if counted else None


def _claimed(duty: DutyView, calendar: Calendar) -> date | None:
    """Return the last day if what was entered too late counted as well: a claim for whoever
    judges, never applied."""
    if not duty.claims:
        return duty.due
    spans = [move.span for move in duty.claims if move.span is not None]
    full = replace(duty, extended=duty.granted, spans=[*duty.spans, *spans])
    _leave_out(full, calendar)
    counted = _count(full, calendar, full.extended)
    return counted.due if counted else None


def _unclaimed(duty: DutyView, calendar: Calendar) -> date | None:
    """Return the last day without what was entered late: the one that stood before the claims."""
    counted = [move for move in duty.moves if move not in duty.claims]
    rest = [move for move in counted if move.act not in duty.by_claim]
    spans = [move.span for move in rest if move.span is not None]
    plain = replace(duty, extended=sum(move.amount for move in rest), spans=spans)
    if duty.first_start is not None:
        plain = replace(plain, start=duty.first_start, fixed=duty.first_fixed, since=None)
    _leave_out(plain, calendar)
    counted_days = _count(plain, calendar, plain.extended)
    return counted_days.due if counted_days else None


def _leave_out(duty: DutyView, calendar: Calendar) -> None:
    """Count how many days of the recorded stretches the term stands still (R22 36(2)).

    Each day once, however many hearings it held; none before the term began, none after it had run
    out.
    """
    duty.excluded = 0
    for first, last in united(duty.spans, duty.first_day + DAY):
        counted = _count(duty, calendar, duty.extended)
        if counted and counted.raw and first > counted.raw:
            break
        duty.excluded += (last - first).days + 1


def united(spans: Iterable[tuple[date, date]], begin: date) -> list[tuple[date, date]]:
    """Return the days of stretches (first and last day each) from `begin` on as stretches that
    do not overlap."""
    found: list[tuple[date, date]] = []
    from_begin = sorted((max(first, begin), last) for first, last in spans)
    for first, last in from_begin:
        if last < first:
            continue
        if found and first <= found[-1][1] + DAY:
            begun, ended = found[-1]
            found[-1] = (begun, max(ended, last))
        else:
            found.append((first, last))
    return found


def _count(duty: DutyView, calendar: Calendar, extend: int) -> Counted | None:
    """Count the clock of a duty, once for all duties of this clock that began on one day."""
    clock = duty.rule.clock
    if clock.term is None:
        return count_clock(
            clock, duty.first_day, calendar, extend=extend, exclude=duty.excluded, fixed=duty.fixed
        )
    key = (clock.term, duty.first_day, calendar.version, extend, duty.excluded)
    if key not in _counted:
        if len(_counted) >= MOST_COUNTED:
            _counted.clear()
        _counted[key] = count(
            clock.term, duty.first_day, calendar, extend=extend, exclude=duty.excluded
        )
    return _counted[key]


MOST_COUNTED = 4096
"""Counted terms a process keeps at hand before it begins anew."""


_counted: dict[tuple[Term, date, str, int, int], Counted] = {}
"""By term, day 0, calendar, extension and exclusion: the same of these is the same answer."""


def judge(duty: DutyView) -> None:
    """Say how a closed duty was met. Timeliness is judged on the claimed day; a late record of it
    is kept apart.

    Verdict and breach agree: whatever was missed by the record is in time by claim only.
    """
    if duty.state != CLOSED or duty.closed_on is None or duty.closed_recorded is None:
        return
    claimed = duty.claimed_due or duty.due
    if duty.due is None or claimed is None:
        duty.timeliness = UNKNOWN
    elif duty.closed_on > claimed:
        duty.timeliness = LATE
    elif duty.imported:
        duty.timeliness = IMPORTED
    else:
        missed = duty.breach is not None or duty.missed is not None or duty.closed_on > duty.due
        recorded_late = civil(duty.closed_recorded) > duty.due
        duty.timeliness = BY_CLAIM if missed or recorded_late else IN_TIME
