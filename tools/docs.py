"""Writes the pages that are made, not written: `make docs`; `--check` only compares (part of `make
lint`).

The reference of commands (`tools/docs_commands.py`), settings (`tools/docs_settings.py`) and tables
(`tools/docs_models.py`), and the pages of the rules, made here.

Besides, the state diagram of the chapter on accountability, between two marks of
`docs/why/chapters/accountability.zh.md`.

One page for each place that has rules, `docs/reference/rules/<place>.md`, with the newest editions
in force there: for
each procedure a diagram of its states, its acts and its duties, each with its article; then every
time limit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dengwen.law.bilingual import Language
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.rules import ActRule, ClockRule, DutyRule, KindRule
from dengwen.law.packs.vocabulary import OPENING_STATE
from tools import docs_commands, docs_models, docs_settings
from tools.docs_tables import table

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
FOLDER = REFERENCE / "rules"
HEAD = "<!-- made from packs/ by `make docs`; do not edit -->"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
UNITS = {"calendar": "日", "working": "个工作日", "month": "个月", "year": "年"}


def term_words(clock: ClockRule) -> str:
    """What a clock asks for, in Chinese: a period, a frequency, a date set in the act, or no
    number at all."""
    if clock.term:
        return f"{clock.term.amount} {UNITS.get(clock.term.unit, clock.term.unit)}"
    if clock.per:
        return f"每 {clock.per} 至少 {clock.at_least} 次"
    return "行为中写明的日期" if clock.by_field else "条文没有规定天数"


def _names(kind: KindRule, ids: Iterable[str]) -> str:
    """The Chinese names of acts of this procedure; ids of acts elsewhere as they stand."""
    return "、".join(kind.acts[id_].zh if id_ in kind.acts else f"`{id_}`" for id_ in ids)


def _diagram(kind: KindRule) -> list[str]:
    """The states and what leads from one to another, for Mermaid; acts possible in any state are
    left out."""
    lines = [f"    {state.id}: {state.zh}" for state in kind.states.values()]
    for act in kind.acts.values():
        if act.to in kind.states:
            for state in act.after:
                if state == OPENING_STATE:
                    lines.append(f"    [*] --> {act.to}: {act.zh}")
                elif state in kind.states and state != act.to:
                    lines.append(f"    {state} --> {act.to}: {act.zh}")
    return ["```mermaid", "stateDiagram-v2", *lines, "```", ""] if kind.states else []


def _act(book: Rulebook, act: ActRule) -> tuple[str, ...]:
    """Return the cells of an act."""
    fields = "、".join(f.zh + ("" if f.required else "（可不填）") for f in act.fields)
    return f"{act.zh} `{act.id}`", act.en, act.by, fields, act.basis.cite(book.instruments)


def _duty(book: Rulebook, kind: KindRule, duty: DutyRule) -> tuple[str, ...]:
    """Return the cells of a duty."""
    return (
        f"{duty.zh} `{duty.id}`" + ("（信访人的权利）" if duty.right else ""),
        duty.en,
        duty.of or duty.holder,
        term_words(duty.clock) + (f"，本地间隔 `{duty.local}`" if duty.of and duty.local else ""),
        _opened(duty) if duty.of else _names(kind, duty.opens),
        _elsewhere(book, duty) if duty.of else _names(kind, duty.closes),
        duty.basis.cite(book.instruments),
    )


def _opened(duty: DutyRule) -> str:
    return "名分，不开启" if duty.standing else "每一周期"


def _elsewhere(book: Rulebook, duty: DutyRule) -> str:
    """The acts in other cases that meet a recurring duty, with their conditions."""
    found = []
    for one in duty.closed_by:
        kind = book.kinds.get(one.kind)
        act = kind.acts.get(one.act) if kind else None
        named = f"{kind.zh}：{act.zh}" if kind and act else f"{one.kind}.{one.act}"
        where = "、".join(f"{name} = {'、'.join(values)}" for name, values in one.where.items())
        found.append(f"{named}（{where}）" if where else named)
    return "；".join(found)


def _kind(book: Rulebook, kind: KindRule) -> Iterator[str]:
    """One procedure."""
    yield from (f"## {kind.zh} `{kind.id}`", "", kind.en, "")
    yield from _diagram(kind)
    yield from table(
        ("行为 act", "English", "谁 by", "填写 fields", "依据 basis"),
        (_act(book, act) for act in kind.acts.values()),
    )
    yield from table(
        (
            "责任 duty",
            "English",
            "谁 holder",
            "期限 term",
            "产生 opened by",
            "了结 closed by",
            "依据 basis",
        ),
        (_duty(book, kind, duty) for duty in kind.duties.values()),
    )


def page(book: Rulebook) -> str:
    """The page of one rulebook."""
    lines = [HEAD, "", f"# 规则 Rules: {book.title}", ""]
    for kind in book.kinds.values():
        lines += _kind(book, kind)
    lines += ["## 全部期限 Every time limit", ""]
    lines += table(
        ("期限 clock", "内容", "English", "长度 term", "依据 basis"),
        (
            (
                f"`{clock.id}`",
                clock.zh,
                clock.en,
                term_words(clock),
                clock.basis.cite(book.instruments),
            )
            for clock in sorted(book.clocks.values(), key=lambda clock: clock.id)
        ),
    )
    return "\n".join(lines).rstrip() + "\n"


CHAPTER = (
    "lead",
    "inquiry",
    "accountability",
    "accountability_appeal",
    "personnel_notice",
    "personnel_opinion",
)
"""The procedures of accountability, from the lead to the end at the personnel departments."""
OPENS = (
    ("lead", "take", "inquiry"),
    ("inquiry", "propose_measure", "accountability"),
    ("accountability", "serve_decision", "accountability_appeal"),
    ("accountability", "notify_personnel", "personnel_notice"),
)
"""Which act of one procedure leads into another; what the opinion on a cadre reads is no act and
no arrow."""
CHAPTER_PLACE = "50"
CHAPTER_PAGE = ROOT / "docs" / "why" / "chapters" / "accountability.zh.md"
BEGIN, END = "<!-- diagram: made from packs/ by `make docs` -->", "<!-- end of diagram -->"


def chapter(book: Rulebook) -> str:
    """Return the states of a whole chapter and what leads from one to another, procedure by
    procedure, for Mermaid."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for name in CHAPTER:
        kind = book.kind(name)
        lines.append(f'    state "{kind.zh}" as {name} {{')
        lines += [
            f'        state "{state.zh}" as {name}_{state.id}' for state in kind.states.values()
        ]
        lines += [f"        {arrow}" for arrow in _arrows(kind)]
        lines.append("    }")
    for begins, act, opened in OPENS:
        lines.append(f"    {begins} --> {opened}: {book.kind(begins).acts[act].zh}")
    return "\n".join([*lines, "```"])


