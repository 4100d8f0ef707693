"""What can be asked of an installation: made, joined, kept, tried out, and run."""

from __future__ import annotations

from dengwen.cli.shell.command_parser import (
    UNOPENED,
    Commands,
    add_clock,
    add_command,
    add_json,
)


def add_installation(commands: Commands) -> None:
    """Add what makes an office, joins a node to it, upgrades and examines it."""
    _add_init(commands)
    _add_join(commands)
    _add_migrate(commands)
    _add_doctor(commands)


def _add_init(commands: Commands) -> None:
    init = add_command(
        commands,
        "init",
        "在 DENGWEN_DATA 准备一个空的办公数据文件夹 / prepare an empty office in DENGWEN_DATA",
        "office.init:run_init",
        "init",
    )
    init.add_argument(
        "--practice", action="store_true", help="演练用，以后不能改 / for practice, for ever"
    )
    init.add_argument(
        "--origin", default="", help="存证日志名 / name of the log, such as xf.city.example/2026"
    )


def _add_join(commands: Commands) -> None:
    join = add_command(
        commands,
        "join",
        "再添一个节点：取来密钥，核对指纹 / "
        "take in a further node: bring its keys, compare their fingerprints",
        "office.join:run_join",
        "join",
    )
    join.add_argument(
        "source",
        help="原节点的数据文件夹，或 dengwen backup --keys 的文件 / "
        "data folder of a node that has the keys, or its file of dengwen backup --keys",
    )


def _add_migrate(commands: Commands) -> None:
    add_command(
        commands,
        "migrate",
        "升级数据库的表，登记密钥指纹 / upgrade the tables of the database; enter fingerprints of the keys",
        "office.migrate:run_migrate",
        UNOPENED,
    )


def _add_doctor(commands: Commands) -> None:
    doctor = add_command(
        commands,
        "doctor",
        "检查这套安装 / examine this installation",
        "office.doctor:run_doctor",
        UNOPENED,
    )
    add_json(doctor)
    add_clock(doctor)


def add_copies(commands: Commands) -> None:
    """Add what saves an office and restores it."""
    _add_backup(commands)
    _add_restore(commands)


def _add_backup(commands: Commands) -> None:
    backup = add_command(
        commands,
        "backup",
        "备份数据库、密钥、规则包和文件 / back up database, keys, packs and files",
        "office.backup:run_backup",
        UNOPENED,
    )
    backup.add_argument("file")
    backup.add_argument(
        "--keys",
        action="store_true",
        help="只要另一节点 join 所需的，不含数据库 / only what another node needs to join, no database",
    )


def _add_restore(commands: Commands) -> None:
    restore = add_command(
        commands,
        "restore",
        "恢复到空文件夹，先核验存证 / restore into an empty folder, ledger check first",
        "office.restore:run_restore",
        "restore",
    )
    restore.add_argument("file")


def add_service(commands: Commands) -> None:
    """Add what fills a practice office, runs the loops, and shows both."""
    _add_simulate(commands)
    _add_worker(commands)
    _add_demo(commands)


def _add_simulate(commands: Commands) -> None:
    simulate = add_command(
        commands,
        "simulate",
        "写入逼真的演练数据（仅演练）/ write a lifelike load; practice only",
        "office.worker:run_simulate",
    )
    simulate.add_argument("--organs", type=int, default=3)
    simulate.add_argument("--petitions", type=int, default=200)
    simulate.add_argument("--months", type=int, default=66)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument(
        "--until", metavar="TIME", help="截至，缺省此刻 / everything before this, now by default"
    )
    simulate.add_argument(
        "--misconduct",
        default="",
        metavar="FILE",
        help="写入文件所列的失职行为 / write its misconduct",
    )
    simulate.add_argument(
        "--key", default="", metavar="FILE", help="答案写到哪里 / where the sealed key goes"
    )
    add_json(simulate)


def _add_worker(commands: Commands) -> None:
    worker = add_command(
        commands,
        "worker",
        "值守：期限、存证、告知、文件 / the loops: sweep, sequencer, outbox, files",
        "office.worker:run_worker",
    )
    worker.add_argument("--once", action="store_true", help="各做一次即止 / each loop once")
    add_clock(worker)
    add_json(worker)


def _add_demo(commands: Commands) -> None:
    demo = add_command(
        commands,
        "demo",
        "演练办公室：虚构的云江区 / practice office of an invented district",
        "office.demo:run_demo",
        "demo",
    )
    demo.add_argument("--serve", action="store_true", help="准备好后打开网页 / serve the pages")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--petitions", type=int, default=200)
    demo.add_argument("--seed", type=int, default=1)
