"""Acts to duties: fold the acts of one case into its state, holder, facts and duties.

`derive` is a pure function of the acts, the rulebooks they were judged by and the calendars in use.
Rows are
upserted from its answer and can be proved equal to it at any time (`rederive --check`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from dengwen.law.duties import recurrence
from dengwen.law.duties.act_record import (
    BREACH,
    BY_CLAIM,
    CHINA,
    CLOSED,
    CORRECT,
    IMPORTED,
    IN_TIME,
    LAPSE,
    LAPSED,
    LATE,
    OCCURRED,
    OPEN,
    UNKNOWN,
    VOID,
    ActRecord,
    CaseView,
    DutyView,
    Move,
    civil,
    fact_text,
)
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, ClockRule, DutyRule, KindRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.time.calendar import DAY, Calendar, CalendarHistory
from dengwen.law.time.terms import Counted, Term, Traced, count, count_period

BookOf = Callable[[str], Rulebook]
"""Returns the rulebook with a digest: the one an act was judged by."""


def derive(
    kind: str,
    acts: Iterable[ActRecord],
    book: BookOf,
    calendars: CalendarHistory,
    *,
    begin: CaseView | None = None,
) -> CaseView:
    """Return the case as it stands after `acts`, given in the order they were recorded.

    Each act is read by the rules it was judged by (`book(act.rules)`), so neither a newer edition
    nor a newer
    pack changes what was; a duty keeps the rule under which it opened. `begin` is how the case
    stood before the
    first act, for scenarios that start in the middle of a procedure.
    """
    view, recorded = begin or CaseView(kind), list(acts)
    _fold(view, corrected(recorded), book)
    _look_back(view, recorded, book, calendars)
    for duty in view.duties:
        _recount(duty, calendars)
        _judge(duty)
    return view


def _fold(view: CaseView, acts: Sequence[ActRecord], book: BookOf) -> CaseView:
    for act in acts:
        _apply(view, act, book(act.rules).kind(view.kind))
    return view


def _look_back(
    view: CaseView, acts: Sequence[ActRecord], book: BookOf, calendars: CalendarHistory
) -> None:
    """Keep how each duty stood before a correction: its first day, and a last day that had passed
    by then.

    A correction moves what is still to be done; what had been missed when it was entered stays
    missed.
    """
    places = [place for place, act in enumerate(acts) if act.act == CORRECT]
    if not places or view.opened_on is None or acts[0].act == CORRECT:
        return  # nothing was corrected, or the corrected acts were applied by an earlier call
    first: dict[tuple[str, int], tuple[date, date | None]] = {}
    missed: dict[tuple[str, int], date] = {}
    stood: dict[tuple[str, int], tuple[DutyView, ActRecord]] = {}
    verdicts = {(duty.rule.id, duty.opened_by): duty.verdict_at() for duty in view.duties}
    for place in places:  # a duty opened after a correction never had another day
        entered = acts[place].recorded
        for duty in _fold(CaseView(view.kind), corrected(acts[:place]), book).duties:
            key = (duty.rule.id, duty.opened_by)
            first.setdefault(key, (duty.start, duty.fixed))
            _recount(duty, CalendarHistory.of(calendars.at(entered)))
            if (
                duty.provisional and duty.due is None
            ):  # what no notice had fixed then, a later one may have
                verdict = verdicts.get(key)
                _recount(
                    duty, CalendarHistory.of(calendars.at(verdict) if verdict else calendars.newest)
                )
            if duty.due is not None and duty.unrecorded_breach(civil(entered)):
                missed.setdefault(key, duty.due)
            stood[key] = duty, acts[place]
    view.duties[:0] = [_gone(*stood[key], acts) for key in stood if key not in verdicts]
    for duty in view.duties:
        key = (duty.rule.id, duty.opened_by)
        was = first.get(key)
        if was is not None and was != (duty.start, duty.fixed):
            duty.first_start, duty.first_fixed = was
        duty.missed = missed.get(key, duty.missed)


def _gone(duty: DutyView, correction: ActRecord, acts: Sequence[ActRecord]) -> DutyView:
    """Return a duty that a correction says was never owed: void from then on if it was open, its
    breach kept."""
    if duty.state == OPEN:
        _close(duty, correction, VOID)
    for act in acts:
        if act.act == BREACH and (act.duty, act.opened_by) == (duty.rule.id, duty.opened_by):
            duty.breach, duty.breach_recorded = act.id, act.recorded
    return duty


def corrected(acts: Sequence[ActRecord]) -> list[ActRecord]:
    """Return the acts with every recorded correction applied to the act it names; the
    corrections stay in the list."""
    by_id = {a.id: a for a in acts}
    for act in acts:
        if act.act != CORRECT:
            continue
        target, name, new = (
            act.data.get("target"),
            str(act.data.get("field", "")),
            act.data.get("new"),
        )
        if not isinstance(target, int) or target not in by_id or new is None:
            continue
        old = by_id[target]
        if name == OCCURRED:
            by_id[target] = replace(old, occurred=instant_of(new))
        else:
            by_id[target] = replace(old, data={**old.data, name: _like(old.data.get(name), new)})
    return [by_id[a.id] for a in acts]


def instant_of(value: FieldValue) -> datetime:
    """Return the instant a corrected day stands for: noon in China of that civil date, or the
    instant itself."""
    if isinstance(value, datetime):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    if len(text) > len("2025-01-31"):
        return datetime.fromisoformat(text)
    return datetime.combine(date.fromisoformat(text), time(12), CHINA)


def _like(old: FieldValue | None, new: FieldValue) -> FieldValue:
    """Give a corrected value, which is stored as text, the type of the value it replaces."""
    text = str(new)
    if isinstance(old, bool):
        return text == "true"
    if isinstance(old, int):
        return int(text)
    if isinstance(old, date) and not isinstance(old, datetime):
        return date.fromisoformat(text)
    if isinstance(old, tuple):
        items = [item for item in text.split(",") if item]
        return (
            tuple(map(int, items)) if all(isinstance(item, int) for item in old) else tuple(items)
        )
    if old is None and _DAY.fullmatch(text):  # a day that was left out before
        return date.fromisoformat(text)
    return new


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _apply(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    rule = rules.acts[act.act]
    if act.act in (BREACH, LAPSE):
        _mark(view, act)
    else:
        _move(view, act, rule)
        if view.kind == recurrence.REGISTER and act.act in recurrence.ACTS:
            recurrence.apply(view, act, rules)
        _end(view, act, rules)
        _stretch(view, act)
        _open(view, act, rules)
    if rule.to != KEEP_STATE:
        view.state = rule.to
        view.moved_on = max(view.moved_on or act.day, act.day)
    view.done[act.act] = act.id
    view.days[act.act] = act.day
    view.last_actor[act.act] = act.actor
    view.opened_on = view.opened_on or act.day


def _mark(view: CaseView, act: ActRecord) -> None:
    """Attach a breach to its duty, or let a right lapse; both name the duty by rule and opening
    act."""
    for duty in view.duties:
        if duty.rule.id == act.duty and duty.opened_by == act.opened_by:
            if act.act == BREACH:
                duty.breach, duty.breach_recorded = act.id, act.recorded
            elif duty.state == OPEN:
                _close(duty, act, LAPSED)


def _move(view: CaseView, act: ActRecord, rule: ActRule) -> None:
    """Change holder, addressee, handler and facts as the act says. Exactly one organ holds a
    case at a time."""
    if rule.addresses:
        view.sender, view.addressee = act.organ, _int(act.data.get(rule.addresses))
    for declared in rule.fields:
        value = act.data.get(declared.name)
        if value is None:
            continue
        if (
            declared.type in ("organ", "organs") and declared.data_class != "D4"
        ):  # who is accused gets no say by it
            view.named.update(value if isinstance(value, tuple) else (value,))  # type: ignore[arg-type]
        if declared.fact:
            view.facts[declared.name] = fact_text(value)
    view.facts.update(rule.sets)
    if rule.takes and act.organ != view.holder:
        view.holder, view.handler = act.organ, None
    if rule.handler and rule.handler in act.data:
        view.handler = _int(act.data.get(rule.handler))
    _hand_on(view, act)


def _hand_on(view: CaseView, act: ActRecord) -> None:
    """Let open duties of the holder follow the case to a new holder, or to a new handler inside
    it."""
    for duty in view.duties:
        if duty.state != OPEN or duty.rule.holder != "holder" or duty.rule.of:
            continue
        if duty.holder != view.holder:
            duty.holder, duty.official = view.holder, None
            duty.holders.append((view.holder, act.day))
        if duty.official != view.handler and not duty.rule.official and not duty.rule.shared:
            duty.official = view.handler


def _int(value: FieldValue | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _end(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    """Close or void duties: by the rule under which each opened, or by the same duty of the edition
    of this act.

    How long somebody had is settled by the edition under which the duty opened; how it can be done,
    also by
    the edition in force when it is done: a notice owed since April 2022 is given in May by the new
    act.
    """
    for duty in view.duties:
        if duty.state != OPEN:
            continue
        now = rules.duties.get(duty.rule.id, duty.rule)
        if act.act in (*duty.rule.closes, *now.closes):
            own = not duty.rule.close_by_holder or duty.holder == act.organ
            if own and duty.matched == _matched(duty.rule, act):
                _close(duty, act, CLOSED)
        elif act.act in (*duty.rule.voids, *now.voids) or (
            duty.rule.ends_with_case and rules.ends(act.act)
        ):
            _close(duty, act, VOID)


def _close(duty: DutyView, act: ActRecord, state: str) -> None:
    duty.state, duty.closed_by, duty.closed_on = state, act.id, act.day
    duty.closed_recorded = act.recorded
    duty.imported = duty.imported or act.imported


def _stretch(view: CaseView, act: ActRecord) -> None:
    """Note an approved extension, or a stretch the text does not count, at the open duties that
    allow it."""
    for duty in view.duties:
        clock = duty.rule.clock
        if duty.state != OPEN:
            continue
        if clock.extension and clock.extension.act == act.act:
            amount = _int(act.data.get(clock.extension.field)) or 0
            duty.moves.append(Move(act.id, act.recorded, amount))
        if clock.exclusion and clock.exclusion.act == act.act:
            first, last = act.data.get(clock.exclusion.first), act.data.get(clock.exclusion.last)
            if isinstance(first, date) and isinstance(last, date):
                duty.moves.append(Move(act.id, act.recorded, span=(first, last)))


def _open(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    for rule in rules.duties.values():
        if (
            act.act not in rule.opens
            or not view.matches(rule.where)
            or view.meets_any(rule.where_not)
        ):
            continue
        holder = _holder(view, act, rule)
        start = _start(view, act, rule)
        fixed = act.data.get(rule.clock.by_field) if rule.clock.by_field else None
        duty = DutyView(
            rule=rule,
            opened_by=act.id,
            opened_on=act.day,
            start=start,
            rules=act.rules,
            holder=holder,
            official=_official(view, act, rule),
            imported=act.imported,
            fixed=fixed if isinstance(fixed, date) else None,
            holders=[(holder, act.day)],
            matched=_matched(rule, act),
        )
        if rule.clock.by_field and duty.fixed is None:
            continue  # no date was set, so the act laid no dated duty on anybody
        view.duties.append(duty)  # counted once all acts are read


def _start(view: CaseView, act: ActRecord, rule: DutyRule) -> date:
    """Return the day 0 of a duty: that of a duty it continues, of an earlier act, of a date
    field, or of the act."""
    for earlier in reversed(view.duties):
        if earlier.rule.id in rule.continues:
            return earlier.start
    said = act.data.get(rule.starts_on) if rule.starts_on else None
    if isinstance(said, date) and not isinstance(said, datetime):
        return said
    return next((view.days[a] for a in rule.counts_from if a in view.days), act.day)


def _matched(rule: DutyRule, act: ActRecord) -> str:
    """Return the value that ties a closing act to its opening act, "" where the duty asks for
    none."""
    value = act.data.get(rule.matching) if rule.matching else None
    return "" if value is None else fact_text(value)


def _holder(view: CaseView, act: ActRecord, rule: DutyRule) -> int | None:
    if rule.holder == "named":
        return _int(act.data.get(rule.named_by))
    return {
        "actor": act.organ,
        "holder": view.holder,
        "sender": view.sender,
        "addressee": view.addressee,
    }.get(rule.holder)


def _official(view: CaseView, act: ActRecord, rule: DutyRule) -> int | None:
    """Return the person who owes a duty in the organ that holds it: named by this or an earlier
    act, or handling."""
    if not rule.official:
        return view.handler if rule.holder == "holder" and not rule.shared else None
    named = act.data.get(rule.official, view.facts.get(rule.official))
    return int(named) if isinstance(named, int | str) and str(named).isdecimal() else None


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


def _recount(duty: DutyView, calendars: CalendarHistory) -> None:
    """Count again with all extensions, by the calendar of the verdict, or by the newest one
    while it is open."""
    verdict = duty.verdict_at()
    calendar = calendars.newest if verdict is None else calendars.at(verdict)
    if duty.rule.of:
        duty.counted = recurrence.counted(duty, calendar)
        duty.original_due = duty.due
        return
    _weigh(duty, calendars, calendar)
    _leave_out(duty, calendar)
    plain = _count(duty, calendar, 0)
    first = plain
    if duty.first_start is not None:
        first = _count(replace(duty, start=duty.first_start, fixed=duty.first_fixed), calendar, 0)
    duty.original_due = first.due if first else None
    duty.counted = _count(duty, calendar, duty.extended) if duty.extended else plain
    duty.claimed_due = _claimed(duty, calendar)


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
        calendar = calendars.at(move.recorded)
        _leave_out(duty, calendar)
        counted = _count(duty, calendar, duty.extended)
        if counted and counted.due is None:
            _leave_out(duty, known)
            counted = _count(duty, known, duty.extended)
        if not duty.imported and counted and counted.due and civil(move.recorded) > counted.due:
            duty.claims.append(move)
            continue
        duty.extended += move.amount
        if move.span is not None:
            duty.spans.append(move.span)


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


def _leave_out(duty: DutyView, calendar: Calendar) -> None:
    """Count how many days of the recorded stretches the term stands still (R22 36(2)).

    Each day once, however many hearings it held; none before the term began, none after it had run
    out.
    """
    duty.excluded = 0
    for first, last in united(duty.spans, duty.start + DAY):
        counted = _count(duty, calendar, duty.extended)
        if counted and counted.raw and first > counted.raw:
            break
        duty.excluded += (last - first).days + 1


def united(spans: Iterable[tuple[date, date]], begin: date) -> list[tuple[date, date]]:
    """Return the days of stretches (first and last day each) from `begin` on as stretches that
    do not overlap."""
    found: list[tuple[date, date]] = []
    for first, last in sorted((max(first, begin), last) for first, last in spans):
        if last < first:
            continue
        if found and first <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _count(duty: DutyView, calendar: Calendar, extend: int) -> Counted | None:
    """Count the clock of a duty, once for all duties of this clock that began on one day."""
    clock = duty.rule.clock
    if clock.term is None:
        return count_clock(
            clock, duty.start, calendar, extend=extend, exclude=duty.excluded, fixed=duty.fixed
        )
    key = (clock.term, duty.start, calendar.version, extend, duty.excluded)
    if key not in _counted:
        if len(_counted) >= MOST_COUNTED:
            _counted.clear()
        _counted[key] = count(
            clock.term, duty.start, calendar, extend=extend, exclude=duty.excluded
        )
    return _counted[key]


MOST_COUNTED = 4096
"""Counted terms a process keeps at hand before it begins anew."""
_counted: dict[tuple[Term, date, str, int, int], Counted] = {}
"""By term, day 0, calendar, extension and exclusion: the same of these is the same answer."""


def _judge(duty: DutyView) -> None:
    """Say how a closed duty was met. Timeliness is judged on the claimed day; a late record of it
    is told apart.

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
        duty.timeliness = BY_CLAIM if missed or civil(duty.closed_recorded) > duty.due else IN_TIME
