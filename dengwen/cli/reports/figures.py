"""`dengwen report monthly` and `report annual`: the figures of an office with their ledger
position, and their digest.

Only sums are told, never which matters they count: the page does that, behind the wall.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date

from dengwen.cases.wall.visibility import Viewer, viewer_of
from dengwen.cli.shell.account import user_named
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, CommandError, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Organ
from dengwen.oversight.annual_report import annual
from dengwen.oversight.statistics import month_of, table

NOBODY = Viewer(None, None, frozenset(), frozenset(), frozenset())
"""Nobody in particular: every matter that may enter a figure at all."""


def run_monthly(args: argparse.Namespace) -> int:
    """Tell the monthly table of an office."""
    day = civil(now_of(args))
    office = _office(args.office)
    first, last = month_of(*_month(args.month, day))
    taken = table(office.pk, office.code, _viewer(args, day), first, last, args.at)
    if args.json:
        tell_json({**taken.as_dict(), "sha256": taken.digest()})
        return OK
    tell(
        f"{office.name_zh} {first} – {last}　存证位 / ledger position {taken.position}　SHA-256 "
        f"{taken.digest()}"
    )
    for name, number in asdict(taken.total).items():
        tell(f"{name:<22}{number:>8}")
    return OK


def run_annual(args: argparse.Namespace) -> int:
    """Tell the figures of the annual report of an office (R22 41(1))."""
    day = civil(now_of(args))
    office = _office(args.office)
    figures = annual(office, _viewer(args, day), args.year or day.year - 1, args.at)
    if args.json:
        tell_json({"office": office.code, **figures.as_dict(), "sha256": figures.digest()})
        return OK
    tell(
        f"{office.name_zh} {figures.year}　存证位 / ledger position {figures.position}　SHA-256 "
        f"{figures.digest()}"
    )
    rows = {**asdict(figures.data.total), **figures.handling}
    for kind, suggested in figures.suggestions.items():
        for name, number in suggested.items():
            rows[f"{kind}.{name}"] = number
    for name, number in rows.items():
        tell(f"{name:<28}{number:>8}")
    return OK


def _viewer(args: argparse.Namespace, day: date) -> Viewer:
    """Return behind whose wall the figures are counted; nobody by default."""
    return viewer_of(user_named(args.by), day) if args.by else NOBODY


def _office(code: str) -> Organ:
    """Return the office asked for, the only petition department by default."""
    if code:
        offices = list(Organ.objects.filter(code=code))
        what = f"没有机关 {code} / no organ {code}"
    else:
        offices = list(Organ.objects.filter(is_petition_office=True)[:2])
        what = "请写明是哪个机关、单位 / say which office"
    if len(offices) == 1:
        return offices[0]
    raise CommandError(what=what, where="--office", mend="--office <代码 CODE>")


def _month(text: str, today: date) -> tuple[int, int]:
    """Return year and month, last month by default."""
    if not text:
        return (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    year, _dash, month = text.partition("-")
    if year.isdecimal() and len(year) == 4 and month.isdecimal() and 1 <= int(month) <= 12:
        return int(year), int(month)
    raise CommandError(
        what=f"“{text}”不是月份 / {text!r} is no month", where="--month", mend="2026-10"
    )
