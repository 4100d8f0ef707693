"""`dengwen rederive`: the rows of cases and duties are what their acts say, or the difference is
named."""

from __future__ import annotations

import argparse

from dengwen.cases import replay
from dengwen.cli.shell.output import OK, WRONG, tell, tell_json


def run_rederive(args: argparse.Namespace) -> int:
    """Compare, or write the rows again from the acts; acts are never touched."""
    found = list(replay.check())
    written = 0 if args.check or not found else replay.follow_calendar()
    if args.json:
        rows = [
            {
                "table": d.table,
                "row": d.row,
                "field": d.field,
                "stored": d.stored,
                "derived": d.derived,
                "unreadable": d.unread is not None,
            }
            for d in found
        ]
        tell_json({"differences": rows, "rewritten_cases": written})
    else:
        for difference in found:
            tell(str(difference))
        tell(
            f"{len(found)} 处差别 / differences"
            + (f"，{written} 件已重写 / cases rewritten" if written else "")
        )
    left = any(d.unread for d in found)  # what cannot be read cannot be rewritten either
    return WRONG if (args.check and found) or left else OK
