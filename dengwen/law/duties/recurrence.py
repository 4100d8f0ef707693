"""Recurring duties (周期责任): how the acts of a register open, meet and pass them on, and which deeds
elsewhere count.

A register (责任台账) holds no work. The worker looks at acts in *other* cases of the same holder and
records here, once
for each period: opened, warned, met, breached, or passed on to the next holder. Everything below is
pure, so rows equal
replay, and a scenario plays the worker.

A period is known inside its register by rule, seat (a post or a field of work; "" for the organ
itself) and first day.
A deed counts for the period of its own day first; what is over counts for an earlier period that
was missed, which
stays recorded as late. No deed counts twice for one duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from dengwen.law.duties.act_record import (
    CHINA,
    CLOSED,
    OPEN,
    VOID,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    fact_text,
)
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, ClosedBy, DutyRule, KindRule
from dengwen.law.packs.vocabulary import PERIODS
from dengwen.law.time.calendar import Calendar
from dengwen.law.time.terms import Counted, Traced, count_period

REGISTER = "register"
"""The kind of the standing case of an organ, or of a leader, for a year."""
OPEN_REGISTER, OPEN_PERIOD, WARN = "open_register", "open_period", "warn"
MEET, REOPEN, PASS_ON, END_PERIOD = "meet", "reopen", "pass_on", "end_period"
ACTS = frozenset({OPEN_PERIOD, WARN, MEET, REOPEN, PASS_ON, END_PERIOD})
"""The acts by which a recurring duty lives, all done by the system."""
LEADER = "leader"
"""The field, of type `official`, by which an act in another case says whose duty it discharges."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act in another case that may discharge a recurring duty: what, when claimed, when
    recorded, whose."""

    id: int
    kind: str
    act: str
    day: date
    recorded: date
    organ: int | None
    data: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """A period of a duty: first and last day, how many deeds it asks for, and who held the seat
    at its end."""

    first: date
    last: date
    at_least: int = 1
    leader: int | None = None


Held = Sequence[tuple[int | None, date]]
"""Who held something from which day on, in order; None where nobody did."""


def holder_on(held: Held, day: date) -> int | None:
    """Return who held it on `day`, None before the first and where nobody did."""
    return next((who for who, since in reversed(held) if since <= day), None)


def holds_for(rule: DutyRule, of: str, facts: Mapping[str, str]) -> bool:
    """Say whether a duty is borne by an organ, a leader or whoever has a field in charge (`of`), of
    whom this is known."""
    return rule.of == of and all(facts.get(name) in wanted for name, wanted in rule.applies.items())


def counts(rule: DutyRule, deed: Deed, organ: int | None, leaders: Held) -> bool:
    """Say whether a deed discharges a duty of this organ, or of whoever held the seat on the day
    of the deed."""
    if not any(_is_named(deed, closing) for closing in rule.closed_by):
        return False
    if rule.of == "holder":
        return deed.organ is not None and deed.organ == organ
    leader = holder_on(leaders, deed.day)
    return leader is not None and deed.data.get(LEADER) == leader


def _is_named(deed: Deed, closing: ClosedBy) -> bool:
    """Say whether a deed is the act that closes, under its conditions."""
    if (closing.kind, closing.act) != (deed.kind, deed.act):
        return False
    return all(_text(deed.data.get(name)) in wanted for name, wanted in closing.where.items())


def _text(value: FieldValue | None) -> str:
    return "" if value is None else fact_text(value)


def allocate(windows: Sequence[Window], deeds: Iterable[Deed]) -> list[Deed | None]:
    """Return for each window the deed that closes it, or None.

    Deeds count in order of day, each once: for the window of their own day, else for the earliest
    missed one before,
    which only whoever held the seat at its end can make up for.
    """
    own, over = _by_own_window(windows, deeds)
    for window, done in zip(windows, own, strict=True):
        lacking = window.at_least - len(done)
        if lacking <= 0:
            continue
        late = [deed for deed in over if deed.day > window.last and _makes_up(window, deed)]
        if len(late) >= lacking:
            made_up = late[:lacking]
            done.extend(made_up)
            over = [deed for deed in over if deed not in made_up]
    return [
        done[-1] if len(done) >= window.at_least else None
        for window, done in zip(windows, own, strict=True)
    ]


def _by_own_window(
    windows: Sequence[Window], deeds: Iterable[Deed]
) -> tuple[list[list[Deed]], list[Deed]]:
    """Return the deeds that count for the window of their own day, and those left over, by day."""
    own: list[list[Deed]] = [[] for _ in windows]
    over: list[Deed] = []
    for deed in sorted(deeds, key=lambda deed: (deed.day, deed.id)):
        place = _window_at(windows, deed.day)
        if place is None or len(own[place]) >= windows[place].at_least:
            over.append(deed)
        else:
            own[place].append(deed)
    return own, over


def _window_at(windows: Sequence[Window], day: date) -> int | None:
    for place, window in enumerate(windows):
        if window.first <= day <= window.last:
            return place
    return None


def _makes_up(window: Window, deed: Deed) -> bool:
    return window.leader is None or deed.data.get(LEADER) == window.leader


def met_by(duties: Iterable[DutyView], deeds: Sequence[Deed]) -> list[tuple[DutyView, Deed]]:
    """Return which deed closes which duty, reading the holders of each seat from the duties
    themselves."""
    by_seat: dict[tuple[str, str], list[DutyView]] = {}
    for duty in duties:
        if duty.rule.of and duty.due is not None:
            by_seat.setdefault((duty.rule.id, duty.seat), []).append(duty)
    found = []
    for same in by_seat.values():
        windows = [window for window in map(window_of, same) if window is not None]
        allocated = allocate(windows, _fitting(same, deeds))
        for duty, deed in zip(same, allocated, strict=True):
            if deed is not None:
                found.append((duty, deed))
    return found


def _fitting(same: Sequence[DutyView], deeds: Iterable[Deed]) -> list[Deed]:
    """Return the deeds that count for any of the duties of one seat."""
    held = [pair for duty in same for pair in duty.leaders]
    held.sort(key=lambda pair: pair[1])
    return [deed for deed in deeds if _counts_for_any(same, deed, held)]


def _counts_for_any(same: Iterable[DutyView], deed: Deed, held: Held) -> bool:
    return any(counts(duty.rule, deed, duty.holder, held) for duty in same)


def window_of(duty: DutyView) -> Window | None:
    """Return the period of a recurring duty, None where it has no last day."""
    if duty.due is None:
        return None
    return Window(
        duty.start, duty.due, duty.rule.clock.at_least or 1, holder_on(duty.leaders, duty.due)
    )


def interval(value: str) -> str:
    """Return the period a local setting names, "" where it names none a calendar knows."""
    return value if value in PERIODS else ""


def counted(duty: DutyView, calendar: Calendar) -> Counted | None:
    """Count the end of a recurring duty: its period in law, or the local interval as it stood
    when it opened."""
    clock = duty.rule.clock
    if clock.per:
        return count_period(clock.per, duty.start, calendar)
    if duty.fixed is None:
        return None
    line = Traced(
        "period",
        duty.fixed,
        f"本地目标：{duty.start}至{duty.fixed}；条文只写“定期”，没有数字，不是法定期限",
        f"a local target: {duty.start} to {duty.fixed}; "
        "the text says “regularly” without a number, so it is not law",
    )
    return Counted(duty.start, duty.fixed, duty.fixed, False, (line,), calendar.version)


def find(view: CaseView, data: Mapping[str, FieldValue]) -> DutyView | None:
    """Return the duty of a register that an act is about: same rule, seat and first day."""
    rule, seat, first = data.get("rule"), data.get("seat", ""), data.get("first")
    for duty in view.duties:
        if duty.rule.id == rule and duty.seat == seat and duty.start == first:
            return duty
    return None


def apply(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    """Let an act of a register change its duties."""
    if act.act == OPEN_PERIOD:
        _open(view, act, rules)
        return
    if act.act == WARN:
        for duty in view.duties:
            if duty.rule.id == act.duty and duty.opened_by == act.opened_by:
                duty.warned = act.id
        return
    found = find(view, act.data)
    if found is not None:
        _CHANGES[act.act](found, act)


def _open(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    first, last = act.data.get("first"), act.data.get("last")
    leader = _id(act.data.get(LEADER))
    start = first if isinstance(first, date) else act.day
    view.duties.append(
        DutyView(
            rule=rules.duties[str(act.data.get("rule"))],
            opened_by=act.id,
            opened_on=act.day,
            start=start,
            rules=act.rules,
            holder=view.holder,
            official=leader,
            fixed=last if isinstance(last, date) else None,
            holders=[(view.holder, start)],
            seat=str(act.data.get("seat", "")),
            leaders=[(leader, start)],
        )
    )


def _meet(duty: DutyView, act: ActRecord) -> None:
    """Close a duty on the day of the deed; in time or not is judged by when the deed itself was
    recorded."""
    recorded = act.data.get("recorded")
    duty.state, duty.closed_by, duty.closed_on = CLOSED, act.id, act.day
    duty.closed_recorded = (
        datetime.combine(recorded, time(12), CHINA) if isinstance(recorded, date) else act.recorded
    )
    duty.evidence = _id(act.data.get("evidence"))


def _reopen(duty: DutyView, _act: ActRecord) -> None:
    duty.state, duty.timeliness = OPEN, ""
    duty.closed_by = duty.closed_on = duty.closed_recorded = duty.evidence = None


def _pass_on(duty: DutyView, act: ActRecord) -> None:
    """Note who held the seat from a day on; what was noted for that day and later is replaced."""
    since, leader = act.data.get("since"), _id(act.data.get(LEADER))
    day = since if isinstance(since, date) else act.day
    duty.leaders = [*(pair for pair in duty.leaders if pair[1] < day), (leader, day)]
    duty.official = leader


def _end(duty: DutyView, act: ActRecord) -> None:
    if duty.state == OPEN:
        duty.state = VOID
        duty.closed_by, duty.closed_on = act.id, act.day
        duty.closed_recorded = act.recorded


_CHANGES = {MEET: _meet, REOPEN: _reopen, PASS_ON: _pass_on, END_PERIOD: _end}


def _id(value: FieldValue | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def refusals(rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    """Return why an act of a register cannot be: the period is open already, or there is nothing to
    change.

    The second of two workers is refused here, under the lock of the case.
    """
    if rule.id not in ACTS - {WARN}:
        return []
    duty = find(view, fields)
    if rule.id == OPEN_PERIOD:
        if duty is None:
            return []
        zh, en = "这一周期的责任已经开启", "the duty of this period is open already"
        return [Refusal("twice", zh, en, rule.basis)]
    if duty is None:
        zh, en = "没有这一周期的责任", "there is no duty of this period"
        return [Refusal("not-yet", zh, en, rule.basis)]
    if _is_done(rule.id, duty, fields):
        return [Refusal("twice", "已经记过", "it is recorded already", rule.basis)]
    return []


def _is_done(act: str, duty: DutyView, fields: Mapping[str, FieldValue]) -> bool:
    """Say whether a duty stands already as the act would leave it."""
    if act == MEET:
        return duty.state == CLOSED and duty.evidence == fields.get("evidence")
    if act == REOPEN:
        return duty.state != CLOSED
    if act == END_PERIOD:
        return duty.state != OPEN
    return (_id(fields.get(LEADER)), fields.get("since")) in duty.leaders
