"""Keeping the registers (责任台账): what a turn of the worker opens, warns of, meets, passes on and
breaches.

Level-triggered like the sweep: every turn compares what there should be with the rows, never what
happened since. A week without it loses nothing; two at once record nothing twice (the key of a call
names the case as it stood and the steps, and the second is refused under the lock); a clock put
back finds nothing to record. Daily acts never touch a register: this reads them, set by set, and
writes into the register alone.

Acts in cases of accusations do not count: who reads a register must not learn that there is one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from dengwen.cases import rulebooks
from dengwen.cases.duties.bearers import Bearer, bearers, main_seats, owes_elsewhere, supervisors
from dengwen.cases.duties.first_register import began
from dengwen.cases.duties.open_periods import owed, steps_due
from dengwen.cases.duties.periods import Opened, Period, Span, periods
from dengwen.cases.duties.sweep import BATCH
from dengwen.cases.models import Act, Case
from dengwen.cases.write.perform import By, Call, perform_many
from dengwen.editions.as_of import Settings, settings_of
from dengwen.law.duties.act_record import BREACH, CHINA, civil
from dengwen.law.duties.recurrence import (
    CORRECT_HOLDER,
    END_PERIOD,
    LEADER,
    MEET,
    OPEN_PERIOD,
    OPEN_REGISTER,
    PASS_ON,
    REGISTER,
    REOPEN,
    WARN,
)
from dengwen.law.duties.step import FieldValue, PartyEntry, Step
from dengwen.law.packs.rules import DutyRule
from dengwen.organs.models import Official

logger = logging.getLogger(__name__)
SETTINGS = "register."
Key = tuple[int, int | None, int]
"""Whose register: organ, leader (None for the organ's own), year."""


@dataclass
class Kept:
    """What one turn recorded, by act, the calls another worker had made first, and what failed."""

    counts: dict[str, int] = field(default_factory=dict)
    lost_races: int = 0
    faults: list[Exception] = field(default_factory=list)

    def __getitem__(self, act: str) -> int:
        """Return how many acts of this kind were recorded."""
        return self.counts.get(act, 0)

    def as_dict(self) -> dict[str, int]:
        """Return the counts as the worker reports them."""
        names = {
            OPEN_REGISTER: "registers",
            OPEN_PERIOD: "periods",
            WARN: "warnings",
            MEET: "met",
            BREACH: "breaches",
            REOPEN: "reopened",
            PASS_ON: "passed_on",
            CORRECT_HOLDER: "holders_corrected",
            END_PERIOD: "ended",
        }
        return {**{name: self[act] for act, name in names.items()}, "lost_races": self.lost_races}


def midnight(day: date) -> datetime:
    """Return the first instant of a civil day in China."""
    return datetime.combine(day, time(0), CHINA)


def keep(*, now: datetime) -> Kept:
    """Bring the registers of this year and of the last one to what they should say on the civil
    day of `now`.

    A register that fails stops no other one: the fault is raised when all are done.
    """
    kept, today = Kept(), civil(now)
    desk = _Desk(now, today)
    for year in (today.year - 1, today.year):
        desk.open_year(year, kept)
    desk.follow(kept)
    if kept.faults:
        raise kept.faults[0]
    return kept


@dataclass
class _Desk:
    """One turn: the bearers, registers and settings, read once."""

    now: datetime
    today: date
    every: list[Bearer] = field(init=False)
    registers: dict[Key, Case] = field(init=False)
    settings: Settings = field(init=False)
    rules: dict[tuple[str, date], dict[str, DutyRule]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begun = began(self.now)
        self.every = bearers(date(self.today.year - 1, 1, 1), self.today)
        self.seats = main_seats(self.every)
        self.settings = settings_of(SETTINGS)
        self.editions = tuple(
            sorted({p.since for p in rulebooks.library().packs if p.since <= self.today})
        )
        self._read_registers()

    def _read_registers(self) -> None:
        rows = Case.objects.filter(
            kind=REGISTER, opened_on__year__gte=self.today.year - 1
        ).order_by("pk")
        self.registers = {(r.holder_id or 0, r.handler_id, r.opened_on.year): r for r in rows}

    def rules_on(self, place: str, day: date) -> dict[str, DutyRule]:
        """Return the recurring duties in force at a place on a day; the edition changes only on
        a few days."""
        begins = max((d for d in self.editions if d <= day), default=day)
        key = place, begins
        if key not in self.rules:
            kind = rulebooks.in_force(begins, place, self.now).book.kinds.get(REGISTER)
            found = kind.duties.values() if kind else ()
            self.rules[key] = {d.id: d for d in found if d.of and not d.standing}
        return self.rules[key]

    # --- opening ----------------------------------------------------------------------------------
    def open_year(self, year: int, kept: Kept) -> None:
        """Open the registers and periods of a year that should be open by today and are not."""
        last = min(self.today, date(year, 12, 31))
        span = Span(self.begun, date(year, 1, 1), last, self.editions)
        wanted = self._wanted(span)
        if missing := [key for key in wanted if key not in self.registers]:
            organs = {b.organ.pk: b for b in self.every if b.of == "holder"}
            self._do([self._open_register(key, organs[key[0]]) for key in _ordered(missing)], kept)
            wanted = self._wanted(span)
        calls = [
            self._call(self.registers[key], wanted[key])
            for key in _ordered(wanted)
            if key in self.registers
        ]
        self._do(calls, kept)

    def _wanted(self, span: Span) -> dict[Key, list[Step]]:
        """Return the periods to open by register. How the registers stand is read first: what
        comes after is a race."""
        self._read_registers()
        opened = self._opened()
        wanted: dict[Key, list[Step]] = {}
        for bearer in self.every:
            for rule in self._rule_ids(bearer, span):
                already = opened.get((bearer.organ.pk, bearer.seat, rule), [])
                for period in self._periods(rule, bearer, span, already):
                    key = bearer.organ.pk, _keeper(bearer, period.first), span.first.year
                    wanted.setdefault(key, []).append(_open_period(rule, bearer, period))
        return wanted

    def _opened(self) -> dict[tuple[int, str, str], list[Opened]]:
        """Return the first and last days of the periods opened, by organ, seat and rule."""
        found: dict[tuple[int, str, str], list[Opened]] = {}
        for one in owed(self.today.year - 1):
            days = one.start, one.due or one.start
            found.setdefault((one.organ, one.seat, one.rule), []).append(days)
        return found

    def _rule_ids(self, bearer: Bearer, span: Span) -> list[str]:
        days = [span.first, *(d for d in self.editions if span.first < d <= span.last)]
        place = bearer.organ.division_code
        known = (
            rule
            for day in days
            for rule in self.rules_on(place, day).values()
            if rule.of == bearer.of
        )
        return list(dict.fromkeys(rule.id for rule in known))

    def _periods(
        self, rule: str, bearer: Bearer, span: Span, opened: Sequence[Opened]
    ) -> list[Period]:
        place = bearer.organ.division_code
        found = periods(
            rule,
            bearer,
            span,
            lambda day: self.rules_on(place, day),
            self.settings,
            max((last for _, last in opened), default=None),
            opened if bearer.filled_late() else (),
        )
        return [p for p in found if not self._twice(bearer, p.first)]

    def _twice(self, bearer: Bearer, day: date) -> bool:
        official = bearer.posted(day)
        return (
            bearer.of == "leader"
            and official is not None
            and owes_elsewhere(bearer, official, day, self.seats)
        )

    def _open_register(self, key: Key, bearer: Bearer) -> Call:
        organ, official, year = key
        begins = max(date(year, 1, 1), bearer.since)
        fields: dict[str, FieldValue] = {"year": year}
        parties = [
            PartyEntry(role="supervising_organ", organ=o) for o in supervisors(bearer.organ, begins)
        ]
        name = bearer.organ.name_zh
        if official is not None:
            fields["official"] = official
            parties.append(PartyEntry(role="leader_in_charge", official=official))
            name = f"{Official.objects.get(pk=official).name}（{name}）"
        step = Step(
            act=OPEN_REGISTER,
            kind=REGISTER,
            fields=fields,
            texts={"subject": f"{year} 年责任台账：{name}"},
            organ=organ,
            occurred_at=midnight(begins),
            parties=parties,
        )
        return Call((step,), By.system(), self.now, f"register/{organ}.{official or 0}.{year}")

    # --- following --------------------------------------------------------------------------------
    def follow(self, kept: Kept) -> None:
        """Record what has become of every open period: holders, warnings, what met it, breaches."""
        self._read_registers()
        places = {(b.organ.pk, b.seat): b for b in self.every}
        found = steps_due(places, self.settings, self.now)
        cases = {case.pk: case for case in self.registers.values()}
        self._do(
            [self._call(cases[pk], steps) for pk, steps in sorted(found.items()) if pk in cases],
            kept,
        )

    # --- writing ----------------------------------------------------------------------------------
    def _call(self, case: Case, steps: Sequence[Step]) -> Call:
        """Return the call for steps in one register; its key names the register as it stood and
        the steps."""
        named = [
            Step(
                act=s.act,
                case=case.number,
                fields=s.fields,
                occurred_at=s.occurred_at,
                duty=s.duty,
                opened_by=s.opened_by,
            )
            for s in _freed_first(steps)
        ]
        told = "|".join(f"{s.act} {sorted(s.fields.items())} {s.duty} {s.opened_by}" for s in named)
        digest = hashlib.sha256(told.encode()).hexdigest()[:32]
        return Call(tuple(named), By.system(), self.now, f"register/{case.pk}.{case.seq}/{digest}")

    def _do(self, calls: Sequence[Call], kept: Kept) -> None:
        for place in range(0, len(calls), BATCH):
            part = calls[place : place + BATCH]
            for call, outcome in zip(part, perform_many(part), strict=True):
                if outcome.performed is None:
                    self._lost(call, outcome.error, kept)
                elif outcome.performed.repeated:
                    kept.lost_races += 1
                else:
                    for written in outcome.performed.acts:
                        kept.counts[written.act] = kept.counts.get(written.act, 0) + 1

    def _lost(self, call: Call, error: Exception | None, kept: Kept) -> None:
        """Another worker was first if the register has moved on; else it is a fault, kept until
        the other registers are done."""
        number = call.steps[0].case
        if number:
            before = int(call.uid.split("/")[1].split(".")[1])
            moved = Case.objects.filter(number=number).exclude(seq=before).exists()
        else:
            moved = Act.objects.filter(call=call.uid).exists()
        if not moved and error is not None:
            logger.error("register %s: %s", number or call.uid, error)
            kept.faults.append(error)
            return
        kept.lost_races += 1


def _freed_first(steps: Iterable[Step]) -> list[Step]:
    """Return the steps of a register with what re-opens a period first: an act that was corrected
    is free of the period it met before it meets another one."""
    return sorted(steps, key=lambda step: step.act != REOPEN)


def _ordered(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (key[0], key[1] or 0, key[2]))


def _keeper(bearer: Bearer, day: date) -> int | None:
    """Return in whose register a period that begins on a day is kept: of the holder by the registry
    of that day, also while somebody stood in; of the first known where there was none."""
    if bearer.of == "holder":
        return None
    known = bearer.known_post(day, day)
    return bearer.posted(day) if known is None else known


def _open_period(rule: str, bearer: Bearer, period: Period) -> Step:
    fields: dict[str, FieldValue] = {"rule": rule, "first": period.first}
    if bearer.seat:
        fields["seat"] = bearer.seat
    if period.local is not None:
        fields |= {"last": period.last, "local": f"{period.local.key}={period.local.value}"}
    holder = bearer.known(period.first, period.first)
    if holder is not None:
        fields[LEADER] = holder
    return Step(act=OPEN_PERIOD, fields=fields, occurred_at=midnight(period.first))
