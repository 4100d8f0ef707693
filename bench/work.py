"""The measurements of the write path: intake, steps of a case, import."""

from __future__ import annotations

import cProfile
import json
import pstats
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from bench.cpu import Meter
from bench.office import TEXT, World, at, intake
from dengwen.cases.write.perform import By
from dengwen.law.duties.step import FieldValue
from dengwen.petitions.history.history_import import import_messages
from dengwen.petitions.intake.intake import register

FIRST = date(2025, 3, 3)
WARM = 10
TOP = 10
OPINION = {
    "claim": "修复屋面",
    "facts_reasons": "经现场查看，反映属实。",
    "opinion": "支持诉求，三十日内修复。",
    "legal_basis": "示例条例第一条",
}
PAPER = "ab" * 32
Move = tuple[str, str, int, dict[str, str], dict[str, FieldValue]]


def road(world: World) -> list[Move]:
    """Return the main road after registration: who, act, day after the first, texts, fields."""
    return [
        ("clerk", "classify", 0, {}, {"class": "claim", "path": "31(6)"}),
        ("router", "forward", 1, {}, {"to": world.organ("YJ02")}),
        ("handler", "receive", 2, {}, {}),
        ("handler", "accept", 3, {"procedure": "信访程序", "contact": "李样本 0000-0000000"}, {}),
        ("head", "extend", 40, {"reason": "检测未完"}, {"days": 30, "told_petitioner": True}),
        (
            "handler",
            "decide_request",
            60,
            {"answer": "三十日内修复"},
            {"request": 1, "request_outcome": "support"},
        ),
        ("handler", "hear_petitioner", 59, {"said": "屋面漏水多年"}, {"how": "phone"}),
        ("handler", "draft", 60, OPINION, {"outcome": "support"}),
        ("checker", "check", 61, {}, {}),
        ("head", "sign", 62, {}, {}),
        ("handler", "serve", 63, {"witness": "王示例"}, {"way": "direct", "proof": PAPER}),
    ]


def timed(work: Callable[[], int], roots: tuple[int, ...]) -> tuple[float, float]:
    """Return operations per second and CPU milliseconds per operation, those of the database
    server included."""
    meter = Meter(roots)
    done = work()
    wall, cpu = meter.read()
    return done / wall, cpu / done * 1e3


def take_in(world: World, count: int, start: int = 0) -> Callable[[], int]:
    """Return work that registers matters one by one through the write door."""
    clerk = world.by("clerk")

    def work() -> int:
        for number in range(start, start + count):
            register(intake(number), by=clerk, now=at(FIRST), uid=world.uid())
        return count

    return work


def walk(world: World, cases: int, start: int) -> Callable[[], int]:
    """Return work that does every step of the main road in some cases registered before."""
    clerk = world.by("clerk")
    numbers = [
        register(intake(n), by=clerk, now=at(FIRST), uid=world.uid()).number
        for n in range(start, start + cases)
    ]
    moves = road(world)

    def work() -> int:
        for who, act, days, texts, fields in moves:
            for number in numbers:
                world.act(who, act, number, FIRST + timedelta(days=days), texts, **fields)
        return len(moves) * len(numbers)

    return work


def bring_in(world: World, rows: int, folder: Path, start: int = 0) -> Callable[[], int]:
    """Return work that imports a file of messages with their replies, each a call of its own in
    one commit a batch."""
    file = folder / f"messages-{rows}-{start}.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(start, start + rows):
            out.write(json.dumps(_message(number, rows), ensure_ascii=False) + "\n")
    clerk = world.by("clerk")
    by = By(clerk.user, clerk.organ, clerk.capacities)

    def work() -> int:
        report = import_messages(
            file, organ=world.organ("YJ01"), channel="network", by=by, now=at(FIRST)
        )
        if report.registered != rows or report.refused:
            raise RuntimeError(
                f"import: {report.registered} of {rows} registered; {report.errors[:1]}"
            )
        return rows

    return work


def _message(number: int, rows: int) -> dict[str, str]:
    """Return one invented message with its reply, as a line of the file has it."""
    day = datetime(2019, 1, 7, 9) + timedelta(days=number % 900)  # noqa: DTZ001  # the file says no zone
    return {
        "source_no": f"示例-{rows}-{number:06}",
        "source": "示例留言板",
        "subject": f"{number}号楼屋面渗水",
        "body": f"第{number}件。{TEXT}",
        "time": f"{day:%Y-%m-%d %H:%M}",
        "reply": f"已转有关单位办理。{number}",
        "reply_time": f"{day + timedelta(days=20):%Y-%m-%d %H:%M}",
    }


def profiled(work: Callable[[], int]) -> list[tuple[str, float, int]]:
    """Return the ten functions that take most time themselves: name, share of the whole, calls
    per operation."""
    profile = cProfile.Profile(
        time.process_time
    )  # CPU time: waiting for a disk or a busy machine is not work
    profile.enable()
    done = work()
    profile.disable()
    stats = pstats.Stats(profile)
    found: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = stats.stats  # type: ignore[attr-defined]
    whole = sum(one[2] for one in found.values())
    hottest = sorted(found.items(), key=lambda item: -item[1][2])[:TOP]
    return [(_name(place), one[2] / whole, round(one[1] / done)) for place, one in hottest]


def _name(place: tuple[str, int, str]) -> str:
    """Return a function as the report shows it: its path in the package, and its name."""
    file, _, function = place
    if file == "~":
        return function.strip("<>").replace("built-in method ", "").split(" at 0x")[0]
    parts = Path(file).parts
    for root in ("dengwen", "django", "psycopg", "cryptography"):
        if root in parts:
            return "/".join(parts[parts.index(root) :]) + f" {function}"
    return f"{Path(file).name} {function}"
