"""Writes docs/reference/coverage.md: every sentence of the procedure, what carries it and what
shows it (`make docs`).

Read from `packs/sentences.toml`, from the scenarios that name a sentence, and from the marks of the
tests
(`@pytest.mark.sentence("P2.1")`), which are read without running anything. What passed, instead of
what is declared,
says `dengwen law check --coverage`. `--check` writes nothing: it fails where the page differs,
where something named
does not exist, or where a sentence is neither shown nor explained (part of `make lint`).
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from dengwen.law.packs import sentences
from dengwen.law.packs.library import Library
from dengwen.law.packs.sentences import Sentence, SentenceLine
from dengwen.law.scenarios import scenario_file

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "packs"
PAGE = ROOT / "docs" / "reference" / "coverage.md"
HEAD = "<!-- made from packs/ and tests/ by `make docs`; do not edit -->"
WORDS = {
    "acts": "行为 acts",
    "duties": "责任 duties",
    "documents": "文书 documents",
    "states": "状态 states",
    "fields": "项 fields",
    "clocks": "期限 clocks",
    "tables": "表 tables",
    "modules": "模块 modules",
}
INTRO = """# 条文句子的落实 · Coverage of the rules, sentence by sentence

信访程序（提出、登记至终结、代表、保密，以及三项建议）和责任制实施细则第一条至第二十条的每一句：由哪些行为、责任、文书承载，哪些场景和测试证明；没有的，说明为什么。
文字是转述，不是条文原文。这一页列的是声明，实际跑过、通过的见 `dengwen law check --coverage`。

