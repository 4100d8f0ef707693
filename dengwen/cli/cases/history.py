"""`dengwen import messages` and `dengwen report timeliness`: the past brought in, and what it
says about time."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user, viewer_of
from dengwen.cases.write.perform import By, perform
from dengwen.cli.shell.account import acting, organ_named, user_named
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.petitions.history.history_import import import_messages
from dengwen.petitions.history.message_classes import read_classes
from dengwen.petitions.history.message_fields import channels, targets
from dengwen.petitions.history.message_file import ColumnMap, read_map
from dengwen.petitions.history.timeliness import COUNTS, timeliness

OPERATOR = frozenset({"clerk", "router", "handler"})
"""What an import done at the machine, without an account, may do: bring in what lies in the
file."""
STAND_IN = "XF01"
EARLIEST_OFFICE = datetime(1949, 10, 1, tzinfo=UTC)


def run_import(args: argparse.Namespace) -> int:
    """Import a file of messages; every row that was not taken is named, the others stand."""
    now = now_of(args)
    channel = _channel(args.channel)
    office = _office(args, now)
    by = acting(args.by, office.code, civil(now)) if args.by else By(None, office.pk, OPERATOR)
    report = import_messages(
        Path(args.file),
        organ=office.pk,
        channel=channel,
        by=by,
        now=now,
        mapping=read_map(Path(args.map), targets()) if args.map else ColumnMap(),
        class_by=read_classes(Path(args.class_by), civil(now)) if args.class_by else None,
        errors_to=None if args.json else lambda error: complain(str(error)),
    )
    if args.json:
        tell_json(report.as_dict())
    else:
        tell(
            f"{report.rows} 行：登记 {report.registered}，已有 {report.repeated}，未收 {report.refused}，"
            f"答复 {report.replies}，待分类 {report.waiting} / rows: registered, repeated, refused,"
            " replies, waiting"
        )
    return WRONG if report.refused else OK


def _channel(asked: str) -> str:
    """Return how the messages came: one of the ways that the installed packs know."""
    known = channels()
    if asked not in known:
        ways = "、".join(f"{code}（{chinese}）" for code, (chinese, _english) in known.items())
        raise CommandError(
            what=f"没有提出形式“{asked[:40]}” / there is no channel “{asked[:40]}”",
            where="--channel",
            mend=f"{ways} / one of: {', '.join(known)}",
        )
    return asked


def _office(args: argparse.Namespace, now: datetime) -> Organ:
    """Return the organ named, or the only petition office; an office still empty gets one by an
    act."""
    if args.organ:
        return organ_named(args.organ, "--organ")
    offices = list(Organ.objects.filter(is_petition_office=True).order_by("code")[:2])
    if len(offices) == 1:
        return offices[0]
    if offices or Organ.objects.exists():
        raise CommandError(
            what="请写明收件的机关、单位 / say which organ the messages came to",
            where="--organ",
            mend="--organ <代码 CODE>",
        )
    step = Step(
        act="found_organ",
        kind="registry",
        fields={
            "code": STAND_IN,
            "kind": "party_organ",
            "level": "county",
            "petition_office": True,
            "from": EARLIEST_OFFICE.date(),
        },
        texts={
            "name_zh": "信访部门（名称待登记）",
            "name_en": "petition department (name to be registered)",
        },
        imported=True,
    )
    perform(
        step, by=By(None, None, frozenset({"registrar"})), now=now, uid=f"import/office/{STAND_IN}"
    )
    complain(
        f"名录是空的，已登记 {STAND_IN} 代收 / the registry was empty: {STAND_IN} was registered to "
        "receive them"
    )
    return Organ.objects.get(code=STAND_IN)


def run_timeliness(args: argparse.Namespace) -> int:
    """Report how long the matters waited: all of the office, or what an account may see."""
    day = civil(now_of(args))
    cases = for_user(viewer_of(user_named(args.by), day), day) if args.by else Case.objects.all()
    report = timeliness(cases)
    if args.json:
        tell_json(report.as_dict())
        return OK
    figures = report.total.as_dict()
    for name in COUNTS:
        tell(f"{name:<16}{figures[name]:>8}")
    for edition, rules in report.rules.items():
        tell(f"{edition}: {rules}")
    return OK
