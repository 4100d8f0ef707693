"""`dengwen law …`: the rules without a data folder, a database or a network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dengwen.cli.rules.delivered_packs import (
    FAILED,
    OK,
    USAGE,
    guarded,
    load_library,
    packs_folder,
    print_json,
)
from dengwen.cli.rules.law_check import run_check
from dengwen.cli.rules.law_questions import add_questions
from dengwen.cli.rules.recorded_run import passed_tests
from dengwen.cli.rules.scheme_list import run_indicators
from dengwen.cli.shell.command_parser import Commands
from dengwen.law.duties.explanation import trace_text
from dengwen.law.liability import conduct_words, provisions, triggers
from dengwen.law.liability.triggers import Answer
from dengwen.law.packs import coverage, difference
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack
from dengwen.law.packs.rules import ClockRule
from dengwen.law.scenarios import scenario, scenario_file
from dengwen.law.time import due_date
from dengwen.law.time.terms import parse_day


def add_parser(commands: Commands) -> None:
    """Add `law` and its subcommands to the command line."""
    law = commands.add_parser(
        "law", help="规则包：期限、核对、比较 / rule packs: time limits, checks, differences"
    )
    parts = law.add_subparsers(dest="part", required=True, metavar="…")
    _add_clocks(parts)
    _add_due(parts)
    _add_check(parts)
    _add_diff(parts)
    _add_meets(parts)
    _add_explain(parts)
    _add_indicators(parts)
    add_questions(parts)


def _add_clocks(parts: Commands) -> None:
    clocks = parts.add_parser("clocks", help="列出全部期限 / list every time limit")
    clocks.add_argument("--edition", help="只列这个版本 / only this edition")
    clocks.add_argument("--json", action="store_true")
    clocks.set_defaults(run=run_clocks)


def _add_due(parts: Commands) -> None:
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


def _add_check(parts: Commands) -> None:
    check = parts.add_parser("check", help="核对规则包并运行场景 / check packs and run scenarios")
    check.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="场景文件夹 / folder of scenarios"
    )
    check.add_argument(
        "--coverage",
        action="store_true",
        help="哪些案例和句子已经演示，需要测试运行的记录 / which cases and sentences are shown; "
        "needs the record of a test run",
    )
    check.add_argument(
        "--mutate",
        action="store_true",
        help="逐处改动规则包，看场景有没有发现（全部约需数分钟） / "
        "change the packs one word after another and see that a scenario notices (minutes)",
    )
    check.add_argument(
        "--draw",
        type=int,
        default=0,
        metavar="N",
        help="每类只抽 N 处 / only N changes of each class, drawn by a seed",
    )
    check.add_argument("--seed", type=int, default=0, metavar="N")
    check.add_argument(
        "--soundness",
        action="store_true",
        help="只走遍每一种办理件，找出走不通的地方 / only explore every kind of case for dead ends",
    )
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)


def _add_diff(parts: Commands) -> None:
    diff = parts.add_parser("diff", help="两个规则包的差别 / what differs between two packs")
    diff.add_argument("packs", nargs=2, metavar="PACK")
    diff.add_argument("--json", action="store_true")
    diff.set_defaults(run=run_diff)


def _add_meets(parts: Commands) -> None:
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


def _add_explain(parts: Commands) -> None:
    explain = parts.add_parser("explain", help="解释一个案例编号 / explain an acceptance case")
    explain.add_argument("case", metavar="CASE")
    explain.add_argument("--json", action="store_true")
    explain.set_defaults(run=run_explain)


def _add_indicators(parts: Commands) -> None:
    indicators = parts.add_parser(
        "indicators", help="考核方案和指标 / assessment schemes and their indicators"
    )
    indicators.add_argument("--scheme", metavar="ID", help="只列这个方案 / only this scheme")
    indicators.add_argument(
        "--lint", action="store_true", help="查会奖励什么 / find what it would reward"
    )
    indicators.add_argument("--json", action="store_true")
    indicators.set_defaults(run=run_indicators)


@guarded
def run_clocks(args: argparse.Namespace) -> int:
    """List every time limit of every edition."""
    library = load_library()
    rows = [
        _clock_row(clock, pack)
        for clock, pack in library.clocks.values()
        if args.edition in (None, clock.edition)
    ]
    if args.json:
        print_json(rows)
    else:
        for row in rows:
            mark = "" if row["verified"] else "  未核原文"
            print(
                f"{row['clock']:<36} {row['days']:>3} {row['unit']:<9} {row['edition']:<16} "
                f"{row['zh']}{mark}"
            )
    return OK


def _clock_row(clock: ClockRule, pack: Pack) -> dict[str, Any]:
    """Return a time limit as plain data; verified where the wording of its article was compared."""
    amount, unit = due_date.amount_of(clock)
    basis = clock.basis
    return {
        "clock": clock.id,
        "zh": clock.zh,
        "en": clock.en,
        "mode": clock.mode,
        "days": amount,
        "unit": unit,
        "extension": clock.extension.most if clock.extension else 0,
        "edition": clock.edition,
        "pack": pack.id,
        "basis": {"law": basis.law, "article": basis.article, "note": basis.note},
        "verified": basis.verified and pack.verified,
    }


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
        print_json(answer.as_dict())
    else:
        print(trace_text(answer.trace))
        print(f"到期 / due: {answer.as_dict()['due'] or '—'}")
    return OK


def _batch(library: Library, name: str) -> int:
    """Answer questions line by line; 1 where one could not be answered."""
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
        print_json(answer)
    return FAILED if failed else OK


def _bad_line(line: str) -> dict[str, Any]:
    """Return the answer to a line that is no question."""
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
        print_json([answer.as_dict() for answer in found])
        return OK
    rules = provisions.in_force(library, day, args.place)
    for answer in found:
        print(("✓ " if answer.met else "· ") + answer.sentence(rules))
        _show_words(answer)
    return OK


def _show_words(answer: Answer) -> None:
    """Print what is missing for a circumstance, and what follows where it is met."""
    words = answer.as_dict()
    for word in words["missing"]:
        print(f"    缺 / missing: {word['zh']} / {word['en']}")
    if answer.met:
        for word in words["follows"]:
            print(f"    {word['zh']} / {word['en']}")


def _pack(library: Library, name: str) -> Pack:
    """Return the pack of a name; ValueError lists what there is."""
    for pack in library.packs:
        if pack.id == name.strip("/").removeprefix("packs/"):
            return pack
    known = "、".join(pack.id for pack in library.packs)
    raise ValueError(f"没有规则包“{name}”，可选：{known} / no pack “{name}”, use one of: {known}")


@guarded
def run_diff(args: argparse.Namespace) -> int:
    """Print what differs between two packs."""
    library = load_library()
    changes = difference.differences(_pack(library, args.packs[0]), _pack(library, args.packs[1]))
    if args.json:
        print_json(
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
    scenarios = scenario_file.read_scenarios(packs_folder())
    playing = [(file, entry) for file, entry in scenarios if name in entry.get("case", ())]
    lines = coverage.case_lines(packs_folder(), [], passed_tests())
    case = next((line for line in lines if line.id == name), None)
    if not playing and case is None:
        raise ValueError(f"没有案例“{args.case}” / no case “{args.case}”")
    title = case.zh if case else ""
    played = [scenario.play(library, file, entry) for file, entry in playing]
    if args.json:
        tests = list(case.tests) if case else []
        print_json({"case": name, "zh": title, "played": played, "tests": tests})
    else:
        _show_played(f"{name} {title}", played)
    return OK


def _show_played(title: str, played: Iterable[Mapping[str, Any]]) -> None:
    """Print scenarios as they were played."""
    print(title)
    for scene in played:
        print(f"— {scene['title']}（{scene['file']}）")
        for text in scene["lines"]:
            print(f"    {text}")
