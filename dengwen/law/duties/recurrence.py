"""Recurring duties (周期责任): how the acts of a register open, meet and pass them on, and which deeds
elsewhere count.

A register (责任台账) holds no work. The worker looks at acts in *other* cases of the same holder and
records here, once for each period: opened, warned, met, breached, or passed on to the next holder.
Everything below is pure, so rows equal replay, and a scenario plays the worker.

A period is known inside its register by rule, seat (a post or a field of work; "" for the organ
itself) and first day. A deed counts for the period of its own day first; what is over counts for an
earlier period that was missed, which stays recorded as late. No deed counts twice for one duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from dengwen.law.duties.act_record import (
    CHINA,
    CLOSED,
    OPEN,
    VOID,
    ActRecord,
    CaseView,
    DutyView,
    HolderCorrection,
    Refusal,
    fact_text,
)
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, ClosedBy, DutyRule, KindRule
from dengwen.law.packs.vocabulary import IN_CASE, ON_DAY, PERIODS
from dengwen.law.time.calendar import Calendar
from dengwen.law.time.terms import Counted, Traced, count_period

REGISTER = "register"
"""The kind of the standing case of an organ, or of a leader, for a year."""
OPEN_REGISTER, OPEN_PERIOD, WARN = "open_register", "open_period", "warn"
MEET, REOPEN, PASS_ON, END_PERIOD = "meet", "reopen", "pass_on", "end_period"
CORRECT_HOLDER = "correct_holder"
ACTS = frozenset({OPEN_PERIOD, WARN, MEET, REOPEN, PASS_ON, CORRECT_HOLDER, END_PERIOD})
"""The acts by which a recurring duty lives, all done by the system."""
LEADER = "leader"
"""The field, of type `official`, by which an act in another case says whose duty it discharges."""
WAS, LEARNT = "was", "learnt"
"""Fields of a correction: who was held to be the holder, and the day the registry learnt of it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act in another case that may discharge a recurring duty; whether anything was written
    with it (`worded`), in which case (row id), what the act says that opened it (`opening`), and
    what all share that say the same (`same`)."""

    id: int
    kind: str
    act: str
    day: date
    recorded: date
    organ: int | None
    data: Mapping[str, FieldValue] = field(default_factory=dict)
    worded: bool = False
    case: int = 0
    opening: Mapping[str, FieldValue] = field(default_factory=dict)
    same: tuple[object, ...] = ()

    @property
    def tokens(self) -> set[object]:
        """What is taken with it: the deed itself, and what it says, which serves one period."""
        return {self.id, self.same} if self.same else {self.id}

    def says(self, name: str) -> str:
        """Return what it says in a field, or the act that opened its case; the day or the case
        itself for `@day` and `@case`."""
        if name == ON_DAY:
            return self.day.isoformat()
        if name == IN_CASE:
            return str(self.case or -self.id)
        return _text(self.data.get(name, self.opening.get(name)))


@dataclass(frozen=True, slots=True)
class Window:
    """A period of a duty: first and last day, how many deeds it asks for, and who held the seat
    at its end. `met_by` is the deed that met it already, which counts for nothing else."""

    first: date
    last: date
    at_least: int = 1
    leader: int | None = None
    met_by: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """The periods of one duty in one seat, and the deeds that may count for it, by id. Those `lent`
    were done by who stood in, or came to hold it by an entry made later: the doer's own seat comes
    first. `able` says by deed which missed windows, by their last days, its doer can make up for;
    without it, those at whose end the doer held the seat.
    """

    windows: Sequence[Window]
    deeds: Mapping[int, Deed]
    lent: frozenset[int] = frozenset()
    able: Mapping[int, frozenset[date]] | None = None


Held = Sequence[tuple[int | None, date]]
"""Who held something from which day on, in order; None where nobody did."""


def holder_on(held: Held, day: date) -> int | None:
    """Return who held it on `day`, None before the first and where nobody did."""
    return next((who for who, since in reversed(held) if since <= day), None)


def holds_for(rule: DutyRule, of: str, facts: Mapping[str, str]) -> bool:
    """Say whether a duty is borne by an organ, a leader or whoever has a field in charge (`of`), of
    whom this is known."""
    return rule.of == of and all(facts.get(name) in wanted for name, wanted in rule.applies.items())


def discharges(rule: DutyRule, deed: Deed) -> bool:
    """Say whether a deed is one of the acts that meet a duty, whoever did it."""
    return any(_is_named(deed, closing) for closing in rule.closed_by)


def _is_named(deed: Deed, closing: ClosedBy) -> bool:
    """Say whether a deed is the act that closes, under its conditions."""
    if (closing.kind, closing.act) != (deed.kind, deed.act):
        return False
    if closing.worded and not deed.worded:
        return False
    if any(_text(deed.data.get(name)) in barred for name, barred in closing.where_not.items()):
        return False
    return all(_text(deed.data.get(name)) in wanted for name, wanted in closing.where.items())


def _text(value: FieldValue | None) -> str:
    return "" if value is None else fact_text(value)


def credited(
    rule: DutyRule,
    deed: Deed,
    organ: int | None,
    leaders: Held,
    corrections: Sequence[HolderCorrection] = (),
) -> Deed | None:
    """Return a deed as it counts for a duty of this organ, or of whoever held the seat on its day;
    None where it does not.

    Whoever held the seat by an entry made afterwards met it by claim: the deed counts as recorded
    on the day of that entry. What the holder of that day by the registry did before it was
    corrected, counts.
    """
    if not discharges(rule, deed):
        return None
    if rule.of == "holder":
        return deed if deed.organ is not None and deed.organ == organ else None
    doer = deed.data.get(LEADER)
    if not isinstance(doer, int):
        return None
    was_holder = any(
        one.was == doer and one.since <= deed.day and deed.recorded < one.learnt
        for one in corrections
    )
    since, holder = _holding_on(leaders, deed.day)
    if was_holder or holder != doer:
        return deed if was_holder else None
    entered = [one.learnt for one in corrections if (one.since, one.leader) == (since, doer)]
    return replace(deed, recorded=max([deed.recorded, *entered]))


def _holding_on(held: Held, day: date) -> tuple[date | None, int | None]:
    """Return since when somebody held it on a day, and who."""
    return next(((since, who) for who, since in reversed(held) if since <= day), (None, None))


def grouped(rule: DutyRule, deeds: Iterable[Deed]) -> list[Deed]:
    """Return the deeds with what they share with those that say the same: one conclusion, one
    reception, one reading serves one period, known by the fields that `once` names."""
    found = []
    for deed in deeds:
        names = next((one.once for one in rule.closed_by if _is_named(deed, one)), ())
        same = (deed.kind, deed.organ, *(deed.says(name) for name in names)) if names else ()
        found.append(replace(deed, same=same))
    return found


def allocate_among(seats: Sequence[Seat]) -> list[list[Deed | None]]:
    """Return for each window of each seat the deed that closes it, or None.

    Deeds count in order of day, each (and what says the same) once and for one seat: for the window
    of their own day in the first seat that still lacks one, else for the earliest missed window
    before, which only whoever held the seat at its end can make up for.
    """
    done = [[_met_already(seat, window) for window in seat.windows] for seat in seats]
    taken: set[object] = {window.met_by for seat in seats for window in seat.windows}
    taken.update(token for own in done for met in own for deed in met for token in deed.tokens)
    for deed in _by_day(seats):
        place = None if taken & deed.tokens else _own_place(seats, done, deed.id)
        if place is not None:
            seat, window = place
            done[seat][window].append(seats[seat].deeds[deed.id])
            taken |= deed.tokens
    _make_up(seats, done, taken)
    return [
        [_last(seat, window, found) for window, found in zip(seat.windows, own, strict=True)]
        for seat, own in zip(seats, done, strict=True)
    ]


def _met_already(seat: Seat, window: Window) -> list[Deed]:
    """Return the deed that met a window before, where it is still known."""
    return [deed for deed in [seat.deeds.get(window.met_by or 0)] if deed is not None]


def _is_full(window: Window, done: Sequence[Deed]) -> bool:
    return window.met_by is not None or len(done) >= window.at_least


def _last(seat: Seat, window: Window, done: Sequence[Deed]) -> Deed | None:
    """Return the deed with which a window is met, None while it is not."""
    if window.met_by is not None:
        return seat.deeds.get(window.met_by)
    return done[-1] if len(done) >= window.at_least else None


def _by_day(seats: Sequence[Seat]) -> list[Deed]:
    """Return all deeds in order of their days; what says the same again comes after what was
    recorded first."""
    every = {deed.id: deed for seat in seats for deed in seat.deeds.values()}
    latest: dict[object, date] = {}
    days = {}
    for one in sorted(every):
        what = every[one].same or one
        days[one] = latest[what] = max(every[one].day, latest.get(what, date.min))
    return sorted(every.values(), key=lambda deed: (days[deed.id], deed.id))


def _own_place(
    seats: Sequence[Seat], done: Sequence[Sequence[Sequence[Deed]]], deed: int
) -> tuple[int, int] | None:
    """Return seat and window of the deed's own day that still lack one, None where none does."""
    own_first = sorted(range(len(seats)), key=lambda place: deed in seats[place].lent)
    for place in own_first:
        seat = seats[place]
        found = seat.deeds.get(deed)
        if found is None:
            continue
        window = _window_at(seat.windows, found.day)
        if window is not None and not _is_full(seat.windows[window], done[place][window]):
            return place, window
    return None


