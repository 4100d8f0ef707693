"""Checking frozen facts one by one: which was changed, is missing or was added, and whether
rulings agree with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from dengwen.assessment.facts.fact_words import outcome_pair
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
from dengwen.law.indicators.indicator import (
    ENTERED,
    SCORED_KINDS,
    WATCHED_KINDS,
    Indicator,
    Scheme,
    Selector,
)

MOST_NAMED = 20
NAMES = SCHEMAS[FACTS].names
UPHELD = "upheld"
WHAT_IS_WRONG = {
    "changed": ("不是冻结时的", "is not the one frozen"),
    "added": ("是多出来的", "was added"),
    "order": ("不在次序里", "is out of order"),
}
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong with a fact: `kind` is missing, added, changed or order; `row` as the file has
    it (None where it is missing), `mark` as it was frozen."""

    kind: str
    id: int
    row: Row | None = None
    mark: int = 0


def fact_differences(folder: Path, said: Mapping[str, Any], scheme: Scheme) -> Iterator[Difference]:
    """Name every fact that is not the frozen one (the first `MOST_NAMED` of a file), then the
    organs and kinds."""
    blocks = Blocks()
    organs = {o["organ"]: o["name"] for o in said["population"]}
    for file in (FACTS, PAST):
        yield from _in_file(folder, file, blocks, organs, scheme)
    now = blocks.listed()
    yield from _block_differences(said["blocks"], now, organs)
    rows = sum(block["rows"] for block in now if block["file"] == FACTS)
    if rows != said["rows"]:
        zh = f"清单写的是 {said['rows']} 项事实，文件里有 {rows} 项"
        en = f"{said['rows']} facts are said, the file holds {rows}"
        yield Difference("facts", "rows", zh, en)


def _in_file(
    folder: Path, file: str, blocks: Blocks, organs: Mapping[int, str], scheme: Scheme
) -> Iterator[Difference]:
    """Name the first facts of a file that are not the frozen ones, and how many there are more."""
    named = 0
    for wrong in _compare(folder, file, blocks):
        named += 1
        if named <= MOST_NAMED:
            yield _difference(wrong, organs, scheme, past=file == PAST)
    more = named - MOST_NAMED
    if more > 0:
        yield Difference("facts", file, f"还有 {more} 项事实不同", f"{more} more facts differ")


def _compare(folder: Path, file: str, blocks: Blocks) -> Iterator[_Wrong]:
    """Go along the facts of a file and their marks by number, taking every fact into the blocks;
    yield what is wrong."""
    marks = marks_of(folder, file)
    expected = next(marks, None)
    last = -1
    for row in rows_of(folder / file):
        text, id_ = row_text(row), row[0]
        blocks.take(file, row, text)
        if id_ < last:
            yield _Wrong("order", id_, row)
            continue
        last = id_
        while expected is not None and expected[0] < id_:
            yield _missing(expected)
            expected = next(marks, None)
        if expected is None or expected[0] != id_:
            yield _Wrong("added", id_, row)
            continue
        mark = expected[1]
        if mark_of(text) != mark:
            yield _Wrong("changed", id_, row, mark)
        expected = next(marks, None)
    while expected is not None:
        yield _missing(expected)
        expected = next(marks, None)


def _missing(expected: tuple[int, int]) -> _Wrong:
    """Return that the fact of a mark is missing."""
    id_, mark = expected
    return _Wrong("missing", id_, mark=mark)


def _difference(
    wrong: _Wrong, organs: Mapping[int, str], scheme: Scheme, *, past: bool
) -> Difference:
    """Say in both languages what is wrong with a fact."""
    zh, en = f"事实 {wrong.id}", f"fact {wrong.id}"
    if past:
        zh, en = f"以往的{zh}", f"past {en}"
    if wrong.row is None:
        what_zh, what_en = "不见了", "is missing"
    else:
        held = dict(zip(NAMES, wrong.row, strict=True))
        what_zh, what_en = _wrong_with(held, wrong, organs, scheme)
    return Difference("facts", f"facts {wrong.id}", f"{zh} {what_zh}", f"{en} {what_en}")


def _wrong_with(
    held: Mapping[str, Any], wrong: _Wrong, organs: Mapping[int, str], scheme: Scheme
) -> tuple[str, str]:
    """Return what is wrong with a fact the file holds: whose it is, which indicators count it, and
    what was changed where that can be found."""
    was = _frozen_as(held, wrong.mark, organs) if wrong.kind == "changed" else {}
    counting = _counting(scheme, {**held, **was}, held)
    indicators = "、".join(one.id for one in counting) or "—"
    whose = _organ_named(held["organ"], organs)
    zh, en = WHAT_IS_WRONG[wrong.kind]
    change_zh, change_en = _change(held, was)
    return (
        f"{zh}（机关 {whose}，指标 {indicators}）{change_zh}",
        f"{en} (organ {whose}, indicators {indicators}){change_en}",
    )


