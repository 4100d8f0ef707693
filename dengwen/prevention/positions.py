"""Who was present at an item of a meeting, and how each one stood to it: one line a person.

    staff code；stand；what was said

Whoever objects or has reservations says so in words: recorded dissent exempts later (seed art. 11,
MAD 38(3)), and a tick alone does not show what was objected to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dengwen.prevention.errors import PreventionError

STANDS: dict[str, tuple[str, str]] = {
    "for": ("同意", "for"),
    "objection": ("明确反对", "clear objection"),
    "reservation": ("保留意见", "reservation"),
    "abstained": ("弃权", "abstained"),
    "present": ("到会，没有表态", "present, took no stand"),
    "absent": ("缺席", "absent"),
}
"""Every stand by id, in both languages; a line may use the id or the Chinese word."""
IN_WORDS = frozenset({"objection", "reservation"})
_SPLIT = re.compile(r"[;；\t]")
_IDS = {zh: name for name, (zh, _en) in STANDS.items()} | {name: name for name in STANDS}


@dataclass(frozen=True, slots=True)
class Said:
    """One person's position: staff code, stand, the words, and the line it stands in (from 1)."""

    line: int
    official: str
    stand: str
    words: str

    def text(self) -> str:
        """Return the line as it is kept."""
        return f"{self.official}；{STANDS[self.stand][0]}；{self.words}".rstrip("；")


def read_positions(text: str, where: str = "positions") -> tuple[Said, ...]:
    """Read the lines of the text; PreventionError names the line that cannot be read, and why."""
    found = [
        _line(number, line, where)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if not found:
        raise _wrong(
            "nobody",
            where,
            "没有写明谁到会",
            "nobody's position is given",
            "一人一行：人员代码；态度；意见",
            "one line a person: staff code；stand；words",
        )
    codes = [said.official for said in found]
    twice = next((code for code in codes if codes.count(code) > 1), "")
    if twice:
        raise _wrong(
            "twice",
            where,
            f"{twice}写了两次",
            f"{twice} stands there twice",
            "一人一行",
            "one line a person",
        )
    return tuple(found)


def _line(number: int, line: str, where: str) -> Said:
    """Read one line of the minutes; PreventionError where it cannot be read, and why."""
    parts = [part.strip() for part in _SPLIT.split(line, maxsplit=2)]
    official, stand, words = (*parts, "", "")[:3]
    if not official or stand not in _IDS:
        raise _wrong(
            "unreadable",
            where,
            f"第{number}行看不出是谁、什么态度",
            f"line {number}: who, and which stand?",
            "写成“人员代码；态度；意见”，态度为：" + "、".join(zh for zh, _ in STANDS.values()),
            "staff code；stand；words, the stand one of: " + ", ".join(STANDS),
        )
    if _IDS[stand] in IN_WORDS and not words:
        raise _wrong(
            "no-words",
            where,
            f"第{number}行：{stand}，但没有写明意见",
            f"line {number}: no words of the objection",
            "如实写下反对或者保留的是什么",
            "write down what was objected to",
        )
    return Said(number, official, _IDS[stand], words)


def _wrong(code: str, where: str, zh: str, en: str, mend_zh: str, mend_en: str) -> PreventionError:
    """Return why the minutes cannot be read, and the mend."""
    return PreventionError(code, where=where, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en)


def digest_of(positions: Sequence[Said]) -> str:
    """Return the SHA-256 of who stood how, in the order of the minutes; the words are bound by
    the sealed text."""
    lines = "\n".join(f"{one.official}|{one.stand}" for one in positions)
    return hashlib.sha256(lines.encode()).hexdigest()


def written(positions: Sequence[Said]) -> str:
    """Return positions as the text an act keeps."""
    return "\n".join(one.text() for one in positions)
