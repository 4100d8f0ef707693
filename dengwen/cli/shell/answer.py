"""Runs a command and turns what the packages refuse into an answer with its rule and the mend."""

from __future__ import annotations

import argparse
import importlib
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from dengwen.access.errors import AccessError, SealError
from dengwen.access.keys.key_fingerprints import database
from dengwen.access.startup_check import open_office
from dengwen.accountability.errors import AccountabilityError
from dengwen.assessment.errors import AssessmentError
from dengwen.cases.errors import CaseError
from dengwen.cases.write.check import Refused
from dengwen.cli.shell import clock
from dengwen.cli.shell.command_parser import OFFICE
from dengwen.cli.shell.output import NO_ROOM, USAGE, WRONG, CommandError, complain
from dengwen.documents.errors import DocumentError
from dengwen.editions.errors import EditionError
from dengwen.law.duties.act_record import CHINA
from dengwen.law.errors import PackError
from dengwen.leadership.errors import LeadershipError
from dengwen.ledger.durability import disk_full
from dengwen.ledger.errors import LedgerError
from dengwen.organs.errors import RegistryError
from dengwen.oversight.errors import OversightError
from dengwen.petitions.errors import PetitionError
from dengwen.practice.district.staff import NotPracticeError
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.prevention.errors import PreventionError
from dengwen.ui.database_away import away

ANSWERS = (
    AccessError,
    CaseError,
    SealError,
    DocumentError,
    EditionError,
    PackError,
    LedgerError,
    RegistryError,
    PetitionError,
    OversightError,
    AssessmentError,
    AccountabilityError,
    LeadershipError,
    PreventionError,
    NotPracticeError,
    MisconductError,
)
"""What a package says when it refuses: their text names what, where, why and the mend."""
MORNING = time(10)


def answer(args: argparse.Namespace) -> int:
    """Run the command that `args` names; refusals become exit code 1, bad questions 2. Real
    faults stay faults."""
    run = getattr(importlib.import_module(args.module), args.function)
    try:
        if getattr(args, "needs", "") == OFFICE:
            open_office(Path(settings.DATA), clock.now())
        return int(run(args))
    except Refused as refused:
        complain(refused_text(refused))
        return WRONG
    except ANSWERS as error:
        complain(str(error))
        return WRONG
    except (Error, OSError) as error:
        if disk_full(error):  # asked first: a full disk can look like a database that is away
            complain(NO_ROOM)
        elif away(error):
            complain(away_text(error))
        else:
            raise
        return WRONG
    except (ValueError, LookupError) as error:
        complain(str(error))
        return USAGE


def away_text(error: BaseException) -> str:
    """Return what is said where the database cannot be reached or lends no connection: where it
    is, and the mend."""
    sqlite = connection.vendor == "sqlite"
    mend = (
        "核对数据文件夹；别的程序正在写的，过一会儿再运行 / check the data folder; if another program is writing, run it "
        "again in a while"
        if sqlite
        else "看 PostgreSQL 是否在运行，地址、账号口令（DENGWEN_DATABASE_URL）是否正确，连接是否用尽（DENGWEN_POOL、"
        "max_connections），再运行一次 / see that PostgreSQL runs, that address, account and password "
        "(DENGWEN_DATABASE_URL) are right and connections are left (DENGWEN_POOL, "
        "max_connections); then run it again"
    )
    return (
        "数据库连不上，或者没有空闲的连接；这一次没有确认写入 / the database cannot be reached or lends no connection; "
        f"nothing was confirmed as written ({type(error).__name__})\n"
        f"  在 / at: {database()}\n  办法 / mend: {mend}"
    )


def refused_text(refused: Refused) -> str:
    """Return every reason of a refusal with its citation and what is possible instead."""
    lines = [f"不能“{refused.act_zh}” / “{refused.act_en}” is not possible:"]
    for reason in refused.reasons:
        cite = f"（{reason.basis.law} {reason.basis.article}）" if reason.basis else ""
        lines.append(f"  · {reason.zh} / {reason.en}{cite}")
        if reason.remedy_zh:
            lines.append(f"    办法 / mend: {reason.remedy_zh} / {reason.remedy_en}")
    return "\n".join(lines)


def now_of(args: argparse.Namespace) -> datetime:
    """Return this instant, or what `--clock` says in a practice office; CommandError for a clock
    in a real one."""
    said = getattr(args, "clock", None)
    if not said:
        return clock.now()
    if not settings.PRACTICE:
        raise CommandError(
            what="真实办公不得拨动时钟 / a real office takes no clock but its own",
            where="--clock",
            mend="事情发生在从前的，用 --on 写明发生时间 / say with --on when it happened",
        )
    return instant_of(said, "--clock")


def instant_of(text: str, where: str) -> datetime:
    """Read 2026-03-02 (ten in the morning in China) or 2026-03-02T15:30 (in China unless it
    names an offset)."""
    try:
        if len(text) == len("2026-03-02"):
            return datetime.combine(date.fromisoformat(text), MORNING, CHINA).astimezone(UTC)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            what=f"“{text}”不是时间 / {text!r} is no time",
            where=where,
            mend="2026-03-02 / 2026-03-02T15:30",
        ) from error
    return (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(UTC)


def day_of(text: str | None, where: str, default: date) -> date:
    """Read a day, or return the default where none is given."""
    try:
        return date.fromisoformat(text) if text else default
    except ValueError as error:
        raise CommandError(
            what=f"“{text}”不是日期 / {text!r} is no date", where=where, mend="2026-03-02"
        ) from error


def pairs_of(given: list[str], where: str) -> dict[str, str]:
    """Read NAME=VALUE arguments; CommandError names the one that is not."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CommandError(
                what=f"“{text}”缺少等号 / {text!r} has no “=”", where=where, mend="NAME=VALUE"
            )
        found[name.strip()] = value
    return found
