"""`dengwen check`, `dengwen ledger check` and `dengwen ledger tick`."""

from __future__ import annotations

import argparse

from dengwen.cases import record_proof
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, tell, tell_json
from dengwen.ledger import sequencer


def findings() -> list[str]:
    """Return what is not as it was sealed: the ledger's invariants, texts without their digest,
    altered readings."""
    return [line for _, line in record_proof.prove(record_proof.SEALED)]


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


def run_all(args: argparse.Namespace) -> int:
    """Run every check of the record and print all that each of them finds; exit code 1 if
    anything is found."""
    found: dict[str, list[str]] = {name: [] for name in record_proof.CHECKS}
    for name, line in record_proof.prove():
        found[name].append(line)
    sound = not any(found.values())
    if args.json:
        tell_json({"sound": sound, "findings": found})
        return OK if sound else WRONG
    for name, lines in found.items():
        zh, en = record_proof.WORDS[name]
        tell(f"{'✗' if lines else '✓'} {zh}：{len(lines)} 处 / {en}: {len(lines)}")
        for line in lines:
            tell(f"  {line}")
    return OK if sound else WRONG


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
        tell(
            f"封存 / sealed {done.sequenced}，隔离 / quarantined {done.quarantined}，共 / size {done.size}"
        )
        if done.checkpoint:
            tell(done.checkpoint.rstrip())
    return WRONG if done.quarantined else OK
