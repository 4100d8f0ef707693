"""Comparing what follows from the frozen files, counted and scored anew, with what the manifest
says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dengwen.assessment.frozen.manifest_check import Difference
from dengwen.law.indicators.score import canonical_json

PARTS = {
    "counts": ("整数", "integers"),
    "watches": ("观察数", "watched integers"),
    "effects": ("排除的影响", "effect of exclusions"),
    "past_watches": ("以往的观察数", "watched integers of the past"),
    "flags": ("异常提示", "flags"),
}
AMONG = frozenset({"rank", "alike", "saturated"})
"""What is said of a figure among others: it cannot be computed from one organ's part."""
MOST_NAMED = 20


def result_differences(said: Mapping[str, Any], anew: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare what follows from the files with what the manifest says of it."""
    is_part = "part_of" in said
    for name in PARTS:
        if not (is_part and name == "flags"):
            yield from _integers(name, said.get(name), anew[name])
    if said["exclusions"] != anew["exclusions"]:
        yield from _effects(said["exclusions"], anew["exclusions"])
    if is_part:
        yield from _scores(said["scores"], anew["scores"], AMONG)
    elif canonical_json(said["scores"]) != canonical_json(anew["scores"]):
        yield from _scores(said["scores"], anew["scores"])
    elif said.get("scores_sha256") != anew["scores_sha256"]:
        zh, en = "得分的摘要与得分不符", "the digest of the scores is not theirs"
        yield Difference("scores", "scores_sha256", zh, en)


def _effects(
    said: Sequence[Mapping[str, Any]], anew: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Name the exclusions whose organ or effect is not what the facts give."""
    held = {}
    for one in said:
        held[one.get("fact"), one.get("indicator"), one.get("number")] = one
    for one in anew:
        fact, number, effect = one["fact"], one["number"], one["effect"]
        was = held.get((fact, one["indicator"], number))
        if was is None:
            continue
        if was.get("organ") == one["organ"] and was.get("effect") == effect:
            continue
        zh = f"第 {number} 项排除（依据 {one['clause']}）的影响不符，应为 {effect}"
        en = f"effect of exclusion {number} (clause {one['clause']}) differs, should be {effect}"
        yield Difference("exclusions", f"exclusions {fact} effect", zh, en)


def _integers(part: str, said: Any, anew: Sequence[Any]) -> list[Difference]:  # noqa: ANN401  # whatever JSON holds
    """Name the rows of a part that are not what the files give (the first `MOST_NAMED`)."""
    if said == anew:
        return []
    zh, en = PARTS[part]
    listed = said if isinstance(said, list) else []
    missing = [row for row in anew if row not in listed]
    found = []
    for row in missing[:MOST_NAMED]:
        organ, name = _cell_of(row)
        found.append(
            Difference(
                "integers",
                f"{part} {organ} {name}",
                f"{zh}不符：机关 {organ}、指标 {name}，应为 {row}",
                f"{en} differ: organ {organ}, indicator {name}, should be {row}",
            )
        )
    more = Difference(
        "integers", part, f"{zh}有多出的行", f"{en}: there are more rows than the facts give"
    )
    return found or [more]


def _cell_of(row: Any) -> tuple[Any, Any]:  # noqa: ANN401  # a row of counts, or an object
    """Return the organ and the indicator (or watch) a row of integers is about."""
    if isinstance(row, dict):
        return row["organ"], row.get("indicator", row.get("watch"))
    return row[0], row[1]


def _scores(
    said: Any,  # noqa: ANN401  # whatever JSON holds
    anew: Mapping[str, Any],
    apart: frozenset[str] = frozenset(),
) -> list[Difference]:
    """Name the figures and totals that are not what the integers give, `apart` from some of
    their words."""
    found = []
    for part in ("figures", "totals"):
        held = _scored_rows(said, part)
        for row in anew[part]:
            frozen = held.get((row["organ"], row.get("indicator")), {})
            wrong = [name for name in row if name not in apart and frozen.get(name) != row[name]]
            if wrong:
                place = f"{part} {row['organ']} {row.get('indicator', '')}".strip()
                zh, en = f"得分不符：{'、'.join(wrong)}", f"differs: {', '.join(wrong)}"
                found.append(Difference("scores", place, zh, en))
    if found or apart:
        return found[:MOST_NAMED]
    zh, en = "得分与整数算出的不同", "the scores are not those of the integers"
    return [Difference("scores", "scores", zh, en)]


def _scored_rows(said: Any, part: str) -> dict[tuple[Any, Any], Mapping[str, Any]]:  # noqa: ANN401  # whatever JSON holds
    """Return the figures or totals of a manifest by organ and indicator."""
    listed = said.get(part, []) if isinstance(said, dict) else []
    found: dict[tuple[Any, Any], Mapping[str, Any]] = {}
    for row in listed:
        if isinstance(row, dict):
            found[row.get("organ"), row.get("indicator")] = row
    return found
