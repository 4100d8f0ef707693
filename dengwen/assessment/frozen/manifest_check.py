"""Checking what binds a manifest: its sections against their digests, its ledger position
against the checkpoint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dengwen.assessment.frozen.manifest_digest import (
    COMMON,
    LISTS,
    SCORED,
    part_digest,
    sections_of,
    sha256_text,
)
from dengwen.merkle.checkpoint import Checkpoint
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.note import Note, VerifierKey, open_note, split_note

SECTIONS: Mapping[str, tuple[str, str]] = {
    "scheme": ("方案", "the scheme"),
    "weights": ("权重", "the weights"),
    "period": ("考核期", "the period"),
    "columns": ("列名", "the columns"),
    "past": ("以往的期间", "the days of the past"),
    "code": ("程序版本", "the code version"),
    "ledger": ("存证位置", "the ledger position"),
    "assessment": ("考核的编号", "the number of the assessment"),
    "population": ("单位", "name and group"),
    "exclusions": ("排除", "exclusions"),
    "corrections": ("改正", "corrections"),
    "left_out": ("排除的目录", "list of exclusions"),
    "objections": ("异议和裁定", "objections and rulings"),
    "counts": ("整数", "integers"),
    "watches": ("观察数", "watched integers"),
    "past_watches": ("以往的观察数", "watched integers of the past"),
    "flags": ("异常提示", "flags"),
    "effects": ("排除的影响", "effect of exclusions"),
    "blocks": ("事实", "facts"),
    "figures": ("各项得分", "figures"),
    "totals": ("总分", "totals"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the manifest says: `what` is a stable word, then the sentence in
    both languages."""

    what: str
    where: str
    zh: str
    en: str


def sealed_differences(said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare every section with its digest, and every organ's part with the digests of the
    head."""
    for name in COMMON:
        if said["sealed"].get(name) != sha256_text(said[name]):
            zh, en = SECTIONS[name]
            yield Difference("sealed", name, f"{zh}不是冻结时的", f"{en}: not what was frozen")
    yield from _sections(said)
    yield from _parts(said)


def _sections(said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare every section of every organ with its digest."""
    held = _digests(said["sections"])
    now = _digests(sections_of(said))
    for key in sorted(held.keys() | now.keys(), key=_place):
        if held.get(key) == now.get(key):
            continue
        organ, section = key
        if key in now:
            what_zh, what_en = "不是冻结时的", "not what was frozen"
        else:
            what_zh, what_en = "被删去了", "taken out"
        zh, en = SECTIONS.get(section, (section, section))
        yield Difference(
            "sealed",
            f"{section} {organ}",
            f"机关 {organ} 的{zh}{what_zh}",
            f"{en} of organ {organ}: {what_en}",
        )


def _digests(sections: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], str]:
    """Return digests by organ and section."""
    return {(s["organ"], s["section"]): s["sha256"] for s in sections}


def _place(key: tuple[int, str]) -> tuple[int, int]:
    """Return where an organ's section stands: by organ, then in the order of the manifest."""
    organ, section = key
    order = (*LISTS, *SCORED)
    return organ, order.index(section) if section in order else len(order)


def _parts(said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the digest of every organ's part with those of the head."""
    salts = {s["organ"]: s["salt"] for s in said["salts"]}
    sections = _by_organ(said["sections"])
    for organ in sorted(sections.keys() | salts.keys()):
        digest = part_digest(str(salts.get(organ, "")), sections[organ])
        if digest not in said["parts"]:
            zh = f"机关 {organ} 的部分不在清单的摘要里"
            en = f"the part of organ {organ} is not among those of the digest"
            yield Difference("sealed", f"parts {organ}", zh, en)
    if "part_of" not in said and len(said["parts"]) != len(salts):
        parts = len(said["parts"])
        zh = f"摘要里有 {parts} 个机关的部分，清单上有 {len(salts)} 个"
        en = f"the digest has the parts of {parts} organs, the manifest {len(salts)}"
        yield Difference("sealed", "parts", zh, en)


def _by_organ(
    sections: Iterable[Mapping[str, Any]],
) -> defaultdict[int, list[Mapping[str, Any]]]:
    """Return the sections of every organ, in their order."""
    found: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for section in sections:
        found[section["organ"]].append(section)
    return found


def ledger_differences(
    ledger: Mapping[str, Any], keys: Sequence[VerifierKey]
) -> tuple[list[Difference], tuple[str, ...]]:
    """Compare the position with the checkpoint, and the checkpoint with the keys; both have to
    be there."""
    if not ledger.get("checkpoint"):
        zh = "没有签名的检查点：存证位置没有证明"
        en = "no signed checkpoint: the ledger position is not proved"
        return [_of_checkpoint(zh, en)], ()
    try:
        head = Checkpoint.parse(split_note(ledger["checkpoint"])[0])
        known = list(keys) or [VerifierKey.parse(k) for k in ledger.get("keys", ())]
        note = open_note(ledger["checkpoint"], known)
    except RejectedError as error:
        zh = f"检查点的签名不成立：{error}"
        en = f"the checkpoint's signature does not hold: {error}"
        return [_of_checkpoint(zh, en)], ()
    found = _of_head(head, note, ledger)
    return found, tuple(s.key.name for s in note.signatures)


def _of_head(head: Checkpoint, note: Note, ledger: Mapping[str, Any]) -> list[Difference]:
    """Compare a checkpoint whose signatures hold with its log and with the position."""
    found = []
    if not note.signed_by(head.origin):
        zh = f"检查点没有日志自己（{head.origin}）的签名"
        en = f"the checkpoint is not signed by the log itself ({head.origin})"
        found.append(_of_checkpoint(zh, en))
    signed = head.origin, head.size, head.root.hex()
    if signed != (ledger["origin"], ledger["size"], ledger["root"]):
        zh = f"存证位置 {ledger['size']} 与签名的检查点（{head.size}）不符"
        en = f"ledger position {ledger['size']} is not that of the signed checkpoint ({head.size})"
        found.append(Difference("ledger", "ledger.size", zh, en))
    return found


def _of_checkpoint(zh: str, en: str) -> Difference:
    """Return a difference about the checkpoint."""
    return Difference("ledger", "ledger.checkpoint", zh, en)
