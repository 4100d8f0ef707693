"""What can be asked of the record: rows derived again, the ledger checked and sealed."""

from __future__ import annotations

from dengwen.cli.shell.command_parser import (
    NOTHING,
    Commands,
    add_clock,
    add_command,
    add_group,
    add_json,
)


def add_rederive(commands: Commands) -> None:
    """Add what derives rows again from the acts."""
    rederive = add_command(
        commands,
        "rederive",
        "按行为重算各行，或只核对 / derive rows again from the acts",
        "record.rederive:run_rederive",
    )
    rederive.add_argument(
        "--check",
        action="store_true",
        help="只核对，有差别退出码 1 / only compare; exit 1 if they differ",
    )
    add_json(rederive)


def add_ledger(commands: Commands) -> None:
    """Add every check of the record, and the ledger."""
    _add_check(commands)
    ledger = add_group(commands, "ledger", "存证 / ledger")
    _add_ledger_verify(ledger)
    _add_ledger_check(ledger)
    _add_ledger_tick(ledger)


def _add_check(commands: Commands) -> None:
    everything = add_command(
        commands,
        "check",
        "逐项核对全部记录，列出所有发现 / run every check of the record and list all findings",
        "record.ledger:run_all",
    )
    add_json(everything)


def _add_ledger_verify(ledger: Commands) -> None:
    verify = add_command(
        ledger,
        "verify",
        "核验一张回执，不用数据库和服务器 / verify a receipt without database or server",
        "record.verify:run_verify",
        NOTHING,
    )
    verify.add_argument("receipt")
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY|FILE",
        help="信任的公钥 / a public key you trust",
    )
    add_json(verify)


def _add_ledger_check(ledger: Commands) -> None:
    check = add_command(
        ledger,
        "check",
        "核验全部存证与各表是否一致 / compare everything stored with what was sealed",
        "record.ledger:run_check",
    )
    add_json(check)


def _add_ledger_tick(ledger: Commands) -> None:
    tick = add_command(
        ledger, "tick", "立即封存待封的行为 / seal what waits now", "record.ledger:run_tick"
    )
    add_clock(tick)
    add_json(tick)
