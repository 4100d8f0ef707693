"""What can be asked of the rule packs and the working calendar of an office."""

from __future__ import annotations

from dengwen.cli.shell.command_parser import (
    NOTHING,
    Commands,
    add_by,
    add_clock,
    add_command,
    add_group,
    add_json,
)


def add_rules(commands: Commands) -> None:
    """Add rule packs and the working calendar."""
    _add_packs(commands)
    _add_calendar(commands)


def _add_packs(commands: Commands) -> None:
    pack = add_group(commands, "pack", "规则包 / rule packs")
    _add_pack_check(pack)
    _add_pack_install(pack)


def _add_pack_check(pack: Commands) -> None:
    check = add_command(
        pack, "check", "核对规则包 / check packs", "rules.pack_install:run_check", NOTHING
    )
    check.add_argument(
        "folder",
        nargs="?",
        help="规则包文件夹，缺省为已安装的 / folder of packs, the installed ones by default",
    )
    add_json(check)


def _add_pack_install(pack: Commands) -> None:
    install = add_command(
        pack, "install", "安装一个规则包 / install a pack", "rules.pack_install:run_install"
    )
    install.add_argument(
        "folder",
        help="含 pack.toml 的文件夹，或整个 packs 文件夹 / a folder with pack.toml, or a whole packs folder",
    )


def _add_calendar(commands: Commands) -> None:
    calendar = add_group(commands, "calendar", "工作日历 / working calendar")
    _add_calendar_show(calendar)
    _add_calendar_publish(calendar)


def _add_calendar_show(calendar: Commands) -> None:
    show = add_command(
        calendar, "show", "已知的年份和放假日 / the years known", "rules.calendar_notice:run_show"
    )
    show.add_argument("year", nargs="?", type=int)
    add_json(show)


def _add_calendar_publish(calendar: Commands) -> None:
    publish = add_command(
        calendar,
        "publish",
        "录入放假通知或其修改 / enter the notice on rest days, or its amendment",
        "rules.calendar_notice:run_publish",
    )
    publish.add_argument("year", type=int)
    publish.add_argument(
        "--off", nargs="+", required=True, metavar="DAYS", help="2027-02-06/2027-02-12 …"
    )
    publish.add_argument(
        "--work", nargs="*", default=(), metavar="DAYS", help="上班的周末 / working weekend days"
    )
    publish.add_argument(
        "--source", required=True, help="通知名称、文号 / title and number of the notice"
    )
    add_by(publish)
    add_clock(publish)
    add_json(publish)
