"""`dengwen demo`: the practice office of the invented district, filled and served."""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings

from dengwen.access.roles import ROLES
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.cli.office.data_folder import PRACTICE_ORIGIN
from dengwen.cli.office.init import prepare
from dengwen.cli.shell import clock
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell
from dengwen.organs.models import Organ
from dengwen.practice.district.leaders import show_leaders
from dengwen.practice.district.office import FOUNDED, open_office, people
from dengwen.practice.district.plan import PASSWORD
from dengwen.practice.district.settings import set_targets
from dengwen.practice.load.inspection_load import show_assessment, show_inspection
from dengwen.practice.load.kept_codes import keep_codes, kept_codes
from dengwen.practice.load.prevention_load import load_prevention
from dengwen.practice.load.simulate import simulate
from dengwen.practice.load.supervision_load import oversee
from dengwen.practice.load.visits import add_visit

MONTHS = 66
HOST = "127.0.0.1"
GRANIAN = (
    "--interface",
    "wsgi",
    "--host",
    HOST,
    "--workers",
    "1",
    "--blocking-threads",
    "4",
    "--backpressure",
    "64",
    "--log-level",
    "warning",
)


def run_demo(args: argparse.Namespace) -> int:
    """Prepare the office at the first start, print who can sign in, and serve it if asked."""
    tell(
        "登闻演练办公室：虚构的云江区 / Dengwen practice office: the invented district of Yunjiang"
    )
    for _ in prepare(PRACTICE_ORIGIN, args.begun):
        pass
    if not Organ.objects.exists():
        open_office(FOUNDED)
        set_targets(FOUNDED)
    tell(f"数据 / data: {settings.DATA}")
    _tell_people()
    return _serve(args) if args.serve else _fill(args)


def _fill(args: argparse.Namespace) -> int:
    """Write the load unless it is there; one that was broken off is made up for by a further
    one."""
    if kept_codes(Path(settings.DATA)):
        return OK
    begun = Case.objects.filter(kind="petition").count()
    tell(
        f"写入约 {args.petitions} 件虚构信访事项，请稍候 / writing about {args.petitions} invented "
        "petitions, please wait …"
    )
    now = clock.now()
    done = simulate(petitions=args.petitions, months=MONTHS, seed=args.seed + begun, until=now)
    _play_chapters(now)
    keep_codes(Path(settings.DATA), done.codes)
    for line in done.refused:
        complain(line)
    show_leaders(clock.now())
    sweep(now=clock.now())  # what fell due while these played, as the worker would have found it
    tell(
        f"已写入 {done.petitions} 件、{done.acts} 个行为 / "
        f"{done.petitions} petitions, {done.acts} acts"
    )
    _tell_codes()
    return WRONG if done.refused else OK


def _play_chapters(now: datetime) -> None:
    """Play what the load has not: a collective visit, prevention, supervision, an inspection, an
    assessment."""
    visit = add_visit(now)
    tell(f"集体访 / collective visit: {visit.petition}　突发情况 / incident: {visit.incident}")
    load_prevention(now)
    oversee(now)
    if inspection := show_inspection(clock.now()):
        tell(
            f"督查（已抽样，还有一件没有检查）/ inspection, one case still to be examined: {inspection}"
        )
    if assessment := show_assessment(clock.now()):
        tell(f"考核（已冻结，待通报）/ assessment, frozen and to be circulated: {assessment}")


def _tell_people() -> None:
    """Print who can sign in, with their roles."""
    tell(f"演练账号（口令都是 / password of all: {PASSWORD}）")
    for person, organ in people():
        roles = "、".join(ROLES[role].zh for role in person.roles)
        english = ", ".join(ROLES[role].en for role in person.roles)
        tell(f"  {person.username:<16} {person.name}  {organ}  {roles} / {english}")
    _tell_codes()


def _tell_codes() -> None:
    """Print numbers and query codes that can be followed."""
    for number, code in kept_codes(Path(settings.DATA)):
        tell(f"  查询 / follow: {number}  {code}")


def _serve(args: argparse.Namespace) -> int:
    """Open the pages at once, write the load while they are there, then let the worker begin.

    The worker waits: half a history would look to it like duties nobody did.
    """
    if importlib.util.find_spec("granian") is None:
        raise CommandError(
            what="没有安装网页服务程序 granian / granian is not installed", mend="make setup"
        )
    chosen = _free(args.port)
    # Whoever ends us politely ends the children, too.
    signal.signal(signal.SIGTERM, _interrupt)
    children = [_start("granian", *GRANIAN, "--port", str(chosen), "config.wsgi:application")]
    tell(f"打开 / open: http://{HOST}:{chosen}/　（Ctrl-C 结束 / ends it）")
    try:
        _fill(args)
        children.append(_start("dengwen.cli.main", "worker"))
        return OK if children[0].wait() == 0 else WRONG
    except KeyboardInterrupt:
        return OK
    finally:
        for child in children:
            child.terminate()
        for child in children:
            _await_end(child)


def _await_end(child: subprocess.Popen[bytes]) -> None:
    """Wait for a child to come to rest; one that does not is ended."""
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _interrupt(*_: object) -> None:
    """Answer SIGTERM as Ctrl-C is answered, also where a shell in the background has SIGINT
    ignored."""
    raise KeyboardInterrupt


def _start(module: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a module of Python in the data folder of this office."""
    environment = {**os.environ, "DENGWEN_DATA": str(settings.DATA)}
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(command, env=environment, cwd=settings.ROOT)  # noqa: S603


def _free(port: int) -> int:
    """Return the port if nobody listens there, else a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
