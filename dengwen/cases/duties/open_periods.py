"""What an open period of a register still lacks: the change of a holder, a warning, the act that
meets it, a breach.

Read in sets: the duties of two years' registers, and the acts in other cases that may meet them
(`fulfilment`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dengwen.cases import rulebooks
from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.duties.fulfilment import Fulfilments
from dengwen.cases.models import Act, Duty
from dengwen.editions.as_of import Settings, settings_of
from dengwen.law.duties.act_record import (
    BREACH,
    BY_CLAIM,
    CHINA,
    CLOSED,
    LATE,
    OPEN,
    civil,
)
from dengwen.law.duties.recurrence import (
    CORRECT_HOLDER,
    END_PERIOD,
    LEADER,
    LEARNT,
    MEET,
    PASS_ON,
    REGISTER,
    REOPEN,
    WARN,
    WAS,
    Deed,
    Seat,
    Window,
    allocate_among,
    discharges,
    grouped,
    holder_on,
)
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import DutyRule
from dengwen.organs.kinds import RANKS

WINDOW = "late_entry.days"
"""The local setting that says how many days after its day an entry is no late one. Never law."""
DAY = timedelta(days=1)
LEADS = {"year": 60, "half_year": 30, "quarter": 15, "month": 7, "week": 2}
"""Days before the end of a period on which the office is warned, unless a local setting
`register.warning.year` … says otherwise. Never law."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One period of one duty as its row has it; `rule` is its id, `law` the rule under which it
    opened."""

    case: int
    organ: int
    rule: str
    law: DutyRule
    seat: str
    start: date
    due: date | None
    state: str
    official: int | None
    opened_by: int
    breach: int | None
    timeliness: str
    closed_on: date | None
    evidence: int | None
    first_holder: int | None = None

    @property
    def window(self) -> Window:
        """The period as acts are allocated to it; the holder at its end is added by whoever
        knows the seat."""
        return Window(self.start, self.due or date.max, self.law.clock.at_least or 1)

    @property
    def opened(self) -> tuple[int, str, str, date]:
        """What names the period among all registers."""
        return self.case, self.rule, self.seat, self.start


def owed(since: int) -> list[Owed]:
    """Return every period in the registers of the year `since` and later, in order of their
    beginning."""
    rows = Duty.objects.filter(case__kind=REGISTER, case__opened_on__year__gte=since).order_by(
        "start", "pk"
    )
    return [
        Owed(
            case=row["case_id"],
            organ=row["holder_id"] or 0,
            rule=row["rule"],
            law=rulebooks.by_row(row["rules_id"]).kind(REGISTER).duties[row["rule"]],
            seat=row["opened_by__data"].get("seat", ""),
            start=row["start"],
            due=row["due"],
            state=row["state"],
            official=row["official_id"],
            opened_by=row["opened_by_id"],
            breach=row["breach_id"],
            timeliness=row["timeliness"],
            closed_on=row["closed_on"],
            evidence=(row["closed_by__data"] or {}).get("evidence"),
            first_holder=row["opened_by__data"].get(LEADER),
        )
        for row in rows.values(*_COLUMNS)
    ]


_COLUMNS = (
    "case_id",
    "holder_id",
    "rule",
    "rules_id",
    "opened_by__data",
    "start",
    "due",
    "state",
    "official_id",
    "opened_by_id",
    "breach_id",
    "timeliness",
    "closed_on",
    "closed_by__data",
)


def steps_due(
    places: Mapping[tuple[int, str], Bearer], settings: Settings, now: datetime
) -> dict[int, list[Step]]:
    """Return by register what it still lacks on the civil day of `now`. `places` are the bearers
    by organ and seat."""
    since = civil(now).year - 1
    every = owed(since)
    acts = Fulfilments.read([one.law for one in every], _begins(every), now)
    warned = _warned({one.case for one in every})
    turn = _Turn(acts, settings_of(WINDOW), now, _noted({one.case for one in every}))
    used = _used_before(since)
    found: dict[int, list[Step]] = {}
    for groups in _by_rule(every, places):
        for (bearer, same), allocated in zip(groups, turn.allocated(groups, used), strict=True):
            for one, act in zip(same, allocated, strict=True):
                steps = turn.steps_of(one, act, bearer)
                if one.state == OPEN and act is None and one.opened_by not in warned:
                    steps += _warning(one, settings, now)
                if steps:
                    found.setdefault(one.case, []).extend(steps)
    return found


def _by_rule(
    every: Iterable[Owed], places: Mapping[tuple[int, str], Bearer]
) -> list[list[tuple[Bearer, list[Owed]]]]:
    """Return the periods by rule, and by seat within each: own posts in order of rank."""
    rules: dict[str, dict[tuple[int, str], list[Owed]]] = {}
    for one in every:
        if (one.organ, one.seat) in places:
            seats = rules.setdefault(one.rule, {})
            seats.setdefault((one.organ, one.seat), []).append(one)
    return [
        sorted(
            ((places[place], same) for place, same in seats.items()),
            key=lambda pair: (pair[0].organ.pk, _rank(pair[0]), pair[0].seat),
        )
        for seats in rules.values()
    ]


def _rank(bearer: Bearer) -> int:
    return RANKS.index(bearer.rank) if bearer.rank in RANKS else len(RANKS)


def _used_before(since: int) -> set[int]:
    """Return the acts that met periods of earlier registers: they, and what says the same, count
    for nothing else."""
    rows = Duty.objects.filter(
        case__kind=REGISTER, case__opened_on__year__lt=since, state=CLOSED
    ).exclude(closed_by=None)
    found = (data.get("evidence") for data in rows.values_list("closed_by__data", flat=True))
    return {act for act in found if act is not None}


def _begins(every: Sequence[Owed]) -> datetime:
    """Return the beginning of the earliest period; the end of all time where there is none."""
    return _midnight(min((one.start for one in every), default=date.max))


def _warned(cases: set[int]) -> set[int]:
    """Return the acts that opened the periods of which the office was warned already."""
    acts = Act.objects.filter(act=WARN, case__in=cases)
    return set(acts.values_list("opened_by_id", flat=True))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one turn knows: the acts elsewhere, the local windows for late entries, the day, and the
    holders noted so far."""

    acts: Fulfilments
    windows: Settings
    now: datetime
    noted: Mapping[tuple[int, str, str, date], list[_Noted]]

    def allocated(
        self, groups: Sequence[tuple[Bearer, Sequence[Owed]]], used: set[int]
    ) -> list[Sequence[Deed | None]]:
        """Return for each period of each seat the act that meets it; an act counts for one seat.

        Where all are closed and nothing was corrected, nothing is asked again.
        """
        if not any(self._is_open(one) for _, same in groups for one in same):
            return [[None] * len(same) for _, same in groups]
        seats = [self._seat(bearer, same, used) for bearer, same in groups]
        return list(allocate_among(_each_to_its_organ(groups, seats)))

    def _is_open(self, one: Owed) -> bool:
        return one.state == OPEN or self.acts.is_corrected(one.evidence)

    def _seat(self, bearer: Bearer, same: Sequence[Owed], used: set[int]) -> Seat:
        """Return the periods of a seat with the acts that count for any of them."""
        windows = []
        for one in same:
            known = self.acts.is_corrected(one.evidence)
            met_by = one.evidence if one.state == CLOSED and not known else None
            windows.append(replace(one.window, met_by=met_by))
        law = same[-1].law
        acts = grouped(law, self.acts.of(law, same[0].organ, bearer))
        met = {window.met_by for window in windows}
        spent = {act.same for act in acts if act.same and (act.id in used or act.id in met)}
        found, lent = {}, set()
        for act in acts:
            is_over = act.id in used or (act.same in spent and act.id not in met)
            counted = None if is_over else self._counted(act, same, bearer)
            if counted is None:
                continue
            found[act.id] = counted
            if bearer.known_post(act.day, act.recorded) != act.data.get(LEADER):
                lent.add(act.id)
        able = {act: _able(found[act], windows, bearer) for act in found}
        return Seat(windows, found, frozenset(lent), able)

    def _counted(self, act: Deed, same: Sequence[Owed], bearer: Bearer) -> Deed | None:
        """Return an act as it counts for any of these periods.

        What somebody did who held the seat by the registry of that day counts; who is the holder by
        an entry made later met it by claim, on the day of that entry.
        """
        if not any(discharges(one.law, act) for one in same):
            return None
        if bearer.of == "holder":
            return act if act.organ == same[0].organ else None
        leader = act.data.get(LEADER)
        if not isinstance(leader, int):
            return None
        if bearer.known(act.day, act.recorded) == leader:
            return act
        if bearer.holder(act.day) != leader:
            return None
        entered = bearer.late_since(act.day, leader, self.window(bearer))
        return replace(act, recorded=max(act.recorded, entered or act.recorded))

    def window(self, bearer: Bearer) -> int:
        """Return the local number of days after which an entry is late; 0 without a setting."""
        row = self.windows.on(WINDOW, bearer.organ.pk, civil(self.now))
        return int(row.value) if row is not None and row.value.isdigit() else 0

    def steps_of(self, one: Owed, act: Deed | None, bearer: Bearer) -> list[Step]:
        """Return the changes of holder, then the end of the period: with its organ, or by what met
        it or did not."""
        today = civil(self.now)
        noted = self.noted.get(one.opened, [])
        steps = _holders(one, bearer, today, noted, act, self.window(bearer))
        end = _end(one, bearer, today)
        if end is not None:
            return [*steps, end]
        is_corrected = self.acts.is_corrected(one.evidence)
        return steps + _closing(one, act, self.now, is_corrected=is_corrected)