Every sentence of the procedure and of articles 1–20 of the responsibility rules: \
the acts, duties and
documents that carry it, the scenarios and tests that show it, or the reason why there is none. \
The words are ours,
not those of the law. This page lists what is declared; what ran and passed is told by
`dengwen law check --coverage`."""
SECTIONS = {
    "1": "提出 Channels",
    "2": "登记 Registration",
    "3": "信访部门的处理 Sorting by the petition department",
    "4": "有权处理的机关接收 Reception by the competent organ",
    "5": "管辖 Jurisdiction",
    "6": "不予受理、不再受理 Not accepted, no longer accepted",
    "7.1": "建议意见 Suggestions",
    "7.2": "检举控告 Accusations",
    "7.3": "申诉求决 Claims",
    "7.4": "诉访分离 Litigation and petition kept apart",
    "7.5": "简易办理 Simplified handling",
    "8": "办理 Handling",
    "9": "复查、复核 Review and re-examination",
    "10": "终结 Termination",
    "11": "多人和代表 Joint petitions and representatives",
    "12": "保密 Confidentiality",
    "14": "三项建议 The three suggestions",
    "15": "满意度评价 Satisfaction evaluation",
    "S1": "目的和依据 Purpose and basis",
    "S2": "适用范围 Scope",
    "S3": "原则 Principles",
    "S4": "各级党政机关 All organs, Party committees and governments",
    "S5": "职能部门和垂直管理部门 Working and vertical departments",
    "S6": "信访部门 Petition departments",
    "S7": "领导干部 Leaders",
    "S8": "工作人员 Staff",
    "S9": "督查 Inspection",
    "S10": "考核 Assessment",
    "S11": "追责情形和责任认定 Circumstances and attribution",
    "S12": "追责方式 Measures",
    "S13": "通报 Circular",
    "S14": "诫勉 Admonition",
    "S15": "组织调整或者组织处理 Organisational treatment",
    "S16": "纪律处分 Disciplinary sanctions",
    "S17": "由谁追究 Who acts",
    "S18": "结果通报和运用 Notification and use",
    "S19": "解释 Interpretation",
    "S20": "施行 Entry into force",
}
PARTS: dict[str, Callable[[str], bool]] = {
    "一、信访程序 The procedure": lambda section: not section.startswith("S"),
    "二、责任制实施细则 Responsibility rules": lambda section: section.startswith("S"),
}
"""The two halves of the page, and which sections stand in each."""


def _marked(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    """The sentences a decorator of a test or of a class of tests names."""
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and ast.unparse(decorator.func) == "pytest.mark.sentence"
        ):
            for argument in decorator.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


def _tests_in(
    body: Iterable[ast.stmt], place: str, outer: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the tests of a module or class that name sentences, with the sentences."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _tests_in(
                node.body, f"{place}::{node.name}", outer | frozenset(_marked(node))
            )
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            named = outer | frozenset(_marked(node))
            if named:
                yield f"{place}::{node.name}", named


@cache
def declared_tests(folder: Path) -> Mapping[str, frozenset[str]]:
    """Return the tests below `folder` that name sentences, by node id, without importing or running
    any.

    Read once a process: to parse every test is most of the work here, and the page and its check
    ask for them both.
    """
    found: dict[str, frozenset[str]] = {}
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found.update(_tests_in(tree.body, file.relative_to(folder.parent).as_posix(), frozenset()))
    return MappingProxyType(found)


def declared() -> list[SentenceLine]:
    """Return every sentence with the scenarios and tests that name it, passed or not."""
    scenarios = [
        (file, entry.get("sentence", ())) for file, entry in scenario_file.read_scenarios(PACKS)
    ]
    tests = list(declared_tests(ROOT / "tests").items())
    return [
        SentenceLine(sentence, _naming(sentence.id, scenarios), _naming(sentence.id, tests))
        for sentence in sentences.read_sentences(PACKS)
    ]


def _naming(sentence: str, named: Iterable[tuple[str, Collection[str]]]) -> tuple[str, ...]:
    """Return what names a sentence, of files or tests with the sentences they name."""
    return tuple(one for one, ids in named if sentence in ids)


def problems(library: Library, lines: list[SentenceLine]) -> Iterator[str]:
    """Say what does not exist, is not listed, or is neither shown nor explained."""
    known = {line.sentence.id for line in lines}
    for line in lines:
        for name in sentences.unknown_ids(library, line.sentence):
            yield f"packs/sentences.toml: {line.sentence.id} names {name}, which no pack states"
        if not line.sentence.carried and not line.sentence.why[0]:
            yield f"packs/sentences.toml: {line.sentence.id} names nothing that carries it; say why"
        if line.sentence.section not in SECTIONS:
            yield f"packs/sentences.toml: {line.sentence.id} stands in no section of the page"
    for name in sentences.unshown(lines):
        yield f"packs/sentences.toml: no scenario and no test names {name}; write one, or say why"
    for file, entry in scenario_file.read_scenarios(PACKS):
        for name in set(entry.get("sentence", ())) - known:
            yield (
                f"packs/{file}: {entry.get('zh')} names {name}, which is not in packs/"
                "sentences.toml"
            )
    for test, ids in declared_tests(ROOT / "tests").items():
        for name in ids - known:
            yield f"{test} names {name}, which is not in packs/sentences.toml"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _carried(sentence: Sentence) -> str:
    """Return the cell that says what carries a sentence, and in which packs."""
    parts: list[str] = []
    for key, ids in sentence.carriers.items():
        if ids:
            names = " ".join(f"`{name}`" for name in ids)
            parts.append(f"{WORDS[key]}: {names}")
    if not parts:
        return "—"
    where = f"（{'、'.join(sentence.packs)}）" if sentence.packs else ""
    return "<br>".join(parts) + where


def _shown(line: SentenceLine) -> str:
    """Return the cell that says what shows a sentence, or why nothing does."""
    files = [
        f"`{file}`" + (f" ×{times}" if times > 1 else "")
        for file, times in Counter(line.scenarios).items()
    ]
    parts = [*files, *(f"`{test}`" for test in line.tests)]
    if line.sentence.why[0]:
        parts.append(f"{line.sentence.why[0]} · {line.sentence.why[1]}")
    return "<br>".join(parts)


def _told(lines: list[SentenceLine]) -> list[str]:
    """How many sentences of these are shown and how many explained."""
    shown = sum(1 for line in lines if line.scenarios or line.tests)
    return [
        f"{len(lines)} 句，其中有场景或者测试证明的 {shown} 句，其余 {len(lines) - shown} 句写明为什么没有。",
        "",
        (
            f"{len(lines)} sentences: {shown} shown by scenarios or tests, {len(lines) - shown} "
            "with the reason why not."
        ),
        "",
    ]


def _section(section: str, rows: list[SentenceLine]) -> list[str]:
    """Return the table of one section of the page."""
    place = f"第{section[1:]}条" if section.startswith("S") else section
    text = [f"### {place} {SECTIONS[section]}", ""]
    text += [
        "| 编号 | 句子 sentence | 承载 carried by | 证明或者原因 shown by, or why not |",
        "|---|---|---|---|",
    ]
    for line in rows:
        said = f"{line.sentence.zh}<br>{line.sentence.en}"
        cells = (line.sentence.id, _cell(said), _cell(_carried(line.sentence)), _cell(_shown(line)))
        text.append("| " + " | ".join(cells) + " |")
    return [*text, ""]


def page(lines: list[SentenceLine]) -> str:
    """Return the page."""
    text = [HEAD, "", INTRO, ""]
    for part, belongs in PARTS.items():
        inside = [line for line in lines if belongs(line.sentence.section)]
        text += [f"## {part}", "", *_told(inside)]
        for section in SECTIONS:
            if rows := [line for line in inside if line.sentence.section == section]:
                text += _section(section, rows)
    return "\n".join(text).rstrip() + "\n"


def main() -> int:
    """Write the page, or with --check say what is wrong (1 if anything is)."""
    parser = argparse.ArgumentParser(
        description="Write docs/reference/coverage.md from packs and marks of tests"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the page differs or has gaps"
    )
    check = parser.parse_args().check
    lines = declared()
    wrong = list(problems(Library.load(PACKS), lines))
    made = page(lines)
    if check and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made):
        wrong.append("docs/reference/coverage.md: differs from packs/ and tests/. Mend: make docs")
    for problem in wrong:
        sys.stdout.write(f"{problem}\n")
    if not check:
        PAGE.write_text(made, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
