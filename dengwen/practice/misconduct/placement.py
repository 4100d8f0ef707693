"""Where and when what is ordered happens: units, days, leaves, room between patterns. One seeded
generator.

Spacing keeps the truth of the key clean: a few late entries of one handler stay a few, one refused
objection stays one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dengwen.cases import replay
from dengwen.cases.models import Case
from dengwen.law.duties.act_record import CHINA, OPEN, civil
from dengwen.organs.models import Organ
from dengwen.practice.district.staff import PETITION_OFFICE
from dengwen.practice.misconduct import affairs, lateness, treatment
from dengwen.practice.misconduct.catalogue import KINDS, PATTERN
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.practice.misconduct.orders import INJECT, INNOCENT, Order, Orders
from dengwen.practice.misconduct.pen import DAY, SORT_DAYS, Ground, Pen, Road
from dengwen.practice.misconduct.script import MATTER, REGISTRY, Deed, Draft, Script

WAYS = {**lateness.WAYS, **affairs.WAYS, **treatment.WAYS}
INNOCENTS = {**lateness.INNOCENT, **affairs.INNOCENT, **treatment.INNOCENT}
NEEDS: dict[str, tuple[int, int]] = {
    "not_registered": (18, 24),
    "not_forwarded": (18, 30),
    "not_accepted": (24, 24),
    "not_handled": (68, 44),
    "not_supervised": (68, 62),
    "not_executed": (62, 48),
    "no_risk_assessment": (38, 46),
    "suggestion_unanswered": (0, 153),
    "report_late": (0, 6),
    "measures_late": (0, 3),
    "shirking": (12, 36),
    "rough_treatment": (16, 16),
    "accused_told": (16, 24),
    "closed_never_contacted": (42, 16),
    "late_entered": (24, 8),
    "closing_burst": (45, 1),
    "visit_recoded": (0, 22),
    "forwarded_as_answer": (24, 3),
    "network_satisfaction": (18, 14),
}
"""Days a kind needs before and after its day within the load."""
SPANS = {"late_entered": 24, "shirking": 22, "rough_treatment": 45, "closing_burst": 0}
"""Days over which the matters of one pattern are spread."""
LATE_KINDS = frozenset(lateness.WAYS)
MOVED, NOTICES, CLEAR = "calendar", 4, timedelta(days=26)
"""Due days that a notice makes rest days: so many in a load, with no long holiday so near before
or after them."""
ENTERED_LATE = frozenset({"power_cut"})
REFUSED = frozenset({"refused_objections", "one_refused"})
FEW, WINDOW = 2, timedelta(days=31)
"""How many late entries of one handler may stand in a month and still be a few."""
APART = {"shirking": 60, "closing_burst": 12}
"""Days between two patterns of one unit, and between a pattern and a look-alike of it."""
LONG_REST, AFTER_REST = 5, 3
"""A long holiday has five days of rest or more; a burst on the first three working days after it
is to be expected."""
MIDWEEK = (1, 2, 3)
BEFORE_OFFICE = time(8)
CLOSED_FOR = "关于台风期间停工放假的通知（示例）"
ORDINARY = 6
TRIES = 400
OFFICE_ONLY = frozenset({"not_forwarded"})
RATED_KINDS = frozenset({"network_satisfaction", "closed_never_contacted"})
OF_HANDLER = frozenset({("late_entered", "batch"), ("rough_treatment", "letters")})
"""Kinds and ways that are about one official, who handles all the matters."""
STANDS_IN = (("handler", "checker"),)
STANDS_IN_AT_OFFICE = (("clerk", "supervisor"), ("router", "supervisor"))
"""Who is away during a leave, and who stands in."""
LEAVE_DAYS = (16, 24)
LATEST_SHIFT = timedelta(days=10)
"""How much earlier than planned a term may end around the longest holiday; it still ends within
the leave."""


@dataclass(eq=False)
class Record:
    """One thing that was ordered: what, where, when, and the scripts that write it."""

    order: Order
    how: str
    unit: str
    official: str
    first: date
    last: date
    scripts: list[Script] = field(default_factory=list)


@dataclass
class Placed:
    """All records, and the scripts that set the scene for them (leaves, networks)."""

    records: list[Record]
    scene: list[Script]

    def scripts(self) -> Iterator[Script]:
        """Yield every script, the scene first."""
        yield from self.scene
        for record in self.records:
            yield from record.scripts

    @property
    def matters(self) -> int:
        """Return how many petitions they register."""
        return sum(script.matters for script in self.scripts())


def _follow() -> None:
    """Let the open duties of the load follow a notice, as entering one does; what is closed
    keeps its verdict."""
    replay.follow_calendar(Case.objects.filter(duties__state=OPEN).distinct())


def _turn(order: Order) -> tuple[bool, bool]:
    """Return the key by which orders are placed: misconduct first, and of each sort patterns.

    Patterns need the most room, and look-alikes are placed around them.
    """
    return order.sort != INJECT, KINDS[order.kind].match != PATTERN


def _rests_on_leave(order: Order, how: str) -> bool:
    """Say whether an order is a lateness explained by a leave, and so must lie within it."""
    return how == "illness" and order.kind in LATE_KINDS - {"late_entered"}


def _accused(order: Order, how: str, unit: str) -> str:
    """Return the organ a record is about: the petition office where it was the one to act."""
    if order.kind == "not_supervised" or (order.kind, how) == ("accused_told", "sent"):
        return PETITION_OFFICE
    return unit


def _days_shown(order: Order, how: str, day: date) -> list[date]:
    """Return the days of the matters of one record: one, or as many as a pattern has."""
    in_one_round = how == "round"
    as_pattern = order.sort == INJECT or order.kind == "closing_burst"
    if order.kind not in SPANS or in_one_round or not as_pattern:
        return [day]
    span = SPANS[order.kind]
    between = max(order.size - 1, 1)
    return [day + timedelta(days=span * n // between) for n in range(order.size)]


def _days_of(record: Record) -> list[date]:
    """Return the days on which a record shows; where none was noted, those of its deeds."""
    shown = [day for script in record.scripts for day in script.shown]
    if shown:
        return shown
    return [civil(deed.at) for script in record.scripts for deed in script.deeds]


def _notice_of(year: int, off: set[date], work: set[date]) -> Draft:
    """Return the publication of the calendar of a year."""
    fields = {
        "year": year,
        "off": tuple(day.isoformat() for day in sorted(off)),
        "work": tuple(day.isoformat() for day in sorted(work)),
    }
    return Draft(
        act="publish_calendar",
        on=MATTER,
        kind="edition",
        fields=fields,
        texts={"source": CLOSED_FOR},
    )


class Placer:
    """Places orders on units and days."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.seed, self.random = ground, seed, ground.random
        self.units = ground.handling
        self.count = 0
        self.busy: dict[tuple[str, str], list[date]] = defaultdict(list)
        days = (ground.first + timedelta(days=n) for n in range((ground.last - ground.first).days))
        self.after_rest = [
            day for day in days if ground.works(day) and self._rest_before(day) >= LONG_REST
        ]
        self.moved: list[date] = []
        self.noticed: set[date] = set()
        self.used: set[str] = set()
        self.rated: set[str] = set()

    def place(self, orders: Orders) -> Placed:
        """Place every order; MisconductError where one has no room."""
        self._leaves()
        self.moved = self._moved()
        records: list[Record] = []
        for order in sorted(orders.entries, key=_turn):
            roads = (WAYS if order.sort == INJECT else INNOCENTS)[order.kind]
            names = [order.how] if order.how else list(roads)
            for n in range(order.count):
                how = names[n % len(names)]
                records.append(self._record(order, how, roads[how], orders.name))
        return Placed(records, [*self._away(), *self._networks(), *self._notices()])

    # --- one record -------------------------------------------------------------------------------
    def _record(self, order: Order, how: str, road: Road, file: str) -> Record:
        """Place one record and plan it; MisconductError where there is no room."""
        unit, day = self._place(order, how, file)
        self._occupy(order, how, unit, day)
        record = self._write(order, how, road, unit, day)
        days = _days_of(record)
        record.first = min(days)
        record.last = min(max(days), self.ground.last)
        return record

    def _place(self, order: Order, how: str, file: str) -> tuple[str, date]:
        """Draw a unit and a day with room for an order; MisconductError after many tries."""
        for _ in range(TRIES):
            unit = self.random.choice(self._candidates(order, how))
            day = self._day(order, unit, how)
            if day is not None and self._room(order, unit, day, how):
                return unit, day
        raise MisconductError(
            "no-room",
            where=f"{file} · {order.named}",
            zh="这些单位、这些日子里放不下这么多件而不相互混淆",
            en="these units and days have no room for so many without mixing them up",
            mend_zh="减少 count，放宽 from、until，或者增加 --organs",
            mend_en="lower count, widen from and until, or raise --organs",
        )

    def _occupy(self, order: Order, how: str, unit: str, day: date) -> None:
        """Note what the day of a unit is now taken by."""
        self.busy[order.kind, unit].append(day)
        if self._enters_late(order, how):
            self.busy["entries", unit].append(day)
        if how == MOVED:
            self.noticed.add(day)
        if how in REFUSED:
            self.busy["refused", unit].append(day)

    def _write(self, order: Order, how: str, road: Road, unit: str, day: date) -> Record:
        """Plan the matters of one record, each as a script of its own."""
        record = Record(
            order, how, _accused(order, how, unit), self._named(order, how, unit), day, day
        )
        for shown in _days_shown(order, how, day):
            pen = self._pen(unit, self.ground.work(shown))
            road(pen)
            pen.in_order()
            record.scripts.append(pen.script)
        if _rests_on_leave(order, how):
            self.used.add(unit)
        if order.kind in RATED_KINDS or how == "ratings":
            self.rated.add(unit)
        return record

    def _named(self, order: Order, how: str, unit: str) -> str:
        """Return the official a record is about, "" where it is about the unit alone."""
        if (order.kind, how) not in OF_HANDLER:
            return ""
        return self.ground.stage.official(unit, "handler")[1]

    def _pen(self, unit: str, day: date) -> Pen:
        """Return a pen with a script of its own."""
        self.count += 1
        return Pen(
            self.ground, unit, day, Script(f"mis/{self.seed}/{self.count}", self.ground.stage)
        )

    def _candidates(self, order: Order, how: str) -> Sequence[str]:
        """Return the units among which one is drawn for an order."""
        if order.organs:
            return order.organs
        if order.kind in OFFICE_ONLY or (
            order.kind == "not_registered" and how in ("letter", "outside")
        ):
            return (PETITION_OFFICE,)
        if order.kind == "not_registered" and how in ("illness", "typing_error", MOVED):
            return (PETITION_OFFICE, *self.units)
        if order.kind == "report_late":
            return (PETITION_OFFICE, *self.units)
        return self.units

    # --- days -------------------------------------------------------------------------------------
    def _day(self, order: Order, unit: str, how: str) -> date | None:
        """Draw a day for an order in a unit; None where none is fit."""
        first, last = self._span(order, unit, how)
        if first > last:
            return None
        if how == MOVED:
            return self._one_of(self.moved, first, last)
        if order.kind == "closing_burst" and order.sort == INNOCENT:
            return self._one_of(self.after_rest, first, last)
        drawn = first + timedelta(days=self.random.randrange((last - first).days + 1))
        day = self.ground.work(drawn)
        return day if day <= last else None

    def _span(self, order: Order, unit: str, how: str) -> tuple[date, date]:
        """Return the first and the last day on which an order can be placed in a unit."""
        before, after = NEEDS[order.kind]
        if order.sort == INJECT:
            after += SPANS.get(order.kind, 0)
        first = max(self.ground.first + timedelta(days=before), order.first or date.min)
        last = min(self.ground.last - timedelta(days=after), order.last or date.max)
        if _rests_on_leave(order, how):
            left, back = self.ground.leaves[unit]
            first = max(first, left + LATEST_SHIFT)
            last = min(last, back)
        return first, last

    def _one_of(self, days: Sequence[date], first: date, last: date) -> date | None:
        """Draw one of some days that lies within a span; None where none does."""
        within = [day for day in days if first <= day <= last]
        return self.random.choice(within) if within else None

    def _room(self, order: Order, unit: str, day: date, how: str) -> bool:
        """Say whether a unit has room for one more on a day without mixing up what is there."""
        away_matters = order.kind in LATE_KINDS and not _rests_on_leave(order, how)
        if away_matters and self._near_leave(order, unit, day):
            return False
        entered_late = order.sort == INNOCENT and self._enters_late(order, how)
        if entered_late and self._enters_many_late(unit, day):
            return False
        if order.kind == "closing_burst":
            return self._fits_burst(order, unit, day)
        if how in REFUSED:
            return self._stands_apart("refused", unit, day, APART["shirking"])
        # A sender's fifteen days go on while offices rest over a long holiday.
        return how != "lawful_transfer" or not self._holiday(day - 25 * DAY, day + 10 * DAY)

    def _near_leave(self, order: Order, unit: str, day: date) -> bool:
        """Say whether the leave of a unit touches what begins on a day."""
        left, back = self.ground.leaves[unit]
        end = day + timedelta(days=SPANS.get(order.kind, 0))
        return left - 2 * DAY <= end and day <= back + LATEST_SHIFT

    def _enters_many_late(self, unit: str, day: date) -> bool:
        """Say whether a unit enters as many things late around a day as may still be a few."""
        near = [entered for entered in self.busy["entries", unit] if abs(entered - day) <= WINDOW]
        return len(near) >= FEW

    def _fits_burst(self, order: Order, unit: str, day: date) -> bool:
        """Say whether a closing burst on a day reads as ordered, and stands apart from others.

        An innocent one follows a long holiday; misconduct is a burst on an ordinary day.
        """
        after_rest = self._rest_before(day) >= LONG_REST
        if order.sort == INNOCENT:
            return after_rest and self._stands_apart(order.kind, unit, day, 1)
        if after_rest:
            return False
        if order.sort == INJECT and self._rest_near(day):
            return False
        return self._stands_apart(order.kind, unit, day, APART[order.kind])

    def _stands_apart(self, what: str, unit: str, day: date, days: int) -> bool:
        """Say whether a day is that many days or more from all others of the kind in the unit."""
        apart = timedelta(days=days)
        return all(abs(other - day) >= apart for other in self.busy[what, unit])

    @staticmethod
    def _enters_late(order: Order, how: str) -> bool:
        return how in ENTERED_LATE or order.kind == "late_entered"

    def _rest_before(self, day: date) -> int:
        """Return the rest days in a row before the last few working days up to `day`: a long
        holiday just over."""
        found = 0
        for _ in range(AFTER_REST):
            day -= DAY
            length = 0
            while not self.ground.works(day):
                day, length = day - DAY, length + 1
            found = max(found, length)
        return found

    def _holiday(self, first: date, last: date) -> bool:
        """Say whether a long holiday lies between two days."""
        length = 0
        while first <= last:
            length = 0 if self.ground.works(first) else length + 1
            if length >= LONG_REST:
                return True
            first += DAY
        return False

    def _rest_near(self, day: date) -> bool:
        """Say whether three or more rest days lie in a row within some days before: no ordinary
        day then."""
        row = 0
        for n in range(1, ORDINARY + 3):
            row = 0 if self.ground.works(day - n * DAY) else row + 1
            if row == 3:
                return True
        return False

    # --- the scene --------------------------------------------------------------------------------
    def _leaves(self) -> None:
        """Draw the leave of every unit, well inside the load."""
        low, high = self.ground.first + timedelta(days=75), self.ground.last - timedelta(days=60)
        span = max((high - low).days, 1)
        for unit in (PETITION_OFFICE, *self.units):
            start = self.ground.work(low + timedelta(days=self.random.randrange(span)))
            self.ground.leaves[unit] = (
                start,
                start + timedelta(days=self.random.randint(*LEAVE_DAYS)),
            )

    def _moved(self) -> list[date]:
        """Draw the due days that notices make rest days: midweek, far from long holidays and the
        office's leave."""
        first = self.ground.first + CLEAR
        last = self.ground.last - timedelta(days=40)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        fit = [day for day in days if self._may_be_moved(day)]
        return sorted(self.random.sample(fit, min(NOTICES, len(fit))))

    def _may_be_moved(self, day: date) -> bool:
        """Say whether a notice may make a due day a rest day."""
        if day.weekday() not in MIDWEEK:
            return False
        around = [day - SORT_DAYS * DAY, day - DAY, day, day + DAY]
        if not all(self.ground.works(one) for one in around):
            return False
        if self._holiday(day - CLEAR, day + CLEAR):
            return False
        left, back = self.ground.leaves[PETITION_OFFICE]
        return not left - 3 * DAY <= day <= back + LATEST_SHIFT

    def _notices(self) -> Iterator[Script]:
        """Enter, each on the morning after, the notices that made these days rest days; open
        duties follow them."""
        tables = {
            year: (set(table.off), set(table.work))
            for year, table in self.ground.calendar.years.items()
        }
        for day in sorted(self.noticed):
            off, work = tables[day.year]
            off.add(day)
            notice = _notice_of(day.year, off, work)
            script = self._pen("", day).script
            at = datetime.combine(day + DAY, BEFORE_OFFICE, CHINA)
            script.deeds += [
                Deed(at, REGISTRY, "", (notice,)),
                Deed(at + timedelta(minutes=1), "", "", aside=lambda *_: _follow()),
            ]
            yield script

    def _away(self) -> Iterator[Script]:
        """Enter the leaves that are needed, with who stands in, before they begin."""
        for unit in sorted(self.used):
            for part, other in STANDS_IN_AT_OFFICE if unit == PETITION_OFFICE else STANDS_IN:
                yield self._leave(unit, part, other)

    def _leave(self, unit: str, part: str, other: str) -> Script:
        """Enter the leave of one official, and who stands in."""
        first, last = self.ground.leaves[unit]
        fields = {
            "official": self._code(unit, part),
            "substitute": self._code(unit, other),
            "organ": unit,
            "reason": "leave",
            "from": first,
            "to": last + DAY,
        }
        number = Organ.objects.get(code=unit).registry_case
        draft = Draft(act="substitute", fields=fields, case=number)
        return self._scene(self.ground.back(first - DAY), draft)

    def _code(self, unit: str, part: str) -> str:
        """Return the staff code of who plays a part; the supervisor is neither clerk nor router."""
        stage = self.ground.stage
        if part != "supervisor":
            return stage.official(unit, part)[1]
        taken = {stage.official(unit, p)[1] for p in ("clerk", "router")}
        users = stage.staff.roles[unit]
        codes = [stage.official_of[stage.staff.users[u]][1] for u in users]
        return next(code for code in codes if code not in taken)

    def _networks(self) -> Iterator[Script]:
        """Put the networks of the rated organs on record."""
        for unit in sorted(self.rated):
            network = treatment.network_of(self.units.index(unit))
            fields = {
                "key": treatment.NETWORKS,
                "value": network,
                "organ": self.ground.stage.staff.organs[unit],
                "from": self.ground.first,
            }
            draft = Draft(act="set_local_target", on=MATTER, kind="edition", fields=fields)
            yield self._scene(self.ground.work(self.ground.first), draft)

    def _scene(self, day: date, draft: Draft) -> Script:
        """Return a script of one act of the registry."""
        pen = self._pen("", day)
        pen.script.deeds.append(Deed(pen.instant(day), REGISTRY, "", (draft,)))
        return pen.script
