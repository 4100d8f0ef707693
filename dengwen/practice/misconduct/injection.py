"""Writing a load with the misconduct of a file in it, and the sealed key to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings

from dengwen.cases.models import Act
from dengwen.cases.write.perform import perform
from dengwen.law.duties.act_record import BREACH, civil
from dengwen.law.duties.step import Step
from dengwen.law.time.calendar import Calendar
from dengwen.practice.district.staff import PETITION_OFFICE, NotPracticeError, Staff
from dengwen.practice.load.load_run import Scripted, Simulated
from dengwen.practice.load.simulate import simulate
from dengwen.practice.misconduct.answer_key import (
    INNOCENT,
    MISCONDUCT,
    Line,
    check_place,
    head_of,
    lines_of,
    write_key,
)
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.practice.misconduct.orders import Orders, read_orders
from dengwen.practice.misconduct.pen import Ground
from dengwen.practice.misconduct.placement import Placed, Placer
from dengwen.practice.misconduct.script import REGISTRY, Stage

KEPT_KEY = "practice.answer_key"
"""Local setting by which the digest of a key goes into the ledger: nobody can exchange the key
afterwards."""


@dataclass
class Injected:
    """What was written: the load, how much of each sort, the key and the digests of key and
    file."""

    load: Simulated
    misconduct: int = 0
    innocent: int = 0
    ordinary: int = 0
    key: str = ""
    key_sha256: str = ""
    file_sha256: str = ""
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, lines: Iterable[Line]) -> None:
        """Count the records of a key, in all and by kind."""
        for line in lines:
            counts = self.kinds.setdefault(line.kind, {MISCONDUCT: 0, INNOCENT: 0})
            counts[line.sort] += 1
        self.misconduct = sum(counts[MISCONDUCT] for counts in self.kinds.values())
        self.innocent = sum(counts[INNOCENT] for counts in self.kinds.values())


def inject(
    file: Path,
    key: Path,
    *,
    petitions: int,
    months: int,
    seed: int,
    until: datetime,
    organs: int | None = None,
) -> Injected:
    """Write a load with what `file` orders in it, and its key. The rest of the load is on time.

    Raises NotPracticeError in a real office; MisconductError for a file, a key or a number that
    cannot be. Nothing
    is written then.
    """
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    check_place(key, Path(settings.DATA))
    staff = Staff.load(civil(until))
    handling = list(staff.handling())[: organs or None]
    orders = read_orders(file, {PETITION_OFFICE, *handling})
    plan = _Plan(orders, seed)
    load = simulate(
        petitions=petitions,
        months=months,
        seed=seed,
        until=until,
        organs=organs,
        staff=staff,
        between=plan.between,
    )
    lines = list(lines_of(plan.placed.records))
    ordinary = _ordinary(plan.cases())
    digest = write_key(key, lines, ordinary, head_of(orders, seed, until, petitions))
    _commit(digest, orders.digest, until)
    done = Injected(
        load, ordinary=len(ordinary), key=str(key), key_sha256=digest, file_sha256=orders.digest
    )
    done.count(lines)
    return done


@dataclass
class _Plan:
    orders: Orders
    seed: int
    placed: Placed = field(default_factory=lambda: Placed([], []))

    def cases(self) -> set[str]:
        """Return the numbers of all cases the file ordered."""
        return {number for script in self.placed.scripts() for number in script.cases}

    def between(
        self,
        staff: Staff,
        calendar: Calendar,
        handling: Sequence[str],
        first: date,
        last: date,
        petitions: int,
    ) -> Iterable[Scripted]:
        """Plan what the file orders; MisconductError where it orders more matters than the load
        has."""
        ground = Ground(
            Random(f"{self.seed}/misconduct"),
            calendar,
            Stage.load(staff),
            list(handling),
            first,
            last,
        )
        self.placed = Placer(ground, self.seed).place(self.orders)
        if self.placed.matters > petitions:
            raise MisconductError(
                "too-many",
                where=self.orders.name,
                zh=f"共须 {self.placed.matters} 件信访事项，多于 {petitions} 件",
                en=f"asks for {self.placed.matters} petitions, more than {petitions}",
                mend_zh="增加 --petitions 或者减少 count",
                mend_en="raise --petitions or lower the counts",
            )
        return list(self.placed.scripts())


def _ordinary(known: set[str]) -> dict[str, list[str]]:
    """Return the duties recorded as late in cases that no order is about."""
    found: dict[str, list[str]] = {}
    rows = Act.objects.filter(act=BREACH).exclude(case__kind="register").order_by("pk")
    for number, duty in rows.values_list("case__number", "duty"):
        if number not in known:
            found.setdefault(number, []).append(duty)
    return found


def _commit(key: str, file: str, until: datetime) -> None:
    """Write the digests of key and file into the ledger, by the act that keeps a local setting."""
    stage = Stage(Staff({}, {}), {})
    step = Step(
        act="set_local_target",
        kind="edition",
        fields={
            "key": KEPT_KEY,
            "value": f"{key} {file}",
            "from": civil(until),
        },
    )
    perform(step, by=stage.by(REGISTRY, ""), now=until + timedelta(seconds=1), uid=f"mis/key/{key}")
