"""The score: what counts as found, what as a false alarm, and the interval around each share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from dengwen.practice.misconduct.answer_key import (
    INNOCENT,
    MISCONDUCT,
    Key,
    Line,
    read_key,
    write_key,
)
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.practice.misconduct.finder_score import Share, score, table

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 20)


@dataclass(frozen=True)
class Finding:
    """What a finder says."""

    finder: str
    cases: tuple[str, ...]


def line(
    sort: str,
    kind: str,
    how: str,
    *cases: str,
    unit: str = "YJ02",
    official: str = "",
    also: str = "",
) -> Line:
    return Line(sort, kind, how, unit, official, cases, FIRST, LAST, tuple(also.split()))


def key(*lines: Line) -> Key:
    return Key({}, lines, "")


def test_recall_precision_also_ordinary_and_false_alarms_are_kept_apart() -> None:
    known = key(
        line(MISCONDUCT, "not_handled", "settled_late", "A"),
        line(MISCONDUCT, "not_handled", "opinion_late", "B"),
        line(INNOCENT, "not_handled", "illness", "C"),
        line(MISCONDUCT, "not_supervised", "never", "D", also="not_handled"),
        line(MISCONDUCT, "visit_recoded", "fewer", "E"),
    )
    found = [Finding("not_handled", (case,)) for case in ("A", "A", "C", "D", "E", "F", "G")]
    one = next(s for s in score(known, {"F": ["handle"]}, found) if s.finder == "not_handled")
    assert (one.recall.good, one.recall.of) == (1, 2)
    assert (one.precision.good, one.precision.of) == (2, 5)
    assert (one.findings, one.also, one.ordinary, one.innocents) == (7, 1, 1, 1)
    assert one.false_alarms == {"illness": 1, "load": 1, "other: visit_recoded/fewer": 1}
    assert one.missed == {"opinion_late": 1}
    assert "漏掉 missed · not_handled: opinion_late 1" in table([one])


def test_a_finder_of_another_kind_finds_nothing_here() -> None:
    known = key(line(MISCONDUCT, "not_handled", "settled_late", "A"))
    (one,) = score(known, {}, [Finding("not_accepted", ("A",))])
    assert (one.recall.good, one.precision.of) == (0, 0)
    assert one.precision.value is None
    assert one.precision.text() == "–"


@pytest.mark.parametrize("kind", ["shirking", "not_handled"])
def test_a_record_is_met_by_a_shared_case_alone_a_pattern_too(kind: str) -> None:
    known = key(line(MISCONDUCT, kind, "round", "A", "B"))
    (one,) = score(known, {}, [Finding(kind, ("Z", "B"))])
    assert (one.recall.good, one.false_alarms) == (1, {})
    (one,) = score(known, {}, [Finding(kind, ("Z",)), Finding(kind, ())])
    assert (one.recall.good, one.precision.good, one.false_alarms) == (0, 0, {"load": 2})


def test_nothing_is_credited_twice() -> None:
    known = key(*(line(MISCONDUCT, "shirking", "round", case) for case in "ABC"))
    (one,) = score(known, {}, [Finding("shirking", ("A", "B")), Finding("shirking", ("B",))])
    assert (one.recall.good, one.recall.of) == (2, 3)
    assert (one.precision.good, one.precision.of) == (2, 2)


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [(95, 100, 0.8882, 0.9785), (100, 100, 0.9630, 1.0), (0, 10, 0.0, 0.2775)],
)
def test_the_interval_is_wilsons(good: int, of: int, low: float, high: float) -> None:
    found = Share(good, of).as_dict()
    assert (found["low"], found["high"]) == (low, high)


def test_a_key_is_read_as_it_was_written(tmp_path: Path) -> None:
    lines = (
        line(MISCONDUCT, "shirking", "round", "A", "B", also="not_handled"),
        line(INNOCENT, "shirking", "x", "C"),
    )
    path = tmp_path / "key.jsonl"
    digest = write_key(path, lines, {"F": ["sort"]}, {"file_sha256": "00"})
    found, ordinary = read_key(path)
    assert (found.lines, found.digest, found.head["file_sha256"]) == (lines, digest, "00")
    assert ordinary == {"F": ("sort",)}


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format": 1}', "no json", '{"format": 2}\n{"sort": "misconduct"}']
)
def test_what_is_no_key_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MisconductError, match="no answer key"):
        read_key(path)