def _able(act: Deed, windows: Iterable[Window], bearer: Bearer) -> frozenset[date]:
    """Return the last days of the periods that an act can make up for: at their end its doer held
    the seat, by the registry of today or of the day of the act."""
    if bearer.of == "holder":
        return frozenset(window.last for window in windows)
    doer = act.data.get(LEADER)
    return frozenset(
        window.last
        for window in windows
        if doer in (bearer.holder(window.last), bearer.known(window.last, act.day))
    )


def _each_to_its_organ(
    groups: Sequence[tuple[Bearer, Sequence[Owed]]], seats: Sequence[Seat]
) -> list[Seat]:
    """Return seats without the acts that belong to a seat of their doer in another organ: what is
    done as head of one organ does not count in another."""
    organs: dict[int, set[int]] = {}
    for (bearer, _), seat in zip(groups, seats, strict=True):
        for act in seat.deeds:
            organs.setdefault(act, set()).add(bearer.organ.pk)
    return [
        Seat(
            seat.windows,
            {
                act: deed
                for act, deed in seat.deeds.items()
                if deed.organ == bearer.organ.pk or deed.organ not in organs[act]
            },
            seat.lent,
            seat.able,
        )
        for (bearer, _), seat in zip(groups, seats, strict=True)
    ]


def _data(one: Owed, **more: FieldValue) -> dict[str, FieldValue]:
    seat: dict[str, FieldValue] = {"seat": one.seat} if one.seat else {}
    return {"rule": one.rule, "first": one.start, **seat, **more}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA)


