"""What an open period of a register still lacks: the change of a holder, a warning, the act that
meets it, a breach.

Read in sets: the duties of two years' registers, and the acts in other cases that may meet them
(`fulfilment`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dengwen.cases import rulebooks
from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.duties.fulfilment import Fulfilments
from dengwen.cases.models import Act, Duty
from dengwen.editions.as_of import Settings
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
    END_PERIOD,
    LEADER,
    MEET,
    PASS_ON,
    REGISTER,
    REOPEN,
    WARN,
    Deed,
    Window,
    allocate,
    counts,
    holder_on,
)
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import DutyRule

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

    @property
    def window(self) -> Window:
        """The period as acts are allocated to it; the holder at its end is added by whoever
        knows the seat."""
        return Window(self.start, self.due or date.max, self.law.clock.at_least or 1)


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
    every = owed(civil(now).year - 1)
    groups: dict[tuple[int, str, str], list[Owed]] = {}
    for one in every:
        groups.setdefault((one.organ, one.seat, one.rule), []).append(one)
    acts = Fulfilments.read([one.law for one in every], _begins(every), now)
    warned = _warned({one.case for one in every})
    found: dict[int, list[Step]] = {}
    for (organ, seat, _rule), same in groups.items():
        bearer = places.get((organ, seat))
        if bearer is None:
            continue
        for one, act in _allocated(same, bearer, acts):
            steps = _steps_of(one, act, bearer, acts, now)
            if one.state == OPEN and act is None and one.opened_by not in warned:
                steps += _warning(one, settings, now)
            if steps:
                found.setdefault(one.case, []).extend(steps)
    return found


def _begins(every: Sequence[Owed]) -> datetime:
    """Return the beginning of the earliest period; the end of all time where there is none."""
    return _midnight(min((one.start for one in every), default=date.max))


def _warned(cases: set[int]) -> set[int]:
    """Return the acts that opened the periods of which the office was warned already."""
    acts = Act.objects.filter(act=WARN, case__in=cases)
    return set(acts.values_list("opened_by_id", flat=True))


def _steps_of(
    one: Owed, act: Deed | None, bearer: Bearer, acts: Fulfilments, now: datetime
) -> list[Step]:
    """Return the changes of holder, then the end of the period: with its organ, or by what met it
    or did not."""
    today = civil(now)
    steps = _holders(one, bearer, today)
    end = _end(one, bearer, today)
    if end is not None:
        return [*steps, end]
    is_corrected = acts.is_corrected(one.evidence)
    return steps + _closing(one, act, now, is_corrected=is_corrected)


def _allocated(
    same: Sequence[Owed], bearer: Bearer, acts: Fulfilments
) -> Iterable[tuple[Owed, Deed | None]]:
    """Pair each period of one duty with the act that meets it, if any; where all are closed and
    nothing was corrected, only those that were met late without a breach noted."""
    if not any(one.state == OPEN or acts.is_corrected(one.evidence) for one in same):
        return [(one, None) for one in same if _lacks_breach(one)]
    windows = []
    for one in same:
        window = one.window
        holder = holder_on(bearer.held, window.last)
        windows.append(Window(window.first, window.last, window.at_least, holder))
    fitting = [
        act for act in acts.of(same[0].law, same[0].organ, bearer) if _fits_any(act, same, bearer)
    ]
    return list(zip(same, allocate(windows, fitting), strict=True))


def _lacks_breach(one: Owed) -> bool:
    """Say whether a period was met late, by its day or by a claim, and no breach is noted."""
    return one.state == CLOSED and one.breach is None and one.timeliness in (LATE, BY_CLAIM)


def _fits_any(act: Deed, same: Iterable[Owed], bearer: Bearer) -> bool:
    """Say whether an act may count for one of these periods."""
    return any(counts(one.law, act, one.organ, bearer.held) for one in same)


def _data(one: Owed, **more: FieldValue) -> dict[str, FieldValue]:
    seat: dict[str, FieldValue] = {"seat": one.seat} if one.seat else {}
    return {"rule": one.rule, "first": one.start, **seat, **more}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA)


def _holders(one: Owed, bearer: Bearer, today: date) -> list[Step]:
    """Return the changes of holder that an open period has not noted: also who held it in between,
    where the one before is back already."""
    if one.state != OPEN or not one.seat:
        return []
    _first, *changes = bearer.chain(one.start, min(today, one.due or today))
    if not changes:
        return []
    noted = _noted_holders(one)
    return [
        _pass_on(one, official, since)
        for official, since in changes
        if (official, since.isoformat()) not in noted
    ]


def _noted_holders(one: Owed) -> set[tuple[object, object]]:
    """Return the changes of holder that a period has noted: the new one (None: vacant) and the day
    as it is kept."""
    acts = Act.objects.filter(
        case_id=one.case, act=PASS_ON, data__rule=one.rule, data__first=one.start.isoformat()
    )
    return {
        (act.data.get(LEADER), act.data.get("since"))
        for act in acts
        if act.data.get("seat", "") == one.seat
    }


def _pass_on(one: Owed, official: int | None, since: date) -> Step:
    """Return the step that notes a new holder, or that the seat fell vacant."""
    data = _data(one, since=since)
    if official is not None:
        data[LEADER] = official
    return Step(act=PASS_ON, fields=data, occurred_at=_midnight(since))


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
