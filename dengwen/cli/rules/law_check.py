"""`dengwen law check`: the packs checked, their scenarios run, what shows which case of the law."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dengwen.cli.rules.delivered_packs import (
    FAILED,
    OK,
    guarded,
    load_library,
    packs_folder,
    print_json,
)
from dengwen.cli.rules.recorded_run import passed_tests, require_recorded_run
from dengwen.cli.rules.soundness_report import run_soundness
from dengwen.law.packs import coverage, sentences, stranded_duties
from dengwen.law.packs.library import Library
from dengwen.law.scenarios import mutation, scenario, scenario_file
from dengwen.law.scenarios.cited_passages import uncited
from dengwen.law.scenarios.scenario import Outcome
from dengwen.law.scenarios.unplayed import unplayed

LACKING = ("failed", "left_open", "unplayed", "uncited", "missing", "missing_sentences")
"""What a report must not have for the packs to be sound."""


@guarded
def run_check(args: argparse.Namespace) -> int:
    """Check the packs, run scenarios, list coverage, count mutants."""
    if args.coverage:
        require_recorded_run()
    library = load_library()
    if args.soundness:
        return run_soundness(library, as_json=args.json)
    folder = Path(args.folder) if args.folder else packs_folder()
    if not folder.is_dir():
        raise OSError(f"没有文件夹 {folder} / no folder {folder}")
    entries = scenario_file.read_scenarios(folder)
    outcomes = [scenario.run(library, file, entry) for file, entry in entries]
    report = _outcome_report(library, outcomes)
    if not args.folder:  # one folder's scenarios need not play all packs
        report |= _played_report(library, entries, outcomes)
    if args.coverage:
        report |= _coverage_report(outcomes)
    sound = not any(report.get(key) for key in LACKING)
    if args.mutate:
        mutants = mutation.mutate(library, entries, draw=args.draw, seed=args.seed)
        report["mutation"] = mutants.as_dict()
        sound = sound and mutants.sound()
    if args.json:
        print_json(report)
    else:
        _show(report)
    return OK if sound else FAILED


def _played_report(
    library: Library, entries: Sequence[Any], outcomes: Sequence[Outcome]
) -> dict[str, Any]:
    """Return the acts and duties that no scenario plays, and the articles that none cites."""
    return {
        "unplayed": [str(error) for error in unplayed(library, outcomes)],
        "uncited": [str(error) for error in uncited(library, entries)],
    }


def _outcome_report(library: Library, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return how the scenarios went, and the duties that no act could ever close."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    return {
        "packs": [pack.id for pack in library.packs],
        "calendar": library.calendar.version,
        "passed": len(outcomes) - len(failed),
        "failed": [
            {
                "file": outcome.file,
                "title": outcome.title,
                "case": outcome.cases,
                "failures": outcome.failures,
            }
            for outcome in failed
        ],
        "left_open": [str(error) for error in stranded_duties.everywhere(library)],
    }


def _coverage_report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return which acceptance cases and which sentences are shown by a scenario or a test."""
    cases = coverage.case_lines(packs_folder(), outcomes, passed_tests())
    shown = sentences.sentence_lines(packs_folder(), outcomes, passed_tests("sentences"))
    return {
        "coverage": coverage.as_dict(cases),
        "missing": coverage.missing(cases),
        "sentences": sentences.as_dict(shown),
        "missing_sentences": sentences.unshown(shown),
    }


def _show(report: Mapping[str, Any]) -> None:
    """Print a report in words."""
    for line in report["failed"]:
        print(f"✗ {line['file']} · {line['title']} {'、'.join(line['case'])}")
        for failure in line["failures"]:
            print(f"    {failure}")
    for line in (*report["left_open"], *report.get("unplayed", ()), *report.get("uncited", ())):
        print(f"✗ {line}")
    for line in report.get("coverage", ()):
        _show_case(line)
    for line in report.get("sentences", ()):
        _show_sentence(line)
    if report.get("mutation"):
        _show_mutants(report["mutation"])
    lacking = [*report.get("missing", ()), *report.get("missing_sentences", ())]
    if lacking:
        print("欠缺 / missing:", "、".join(lacking))
    print(
        f"场景 / scenarios: {report['passed']} passed, {len(report['failed'])} failed；"
        f"规则包 / packs: {len(report['packs'])}；日历 / calendar {report['calendar']}"
    )


def _show_case(line: Mapping[str, Any]) -> None:
    """Print an acceptance case with what shows it; ✗ where it is owed and nothing does."""
    shown_by = [*line["scenarios"], *line["tests"]]
    not_shown = "✗" if line["owed"] else "·"
    print(f"{'✓' if shown_by else not_shown} {line['id']} {line['zh']}")
    for one in shown_by:
        print(f"      {one}")


def _show_sentence(line: Mapping[str, Any]) -> None:
    """Print a sentence of the procedure with what shows it, or why nothing has to."""
    shown_by = [*line["scenarios"], *line["tests"]]
    why = line["why"]
    not_shown = "·" if why else "✗"
    print(f"{'✓' if shown_by else not_shown} {line['id']} {line['zh']}")
    reasons = [why["zh"]] if why else []
    for text in shown_by or reasons:
        print(f"      {text}")


def _show_mutants(mutants: Mapping[str, Any]) -> None:
    """Print how many changed rules the scenarios noticed, and which they did not."""
    survivors = mutants["survivors"]
    print(
        f"变异 / mutants: {mutants['mutants']} {mutants['total']}；"
        f"存活 / survivors: {len(survivors)}"
    )
    for line in survivors:
        print(f"    {line['change']}: {line['pack']} {line['entry']} {line['detail']}")
