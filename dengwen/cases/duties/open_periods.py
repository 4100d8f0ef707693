"""What an open period of a register still lacks: the change of a holder, a warning, the deed that
meets it, a breach.

Read in sets: the duties of two years' registers, the acts elsewhere that may meet them, corrections
of those acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of
from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.models import Act, Case, Duty
from dengwen.editions.as_of import Settings
from dengwen.law.duties.act_record import (
    BREACH,
    BY_CLAIM,
    CHINA,
    CLOSED,
    CORRECT,
    LATE,
    OPEN,
    civil,
)
from dengwen.law.duties.fold import corrected
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
`register.warning.year` …
says otherwise. Never law."""


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
        """The period as deeds are allocated to it; the holder at its end is added by whoever
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
    today = civil(now)
    every = owed(today.year - 1)
    groups: dict[tuple[int, str, str], list[Owed]] = {}
    for one in every:
        groups.setdefault((one.organ, one.seat, one.rule), []).append(one)
    deeds = _Deeds.read(every, now)
    warned = set(
        Act.objects.filter(act=WARN, case__in={o.case for o in every}).values_list(
            "opened_by_id", flat=True
        )
    )
    found: dict[int, list[Step]] = {}
    for (organ, seat, _rule), same in groups.items():
        bearer = places.get((organ, seat))
        if bearer is None:
            continue
        for one, deed in _allocated(same, bearer, deeds):
            steps = [*_holders(one, bearer, today), *_end(one, bearer, today)]
            steps += (
                _closing(one, deed, deeds, today, now)
                if not steps or steps[-1].act != END_PERIOD
                else []
            )
            if one.state == OPEN and deed is None and one.opened_by not in warned:
                steps += _warning(one, settings, today, now)
            if steps:
                found.setdefault(one.case, []).extend(steps)
    return found


def _allocated(
    same: list[Owed], bearer: Bearer, deeds: _Deeds
) -> Iterable[tuple[Owed, Deed | None]]:
    if not any(o.state == OPEN or deeds.corrected(o.evidence) for o in same):
        settled = [
            o
            for o in same
            if o.state == CLOSED and o.breach is None and o.timeliness in (LATE, BY_CLAIM)
        ]
        return [(one, None) for one in settled]
    windows = [
        Window(w.first, w.last, w.at_least, holder_on(bearer.held, w.last))
        for w in (one.window for one in same)
    ]
    fitting = [
        d
        for d in deeds.of(same[0], bearer)
        if any(counts(o.law, d, o.organ, bearer.held) for o in same)
    ]
    return list(zip(same, allocate(windows, fitting), strict=True))


def _data(one: Owed, **more: FieldValue) -> dict[str, FieldValue]:
    seat: dict[str, FieldValue] = {"seat": one.seat} if one.seat else {}
    return {"rule": one.rule, "first": one.start, **seat, **more}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA)


def _holders(one: Owed, bearer: Bearer, today: date) -> list[Step]:
    """Return the changes of holder that an open period has not noted."""
    if one.state != OPEN or not one.seat:
        return []
    until = min(today, one.due or today)
    chain = bearer.chain(one.start, until)
    if chain[-1][0] == one.official or today < one.start:
        return []
    noted = Act.objects.filter(
        case_id=one.case, act=PASS_ON, data__rule=one.rule, data__first=one.start.isoformat()
    )
    known = {
        (a.data.get(LEADER), a.data.get("since"))
        for a in noted
        if a.data.get("seat", "") == one.seat
    }
    steps = []
    for official, since in chain[1:]:
        if (official, since.isoformat()) not in known:
            who: dict[str, FieldValue] = {} if official is None else {LEADER: official}
            data = {**_data(one, since=since), **who}
            steps.append(Step(act=PASS_ON, fields=data, occurred_at=_midnight(since)))
    return steps


def _end(one: Owed, bearer: Bearer, today: date) -> list[Step]:
    """Void the open periods of an organ that ended before they did: its powers, and what is
    owed, went on."""
    ended = bearer.organ.valid_to
    if (
        one.state != OPEN
        or ended is None
        or ended > today
        or (one.due is not None and one.due < ended)
    ):
        return []
    return [Step(act=END_PERIOD, fields=_data(one), occurred_at=_midnight(max(ended, one.start)))]


def _closing(one: Owed, deed: Deed | None, deeds: _Deeds, today: date, now: datetime) -> list[Step]:
    """Return breach, meeting and re-opening, in the order in which they are recorded."""
    steps = []
    late = one.due is not None and one.due < today
    in_time = (
        deed is not None
        and one.due is not None
        and deed.day <= one.due
        and deed.recorded <= one.due
    )
    again = one.state == CLOSED and deeds.corrected(one.evidence)
    if again and (deed is None or (deed.id, deed.day) != (one.evidence, one.closed_on)):
        steps.append(Step(act=REOPEN, fields=_data(one), occurred_at=now))
    elif one.state == CLOSED:
        deed, in_time = None, one.timeliness not in (LATE, BY_CLAIM)
    if one.state not in (OPEN, CLOSED):
        return []
    if late and not in_time and one.breach is None and one.due is not None:
        day_after = _midnight(one.due + DAY)
        steps.append(
            Step(act=BREACH, occurred_at=day_after, duty=one.rule, opened_by=one.opened_by)
        )
    if deed is not None:
        noon = min(now, datetime.combine(deed.day, time(12), CHINA))
        data = _data(one, evidence=deed.id, recorded=deed.recorded)
        steps.append(Step(act=MEET, fields=data, occurred_at=noon))
    return steps


def _warning(one: Owed, settings: Settings, today: date, now: datetime) -> list[Step]:
    """Warn once before the end of an open period, by the local lead time of the length of its
    period."""
    if one.due is None or not one.start <= today <= one.due:
        return []
    lead = lead_time(one, settings, today)
    left = (one.due - today).days
    if left > lead:
        return []
    return [
        Step(
            act=WARN, fields={"days": left}, occurred_at=now, duty=one.rule, opened_by=one.opened_by
        )
    ]


def lead_time(one: Owed, settings: Settings, day: date) -> int:
    """Return the days before the end on which this period is warned of: a local setting, else
    the program's own."""
    per = one.law.clock.per or _length((one.due or one.start) - one.start)
    row = settings.on(f"register.warning.{per}", one.organ, day)
    return int(row.value) if row is not None and row.value.isdigit() else LEADS[per]