def _holders(
    one: Owed,
    bearer: Bearer,
    today: date,
    noted: Sequence[_Noted] = (),
    act: Deed | None = None,
    window: int = 0,
) -> list[Step]:
    """Return the changes of holder that a period has not noted: also who held it in between, where
    the one before is back already, and by a correction with both names who held it by an entry made
    afterwards, the first holder included."""
    if one.state not in (OPEN, CLOSED) or not one.seat or today < one.start:
        return []
    until = max(one.start, min(today, one.due or today, _met_on(one, act)))
    chain = bearer.chain(one.start, until)
    ends = [since for _, since in chain[1:]] + [until + DAY]
    held: list[tuple[int | None, date]] = [(one.first_holder, one.start)]
    for change in noted:
        held = [*(pair for pair in held if pair[1] < change.since), (change.leader, change.since)]
    steps = []
    for (official, since), end in zip(chain, ends, strict=True):
        if _stands(held, official, since, end):
            continue
        entered = bearer.late_since(since, official, window)
        steps.append(_change(one, holder_on(held, since), official, since, entered))
        held = [(official, since)]  # what was noted of later days holds no more
    return steps


def _met_on(one: Owed, act: Deed | None) -> date:
    """Return the day on which a period was met; whoever held it afterwards had nothing to do."""
    if one.state == CLOSED:
        return one.closed_on or date.max
    return act.day if act is not None and act.day >= one.start else date.max


def _stands(
    held: Sequence[tuple[int | None, date]], official: int | None, since: date, end: date
) -> bool:
    """Say whether a period has noted already who held it from a day up to another (exclusive)."""
    if holder_on(held, since) != official:
        return False
    return all(who == official for who, day in held if since < day < end)


def _change(
    one: Owed, was: int | None, official: int | None, since: date, entered: date | None
) -> Step:
    """Return the step that notes a new holder, or that the seat fell vacant; where it was entered
    afterwards, as a correction with both names."""
    data = _data(one, since=since)
    if official is not None:
        data[LEADER] = official
    if entered is None:
        return Step(act=PASS_ON, fields=data, occurred_at=_midnight(since))
    if was is not None:
        data[WAS] = was
    data[LEARNT] = entered
    return Step(act=CORRECT_HOLDER, fields=data, occurred_at=_midnight(since))


