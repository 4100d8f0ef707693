"""A year of registers played through: a script decides what is met, met late and missed; the worker
must find the same.

One leader in ten is replaced, on any day of the year, and one in ten is away once, with a
substitute; some of these changes are entered afterwards. For every period of every duty the script
draws its fate. Then the days of the year pass one by one: whoever is to do something does it
through the write door, and the worker takes one turn. Time is an argument throughout. At the end
the duties are counted and compared with the script, kind by kind, and the holders of every period
that changed hands, with what was corrected afterwards.

An act counts for the period of its own day first, so a period can be met late only if the next one
is met before.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db.models import Q

from dengwen.cases.duties.bearers import Bearer, bearers
from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Act, Duty
from dengwen.cases.write.perform import By, Call, perform
from dengwen.law.duties.act_record import CHINA, LATE
from dengwen.law.duties.recurrence import REGISTER, holder_on
from dengwen.law.time.terms import period_of
from dengwen.organs.models import Organ
from dengwen.practice.district.founder import Founder, PersonPlan
from dengwen.practice.year.changes_of_leader import (
    Change,
    Holders,
    Turnover,
    compare_holders,
    draw_changes,
)
from dengwen.practice.year.duty_steps import Doer, letter_step, steps_of
from dengwen.practice.year.leaves_of_leader import Leave, draw_leaves
from dengwen.practice.year.registers_office import (
    INTERVALS,
    Area,
    do_all,
    found_area,
    replace_late,
    replace_leader,
    stand_in,
    two_registrars,
)

FATES, WEIGHTS = ("met", "late", "missed"), (7, 1, 2)
DAY = timedelta(days=1)
MADE_UP = timedelta(days=20)
"""How long into the next period something is done that the one before lacks."""
PERS: Mapping[str, str] = {
    "special_inspection": "year",
    **{key.removeprefix("register."): per for key, per in INTERVALS.items()},
}
"""The duties of the script, with their periods: one from the seed, the others by the local
intervals of the area."""
OF_ORGANS = ("special_inspection", "hear_report", "analyse", "assess")
OF_LEADERS = ("read_letters", "receive", "go_down", "check_tasks")


@dataclass(frozen=True, slots=True)
class Planned:
    """One period of one duty in the script: whose, its days, its fate, and the days on which
    something is done."""

    rule: str
    organ: int
    seat: str
    first: date
    last: date
    fate: str
    own: date | None
    late: date | None = None


@dataclass
class Played:
    """What the script planned and what the registers say: by duty and fate."""

    planned: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    other: Counter[tuple[str, str]] = field(default_factory=Counter)
    acts: int = 0
    turns: int = 0
    holders: Holders = field(default_factory=Holders)
    leaves: int = 0

    @property
    def agrees(self) -> bool:
        """Whether every duty ended as planned, and every period says who held it."""
        return self.planned == self.found and not self.holders.wrong

    def table(self) -> str:
        """Return the counts as a table, one duty a line."""
        lines = [
            "| 责任 duty | 按时 met | 逾期后 late | 未履行 missed | 与计划 as planned |",
            "|---|---|---|---|---|",
        ]
        lines += [self._row(rule) for rule in PERS]
        totals = [str(self._total(fate)) for fate in FATES]
        lines.append(f"| 合计 all | {' | '.join(totals)} | {_yes(self.planned == self.found)} |")
        return "\n".join([*lines, "", self._holders()])

    def _holders(self) -> str:
        """Return in a line what became of the changes of leader."""
        held = self.holders
        return (
            f"换人、代行 changes and {self.leaves} leaves of leaders: 跨越 {held.changed} 期 periods, "
            f"更正 {held.corrected} corrected afterwards, "
            f"与计划不符 otherwise than planned {len(held.wrong)}"
        )

    def _row(self, rule: str) -> str:
        """Return the line of one duty; where it is not as planned, with what was planned."""
        counts = [self.found[rule, fate] for fate in FATES]
        planned = [self.planned[rule, fate] for fate in FATES]
        same = counts == planned
        cells = [
            str(count) if same else f"{count} (计划 {wanted})"
            for count, wanted in zip(counts, planned, strict=True)
        ]
        return f"| {rule} | {' | '.join(cells)} | {_yes(same)} |"

    def _total(self, fate: str) -> int:
        """Return how many periods of all duties ended with a fate."""
        return sum(count for (_, one), count in self.found.items() if one == fate)


def _yes(true: bool) -> str:
    return "是 yes" if true else "否 no"


def instant(day: date, hour: int = 10) -> datetime:
    """Return an instant on a civil day in China."""
    return datetime.combine(day, time(hour), CHINA).astimezone(UTC)


def windows(per: str, year: int) -> Iterator[tuple[date, date]]:
    """Yield the periods of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        first, last = period_of(per, day)
        yield first, last
        day = last + DAY


