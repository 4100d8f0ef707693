"""`dengwen assess freeze`: facts of a case of assessment, or of a period and a scheme file,
frozen into a folder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dengwen.assessment.frozen.freeze import Frozen, Run, freeze, home
from dengwen.assessment.frozen.manifest import scheme_body, scheme_of
from dengwen.assessment.inputs import ASSESSMENT, assessment_of, run_of
from dengwen.cases.models import Case
from dengwen.cli.shell.output import OK, CommandError, tell, tell_json
from dengwen.law.errors import PackError, StatedError
from dengwen.law.packs.pack import read_toml
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position


def run_freeze(args: argparse.Namespace) -> int:
    """Freeze an assessment (its case number), or a trial of a period with a scheme file."""
    at = newest_position() if args.at is None else args.at
    folder = Path(args.out) if args.out else home(args.case or "trial")
    try:
        run = _of_case(args, at) if args.case else _trial(args, at)
        frozen = freeze(run, folder)
    except (PackError, StatedError) as error:
        raise CommandError(what=str(error), where=args.case or args.scheme) from error
    if args.json:
        tell_json(
            {
                "folder": str(frozen.folder),
                "manifest": frozen.digest,
                "scores": frozen.manifest["scores_sha256"],
                "position": at,
                "facts": frozen.manifest["rows"],
            }
        )
    else:
        _tell(frozen, at)
    return OK


def _tell(frozen: Frozen, at: int) -> None:
    """Print where a run was frozen, its digests and the totals."""
    said = frozen.manifest
    tell(f"{frozen.folder}　事实 / facts {said['rows']}，存证位 / ledger position {at}")
    tell(
        f"清单 / manifest SHA-256 {frozen.digest}\n得分 / scores   SHA-256 {said['scores_sha256']}"
    )
    for row in said["scores"]["totals"]:
        rank = "—" if row["rank"] is None else row["rank"]
        interval = f"[{row['low'] or '—'}, {row['high'] or '—'}]"
        tell(f"{row['organ']:>8} {row['group']:<14} {row['total'] or '—':>8} {interval} {rank}")


def _of_case(args: argparse.Namespace, at: int) -> Run:
    case = Case.objects.filter(number=args.case, kind=ASSESSMENT).first()
    try:
        one = assessment_of(case) if case is not None else None
    except LookupError:
        one = None
    if one is None:
        raise CommandError(
            what=f"{args.case} 不是指标考核 / no assessment by indicators", where="--case"
        )
    return run_of(one, at)


def _trial(args: argparse.Namespace, at: int) -> Run:
    if not (args.scheme and args.first and args.last):
        raise CommandError(
            what="试算要写明方案文件和期间 / a trial needs a scheme file and a period",
            where="--scheme --first --last",
            mend="--scheme packs/schemes/starting.toml --first 2025-01-01 --last 2025-03-31",
        )
    try:
        first, last = date.fromisoformat(args.first), date.fromisoformat(args.last)
    except ValueError as error:
        raise CommandError(
            what=f"不是日期 / not a date: {error}", where="--first --last", mend="2025-03-31"
        ) from error
    body = scheme_body(read_toml(Path(args.scheme)))
    scheme_of(body)
    return Run(body, first, last, at, _organs(args.organ))


def _organs(codes: Sequence[str]) -> frozenset[int] | None:
    """Return the organs named by their codes; None, which means all, where none is named."""
    if not codes:
        return None
    return frozenset(Organ.objects.filter(code__in=codes).values_list("pk", flat=True))
