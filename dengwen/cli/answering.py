"""Runs a command and turns what the rooms refuse into an answer with its rule and the mend."""

from __future__ import annotations

import argparse
import importlib
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.db import DatabaseError

from dengwen.access.errors import AccessError, SealError
from dengwen.accountability.errors import AccountabilityError
from dengwen.assessment.errors import AssessmentError
from dengwen.cases.checking import Refused
from dengwen.cases.errors import CaseError
from dengwen.cli import clock
from dengwen.cli.speaking import USAGE, WRONG, CommandError, complain
from dengwen.documents.errors import DocumentError
from dengwen.editions.errors import EditionError
from dengwen.law.errors import PackError
from dengwen.law.record import CHINA
from dengwen.leadership.errors import LeadershipError
from dengwen.ledger.damage import LedgerError
from dengwen.ledger.durability import disk_full
from dengwen.organs.errors import RegistryError
from dengwen.oversight.errors import OversightError
from dengwen.petitions.errors import PetitionError
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.practice.staff import NotPracticeError
from dengwen.prevention.errors import PreventionError

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
"""What a room says when it refuses: their text names what, where, why and the mend."""
NO_ROOM = (
    "磁盘写不下，这一次什么也没有写入 / the disk takes no more: nothing was written this time\n"
    "  办法 / mend: 腾出空间以后再运行一次 / make room, then run the command again"
)
MORNING = time(10)


def answer(args: argparse.Namespace) -> int:
    """Run the command that `args` names; refusals become exit code 1, bad questions 2. Real faults stay faults."""
    run = getattr(importlib.import_module(args.module), args.function)
    try:
        return int(run(args))
    except Refused as refused:
        complain(refused_text(refused))
        return WRONG
    except ANSWERS as error:
        complain(str(error))
        return WRONG
    except (DatabaseError, OSError) as error:
        if not disk_full(error):
            raise
        complain(NO_ROOM)
        return WRONG
    except (ValueError, LookupError) as error:
        complain(str(error))
        return USAGE


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
    """Return this instant, or what `--clock` says in a practice office; CommandError for a clock in a real one."""
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
    """Read 2026-03-02 (ten in the morning in China) or 2026-03-02T15:30 (in China unless it names an offset)."""
    try:
        if len(text) == len("2026-03-02"):
            return datetime.combine(date.fromisoformat(text), MORNING, CHINA).astimezone(UTC)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            what=f"“{text}”不是时间 / {text!r} is no time", where=where, mend="2026-03-02 / 2026-03-02T15:30"
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
            raise CommandError(what=f"“{text}”缺少等号 / {text!r} has no “=”", where=where, mend="NAME=VALUE")
        found[name.strip()] = value
    return found
