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
        # Patterns first: they need the most room, and look-alikes are placed around them.
        for order in sorted(
            orders.entries, key=lambda o: (o.sort != INJECT, KINDS[o.kind].match != PATTERN)
        ):
            roads = (WAYS if order.sort == INJECT else INNOCENTS)[order.kind]
            names = [order.how] if order.how else list(roads)
            for n in range(order.count):
                how = names[n % len(names)]
                records.append(self._record(order, how, roads[how], orders.name))
        return Placed(records, [*self._away(), *self._networks(), *self._notices()])

    # --- one record -------------------------------------------------------------------------------
    def _record(self, order: Order, how: str, road: Road, file: str) -> Record:
        for _ in range(TRIES):
            unit = self.random.choice(self._candidates(order, how))
            day = self._day(order, unit, how)
            if day is not None and self._room(order, unit, day, how):
                break
        else:
            raise MisconductError(
                "no-room",
                where=f"{file} · {order.named}",
                zh="这些单位、这些日子里放不下这么多件而不相互混淆",
                en="these units and days have no room for so many without mixing them up",
                mend_zh="减少 count，放宽 from、until，或者增加 --organs",
                mend_en="lower count, widen from and until, or raise --organs",
            )
        self.busy[order.kind, unit].append(day)
        if self._enters_late(order, how):
            self.busy["entries", unit].append(day)
        if how == MOVED:
            self.noticed.add(day)
        if how in REFUSED:
            self.busy["refused", unit].append(day)
        record = self._write(order, how, road, unit, day)
        shown = [day for script in record.scripts for day in script.shown]
        days = shown or [civil(deed.at) for script in record.scripts for deed in script.deeds]
        record.first, record.last = min(days), min(max(days), self.ground.last)
        return record

    def _write(self, order: Order, how: str, road: Road, unit: str, day: date) -> Record:
        official = ""
        if (order.kind, how) in (("late_entered", "batch"), ("rough_treatment", "letters")):
            official = self.ground.stage.official(unit, "handler")[1]
        by_office = order.kind == "not_supervised" or (order.kind, how) == ("accused_told", "sent")
        accused = PETITION_OFFICE if by_office else unit
        record = Record(order, how, accused, official, day, day)
        several = (
            order.kind in SPANS
            and how != "round"
            and (order.sort == INJECT or order.kind == "closing_burst")
        )
        for n in range(order.size if several else 1):
            span = SPANS[order.kind] if several else 0
            shown = day + timedelta(days=span * n // max(order.size - 1, 1)) if several else day
            pen = self._pen(unit, self.ground.work(shown))
            road(pen)
            pen.in_order()
            record.scripts.append(pen.script)
        if how == "illness" and order.kind in LATE_KINDS - {"late_entered"}:
            self.used.add(unit)
        if order.kind in ("network_satisfaction", "closed_never_contacted") or how == "ratings":
            self.rated.add(unit)
        return record

    def _pen(self, unit: str, day: date) -> Pen:
        self.count += 1
        return Pen(
            self.ground, unit, day, Script(f"mis/{self.seed}/{self.count}", self.ground.stage)
        )

    def _candidates(self, order: Order, how: str) -> Sequence[str]:
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
        before, after = NEEDS[order.kind]
        span = SPANS.get(order.kind, 0) if order.sort == INJECT else 0
        first = max(self.ground.first + timedelta(days=before), order.first or date.min)
        last = min(self.ground.last - timedelta(days=after + span), order.last or date.max)
        if how == "illness" and order.kind in LATE_KINDS - {"late_entered"}:
            away = self.ground.leaves[unit]
            first, last = max(first, away[0] + LATEST_SHIFT), min(last, away[1])
        if first > last:
            return None
        if how == MOVED:
            days = [day for day in self.moved if first <= day <= last]
            return self.random.choice(days) if days else None
        if order.kind == "closing_burst" and order.sort == INNOCENT:
            days = [day for day in self.after_rest if first <= day <= last]
            return self.random.choice(days) if days else None
        day = self.ground.work(
            first + timedelta(days=self.random.randrange((last - first).days + 1))
        )
        return day if day <= last else None

    def _room(self, order: Order, unit: str, day: date, how: str) -> bool:
        ill = how == "illness" and order.kind in LATE_KINDS - {"late_entered"}
        if order.kind in LATE_KINDS and not ill:
            away = self.ground.leaves[unit]
            span = timedelta(days=SPANS.get(order.kind, 0))
            if away[0] - 2 * DAY <= day + span and day <= away[1] + LATEST_SHIFT:
                return False
        if order.sort == INNOCENT and self._enters_late(order, how):
            near = [d for d in self.busy["entries", unit] if abs(d - day) <= WINDOW]
            if len(near) >= FEW:
                return False
        if order.kind == "closing_burst":
            rests = self._rest_before(day)
            if (rests >= LONG_REST) != (order.sort == INNOCENT) or (
                order.sort == INJECT and self._rest_near(day)
            ):
                return False
            apart = timedelta(days=1 if order.sort == INNOCENT else APART[order.kind])
            return all(abs(d - day) >= apart for d in self.busy[order.kind, unit])
        if how in REFUSED:
            return all(
                abs(d - day) >= timedelta(days=APART["shirking"])
                for d in self.busy["refused", unit]
            )
        # A sender's fifteen days go on while offices rest over a long holiday.
        return how != "lawful_transfer" or not self._holiday(day - 25 * DAY, day + 10 * DAY)

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
        rests = [not self.ground.works(day - n * DAY) for n in range(1, ORDINARY + 3)]
        return any(all(rests[n : n + 3]) for n in range(ORDINARY))

    # --- the scene --------------------------------------------------------------------------------
    def _leaves(self) -> None:
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
        first, last = self.ground.first + CLEAR, self.ground.last - timedelta(days=40)
        left, back = self.ground.leaves[PETITION_OFFICE]
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        fit = [
            day
            for day in days
            if day.weekday() in MIDWEEK
            and all(self.ground.works(day + n * DAY) for n in (-SORT_DAYS, -1, 0, 1))
            and not self._holiday(day - CLEAR, day + CLEAR)
            and not left - 3 * DAY <= day <= back + LATEST_SHIFT
        ]
        return sorted(self.random.sample(fit, min(NOTICES, len(fit))))

    def _notices(self) -> Iterator[Script]:
        """Enter, each on the morning after, the notices that made these days rest days; open
        duties follow them."""
        tables = {year: (set(t.off), set(t.work)) for year, t in self.ground.calendar.years.items()}
        for day in sorted(self.noticed):
            off, work = tables[day.year]
            off.add(day)
            fields = {
                "year": day.year,
                "off": tuple(d.isoformat() for d in sorted(off)),
                "work": tuple(d.isoformat() for d in sorted(work)),
            }
            draft = Draft(
                act="publish_calendar",
                on=MATTER,
                kind="edition",
                fields=fields,
                texts={"source": CLOSED_FOR},
            )
            script = self._pen("", day).script
            at = datetime.combine(day + DAY, BEFORE_OFFICE, CHINA)
            script.deeds += [
                Deed(at, REGISTRY, "", (draft,)),
                Deed(at + timedelta(minutes=1), "", "", aside=lambda *_: _follow()),
            ]
            yield script

    def _away(self) -> Iterator[Script]:
        """Enter the leaves that are needed, with who stands in, before they begin."""
        for unit in sorted(self.used):
            first, last = self.ground.leaves[unit]
            parts = (
                (("clerk", "supervisor"), ("router", "supervisor"))
                if unit == PETITION_OFFICE
                else (("handler", "checker"),)
            )
            for part, other in parts:
                fields = {
                    "official": self._code(unit, part),
                    "substitute": self._code(unit, other),
                    "organ": unit,
                    "reason": "leave",
                    "from": first,
                    "to": last + DAY,
                }
                number = Organ.objects.get(code=unit).registry_case
                yield self._scene(
                    self.ground.back(first - DAY),
                    Draft(act="substitute", fields=fields, case=number),
                )

    def _code(self, unit: str, part: str) -> str:
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
        pen = self._pen("", day)
        pen.script.deeds.append(Deed(pen.instant(day), REGISTRY, "", (draft,)))
        return pen.script
