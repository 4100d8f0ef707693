"""Setting a wrong accountability right: by whom, and said as widely as it was said then (AC19
21)."""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.law.duties.act_record import Refusal
from dengwen.law.packs.rules import Basis


@dataclass(frozen=True)
class Correction:
    """Setting a wrong accountability right: who decides it, and to whom it was said then and is
    said now."""

    decider: str
    told_then: frozenset[str]
    told_now: frozenset[str]


def correction_refusals(correction: Correction) -> list[Refusal]:
    """Say what is missing of a correction: a person's decision, and that all who were told hear
    of it (AC19 21)."""
    found = []
    if not correction.decider:
        found.append(
            Refusal(
                "nobody-decided",
                "错误的问责应当纠正，由作出决定的机关或者其上级决定",
                "wrong accountability is corrected by the deciding organ or its superior",
                Basis("AC19", "21"),
            )
        )
    if left := sorted(correction.told_then - correction.told_now):
        found.append(
            Refusal(
                "said-less-widely",
                "更正的范围小于原来的范围，还没有告知：" + "、".join(left),
                "said less widely than the accountability was; not told yet: " + ", ".join(left),
                Basis("AC19", "21", note="与原通报同样范围：本系统的要求"),
            )
        )
    return found
