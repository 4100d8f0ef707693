"""Commands and the options many of them share: what a command needs, and which module answers
it."""

from __future__ import annotations

import argparse
from typing import TypeAlias

OFFICE, UNOPENED, NOTHING = "office", "unopened", "nothing"
"""What a command needs first: an office that may be opened, one that is there, or nothing at all
(it is answered without Django).

Any other word names a function of `office.data_folder` that makes the data folder ready before
Django is set up.
"""
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse names its type nowhere else
"""Where commands are added: the command line itself, or one group of it."""


def add_command(
    commands: Commands, name: str, words: str, run: str, needs: str = OFFICE
) -> argparse.ArgumentParser:
    """Add a command that `module:function` of `dengwen.cli` answers; the module is loaded when it
    is asked."""
    parser = commands.add_parser(name, help=words, description=words)
    module, _, function = run.partition(":")
    parser.set_defaults(module=f"dengwen.cli.{module}", function=function, needs=needs)
    return parser


def add_group(commands: Commands, name: str, words: str) -> Commands:
    """Add a command that only has subcommands, and return where to add these."""
    group = commands.add_parser(name, help=words, description=words)
    return group.add_subparsers(dest="part", required=True, metavar="…")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let the answer be asked for as JSON."""
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 / answer in JSON")


def add_clock(parser: argparse.ArgumentParser) -> None:
    """Let a practice office take another instant as now."""
    parser.add_argument(
        "--clock",
        metavar="TIME",
        help="当作此刻（仅演练）/ take this as now; practice only: 2026-03-02 or 2026-03-02T10:00",
    )


def add_by(parser: argparse.ArgumentParser) -> None:
    """Ask for the account that acts."""
    parser.add_argument(
        "--by", required=True, metavar="USER", help="经办账号 / the account that acts"
    )
