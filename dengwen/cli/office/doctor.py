"""`dengwen doctor`: what would lose data, hide damage or miss a day, found before it happens."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from dengwen.access import grants, startup_check
from dengwen.access.errors import AccessError, SealError
from dengwen.access.keys import key_fingerprints, keyring
from dengwen.access.startup_check import OldTablesError
from dengwen.cases import rulebooks
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.law.errors import PackError
from dengwen.ledger import durability, guards
from dengwen.ledger.errors import LedgerError
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Event, Pending, Quarantine
from dengwen.ui.database_away import away
from dengwen.worker import night_check
from dengwen.worker.loops import cases_behind

WELL, NOTE, ILL = "well", "note", "ill"
ENOUGH, LITTLE = 5 << 30, 500 << 20
SKEW, WAITS = timedelta(minutes=2), timedelta(minutes=10)
NOTICE_OWED = (12, 1)
"""From 1 December the administrator owes the next year's notice: they are reminded, and a reminder
is not an illness.

The duty is late when the year begins without it: from then on no working day can be counted and no
breach recorded, and only then is the office ill. A check that runs by a timer would otherwise cry
for a month over what is in order.
"""
OUTWARD = re.compile(r"https?://|\*")


@dataclass(frozen=True, slots=True)
class Found:
    """One examination: its name, how it came out, what was found, and the mend where something
    is wrong."""

    name: str
    state: str
    zh: str
    en: str
    mend: str = ""


def run_doctor(args: argparse.Namespace) -> int:
    """Examine everything; exit code 1 if anything is ill."""
    now = now_of(args)
    first = _database(now)
    more = EXAMINATIONS if first.state == WELL else FOLDER
    found = [first, *(_examined(examine, now) for examine in more)]
    if args.json:
        tell_json([asdict(one) for one in found])
    else:
        for one in found:
            mark = {WELL: "✓", NOTE: "·", ILL: "✗"}[one.state]
            tell(
                f"{mark} {one.name}: {one.zh} / {one.en}"
                + (f"\n    办法 / mend: {one.mend}" if one.mend else "")
            )
    return WRONG if any(one.state == ILL for one in found) else OK


def _examined(examine: Callable[[datetime], Found], now: datetime) -> Found:
    """Return what one examination finds; where it breaks off, that is found, and the others
    follow."""
    try:
        return examine(now)
    except Exception as error:  # noqa: BLE001  # its class alone: its text may quote a row
        why = type(error).__name__
        return Found(
            examine.__name__.strip("_"),
            ILL,
            f"这一项没有查完（{why}）",
            f"this examination broke off ({why})",
            "dengwen check",
        )


def _database(_now: datetime) -> Found:
    """Look at what every other examination rests on: a database that is there, with the tables
    of this program."""
    try:
        startup_check.refuse_old_tables()
    except OldTablesError as error:
        return Found("database", ILL, error.zh, error.en, f"{error.mend_zh} / {error.mend_en}")
    except Error as error:
        if not away(error):
            raise
        return Found(
            "database",
            ILL,
            "数据库连不上，或者没有空闲的连接",
            "the database cannot be reached or lends no connection",
            f"{key_fingerprints.database()}：看它是否在运行 / see that it runs",
        )
    return Found(
        "database",
        WELL,
        "表与程序相符",
        f"{key_fingerprints.database()}: tables are this program's",
    )


def _fingerprints(now: datetime) -> Found:
    """Compare the keys of this folder with the fingerprints in the database."""
    folder = Path(settings.DATA)
    try:
        key_fingerprints.hold(folder, now)
    except (AccessError, LedgerError) as error:
        if isinstance(error, LedgerError):
            return Found(
                "fingerprints",
                ILL,
                "密钥读不出来，无从核对",
                str(error),
                "从密钥备份恢复 / restore them",
            )
        return Found(
            "fingerprints",
            ILL,
            f"{error.where}：{error.zh}",
            error.en,
            f"{error.mend_zh} / {error.mend_en}",
        )
    log = key_fingerprints.shown(key_fingerprints.bound()[key_fingerprints.LOG])
    return Found(
        "fingerprints",
        WELL,
        f"密钥与数据库登记的指纹相符（log {log}）",
        "the keys are those of the database",
    )


def _durability(_now: datetime) -> Found:
    try:
        durability.check(connection)
    except LedgerError as error:
        return Found(
            "durability", ILL, "断电会丢失已答复的登记", str(error), "见英文 / see the text"
        )
    return Found("durability", WELL, "提交即落盘", f"{connection.vendor}: commits reach the disk")


def _guards(_now: datetime) -> Found:
    lacking = guards.missing(connection, settings.APPEND_ONLY_TABLES)
    if lacking:
        return Found(
            "guards",
            ILL,
            f"缺守护：{'、'.join(lacking)}",
            "append-only guards are missing or altered",
            "dengwen migrate，并核查何人改动；再 dengwen ledger check / dengwen migrate, find out who "
            "changed them, then "
            "dengwen ledger check",
        )
    return Found(
        "guards",
        WELL,
        "只增不改的表都有守护",
        f"{len(settings.APPEND_ONLY_TABLES)} tables are guarded",
    )


def _keys(_now: datetime) -> Found:
    try:
        keys = Keys.load(Path(settings.DATA))
        keyring.load(Path(settings.DATA) / "keys")
    except (LedgerError, SealError) as error:
        return Found(
            "keys",
            ILL,
            "密钥不齐或权限过宽",
            str(error),
            "从密钥备份恢复 / restore them from the backup",
        )
    if keys.is_practice != settings.PRACTICE:
        return Found(
            "keys",
            ILL,
            "存证日志与文件夹性质不符",
            f"log {keys.origin} does not fit the folder",
            "放回成对的密钥 / put the right pair back",
        )
    return Found("keys", WELL, f"存证日志 {keys.origin}", "keys are here, and their owner's alone")


def _calendar(now: datetime) -> Found:
    today = civil(now)
    known = rulebooks.calendars().newest.years
    if today.year not in known:
        return Found(
            "calendar",
            ILL,
            f"{today.year}年放假通知未录入，今年的期限无法计算",
            f"the notice of {today.year} is missing: days of this year cannot be counted",
            f"dengwen calendar publish {today.year} …",
        )
    if today.year + 1 in known:
        return Found("calendar", WELL, f"日历到{today.year + 1}年", f"known until {today.year + 1}")
    owed = today >= date(today.year, *NOTICE_OWED)
    return Found(
        "calendar",
        NOTE,
        f"{today.year + 1}年放假通知{'应录入而' if owed else ''}未录入，跨年期限暂定",
        f"the notice of {today.year + 1} is {'owed and ' if owed else ''}not entered; "
        "days in it are provisional",
        f"年底前 / before the year ends: dengwen calendar publish {today.year + 1} …"
        if owed
        else "",
    )


def _room(free: int) -> str:
    """Say whether so many free bytes are enough, little, or too little."""
    if free >= ENOUGH:
        return WELL
    return NOTE if free >= LITTLE else ILL


def _disk(_now: datetime) -> Found:
    free = shutil.disk_usage(settings.DATA).free
    state = _room(free)
    return Found(
        "disk",
        state,
        f"剩余{free >> 20} MB",
        f"{free >> 20} MB free",
        "" if state == WELL else "腾出磁盘 / make room",
    )


def _clock(now: datetime) -> Found:
    last = Event.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    if last is not None and last > now + SKEW:
        return Found(
            "clock",
            ILL,
            f"时钟比最近一次登记（{last}）还早",
            "the clock is behind the last act",
            "校准时钟 / set the clock",
        )
    return Found("clock", WELL, f"{now:%F %T} UTC", "not behind the last act")


def _packs(now: datetime) -> Found:
    try:
        library = rulebooks.library()
        rulebooks.in_force(civil(now), "", now)
    except PackError as error:
        return Found("packs", ILL, "规则包不能装载", str(error), "dengwen pack check")
    return Found(
        "packs",
        WELL,
        f"{len(library.packs)}个规则包，{library.calendar.version}",
        "packs are sound",
    )


def _chinese_fonts() -> str:
    """Return the families of Chinese fonts installed, one a line; "" where nobody can say."""
    program = shutil.which("fc-list")
    if program is None:
        return ""
    done = subprocess.run(  # noqa: S603  # fixed program and arguments
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    return done.stdout


def _fonts(_now: datetime) -> Found:
    listed = _chinese_fonts()
    if listed.strip():
        return Found("fonts", WELL, "有中文字体", listed.splitlines()[0][:60])
    return Found(
        "fonts",
        NOTE,
        "没有中文字体，打印的文书会缺字",
        "no Chinese font: printed papers lack characters",
        "安装 fonts-noto-cjk / install fonts-noto-cjk",
    )


def _leads_out(sources: Iterable[object]) -> bool:
    """Say whether a rule of the content security policy names a place outside."""
    return any(OUTWARD.search(str(source)) for source in sources)


def _outbound(_now: datetime) -> Found:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    outward = sorted(name for name, sources in policy.items() if _leads_out(sources))
    mail = settings.EMAIL_BACKEND
    if outward or not mail.endswith("dummy.EmailBackend"):
        return Found(
            "outbound",
            ILL,
            "页面或邮件会连到外面",
            f"pages or mail reach outside: {', '.join(outward) or mail}",
            "恢复 config/settings.py 的原样 / put config/settings.py back",
        )
    return Found("outbound", WELL, "不连外网", "nothing leaves this machine")


def _night(now: datetime) -> Found:
    night = night_check.last_night()
    if night is None or civil(now) - night.day > timedelta(days=2):
        return Found(
            "night",
            NOTE,
            "没有近两天的夜间核对",
            "no nightly proof of the last two days",
            "dengwen worker 应常驻 / keep dengwen worker running",
        )
    if night.findings:
        return Found(
            "night",
            ILL,
            f"{night.day} 夜间核对发现 {night.findings} 处：{night.first[0]}",
            f"the proof of {night.day} found {night.findings}: {night.first[0]}",
            "dengwen check；查 nightly.json / see nightly.json",
        )
    if night.long_cases:
        return Found(
            "night",
            NOTE,
            f"行为超过 {night_check.MOST_ACTS} 个的件：{'、'.join(night.long_cases[:5])}",
            f"cases of more than {night_check.MOST_ACTS} acts: {', '.join(night.long_cases[:5])}",
        )
    return Found(
        "night", WELL, f"{night.day} 夜间核对无差别", f"the proof of {night.day} found nothing"
    )


def _worker(now: datetime) -> Found:
    oldest = (
        Pending.objects.order_by("event_id").values_list("event__recorded_at", flat=True).first()
    )
    behind = cases_behind(now)
    if Quarantine.objects.exists():
        return Found(
            "worker",
            ILL,
            "有行为被隔离，未能封存",
            "events are in quarantine",
            "dengwen ledger check",
        )
    if (oldest is not None and oldest < now - WAITS) or behind:
        return Found(
            "worker",
            ILL,
            f"值守停了：{behind}件到期未记，最早待封 {oldest}",
            "the worker stands still: breaches or seals wait",
            "dengwen worker",
        )
    return Found("worker", WELL, "无待封、无到期未记", "nothing waits")


def _roles(now: datetime) -> Found:
    wrong = grants.exclusive(civil(now))
    if wrong:
        return Found(
            "roles",
            ILL,
            f"{'、'.join(user.username for user, _ in wrong)} 兼任互斥角色",
            "roles that exclude each other",
            "终止其一 / end one of them",
        )
    return Found("roles", WELL, "三员分立", "administrators are separate persons")


EXAMINATIONS: tuple[Callable[[datetime], Found], ...] = (
    _durability,
    _guards,
    _keys,
    _fingerprints,
    _calendar,
    _disk,
    _clock,
    _packs,
    _fonts,
    _outbound,
    _worker,
    _night,
    _roles,
)
FOLDER: tuple[Callable[[datetime], Found], ...] = (_keys, _disk, _fonts, _outbound)
"""What can be examined without the tables of the database."""