@dataclass(frozen=True, slots=True)
class _Noted:
    """A change of holder that a period has noted (leader None: vacant)."""

    since: date
    leader: int | None


def _noted(cases: set[int]) -> dict[tuple[int, str, str, date], list[_Noted]]:
    """Return the changes of holder noted in these registers, by period, in order."""
    acts = Act.objects.filter(act__in=(PASS_ON, CORRECT_HOLDER), case__in=cases).order_by("pk")
    found: dict[tuple[int, str, str, date], list[_Noted]] = {}
    for case, data in acts.values_list("case_id", "data"):
        first, since = (date.fromisoformat(data[name]) for name in ("first", "since"))
        opened = case, data["rule"], data.get("seat", ""), first
        found.setdefault(opened, []).append(_Noted(since, data.get(LEADER)))
    return found


def _end(one: Owed, bearer: Bearer, today: date) -> Step | None:
    """Void an open period of an organ that ended before it did: its powers, and what is owed, went
    on."""
    ended = bearer.organ.valid_to
    if one.state != OPEN or ended is None or ended > today:
        return None
    if one.due is not None and one.due < ended:
        return None
    return Step(act=END_PERIOD, fields=_data(one), occurred_at=_midnight(max(ended, one.start)))


def _closing(one: Owed, act: Deed | None, now: datetime, *, is_corrected: bool) -> list[Step]:
    """Return breach, meeting and re-opening, in the order in which they are recorded.

    A closed period stays as it is, unless the act that met it was corrected and now another one, or
    another day, would meet it.
    """
    if one.state not in (OPEN, CLOSED):
        return []
    steps = []
    in_time = _is_in_time(one, act)
    if one.state == CLOSED:
        met_by = (act.id, act.day) if act is not None else None
        if is_corrected and met_by != (one.evidence, one.closed_on):
            steps.append(Step(act=REOPEN, fields=_data(one), occurred_at=now))
        else:
            act, in_time = None, one.timeliness not in (LATE, BY_CLAIM)
    is_over = one.due is not None and one.due < civil(now)
    if is_over and not in_time and one.breach is None:
        steps.append(_breach(one))
    if act is not None:
        steps.append(_meet(one, act, now))
    return steps


def _is_in_time(one: Owed, act: Deed | None) -> bool:
    """Say whether an act met a period on a day within it, and was recorded by then."""
    if act is None or one.due is None:
        return False
    return act.day <= one.due and act.recorded <= one.due


def _breach(one: Owed) -> Step:
    """Return the breach of a period, on the day after its last."""
    day_after = _midnight((one.due or one.start) + DAY)
    return Step(act=BREACH, occurred_at=day_after, duty=one.rule, opened_by=one.opened_by)


def _meet(one: Owed, act: Deed, now: datetime) -> Step:
    """Return the step that notes which act met a period, at noon of its day."""
    noon = min(now, datetime.combine(act.day, time(12), CHINA))
    data = _data(one, evidence=act.id, recorded=act.recorded)
    return Step(act=MEET, fields=data, occurred_at=noon)


def _warning(one: Owed, settings: Settings, now: datetime) -> list[Step]:
    """Warn once before the end of an open period, by the local lead time of the length of its
    period."""
    today = civil(now)
    if one.due is None or not one.start <= today <= one.due:
        return []
    left = (one.due - today).days
    if left > lead_time(one, settings, today):
        return []
    fields: dict[str, FieldValue] = {"days": left}
    step = Step(act=WARN, fields=fields, occurred_at=now, duty=one.rule, opened_by=one.opened_by)
    return [step]


def lead_time(one: Owed, settings: Settings, day: date) -> int:
    """Return the days before the end on which this period is warned of: a local setting, else
    the program's own."""
    per = one.law.clock.per or _length((one.due or one.start) - one.start)
    row = settings.on(f"register.warning.{per}", one.organ, day)
    return int(row.value) if row is not None and row.value.isdigit() else LEADS[per]


def _length(span: timedelta) -> str:
    """Return the name of the shortest period that holds a span of days."""
    most = {"week": 7, "month": 31, "quarter": 92, "half_year": 184}
    for name, days in most.items():
        if span.days < days:
            return name
    return "year"
