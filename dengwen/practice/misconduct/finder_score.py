"""How well the finders found what was injected: recall and precision with 95 % intervals, false
alarms by reason.

A finding meets a record where they share a case, and in no other way: neither unit nor day nor
official will do, for
a pattern as little as for a single case. Recall counts the records of a kind that a finding of that
kind meets, each
once; precision counts findings, each once, however many records it meets. What meets only something
truly shown beside
another kind (`also`), or a matter that came late by itself, is counted apart. All else is a false
alarm: with its
reason where it meets an innocent look-alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from dengwen.law.indicators.score import wilson
from dengwen.practice.misconduct.answer_key import INNOCENT, MISCONDUCT, Key, Line
from dengwen.practice.misconduct.catalogue import KINDS

Z = Decimal("1.959964")
"""Both sides of 95 %."""
LOAD, OTHER = "load", "other"


class Found(Protocol):
    """What of a finding is compared."""

    @property
    def finder(self) -> str:
        """Id of the finder."""

    @property
    def cases(self) -> tuple[str, ...]:
        """Numbers of the cases it rests on."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson); none of none has neither."""

    good: int
    of: int

    @property
    def value(self) -> Decimal | None:
        """Return the share."""
        return Decimal(self.good) / self.of if self.of else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Return the interval."""
        return wilson(self.good, self.of, Z) if self.of else None

    def as_dict(self) -> dict[str, object]:
        """Return it as plain data, shares to four places."""
        low, high = self.interval or (None, None)
        return {
            "good": self.good,
            "of": self.of,
            "share": _four(self.value),
            "low": _four(low),
            "high": _four(high),
        }

    def text(self) -> str:
        """Return "98.00 % (95.0–99.2), 98/100"."""
        if self.value is None or self.interval is None:
            return "–"
        low, high = self.interval
        return f"{100 * self.value:.2f} % ({100 * low:.1f}–{100 * high:.1f}), {self.good}/{self.of}"


def _four(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 4))


@dataclass
class Score:
    """How one finder did: recall over what was injected, precision over what it found, and what
    else it met."""

    finder: str
    recall: Share
    precision: Share
    findings: int
    also: int
    ordinary: int
    missed: dict[str, int] = field(default_factory=dict)
    false_alarms: dict[str, int] = field(default_factory=dict)
    innocents: int = 0

    def as_dict(self) -> dict[str, object]:
        """Return it as plain data."""
        return {
            "finder": self.finder,
            "recall": self.recall.as_dict(),
            "precision": self.precision.as_dict(),
            "findings": self.findings,
            "also": self.also,
            "ordinary": self.ordinary,
            "missed": self.missed,
            "innocents": self.innocents,
            "false_alarms": self.false_alarms,
        }


class _Records:
    """The records of a key, by case."""

    def __init__(self, key: Key) -> None:
        self.by_case: dict[str, list[int]] = defaultdict(list)
        self.lines = key.lines
        for place, line in enumerate(key.lines):
            for case in line.cases:
                self.by_case[case].append(place)

    def met(self, found: Found) -> list[int]:
        """Return the records a finding meets, of any kind."""
        return sorted({place for case in found.cases for place in self.by_case.get(case, ())})

    def misconduct_among(self, kind: str, places: Iterable[int]) -> list[int]:
        """Return those of some records that are true misconduct of a kind."""
        return [
            place
            for place in places
            if self.lines[place].kind == kind and self.lines[place].sort == MISCONDUCT
        ]


def score(
    key: Key,
    ordinary: Mapping[str, Sequence[str]],
    findings: Iterable[Found],
    only: Iterable[str] = (),
) -> list[Score]:
    """Return how every finder did whose kind the key has, in the order of the catalogue."""
    records = _Records(key)
    by_finder: dict[str, list[Found]] = defaultdict(list)
    for one in findings:
        by_finder[one.finder].append(one)
    wanted = set(only) or set(KINDS)
    present = {line.kind for line in key.lines}
    return [
        _score(kind, records, ordinary, by_finder[kind])
        for kind in KINDS
        if kind in wanted & present
    ]


@dataclass
class _Tally:
    """What the findings of one finder came to, counted one by one."""

    hit: set[int] = field(default_factory=set)
    true: int = 0
    also: int = 0
    ordinary: int = 0
    false_alarms: Counter[str] = field(default_factory=Counter)

    def add(
        self, kind: str, found: Found, records: _Records, ordinary: Mapping[str, Sequence[str]]
    ) -> None:
        """Count one finding of a kind as true, as truly something else, or as a false alarm."""
        places = records.met(found)
        own = records.misconduct_among(kind, places)
        met = [records.lines[place] for place in places]
        self.hit.update(own)
        if own:
            self.true += 1
        elif any(kind in line.also for line in met):
            self.also += 1
        elif any(case in ordinary for case in found.cases):
            self.ordinary += 1
        else:
            self.false_alarms[_reason(kind, met)] += 1


def _score(
    kind: str, records: _Records, ordinary: Mapping[str, Sequence[str]], findings: Sequence[Found]
) -> Score:
    """Return how the finder of one kind did."""
    lines = records.lines
    tally = _Tally()
    for found in findings:
        tally.add(kind, found, records, ordinary)
    injected = records.misconduct_among(kind, range(len(lines)))
    missed = Counter(lines[place].how for place in injected if place not in tally.hit)
    innocents = [line for line in lines if line.kind == kind and line.sort == INNOCENT]
    return Score(
        finder=kind,
        recall=Share(len(tally.hit), len(injected)),
        precision=Share(tally.true, tally.true + tally.false_alarms.total()),
        findings=len(findings),
        also=tally.also,
        ordinary=tally.ordinary,
        missed=dict(sorted(missed.items())),
        false_alarms=dict(sorted(tally.false_alarms.items())),
        innocents=len(innocents),
    )


def _reason(kind: str, met: Sequence[Line]) -> str:
    """Return whom a false alarm is about: an innocent look-alike by its reason, another record,
    or the load itself."""
    for line in met:
        if line.kind == kind:
            return line.how
    return f"{OTHER}: {met[0].kind}/{met[0].how}" if met else LOAD


HEADINGS = (
    "finder",
    "查全 recall (95 %)",
    "查准 precision (95 %)",
    "线索 findings",
    "亦属 also",
    "本就逾期 ordinary",
    "无辜 innocent",
    "误报 false alarms",
)


def table(scores: Sequence[Score]) -> str:
    """Return the scores as a table, one finder a line, then the ways that were missed."""
    lines = [_row(HEADINGS), _row(["---"] * len(HEADINGS))]
    for one in scores:
        counts = (str(n) for n in (one.findings, one.also, one.ordinary, one.innocents))
        lines.append(
            _row(
                [
                    one.finder,
                    one.recall.text(),
                    one.precision.text(),
                    *counts,
                    _counts(one.false_alarms),
                ]
            )
        )
    missed = [f"漏掉 missed · {s.finder}: {_counts(s.missed)}" for s in scores if s.missed]
    return "\n".join([*lines, *missed])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _counts(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name} {n}" for name, n in counts.items()) or "0"
