"""`dengwen calendar`: the years whose rest days are known, and entering the yearly notice."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from typing import Any

from dengwen.access.keys.randomness import token_bytes
from dengwen.cases import replay, rulebooks
from dengwen.cases.write.perform import perform
from dengwen.cli.shell.account import registrar
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, CommandError, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.law.time.calendar import YearTable


def run_show(args: argparse.Namespace) -> int:
    """List the years known, or one year's days."""
    years = rulebooks.calendars().newest.years
    if args.year is not None and args.year not in years:
        raise CommandError(
            what=f"{args.year}年的放假通知尚未录入 / the notice of {args.year} was not entered",
            where="calendar",
            mend=f"dengwen calendar publish {args.year} --off … --source … --by …",
        )
    chosen = sorted(years) if args.year is None else [args.year]
    if args.json:
        rows = [_as_data(years[year]) for year in chosen]
        tell_json({"version": rulebooks.calendars().newest.version, "years": rows})
        return OK
    for year in chosen:
        _tell_year(years[year])
        if args.year is not None:
            _tell_days(years[year])
    return OK


def _as_data(table: YearTable) -> dict[str, Any]:
    """Return the notice of a year as plain data."""
    return {
        "year": table.year,
        "version": table.version,
        "kept": table.kept,
        "verified": table.verified,
        "source": table.source,
        "off": _days(table.off),
        "work": _days(table.work),
    }


def _days(days: Iterable[date]) -> list[str]:
    """Return days in order as ISO 8601."""
    return [day.isoformat() for day in sorted(days)]


def _tell_year(table: YearTable) -> None:
    """Print a year: how many days, which version, from which notice."""
    mark = "（库存 / kept）" if table.kept else ""
    known = f"休 / off {len(table.off):>3}  调休上班 / worked {len(table.work):>2}"
    tell(f"{table.year}  {known}  v{table.version} {table.source}{mark}")


def _tell_days(table: YearTable) -> None:
    """Print the rest days and the weekend days worked."""
    off, worked = " ".join(_days(table.off)), " ".join(_days(table.work))
    tell(f"  休 / off: {off}\n  班 / worked: {worked}")


def run_publish(args: argparse.Namespace) -> int:
    """Enter the notice by an act, then move the open duties; verdicts that had fallen stay."""
    now = now_of(args)
    step = Step(
        act="publish_calendar",
        kind="edition",
        fields={
            "year": args.year,
            "off": tuple(args.off),
            **({"work": tuple(args.work)} if args.work else {}),
        },
        texts={"source": args.source},
    )
    done = perform(
        step, by=registrar(args.by, civil(now)), now=now, uid=f"cli/calendar/{token_bytes(8).hex()}"
    )
    moved = replay.follow_calendar()
    if args.json:
        tell_json(
            {
                "case": done.case,
                "year": args.year,
                "moved_cases": moved,
                "calendar": rulebooks.calendars().newest.version,
            }
        )
    else:
        tell(
            f"{args.year}年日历已录入，{moved} 件的期限随之变动 / entered; "
            f"the days of {moved} cases moved（{done.case}）"
        )
    return OK
