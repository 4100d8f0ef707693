"""Entry of the command `dengwen`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dengwen.cli import law


def build_parser() -> argparse.ArgumentParser:
    """Build the command line."""
    parser = argparse.ArgumentParser(
        prog="dengwen", description="登闻：信访工作与信访工作责任制 / petition work and its responsibility system"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="…")
    law.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 found something wrong, 2 could not be asked like that."""
    args = build_parser().parse_args(argv)
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