def plan_seat(
    rule: str,
    organ: int,
    seat: str,
    year: int,
    random: Random,
    changes: Turnover | None = None,
    leave: Leave | None = None,
) -> list[Planned]:
    """Draw the fates of all periods of one duty in one seat; the year after gets one period that
    makes room.

    Where another leader came or stood in (`changes`), nobody makes up for what the one before
    missed at the end. What a leave touches is met, by whoever stands in first in the own seat.
    """
    spans = list(windows(PERS[rule], year))
    fates = random.choices(FATES, WEIGHTS, k=len(spans))
    after = period_of(PERS[rule], spans[-1][1] + DAY)
    spans.append(after)
    touched = {place for place, span in enumerate(spans) if leave and leave.touches(*span)}
    _settle_fates(fates, spans, changes, touched)
    found: list[Planned] = []
    for place, fate in enumerate(fates):
        own, late = _days(fate, spans[place], spans[place + 1], random)
        if place in touched and leave and leave.own_seat == seat:
            own = spans[place][0] + DAY
        found.append(Planned(rule, organ, seat, *spans[place], fate, own, late))
    if fates[-1] == "late":
        found.append(Planned(rule, organ, seat, *after, "after", after[0] + timedelta(days=3)))
    return found


def _days(
    fate: str, period: tuple[date, date], following: tuple[date, date], random: Random
) -> tuple[date | None, date | None]:
    """Return the day in a period, and the day in the following one, on which its duty is done."""
    if fate == "met":
        return period[0] + timedelta(days=random.randrange(2, 12)), None
    if fate == "late":
        return None, following[0] + MADE_UP
    return None, None


def _settle_fates(
    fates: list[str],
    spans: Sequence[tuple[date, date]],
    changes: Turnover | None,
    touched: Collection[int],
) -> None:
    """Make drawn fates possible: what is met late needs the next period met, by the same leader;
    what a leave touches is met.

    `spans` has one period more than `fates`.
    """
    for place in touched:
        fates[place] = "met"
    for place, fate in enumerate(fates):
        if fate != "late":
            continue
        made_up = spans[place + 1][0] + MADE_UP
        if changes is not None and changes.bars(spans[place][1], made_up):
            fates[place] = "missed"
        elif place + 1 < len(fates):
            fates[place + 1] = "met"


