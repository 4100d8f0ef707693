"""`dengwen assess verify MANIFEST`: compute a result again from its frozen files; no database,
no data folder."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from dengwen.assessment.engines import EngineError
from dengwen.assessment.frozen.recomputation import Verdict, verify
from dengwen.cli.record.verify import trusted_keys
from dengwen.cli.shell.output import OK, WRONG, CommandError, tell, tell_json


def run_verify(args: argparse.Namespace) -> int:
    """Say whether a result follows from its frozen facts, and if not, exactly what differs."""
    path = Path(args.manifest)
    try:
        verdict = verify(path, trusted_keys(args.key) if args.key else (), args.engine, args.digest)
    except EngineError as error:
        raise CommandError(
            what=str(error), where="--engine", mend="--engine duckdb / --engine sqlite"
        ) from error
    except (ValueError, OSError) as error:
        raise CommandError(
            what=f"考核清单读不出 / the manifest cannot be read: {error}",
            where=args.manifest,
            mend="给出 manifest.json，旁边有 .parquet 文件 / manifest.json, .parquet files beside it",
        ) from error
    if args.json:
        found = [asdict(d) for d in verdict.differences]
        tell_json(
            {
                "sound": verdict.sound,
                "manifest": verdict.digest,
                "position": verdict.position,
                "signed_by": verdict.signed_by,
                "part_of": verdict.part_of,
                "differences": found,
                "notes": [asdict(n) for n in verdict.notes],
            }
        )
    else:
        tell(f"用 / counted by {args.engine}")
        _tell(verdict)
    return OK if verdict.sound else WRONG


def _tell(verdict: Verdict) -> None:
    for one in verdict.differences:
        tell(f"✗ {one.what} · {one.where}\n  {one.zh}\n  {one.en}")
    tell(f"清单 / manifest SHA-256 {verdict.digest}")
    if verdict.sound:
        tell(
            f"✓ 存证位 / ledger position {verdict.position}，签名 / signed by: "
            f"{', '.join(verdict.signed_by)}"
        )
        tell(
            "✓ 事实逐项、排除、改正和裁定、方案和权重都与冻结时的摘要一致\n"
            "  facts one by one, exclusions, corrections and rulings, scheme and weights are "
            "those of the freezing"
        )
        tell("✓ 得分逐字节由冻结的事实算出 / the scores follow byte for byte from the frozen facts")
    for note in verdict.notes:
        tell(f"· {note.what}\n  {note.zh}\n  {note.en}")
