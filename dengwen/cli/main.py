"""Entry of the command `dengwen`.

`law` needs nothing but the packs. Every other command names the module that runs it; that module is
loaded once Django knows the data folder, so that asking for help or a time limit needs no database.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence

from dengwen.cli.commands import add_commands
from dengwen.cli.office import data_folder
from dengwen.cli.rules import law
from dengwen.cli.shell.command_parser import NOTHING
from dengwen.cli.shell.output import NO_ROOM, OK, USAGE, WRONG, CommandError, complain

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says before the data folder is known: no room, no share left, a file as large
as it may be."""


def build_parser() -> argparse.ArgumentParser:
    """Build the command line."""
    parser = argparse.ArgumentParser(
        prog="dengwen",
        description="登闻：信访工作与信访工作责任制 / petition work and its responsibility system",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="…")
    law.add_parser(commands)
    add_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 found something wrong, 2 could not be
    asked like that."""
    args = build_parser().parse_args(argv)
    if hasattr(args, "run"):
        return int(args.run(args))
    try:
        return _run_with_data(args)
    except CommandError as error:
        complain(str(error))
        return error.code
    except BrokenPipeError:  # whoever read us has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        full = error.errno in FULL_DISK
        complain(NO_ROOM if full else _unopened(error))
        return WRONG if full else USAGE
    except KeyboardInterrupt:
        complain("已中断 / interrupted")
        return USAGE


def _unopened(error: OSError) -> str:
    """Return what is said of a file or folder that cannot be read or written: which, why, and
    the mend."""
    if not error.filename:
        return f"{type(error).__name__}: {error}"
    return (
        f"文件读写不了：{error.strerror} / the file cannot be read or written: {error.strerror}\n"
        f"  在 / at: {error.filename}\n"
        "  办法 / mend: 核对路径和权限 / check its path and permissions"
    )


def _run_with_data(args: argparse.Namespace) -> int:
    """Make the folder ready, set Django up where the command needs it, and let the module that
    runs it answer."""
    if args.needs == NOTHING:
        return int(getattr(importlib.import_module(args.module), args.function)(args))
    code = USAGE
    try:
        getattr(data_folder, args.needs)(args)
        data_folder.set_up()
        code = int(importlib.import_module("dengwen.cli.shell.answer").answer(args))
    finally:
        if code != OK and (begun := getattr(args, "begun", None)) is not None:
            begun.take_back()
    return code


if __name__ == "__main__":
    sys.exit(main())
