"""`dengwen law …`: the rules without a data folder, a database or a network."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from config.effects import EFFECTS
from dengwen.law.duties.explanation import trace_text
from dengwen.law.errors import PackError
from dengwen.law.indicators.indicator import Scheme
from dengwen.law.indicators.lint import lint, refused
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.indicators.tricks import simulate
from dengwen.law.liability import conduct_words, provisions, triggers
from dengwen.law.packs import coverage, difference, sentences, stranded_duties
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack
from dengwen.law.scenarios import mutation, scenario, scenario_file
from dengwen.law.time import due_date
from dengwen.law.time.terms import parse_day

OK, FAILED, USAGE = 0, 1, 2


def packs_folder() -> Path:
    """Return the folder of rule packs: `DENGWEN_PACKS`, or `packs` beside the code."""
    return Path(os.environ.get("DENGWEN_PACKS") or Path(__file__).resolve().parents[3] / "packs")


def load_library() -> Library:
    """Load and check the delivered packs; PackError names what cannot be."""
    library = Library.load(packs_folder(), EFFECTS)
    provisions.check(library)
    return library


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `law` and its subcommands to the command line."""
    law = commands.add_parser(
        "law", help="规则包：期限、核对、比较 / rule packs: time limits, checks, differences"
    )
    parts = law.add_subparsers(dest="part", required=True, metavar="…")
    clocks = parts.add_parser("clocks", help="列出全部期限 / list every time limit")
    clocks.add_argument("--edition", help="只列这个版本 / only this edition")
    clocks.add_argument("--json", action="store_true")
    clocks.set_defaults(run=run_clocks)
    ask = parts.add_parser("due", help="某个期限哪天到期 / when a time limit ends")
    ask.add_argument("clock", nargs="?", metavar="CLOCK")
    ask.add_argument("--on", metavar="DATE", help="起算事件的日期 / day of the event")
    ask.add_argument("--extend", type=int, default=0, metavar="N")
    ask.add_argument("--exclude", type=int, default=0, metavar="N")
    ask.add_argument(
        "--batch", metavar="FILE", help="逐行 JSON，- 为标准输入 / JSON lines, - for standard input"
    )
    ask.add_argument("--json", action="store_true")
    ask.set_defaults(run=run_due)
    check = parts.add_parser("check", help="核对规则包并运行场景 / check packs and run scenarios")
    check.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="场景文件夹 / folder of scenarios"
    )
    check.add_argument("--coverage", action="store_true")
    check.add_argument("--mutate", action="store_true")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)
    diff = parts.add_parser("diff", help="两个规则包的差别 / what differs between two packs")
    diff.add_argument("packs", nargs=2, metavar="PACK")
    diff.add_argument("--json", action="store_true")
    diff.set_defaults(run=run_diff)
    met = parts.add_parser(
        "meets", help="符合哪一种追责情形 / which circumstances of accountability are met"
    )
    met.add_argument(
        "--conduct",
        nargs="+",
        required=True,
        metavar="WORD",
        choices=sorted(conduct_words.CONDUCTS),
    )
    met.add_argument(
        "--shown", nargs="*", default=[], metavar="ELEMENT", choices=sorted(conduct_words.ELEMENTS)
    )
    met.add_argument("--on", required=True, metavar="DATE", help="行为的日期 / day of the conduct")
    met.add_argument(
        "--place", default="", metavar="CODE", help="行政区划代码 / code of the division"
    )
    met.add_argument("--who", default="any", choices=conduct_words.WHO)
    met.add_argument("--json", action="store_true")
    met.set_defaults(run=run_meets)
    explain = parts.add_parser("explain", help="解释一个案例编号 / explain an acceptance case")
    explain.add_argument("case", metavar="CASE")
    explain.add_argument("--json", action="store_true")
    explain.set_defaults(run=run_explain)
    indicators = parts.add_parser(
        "indicators", help="考核方案和指标 / assessment schemes and their indicators"
    )
    indicators.add_argument("--scheme", metavar="ID", help="只列这个方案 / only this scheme")
    indicators.add_argument(
        "--lint", action="store_true", help="查会奖励什么 / find what it would reward"
    )
    indicators.add_argument("--json", action="store_true")
    indicators.set_defaults(run=run_indicators)


def guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Turn errors of packs and questions into a message and exit code 2."""

    def outer(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except (PackError, ValueError, OSError) as error:
            print(error, file=sys.stderr)
            return USAGE

    return outer


def _print(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, default=str))


@guarded
def run_clocks(args: argparse.Namespace) -> int:
    """List every time limit of every edition."""
    library = load_library()
    rows = []
    for clock, pack in library.clocks.values():
        if args.edition in (None, clock.edition):
            amount, unit = due_date.amount_of(clock)
            rows.append(
                {
                    "clock": clock.id,
                    "zh": clock.zh,
                    "en": clock.en,
                    "mode": clock.mode,
                    "days": amount,
                    "unit": unit,
                    "extension": clock.extension.most if clock.extension else 0,
                    "edition": clock.edition,
                    "pack": pack.id,
                    "basis": {
                        "law": clock.basis.law,
                        "article": clock.basis.article,
                        "note": clock.basis.note,
                    },
                    "verified": clock.basis.verified and pack.verified,
                }
            )
    if args.json:
        _print(rows)
    else:
        for row in rows:
            mark = "" if row["verified"] else "  未核原文"
            print(
                f"{row['clock']:<36} {row['days']:>3} {row['unit']:<9} {row['edition']:<16} "
                f"{row['zh']}{mark}"
            )
    return OK


@guarded
def run_due(args: argparse.Namespace) -> int:
    """Answer one question, or a batch of them line by line."""
    library = load_library()
    if args.batch:
        return _batch(library, args.batch)
    if not args.clock or not args.on:
        print("用法 / usage: dengwen law due CLOCK --on DATE", file=sys.stderr)
        return USAGE
    answer = due_date.ask(
        library, args.clock, parse_day(args.on), extend=args.extend, exclude=args.exclude
    )
    if args.json:
        _print(answer.as_dict())
    else:
        print(trace_text(answer.trace))
        print(f"到期 / due: {answer.as_dict()['due'] or '—'}")
    return OK


def _batch(library: Library, name: str) -> int:
    lines: Iterable[str] = (
        sys.stdin if name == "-" else Path(name).read_text(encoding="utf-8-sig").splitlines()
    )
    failed = False
    for line in lines:
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            answer = (
                due_date.ask_line(library, raw) if isinstance(raw, Mapping) else _bad_line(line)
            )
        except json.JSONDecodeError:
            answer = _bad_line(line)
        failed = failed or "error" in answer
        _print(answer)
    return FAILED if failed else OK


def _bad_line(line: str) -> dict[str, Any]:
    return {
        "clock": None,
        "on": None,
        "error": {"zh": f"不是 JSON 对象：{line[:60]}", "en": f"not a JSON object: {line[:60]}"},
    }


@guarded
def run_meets(args: argparse.Namespace) -> int:
    """Say which circumstances the conduct and the elements shown meet, and what the others still
    ask for."""
    library = load_library()
    day = parse_day(args.on)
    found = triggers.meets(
        library, args.conduct, args.shown, on=day, place=args.place, who=args.who
    )
    if args.json:
        _print([answer.as_dict() for answer in found])
        return OK
    rules = provisions.in_force(library, day, args.place)
    for answer in found:
        print(("✓ " if answer.met else "· ") + answer.sentence(rules))
        shown = answer.as_dict()
        for word in shown["missing"]:
            print(f"    缺 / missing: {word['zh']} / {word['en']}")
        for word in shown["follows"] if answer.met else ():
            print(f"    {word['zh']} / {word['en']}")
    return OK


@guarded
def run_check(args: argparse.Namespace) -> int:
    """Check the packs, run scenarios, list coverage, count mutants."""
    library = load_library()
    folder = Path(args.folder) if args.folder else packs_folder()
    if not folder.is_dir():
        raise OSError(f"没有文件夹 {folder} / no folder {folder}")
    entries = scenario_file.read_scenarios(folder)
    outcomes = [scenario.run(library, file, entry) for file, entry in entries]
    failed = [o for o in outcomes if not o.passed]
    report: dict[str, Any] = {
        "packs": [p.id for p in library.packs],
        "calendar": library.calendar.version,
        "passed": len(outcomes) - len(failed),
        "failed": [
            {"file": o.file, "title": o.title, "case": o.cases, "failures": o.failures}
            for o in failed
        ],
    }
    left = stranded_duties.everywhere(library)
    report["left_open"] = [str(error) for error in left]
    ok = not failed and not left
    if args.coverage:
        lines = coverage.case_lines(packs_folder(), outcomes, passed_tests())
        report["coverage"], report["missing"] = coverage.as_dict(lines), coverage.missing(lines)
        said = sentences.sentence_lines(packs_folder(), outcomes, passed_tests("sentences"))
        report["sentences"], report["missing_sentences"] = (
            sentences.as_dict(said),
            sentences.unshown(said),
        )
        ok = ok and not report["missing"] and not report["missing_sentences"]
    if args.mutate:
        found = mutation.mutate(library, entries)
        report["mutation"] = found.as_dict()
        ok = ok and found.sound()
    if args.json:
        _print(report)
    else:
        _show(report)
    return OK if ok else FAILED


def passed_tests(mark: str = "cases") -> dict[str, list[str]]:
    """Return the tests that passed in the last run (build/tests-passed.json) with the ids they
    declare.

    `mark` is `cases` for acceptance cases, `sentences` for sentences of the procedure.
    """
    path = Path(
        os.environ.get("DENGWEN_TESTS_PASSED")
        or packs_folder().parent / "build" / "tests-passed.json"
    )
    if not path.exists():
        return {}
    raw = json.loads(path.read_text(encoding="utf-8"))
    return {
        str(node): list(marks.get(mark, ()))
        for node, marks in raw.get("tests", raw).items()
        if isinstance(marks, Mapping)
    }


def _show(report: Mapping[str, Any]) -> None:
    for line in report["failed"]:
        print(f"✗ {line['file']} · {line['title']} {'、'.join(line['case'])}")
        for failure in line["failures"]:
            print(f"    {failure}")
    for line in report.get("coverage", ()):
        mark = "✓" if line["scenarios"] or line["tests"] else ("✗" if line["owed"] else "·")
        print(f"{mark} {line['id']} {line['zh']}")
        for ran in (*line["scenarios"], *line["tests"]):
            print(f"      {ran}")
    for line in report.get("sentences", ()):
        ran = [*line["scenarios"], *line["tests"]]
        print(f"{'✓' if ran else '·' if line['why'] else '✗'} {line['id']} {line['zh']}")
        for text in ran or ([line["why"]["zh"]] if line["why"] else ()):
            print(f"      {text}")
    mutants = report.get("mutation")
    if mutants:
        print(
            f"变异 / mutants: {mutants['mutants']} {mutants['total']}；"
            f"存活 / survivors: {len(mutants['survivors'])}"
        )
        for line in mutants["survivors"]:
            print(f"    {line['change']}: {line['pack']} {line['entry']} {line['detail']}")
    if lacking := [*report.get("missing", ()), *report.get("missing_sentences", ())]:
        print("欠缺 / missing:", "、".join(lacking))
    print(
        f"场景 / scenarios: {report['passed']} passed, {len(report['failed'])} failed；"
        f"规则包 / packs: {len(report['packs'])}；日历 / calendar {report['calendar']}"
    )


def _pack(library: Library, name: str) -> Pack:
    for pack in library.packs:
        if pack.id == name.strip("/").removeprefix("packs/"):
            return pack
    known = "、".join(p.id for p in library.packs)
    raise ValueError(f"没有规则包“{name}”，可选：{known} / no pack “{name}”, use one of: {known}")


@guarded
def run_diff(args: argparse.Namespace) -> int:
    """Print what differs between two packs."""
    library = load_library()
    changes = difference.differences(_pack(library, args.packs[0]), _pack(library, args.packs[1]))
    if args.json:
        _print(
            [
                {"entry": c.entry, "key": c.key, "before": c.before, "after": c.after}
                for c in changes
            ]
        )
    else:
        for change in changes:
            print(change.line())
    return OK


@guarded
def run_explain(args: argparse.Namespace) -> int:
    """Explain an acceptance case: its title and the scenarios that play it, with what came out."""
    library = load_library()
    name = args.case.upper()
    entries = [
        (f, e) for f, e in scenario_file.read_scenarios(packs_folder()) if name in e.get("case", ())
    ]
    lines = [c for c in coverage.case_lines(packs_folder(), [], passed_tests()) if c.id == name]
    if not entries and not lines:
        raise ValueError(f"没有案例“{args.case}” / no case “{args.case}”")
    played = [scenario.play(library, file, entry) for file, entry in entries]
    if args.json:
        _print(
            {
                "case": name,
                "zh": lines[0].zh if lines else "",
                "played": played,
                "tests": list(lines[0].tests) if lines else [],
            }
        )
        return OK
    print(f"{name} {lines[0].zh if lines else ''}")
    for scene in played:
        print(f"— {scene['title']}（{scene['file']}）")
        for text in scene["lines"]:
            print(f"    {text}")
    return OK


@guarded
def run_indicators(args: argparse.Namespace) -> int:
    """List schemes with their indicators; with --lint say what they would reward, 1 where a
    scheme is refused."""
    schemes = load_schemes(packs_folder())
    if args.scheme and args.scheme not in schemes:
        known = "、".join(schemes)
        raise ValueError(
            f"没有方案“{args.scheme}”，可选：{known} / no scheme “{args.scheme}”, use one of: {known}"
        )
    chosen = [s for s in schemes.values() if args.scheme in (None, s.id)]
    findings = {s.id: lint(s) if args.lint else () for s in chosen}
    if args.json:
        _print([{**scheme_dict(s), **(_lint_dict(s) if args.lint else {})} for s in chosen])
    else:
        for scheme in chosen:
            _show_scheme(scheme, args.lint)
    return FAILED if any(refused(f) for f in findings.values()) else OK


def scheme_dict(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as plain data: what it is, its indicators, the rates it watches."""
    return {
        "scheme": scheme.id,
        "edition": scheme.edition,
        "zh": scheme.zh,
        "en": scheme.en,
        "from": scheme.since,
        "until": scheme.until,
        "digest": scheme.digest,
        "paper": {"zh": scheme.paper_zh, "en": scheme.paper_en},
        "indicators": [
            {
                "id": i.id,
                "zh": i.zh,
                "en": i.en,
                "weight": str(i.weight),
                "floor": i.floor,
                "direction": i.direction,
                "basis": {"law": i.basis.law, "article": i.basis.article} if i.basis else None,
                "local": i.local,
            }
            for i in scheme.indicators
        ],
        "watches": [{"id": w.id, "trick": w.trick, "zh": w.zh, "en": w.en} for w in scheme.watches],
    }


