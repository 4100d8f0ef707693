"""The timeliness report equals a recount that shares nothing with it, on real messages of both
editions."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases.models import Case
from dengwen.petitions.history.history_import import import_messages
from dengwen.petitions.history.message_classes import read_classes
from dengwen.petitions.history.timeliness import COUNTS, timeliness
from tests.world import CLAIM, World, at
from tools import recount

ROOT = Path(recount.__file__).resolve().parents[1]
SHIFT = timedelta(days=2557)
"""Seven years with two leap days: 2011–2020 becomes 2018–2027, across the change of edition."""
GROUPS = ("by_edition", "by_organ", "by_category", "by_class")


def brought_in(world: World, path: Path, now: str, **more: Any) -> dict[str, Any]:
    """Import a file at an instant and return the report as plain data."""
    done = import_messages(
        path,
        organ=world.organ("YJ02"),
        channel="network",
        by=world.by("handler"),
        now=at(now),
        **more,
    )
    assert done.refused == 0, done.errors[:3]
    return timeliness(Case.objects.all()).as_dict()


def counted(
    path: Path, now: str, classes: dict[str, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """Recount the same file."""
    works = recount.by_notices(ROOT / "packs" / "calendar")
    return recount.recount(path, works, classes or {}, "YJ02", date.fromisoformat(now))


def same(
    report: dict[str, Any], other: dict[str, Any], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Compare every figure, in all and in each group, and print both."""
    with capsys.disabled():
        print(f"\n{name} ({', '.join(COUNTS)}):")
        print(f"  report  {[report[n] for n in COUNTS]}\n  recount {[other[n] for n in COUNTS]}")
    assert {n: report[n] for n in (*COUNTS, *GROUPS)} == {n: other[n] for n in (*COUNTS, *GROUPS)}


