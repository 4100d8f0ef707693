"""Is another channel right? Words in a text that speak for court, review or arbitration (R22
31(1)–(4)).

A hint only: it shows what to think of and blocks nothing. Nobody's text is stored or judged by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hint:
    """Another channel: when it fits, what to think of, and the article that leads there."""

    id: str
    words: tuple[str, ...]
    zh: str
    en: str
    more_zh: str
    more_en: str
    clock: str = ""
    """Id of a term in the rule packs whose length is said with the hint."""


HINTS = (
    Hint(
        "31(1)",
        (
            "判决",
            "裁定",
            "法院",
            "起诉",
            "上诉",
            "检察院",
            "立案侦查",
            "强制执行",
            "court",
            "verdict",
            "lawsuit",
            "prosecut",
        ),
        "法院、检察院、公安机关的案件",
        "A case of a court, procuratorate or the police",
        "对判决、裁定、侦查和执行的意见，由政法机关依诉讼程序处理。信访不停止上诉、申诉的期限。",
        "Judgments, investigation and enforcement are decided there. "
        "A petition stops no time limit of appeal.",
    ),
    Hint(
        "31(2)",
        (
            "仲裁",
            "劳动合同",
            "拖欠工资",
            "欠薪",
            "工资",
            "解除劳动",
            "工伤",
            "arbitrat",
            "wage",
            "labour contract",
        ),
        "劳动、人事或者合同争议的仲裁",
        "Arbitration of a labour, personnel or contract dispute",
        "这类争议通常先申请仲裁，仲裁裁决可以强制执行。请尽早向仲裁委员会问清申请期限。",
        "Such disputes usually go to arbitration first; an award can be enforced. "
        "Ask early about the time limit.",
    ),
    Hint(
        "31(4)",
        (
            "行政处罚",
            "罚款",
            "行政复议",
            "不予许可",
            "许可证",
            "征收决定",
            "强制拆除",
            "吊销",
            "行政强制",
            "penalty",
            "licence",
            "expropriat",
            "reconsideration",
        ),
        "不服行政机关的决定：行政复议或者行政诉讼",
        "You contest a decision of an administrative organ: reconsideration or lawsuit",
        "信访不停止这个期限，过了期限可能就不能再申请。",
        "A petition does not stop this time limit, and afterwards it may be too late.",
        clock="reconsider.apply",
    ),
)


def hints_for(text: str) -> tuple[Hint, ...]:
    """Return the channels whose words occur in a text, in the order of the article."""
    plain = text.casefold()
    return tuple(hint for hint in HINTS if _occurs(hint.words, plain))


def _occurs(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)