def _make_up(seats: Sequence[Seat], done: list[list[list[Deed]]], taken: set[object]) -> None:
    """Let what is over count for the earliest windows that were missed before it."""
    for place, seat in enumerate(seats):
        over = sorted(seat.deeds.values(), key=lambda deed: (deed.day, deed.id))
        for number, window in enumerate(seat.windows):
            lacking = window.at_least - len(done[place][number])
            if _is_full(window, done[place][number]):
                continue
            late: dict[object, Deed] = {}
            for deed in over:
                is_free = deed.day > window.last and not taken & deed.tokens
                if is_free and _makes_up(seat, window, deed):
                    late.setdefault(deed.same or deed.id, deed)
            if len(late) >= lacking:
                counted = list(late.values())[:lacking]
                done[place][number] += counted
                taken.update(token for deed in counted for token in deed.tokens)


def _window_at(windows: Sequence[Window], day: date) -> int | None:
    for place, window in enumerate(windows):
        if window.first <= day <= window.last:
            return place
    return None


def _makes_up(seat: Seat, window: Window, deed: Deed) -> bool:
    if seat.able is not None:
        return window.last in seat.able.get(deed.id, ())
    return window.leader is None or deed.data.get(LEADER) == window.leader


def met_by(duties: Iterable[DutyView], deeds: Sequence[Deed]) -> list[tuple[DutyView, Deed]]:
    """Return which deed closes which duty, reading the holders of each seat from the duties
    themselves. A deed counts for one seat of a rule."""
    by_rule: dict[str, dict[str, list[DutyView]]] = {}
    for duty in duties:
        if duty.rule.of and duty.due is not None:
            by_rule.setdefault(duty.rule.id, {}).setdefault(duty.seat, []).append(duty)
    found = []
    for by_seat in by_rule.values():
        every = list(by_seat.values())
        met = allocate_among([_seat(same, deeds) for same in every])
        for same, allocated in zip(every, met, strict=True):
            pairs = zip(same, allocated, strict=True)
            found += [(duty, deed) for duty, deed in pairs if deed is not None]
    return found


