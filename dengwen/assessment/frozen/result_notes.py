"""What has to be known with the result of a verification: what it proves only with more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dengwen.assessment.frozen.manifest import code
from dengwen.merkle.note import VerifierKey

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is no difference and has to be known with the result, in both languages."""

    what: str
    zh: str
    en: str


def notes_of(said: Mapping[str, Any], keys: Sequence[VerifierKey], digest: str) -> Iterator[Note]:
    """Yield what a verification proves only with more: keys, digest, the ledger, the same code."""
    yield from _unproved(said, keys, digest)
    yield from _other_code(said)


def _unproved(said: Mapping[str, Any], keys: Sequence[VerifierKey], digest: str) -> Iterator[Note]:
    if not keys:
        yield Note(
            "key",
            "检查点只按清单自带的公钥核对；用 --key 给出公报或回执上印的公钥",
            "the checkpoint was checked by the key the manifest itself names; "
            "give the printed one with --key",
        )
    if not digest:
        yield Note(
            "digest",
            "没有核对清单是不是冻结时的那一份：连同摘要一起改写的清单也自相一致；"
            "用 --digest 给出通报上印的摘要",
            "not checked that this is the manifest that was frozen: one rewritten with all "
            "its digests agrees "
            "with itself; give the digest printed in the circular with --digest",
        )
    if "part_of" in said:
        yield Note(
            "part",
            "这是一个机关自己的部分：位次、并列、饱和和异常提示要看其他机关，这里只核对它们没有被改动",
            "one organ's own part: place, ties, saturation and flags rest on other organs; "
            "here it is only "
            "checked that they were not changed",
        )
    yield Note(
        "ledger",
        "没有证明的：事实与存证是否一致，要在有数据库的地方按同一位置重新冻结来比较（dengwen assess freeze --at）",
        "not proved: that the facts are those of the ledger; "
        "freeze again at this position where the database "
        "is (dengwen assess freeze --at)",
    )


def _other_code(said: Mapping[str, Any]) -> Iterator[Note]:
    """Say where the code that computes here is another than the one the result was frozen by."""
    then = said["code"] if isinstance(said["code"], dict) else {}
    now = code(str(then.get("dengwen", "")))
    if then.get("source") == now["source"]:
        return
    held = then.get("sources")
    sources_then: dict[str, Any] = held if isinstance(held, dict) else {}
    sources_now = now["sources"]
    changed = [
        name
        for name in sorted({*sources_then, *sources_now})
        if sources_then.get(name) != sources_now.get(name)
    ]
    shown = ", ".join(changed[:MOST_NAMED])
    yield Note(
        "code",
        f"冻结时的程序与这里的不同（{shown}）；以上是用这里的程序重新计算的结果",
        f"the code it was frozen by is not the one here ({shown}); "
        "the above was computed by the code here",
    )
