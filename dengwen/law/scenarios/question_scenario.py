"""Questions on accountability as scenarios: the facts, and what the answer must say.

    [[attribute]]
    case = ["E01"]
    zh = "分管副职与主要负责人一起承担主要领导责任"
    place = "500153"
    posts = [{official = "县长", organ = "县政府", role = "head", since = 2020-01-01}]
    decisions = [{organ = "县政府", work = "信访", on = 2023-05-10}]
    expect = {lines = [{official = "县长", responsibility = "main", law = "S"}]}

`expect` is a part of the answer: of a table the keys named, of a list one entry for each. What
must not be there stands in `absent`, what must be there and nothing else in `exactly`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from dengwen.law.indicators.indicator import Count, Organ, Scheme
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.indicators.score import score
from dengwen.law.liability.question_answers import QUESTIONS, trace_lines
from dengwen.law.liability.question_facts import PROPOSED
from dengwen.law.packs.library import Library

HEAD_KEYS = frozenset({"case", "sentence", "zh", "en", "expect", "exactly", "absent", "section"})
"""What an entry says of itself and of the answer; all other keys are facts."""
SAID = HEAD_KEYS - {"section"} | {"place"}
WORDS = frozenset({"zh", "en", "mend_zh", "mend_en"})
FACTS: Mapping[str, frozenset[str]] = {
    "attribute": frozenset({"posts", "portfolios", "decisions", "deeds", "diligence"}),
    "authority": frozenset({"on", "measure", "organ", "manages", "managed_by"}),
    "ladder": frozenset({"on", "gravity", "earlier"}),
    "measures": frozenset({"on", "sanctions", *PROPOSED}),
    "influence": frozenset({"today", "imposed"}),
    "appeal": frozenset({"measure", "status", "received", "route"}),
    "levels": frozenset({"on", "deciding", "told"}),
    "meets": frozenset({"on", "conduct", "shown", "who", "reasons"}),
    "formula": frozenset({"scheme", "counts", "organs"}),
}
QUESTION_KEYS: Mapping[str, frozenset[str]] = {name: SAID | keys for name, keys in FACTS.items()}
"""The sections of scenario files that ask a question, with the words each knows."""


def answer_of(library: Library, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to the question an entry asks."""
    facts = {key: value for key, value in entry.items() if key not in HEAD_KEYS}
    if entry["section"] == "formula":
        return formula(_schemes(_root_of(library)), facts)
    return QUESTIONS[entry["section"]](library, facts)


def question_failures(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield how the answer to an entry differs from what it must say."""
    answer = answer_of(library, entry)
    yield from _unlike("", entry.get("expect", {}), answer)
    for key, wanted in entry.get("exactly", {}).items():
        if _same(wanted) != _same(answer.get(key)):
            yield f"{key} = {answer.get(key)}，应为 {wanted} / expected"
    for key, unwanted in entry.get("absent", {}).items():
        for one in unwanted:
            if any(not [*_unlike(key, one, there)] for there in answer.get(key, ())):
                yield f"{key}: 不应有 {one} / should not be there"


def _unlike(where: str, wanted: Any, found: Any) -> Iterator[str]:  # noqa: ANN401 — plain data
    """Yield where what was found lacks what is wanted of it."""
    if isinstance(wanted, Mapping):
        for key, inner in wanted.items():
            there = found.get(key) if isinstance(found, Mapping) else None
            yield from _unlike(f"{where}.{key}".strip("."), inner, there)
    elif isinstance(wanted, list):
        listed = found if isinstance(found, list | tuple) else []
        for inner in wanted:
            if not any(not [*_unlike(where, inner, there)] for there in listed):
                yield f"{where}: 没有 {inner} / not there; {_short(listed)}"
    elif _same(wanted) != _same(found):
        yield f"{where} = {found}，应为 {wanted} / expected"


def _same(value: Any) -> Any:  # noqa: ANN401 — plain data
    """Return a value as it is compared: days as text, refusals by their codes."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [one["code"] if isinstance(one, Mapping) and "code" in one else one for one in value]
    return value


def _short(listed: list[Any] | tuple[Any, ...]) -> str:
    """Return a list as it is shown in a failure: without traces and words."""
    shown = []
    for one in listed:
        table = one.items() if isinstance(one, Mapping) else ()
        kept = {key: value for key, value in table if key not in WORDS}
        shown.append(str(kept or one))
    return "；".join(shown)


def question_lines(library: Library, entry: Mapping[str, Any]) -> list[str]:
    """Return an answer line by line, for `law explain`."""
    return trace_lines(answer_of(library, entry).get("trace", ()))


# --- the formula of an assessment -----------------------------------------------------------------
def _root_of(library: Library) -> Path:
    """Return the folder of packs, beside which the schemes stand."""
    pack = library.packs[0]
    return pack.folder.parents[len(PurePosixPath(pack.id).parts) - 1]


@cache
def _schemes(root: Path) -> Mapping[str, Scheme]:
    """Return the delivered schemes, read once."""
    return load_schemes(root)


def formula(schemes: Mapping[str, Scheme], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Answer which figures and totals a scheme makes of integers; KeyError for an unknown one."""
    scheme = schemes[facts["scheme"]]
    names = [one["organ"] for one in facts["organs"]]
    organs = [
        Organ(number, one["organ"], one["group"]) for number, one in enumerate(facts["organs"])
    ]
    counts = [
        Count(
            names.index(one["organ"]),
            one["indicator"],
            one["numerator"],
            one["denominator"],
            one.get("late_numerator", 0),
            one.get("late_denominator", 0),
        )
        for one in facts["counts"]
    ]
    made = score(scheme, counts, organs)
    return {
        "figures": [
            {
                "organ": names[one.organ],
                "indicator": one.indicator,
                "good": one.good,
                "counted": one.counted,
                "points": None if one.points is None else format(one.points, "f"),
                "standing": one.standing,
            }
            for one in made.figures
        ],
        "totals": [
            {
                "organ": names[one.organ],
                "total": None if one.total is None else format(one.total, "f"),
                "standing": one.standing,
                "rank": one.rank,
            }
            for one in made.totals
        ],
        "trace": [
            {
                "zh": f"{names[one.organ]} {one.indicator}：{one.good}/{one.counted} = {one.points}",
                "en": f"{names[one.organ]} {one.indicator}: {one.good}/{one.counted}",
            }
            for one in made.figures
            if one.counted
        ],
    }