def _seat(same: Sequence[DutyView], deeds: Iterable[Deed]) -> Seat:
    """Return the periods of one seat with the deeds that count for any of them."""
    held = sorted((pair for duty in same for pair in duty.leaders), key=lambda pair: pair[1])
    corrections = [one for duty in same for one in duty.corrections]
    known = {}
    for deed in grouped(same[-1].rule, deeds):
        for duty in same:
            counted = credited(duty.rule, deed, duty.holder, held, corrections)
            if counted is not None:
                known[deed.id] = counted
    windows = [window for window in map(window_of, same) if window is not None]
    return Seat(windows, known)


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
        f"本地目标：{duty.start}至{duty.fixed}；条文没有数字，不是法定期限",
        f"a local target: {duty.start} to {duty.fixed}; the text has no number, so it is not law",
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


def _correct_holder(duty: DutyView, act: ActRecord) -> None:
    """Note who held the seat by an entry made afterwards, and who was held to be the holder until
    then: both names stay."""
    since, entered = act.data.get("since"), act.data.get(LEARNT)
    was, leader = _id(act.data.get(WAS)), _id(act.data.get(LEADER))
    if isinstance(since, date) and isinstance(entered, date):
        duty.corrections.append(HolderCorrection(since, was, leader, entered))
    _pass_on(duty, act)


def _end(duty: DutyView, act: ActRecord) -> None:
    if duty.state == OPEN:
        duty.state = VOID
        duty.closed_by, duty.closed_on = act.id, act.day
        duty.closed_recorded = act.recorded


_CHANGES = {
    MEET: _meet,
    REOPEN: _reopen,
    PASS_ON: _pass_on,
    CORRECT_HOLDER: _correct_holder,
    END_PERIOD: _end,
}


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
    return _used_elsewhere(view, duty, fields) if rule.id == MEET else []


def _used_elsewhere(
    view: CaseView, duty: DutyView, fields: Mapping[str, FieldValue]
) -> list[Refusal]:
    """Return why an act does not meet a period: it met another one of the same duty."""
    used = any(
        one is not duty
        and (one.rule.id, one.state) == (duty.rule.id, CLOSED)
        and one.evidence is not None
        and one.evidence == fields.get("evidence")
        for one in view.duties
    )
    if not used:
        return []
    zh = f"同一行为已经了结“{duty.rule.zh}”的另一个周期"
    en = f"the same act has met another period of “{duty.rule.en}”"
    return [Refusal("used", zh, en, duty.rule.basis)]


def _is_done(act: str, duty: DutyView, fields: Mapping[str, FieldValue]) -> bool:
    """Say whether a duty stands already as the act would leave it."""
    if act == MEET:
        return duty.state == CLOSED and duty.evidence == fields.get("evidence")
    if act == REOPEN:
        return duty.state != CLOSED
    if act == END_PERIOD:
        return duty.state != OPEN
    return (_id(fields.get(LEADER)), fields.get("since")) in duty.leaders
