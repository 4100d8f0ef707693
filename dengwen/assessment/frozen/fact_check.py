"""Checking frozen facts one by one: which was changed, is missing or was added, and whether
rulings agree with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from dengwen.assessment.facts.fact_words import outcome_words
from dengwen.assessment.frozen.frozen_tables import FACTS, PAST, SCHEMAS
from dengwen.assessment.frozen.manifest_check import Difference
from dengwen.assessment.frozen.manifest_digest import (
    NOBODY,
    Blocks,
    facts_with,
    mark_of,
    marks_of,
    row_text,
    rows_of,
)
from dengwen.law.indicators.indicator import ENTERED, SCORED_KINDS, WATCHED_KINDS, Scheme, Selector

MOST_NAMED = 20
NAMES = SCHEMAS[FACTS].names
UPHELD = "upheld"
Row = tuple[Any, ...]


def fact_differences(folder: Path, said: Mapping[str, Any], scheme: Scheme) -> Iterator[Difference]:
    """Name every fact that is not the frozen one (the first `MOST_NAMED` of a file), then the
    organs and kinds."""
    blocks, rows = Blocks(), 0
    organs = {o["organ"]: o["name"] for o in said["population"]}
    for name in (FACTS, PAST):
        named = 0
        for kind, id_, row, mark in _merged(folder, name, blocks):
            if kind == "row":
                rows += name == FACTS
                continue
            named += 1
            if named <= MOST_NAMED:
                yield _difference(kind, id_, row, mark, organs, scheme, name)
        if named > MOST_NAMED:
            zh, en = (
                f"还有 {named - MOST_NAMED} 项事实不同",
                f"{named - MOST_NAMED} more facts differ",
            )
            yield Difference("facts", name, zh, en)
    yield from _blocks(said["blocks"], blocks.listed(), organs)
    if rows != said["rows"]:
        zh, en = (
            f"清单写的是 {said['rows']} 项事实，文件里有 {rows} 项",
            f"{said['rows']} facts are said, the file holds {rows}",
        )
        yield Difference("facts", "rows", zh, en)


def _merged(folder: Path, name: str, blocks: Blocks) -> Iterator[tuple[str, int, Row | None, int]]:
    """Go along facts and marks by number; yield ("row", …) for every fact and what is wrong
    beside it."""
    marks = chain(marks_of(folder, name), [(None, 0)])
    due, mark = next(marks)
    last = -1
    for row in rows_of(folder / name):
        text, id_ = row_text(row), row[0]
        blocks.take(name, row, text)
        yield "row", id_, row, 0
        if id_ < last:
            yield "order", id_, row, 0
            continue
        last = id_
        while due is not None and due < id_:
            yield "missing", due, None, mark
            due, mark = next(marks)
        if due != id_:
            yield "added", id_, row, 0
            continue
        if mark_of(text) != mark:
            yield "changed", id_, row, mark
        due, mark = next(marks)
    while due is not None:
        yield "missing", due, None, mark
        due, mark = next(marks)


def _difference(
    kind: str,
    id_: int,
    row: Row | None,
    mark: int,
    organs: Mapping[int, str],
    scheme: Scheme,
    name: str,
) -> Difference:
    where, past = f"facts {id_}", ("以往的", "past ") if name == PAST else ("", "")
    if row is None:
        return Difference(
            "facts", where, f"{past[0]}事实 {id_} 不见了", f"{past[1]}fact {id_} is missing"
        )
    held = dict(zip(NAMES, row, strict=True))
    was = _frozen_as(row, mark, organs) if kind == "changed" else {}
    whose = f"{organs.get(held['organ'], '')} {held['organ']}".strip()
    of = "、".join(i.id for i in _counting(scheme, {**held, **was}, held)) or "—"
    change, changed = (
        comma.join(
            f"{n}{colon}{_said(held, n, v, zh=in_zh)} → {_said(held, n, held[n], zh=in_zh)}"
            for n, v in was.items()
        )
        for in_zh, comma, colon in ((True, "，", "："), (False, ", ", ": "))
    )
    words = {
        "changed": ("不是冻结时的", "is not the one frozen"),
        "added": ("是多出来的", "was added"),
        "order": ("不在次序里", "is out of order"),
    }[kind]
    zh = f"{past[0]}事实 {id_} {words[0]}（机关 {whose}，指标 {of}）{'：' + change if change else ''}"
    en = (
        f"{past[1]}fact {id_} {words[1]} (organ {whose}, indicators {of}"
        f"){': ' + changed if changed else ''}"
    )
    return Difference("facts", where, zh, en)


def _said(held: Mapping[str, Any], name: str, value: object, *, zh: bool) -> str:
    words = outcome_words(held["kind"], str(value), zh=zh) if name == "outcome" else ""
    if not words or words == value:
        return str(value)
    return f"{value}（{words}）" if zh else f"{value} ({words})"


def _frozen_as(row: Row, mark: int, organs: Mapping[int, str]) -> dict[str, Any]:
    """Return what one column was when the mark was made, where one of its possible values gives
    the mark."""
    held = dict(zip(NAMES, row, strict=True))
    kinds = {**SCORED_KINDS, **WATCHED_KINDS}
    tried = {"outcome": kinds.get(held["kind"], ()), "entered": ENTERED, "organ": tuple(organs)}
    for name, values in tried.items():
        for value in values:
            if mark_of(row_text((held | {name: value}).values())) == mark:
                return {name: value}
    return {}


def _counting(scheme: Scheme, *facts: Mapping[str, Any]) -> list[Any]:
    """Return the indicators that count a fact, in any of its forms, whatever its day."""
    return [
        i
        for i in scheme.indicators
        if any(_picks(s, f) for f in facts for s in (i.numerator, i.denominator))
    ]


def _picks(selector: Selector, fact: Mapping[str, Any]) -> bool:
    asked = (
        (selector.outcome, "outcome"),
        (selector.sort, "sort"),
        (selector.channel, "channel"),
        (selector.entered, "entered"),
    )
    return fact["kind"] == selector.kind and all(
        not wanted or fact[name] in wanted for wanted, name in asked
    )


def _blocks(
    said: Sequence[Mapping[str, Any]], anew: Sequence[Mapping[str, Any]], organs: Mapping[int, str]
) -> Iterator[Difference]:
    held = {(b["file"], b["organ"], b["kind"]): b for b in said}
    now = {(b["file"], b["organ"], b["kind"]): b for b in anew}
    for key in sorted(held.keys() | now.keys()):
        was, is_now = held.get(key), now.get(key)
        if was == is_now:
            continue
        file, organ, kind = key
        rows = [str(b["rows"]) if b else "0" for b in (was, is_now)]
        whose = f"{organs.get(organ, '')} {organ}".strip()
        zh = (
            f"机关 {whose} 的 {kind} 类事实不是冻结时的（冻结时 {rows[0]} 项，文件里 {rows[1]} 项）"
        )
        en = (
            f"facts of organ {whose}, kind {kind}: not those frozen ({rows[0]} when frozen, "
            f"{rows[1]} in the file)"
        )
        yield Difference("facts", f"blocks {file} {organ} {kind}", zh, en)


def ruling_differences(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare every correction with the outcome of its fact, and every objection upheld with its
    correction."""
    facts = facts_with(folder / FACTS, (c["fact"] for c in said["corrections"]))
    for one in said["corrections"]:
        row, where = facts.get(one["fact"]), f"corrections {one['fact']}"
        if row is None and one["organ"] == NOBODY:
            continue
        if row is None or (row["outcome"], row["organ"]) != (one["outcome"], one["organ"]):
            stands = row["outcome"] if row else "—"
            zh = f"事实 {one['fact']} 按裁定应为 {one['outcome']}，文件里是 {stands}"
            en = f"fact {one['fact']} was ruled to be {one['outcome']}, the file says {stands}"
            yield Difference("rulings", where, zh, en)
    ruled = {
        o["fact"]: o["outcome"]
        for o in said["objections"]
        if o["ruling"] == UPHELD and o["outcome"]
    }
    corrected = {c["fact"]: c["outcome"] for c in said["corrections"]}
    for fact in sorted(ruled.keys() | corrected.keys()):
        if ruled.get(fact) != corrected.get(fact) and (ruled or said["assessment"].get("case")):
            zh = f"事实 {fact}：裁定 {ruled.get(fact, '没有')}，改正 {corrected.get(fact, '没有')}"
            en = (
                f"fact {fact}: ruling {ruled.get(fact, 'none')}, correction "
                f"{corrected.get(fact, 'none')}"
            )
            yield Difference("rulings", f"rulings {fact}", zh, en)