def _lint_dict(scheme: Scheme) -> dict[str, Any]:
    return {
        "findings": [
            {
                "grade": f.grade,
                "code": f.code,
                "entry": f.entry,
                "zh": f.zh,
                "en": f.en,
                "mend_zh": f.mend_zh,
                "mend_en": f.mend_en,
                "basis": {"law": f.basis.law, "article": f.basis.article},
            }
            for f in lint(scheme)
        ],
        "simulation": [
            {
                "trick": g.trick,
                "zh": g.zh,
                "en": g.en,
                "share": str(g.share),
                "before": g.before,
                "after": g.after,
                "gain": str(g.gain),
                "watches": g.watches,
            }
            for g in simulate(scheme)
        ],
    }


def _show_scheme(scheme: Scheme, with_lint: bool) -> None:
    print(f"{scheme.id} {scheme.edition} {scheme.zh} / {scheme.en}  {scheme.digest[:16]}")
    for one in scheme.indicators:
        basis = f"{one.basis.law} {one.basis.article}" if one.basis else f"本地 / local {one.local}"
        print(f"  {one.id:<22} {one.weight:>5}  n ≥ {one.floor:<4} {basis:<22} {one.zh}")
    if not with_lint:
        return
    for finding in lint(scheme):
        mark = "✗" if finding.grade == "refuse" else "!"
        print(
            f"{mark} {finding.entry}: {finding.zh}。改法：{finding.mend_zh}\n    {finding.en}. "
            f"Mend: {finding.mend_en}"
        )
    print("花招 / trick, 占比 / share, 多得 / gain, 有谁看 / watched by")
    for gain in simulate(scheme):
        watched = "、".join(gain.watches) or "—"
        print(f"  {gain.zh} / {gain.en}  {100 * gain.share:f}%  {gain.gain:+}  {watched}")