def replies(target: Path, rows: int, first: date) -> Path:
    """Write invented messages and replies, one every nine days: answered soon, late, in parts of
    a day, or never."""
    waits = (3, 14, 15, 16, 59, 60, 61, 62, 90, 200, 0, None)
    with target.open("w", encoding="utf-8") as file:
        for n in range(1, rows + 1):
            sent = datetime.combine(first + timedelta(days=9 * n), time(n % 24, 30))
            wait = waits[n % len(waits)]
            answered = None if wait is None else sent + timedelta(days=wait, minutes=n)
            row = {
                "id": f"M{n}",
                "source": "示例留言板",
                "source_no": n,
                "subject": f"示例路{n}号路灯",
                "body": f"示例路{n}号门前的路灯不亮，请求修理。",
                "time": sent.isoformat(),
                "category": ("城乡建设", "环境保护", None)[n % 3],
                "reply": None if answered is None else "已经修理，谢谢来信。",
                "reply_time": None if answered is None else answered.isoformat(),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return target


def test_invented_replies_of_both_editions_sorted_by_class(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = replies(
        tmp_path / "replies.jsonl", 240, date(2020, 6, 1)
    )  # to 2026-04-25, across the change of edition
    ways = [
        ("claim", "31(6)"),
        ("claim", ""),
        ("suggestion", ""),
        ("claim", "31(4)"),
        ("accusation", ""),
    ]
    chosen = {str(n): ways[n % len(ways)] for n in range(1, 241) if n % 7}
    classes = tmp_path / "classes.jsonl"
    lines = [json.dumps({"number": n, "class": c, "path": p}) for n, (c, p) in chosen.items()]
    classes.write_text("\n".join(lines), encoding="utf-8")
    now = "2026-11-24"
    report = brought_in(world, path, now, class_by=read_classes(classes, date.fromisoformat(now)))
    same(report, counted(path, now, chosen), capsys, "240 invented replies")
    assert report["registered"] == 240
    assert 100 < report["answered"] <= 220  # of twelve, one is never answered
    assert set(report["by_edition"]) == {"2005", "2022"}
    assert min(report["in_time"], report["late"]) > 0
    assert report["by_class"]["unknown"]["registered"] == 240 - len(chosen)
    assert (
        Case.objects.filter(protected=True).count()
        == report["by_class"]["accusation"]["registered"]
    )


def test_replies_under_the_edition_of_2005(
    world: World, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared / "data/messages/teddy_replies.jsonl"
    report = brought_in(world, path, "2026-11-24")
    same(report, counted(path, "2026-11-24"), capsys, "teddy_replies")
    assert (report["registered"], report["answered"]) == (1671, 1671)
    assert report["answered"] - report["over_60_days"] == 1572
    assert report["in_time"] + report["late"] + report["cannot_tell"] == 1671
    assert report["by_edition"].keys() == {"2005"}
    assert report["rules"]["2005"]["sixty_days"] == {
        "law": "R05",
        "article": "33",
        "clock": "r05.handle",
        "days": 60,
    }
    assert report["rules"]["2005"]["acceptance"]["days"] == 15
    assert report["imported"] == 1671


def shifted(source: Path, target: Path) -> Path:
    """Write the replies seven years later; returns the file."""
    with target.open("w", encoding="utf-8") as file:
        for line in source.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for name in ("time", "reply_time"):
                row[name] = (datetime.fromisoformat(row[name]) + SHIFT).isoformat()
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return target


def test_replies_seven_years_later_sorted_by_class(
    world: World, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shifted(shared / "data/messages/teddy_replies.jsonl", tmp_path / "shifted.jsonl")
    numbers = [
        str(json.loads(line)["source_no"]) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    ways = [
        ("claim", "31(6)"),
        ("claim", ""),
        ("suggestion", ""),
        ("claim", "31(4)"),
        ("accusation", ""),
    ]
    chosen = {
        number: ways[place % 40 % 9 % len(ways)]
        for place, number in enumerate(numbers)
        if place % 50
    }
    classes = tmp_path / "classes.jsonl"
    lines = [json.dumps({"number": n, "class": c, "path": p}) for n, (c, p) in chosen.items()]
    classes.write_text("\n".join(lines), encoding="utf-8")
    now = "2027-02-01"
    report = brought_in(world, path, now, class_by=read_classes(classes, date.fromisoformat(now)))
    same(report, counted(path, now, chosen), capsys, "teddy_replies + 2557 days")
    assert set(report["by_edition"]) == {"2005", "2022"}
    assert report["by_edition"]["2022"]["registered"] > 1000
    assert report["rules"]["2022"]["sixty_days"]["article"] == "34"
    waiting = report["by_class"]["unknown"]
    assert waiting["registered"] > waiting["answered"]
    assert report["by_class"]["suggestion"]["registered"] > 0
    assert (
        Case.objects.filter(protected=True).count()
        == report["by_class"]["accusation"]["registered"]
    )


def test_a_board_without_replies(
    world: World, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared / "data/messages/hangzhou_board.jsonl"
    report = brought_in(world, path, "2026-11-24")
    same(report, counted(path, "2026-11-24"), capsys, "hangzhou_board")
    assert (report["registered"], report["answered"], report["over_60_days"]) == (1133, 0, 0)


def test_the_two_calendars_of_the_recount_agree(shared: Path) -> None:
    path = shared / "data/messages/teddy_replies.jsonl"
    one = counted(path, "2026-11-24")
    table = recount.by_table(shared / "data/holidays/workdays_2015_2026.csv")
    assert recount.recount(path, table, {}, "YJ02", date(2026, 11, 24)) == one


def test_a_matter_accepted_here_is_judged_by_its_own_duty(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    opinion = {
        "claim": "修复屋面",
        "facts_reasons": "经查属实",
        "opinion": "支持",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", number, on="2025-05-06", outcome="support", texts=opinion)
    world.act("checker", "check", number, on="2025-05-06")
    world.act("head", "sign", number, on="2025-05-07")
    report = timeliness(Case.objects.all()).as_dict()
    assert [report[n] for n in COUNTS] == [1, 0, 1, 1, 0, 1, 0]
    assert report["by_class"] == {"claim": {n: report[n] for n in COUNTS}}


def test_an_answer_in_simplified_handling_is_an_answer(world: World) -> None:
    number = world.register("2025-03-03", who="handler", office="organ")
    world.act("handler", "classify", number, on="2025-03-03", **CLAIM)
    clear: dict[str, Any] = {
        "first_time": True,
        "clear": True,
        "not_complex": True,
        "not_joint": True,
    }
    world.act("handler", "choose_simple", number, on="2025-03-04", **clear)
    world.act("handler", "accept_simple", number, on="2025-03-05", texts={"procedure": "简易办理"})
    assert timeliness(Case.objects.all()).as_dict()["answered"] == 0
    world.act(
        "handler",
        "decide_simple",
        number,
        on="2025-03-10",
        outcome="support",
        texts={"reply": "已修复"},
    )
    report = timeliness(Case.objects.all()).as_dict()
    assert [report[n] for n in COUNTS] == [1, 0, 1, 0, 1, 0, 0]


def test_a_duty_performed_on_application_is_an_answer_without_sixty_days(world: World) -> None:
    number = world.register("2025-03-03", who="handler", office="organ")
    world.act("handler", "classify", number, on="2025-03-03", **{**CLAIM, "path": "31(5)"})
    told = {"procedure": "申请履行法定职责，两个月"}
    world.act(
        "handler", "notify_path", number, on="2025-03-05", organ=world.organ("YJ02"), texts=told
    )
    assert timeliness(Case.objects.all()).as_dict()["answered"] == 0
    world.act(
        "handler",
        "inform_duty",
        number,
        on="2025-04-10",
        performed=True,
        texts={"reply": "已经履行"},
    )
    report = timeliness(Case.objects.all()).as_dict()
    assert [report[n] for n in COUNTS] == [1, 0, 1, 0, 0, 0, 0]