def _arrows(kind: KindRule) -> Iterator[str]:
    """Yield each step of a procedure from state to state; steps that keep the state, or go from
    any, are left out."""
    for act in kind.acts.values():
        if act.to not in kind.states:
            continue
        for state in act.after:
            if state == OPENING_STATE:
                yield f"[*] --> {kind.id}_{act.to}: {act.zh}"
            elif state in kind.states and state != act.to:
                yield f"{kind.id}_{state} --> {kind.id}_{act.to}: {act.zh}"


def with_diagram(text: str, diagram: str) -> str:
    """Return a page with the diagram between its marks; ValueError where it has none."""
    head, begin, rest = text.partition(BEGIN)
    _old, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(
            f"{CHAPTER_PAGE.name}: the marks of the diagram are missing: {BEGIN} … {END}"
        )
    return f"{head}{BEGIN}\n{diagram}\n{END}{tail}"


def reference() -> dict[Path, str]:
    """The pages of commands and settings in both languages, and that of the tables."""
    found: dict[Path, str] = {}
    for language in LANGUAGES:
        found[REFERENCE / f"cli.{language}.md"] = docs_commands.page(language)
    for language in LANGUAGES:
        found[REFERENCE / f"settings.{language}.md"] = docs_settings.page(language)
    found[REFERENCE / "models.md"] = docs_models.page()
    return found


def pages() -> dict[Path, str]:
    """Every page with its text; raises PackError where a pack of the repository is wrong."""
    library = Library.load(ROOT / "packs")
    newest = max(pack.since for pack in library.packs)
    found: dict[Path, str] = {}
    for place in sorted({pack.place for pack in library.packs}):
        found[FOLDER / f"{place or 'national'}.md"] = page(library.rulebook(newest, place))
    diagram = chapter(library.rulebook(newest, CHAPTER_PLACE))
    found |= reference()
    found[CHAPTER_PAGE] = with_diagram(CHAPTER_PAGE.read_text("utf-8"), diagram)
    return found


def main() -> int:
    """Write the pages, or with --check say which differ (1 if any does)."""
    parser = argparse.ArgumentParser(
        description="Write the pages that are made from packs and code"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a page differs"
    )
    check = parser.parse_args().check
    made = pages()
    stale = [file for file in FOLDER.glob("*.md") if file not in made]
    changed = [
        file for file, text in made.items() if not file.exists() or file.read_text("utf-8") != text
    ]
    for file in sorted([*stale, *changed]):
        name = file.relative_to(ROOT)
        sys.stdout.write(
            f"{name}: differs from what it is made from. Mend: make docs\n"
            if check
            else f"{name}\n"
        )
    if check:
        return 1 if stale or changed else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in stale:
        file.unlink()
    for file in changed:
        file.write_text(made[file], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