@dataclass
class _Year:
    """The year being played."""

    area: Area
    year: int
    random: Random
    every: int = 1
    result: Played = field(default_factory=Played)
    users: dict[int, int] = field(default_factory=dict)
    letters: dict[int, str] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    leaves: list[Leave] = field(default_factory=list)
    registrars: tuple[By, By] | None = None

    def plan(self) -> dict[date, list[Planned]]:
        """Draw the whole script; returns who has something to do on which day."""
        people = self.area.officials
        self.changes = draw_changes(people, self.year, self.random)
        taken = [one.leaves for one in self.changes.values()]
        self.leaves = draw_leaves(people, taken, self.year, self.random)
        days: dict[date, list[Planned]] = {}
        for bearer in bearers(date(self.year, 1, 1), date(self.year, 1, 2)):
            if bearer.organ.code not in self.area.organs or bearer.of == "portfolio":
                continue
            for one in self._planned_of(bearer):
                if one.fate in FATES:
                    self.result.planned[one.rule, one.fate] += 1
                for day in (one.own, one.late):
                    if day is not None:
                        days.setdefault(day, []).append(one)
        return days

    def _planned_of(self, bearer: Bearer) -> Iterator[Planned]:
        """Draw the periods of every duty of one seat."""
        turnover = self.turnover().get(bearer.seat)
        seats = {seat: one for one in self.leaves for seat in (one.seat, one.own_seat)}
        leave = seats.get(bearer.seat)
        for rule in OF_ORGANS if bearer.of == "holder" else OF_LEADERS:
            yield from plan_seat(
                rule, bearer.organ.pk, bearer.seat, self.year, self.random, turnover, leave
            )

    def turnover(self) -> dict[str, Turnover]:
        """Return what changes the holder of a seat in the year."""
        away: dict[str, Turnover] = {one.seat: one for one in self.leaves}
        return {**self.changes, **away}

    def accounts(self) -> None:
        """Give every leader the sign-in that a leader's act needs."""
        founder = Founder(instant(date(self.year - 1, 12, 30), 12), "year/accounts")
        for code, official in self.area.officials.items():
            person = PersonPlan(code, official.name, "", "", f"year-{code.lower()}", ())
            self.users[official.pk] = founder.account(person).pk
        self.registrars = two_registrars(self.area, founder)

    def doer(self, one: Planned, day: date) -> Doer:
        """Return who does what is planned on a day: the holder of the seat, or a clerk of the
        organ."""
        held = self.held.get((one.organ, one.seat), ())
        leader = holder_on(held, day)
        user = self.users.get(leader) if leader else None
        by = By(user, one.organ, frozenset({"clerk", "handler", "head"}))
        letter = self.letter(one.organ, day) if one.rule == "read_letters" else ""
        return Doer(by, one.organ, leader, min(self.area.officials), letter)

    def letter(self, organ: int, day: date) -> str:
        """Return the letter that leaders of an organ read, registered when the first of them
        does."""
        if organ not in self.letters:
            by = By(None, organ, frozenset({"clerk"}))
            is_office = Organ.objects.filter(pk=organ, is_petition_office=True).exists()
            letter = letter_step(day, petition_office=is_office)
            done = perform(letter, by=by, now=instant(day, 8), uid=f"year/letter/{organ}")
            self.letters[organ] = done.case
        return self.letters[organ]

    def read_holders(self) -> None:
        """Read who holds which seat, after somebody was replaced."""
        every = bearers(date(self.year, 1, 1), date(self.year + 1, 3, 1))
        self.held = {(b.organ.pk, b.seat): b.held for b in every}

    def live(self, days: Mapping[date, list[Planned]], told: Callable[[str], None]) -> None:
        """Let every day pass: what is planned is done, and every so many days the worker takes a
        turn."""
        day, end = date(self.year, 1, 1), date(self.year + 1, 1, 31)
        self.read_holders()
        while day <= end:
            self.change_leaders(day)
            do_all(self._calls(days.get(day, []), day))
            if (end - day).days % self.every == 0:
                keep(now=instant(day, 23))
                self.result.turns += 1
            if day.day == 1:
                told(f"{day}")
            day += DAY

    def _calls(self, planned: list[Planned], day: date) -> list[Call]:
        """Return a call for each thing planned on a day."""
        calls = []
        for number, one in enumerate(planned):
            doer = self.doer(one, day)
            steps = steps_of(one.rule, doer, day)
            self.result.acts += len(steps)
            calls.append(Call(steps, doer.by, instant(day), f"year/{day}/{number}"))
        return calls

    def change_leaders(self, day: date) -> None:
        """Enter the changes that are entered on a day: a year in which nobody comes or goes would
        show little."""
        entered = [one for one in self.changes.values() if one.entered == day]
        for one in entered:
            organ = self.area.organs[one.leaves.split("-")[0]]
            post = one.seat.removeprefix("post:")
            if one.late:
                replace_late(
                    organ, post, one.leaves, one.comes, instant(day, 8), one.day, self.registrars
                )
            else:
                replace_leader(organ, post, one.leaves, one.comes, instant(day, 8), day)
            founder = Founder(instant(day, 8), f"year/newcomer/{one.comes}")
            user = founder.account(
                PersonPlan(one.comes, "", "", "", f"year-{one.comes.lower()}", ())
            )
            self.users[user.official_id or 0] = user.pk
        leaves = [one for one in self.leaves if one.entered == day]
        for leave in leaves:
            organ = self.area.organs[leave.away.split("-")[0]]
            stand_in(organ, leave, instant(day, 8), self.registrars)
        if entered or leaves:
            self.read_holders()

    def count(self) -> None:
        """Count how the duties of the year ended, from the rows."""
        rows = Duty.objects.filter(
            case__kind=REGISTER, due__year=self.year, holder__code__in=self.area.organs
        )
        for row in rows.filter(rule__in=PERS):
            fate = _fate_of(row)
            breached = row.breach_id is not None
            as_recorded = breached == (fate != "met")
            counts = self.result.found if as_recorded else self.result.other
            counts[row.rule, fate] += 1
        self.result.holders = compare_holders(self.turnover(), self.year)
        self.result.leaves = len(self.leaves)


def _fate_of(row: Duty) -> str:
    """Return how a duty ended: met, met late, or missed."""
    if row.state != "closed":
        return "missed"
    return "late" if row.timeliness == LATE else "met"


def play(
    organs: int,
    leaders: int,
    year: int,
    seed: int,
    *,
    every: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> Played:
    """Play a year in a fresh office: `organs` organs, `leaders` leaders, everything drawn from
    `seed`.

    The worker takes a turn every `every` days: how often must make no difference to what it finds.
    """
    founded = instant(date(year - 1, 12, 30))
    area = found_area(organs, leaders, founded)
    one = _Year(area, year, Random(seed), every)
    one.accounts()
    days = one.plan()
    one.live(days, told)
    one.count()
    return one.result


def once_each() -> bool:
    """Say whether no register holds two breaches of one duty."""
    rows = Act.objects.filter(Q(act="breach") & Q(case__kind=REGISTER)).values_list(
        "duty", "opened_by"
    )
    return len(rows) == len(set(rows))


def show(line: str) -> None:
    """Print a line of progress."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
