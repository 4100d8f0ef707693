"""What can be asked of the registry: organs from lists, accounts and their roles."""

from __future__ import annotations

from dengwen.cli.shell.command_parser import (
    Commands,
    add_by,
    add_clock,
    add_command,
    add_group,
    add_json,
)


def add_registry(commands: Commands) -> None:
    """Add organs and accounts."""
    _add_organs(commands)
    _add_accounts(commands)


def _add_organs(commands: Commands) -> None:
    organ = add_group(commands, "organ", "机关、单位 / organs")
    _add_organ_import(organ)


def _add_organ_import(organ: Commands) -> None:
    load = add_command(
        organ,
        "import",
        "从 CSV 登记机关、单位或区划 / register organs or divisions from CSV",
        "cases.registry:run_import",
    )
    load.add_argument("file")
    load.add_argument(
        "--divisions", action="store_true", help="文件是区划表 / the file lists divisions"
    )
    load.add_argument(
        "--since", metavar="DATE", help="起始日期，缺省今日 / valid from, today by default"
    )
    load.add_argument(
        "--preview", action="store_true", help="只预览 / only show what would be done"
    )
    load.add_argument(
        "--default",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="表中没有的列 / for a column the list lacks",
    )
    load.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADING",
        help="列名对应 / another heading",
    )
    load.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="WORD=KIND",
        help="性质用语对应 / the list's words for kinds",
    )
    load.add_argument(
        "--prefix", default="", help="另编代码的前缀 / give codes of our own with this prefix"
    )
    add_by(load)
    add_clock(load)
    add_json(load)


def _add_accounts(commands: Commands) -> None:
    account = add_group(commands, "account", "账号 / accounts")
    _add_account_create(account)
    _add_account_grant(account)
    _add_account_password(account)


def _add_account_create(account: Commands) -> None:
    create = add_command(
        account, "create", "开立账号 / open an account", "cases.registry:run_account"
    )
    create.add_argument("username")
    create.add_argument(
        "--official", default="", metavar="CODE", help="人员代码 / code of the official"
    )
    create.add_argument("--by", default="", metavar="USER")
    add_clock(create)


def _add_account_grant(account: Commands) -> None:
    grant = add_command(
        account,
        "grant",
        "授予角色（两人办理）/ grant a role, by two persons",
        "cases.registry:run_grant",
    )
    grant.add_argument("username")
    grant.add_argument("role", help="R1–R19")
    grant.add_argument("--organ", default="", metavar="CODE")
    grant.add_argument("--compartment", default="", choices=("", "accuse", "account"))
    grant.add_argument("--since", metavar="DATE")
    grant.add_argument("--until", metavar="DATE")
    grant.add_argument(
        "--by", default="", metavar="USER", help="安全管理员 / security administrator"
    )
    add_clock(grant)


def _add_account_password(account: Commands) -> None:
    password = add_command(
        account,
        "password",
        "设定口令（从标准输入或提示读取）/ set a password",
        "cases.registry:run_password",
    )
    password.add_argument("username")
    add_clock(password)