def _length(span: timedelta) -> str:
    """Return the name of the shortest period that holds a span of days."""
    most = {"week": 7, "month": 31, "quarter": 92, "half_year": 184}
    return next((name for name, days in most.items() if span.days < days), "year")


@dataclass(frozen=True)
class _Deeds:
    """The acts elsewhere that may meet duties, by kind, act and organ or leader, with
    corrections applied."""

    by_organ: Mapping[tuple[str, str, int | None], list[Deed]]
    by_leader: Mapping[tuple[str, str, int | None], list[Deed]]
    changed: frozenset[int]

    def of(self, one: Owed, bearer: Bearer) -> list[Deed]:
        """Return the acts that may meet this duty: of its organ, or of whoever held the seat at
        any time."""
        acts = dict.fromkeys((c.kind, c.act) for c in one.law.closed_by)
        if one.law.of == "holder":
            return [d for kind, act in acts for d in self.by_organ.get((kind, act, one.organ), ())]
        people = {who for who, _ in bearer.held if who is not None}
        return [
            d
            for kind, act in acts
            for who in people
            for d in self.by_leader.get((kind, act, who), ())
        ]

    def corrected(self, act: int | None) -> bool:
        """Say whether anything in the case of this act was corrected since."""
        return act is not None and act in self.changed

    @staticmethod
    def read(every: list[Owed], now: datetime) -> _Deeds:
        """Read what was done since the earliest period that may still need it."""
        wanted = {(c.kind, c.act) for one in every for c in one.law.closed_by}
        if not wanted:
            return _Deeds({}, {}, frozenset())
        begins = _midnight(min(one.start for one in every))
        named = reduce(or_, (Q(case__kind=kind, act=act) for kind, act in sorted(wanted)))
        acts = Act.objects.filter(named, occurred_at__lte=now).exclude(case__protected=True)
        mended = _mended({kind for kind, _ in wanted})
        found: list[Deed] = []
        changed: set[int] = set()
        for row in acts.filter(occurred_at__gte=begins).values_list(
            "id",
            "case__kind",
            "act",
            "occurred_at",
            "recorded_at",
            "organ_id",
            "case__holder_id",
            "data",
            "case_id",
        ):
            if row[8] not in mended:
                deed = Deed(
                    row[0], row[1], row[2], civil(row[3]), civil(row[4]), row[5] or row[6], row[7]
                )
                found.append(deed)
        for case in Case.objects.filter(pk__in=mended, protected=False):
            for record in corrected(records_of(case)):
                if (case.kind, record.act) in wanted:
                    changed.add(record.id)
                    organ = record.organ or case.holder_id
                    days = record.day, civil(record.recorded)
                    deed = Deed(record.id, case.kind, record.act, *days, organ, record.data)
                    found.append(deed)
        by_organ: dict[tuple[str, str, int | None], list[Deed]] = {}
        by_leader: dict[tuple[str, str, int | None], list[Deed]] = {}
        for deed in found:
            leader = deed.data.get(LEADER)
            by_organ.setdefault((deed.kind, deed.act, deed.organ), []).append(deed)
            by_leader.setdefault(
                (deed.kind, deed.act, leader if isinstance(leader, int) else None), []
            ).append(deed)
        return _Deeds(by_organ, by_leader, frozenset(changed))


def _mended(kinds: set[str]) -> set[int]:
    """Return the cases of these kinds in which an act was corrected."""
    return set(
        Act.objects.filter(act=CORRECT, case__kind__in=kinds).values_list("case_id", flat=True)
    )
