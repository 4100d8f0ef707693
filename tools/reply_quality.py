"""Measure the aids for reading replies against marks made by reading: agreement and kappa, kind by
kind.

    python -m tools.reply_quality [FOLDER]

FOLDER holds `messages/teddy_replies.jsonl` (by default `../shared/data`). The marks hold ids and
words only; who made
them and by which criteria stands in docs/why/chapters/reply-quality.zh.md.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from dengwen.petitions.reply_quality import (
    BOILERPLATE,
    FORWARDED,
    NO_BASIS,
    UNANSWERED,
    aids,
    requests_in,
)

MARKS = Path(__file__).resolve().parent.parent / "tests" / "petitions" / "reply_marks.tsv"
DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SEED, SIZE = 20260401, 150
KINDS = (FORWARDED, BOILERPLATE, NO_BASIS, UNANSWERED)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two yes-or-no judgements of the same replies compare: both, only the first, only the
    second, neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def share(self) -> Decimal:
        """The share of replies on which they agree, two places."""
        return _rounded(Decimal(self.both + self.neither) / self._all())

    @property
    def kappa(self) -> Decimal | None:
        """Cohen's kappa, two places; None where chance alone would agree everywhere."""
        whole = self._all()
        yes = Decimal(self.both + self.first) * Decimal(self.both + self.second)
        no = Decimal(self.second + self.neither) * Decimal(self.first + self.neither)
        chance = (yes + no) / (whole * whole)
        if chance == 1:
            return None
        return _rounded((Decimal(self.both + self.neither) / whole - chance) / (1 - chance))

    def _all(self) -> Decimal:
        return Decimal(self.both + self.first + self.second + self.neither)

    def line(self) -> str:
        """Return share, kappa and the four counts as cells of a table."""
        counts = f"{self.both}/{self.first}/{self.second}/{self.neither}"
        return f"{self.share} | {'–' if self.kappa is None else self.kappa} | {counts}"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def read_marks() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the marks of both readings by id of the reply, in the order drawn."""
    found = {}
    for line in MARKS.read_text(encoding="utf-8").splitlines()[1:]:
        number, first, second = line.split("\t")
        found[number] = (frozenset(first.split(",")) - {"-"}, frozenset(second.split(",")) - {"-"})
    return found


def read_replies(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the replies of the data folder by id."""
    text = (folder / "messages" / "teddy_replies.jsonl").read_text(encoding="utf-8")
    return {row["id"]: row for row in map(json.loads, text.splitlines())}


def drawn(ids: list[str]) -> list[str]:
    """Return the sample: `SIZE` of the ids in order, drawn by the fixed seed."""
    return random.Random(SEED).sample(sorted(ids), SIZE)  # a sample anyone can draw again


def tool_marks(row: dict[str, Any]) -> frozenset[str]:
    """Return the kinds of aids that the rules show for a message and its reply."""
    requests = requests_in(f"{row['subject']}\n{row['body']}")
    return frozenset(aid.kind for aid in aids(row["reply"], requests))


def compare(first: list[frozenset[str]], second: list[frozenset[str]], kind: str) -> Agreement:
    """Compare two series of marks on one kind."""
    pairs = [(kind in a, kind in b) for a, b in zip(first, second, strict=True)]
    return Agreement(
        *(pairs.count(p) for p in ((True, True), (True, False), (False, True), (False, False)))
    )


def table(folder: Path) -> list[str]:
    """Return the table as it stands in docs/why/chapters/reply-quality.zh.md."""
    replies, marks = read_replies(folder), read_marks()
    tool = [tool_marks(replies[number]) for number in marks]
    one, two = [a for a, _ in marks.values()], [b for _, b in marks.values()]
    lines = [
        "| kind | compared | agreement | kappa | both / first only / second only / neither |",
        "| --- | --- | --- | --- | --- |",
    ]
    for kind in KINDS:
        for name, left, right in (
            ("rules, reading 1", tool, one),
            ("rules, reading 2", tool, two),
            ("reading 1, reading 2", one, two),
        ):
            lines.append(f"| {kind} | {name} | {compare(left, right, kind).line()} |")
    return lines


def main() -> int:
    """Print the table; 1 where the marks are not those of the sample."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if drawn(list(read_replies(folder))) != list(read_marks()):
        print("the marks are not those of the drawn sample")
        return 1
    print("\n".join(table(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
