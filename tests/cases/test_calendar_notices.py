"""A year without a notice, its entry, and an amendment: open duties move, verdicts stay."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases import replay, rulebooks
from dengwen.cases.duties.sweep import Swept, sweep
from dengwen.cases.models import Act
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from tests.world import CLAIM, PAPER, World, at


def publish(on: str, year: int, off: tuple[str, ...], work: tuple[str, ...] = ()) -> None:
    """Enter a notice on a day, as the administrator does, and let open duties follow it."""
    step = Step(
        act="publish_calendar",
        kind="edition",
        fields={"year": year, "off": off, "work": work},
        texts={"source": "示例通知"},
    )
    perform(
        step, by=By(None, None, frozenset({"registrar"})), now=at(on), uid=f"notice-{year}-{on}"
    )
    replay.follow_calendar()


def test_without_a_notice_there_is_a_raw_day_and_no_breach(world: World) -> None:
    number = world.register("2026-12-20")
    duty = world.duty(number, "sort")
    assert (duty.raw, duty.due, duty.provisional) == (date(2027, 1, 4), None, True)
    assert duty.sort_day == date(2027, 1, 4)
    assert sweep(now=at("2027-01-20")) == Swept()


def test_entering_the_notice_moves_the_duty_and_records_the_breach_on_its_right_day(
    world: World,
) -> None:
    number = world.register("2026-12-20")
    publish("2027-01-20", 2027, ("2027-01-01/2027-01-05",))
    duty = world.duty(number, "sort")
    assert (duty.due, duty.provisional) == (date(2027, 1, 6), False)
    assert sweep(now=at("2027-01-20")).breaches == 1
    assert civil(Act.objects.get(case__number=number, act="breach").occurred_at) == date(2027, 1, 7)
    assert list(replay.check()) == []


def provisional(world: World) -> str:
    """Accept a claim whose last day is raw 1 January 2027, of which no notice says whether
    anybody works."""
    number = world.to_accepted("2026-11-02")
    assert (world.duty(number, "handle").raw, world.duty(number, "handle").due) == (
        date(2027, 1, 1),
        None,
    )
    return number


def breached_on_the_right_day(world: World, number: str) -> None:
    """The notice comes late: the last day was 5 January, whatever was entered since."""
    publish("2027-02-10", 2027, ("2027-01-01/2027-01-04",))
    assert world.duty(number, "handle").breach_id is None
    sweep(now=at("2027-02-10"))
    breach = Act.objects.get(case__number=number, act="breach", duty="handle")
    assert civil(breach.occurred_at) == date(2027, 1, 6)
    assert list(replay.check()) == []


@pytest.mark.parametrize("claimed", ["2026-12-20", "2027-02-01"])
def test_an_extension_entered_after_a_day_that_the_notice_fixed_later_moves_nothing(
    world: World, claimed: str
) -> None:
    number = provisional(world)
    support: dict[str, Any] = {
        "late_reason": "停电（示例）",
        "paper": PAPER,
        "second": world.official("YJ02-W"),
    }
    texts = {"reason": "检测未完"}
    world.act(
        "head",
        "extend",
        number,
        on=claimed,
        entered="2027-02-01",
        days=30,
        told_petitioner=True,
        texts=texts,
        step=support,
    )
    breached_on_the_right_day(world, number)
    assert world.duty(number, "handle").due == date(2027, 1, 5)


def test_an_extension_entered_in_time_counts_though_the_notice_comes_later(world: World) -> None:
    number = provisional(world)
    texts = {"reason": "检测未完"}
    world.act("head", "extend", number, on="2026-12-30", days=30, told_petitioner=True, texts=texts)
    publish("2027-01-10", 2027, ("2027-01-01/2027-01-04",))
    assert world.duty(number, "handle").due == date(2027, 2, 1)
    assert list(replay.check()) == []


def test_a_correction_entered_after_a_day_that_the_notice_fixed_later_cures_nothing(
    world: World,
) -> None:
    number = provisional(world)
    target = Act.objects.get(case__number=number, act="accept").pk
    fields: dict[str, Any] = {"target": target, "field": "occurred_at", "new": "2027-01-20"}
    world.act(
        "handler",
        "correct",
        number,
        on="2027-02-01",
        step={"paper": PAPER},
        texts={"reason": "抄错"},
        second=world.official("YJ02-W"),
        **fields,
    )
    breached_on_the_right_day(world, number)


def test_an_amended_notice_moves_open_duties_and_leaves_verdicts(world: World) -> None:
    closed = world.register("2025-03-03")
    world.act("clerk", "classify", closed, on="2025-03-04", **CLAIM)
    world.act("router", "forward", closed, on="2025-03-18", to=world.organ("YJ02"))
    breached = world.register("2025-03-03")
    sweep(now=at("2025-03-19"))
    still_open = world.register("2025-03-10")  # raw and due Tue 2025-03-25
    before = rulebooks.calendars().newest.version
    off = tuple(d.isoformat() for d in sorted(rulebooks.library().calendar.years[2025].off))
    work = tuple(d.isoformat() for d in sorted(rulebooks.library().calendar.years[2025].work))
    publish("2025-03-20", 2025, (*off, "2025-03-18", "2025-03-25"), work)
    assert rulebooks.calendars().newest.version != before
    assert world.duty(still_open, "sort").due == date(2025, 3, 26)
    assert (world.duty(closed, "sort").due, world.duty(closed, "sort").timeliness) == (
        date(2025, 3, 18),
        "in_time",
    )
    assert (world.duty(breached, "sort").due, world.duty(breached, "sort").calendar) == (
        date(2025, 3, 18),
        before,
    )
    assert list(replay.check()) == []


def test_a_newer_pack_changes_nothing_that_was(world: World, settings: Any, tmp_path: Path) -> None:
    """A pack that shortens the sixty days is installed: what runs keeps its day, what is
    accepted now has fewer."""
    before = world.to_accepted("2025-03-03")
    packs = Path(settings.DATA) / "packs"
    shutil.copytree(
        Path(settings.ROOT) / "packs", packs, ignore=shutil.ignore_patterns("bad", "scenarios")
    )
    petition = packs / "national" / "2022-05-01" / "petition.toml"
    text = petition.read_text(encoding="utf-8")
    assert text.count("term = {days = 60}") == 1
    petition.write_text(text.replace("term = {days = 60}", "term = {days = 50}"), encoding="utf-8")
    rulebooks.forget()
    assert list(replay.check()) == []
    after = world.to_accepted("2025-03-03")
    days = [world.duty(n, "handle").raw for n in (before, after)]
    assert days == [date(2025, 5, 2), date(2025, 4, 22)]
    world.act(
        "head",
        "extend",
        before,
        on="2025-03-10",
        days=30,
        told_petitioner=True,
        texts={"reason": "检测未完"},
    )
    assert world.duty(before, "handle").raw == date(2025, 6, 1)
    assert list(replay.check()) == []
