"""`dengwen report check`: does a published statistics report follow from its own figures?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from dengwen.cli.rules.delivered_packs import packs_folder
from dengwen.cli.shell.output import OK, USAGE, WRONG, CommandError, tell, tell_json
from dengwen.law import published_report
from dengwen.law.errors import PackError
from dengwen.law.published_report import ReportError, Table, Verdict
from dengwen.law.report_relations import Finding


def run_check(args: argparse.Namespace) -> int:
    """Check every report of a file; exit code 1 where one contradicts itself, 2 where none could
    be checked."""
    file = Path(args.file)
    try:
        own = published_report.read_table(Path(args.table)) if args.table else None
        tables = _delivered_tables() if own is None else [own]
        reports = published_report.read_reports(file.read_text(encoding="utf-8"), file.name)
    except (PackError, ReportError) as error:
        raise CommandError(what=str(error)) from None
    except UnicodeDecodeError:
        raise CommandError(what=f"不是 UTF-8 文字 / not UTF-8 text: {file}") from None
    verdicts = []
    for report in reports:
        table = own or published_report.table_for(report, tables)
        verdicts.append(published_report.check(report, table))
    if args.json:
        tell_json({"reports": [v.as_dict() for v in verdicts]})
    else:
        for verdict in verdicts:
            _show(verdict)
    if any(v.findings for v in verdicts):
        return WRONG
    return OK if any(v.held for v in verdicts) else USAGE


def _delivered_tables() -> Sequence[Table]:
    """Return the table definitions delivered with the packs."""
    return published_report.read_tables(packs_folder() / published_report.FOLDER)


def _show(verdict: Verdict) -> None:
    """Print how a report fares, with what does not follow and what is missing."""
    name = f"{verdict.report.id or '—'} {verdict.report.title}"
    if verdict.table is None:
        tell(f"{name}：没有这种表的定义，未核对 / no table definition, not checked")
        return
    tell(f"{name}：{_outcome(verdict)}；{verdict.held} 处相符 / hold")
    for finding in verdict.findings:
        _show_finding(finding)
    for missing in verdict.missing:
        tell(f"  未核对，缺 / not checked, missing: {missing}")


def _outcome(verdict: Verdict) -> str:
    """Return in a few words whether a report follows from its own figures."""
    if verdict.findings:
        return f"{len(verdict.findings)} 处不相符 / do not follow"
    return "相符 / consistent" if verdict.held else "没有可核对的 / nothing to check"


def _show_finding(finding: Finding) -> None:
    """Print a figure that does not follow."""
    tell(
        f"  {finding.rule.zh} / {finding.rule.en} · {finding.figure}："
        f"印作 / printed {finding.printed}，算得 / computed {finding.computed}"
    )
    if finding.note[0]:
        tell(f"    {finding.note[0]} / {finding.note[1]}")