def _change(held: Mapping[str, Any], was: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was changed from which value to which, in Chinese and English; "" for nothing."""
    if not was:
        return "", ""
    chinese, english = [], []
    for name, value in was.items():
        before_zh, before_en = _value_pair(held, name, value)
        now_zh, now_en = _value_pair(held, name, held[name])
        chinese.append(f"{name}：{before_zh} → {now_zh}")
        english.append(f"{name}: {before_en} → {now_en}")
    return f"：{'，'.join(chinese)}", f": {', '.join(english)}"


def _value_pair(held: Mapping[str, Any], name: str, value: object) -> tuple[str, str]:
    """Return a value with its words in brackets, in Chinese and English; alone where it has
    none."""
    code = str(value)
    if name != "outcome":
        return code, code
    zh, en = outcome_pair(held["kind"], code)
    return (
        f"{value}（{zh}）" if zh and zh != value else code,
        f"{value} ({en})" if en and en != value else code,
    )


def _organ_named(organ: int, organs: Mapping[int, str]) -> str:
    """Return name and number of an organ, the number alone where it is not assessed."""
    return f"{organs.get(organ, '')} {organ}".strip()


def _frozen_as(held: Mapping[str, Any], mark: int, organs: Mapping[int, str]) -> dict[str, Any]:
    """Return what one column was when the mark was made, where one of its possible values gives
    the mark."""
    kinds = {**SCORED_KINDS, **WATCHED_KINDS}
    tried = {"outcome": kinds.get(held["kind"], ()), "entered": ENTERED, "organ": tuple(organs)}
    for name, values in tried.items():
        for value in values:
            row = {**held, name: value}
            if mark_of(row_text(row.values())) == mark:
                return {name: value}
    return {}


def _counting(scheme: Scheme, *facts: Mapping[str, Any]) -> list[Indicator]:
    """Return the indicators that count a fact, in any of its forms, whatever its day."""
    found = []
    for one in scheme.indicators:
        pairs = product(facts, (one.numerator, one.denominator))
        if any(_picks(selector, fact) for fact, selector in pairs):
            found.append(one)
    return found


def _picks(selector: Selector, fact: Mapping[str, Any]) -> bool:
    """Say whether a selector counts a fact, whatever its day."""
    asked = (
        (selector.outcome, "outcome"),
        (selector.sort, "sort"),
        (selector.channel, "channel"),
        (selector.entered, "entered"),
    )
    return fact["kind"] == selector.kind and all(
        not wanted or fact[name] in wanted for wanted, name in asked
    )


def _block_differences(
    said: Sequence[Mapping[str, Any]], anew: Sequence[Mapping[str, Any]], organs: Mapping[int, str]
) -> Iterator[Difference]:
    """Name the organs and kinds whose facts, taken together, are not those frozen."""
    frozen, here = _by_block(said), _by_block(anew)
    for key in sorted(frozen.keys() | here.keys()):
        was, is_now = frozen.get(key), here.get(key)
        if was == is_now:
            continue
        file, organ, kind = key
        rows_then, rows_now = _rows(was), _rows(is_now)
        whose = _organ_named(organ, organs)
        zh = (
            f"机关 {whose} 的 {kind} 类事实不是冻结时的"
            f"（冻结时 {rows_then} 项，文件里 {rows_now} 项）"
        )
        en = (
            f"facts of organ {whose}, kind {kind}: not those frozen "
            f"({rows_then} when frozen, {rows_now} in the file)"
        )
        yield Difference("facts", f"blocks {file} {organ} {kind}", zh, en)


def _by_block(
    blocks: Sequence[Mapping[str, Any]],
) -> dict[tuple[Any, Any, Any], Mapping[str, Any]]:
    """Return blocks by file, organ and kind."""
    return {(b["file"], b["organ"], b["kind"]): b for b in blocks}


def _rows(block: Mapping[str, Any] | None) -> str:
    """Return how many rows a block has, as text; 0 where there is none."""
    return str(block["rows"]) if block else "0"


def ruling_differences(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare every correction with the outcome of its fact, and every objection upheld with its
    correction."""
    facts = facts_with(folder / FACTS, (c["fact"] for c in said["corrections"]))
    for correction in said["corrections"]:
        yield from _corrected_fact(correction, facts.get(correction["fact"]))
    yield from _ruled_facts(said)


def _corrected_fact(
    correction: Mapping[str, Any], fact: Mapping[str, Any] | None
) -> Iterator[Difference]:
    """Compare a correction with the outcome of its fact."""
    number, outcome, organ = correction["fact"], correction["outcome"], correction["organ"]
    if fact is None and organ == NOBODY:
        return
    if fact is None or (fact["outcome"], fact["organ"]) != (outcome, organ):
        stands = fact["outcome"] if fact else "—"
        zh = f"事实 {number} 按裁定应为 {outcome}，文件里是 {stands}"
        en = f"fact {number} was ruled to be {outcome}, the file says {stands}"
        yield Difference("rulings", f"corrections {number}", zh, en)


def _ruled_facts(said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the objections upheld with the corrections, fact by fact; a trial has corrections
    alone."""
    corrected = {c["fact"]: c["outcome"] for c in said["corrections"]}
    ruled = {
        o["fact"]: o["outcome"]
        for o in said["objections"]
        if o["ruling"] == UPHELD and o["outcome"]
    }
    for fact in sorted(ruled.keys() | corrected.keys()):
        ruling, correction = ruled.get(fact), corrected.get(fact)
        if ruling == correction:
            continue
        if ruled or said["assessment"].get("case"):
            zh = f"事实 {fact}：裁定 {ruled.get(fact, '没有')}，改正 {corrected.get(fact, '没有')}"
            en = (
                f"fact {fact}: ruling {ruled.get(fact, 'none')}, correction "
                f"{corrected.get(fact, 'none')}"
            )
            yield Difference("rulings", f"rulings {fact}", zh, en)
