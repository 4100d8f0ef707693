"""Acts to duties: fold the acts of one case into its state, holder, facts and duties.

`derive` is a pure function of the acts, the rulebooks they were judged by and the calendars in use.
Rows are
upserted from its answer and can be proved equal to it at any time (`rederive --check`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dengwen.law.duties import recurrence
from dengwen.law.duties.act_record import (
    BREACH,
    CLOSED,
    CORRECT,
    LAPSE,
    LAPSED,
    OPEN,
    VOID,
    ActRecord,
    CaseView,
    DutyView,
    Move,
    civil,
    fact_text,
)
from dengwen.law.duties.corrected_acts import corrected
from dengwen.law.duties.late_entry import Stood, mark_claims, standing
from dengwen.law.duties.running_terms import continued_duty, judge, recount
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, DutyRule, Extension, FieldRule, KindRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.time.calendar import CalendarHistory

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
    view.calendar = calendars.newest
    _fold(view, corrected(recorded), book)
    _look_back(view, recorded, book, calendars)
    for duty in view.duties:
        recount(duty, calendars)
        _lapse(duty)
        judge(duty)
    return view


def _lapse(duty: DutyView) -> None:
    """Let a right have lapsed that had run out when it was voided, or when a correction moved its
    day: whether a worker had recorded that by then changes nothing."""
    if not duty.rule.right or duty.imported or duty.state not in (OPEN, VOID):
        return
    last = duty.ran_out or _ran_out_when_voided(duty)
    if last is not None:
        # what voided it too late did nothing to it, and marks nothing
        duty.by_claim = [act for act in duty.by_claim if act != duty.closed_by]
        duty.state, duty.closed_by, duty.closed_on = LAPSED, None, last + timedelta(days=1)


def _ran_out_when_voided(duty: DutyView) -> date | None:
    """Return the last day of a right that had passed when an act that voids it was recorded, or
    None."""
    if not duty.rule.right or duty.state != VOID:
        return None
    if duty.due is None or duty.closed_recorded is None:
        return None
    return duty.due if duty.due < civil(duty.closed_recorded) else None


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
    verdicts = {_key(duty): duty.verdict_at() for duty in view.duties}
    before = _Before()
    for place in places:  # a duty opened after a correction never had another day
        earlier = _fold(CaseView(view.kind), corrected(acts[:place]), book)
        for duty in earlier.duties:
            duty.opened_recorded = _last_moved(duty, acts[:place])
            before.note(duty, acts[place], verdicts.get(_key(duty)), calendars)
    view.duties[:0] = before.duties_gone(verdicts, acts)
    for duty in view.duties:
        before.restore(duty)
        duty.opened_recorded = _last_moved(duty, acts)
    _mark_corrections(view, acts, places, book)


def _mark_corrections(
    view: CaseView, acts: Sequence[ActRecord], places: Sequence[int], book: BookOf
) -> None:
    """Note each correction entered late at the duties it moved, opened or undid."""
    for place in places:
        if not acts[place].entered_late:
            continue
        before, after = (
            standing(_fold(CaseView(view.kind), corrected(acts[:end]), book).duties)
            for end in (place, place + 1)
        )
        _note_correction(view, before, after, acts[place].id)


def _note_correction(view: CaseView, before: Stood, after: Stood, act: int) -> None:
    """Note a correction at the duties that stood otherwise before it."""
    for duty in view.duties:
        changed = before.get(_key(duty)) != after.get(_key(duty))
        if changed and not duty.imported and not duty.rule.of and act not in duty.by_claim:
            duty.by_claim.append(act)


def _last_moved(duty: DutyView, acts: Sequence[ActRecord]) -> datetime | None:
    """Return when the act that opened a duty was recorded or last corrected."""
    moved = [act.recorded for act in acts if _corrects(act, duty.opened_by)]
    return max(moved, default=duty.opened_recorded)


def _corrects(act: ActRecord, target: int) -> bool:
    return act.act == CORRECT and act.data.get("target") == target


DutyKey = tuple[str, int]


def _key(duty: DutyView) -> DutyKey:
    return duty.rule.id, duty.opened_by


@dataclass(slots=True)
class _Before:
    """How duties stood before the corrections that were entered after they opened.

    `first` holds the first day and the fixed day before any correction, `missed` the first last day
    that had passed when one was entered (`ran_out`: of a right), `stood` the duty as the newest
    correction found it.
    """

    first: dict[DutyKey, tuple[date, date | None]] = field(default_factory=dict)
    missed: dict[DutyKey, date] = field(default_factory=dict)
    ran_out: dict[DutyKey, date] = field(default_factory=dict)
    stood: dict[DutyKey, tuple[DutyView, ActRecord]] = field(default_factory=dict)

    def note(
        self,
        duty: DutyView,
        correction: ActRecord,
        verdict: datetime | None,
        calendars: CalendarHistory,
    ) -> None:
        """Note how a duty stood when a correction was entered; `verdict` is when it was judged
        since."""
        key, entered = _key(duty), correction.recorded
        self.first.setdefault(key, (duty.start, duty.fixed))
        recount(duty, CalendarHistory.of(calendars.at(entered)))
        if duty.provisional and duty.due is None:
            # what no notice had fixed then, a later one may have
            later = calendars.at(verdict) if verdict else calendars.newest
            recount(duty, CalendarHistory.of(later))
        if duty.due is not None and duty.unrecorded_breach(civil(entered)):
            self.missed.setdefault(key, duty.due)
        if duty.due is not None and duty.unrecorded_lapse(civil(entered)):
            self.ran_out.setdefault(key, duty.due)
        voided_late = _ran_out_when_voided(duty)
        if voided_late is not None:
            self.ran_out.setdefault(key, voided_late)
        self.stood[key] = duty, correction

    def duties_gone(self, owed: Container[DutyKey], acts: Sequence[ActRecord]) -> list[DutyView]:
        """Return the duties that are no longer owed once the corrections are applied."""
        gone = []
        for key, (duty, correction) in self.stood.items():
            if key not in owed:
                gone.append(_gone(duty, correction, acts))
        return gone

    def restore(self, duty: DutyView) -> None:
        """Give a duty its first day and the last day it had missed."""
        key = _key(duty)
        was = self.first.get(key)
        if was is not None and was != (duty.start, duty.fixed):
            duty.first_start, duty.first_fixed = was
        duty.missed = self.missed.get(key, duty.missed)
        duty.ran_out = self.ran_out.get(key, duty.ran_out)


def _gone(duty: DutyView, correction: ActRecord, acts: Sequence[ActRecord]) -> DutyView:
    """Return a duty that a correction says was never owed: void from then on if it was open, its
    breach kept."""
    if duty.state == OPEN:
        _close(duty, correction, VOID)
    for act in acts:
        if act.act == BREACH and (act.duty, act.opened_by) == (duty.rule.id, duty.opened_by):
            duty.breach, duty.breach_recorded = act.id, act.recorded
    return duty


def _apply(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    rule = rules.acts[act.act]
    stood = standing(view.duties) if act.entered_late else None
    if act.act in (BREACH, LAPSE):
        _mark(view, act)
    else:
        _move(view, act, rule)
        if view.kind == recurrence.REGISTER and act.act in recurrence.ACTS:
            recurrence.apply(view, act, rules)
        _end(view, act, rules)
        _stretch(view, act, rules)
        _open(view, act, rules)
    if stood is not None:
        mark_claims(view.duties, stood, act.id)
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
        if value is not None:
            _take_in(view, declared, value)
    view.facts.update(rule.sets)
    if rule.takes and act.organ != view.holder:
        view.holder, view.handler = act.organ, None
    if rule.handler and rule.handler in act.data:
        view.handler = _int(act.data.get(rule.handler))
    _hand_on(view, act)


def _take_in(view: CaseView, declared: FieldRule, value: FieldValue) -> None:
    """Keep what a field of an act says of the case: the organs it names, and its value as a
    fact."""
    if declared.type in ("organ", "organs") and declared.data_class != "D4":
        # who is accused gets no say by it
        organs = tuple(
            organ
            for organ in (value if isinstance(value, tuple) else (value,))
            if isinstance(organ, int)
        )
        view.named.update(organs)
        view.named_in[declared.name] = organs
    if declared.fact:
        view.facts[declared.name] = fact_text(value)


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
        if duty.state != OPEN and not (duty.rule.right and duty.state == LAPSED):
            continue
        rule, now = duty.rule, rules.duties.get(duty.rule.id, duty.rule)
        if act.act in rule.closes or act.act in now.closes:
            may_close = not rule.close_by_holder or duty.holder == act.organ
            if may_close and duty.matched == _matched(rule, act):
                _close(duty, act, CLOSED)
        elif duty.state == OPEN and (
            act.act in rule.voids
            or act.act in now.voids
            or (rule.ends_with_case and rules.ends(act.act))
        ):
            _close(duty, act, VOID)


def _close(duty: DutyView, act: ActRecord, state: str) -> None:
    duty.state, duty.closed_by, duty.closed_on = state, act.id, act.day
    duty.closed_recorded = act.recorded
    duty.imported = duty.imported or act.imported


def _stretch(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    """Note an approved extension, or a stretch the text does not count, at the open duties that
    allow it."""
    for duty in view.duties:
        if duty.state != OPEN:
            continue
        extension, exclusion = _extension(duty, rules), duty.rule.clock.exclusion
        if extension and extension.act == act.act and _meant(duty, act):
            amount = _added(duty, act.data.get(extension.field))
            duty.moves.append(Move(act.id, act.recorded, amount))
        if exclusion and exclusion.act == act.act:
            first, last = act.data.get(exclusion.first), act.data.get(exclusion.last)
            if isinstance(first, date) and isinstance(last, date):
                duty.moves.append(Move(act.id, act.recorded, span=(first, last)))


def _meant(duty: DutyView, act: ActRecord) -> bool:
    """Say whether an act is about the thing a duty is about, where it says about which one."""
    return act.data.get(duty.rule.matching) is None or duty.matched == _matched(duty.rule, act)


def _extension(duty: DutyView, rules: KindRule) -> Extension | None:
    """Return how a duty may be lengthened: by the rule under which it opened; a date that was set
    in an act, where the text has no number, also by the edition of the act that moves it."""
    if duty.rule.clock.extension or duty.fixed is None:
        return duty.rule.clock.extension
    return rules.duties.get(duty.rule.id, duty.rule).clock.extension


def _added(duty: DutyView, said: FieldValue | None) -> int:
    """Return by how much an act lengthens a duty: a number in the unit of its term, or the days
    up to the new date."""
    if isinstance(said, date) and duty.fixed is not None:
        return (said - duty.fixed).days - duty.granted
    return _int(said) or 0


def _open(view: CaseView, act: ActRecord, rules: KindRule) -> None:
    for rule in rules.duties.values():
        if act.act not in rule.opens:
            continue
        if not view.matches(rule.where) or view.meets_any(rule.where_not):
            continue
        fixed = act.data.get(rule.clock.by_field) if rule.clock.by_field else None
        if rule.clock.by_field and not isinstance(fixed, date):
            continue  # no date was set, so the act laid no dated duty on anybody
        holder = _holder(view, act, rule)
        if any(d.rule.id in rule.in_place_of and d.holder == holder for d in view.duties):
            continue
        duty = DutyView(
            rule=rule,
            opened_by=act.id,
            opened_on=act.day,
            start=_start(view, act, rule),
            rules=act.rules,
            holder=holder,
            official=_official(view, act, rule),
            imported=act.imported,
            fixed=fixed if isinstance(fixed, date) else None,
            holders=[(holder, act.day)],
            matched=_matched(rule, act),
            opened_recorded=act.recorded,
        )
        view.duties.append(duty)  # counted once all acts are read


def _start(view: CaseView, act: ActRecord, rule: DutyRule) -> date:
    """Return the day 0 of a duty: that of a duty it continues, of an earlier act, of a date
    field, or of the act."""
    continued = continued_duty(view, rule)
    if continued is not None:
        return continued.start + _time_away(continued, act, rule)
    said = act.data.get(rule.starts_on) if rule.starts_on else None
    if isinstance(said, date) and not isinstance(said, datetime):
        return said
    for name in rule.counts_from:
        if name in view.days:
            return view.days[name]
    return act.day


def _time_away(earlier: DutyView, act: ActRecord, rule: DutyRule) -> timedelta:
    """Return how long nobody had to do what a duty continues: its time stood still meanwhile."""
    if not rule.stands_still or earlier.closed_on is None:
        return timedelta(0)
    return max(act.day - earlier.closed_on, timedelta(0))


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
