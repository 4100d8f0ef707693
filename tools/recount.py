"""Count the timeliness of a file of messages again, by other means: nothing here comes from
dengwen.

    python -m tools.recount FILE [--classes FILE] [--organ CODE] [--today DAY] [--holidays CSV]

Reads the JSON lines, the holiday notices (packs/calendar/*.toml, or a CSV with a column per day)
and, for years
before 2015, the kept library; counts days on its own and prints the figures of `dengwen report
timeliness`. The two
must agree on every figure (tests/petitions/test_timeliness.py).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import chinese_calendar

ROOT = Path(__file__).resolve().parent.parent
COUNTS = ("registered", "refused", "answered", "over_60_days", "in_time", "late", "cannot_tell")
GROUPS = ("by_edition", "by_organ", "by_category", "by_class")
SWITCH = date(2022, 5, 1)
FIRST = date(2005, 5, 1)
KEPT = range(2004, 2015)
DAYS, MORE, BEFORE = 60, 30, 15
CATEGORIES = {
    "城乡建设": "c01",
    "党务政务": "c02",
    "国土资源": "c03",
    "环境保护": "c04",
    "纪检监察": "c05",
    "交通运输": "c06",
    "经济管理": "c07",
    "科技与信息产业": "c08",
    "民政": "c09",
    "农村农业": "c10",
    "商贸旅游": "c11",
    "卫生计生": "c12",
    "政法": "c13",
    "教育文体": "c14",
    "劳动和社会保障": "c15",
}
Works = Callable[[date], "bool | None"]
Counts = dict[str, int]


def notices(folder: Path) -> dict[date, bool]:
    """Return what the yearly notices of a folder say of single days: off is False, make-up work
    is True."""
    said: dict[date, bool] = {}
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, works in (("off", False), ("work", True)):
            for span in table.get(name, []):
                first, _, last = str(span).partition("/")
                day = date.fromisoformat(first)
                while day <= date.fromisoformat(last or first):
                    said[day] = works
                    day += timedelta(days=1)
    return said


def by_notices(folder: Path) -> Works:
    """Return a working-day test from the notices; None for a day of a year that has none."""
    said = notices(folder)
    known = {int(path.stem) for path in folder.glob("*.toml")}

    def works(day: date) -> bool | None:
        if day.year in KEPT:
            return bool(chinese_calendar.is_workday(day))
        return said.get(day, day.isoweekday() <= 5) if day.year in known else None

    return works


def by_table(path: Path) -> Works:
    """Return a working-day test from a CSV that lists days with a 0/1 column `workday…`; other
    days by weekday."""
    said: dict[date, bool] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            column = next(name for name in row if name.startswith("workday"))
            said[date.fromisoformat(row["date"])] = row[column] == "1"
    known = {day.year for day in said}

    def works(day: date) -> bool | None:
        if day.year in KEPT:
            return bool(chinese_calendar.is_workday(day))
        return said.get(day, day.isoweekday() <= 5) if day.year in known else None

    return works


def rolled(day: date, works: Works) -> date | None:
    """Return the day, or the next working day after it; None where a year is not known."""
    while (working := works(day)) is False:
        day += timedelta(days=1)
    return None if working is None else day


def limits(received: date, works: Works) -> tuple[date, date | None]:
    """Return the last day surely in time and the last day that can be lawful, for a message of
    one day."""
    end = received + timedelta(days=DAYS)
    accepted = rolled(received + timedelta(days=BEFORE), works)
    last = None if accepted is None else rolled(accepted + timedelta(days=DAYS + MORE), works)
    return rolled(end, works) or end, last


def day_of(text: object) -> date | None:
    """Return the civil day of a time as the files write it, None for none."""
    return datetime.fromisoformat(str(text).strip().replace("/", "-")).date() if text else None


def usable(path: Path, today: date) -> Iterator[tuple[dict[str, Any], date, date | None]]:
    """Yield the messages an import takes, each with its day and the day of its reply."""
    seen: set[tuple[str, str]] = set()
    with path.open(encoding="utf-8-sig") as file:
        for line in file:
            if not line.strip():
                continue
            row = json.loads(line)
            key = (str(row.get("source") or ""), str(row.get("source_no") or ""))
            try:
                received, replied = day_of(row.get("time")), day_of(row.get("reply_time"))
            except ValueError:
                continue
            if received is None or not key[1] or key in seen or not (FIRST <= received <= today):
                continue
            if (replied is not None and not (received <= replied <= today)) or (
                row.get("reply") and replied is None
            ):
                continue
            seen.add(key)
            yield row, received, replied


def names_of(
    received: date, replied: date | None, class_: str, path: str, when: Works
) -> list[str]:
    """Return the figures one message counts under."""
    new = received >= SWITCH
    if replied is None or (new and not class_):
        return ["registered"]
    names = ["registered", "answered"]
    if (replied - received).days > DAYS:
        names.append("over_60_days")
    if new and (class_ != "claim" or path not in ("", "31(6)")):
        return names
    surely, last = limits(received, when)
    if replied <= surely:
        return [*names, "in_time"]
    return [*names, "late" if last is not None and replied > last else "cannot_tell"]


def recount(
    path: Path, works: Works, classes: dict[str, tuple[str, str]], organ: str, today: date
) -> dict[str, Any]:
    """Return the figures of a file: in all, and by edition, organ, category and class."""
    when: Works = lru_cache(maxsize=None)(works)
    total = nothing_counted()
    groups: dict[str, dict[str, Counts]] = {group: {} for group in GROUPS}
    for row, received, replied in usable(path, today):
        class_, way = classes.get(str(row["source_no"]), ("", ""))
        counted = [total]
        for group, key in zip(GROUPS, keys_of(row, received, organ, class_), strict=True):
            counted.append(groups[group].setdefault(key, nothing_counted()))
        for name in names_of(received, replied, class_, way, when):
            for counts in counted:
                counts[name] += 1
    return {**total, **{group: dict(sorted(found.items())) for group, found in groups.items()}}


def nothing_counted() -> Counts:
    """Return every figure at nought."""
    return dict.fromkeys(COUNTS, 0)


def keys_of(
    row: dict[str, Any], received: date, organ: str, class_: str
) -> tuple[str, str, str, str]:
    """Return where a message counts: its edition, organ, category and class."""
    edition = "2022" if received >= SWITCH else "2005"
    category = CATEGORIES.get(str(row.get("category")), "unknown")
    return edition, organ, category, class_ or "unknown"


def read_classes(path: Path) -> dict[str, tuple[str, str]]:
    """Read the file of classes: source number to class and path."""
    rows = (
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    )
    return {str(r["number"]): (r["class"], r.get("path") or "") for r in rows}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--classes", type=Path)
    parser.add_argument("--organ", default="unknown")
    parser.add_argument("--today", type=date.fromisoformat, default=date.max)
    parser.add_argument("--holidays", type=Path)
    given = parser.parse_args()
    works = by_table(given.holidays) if given.holidays else by_notices(ROOT / "packs" / "calendar")
    classes = read_classes(given.classes) if given.classes else {}
    found = recount(given.file, works, classes, given.organ, given.today)
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
