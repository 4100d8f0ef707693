"""`dengwen ledger check` and `dengwen ledger tick`."""

from __future__ import annotations

import argparse

from dengwen.cases.projections import broken_contents, projections
from dengwen.cases.read_log_roots import broken_roots
from dengwen.cli.answering import now_of
from dengwen.cli.speaking import OK, WRONG, tell, tell_json
from dengwen.ledger import sequencer
from dengwen.ledger.check import check


def findings() -> list[str]:
    """Return what is not as it was sealed: invariants L1 to L7, texts without their digest, altered readings."""
    return [*map(str, check(projections())), *broken_contents(), *broken_roots()]


def run_check(args: argparse.Namespace) -> int:
    """Compare everything stored with what was committed to."""
    found = findings()
    if args.json:
        tell_json({"sound": not found, "findings": found})
    else:
        for line in found:
            tell(line)
        tell(
            "存证与各表一致 / the ledger and the tables agree"
            if not found
            else f"{len(found)} 处不一致 / findings"
        )
    return WRONG if found else OK


def run_tick(args: argparse.Namespace) -> int:
    """Seal what waits and sign a checkpoint."""
    done = sequencer.tick(now=now_of(args))
    if args.json:
        tell_json(
            {
                "sequenced": done.sequenced,
                "quarantined": done.quarantined,
                "size": done.size,
                "checkpoint": done.checkpoint,
                "clock_suspect": done.clock_suspect,
            }
        )
    else:
        tell(f"封存 / sealed {done.sequenced}，隔离 / quarantined {done.quarantined}，共 / size {done.size}")
        if done.checkpoint:
            tell(done.checkpoint.rstrip())
    return WRONG if done.quarantined else OK
