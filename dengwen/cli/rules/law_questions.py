"""`dengwen law attribute|ladder|measures|influence|register`: questions answered from facts alone.

The facts are JSON, from a file or standard input; the answer cites the rule of every step. No data
folder, no database, no network.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from dengwen.cli.rules.delivered_packs import (
    FAILED,
    OK,
    guarded,
    load_library,
    print_json,
)
from dengwen.cli.shell.command_parser import Commands
from dengwen.law.liability.question_answers import QUESTIONS, trace_lines
from dengwen.law.packs.library import Library
from dengwen.law.scenarios.register_question import register_answer

MOST = 1_000_000
"""Characters of facts that are read: a question is small."""
HELP = {
    "attribute": "谁承担什么责任 / who bears which responsibility",
    "ladder": "哪一档已经打开 / which rung is open",
    "measures": "拟作的决定能否作出 / may a proposed decision be made",
    "influence": "影响期到哪一天 / until when measures work on a person",
    "register": "责任台账里还有什么责任 / which duties of a register are open",
}


def add_questions(parts: Commands) -> None:
    """Add the questions to `law`."""
    for name, words in HELP.items():
        part = parts.add_parser(name, help=words)
        part.add_argument(
            "facts", metavar="FACTS", help="JSON 文件，- 为标准输入 / a JSON file, - for input"
        )
        part.add_argument("--json", action="store_true")
        part.set_defaults(run=guarded(partial(run_question, name)))


def run_question(name: str, args: argparse.Namespace) -> int:
    """Answer one question; 1 where the acts of a register cannot be done as written."""
    facts = _facts(args.facts)
    found = _answer(load_library(), name, facts)
    if args.json:
        print_json(found)
    else:
        for line in trace_lines(found["trace"]):
            print(line)
    return FAILED if found.get("failures") else OK


def _answer(library: Library, name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    if name == "register":
        return register_answer(library, raw)
    return QUESTIONS[name](library, raw)


def _facts(name: str) -> Mapping[str, Any]:
    """Return the facts of a file or of standard input; ValueError where they are no JSON object."""
    text = sys.stdin.read(MOST + 1) if name == "-" else _text_of(Path(name))
    if len(text) > MOST:
        raise ValueError(f"超过 {MOST} 个字符 / more than {MOST} characters")
    try:
        raw = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"不是 JSON：{error} / not JSON: {error}") from None
    if not isinstance(raw, Mapping):
        raise ValueError("不是 JSON 对象 / not a JSON object")
    return raw


def _text_of(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as file:
        return file.read(MOST + 1)
